"""What a lesson tells the platform's event log: the difference between two states of a learner's progress, as events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .grading import grade
from .model import Lesson
from .progress import Progress

Event = tuple[str, dict[str, Any]]


def events(lesson: Lesson, before: Progress, after: Progress) -> Iterator[Event]:
    """What happened between `before` and `after`, in its order; nothing when a delivery was only repeated.

    Of an answer it tells that it was right or wrong, and the how manieth try it was: not what was chosen.
    """
    if before == Progress() != after:
        yield "nassij.lesson.started", {}
    answered = [check for check in lesson.checks if after.record(check).tries > before.record(check).tries]
    for step in lesson.steps:
        if step.id in after.visited - before.visited and step not in answered:
            yield "nassij.lesson.step.reached", {"step": step.id}
    for check in answered:
        record = after.record(check)
        last = record.last
        success = last is not None and grade(check, last.chosen).correct
        yield "nassij.lesson.self_check.answered", {"step": check.id, "success": success, "tries": record.tries}
    if before.missing(lesson) and not after.missing(lesson):
        yield "nassij.lesson.completed", {}
