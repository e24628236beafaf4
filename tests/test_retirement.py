"""A person leaves the platform: nothing of them is left in any table of ours, and what an association submitted stands.

Two tests. One looks at every column of every model that may name a person, also of models nobody has written yet: it makes a row
for each. The other makes a person who has done everything a person can do here, and reads every row afterwards.
"""

from __future__ import annotations

import datetime
import itertools
import sys
import types
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.dispatch import Signal
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from edx_django_utils.plugins import connect_plugin_receivers

from governance_assessment import api
from governance_assessment.models import Snapshot
from nassij.associations.api import Role
from nassij.associations.models import AssociationImport, ImportChange, Invitation
from nassij.common import audit, idempotency
from nassij.common.models import AuditEvent, Job, JobWatcher, MailOptOut, OutgoingMail
from tests.governance_assessment.helpers import (
    ALL_FALSE,
    INSTRUMENT_FILE,
    coach_says,
    fill,
    level,
    save,
    set_profile,
    settle,
)
from tests.nassij.associations import factories

OURS = ("nassij_common", "nassij_associations", "nassij_governance")
PLATFORM_SIGNALS = "openedx.core.djangoapps.user_api.accounts.signals"
# Whole numbers called `…_id` that name something else than a person.
NOT_PEOPLE = {"association_id", "cohort_id", "round_id", "item_id"}


def delete_in_the_admin(user: Any) -> None:
    """What an operator can do with Django's own list of accounts."""
    operator = Client()
    operator.force_login(factories.make_user(is_staff=True, is_superuser=True))
    address = reverse("admin:auth_user_delete", args=[user.pk])
    if not get_user_model().objects.filter(pk=user.pk).exists():
        return
    assert operator.post(address, {"post": "yes"}).status_code == 302
    assert not get_user_model().objects.filter(pk=user.pk).exists(), "the account is still there"


@pytest.fixture(params=["platform", "admin"])
def retire(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The two ways an account goes: the platform's retirement as it reaches us, through the receiver that our plugin
    configuration names, and a deletion in Django's admin.
    """
    if request.param == "admin":
        yield delete_in_the_admin
        return
    signal = Signal()
    parts = PLATFORM_SIGNALS.split(".")
    for end in range(1, len(parts) + 1):
        monkeypatch.setitem(sys.modules, ".".join(parts[:end]), types.ModuleType(".".join(parts[:end])))
    sys.modules[PLATFORM_SIGNALS].USER_RETIRE_LMS_MISC = signal  # type: ignore[attr-defined]
    connect_plugin_receivers("lms.djangoapp")
    yield lambda user: signal.send(sender=None, user=user)


def our_models() -> list[type[models.Model]]:
    return [model for label in OURS for model in apps.get_app_config(label).get_models(include_auto_created=True)]


def columns_of_people(model: type[models.Model]) -> list[models.Field]:
    """Foreign keys to the account, and whole numbers that are called as a person's."""
    return [
        field
        for field in model._meta.concrete_fields
        if (field.is_relation and field.related_model is get_user_model())
        or (
            isinstance(field, models.IntegerField)
            and not field.primary_key
            and field.name.endswith(("_id", "_by"))
            and field.name not in NOT_PEOPLE
        )
    ]


# --- Every column, whoever added it ---------------------------------------------------------------------------------


class Rows:
    """Makes one row of any model: whatever it needs is made up, whoever it may name is `person`."""

    numbers = itertools.count(1)

    def __init__(self, person: Any) -> None:
        self.person = person

    def make(self, model: type[models.Model]) -> models.Model:
        people = {field.name for field in columns_of_people(model)}
        values = {
            field.attname: self.person.pk if field.name in people else self.value(field)
            for field in model._meta.concrete_fields
            if not field.primary_key and (field.name in people or not (field.null or field.has_default()))
        }
        # Past every guard and default of `save()`: what is looked at is what retirement finds.
        return model._base_manager.bulk_create([model(**values)])[0]

    def value(self, field: models.Field) -> Any:
        number = next(self.numbers)
        if field.is_relation:
            return self.make(field.related_model).pk  # type: ignore[arg-type]
        if field.choices:
            return field.flatchoices[0][0]
        by_kind: tuple[tuple[type[models.Field], Any], ...] = (
            (models.UUIDField, uuid.uuid4()),
            (models.DateTimeField, timezone.now()),
            (models.DateField, datetime.date(2027, 1, number % 28 + 1)),
            (models.BooleanField, False),
            (models.JSONField, {}),
            (models.IntegerField, number),
            (models.EmailField, f"x{number}@example.org"),
            (models.CharField, f"x{number}"[: field.max_length or 8]),
            (models.TextField, ""),
        )
        return next(value for kind, value in by_kind if isinstance(field, kind))


@pytest.mark.django_db
def test_no_column_of_any_model_names_a_retired_person(retire: Any) -> None:
    """A model that somebody adds is in here by itself: its rows have to be forgotten or detached by a receiver of `retiring`."""
    person, other = factories.make_user(), factories.make_user()
    columns = [(model, field) for model in our_models() for field in columns_of_people(model)]
    assert len({model for model, _field in columns}) >= 15
    for user in (person, other):
        rows = Rows(user)
        for model in {model for model, _field in columns}:
            rows.make(model)

    def naming(user: Any) -> dict[str, int]:
        found = {
            f"{model._meta.label}.{field.name}": model._base_manager.filter(**{field.attname: user.pk}).count()
            for model, field in columns
        }
        return {name: count for name, count in found.items() if count}

    assert len(naming(person)) == len(columns)
    kept = naming(other)

    retire(person)

    assert naming(person) == {}
    assert naming(other) == kept
    retire(person)  # twice is once


# --- One person who has done everything -----------------------------------------------------------------------------

NUMBER = 987_654_321
NAME, ADDRESS, SECRET = "leaving.person", "leaving.person@example.org", "only their own words"


def everything_kept() -> str:
    """Every value of every row of ours, as text."""
    return "\n".join(repr(row) for model in our_models() for row in model._base_manager.values())


@pytest.fixture
def person(db: None) -> Any:
    return factories.make_user(NAME, email=ADDRESS, pk=NUMBER)


@pytest.mark.django_db
def test_nothing_of_a_retired_person_is_left_and_the_results_stand(retire: Any, person: Any) -> None:
    api.load_instrument_file(INSTRUMENT_FILE, publish=True)
    instrument = api.published_instrument(slug="gov-ma").instrument
    here, accompanied = factories.make_association(), factories.make_association()
    coach, second = factories.make_coach(here), factories.make_member(here, role=Role.PRESIDENT)
    factories.make_member(here, person, role=Role.PRESIDENT, is_lead=True)
    factories.make_coach(accompanied, person)
    factories.make_coordinator(accompanied, user=person)

    # They answer, settle, submit; a coach validates; they plan.
    opened = set_profile(person, api.open_round(user_id=person.pk, association_id=here.id, kind="express"), ALL_FALSE)
    express = instrument.express()
    fill(person, opened, express, {"*": 3})
    fill(second, opened, express, {"*": 3, "1.1": 2})
    save(person, opened, "2.1", level(4, comment=SECRET), revision=1)
    moved = api.start_discussion(user_id=person.pk, round_uuid=opened.uuid)
    for code in ("1.1", "2.1"):
        settle(person, moved, code, level(3))
    done = api.submit_round(user_id=person.pk, round_uuid=opened.uuid)
    coach_says(coach, done, "1.1", level(2))
    api.validate_round(user_id=coach.pk, round_uuid=opened.uuid, confirm_rest=True)
    item = api.add_plan_item(
        user_id=person.pk,
        association_uuid=here.uuid,
        changes={"title": "x", "owner_id": person.pk, "due_on": datetime.date.today() + datetime.timedelta(days=30)},
        operation_id="retirement-plan-1",
    )

    # They validate elsewhere as a coach.
    lead = factories.make_member(accompanied, role=Role.PRESIDENT)
    theirs = set_profile(lead, api.open_round(user_id=lead.pk, association_id=accompanied.id), ALL_FALSE)
    fill(lead, theirs, express, {"*": 2})
    theirs = api.submit_round(user_id=lead.pk, round_uuid=theirs.uuid)
    coach_says(person, theirs, "1.1", level(1))
    api.validate_round(user_id=person.pk, round_uuid=theirs.uuid, confirm_rest=True)

    # What the ground floor keeps of people, and the imports.
    job = Job.objects.create(kind="x", owner_id=person.pk, params={})
    JobWatcher.objects.create(job=job, user_id=person.pk)
    Job.objects.create(kind="x", owner_id=person.pk, open_key="open")
    OutgoingMail.objects.create(to_user_id=person.pk, to_address=ADDRESS, template="x")
    MailOptOut.objects.create(user_id=person.pk, topic="x")
    idempotency.once(
        user_id=person.pk, operation_id="retirement-once", scope="x", payload=[], apply=lambda: {"person": person.pk}
    )
    audit.record(actor_id=person.pk, action="x.done")
    Invitation.objects.create(association_id=accompanied.id, email=ADDRESS)
    run = AssociationImport.objects.create(file_name="a", rows=[{"row": 2, "person_email": ADDRESS.upper()}])
    applied = AssociationImport.objects.create(file_name="b", owner=person, state="applied")
    state = {"profile": {}, "members": {str(person.pk): ["member", False]}, "invitations": {}, "cohorts": []}
    ImportChange.objects.create(run=applied, association_uuid=here.uuid, before=state, after=state)

    before = everything_kept()
    assert all(mark in before for mark in (str(NUMBER), ADDRESS, SECRET))
    frozen = list(Snapshot.objects.order_by("pk").values("uuid", "answers", "result", "fingerprint", "submitted_at"))
    trail = AuditEvent.objects.count()

    retire(person)

    after = everything_kept()
    assert [mark for mark in (str(NUMBER), NAME, ADDRESS, ADDRESS.upper(), SECRET) if mark in after] == []
    assert not AssociationImport.objects.filter(pk=run.pk).exists()
    assert AuditEvent.objects.count() >= trail
    assert list(Snapshot.objects.order_by("pk").values(*frozen[0])) == frozen
    assert len(frozen) == 4 and all(snapshot.is_intact for snapshot in Snapshot.objects.all())
    assert api.result(user_id=second.pk, round_uuid=opened.uuid, language="fr").round.state == "validated"
    assert api.plan_item(user_id=second.pk, association_uuid=here.uuid, item_uuid=item, language="fr").item.uuid == item
