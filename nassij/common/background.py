"""Hand work to the worker when, and only when, the transaction that asks for it is committed."""

from typing import Any

from celery import Task
from django.db import transaction


def send_on_commit(task: Task, *args: Any) -> None:
    """Queue `task(*args)` after commit.

    As `delay_on_commit`, but a broker that is down does not turn a saved answer into an error page: the failure is logged by
    Django, and what must happen is a row that `nassij_tidy` sends again.
    """

    def hand_over() -> None:  # a function: Django logs the failure by its name, which a `partial` has not
        task.delay(*args)

    transaction.on_commit(hand_over, robust=True)
