"""The audit trail, and what is forgotten of a person who leaves."""

import uuid

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client

from nassij.common import audit, retirement
from nassij.common.models import AppendOnly, AuditEvent, IdempotentReply, Job, JobWatcher

pytestmark = pytest.mark.django_db
A, B, OBJECT = (uuid.uuid4() for _ in range(3))


def note(**changes: object) -> None:
    audit.record(
        **{"actor_id": 1, "action": "test.did", "association_uuid": A, "object_uuid": OBJECT, "object_type": "thing"}
        | changes
    )


def test_events_are_read_newest_first_per_association_and_object() -> None:
    note(details={"n": 1, "at": uuid.UUID(int=1)})
    note(action="test.more", object_uuid=None)
    note(association_uuid=B)
    events = audit.events_for(association_uuid=A)
    assert [event.action for event in events] == ["test.more", "test.did"]
    assert events[1].details == {"n": 1, "at": str(uuid.UUID(int=1))}
    assert (events[1].actor_id, events[1].object_type, events[1].object_uuid) == (1, "thing", OBJECT)
    assert len(audit.events_for(object_uuid=OBJECT)) == 2
    assert len(audit.events_for(association_uuid=B, object_uuid=OBJECT)) == 1
    assert len(audit.events_for(association_uuid=A, limit=1)) == 1
    with pytest.raises(ValueError, match="association or an object"):
        audit.events_for()


def test_it_costs_one_query(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        note()
    with django_assert_num_queries(1):  # type: ignore[operator]
        audit.events_for(association_uuid=A)


def test_it_belongs_to_the_transaction_it_tells_of() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note()
        raise ZeroDivisionError
    assert audit.events_for(association_uuid=A) == ()


def test_nothing_is_changed_or_deleted() -> None:
    note()
    event = AuditEvent.objects.get()
    event.action = "test.forged"
    for attempt in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(action="x"),
    ):
        with pytest.raises(AppendOnly):
            attempt()
    assert AuditEvent.objects.get().action == "test.did"


def test_a_person_who_leaves_is_forgotten_everywhere() -> None:
    note()
    note(actor_id=2)
    IdempotentReply.objects.create(user_id=1, operation_id="x" * 8, body_hash="y", reply={"name": "x"})
    done = Job.objects.create(kind="k", owner_id=1)
    running = Job.objects.create(kind="k", owner_id=1, open_key="z")
    JobWatcher.objects.create(job=Job.objects.create(kind="k", owner_id=2), user_id=1)
    retirement.on_platform_retirement(sender=None, user=get_user_model()(pk=1))
    assert not IdempotentReply.objects.exists() and not JobWatcher.objects.exists()
    assert not Job.objects.filter(pk=done.pk).exists()
    assert Job.objects.get(pk=running.pk).owner_id is None
    assert sorted(event.actor_id or 0 for event in audit.events_for(association_uuid=A)) == [0, 2]


def test_a_part_that_cannot_forget_stops_it_all() -> None:
    note()

    def refuse(sender: object, **_: object) -> None:
        raise ZeroDivisionError

    retirement.retiring.connect(refuse)
    try:
        with pytest.raises(ZeroDivisionError):
            retirement.retire(user_id=1)
    finally:
        retirement.retiring.disconnect(refuse)
    assert audit.events_for(association_uuid=A)[0].actor_id == 1


def test_the_platform_finds_the_receiver() -> None:
    config = apps.get_app_config("nassij_common").plugin_app["signals_config"]["lms.djangoapp"]
    (receiver,) = config["receivers"]
    assert config["relative_path"] == "retirement" and callable(getattr(retirement, receiver["receiver_func_name"]))


def test_every_table_says_what_it_holds_of_people() -> None:
    for model in apps.get_app_config("nassij_common").get_models():
        assert ".. pii" in (model.__doc__ or "") or ".. no_pii" in (model.__doc__ or ""), model


@pytest.mark.parametrize("model", [AuditEvent, Job])
def test_the_admin_shows_and_changes_nothing(client: Client, model: type) -> None:
    note()
    Job.objects.create(kind="k")
    client.force_login(get_user_model().objects.create_superuser("root"))
    base = f"/admin/nassij_common/{model._meta.model_name}/"  # type: ignore[attr-defined]
    row = model.objects.get()  # type: ignore[attr-defined]
    assert client.get(base).status_code == 200
    assert client.get(f"{base}{row.pk}/change/").status_code == 200
    assert client.get(f"{base}add/").status_code == 403
    assert client.post(f"{base}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"{base}{row.pk}/change/", {}).status_code == 403
    assert client.post(
        base, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    ).status_code in (200, 302, 403)
    assert model.objects.count() == 1  # type: ignore[attr-defined]
    assert admin.site.is_registered(model)
