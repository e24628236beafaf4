"""One effect per intent, however often it is delivered.

A phone on a bad line sends the same answer again when the reply got lost. Each intent carries an id made by the client; its
effect and its reply are stored in one transaction under (person, id): a second delivery finds the reply and changes nothing.
"""

import functools
import random
import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nassij.common.canonical import as_json, digest
from nassij.common.errors import BadInput, NotNow, Unprocessable
from nassij.common.models import IdempotentReply

KEPT = timedelta(days=30)
ATTEMPTS = 4
PATIENCE = 15.0  # seconds: a phone waits twenty for a reply, and then comes again
_OPERATION_ID = re.compile(r"[A-Za-z0-9_.:-]{8,64}")
# MySQL and MariaDB: a deadlock, a lock waited for too long, a row changed since the snapshot (MariaDB from 11.6 on).
_TRANSIENT = {1213, 1205, 1020}
_LOCKED = "database is locked"  # SQLite

Result = TypeVar("Result")
Given = ParamSpec("Given")


class _AlreadyApplied(Exception):
    """The operation's row exists."""


def once(
    *, user_id: int, operation_id: str, scope: str, payload: Any, apply: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Run `apply` and store its reply in one transaction; replay the stored reply when the operation was applied before.

    Checks no permission: ask first. `scope` names the operation (`"governance.answer"`), `payload` is all that it depends on;
    both are part of what a repeated delivery must match. `apply` changes only the database and returns a JSON object; it runs
    again when the database gives up on a deadlock. The caller gets the reply as JSON gives it back, the first time too.

    Raises `BadInput` for a malformed id or payload, `Unprocessable` when the id was used for something else, `NotNow` while the
    same operation is still running elsewhere, and whatever `apply` raises (then nothing is stored, and the id stays free).
    Costs two queries beside `apply`'s own.
    """
    if not isinstance(operation_id, str) or not _OPERATION_ID.fullmatch(operation_id):
        raise BadInput(_("This request carries no usable operation id."), code="bad_operation_id")
    try:
        body_hash = digest(scope, payload)
    except (TypeError, ValueError, RecursionError) as error:
        raise BadInput(code="bad_payload") from error

    def first_time() -> dict[str, Any]:
        with transaction.atomic():
            # The insert comes first: the unique key makes a second delivery wait here until this one is decided.
            try:
                row = IdempotentReply.objects.create(user_id=user_id, operation_id=operation_id, body_hash=body_hash)
            except IntegrityError as error:
                raise _AlreadyApplied from error
            reply: dict[str, Any] = as_json(apply())
            IdempotentReply.objects.filter(pk=row.pk).update(reply=reply)
            return reply

    try:
        return retrying(first_time)
    except _AlreadyApplied:
        return retrying(lambda: _stored(user_id, operation_id, body_hash))


def retrying(work: Callable[[], Result]) -> Result:
    """Run `work` (one whole transaction) again when the database gave up on it: a deadlock, a lock held for long.

    Inside an outer transaction there is nothing to repeat: the error goes up, to whoever began it. What the database refuses
    again and again, or for longer than a phone waits, is `NotNow`: nothing has happened, and the same delivery may come again.
    """
    outermost = not transaction.get_connection().in_atomic_block
    begin = time.monotonic()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return work()
        except OperationalError as error:
            if not (outermost and _is_transient(error)):
                raise
            if attempt == ATTEMPTS or time.monotonic() - begin > PATIENCE:
                raise NotNow() from error
            time.sleep(random.uniform(0.02, 0.1) * attempt)  # noqa: S311 (no secret)
    raise AssertionError("unreachable")


def retried(write: Callable[Given, Result]) -> Callable[Given, Result]:
    """Decorator of a function that asks, then writes in one transaction: `retrying` round the whole of it."""

    @functools.wraps(write)
    def wrapper(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        return retrying(lambda: write(*args, **kwargs))

    return wrapper


def _is_transient(error: OperationalError) -> bool:
    return (error.args[0] if error.args else None) in _TRANSIENT or _LOCKED in str(error)


def forget_old_replies() -> int:
    """Delete the replies past `KEPT`; returns how many."""
    return IdempotentReply.objects.filter(created__lt=timezone.now() - KEPT).delete()[0]


def _stored(user_id: int, operation_id: str, body_hash: str) -> dict[str, Any]:
    with transaction.atomic():
        # A locking read sees what was committed after an outer transaction took its snapshot.
        row = IdempotentReply.objects.select_for_update().get(user_id=user_id, operation_id=operation_id)
    if row.body_hash != body_hash:
        raise Unprocessable(
            _("This request was already used for something else."),
            code="operation_reused",
            remedy=_("Reload the page and enter it again."),
        )
    return dict(row.reply or {})
