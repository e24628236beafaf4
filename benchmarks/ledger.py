"""What one action asks of others: of the database and Django's ORM (counted and timed), the field store, the broker.

`keep_account` must be called once, after Django is set up: from then on every call into the ORM is timed.
"""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from celery.signals import before_task_publish
from django.db import models, transaction
from django.db.models.manager import BaseManager
from django.db.models.query import QuerySet

CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@dataclass
class Ledger:
    """Counters of one action.

    CPU time in nanoseconds: `driver_ns` inside the database driver, `storage_ns` inside the ORM and the driver below it.
    """

    driver_ns: int = 0
    storage_ns: int = 0
    statements: list[str] = field(default_factory=list)
    transactions: int = 0
    in_transaction: int = 0
    messages: int = 0
    early_messages: int = 0
    lookups: int = 0
    written: int = 0
    _open: bool = False
    _depth: int = 0

    def driver(self, sql: str | None, call: Callable[..., Any], *args: Any) -> Any:
        """Make a call of the database driver and keep account of it; `sql` is None when it only fetches rows."""
        start = time.thread_time_ns()
        try:
            if sql is not None:
                self._note(sql)
            return call(*args)
        finally:
            spent = time.thread_time_ns() - start
            self.driver_ns += spent
            if not self._depth:
                self.storage_ns += spent

    def orm(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Make a call of the ORM; one that it makes of itself is not counted twice."""
        if self._depth:
            return call(*args, **kwargs)
        self._depth = 1
        start = time.thread_time_ns()
        try:
            return call(*args, **kwargs)
        finally:
            self.storage_ns += time.thread_time_ns() - start
            self._depth = 0

    def _note(self, sql: str) -> None:
        """Count one statement; those that only open, mark or close a transaction are no queries."""
        if not sql.startswith(CONTROL):
            self.statements.append(sql)
            self.in_transaction += self._open
        elif sql.startswith("BEGIN"):
            self._open = True
            self.transactions += 1
        elif sql in ("COMMIT", "ROLLBACK"):
            self._open = False

    def message(self) -> None:
        """Count something handed to the broker; before the commit, that is a fault."""
        self.messages += 1
        self.early_messages += self._open


current = Ledger()


def open_new() -> Ledger:
    """Start counting from zero."""
    global current
    current = Ledger()
    return current


def keep_account() -> None:
    """Time the ORM from now on: building and evaluating queries, making and saving models, transactions."""
    special = ("__iter__", "__len__", "__bool__", "__getitem__")
    methods = (
        name
        for name, value in vars(QuerySet).items()
        if inspect.isfunction(value) and not inspect.iscoroutinefunction(value) and (name[0] != "_" or name in special)
    )
    _charge_to_orm(QuerySet, methods)
    _charge_to_orm(BaseManager, ["get_queryset"])
    _charge_to_orm(models.Model, ["__init__", "save", "delete", "full_clean"])
    for expression in (models.Q, models.F, models.FilteredRelation, models.Subquery, models.Exists):
        _charge_to_orm(expression, ["__init__"])
    _charge_to_orm(transaction.Atomic, ["__enter__", "__exit__"])
    before_task_publish.connect(_count_message)


def _charge_to_orm(owner: type, names: Iterable[str]) -> None:
    for name in list(names):
        if name in vars(owner):
            setattr(owner, name, _charged(getattr(owner, name)))


def _charged(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return current.orm(method, *args, **kwargs)

    return wrapper


def _count_message(**_: Any) -> None:
    current.message()
