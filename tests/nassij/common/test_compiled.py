"""Statements written once: the same rows and values as the ORM's, on whichever server the tests run."""

from datetime import UTC, datetime
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from nassij.common.compiled import CompiledQuery, CompiledUpdate, Given
from nassij.common.models import Job

pytestmark = pytest.mark.django_db

COLUMNS = ("id", "uuid", "kind", "params", "done", "created", "started", "result")
field = Job._meta.get_field


def given(name: str) -> Given:
    return Given(name, field(name))


def by_uuid():
    return Job.objects.filter(uuid=given("uuid")).annotate(called=F("subject")).values(*COLUMNS, "called")


def job(**values) -> Job:
    values = {"kind": "export", "params": {"rows": [1, "اثنان"]}, "subject": "s", **values}
    return Job.objects.create(**values)


@pytest.fixture
def query():
    return CompiledQuery(Job, by_uuid)


def test_a_row_has_the_values_the_orm_gives(query):
    job()
    wanted = job(started=timezone.now(), result={"ok": True})
    expected = Job.objects.annotate(called=F("subject")).values(*COLUMNS, "called").get(pk=wanted.pk)
    for _ in range(2):
        assert query.first(uuid=wanted.uuid) == expected
    assert query.first(uuid=str(wanted.uuid)) == expected


def test_no_row_is_none(query, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert query.first(uuid=uuid4()) is None


def test_it_is_built_once_and_keeps_no_value(query):
    first, second = job(params={"n": 1}), job(params={"n": 2})
    assert query.first(uuid=first.uuid)["params"] == {"n": 1}
    with patch.object(query, "build", side_effect=AssertionError("built again")):
        assert query.first(uuid=second.uuid)["params"] == {"n": 2}
        assert query.first(uuid=first.uuid)["params"] == {"n": 1}


def test_every_connection_has_its_own_statement(query):
    """Another alias or server may write it in another way, and a converter holds on to the connection it is of."""
    other = connection.copy()
    mine = query.statement(connection)
    assert query.statement(connection) is mine
    assert query.statement(other) is not mine
    assert query.statement(other).sql == mine.sql
    assert query.statement(connection) is mine


def test_two_queries_on_one_connection_are_not_mixed_up(query):
    done = CompiledQuery(Job, lambda: Job.objects.filter(uuid=given("uuid")).values("done"))
    stored = job(done=7)
    assert query.first(uuid=stored.uuid)["id"] == stored.pk
    assert done.first(uuid=stored.uuid) == {"done": 7}


def test_none_is_refused_before_the_database_is_asked(query, django_assert_num_queries):
    with django_assert_num_queries(0), pytest.raises(ValueError, match="uuid is None"):
        query.first(uuid=None)


def test_columns_of_joined_tables_have_the_names_asked_for():
    watched = CompiledQuery(
        Job, lambda: Job.objects.filter(uuid=given("uuid")).values("watchers__id", "id", "watchers__user_id")
    )
    stored = job()
    assert watched.first(uuid=stored.uuid) == {"watchers__id": None, "id": stored.pk, "watchers__user_id": None}
    watcher = stored.watchers.create(user_id=7)
    assert watched.first(uuid=stored.uuid) == {"watchers__id": watcher.pk, "id": stored.pk, "watchers__user_id": 7}


def test_an_update_changes_what_it_finds_and_says_how_many(django_assert_num_queries):
    hold = CompiledUpdate(
        Job,
        lambda: Job.objects.filter(uuid=given("uuid"), state=Job.State.QUEUED),
        started=given("started"),
        done=F("done") + 1,
    )
    mine, other = job(), job()
    for number, moment in enumerate((datetime(2026, 11, 23, 23, 59, 59, 123456, UTC), timezone.now()), start=1):
        with django_assert_num_queries(1):
            assert hold.run(uuid=mine.uuid, started=moment) == 1
        mine.refresh_from_db()
        assert (mine.started, mine.done) == (moment, number)
    other.refresh_from_db()
    assert (other.started, other.done) == (None, 0)
    # Found though nothing in it changes: MariaDB would otherwise count rows changed.
    assert CompiledUpdate(Job, lambda: Job.objects.filter(uuid=given("uuid")), done=2).run(uuid=mine.uuid) == 1
    Job.objects.filter(pk=mine.pk).update(state=Job.State.DONE)
    assert hold.run(uuid=mine.uuid, started=timezone.now()) == 0


def test_a_fault_of_an_update_spoils_the_transaction_as_one_of_the_orm_does():
    mine, other = job(), job()
    rename = CompiledUpdate(Job, lambda: Job.objects.filter(uuid=given("uuid")), uuid=Given("new", field("uuid")))
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            rename.run(uuid=mine.uuid, new=other.uuid)
        assert transaction.get_rollback()
        transaction.set_rollback(True)
    assert Job.objects.filter(uuid=mine.uuid).exists()
