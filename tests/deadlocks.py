"""A database that gives up, at the moment a test chooses."""

from contextlib import contextmanager
from itertools import count

from django.db import OperationalError, connection


@contextmanager
def deadlock_at(write):
    """The database gives up at this write (counted from 1), once."""
    seen = count(1)

    def execute(run, sql, *arguments):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and next(seen) == write:
            raise OperationalError(1213, "Deadlock found when trying to get lock; try restarting transaction")
        return run(sql, *arguments)

    with connection.execute_wrapper(execute):
        yield seen
