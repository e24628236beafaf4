"""From where people are to who has stopped: pure, so that it can be read and tested by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from .learners import CourseRun, Standing


@dataclass(frozen=True, slots=True)
class Place:
    """A unit where people stopped, those who went quiet last first (they are the easiest to call back)."""

    unit: str | None
    title: str
    people: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class StoppedIn:
    """A run, and the places in it where people stopped, in the order of its units; first who has not begun."""

    run: CourseRun
    places: tuple[Place, ...]

    @property
    def total(self) -> int:
        return sum(len(place.people) for place in self.places)


def stopped(
    standings: Iterable[Standing], runs: Mapping[str, CourseRun], *, now: datetime, quiet_days: int
) -> tuple[StoppedIn, ...]:
    """Those of `standings` without activity for `quiet_days` days or more who have something left to do, run by run."""
    limit = now - timedelta(days=quiet_days)
    found: dict[str, dict[str | None, list[Standing]]] = {}
    for standing in standings:
        run = runs.get(standing.run)
        if run is not None and standing.since <= limit and standing.finished < len(run.parts):
            found.setdefault(standing.run, {}).setdefault(standing.unit, []).append(standing)
    return tuple(
        StoppedIn(run, tuple(_place(run, unit, found[key][unit]) for unit in _ordered(run, found[key])))
        for key, run in runs.items()
        if key in found
    )


def _ordered(run: CourseRun, units: Iterable[str | None]) -> list[str | None]:
    order = {code: number for number, code in enumerate(run.units)}
    return sorted(units, key=lambda unit: (unit is not None, order.get(unit or "", len(order)), unit or ""))


def _place(run: CourseRun, unit: str | None, people: list[Standing]) -> Place:
    people.sort(key=lambda standing: (standing.since, standing.user_id), reverse=True)
    return Place(unit, run.units.get(unit or "", unit or ""), tuple(people))
