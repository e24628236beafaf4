"""The lesson as data: for the mobile app and the course-blocks API, and for a search index. Nothing in it tells an answer."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from django.utils.html import escape

from nassij.common.text import source_allowed

from . import markdown
from .model import FieldPractice, File, FileStep, Lesson, MediaStep, Reflection, SelfCheck, Step, TextStep
from .shuffling import halves, mixed


def view_data(lesson: Lesson) -> dict[str, Any]:
    """The lesson, readable by a program."""
    return {
        "code": lesson.code,
        "title": lesson.title,
        "language": lesson.language,
        "minutes": lesson.minutes,
        "checked_on": lesson.checked_on,
        "objectives": list(lesson.objectives),
        "steps": [
            {"id": step.id, "type": step.type_name, "title": markdown.search_text(step.title), **_data(step)}
            for step in lesson.steps
        ],
    }


def search_words(lesson: Lesson) -> str:
    """All the words of a lesson but those that tell an answer."""
    texts = [*lesson.objectives, *(text for step in lesson.steps for text in step.texts()), *lesson.practice]
    return " ".join(words for text in texts if (words := markdown.search_text(text)))


@singledispatch
def _data(step: Step) -> dict[str, Any]:
    """What a kind of step has beyond its id and title."""
    raise TypeError(f"no data for {type(step).__name__}")


@_data.register
def _(step: TextStep) -> dict[str, Any]:
    return {"html": _html(step.body)}


@_data.register
def _(step: MediaStep) -> dict[str, Any]:
    named = {"file": step.file, "light": step.light, "captions": step.captions}
    files = {name: _file(file) for name, file in named.items() if file}
    return {"kind": step.kind, "minutes": step.minutes, **files, "html": _html(step.transcript)}


@_data.register
def _(step: FileStep) -> dict[str, Any]:
    return {"file": _file(step.file), "html": _html(step.text)}


@_data.register
def _(step: SelfCheck) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": step.kind, "question": str(markdown.line_html(step.question)), "tries": step.tries}
    if step.kind == "number":
        return data | {"unit": step.unit}
    named = mixed(step) if step.kind == "order" else [(choice.id, choice) for choice in step.choices]
    data["choices"] = [{"id": name, "html": str(markdown.line_html(choice.text))} for name, choice in named]
    if step.kind == "match":
        data["halves"] = [{"id": name, "html": str(markdown.line_html(half))} for name, half in halves(step).items()]
    return data


@_data.register(Reflection)
@_data.register(FieldPractice)
def _(step: Reflection | FieldPractice) -> dict[str, Any]:
    return {"html": _html(step.prompt)}


def _file(file: File) -> dict[str, Any]:
    return {"src": file.src if source_allowed(file.src) else "", "size": file.size}


def _html(text: str) -> str:
    return "".join(_part_html(part) for part in markdown.parts(text))


def _part_html(part: Any) -> str:
    if isinstance(part, str):
        return str(markdown.block_html(part))
    image = f'<img src="{escape(part.src)}" alt="{escape(part.alt)}">'
    return f"<figure>{image}<figcaption>{escape(part.caption)}</figcaption></figure>"
