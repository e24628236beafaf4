"""Whether the languages of a unit agree: same code, steps, choices, right answers and facts. The first language leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from xblocks.lesson.model import Lesson, SelfCheck

from .problems import MESSAGES, Place, Problem


def problems(lessons: Mapping[str, Lesson], files: Mapping[str, str]) -> list[Problem]:
    """What the other languages have otherwise than the first; `files` names the source of each language."""
    languages = list(lessons)
    return [
        problem
        for other in languages[1:]
        for problem in _compare(lessons[languages[0]], files[languages[0]], lessons[other], files[other])
    ]


def _compare(first: Lesson, first_file: str, other: Lesson, other_file: str) -> Iterator[Problem]:
    def differs(code: str, **params: object) -> Problem:
        return Problem(code, Place(other_file), {"file": first_file, **params}, MESSAGES)

    if other.code != first.code:
        yield differs("code_differs", here=other.code, there=first.code)
    here, there = ([step.id for step in lesson.steps] for lesson in (other, first))
    if here != there:
        yield differs("steps_differ", here=", ".join(here), there=", ".join(there))
    for check in other.checks:
        twin = first.step(check.id)
        if isinstance(twin, SelfCheck):
            yield from _compare_checks(twin, check, differs)
    cited, expected = ({source.fact for source in lesson.sources} for lesson in (other, first))
    if cited != expected:
        yield differs("facts_differ", difference=", ".join(sorted(cited ^ expected)))


def _compare_checks(first: SelfCheck, other: SelfCheck, differs: Callable[..., Problem]) -> Iterator[Problem]:
    here, there = ([choice.id for choice in check.choices] for check in (other, first))
    if sorted(here) != sorted(there):
        yield differs("choices_differ", id=other.id, here=", ".join(here), there=", ".join(there))
        return
    right, expected = ({choice.id for choice in check.choices if choice.correct} for check in (other, first))
    if right != expected:
        yield differs("answers_differ", id=other.id)
    if (other.kind, other.tries) != (first.kind, first.tries):
        yield differs("kind_differs", id=other.id)
