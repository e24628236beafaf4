"""A lesson as OLX: child elements of `<nassij_lesson>`, written inline in the vertical.

Exact both ways: `read(write(lesson)) == lesson`, because libraries keep blocks as OLX and parse it on every load. Texts stand
alone in leaf elements, so that pretty-printing an export changes none of them. The attribute `schema` is the form's version.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import singledispatch
from typing import Any

from lxml import etree

from nassij.common.text import clean_text, source_allowed

from . import numeric
from .markdown import can_be_shown
from .model import (
    CHECK_KINDS,
    LANGUAGES,
    MAX_CODE,
    MEDIA_KINDS,
    SCHEMA,
    Choice,
    FieldPractice,
    File,
    FileStep,
    Guide,
    Lesson,
    LessonError,
    MediaStep,
    Reflection,
    SelfCheck,
    Source,
    Step,
    TextStep,
    is_code,
    refuse_newer,
)

TAG = "nassij_lesson"
Element = Any  # lxml's element type is private
ATTRIBUTES = ("schema", "language", "code", "minutes", "checked_on", "scored")
STEP_ATTRIBUTES = {
    TextStep.type_name: ("id", "title"),
    MediaStep.type_name: ("id", "kind", "title", "minutes"),
    FileStep.type_name: ("id", "title"),
    SelfCheck.type_name: ("id", "kind", "title", "tries", "tolerance", "unit"),
    Reflection.type_name: ("id", "title"),
    FieldPractice.type_name: ("id", "title"),
    "choice": ("id", "correct"),
}
"""Element -> the attributes this version knows; others are kept as they are (`extra`)."""
LEARNERS = ("progress", "overridden_score")  # fields of a learner's: they go into no course
IDENTITY = ("xblock-family", "url_name", "slug", "org", "course", "filename")  # written anew on every export


def write(lesson: Lesson, node: Element) -> None:
    """Put `lesson` (but for its title, the block's `display_name`) on `node` as attributes and children; nothing of a learner."""
    for name in LEARNERS:
        node.attrib.pop(name, None)
    try:
        for name, value in lesson.extra.items():
            node.set(name, value)
        node.set("schema", str(SCHEMA))
        node.set("language", lesson.language)
        for name, text in (("code", lesson.code), ("checked_on", lesson.checked_on)):
            if text:
                node.set(name, text)
        if lesson.minutes:
            node.set("minutes", str(lesson.minutes))
        if lesson.scored:
            node.set("scored", "true")
        for objective in lesson.objectives:
            _leaf(node, "objective", objective)
        for step in lesson.steps:
            write_step(step, node)
        for text in lesson.practice:
            _leaf(node, "practice", text)
        for source in lesson.sources:
            _write_source(source, node)
        if lesson.guide:
            _leaf(node, "guide", lesson.guide.title, code=lesson.guide.code)
    except ValueError as error:  # lxml refuses what XML cannot carry
        raise LessonError(f"lesson {lesson.code!r} holds characters that OLX cannot carry") from error


def read(node: Element, *, title: str, block_attributes: tuple[str, ...] = ()) -> Lesson:
    """The lesson on `node`. Raises `LessonError` that names what cannot be read.

    `block_attributes` are attributes that belong to the block's own fields (`display_name`, `start`, …) and are left to it.
    """
    refuse_newer(node.get("schema", str(SCHEMA)))
    known = {*ATTRIBUTES, *IDENTITY, *block_attributes}
    found: dict[str, list[Any]] = {"objective": [], "step": [], "practice": [], "source": [], "guide": []}
    for child in node:
        if not isinstance(child.tag, str) or etree.QName(child).namespace:
            continue  # comments, and the block's own options
        kind, value = _read_child(child)
        if kind == "step":
            _refuse_twice(child, value.id, found[kind])
        found[kind].append(value)
    language = node.get("language", LANGUAGES[0])
    if language not in LANGUAGES:
        raise LessonError(f"{_where(node)}: unknown language {language!r}")
    return Lesson(
        title=clean_text(title),
        language=language,
        code=clean_text(node.get("code", "")),
        minutes=_number(node, "minutes"),
        checked_on=clean_text(node.get("checked_on", "")),
        objectives=tuple(found["objective"]),
        steps=tuple(found["step"]),
        practice=tuple(found["practice"]),
        sources=tuple(found["source"]),
        guide=found["guide"][-1] if found["guide"] else None,
        scored=_yes(node, "scored"),
        extra={name: value for name, value in node.attrib.items() if name not in known},
    )


@singledispatch
def write_step(step: Step, node: Element) -> None:
    """Append `step` to `node`; one implementation per kind of step."""
    raise TypeError(f"no OLX form for {type(step).__name__}")


@write_step.register
def _(step: TextStep, node: Element) -> None:
    _leaf(node, step.type_name, step.body, step.extra, id=step.id, title=step.title)


@write_step.register
def _(step: MediaStep, node: Element) -> None:
    element = etree.SubElement(
        node, step.type_name, {**step.extra, "id": step.id, "kind": step.kind, "title": step.title}
    )
    if step.minutes:
        element.set("minutes", str(step.minutes))
    for name, file in (("file", step.file), ("light", step.light), ("captions", step.captions)):
        if file:
            _write_file(name, file, element)
    _leaf(element, "transcript", step.transcript)


@write_step.register
def _(step: FileStep, node: Element) -> None:
    element = etree.SubElement(node, step.type_name, {**step.extra, "id": step.id, "title": step.title})
    _write_file("file", step.file, element)
    _leaf(element, "text", step.text)


@write_step.register
def _(step: SelfCheck, node: Element) -> None:
    element = etree.SubElement(
        node, step.type_name, {**step.extra, "id": step.id, "kind": step.kind, "title": step.title}
    )
    if step.tries:
        element.set("tries", str(step.tries))
    for name, text in (("tolerance", step.tolerance), ("unit", step.unit)):
        if text:
            element.set(name, text)
    _leaf(element, "question", step.question)
    for choice in step.choices:
        one = etree.SubElement(element, "choice", {**choice.extra, "id": choice.id})
        if choice.correct:
            one.set("correct", "true")
        _leaf(one, "text", choice.text)
        if choice.match:
            _leaf(one, "match", choice.match)
        _leaf(one, "feedback", choice.feedback)
    if step.otherwise:
        _leaf(element, "otherwise", step.otherwise)


@write_step.register(Reflection)
@write_step.register(FieldPractice)
def _(step: Reflection | FieldPractice, node: Element) -> None:
    _leaf(node, step.type_name, step.prompt, step.extra, id=step.id, title=step.title)


def _write_source(source: Source, node: Element) -> None:
    element = etree.SubElement(node, "source")
    for name, value in (("fact", source.fact), ("checked_on", source.checked_on)):
        if value:
            element.set(name, value)
    if source.to_confirm:
        element.set("to_confirm", "true")
    _leaf(element, "text", source.text)
    if source.statement:
        _leaf(element, "statement", source.statement)


def _read_child(child: Element) -> tuple[str, Any]:
    """(part of the lesson, value) for a child element."""
    if child.tag in STEP_READERS:
        return "step", STEP_READERS[child.tag](child)
    if child.tag in ("objective", "practice"):
        return child.tag, _text(child)
    if child.tag == "source":
        return "source", _read_source(child)
    if child.tag == "guide":
        return "guide", Guide(code=clean_text(child.get("code", "")), title=_text(child))
    raise LessonError(f"{_where(child)}: <{child.tag}> is not a part of a lesson this version knows")


def _read_text(node: Element) -> TextStep:
    return TextStep(id=_id(node), title=clean_text(node.get("title", "")), body=_text(node), extra=_extra(node))


def _read_media(node: Element) -> MediaStep:
    return MediaStep(
        id=_id(node),
        title=clean_text(node.get("title", "")),
        kind=_one_of(node, MEDIA_KINDS, "media"),
        minutes=_number(node, "minutes"),
        file=_file(node, "file"),
        light=_read_file(node, "light"),
        captions=_read_file(node, "captions"),
        transcript=_child_text(node, "transcript"),
        extra=_extra(node),
    )


def _read_file_step(node: Element) -> FileStep:
    return FileStep(
        id=_id(node),
        title=clean_text(node.get("title", "")),
        file=_file(node, "file"),
        text=_child_text(node, "text"),
        extra=_extra(node),
    )


def _read_self_check(node: Element) -> SelfCheck:
    kind = _one_of(node, CHECK_KINDS, "self-check")
    return SelfCheck(
        id=_id(node),
        title=clean_text(node.get("title", "")),
        question=_child_text(node, "question"),
        kind=kind,
        tries=_number(node, "tries"),
        tolerance=_tolerance(node),
        unit=clean_text(node.get("unit", "")),
        otherwise=_child_text(node, "otherwise"),
        choices=_read_choices(node, kind),
        extra=_extra(node),
    )


def _read_choices(node: Element, kind: str) -> tuple[Choice, ...]:
    found: list[Choice] = []
    for child in node.findall("choice"):
        text = _child_text(child, "text")
        choice = Choice(
            id=_id(child),
            text=_decimal(child, text) if kind == "number" else text,
            feedback=_child_text(child, "feedback"),
            correct=_yes(child, "correct"),
            match=_child_text(child, "match"),
            extra=_extra(child),
        )
        _refuse_twice(child, choice.id, found)
        found.append(choice)
    return tuple(found)


def _read_telling(kind: type[Reflection] | type[FieldPractice]) -> Callable[[Element], Step]:
    return lambda node: kind(
        id=_id(node), title=clean_text(node.get("title", "")), prompt=_text(node), extra=_extra(node)
    )


STEP_READERS: Mapping[str, Callable[[Element], Step]] = {
    TextStep.type_name: _read_text,
    MediaStep.type_name: _read_media,
    FileStep.type_name: _read_file_step,
    SelfCheck.type_name: _read_self_check,
    Reflection.type_name: _read_telling(Reflection),
    FieldPractice.type_name: _read_telling(FieldPractice),
}


def _read_source(node: Element) -> Source:
    return Source(
        text=_child_text(node, "text"),
        statement=_child_text(node, "statement"),
        fact=clean_text(node.get("fact", "")),
        checked_on=clean_text(node.get("checked_on", "")),
        to_confirm=_yes(node, "to_confirm"),
    )


def _write_file(name: str, file: File, node: Element) -> None:
    element = etree.SubElement(node, name, {"src": file.src})
    if file.size:
        element.set("size", str(file.size))


def _read_file(node: Element, name: str) -> File | None:
    child = node.find(name)
    return None if child is None else File(src=_src(child), size=_number(child, "size"))


def _src(node: Element) -> str:
    """The address of a file; one that no page of ours shows is named rather than kept where nobody sees it."""
    cleaned = clean_text(value := str(node.get("src", "")))
    hidden = unicodedata.normalize("NFC", value) != cleaned
    if hidden or not source_allowed(cleaned):
        fault = "has characters that hide" if hidden else "does not lead to a file of the course"
        named = f"{_where(node)}: src={cleaned[:80]!r} of <{node.tag}> {fault}"
        raise LessonError(f"{named}: put the file among those of the course and write src='/static/name'")
    return cleaned


def _file(node: Element, name: str) -> File:
    found = _read_file(node, name)
    if found is None:
        raise LessonError(f"{_where(node)}: <{node.tag}> has no <{name}>")
    return found


def _extra(node: Element) -> dict[str, str]:
    """The attributes of a step or a choice that this version does not know."""
    return {name: value for name, value in node.attrib.items() if name not in STEP_ATTRIBUTES[node.tag]}


def _leaf(node: Element, tag: str, text: str, extra: Mapping[str, str] | None = None, **attributes: str) -> None:
    known = {name: value for name, value in attributes.items() if value}
    etree.SubElement(node, tag, {**(extra or {}), **known}).text = text


def _text(node: Element) -> str:
    text = clean_text("".join(node.itertext()))
    if not can_be_shown(text):
        raise LessonError(f"{_where(node)}: the text of <{node.tag}> is longer or nested more deeply than a page takes")
    return text


def _child_text(node: Element, tag: str) -> str:
    child = node.find(tag)
    return "" if child is None else _text(child)


def _id(node: Element) -> str:
    """The id of a step or a choice: what learners' progress hangs on, so it is as strict as in the Markdown source."""
    value = str(node.get("id", ""))
    if not value:
        raise LessonError(f"{_where(node)}: <{node.tag}> has no id")
    if not is_code(value):
        raise LessonError(
            f"{_where(node)}: id={value[: MAX_CODE + 1]!r} cannot be an id: use small Latin letters, digits and single hyphens"
        )
    return value


def _refuse_twice(node: Element, value: str, known: Sequence[Step | Choice]) -> None:
    if any(other.id == value for other in known):
        raise LessonError(f"{_where(node)}: the id {value!r} is used twice: give each <{node.tag}> an id of its own")


def _one_of(node: Element, known: tuple[str, ...], what: str) -> str:
    """The attribute `kind`, the first of the `known` ones without it."""
    kind = str(node.get("kind", known[0]))
    if kind not in known:
        raise LessonError(f"{_where(node)}: unknown kind of {what} {kind!r}")
    return kind


def _decimal(node: Element, value: str) -> str:
    if value and numeric.exact(value) is None:
        raise LessonError(f"{_where(node)}: {value!r} is not a number such as 12 or 0.5")
    return value


def _tolerance(node: Element) -> str:
    value = _decimal(node, node.get("tolerance", ""))
    if value.startswith("-"):
        raise LessonError(f"{_where(node)}: tolerance={value!r} is less than nothing")
    return value


def _yes(node: Element, name: str) -> bool:
    value = node.get(name, "false")
    if value not in ("true", "false"):
        raise LessonError(f"{_where(node)}: {name}={value!r} is neither true nor false")
    return bool(value == "true")


def _number(node: Element, name: str) -> int:
    value = node.get(name, "0")
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise LessonError(f"{_where(node)}: {name}={value!r} is not a whole number")
    return int(value)


def _where(node: Element) -> str:
    return f"line {node.sourceline}" if node.sourceline else f"<{node.tag}>"
