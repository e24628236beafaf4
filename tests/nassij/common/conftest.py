"""Fixtures of the common services."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections

Together = Callable[[list[Callable[[], Any]]], list[Any]]


@pytest.fixture
def together(transactional_db: None, tmp_path: Path) -> Iterator[Together]:
    """Runs functions at the same moment, each in a thread with a database connection of its own; returns results or exceptions.

    On SQLite the database is a file (the in-memory one of the other tests cannot be shared); elsewhere the test database.
    """
    if connection.vendor != "sqlite":
        yield _together
        return
    in_memory, its_settings = connections["default"], connections.settings["default"]
    connections.settings["default"] = {
        **its_settings,
        "NAME": str(tmp_path / "shared.sqlite3"),
        "OPTIONS": {"timeout": 30},
    }
    del connections["default"]
    try:
        call_command("migrate", verbosity=0)
        with connections["default"].cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")
        yield _together
    finally:
        connections["default"].close()
        connections.settings["default"] = its_settings
        connections["default"] = in_memory


def _together(functions: list[Callable[[], Any]]) -> list[Any]:
    barrier = Barrier(len(functions))

    def run(function: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return function()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(run, functions))
