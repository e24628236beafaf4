"""Our lesson block with twelve steps, one of every kind: from the real course where it has one, else from `other_kinds`."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lxml import etree

from benchmarks.harness import Subject
from course_content.compiler import check
from course_content.model import LessonUnit, QuizUnit
from xblocks.lesson import olx
from xblocks.lesson.answers import read_answer
from xblocks.lesson.grading import RIGHT, grade
from xblocks.lesson.markdown import parts
from xblocks.lesson.model import (
    CHECK_KINDS,
    MEDIA_KINDS,
    FieldPractice,
    FileStep,
    Lesson,
    MediaStep,
    Picture,
    Reflection,
    SelfCheck,
    Step,
    TextStep,
)
from xblocks.lesson.shuffling import key, mixed
from xblocks.lesson.source import FormValues, read_lesson

OTHER_KINDS = Path(__file__).parent / "other_kinds"
NAME = "nassij_lesson"
_operations = itertools.count()
Wanted = Callable[[Step], bool]
Body = Mapping[str, Any]


def _is_text(step: Step, *, table: bool, picture: bool) -> bool:
    return (
        isinstance(step, TextStep)
        and ("\n| ---" in step.body) is table
        and any(isinstance(part, Picture) for part in parts(step.body)) is picture
    )


def _kind(cls: type[SelfCheck] | type[MediaStep], kind: str) -> Wanted:
    return lambda step: isinstance(step, cls) and step.kind == kind


# What a lesson of every kind is made of, in the order in which a learner meets it.
EVERY_KIND: Sequence[tuple[str, Wanted]] = (
    ("a text with a table", lambda step: _is_text(step, table=True, picture=False)),
    ("a text with a picture", lambda step: _is_text(step, table=False, picture=True)),
    *((f"media: {kind}", _kind(MediaStep, kind)) for kind in MEDIA_KINDS),
    ("a file", lambda step: isinstance(step, FileStep)),
    *((f"a self-check: {kind}", _kind(SelfCheck, kind)) for kind in CHECK_KINDS),
    ("a reflection", lambda step: isinstance(step, Reflection)),
    ("field practice", lambda step: isinstance(step, FieldPractice)),
)


def every_kind(language: str) -> Lesson:
    """The first unit of the course, its steps one of each kind. Raises `RuntimeError` when a kind is nowhere to be found."""
    lessons = _course(language)
    reading = read_lesson(
        (OTHER_KINDS / f"{language}.md").read_text("utf-8"),
        file=f"{language}.md",
        language=language,
        form=FormValues("other kinds", 10),
    )
    if reading.lesson is None:
        raise RuntimeError(f"other_kinds: {[problem.line() for problem in reading.problems]}")
    steps = [step for lesson in (*lessons, reading.lesson) for step in lesson.steps]
    chosen = [replace(_first(steps, *kind), id=f"step-{number}") for number, kind in enumerate(EVERY_KIND, start=1)]
    return replace(lessons[0], steps=tuple(chosen))


def _course(language: str) -> list[Lesson]:
    return [
        unit.lessons[language]
        for course in check().courses
        for unit in course.units
        if isinstance(unit, LessonUnit) and not isinstance(unit, QuizUnit) and language in unit.lessons
    ]


def _first(steps: Iterable[Step], name: str, wanted: Wanted) -> Step:
    for step in steps:
        if wanted(step):
            return step
    raise RuntimeError(f"neither the courses nor other_kinds have {name}")


@dataclass(frozen=True)
class Reader:
    """The lesson as a learner meets it half-way, and what that learner can send: (what it is, its handler, its body)."""

    subject: Subject
    sends: Sequence[tuple[str, str, Callable[[], Body]]]


def author(language: str = "ar") -> Subject:
    """The same lesson in front of somebody who may edit it."""
    return Subject(NAME, written(every_kind(language)), language=language, is_staff=True)


def visitor(language: str = "ar") -> Subject:
    """The same lesson in front of somebody who is not signed in."""
    return Subject(f"{NAME}, visitor", written(every_kind(language)), user_id=None, language=language)


def written(lesson: Lesson) -> str:
    """The lesson as OLX."""
    node = etree.Element(olx.TAG, display_name=lesson.title)
    olx.write(lesson, node)
    return etree.tostring(node, encoding="unicode")


def reader(language: str = "ar") -> Reader:
    """A learner who has read and answered the first half of the lesson."""
    lesson = every_kind(language)
    half = len(lesson.steps) // 2
    later = [step for step in lesson.steps[half:] if isinstance(step, SelfCheck)]
    subject = Subject(
        NAME if language == "ar" else f"{NAME}, {language}",
        written(lesson),
        language=language,
        handler="answer",
        answer=lambda: answer_to(later[-1]),
    )
    seen = [step.id for step in lesson.steps[:half] if not step.answerable]
    subject.remember("visit", {"seen": seen, "here": lesson.steps[half].id})
    for step in lesson.steps[:half]:
        if isinstance(step, SelfCheck):
            subject.remember("answer", answer_to(step))
    told = next(step for step in lesson.steps if isinstance(step, FieldPractice))
    sends: list[tuple[str, str, Callable[[], Body]]] = [
        (f"self-check: {check.kind}", "answer", lambda check=check: answer_to(check)) for check in lesson.checks
    ]
    sends.append(("field practice told", "write", lambda: text_for(told)))
    sends.append(("a step read", "visit", lambda: {"seen": [*seen, lesson.steps[half].id], "here": told.id}))
    return Reader(subject, sends)


def answer_to(check: SelfCheck) -> Body:
    """What the browser sends for a right answer to a self-check, under a new operation id."""
    return {"check": check.id, "choices": list(_right(check)), "operation_id": f"bench-lesson-{next(_operations)}"}


def _right(check: SelfCheck) -> tuple[str, ...]:
    """A right answer as the page writes it; the block's own judge has to agree."""
    if check.kind == "order":
        names = {choice.id: name for name, choice in mixed(check)}
        sent = tuple(names[choice.id] for choice in check.choices)
    elif check.kind == "match":
        sent = tuple(f"{choice.id}:{key(check, choice.match)}" for choice in check.choices)
    else:
        right = (choice for choice in check.choices if choice.correct)
        sent = tuple(choice.text if check.kind == "number" else choice.id for choice in right)
    if grade(check, read_answer(check, list(sent))).outcome != RIGHT:
        raise RuntimeError(f"{check.id}: {sent} is not right")
    return sent


def text_for(step: FieldPractice) -> Body:
    """Three sentences told, under a new operation id."""
    text = "اجتمعنا مساء السبت وقرأنا النظام الأساسي معا. لم نجد النصاب. سجلنا ذلك في المحضر. "
    return {"step": step.id, "text": text, "base": "", "operation_id": f"bench-lesson-{next(_operations)}"}
