"""A draft in parts that fit a page: the texts of each in every language beside each other, and the settings that go with them.

What adds or removes a question is done in the whole document (YAML or the workbook); what is changed most, words, weights and
conditions, is done here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from nassij.common.locale import active_language
from nassij.common.text import clean_text

from ..domain import Basis, texts_of
from ..domain.problems import pointer_steps

MAX_TEXT = 8_000  # more than the parser takes: it says so better


@dataclass(frozen=True, slots=True)
class Field:
    """One text in one language, or one setting. `kind` is text, number, flag or choice."""

    name: str
    kind: str
    value: Any = ""
    language: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """What stands on one line: a label and its fields; `path` is its place in the document."""

    path: str
    label: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the editor. `missing` counts the texts that are not there yet."""

    number: int
    prefix: str
    title: str
    lines: tuple[Line, ...] = field(default=())
    missing: int = 0


def parts_of(content: Mapping[str, Any]) -> tuple[Part, ...]:
    """The parts of a draft in document order; together they hold every text once."""
    languages = content["languages"]
    lines: dict[str, list[Line]] = {}
    for path, text in texts_of(content):
        prefix = _part_of(path)
        fields = tuple(Field(f"{path}/{language}", "text", text.get(language, ""), language) for language in languages)
        lines.setdefault(prefix, []).append(Line(path, _label(path, content), fields))
    for path, section in _sections(content, ""):
        weight = Field(f"{path}/weight", "number", section["weight"])
        lines.setdefault("/dimensions", []).append(Line(f"{path}/weight", _weight_label(section), (weight,)))
    order = ["/heading", "/scale", "/profile_questions", "/scoring", "/laws", "/dimensions"]
    found = [prefix for prefix in order if prefix in lines] + [prefix for prefix in lines if prefix not in order]
    parts = []
    for number, prefix in enumerate(found):
        settings = _settings(_at(content, prefix), prefix, content) if "/indicators/" in prefix else ()
        missing = sum(not item.value for line in lines[prefix] for item in line.fields if item.kind == "text")
        parts.append(Part(number, prefix, _title(prefix, content), (*lines[prefix], *settings), missing))
    return tuple(parts)


def changed(content: Mapping[str, Any], part: Part, posted: Mapping[str, str]) -> dict[str, Any]:
    """The document with what was entered for `part`; an emptied text is a missing one again."""
    data = deepcopy(dict(content))
    for line in part.lines:
        for item in line.fields:
            if item.kind == "flag":
                _set(data, item.name, item.name in posted)
            elif item.name in posted:
                value = clean_text(posted[item.name][:MAX_TEXT].replace("\r\n", "\n")).strip()
                _set(data, item.name, _number(value) if item.kind == "number" else value)
    return data


def part_at(parts: tuple[Part, ...], path: str) -> Part | None:
    """The part that holds a place of the document."""
    prefix = _part_of(path)
    return next((part for part in parts if part.prefix == prefix), None)


def _number(value: str) -> Any:
    return int(value) if value.isdecimal() else value


def _part_of(path: str) -> str:
    steps = pointer_steps(path)
    if "indicators" in steps:
        return "/" + "/".join(steps[: steps.index("indicators") + 2])
    return {"title": "/heading", "description": "/heading", "sections": "/dimensions"}.get(steps[0], f"/{steps[0]}")


def _sections(data: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for index, section in enumerate(data.get("sections", ())):
        here = f"{path}/sections/{index}"
        yield here, section
        yield from _sections(section, here)


def _settings(indicator: Mapping[str, Any], path: str, content: Mapping[str, Any]) -> tuple[Line, ...]:
    questions = [(item["code"], _any(item["text"]) or item["code"]) for item in content.get("profile_questions", ())]
    everybody = ("", _("Every association"))
    basis = tuple((str(kind), str(_BASIS[kind])) for kind in Basis)
    found = (
        (_("Weight"), Field(f"{path}/weight", "number", indicator["weight"])),
        (_("Critical"), Field(f"{path}/critical", "flag", indicator.get("critical", False))),
        (_("In the express form"), Field(f"{path}/express", "flag", indicator.get("express", False))),
        (
            _("Whom it concerns"),
            Field(f"{path}/applies_if", "choice", indicator.get("applies_if", ""), choices=(everybody, *questions)),
        ),
        (_("What it rests on"), Field(f"{path}/basis", "choice", indicator.get("basis", ""), choices=basis)),
    )
    return tuple(Line(item.name, label, (item,)) for label, item in found)


class _Words(dict[Basis, str]):
    """What an indicator rests on, in the reader's language."""

    def __missing__(self, basis: Basis) -> str:
        return {
            Basis.LAW: _("The law"),
            Basis.STATUTES: _("The association's own statutes"),
            Basis.GOOD_PRACTICE: _("Good practice"),
        }[basis]


_BASIS = _Words()


def _title(prefix: str, content: Mapping[str, Any]) -> str:
    if "/indicators/" in prefix:
        item = _at(content, prefix)
        return f"{item['code']} {_any(item['title'])}"
    return {
        "/heading": _("Title and description"),
        "/scale": _("The scale"),
        "/profile_questions": _("Questions about the association"),
        "/scoring": _("Names of the bands"),
        "/laws": _("The laws, in our own words"),
        "/dimensions": _("Areas"),
    }[prefix]


def _label(path: str, content: Mapping[str, Any]) -> str:
    *_above, before, last = ["", *pointer_steps(path)]
    if before == "levels" and "indicators" in path:
        return _("Level %(n)s") % {"n": last}
    if before == "evidence":
        return _("Document %(n)s") % {"n": int(last) + 1}
    if before == "laws":
        return last
    holder = _at(content, path.rpartition("/")[0])
    code = holder.get("code", "") if isinstance(holder, dict) else ""
    if last == "name":
        return _("Level %(n)s") % {"n": holder.get("level", holder.get("label", ""))}
    if last == "text":
        return str(code)
    if last == "title" and "indicators" not in path and code:
        return str(code)
    return {"title": _("Title"), "description": _("Description"), "why": _("Why it matters")}[last]


def _weight_label(section: Mapping[str, Any]) -> str:
    return _("Weight of %(code)s") % {"code": section["code"]}


def _any(text: Mapping[str, str]) -> str:
    """In the reader's language, else in any."""
    return text.get(active_language()) or next(iter(text.values()), "")


def _at(data: Any, path: str) -> Any:
    for step in pointer_steps(path):
        data = data[int(step)] if isinstance(data, list) else data[step]
    return data


def _set(data: dict[str, Any], path: str, value: Any) -> None:
    """Set a place, or clear it when the value is empty or false."""
    above, _slash, key = path.rpartition("/")
    target, name = _at(data, above), pointer_steps(f"/{key}")[0]
    if value in ("", False):
        target.pop(name, None)
    else:
        target[name] = value
