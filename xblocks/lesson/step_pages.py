"""What the template of each kind of step needs: its texts as HTML, its files, the fields of a self-check."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from django.utils.translation import gettext

from nassij.common.numbers import format_number
from nassij.common.text import plain, source_allowed

from . import inputs, markdown
from .answers import MAX_NOTE
from .files import KILO, MEGA, document_kind
from .grading import Judged
from .model import FieldPractice, File, FileStep, MediaStep, Reflection, SelfCheck, Step, TextStep

TEMPLATES = "nassij_blocks/lesson"
TELLING = f"{TEMPLATES}/steps/telling.html"


@singledispatch
def shown_step(step: Step, number: int, with_key: bool) -> dict[str, Any]:
    """What the template of a kind of step needs; `with_key` also what tells the answers."""
    raise TypeError(f"no page for {type(step).__name__}")


@shown_step.register
def _(step: TextStep, number: int, with_key: bool) -> dict[str, Any]:
    return {"title": markdown.line_html(step.title), "parts": parts(step.body, step.title)}


@shown_step.register
def _(step: MediaStep, number: int, with_key: bool) -> dict[str, Any]:
    return {
        "title": markdown.line_html(step.title),
        "parts": parts(step.transcript, step.title),
        "video": step.kind == "video",
        "element": step.kind,
        "minutes": step.minutes,
        "file": _file(step.file),
        "light": _file(step.light) if step.light else None,
        "captions": _file(step.captions) if step.captions else None,
    }


@shown_step.register
def _(step: FileStep, number: int, with_key: bool) -> dict[str, Any]:
    return {
        "title": markdown.line_html(step.title),
        "parts": parts(step.text, step.title),
        "file": _file(step.file),
        "name": plain(step.title),
    }


@shown_step.register
def _(step: SelfCheck, number: int, with_key: bool) -> dict[str, Any]:
    return {
        "title": markdown.line_html(step.title) if step.title else gettext("Check yourself"),
        "question": markdown.line_html(step.question),
        "kind": step.kind,
        "unit": step.unit,
        "input": "checkbox" if step.kind == "multiple" else "radio",
        "choices": inputs.shown(step, number),
        "key": [judged(Judged(choice, choice.correct, choice.match)) for choice in step.choices] if with_key else [],
        "otherwise": markdown.block_html(step.otherwise) if with_key and step.otherwise else "",
        "show_correct": step.kind not in ("order", "match"),
    }


@shown_step.register
def _(step: Reflection, number: int, with_key: bool) -> dict[str, Any]:
    title = markdown.line_html(step.title) if step.title else gettext("Think about it")
    return {"title": title, "parts": parts(step.prompt, step.title), "template": TELLING, "most": MAX_NOTE}


@shown_step.register
def _(step: FieldPractice, number: int, with_key: bool) -> dict[str, Any]:
    title = markdown.line_html(step.title) if step.title else gettext("In your association")
    return {
        "title": title,
        "parts": parts(step.prompt, step.title),
        "template": TELLING,
        "shared": True,
        "most": MAX_NOTE,
    }


def _file(file: File) -> dict[str, Any]:
    """A file as a page names it; `src` stays empty when it would lead to another site."""
    src = file.src if source_allowed(file.src) else ""
    return {"src": src, "size": shown_size(file.size), "kind": document_kind(file.src)}


def shown_size(size: int) -> str:
    """«6,2 Mo», in the active language; empty when it is not known."""
    if not size:
        return ""
    if size < MEGA:
        return gettext("%(size)s KB") % {"size": format_number(max(1, size / KILO))}
    return gettext("%(size)s MB") % {"size": format_number(size / MEGA, decimals=1)}


def parts(body: str, title: str) -> list[dict[str, Any]]:
    """Pictures as they are (their texts are escaped by the template), the rest as HTML."""
    return [_html_part(part, title) if isinstance(part, str) else {"picture": part} for part in markdown.parts(body)]


def _html_part(text: str, title: str) -> dict[str, Any]:
    """`name` says to those who do not see it which table it is: the heading above it, else the title of the step."""
    html = markdown.block_html(text)
    table = "<table" in html
    return {"html": html, "table": table, "name": (markdown.table_name(text) or plain(title)) if table else ""}


def judged(part: Judged) -> dict[str, Any]:
    choice = part.choice
    return {
        "id": choice.id,
        "text": markdown.line_html(choice.text),
        "right": part.right,
        "given": markdown.line_html(part.given) if part.given else "",
        "feedback": markdown.block_html(choice.feedback),
    }
