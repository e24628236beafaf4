"""What was submitted cannot be changed: not through the models, the admin, raw SQL, a cascade or a new version. Tests try."""

import uuid
from contextlib import contextmanager
from io import StringIO

import pytest
from django.contrib import admin
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.core.serializers import deserialize, serialize
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.db.models.deletion import Collector
from django.urls import reverse

from governance_assessment import api, guards
from governance_assessment.models import CoachAnswer, InstrumentVersion, Round, Snapshot, Transition
from nassij.common.errors import Conflict
from nassij.common.immutable import ImmutableError
from tests.governance_assessment.helpers import (
    ALL_FALSE,
    ALL_TRUE,
    coach_says,
    fill,
    level,
    next_version,
    operation,
    save,
    set_profile,
    settle,
)
from tests.nassij.associations import factories
from tests.xblocks.governance.runtimes import in_library, post_form, post_json

pytestmark = pytest.mark.django_db
SNAPSHOT, INSTRUMENT = Snapshot._meta.db_table, InstrumentVersion._meta.db_table
REFUSED = (IntegrityError, OperationalError)  # SQLite says the one, MySQL and MariaDB the other


@contextmanager
def refused_by_the_database():
    with pytest.raises(REFUSED, match="kept as it is"), transaction.atomic():
        yield


def execute(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def rows(model):
    return list(model._base_manager.order_by("pk").values())


@pytest.fixture
def validated(submitted, coach):
    coach_says(coach, submitted, "2.1", {"kind": "level", "level": 1, "comment": "لا محضر"})
    return api.validate_round(user_id=coach.pk, round_uuid=submitted.uuid, confirm_rest=True)


# --- Snapshots ------------------------------------------------------------------------------------------


def plain(model):
    """The table of a guarded model, without its guards: what somebody in a shell would write."""
    return models.QuerySet(model)


ATTEMPTS = {
    "save": lambda row: row.save(),
    "delete": lambda row: row.delete(),
    "update": lambda row: Snapshot.objects.update(result={}),
    "bulk_update": lambda row: Snapshot.objects.bulk_update([row], ["result"]),
    "delete all": lambda row: Snapshot.objects.all().delete(),
    "through the round": lambda row: row.round.snapshots.update(result={}),
    "upsert": lambda row: Snapshot.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["id"], update_fields=["result"]
    ),
    "save_base": lambda row: row.save_base(),
    "base manager": lambda row: Snapshot._base_manager.update(result={}),
    "base manager's delete": lambda row: Snapshot._base_manager.all().delete(),
    "plain queryset": lambda row: plain(Snapshot).update(number=9),
    "bulk_update of a plain queryset": lambda row: plain(Snapshot).bulk_update([row], ["result"]),
    "cascade": lambda row: row.round.delete(),
    "cascade of a plain queryset": lambda row: plain(Round).all().delete(),
    "instrument": lambda row: plain(InstrumentVersion).all().delete(),
    "save of one field": lambda row: row.save(update_fields=["result"]),
    "save of a row made anew": lambda row: again(row).save(),
    "forced save of a row made anew": lambda row: again(row).save(force_update=True),
    "save_base of a row made anew": lambda row: again(row).save_base(force_update=True),
    "save_base as a fixture does": lambda row: row.save_base(raw=True),
    "update_or_create": lambda row: Snapshot.objects.update_or_create(pk=row.pk, defaults={"result": {}}),
    "update of one's own row": lambda row: plain(Snapshot).filter(pk=row.pk).update(result={}),
    "update with an expression": lambda row: plain(Snapshot).update(respondents=models.F("respondents") + 1),
    "upsert of a plain queryset": lambda row: plain(Snapshot).bulk_create([row], **UPSERT),
    "delete of a plain queryset": lambda row: plain(Snapshot).filter(pk=row.pk).delete(),
    "raw delete": lambda row: plain(Snapshot).filter(pk=row.pk)._raw_delete("default"),
    "collector": lambda row: collected(row).delete(),
    "fixture": lambda row: next(deserialize("json", serialize("json", [row]))).save(),
}
UPSERT = {"update_conflicts": True, "update_fields": ["result"]} | (
    {"unique_fields": ["id"]} if connection.features.supports_update_conflicts_with_target else {}
)


def again(row):
    """The row as somebody would write it down in a shell, key included."""
    return Snapshot(**{field.attname: getattr(row, field.attname) for field in Snapshot._meta.concrete_fields})


def collected(row):
    collector = Collector("default")
    collector.add([row])
    return collector


@pytest.mark.parametrize("name", ATTEMPTS)
@pytest.mark.parametrize("layer", ["self", "validated"])
def test_no_way_through_the_orm(name, layer, validated):
    before = rows(Snapshot)
    row = Snapshot.objects.get(layer=layer)
    row.result, row.answers = {}, {}

    with pytest.raises((ImmutableError, models.ProtectedError, *REFUSED)), transaction.atomic():
        ATTEMPTS[name](row)

    assert rows(Snapshot) == before


EVERY_COLUMN = [field.column for field in Snapshot._meta.concrete_fields if field.column != "submitted_by_id"]


@pytest.mark.parametrize("column", EVERY_COLUMN)
def test_the_database_refuses_every_column(column, validated):
    before = rows(Snapshot)
    other = {"round_id": 0, "number": 7, "id": 99, "respondents": 40, "uuid": uuid.uuid4().hex}.get(column, '{"a": 1}')
    if column == "submitted_at":
        other = "2020-01-01 00:00:00"

    with refused_by_the_database():
        execute(f"UPDATE {SNAPSHOT} SET {column} = %s WHERE layer = 'self'", other)

    assert rows(Snapshot) == before


def test_the_database_sees_a_change_of_case(submitted):
    """MySQL's own comparison would not."""
    with refused_by_the_database():
        execute(f"UPDATE {SNAPSHOT} SET kind = 'FULL'")


def test_the_database_refuses_a_deletion(submitted):
    with refused_by_the_database():
        execute(f"DELETE FROM {SNAPSHOT}")
    assert Snapshot.objects.count() == 1


def test_the_database_refuses_a_replacement(submitted):
    columns = ", ".join(field.column for field in Snapshot._meta.concrete_fields)
    with refused_by_the_database():
        execute(f"REPLACE INTO {SNAPSHOT} ({columns}) SELECT {columns} FROM {SNAPSHOT}")
    assert Snapshot.objects.count() == 1


SQL = {
    "through a join": (
        f"UPDATE {SNAPSHOT} SET result = '{{}}' WHERE round_id IN (SELECT id FROM {Round._meta.db_table})",
        f"UPDATE {SNAPSHOT} JOIN {Round._meta.db_table} r ON r.id = round_id SET result = '{{}}'",
    ),
    "one row on another": (
        f"UPDATE OR REPLACE {SNAPSHOT} SET layer = 'self' WHERE layer = 'validated'",
        f"UPDATE IGNORE {SNAPSHOT} SET layer = 'self' WHERE layer = 'validated'",
    ),
    "upsert": (
        f"INSERT INTO {SNAPSHOT} SELECT * FROM {SNAPSHOT} WHERE true ON CONFLICT DO UPDATE SET result = '{{}}'",
        f"INSERT INTO {SNAPSHOT} SELECT * FROM {SNAPSHOT} s ON DUPLICATE KEY UPDATE result = '{{}}'",
    ),
    "all rows": (f"DELETE FROM {SNAPSHOT} WHERE true", f"DELETE s FROM {SNAPSHOT} s"),
}


@pytest.mark.parametrize("name", SQL)
def test_no_way_through_sql(name, validated):
    before = rows(Snapshot)
    with pytest.raises(REFUSED), transaction.atomic():
        execute(SQL[name][connection.vendor == "mysql"])
    assert rows(Snapshot) == before


def test_no_way_through_the_api(validated, instrument, association, president, member, coach):
    """Whatever members, leads and coaches do after a submission: nothing of what was frozen changes, only more is frozen."""
    frozen = rows(Snapshot)

    def unchanged():
        assert rows(Snapshot)[: len(frozen)] == frozen

    def refused(act, *args, **kwargs):
        with pytest.raises(Conflict):
            act(*args, **kwargs)
        unchanged()

    moving = {"user_id": president.pk, "round_uuid": validated.uuid}
    for change in (
        lambda: save(member, validated, "1.1", level(1)),
        lambda: fill(member, validated, instrument, {"*": 1}),
        lambda: set_profile(president, validated, ALL_TRUE),
        lambda: settle(president, validated, "1.1", level(1)),
        lambda: coach_says(coach, validated, "1.1", level(4), revision=1),
        lambda: api.widen_round(association_id=association.id, **moving),
        lambda: api.submit_round(**moving),
        lambda: api.start_discussion(**moving),
        lambda: api.back_to_answers(**moving),
    ):
        refused(change)
    api.validate_round(user_id=coach.pk, round_uuid=validated.uuid, confirm_rest=True, remark="autre chose")
    unchanged()

    api.reopen_round(user_id=coach.pk, round_uuid=validated.uuid, reason="erreur")
    unchanged()
    reopened = api.back_to_answers(**moving)
    save(president, reopened, "1.1", level(1), revision=1)
    reopened = set_profile(president, reopened, {**ALL_FALSE, "has_employees": True})
    set_profile(president, reopened, ALL_FALSE)
    unchanged()
    api.submit_round(**moving)
    unchanged()
    assert len(rows(Snapshot)) == len(frozen) + 1


@pytest.mark.parametrize("handler", ["answer", "profile", "sheet_form", "begin", "choose"])
def test_no_way_through_the_block(handler, validated, member, instrument):
    frozen = rows(Snapshot)
    common = {"round": str(validated.uuid), "association": validated.association_id, "operation_id": operation()}
    block = in_library(member, round_kind="full")
    if handler in ("answer", "profile"):
        body = {"indicator": "1.1", "answer": level(1), "answers": ALL_TRUE, "revision": 0}
        assert post_json(block, handler, {**common, **body}).status_int == 409
    else:
        post_form(block, handler, {**common, "a-1.1": "1", "profile_revision": "1", "kind": "full"})
    assert rows(Snapshot) == frozen


def test_somebodys_name_may_go_and_no_other_come(submitted, president, coach):
    with refused_by_the_database():
        execute(f"UPDATE {SNAPSHOT} SET submitted_by_id = %s", coach.pk)
    with refused_by_the_database():
        execute(f"UPDATE {SNAPSHOT} SET submitted_by_id = NULL, respondents = 9")

    execute(f"UPDATE {SNAPSHOT} SET submitted_by_id = NULL")

    assert Snapshot.objects.get().submitted_by_id is None


def test_a_new_instrument_version_changes_no_result(validated, president, tmp_path):
    before = api.result(user_id=president.pk, round_uuid=validated.uuid, language="fr")

    def edit(document):
        document["sections"][0]["weight"] = 99
        document["sections"][0]["indicators"][0]["title"]["fr"] = "Autre chose"

    path = next_version(tmp_path, edit)
    api.load_instrument_file(path, publish=True)
    api.retire(slug="gov-ma", version="0.1.0")

    after = api.result(user_id=president.pk, round_uuid=validated.uuid, language="fr")
    assert (after.scores, after.validated, after.instrument) == (before.scores, before.validated, before.instrument)


def test_the_admin_changes_nothing(validated, client):
    client.force_login(factories.make_user(is_superuser=True))
    for model in (InstrumentVersion, Round, Snapshot, Transition, CoachAnswer):
        before = rows(model)
        info = model._meta.app_label, model._meta.model_name
        row = model._base_manager.first()
        for name, args in (("change", [row.pk]), ("delete", [row.pk]), ("add", [])):
            for form in ({"number": "9", "post": "yes"}, {"number": "9", "result": "{}", "_saveasnew": "1"}):
                reply = client.post(reverse("admin:{}_{}_{}".format(*info, name), args=args), form)
                # A version is loaded as a file: what names none adds none. Its page is for reading.
                assert reply.status_code in ((400, 403, 405) if model is InstrumentVersion else (403,))
        listing = reverse("admin:{}_{}_changelist".format(*info))
        assert client.get(listing).status_code == 200
        client.post(listing, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
        formset = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": row.pk, "form-0-number": "9"}
        client.post(listing, {**formset, "form-0-kind": "express", "_save": "1"})
        assert rows(model) == before
        assert not admin.site._registry[model].has_delete_permission(client.get(listing).wsgi_request, row)


# --- Instruments ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "content = '{}'",
        "content_hash = 'x'",
        "scoring_hash = 'x'",
        "version = '9'",
        "slug = 'GOV-MA'",
        "status = 'draft'",
        "published_at = NULL",
        "status = 'retired', content = '{}'",
    ],
)
def test_the_database_keeps_a_published_version(change, instrument):
    with refused_by_the_database():
        execute(f"UPDATE {INSTRUMENT} SET {change}")
    with refused_by_the_database():
        execute(f"DELETE FROM {INSTRUMENT}")


def test_a_retired_version_does_not_come_back_in_the_database_either(instrument):
    api.retire(slug="gov-ma", version="0.1.0")
    with refused_by_the_database():
        execute(f"UPDATE {INSTRUMENT} SET status = 'published'")


def test_a_draft_changes_and_goes(instrument):
    copied = "content, scoring_hash, created_at"
    execute(
        f"INSERT INTO {INSTRUMENT} (slug, version, status, content_hash, {copied}) "
        f"SELECT slug, '9.9', 'draft', 'x', {copied} FROM {INSTRUMENT}"
    )
    execute(f"UPDATE {INSTRUMENT} SET content = '{{}}' WHERE version = '9.9'")
    verb = "UPDATE OR REPLACE" if connection.vendor == "sqlite" else "UPDATE"
    with pytest.raises(REFUSED), transaction.atomic():
        execute(f"{verb} {INSTRUMENT} SET version = '0.1.0' WHERE version = '9.9'")
    execute(f"DELETE FROM {INSTRUMENT} WHERE version = '9.9'")

    assert InstrumentVersion.objects.get().version == "0.1.0"


# --- Fingerprints ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["answers", "result", "profile", "details", "engine_version", "remark", "layer"])
def test_a_change_behind_our_back_is_seen_and_shown_to_nobody(column, submitted, president, coach, monkeypatch):
    """Without touching the database: the row as it would be read after somebody had changed it."""
    found = Snapshot.objects.get()
    assert found.is_intact
    setattr(found, column, {} if isinstance(getattr(found, column), dict) else "x")
    assert not found.is_intact
    monkeypatch.setattr(Snapshot, "is_intact", False)

    for read in (
        lambda: api.result(user_id=president.pk, round_uuid=submitted.uuid, language="ar"),
        lambda: api.validation(user_id=coach.pk, round_uuid=submitted.uuid, language="ar"),
        lambda: api.validate_round(user_id=coach.pk, round_uuid=submitted.uuid, confirm_rest=True),
    ):
        with pytest.raises(Conflict) as refused:
            read()
        assert refused.value.code == "snapshot_altered"


def test_a_fingerprint_is_the_same_when_read_again(validated):
    assert all(found.is_intact for found in Snapshot.objects.all())
    assert len({found.fingerprint for found in Snapshot.objects.all()}) == 2


# --- Triggers come and go -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_guards_are_created_once_and_again_when_missing():
    def run():
        out = StringIO()
        call_command("nassij_guard_snapshots", stdout=out)
        return out.getvalue().strip()

    number = len(guards._wanted(connection))
    assert run() == "unchanged"
    guards.remove(connection)
    assert len(guards.missing(connection)) == number >= 4
    assert [found.id for found in run_checks(databases=["default"]) if found.id.startswith("nassij")] == [
        "nassij_governance.W001"
    ]
    assert run() == f"created {number}"
    assert not guards.missing(connection)
    assert not [found for found in run_checks(databases=["default"]) if found.id.startswith("nassij_governance")]


@pytest.mark.django_db(transaction=True)
def test_an_old_guard_is_replaced(monkeypatch):
    monkeypatch.setattr(guards, "MESSAGE", "another sentence")
    monkeypatch.setattr(guards, "_of_instruments", lambda *_: [guards.Trigger(INSTRUMENT, "DELETE", "1 = 0")])
    guards.install(connection)
    assert len(guards._installed(connection)) == len(guards._wanted(connection))
    monkeypatch.undo()
    guards.install(connection)
    assert not guards.missing(connection)


@pytest.mark.django_db(transaction=True)
def test_guards_survive_the_emptying_of_a_test_database(instrument):
    call_command("flush", interactive=False, verbosity=0)

    assert not InstrumentVersion.objects.exists()
    assert not guards.missing(connection)


def test_where_triggers_cannot_be_had_a_migration_goes_on_and_says_so(monkeypatch, caplog):
    def refuse(_connection):
        raise OperationalError(1419, "You do not have the SUPER privilege and binary logging is enabled")

    monkeypatch.setattr(guards, "install", refuse)

    guards.after_migrating(sender=None, using="default")

    assert "log_bin_trust_function_creators" in caplog.text
    with pytest.raises(CommandError, match="log_bin_trust_function_creators"):
        call_command("nassij_guard_snapshots")


def test_no_guard_is_wanted_where_there_is_no_table(monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", lambda *_args: [])

    assert guards._wanted(connection) == {}


def test_another_database_is_left_alone():
    class Other:
        vendor = "postgresql"

    assert guards.missing(Other()) == {}
