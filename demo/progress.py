"""How far a person is in a course, from the completion the blocks reported."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User

from demo.courses import Course, Unit
from demo.models import BlockCompletion, LastVisit
from demo.problem import PROBLEM


@dataclass(frozen=True)
class Progress:
    """Completion 0..1 per block key, and the unit seen last."""

    done: dict[str, float]
    last_unit: str | None

    def of(self, unit: Unit) -> float:
        """The share of `unit` that is done; a unit where nothing can be done here is done."""
        shares = [self.done.get(str(block), 0.0) for block in unit.blocks if block.block_type != PROBLEM]
        return sum(shares) / len(shares) if shares else 1.0

    def shown(self, unit: Unit) -> float | None:
        """The same for an outline; None for a unit where nothing can be done here (a quiz): nobody has done it."""
        return self.of(unit) if any(block.block_type != PROBLEM for block in unit.blocks) else None

    def finished(self, course: Course) -> int:
        return sum(self.of(unit) >= 1 for unit in course.units)

    def next_unit(self, course: Course) -> Unit:
        """Where to go on: the unit seen last unless it is finished, else the first unfinished one."""
        last = course.unit(self.last_unit) if self.last_unit else None
        if last and self.of(last) < 1:
            return last
        return next((unit for unit in course.units if self.of(unit) < 1), course.units[-1])


def progress(user: User | AnonymousUser, course: Course) -> Progress:
    if not user.is_authenticated:
        return Progress({}, None)
    rows = BlockCompletion.objects.filter(user=user, course_key=str(course.key)).values_list("block_key", "completion")
    visit = LastVisit.objects.filter(user=user, course_key=str(course.key)).values_list("unit", flat=True).first()
    return Progress(dict(rows), visit)


def remember_visit(user: User | AnonymousUser, course: Course, unit: Unit) -> None:
    if user.is_authenticated:
        LastVisit.objects.update_or_create(user=user, course_key=str(course.key), defaults={"unit": unit.code})
