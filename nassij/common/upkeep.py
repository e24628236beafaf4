"""Which commands a timer of the site has to run, and when each last did: how an operator learns that the timer has stopped.

A beat runs them through the task `nassij.common.run_upkeep`, a crontab as commands. Each app says in its `ready` what it needs
(`expect`); the command says at its end that it ran (`ran`). The self-check compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from nassij.common.models import UpkeepRun

_expected: dict[str, timedelta] = {}


@dataclass(frozen=True, slots=True)
class Upkeep:
    """A command that has to run; `last` is None when it never did. A run older than `within` is late."""

    command: str
    within: timedelta
    last: datetime | None

    @property
    def is_late(self) -> bool:
        return self.last is None or self.last < timezone.now() - self.within


def expect(command: str, *, within: timedelta) -> None:
    """Say that `command` has to run, and after how long without a run something must be wrong."""
    _expected[command] = within


def expected() -> frozenset[str]:
    """The commands that have to run."""
    return frozenset(_expected)


def ran(command: str) -> None:
    """Remember that `command` has done its work now; one statement or two."""
    UpkeepRun.objects.update_or_create(command=command, defaults={"at": timezone.now()})


def upkeep() -> Iterator[Upkeep]:
    """Every command that has to run, by name; one query."""
    last = dict(UpkeepRun.objects.values_list("command", "at"))
    for command, within in sorted(_expected.items()):
        yield Upkeep(command, within, last.get(command))
