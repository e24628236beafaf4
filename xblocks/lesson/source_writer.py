"""A lesson back as the source a trainer edits: what `source.read_lesson` reads gives the same lesson again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import singledispatch

from .model import FieldPractice, File, FileStep, Lesson, MediaStep, Reflection, SelfCheck, Source, Step, TextStep

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
    if lesson.scored:
        yield "scored: true"
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


def _step(step: Step) -> str:
    if isinstance(step, TextStep):
        return f"## {step.title} {{#{step.id}}}\n\n{step.body}"
    content = "\n".join(_block_lines(step))
    longest = max((len(run) for run in _FENCE.findall(content)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{step.type_name} {{#{step.id}}}\n{content}\n{fence}"


@singledispatch
def _block_lines(step: Step) -> Iterator[str]:
    """The key: value lines of a step that stands in a block."""
    raise TypeError(f"no source for {type(step).__name__}")


@_block_lines.register
def _(step: MediaStep) -> Iterator[str]:
    yield f"title: {_quoted(step.title)}"
    yield f"kind: {step.kind}"
    if step.minutes:
        yield f"minutes: {step.minutes}"
    yield from _file("file", "size", step.file)
    yield from _file("light", "light_size", step.light)
    yield from _file("captions", "captions_size", step.captions)
    yield f"transcript: {_quoted(step.transcript)}"


@_block_lines.register
def _(step: FileStep) -> Iterator[str]:
    yield f"title: {_quoted(step.title)}"
    yield from _file("file", "size", step.file)
    yield from _optional("text", step.text)


@_block_lines.register
def _(check: SelfCheck) -> Iterator[str]:
    yield from _optional("title", check.title)
    yield f"question: {_quoted(check.question)}"
    yield f"kind: {check.kind}"
    for key, text in (("tolerance", check.tolerance), ("unit", check.unit)):
        yield from _optional(key, text)
    yield "choices:"
    for choice in check.choices:
        yield f"  - id: {_quoted(choice.id)}"
        yield f"    text: {_quoted(choice.text)}"
        if choice.match:
            yield f"    match: {_quoted(choice.match)}"
        if choice.correct:
            yield "    correct: true"
        yield f"    feedback: {_quoted(choice.feedback)}"
    yield from _optional("otherwise", check.otherwise)
    yield f"tries: {check.tries}"


@_block_lines.register(Reflection)
@_block_lines.register(FieldPractice)
def _(step: Reflection | FieldPractice) -> Iterator[str]:
    yield from _optional("title", step.title)
    yield f"prompt: {_quoted(step.prompt)}"


def _file(key: str, size_key: str, file: File | None) -> Iterator[str]:
    if file:
        yield f"{key}: {_quoted(file.src)}"
        if file.size:
            yield f"{size_key}: {file.size}"


def _optional(key: str, text: str) -> Iterator[str]:
    if text:
        yield f"{key}: {_quoted(text)}"


def _quoted(text: str) -> str:
    """`text` as a double-quoted YAML value on one line (a JSON string, with YAML's own line ends escaped)."""
    return json.dumps(text, ensure_ascii=False).translate(_YAML_BREAKS)
