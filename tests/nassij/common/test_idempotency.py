"""One effect per intent, however often and however concurrently it is delivered."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nassij.common import audit, idempotency
from nassij.common.errors import BadInput, Conflict, NotNow, Unprocessable
from nassij.common.models import AuditEvent, IdempotentReply
from tests.nassij.common.conftest import Together

OPERATION = "11111111-1111-4111-8111-111111111111"


class Counter:
    """An operation with an effect in the database that can be counted."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> dict[str, Any]:
        self.calls += 1
        audit.record(actor_id=1, action="test.effect")
        return {"number": self.calls, "at": timezone.now(), "pair": (1, 2)}


def effects() -> int:
    return AuditEvent.objects.filter(action="test.effect").count()


def deliver(apply: Any, **changes: Any) -> dict[str, Any]:
    arguments = {
        "user_id": 1,
        "operation_id": OPERATION,
        "scope": "test.do",
        "payload": {"a": [1, None], "b": "é"},
    } | changes
    return idempotency.once(apply=apply, **arguments)


@pytest.mark.django_db
def test_a_second_delivery_gets_the_same_reply_and_changes_nothing() -> None:
    apply = Counter()
    first = deliver(apply)
    assert deliver(apply) == first == deliver(apply, payload={"b": "é", "a": [1, None]})
    assert (apply.calls, effects()) == (1, 1)
    assert first["pair"] == [1, 2] and isinstance(first["at"], str)


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"payload": {}}, {"scope": "test.other"}])
def test_an_id_used_for_something_else_is_refused(changes: dict[str, Any]) -> None:
    apply = Counter()
    deliver(apply)
    with pytest.raises(Unprocessable) as caught:
        deliver(apply, **changes)
    assert caught.value.code == "operation_reused"
    assert effects() == 1


@pytest.mark.django_db
def test_people_do_not_meet_in_an_id() -> None:
    apply = Counter()
    assert deliver(apply)["number"] == 1
    assert deliver(apply, user_id=2)["number"] == 2


@pytest.mark.django_db
@pytest.mark.parametrize("bad", ["", "short", "x" * 65, "with space", "né-accents", None, 12345678, ["x" * 10]])
def test_an_unusable_id_is_refused(bad: Any) -> None:
    with pytest.raises(BadInput):
        deliver(Counter(), operation_id=bad)


@pytest.mark.django_db
def test_a_payload_that_is_not_json_is_refused() -> None:
    for bad in ({"x": float("nan")}, {"x": object()}):
        with pytest.raises(BadInput):
            deliver(Counter(), payload=bad)


@pytest.mark.django_db
def test_what_fails_is_not_stored_and_may_be_sent_again() -> None:
    def fail() -> dict[str, Any]:
        audit.record(actor_id=1, action="test.effect")
        raise Conflict()

    with pytest.raises(Conflict):
        deliver(fail)
    assert effects() == 0 and not IdempotentReply.objects.exists()
    assert deliver(Counter())["number"] == 1


@pytest.mark.django_db
def test_it_costs_two_queries_beside_the_effect() -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        deliver(dict)
    own = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(own) == 2, own


@pytest.mark.django_db(transaction=True)
def test_the_first_statement_is_the_insert_that_waits() -> None:
    with CaptureQueriesContext(connection) as queries:
        deliver(dict)
    statements = [query["sql"].split()[0] for query in queries]
    assert statements == ["BEGIN", "INSERT", "UPDATE", "COMMIT"] or statements == ["INSERT", "UPDATE"]


def test_eight_deliveries_at_once_have_one_effect(together: Together) -> None:
    for _round in range(5):
        operation = str(uuid.uuid4())
        replies = together([lambda operation=operation: deliver(Counter(), operation_id=operation)] * 8)
        assert all(isinstance(reply, dict) for reply in replies), replies
        assert all(reply == replies[0] for reply in replies)
    assert effects() == 5


def test_different_operations_at_once_all_arrive(together: Together) -> None:
    def many(start: int) -> list[dict[str, Any]]:
        return [deliver(Counter(), operation_id=f"operation-{start}-{number}") for number in range(25)]

    results = together([lambda start=start: many(start) for start in range(8)])
    assert [len(result) for result in results] == [25] * 8, results
    assert effects() == 200


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries=st.permutations([0, 0, 0, 1, 1, 1, 2, 2, 2]), crashes=st.sets(st.integers(0, 8)))
def test_three_deliveries_in_any_order_with_crashes_end_the_same(deliveries: list[int], crashes: set[int]) -> None:
    run = uuid.uuid4().hex
    replies: dict[int, Any] = {}
    before = effects()

    class Crash(Exception):
        pass

    def crash() -> dict[str, Any]:
        audit.record(actor_id=1, action="test.effect")
        raise Crash

    for place, number in enumerate([*deliveries, 0, 1, 2]):
        try:
            reply = deliver(
                crash if place in crashes else (lambda number=number: _effect(number)), operation_id=f"{run}-{number}"
            )
        except Crash:
            assert number not in replies
        else:
            assert replies.setdefault(number, reply) == reply == {"number": number}
    assert effects() - before == 3


def _effect(number: int) -> dict[str, Any]:
    audit.record(actor_id=1, action="test.effect")
    return {"number": number}


@pytest.mark.django_db(transaction=True)
def test_what_the_database_gives_up_on_is_tried_again_and_then_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = []

    def deadlocked_twice() -> dict[str, Any]:
        attempts.append(1)
        if len(attempts) < 3:
            raise OperationalError(1213, "Deadlock found when trying to get lock")
        return {"done": True}

    assert deliver(deadlocked_twice) == {"done": True}
    assert len(attempts) == 3

    def locked() -> dict[str, Any]:
        attempts.append(1)
        raise OperationalError(1205, "Lock wait timeout exceeded")

    attempts.clear()
    with pytest.raises(NotNow) as caught:
        deliver(locked, operation_id="another-one")
    # A phone (send.js) comes again by itself on a 503; a 409 would be told as a refusal of the answer.
    assert (caught.value.code, caught.value.status, len(attempts)) == ("in_progress", 503, idempotency.ATTEMPTS)

    # Where each wait is long, as with the 50 seconds of MySQL's default, nobody holds a worker for all of them.
    monkeypatch.setattr(idempotency, "PATIENCE", -1.0)
    attempts.clear()
    with pytest.raises(NotNow):
        deliver(locked, operation_id="another-one")
    assert len(attempts) == 1
    monkeypatch.undo()

    def always() -> dict[str, Any]:
        raise OperationalError("database is locked")

    with pytest.raises(NotNow):
        deliver(always, operation_id="a-third-one")

    def broken() -> dict[str, Any]:
        attempts.append(1)
        raise OperationalError(1054, "Unknown column")

    attempts.clear()
    with pytest.raises(OperationalError):
        deliver(broken, operation_id="a-fifth-one")
    assert len(attempts) == 1
    with pytest.raises(OperationalError), transaction.atomic():
        attempts.clear()
        deliver(deadlocked_twice, operation_id="a-fourth-one")
    assert len(attempts) == 1


@pytest.mark.django_db
def test_old_replies_are_forgotten_after_a_month_not_before() -> None:
    deliver(dict)
    deliver(dict, operation_id="an-older-one")
    IdempotentReply.objects.filter(operation_id="an-older-one").update(created=timezone.now() - timedelta(days=31))
    assert idempotency.KEPT.days >= 7
    assert idempotency.forget_old_replies() == 1
    assert IdempotentReply.objects.get().operation_id == OPERATION
