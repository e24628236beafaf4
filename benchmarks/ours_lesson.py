"""Our lesson block with twelve real steps: the first units of the course on internal governance, one after the other."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lxml import etree

from benchmarks.harness import Subject
from course_content.compiler import check
from course_content.model import LessonUnit
from xblocks.lesson import olx
from xblocks.lesson.model import Lesson, SelfCheck
from xblocks.lesson.shuffling import mixed

STEPS = 12
_operations = itertools.count()


def twelve_steps(language: str) -> Lesson:
    """The first unit, with steps of the following ones after its own until there are twelve."""
    lessons = [
        unit.lessons[language]
        for course in check().courses
        for unit in course.units
        if isinstance(unit, LessonUnit) and language in unit.lessons
    ]
    steps = [replace(step, id=f"u{number}-{step.id}") for number, lesson in enumerate(lessons) for step in lesson.steps]
    if len(steps) < STEPS:
        raise RuntimeError(f"the courses hold {len(steps)} steps in {language}, too few for a lesson of {STEPS}")
    return replace(lessons[0], steps=tuple(steps[:STEPS]))


def lesson_subject(language: str = "ar") -> Subject:
    """A learner who has read half of the lesson and answered its first self-check, and now answers the last one."""
    lesson = twelve_steps(language)
    node = etree.Element(olx.TAG, display_name=lesson.title)
    olx.write(lesson, node)
    subject = Subject(
        "nassij_lesson",
        etree.tostring(node, encoding="unicode"),
        language=language,
        handler="answer",
        answer=lambda: answer_to(lesson.checks[-1]),
    )
    first_half = [step for step in lesson.steps[: STEPS // 2] if not isinstance(step, SelfCheck)]
    subject.remember("visit", {"seen": [step.id for step in first_half], "here": lesson.steps[STEPS // 2].id})
    subject.remember("answer", answer_to(lesson.checks[0]))
    return subject


def answer_to(check: SelfCheck) -> Mapping[str, Any]:
    """What the browser sends for one self-check, under a new operation id."""
    choices = [name for name, _choice in mixed(check)] if check.kind == "order" else [check.choices[0].id]
    return {"check": check.id, "choices": choices, "operation_id": f"bench-lesson-{next(_operations)}"}
