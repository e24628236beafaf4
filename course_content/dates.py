"""What today's date has to say: a check that lies in the future, or so far back that the law may have moved on since.

Kept apart from the other problems: sources that were right yesterday still build today.
"""

from __future__ import annotations

import datetime

from .problems import MESSAGES, Place, Problem

MAX_AGE = datetime.timedelta(days=365)


class Calendar:
    """Gathers in `found` what is wrong with dates, seen from `today`."""

    def __init__(self, today: datetime.date) -> None:
        self.today = today
        self.found: list[Problem] = []

    def examine(self, checked_on: str, place: Place) -> None:
        """`checked_on` is an ISO date, or empty."""
        if not checked_on:
            return
        day = datetime.date.fromisoformat(checked_on)
        if day > self.today:
            self._add("checked_in_future", place, day)
        elif day < self.today - MAX_AGE:
            self._add("checked_too_old", place, day)

    def _add(self, code: str, place: Place, day: datetime.date) -> None:
        params = {"day": day.isoformat(), "today": self.today.isoformat(), "days": MAX_AGE.days}
        self.found.append(Problem(code, place, params, MESSAGES))
