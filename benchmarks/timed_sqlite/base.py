"""See the package. Everything between Django and SQLite passes here: statements, rows fetched, commits."""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import base

from benchmarks import ledger


class TimedCursor(base.SQLiteCursorWrapper):
    """A cursor whose every call is charged to the driver."""

    def execute(self, query: str, params: Any = None) -> Any:
        return ledger.current.driver(query, super().execute, query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        return ledger.current.driver(query, super().executemany, query, param_list)

    def fetchone(self) -> Any:
        return ledger.current.driver(None, super().fetchone)

    def fetchmany(self, *args: Any) -> Any:
        return ledger.current.driver(None, super().fetchmany, *args)

    def fetchall(self) -> Any:
        return ledger.current.driver(None, super().fetchall)

    def __next__(self) -> Any:
        return ledger.current.driver(None, super().__next__)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with cursors and commits that keep account."""

    def create_cursor(self, name: str | None = None) -> TimedCursor:
        return self.connection.cursor(factory=TimedCursor)

    def _commit(self) -> None:
        ledger.current.driver("COMMIT", super()._commit)

    def _rollback(self) -> None:
        ledger.current.driver("ROLLBACK", super()._rollback)
