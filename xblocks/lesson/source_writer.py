"""A lesson back as the source a trainer edits: what `source.read_lesson` reads gives the same lesson again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from .model import Lesson, SelfCheck, Source, TextStep

_YAML_BREAKS = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029\ufeff"}
_FENCE = re.compile("`{3,}")


def write_lesson(lesson: Lesson, *, for_form: bool = False) -> str:
    """The source of `lesson`; `for_form` leaves out what the Studio form asks for beside it (title and minutes)."""
    front = "\n".join(_front_matter(lesson, for_form))
    steps = "\n\n".join(_step(step) for step in lesson.steps)
    return f"---\n{front}\n---\n\n{steps}\n" if front else f"{steps}\n"


def _front_matter(lesson: Lesson, for_form: bool) -> Iterator[str]:
    if lesson.code:
        yield f"code: {lesson.code}"
    if not for_form:
        yield f"title: {_quoted(lesson.title)}"
    yield from _list("objectives", lesson.objectives)
    if lesson.minutes and not for_form:
        yield f"minutes: {lesson.minutes}"
    if lesson.checked_on:
        yield f"checked_on: {lesson.checked_on}"
    yield from _list("practice", lesson.practice)
    if lesson.sources:
        yield "sources:"
        for source in lesson.sources:
            yield from _source(source)
    if lesson.guide:
        yield (
            f"guide: {{code: {_quoted(lesson.guide.code)}, title: {_quoted(lesson.guide.title)}}}"
            if (lesson.guide.title)
            else f"guide: {_quoted(lesson.guide.code)}"
        )


def _list(key: str, texts: tuple[str, ...]) -> Iterator[str]:
    if texts:
        yield f"{key}:"
        yield from (f"  - {_quoted(text)}" for text in texts)


def _source(source: Source) -> Iterator[str]:
    yield f"  - text: {_quoted(source.text)}"
    for key, value in (("statement", source.statement), ("fact", source.fact), ("checked_on", source.checked_on)):
        if value:
            yield f"    {key}: {_quoted(value)}"
    if source.to_confirm:
        yield "    to_confirm: true"


def _step(step: TextStep | SelfCheck) -> str:
    if isinstance(step, TextStep):
        return f"## {step.title} {{#{step.id}}}\n\n{step.body}"
    content = "\n".join(_check_lines(step))
    longest = max((len(run) for run in _FENCE.findall(content)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{step.type_name} {{#{step.id}}}\n{content}\n{fence}"


def _check_lines(check: SelfCheck) -> Iterator[str]:
    if check.title:
        yield f"title: {_quoted(check.title)}"
    yield f"question: {_quoted(check.question)}"
    yield f"kind: {check.kind}"
    yield "choices:"
    for choice in check.choices:
        yield f"  - id: {_quoted(choice.id)}"
        yield f"    text: {_quoted(choice.text)}"
        if choice.correct:
            yield "    correct: true"
        yield f"    feedback: {_quoted(choice.feedback)}"
    yield f"tries: {check.tries}"


def _quoted(text: str) -> str:
    """`text` as a double-quoted YAML value on one line (a JSON string, with YAML's own line ends escaped)."""
    return json.dumps(text, ensure_ascii=False).translate(_YAML_BREAKS)
