"""Whether the languages of a unit agree: code, steps, choices, right answers, pictures, facts. The first language leads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xblocks.lesson.markdown import parts
from xblocks.lesson.model import Lesson, Picture, SelfCheck, TextStep

from .passages import SourceText
from .problems import MESSAGES, Place, Problem

SAME_WORDS = 8
"""A text of more words than these that is the same in two languages has not been translated."""


@dataclass(frozen=True, slots=True)
class Written:
    """A lesson, its source, and where its steps stand."""

    lesson: Lesson
    source: SourceText
    steps: Mapping[str, Place]

    def place(self, step_id: str) -> Place:
        return self.steps.get(step_id, Place(self.source.file))


def problems(written: Mapping[str, Written]) -> list[Problem]:
    """What the other languages have otherwise than the first."""
    first, *others = written.values() if written else (None,)
    return [problem for other in others for problem in _compare(first, other)] if first else []


def _compare(first: Written, other: Written) -> Iterator[Problem]:
    def differs(code: str, place: Place, **params: object) -> Problem:
        return Problem(code, place, {"file": first.source.file, **params}, MESSAGES)

    here, there = other.lesson, first.lesson
    if here.code != there.code:
        yield differs("code_differs", other.source.key_place("code"), here=here.code, there=there.code)
    for key, code in (("objectives", "objectives_differ"), ("practice", "practice_differs")):
        counts = len(getattr(here, key)), len(getattr(there, key))
        if counts[0] != counts[1]:
            yield differs(code, other.source.key_place(key), here=counts[0], there=counts[1])
    if (here.guide and here.guide.code) != (there.guide and there.guide.code):
        yield differs("guide_differs", other.source.key_place("guide"))
    cited, expected = ({source.fact for source in lesson.sources} for lesson in (here, there))
    if cited != expected:
        difference = ", ".join(sorted(cited ^ expected))
        yield differs("facts_differ", other.source.key_place("facts"), difference=difference)
    yield from _compare_steps(first, other)


def _compare_steps(first: Written, other: Written) -> Iterator[Problem]:
    here, there = ([step.id for step in written.lesson.steps] for written in (other, first))
    if here != there:
        strange = next((a for a, b in zip(here, there, strict=False) if a != b), here[-1] if here else "")
        params = {"file": first.source.file, "here": ", ".join(here), "there": ", ".join(there)}
        yield Problem("steps_differ", other.place(strange), params, MESSAGES)
    for step in other.lesson.steps:
        twin = first.lesson.step(step.id)
        params = {"file": first.source.file, "id": step.id}
        if isinstance(step, SelfCheck) and isinstance(twin, SelfCheck):
            for code, more in _different_checks(twin, step):
                yield Problem(code, other.place(step.id), params | more, MESSAGES)
        elif isinstance(step, TextStep) and isinstance(twin, TextStep):
            for code in _different_texts(twin, step):
                yield Problem(code, other.place(step.id), params, MESSAGES)


def _different_checks(first: SelfCheck, other: SelfCheck) -> Iterator[tuple[str, dict[str, object]]]:
    here, there = ([choice.id for choice in check.choices] for check in (other, first))
    if sorted(here) != sorted(there):
        yield "choices_differ", {"here": ", ".join(here), "there": ", ".join(there)}
        return
    if _answers(first) != _answers(other):
        yield "answers_differ", {}
    if (other.kind, other.tries) != (first.kind, first.tries):
        yield "kind_differs", {}


def _answers(check: SelfCheck) -> object:
    """What is right, whatever the language: ids, their order, which share a half, values."""
    if check.kind == "order":
        return [choice.id for choice in check.choices]
    if check.kind == "match":
        return {
            choice.id: check.halves.index(choice.match) for choice in sorted(check.choices, key=lambda each: each.id)
        }
    right = {choice.id for choice in check.choices if choice.correct}
    return (
        (right, check.tolerance, {choice.id: choice.text for choice in check.choices})
        if check.kind == "number"
        else right
    )


def _different_texts(first: TextStep, other: TextStep) -> Iterator[str]:
    here, there = ([part for part in parts(step.body) if isinstance(part, Picture)] for step in (other, first))
    if len(here) != len(there):
        yield "pictures_differ"
    words, same = (
        " ".join(part for part in parts(step.body) if isinstance(part, str)).split() for step in (other, first)
    )
    if words == same and len(words) > SAME_WORDS:
        yield "not_translated"
