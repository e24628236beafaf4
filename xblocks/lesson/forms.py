"""What the editor asks for, kind by kind: one description that draws the form, cleans what comes back and finds what is missing.

A field is one key of what `to_data` of its part writes. A kind of step without a description is kept as it is and edited as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nassij.common.text import clean_text, one_line

from .model import FieldPractice, FileStep, MediaStep, Reflection, SelfCheck, TextStep
from .problems import Place, Problem
from .source_blocks import MAX_MINUTES, MAX_TRIES

MAX_TITLE = 200
LANGUAGE_NAMES = {"ar": "العربية", "fr": "Français", "en": "English"}
Words = str | Promise


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a form asks for.

    `kind`: `line` (one paragraph), `text` (several, with pictures), `code` and `date` (no words of a language), `number`, `flag`,
    `pick` (one of `options`), `file` (an address and a size), `lines` (a list of lines), `list` (a list of `fields`, each called
    `one`), `group` (`fields` once). `picture` offers a picture for the text. `when` names a field of the step and the values with
    which this one is asked for; otherwise it is empty. `alone_when` names a field and its value with which only one item may have
    this flag. `set_ids` gives the items of a list ids that stay theirs. `takes` says what a `file` is for: a use of
    `files.UPLOADS`, or `media`: the one that the step's `kind` names.
    """

    name: str
    kind: str
    label: Words
    help: Words = ""
    one: Words = ""
    optional: bool = False
    picture: bool = False
    least: int = 0
    most: int = 0
    options: tuple[tuple[str, Words], ...] = ()
    fields: tuple[Field, ...] = ()
    when: tuple[str, tuple[str, ...]] | None = None
    alone_when: tuple[str, str] | None = None
    set_ids: bool = False
    takes: str = ""

    @property
    def empty(self) -> Any:
        """What a new form holds here."""
        empties: dict[str, Any] = {"number": self.least, "flag": False, "lines": [], "list": []}
        if self.kind == "group":
            return {field.name: field.empty for field in self.fields}
        if self.kind == "file":
            return None if self.optional else {"src": "", "size": 0}
        return self.options[0][0] if self.kind == "pick" else empties.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class Form:
    """The form of one kind of step; `starts_with` is how many items a new one has in its lists."""

    label: Words
    fields: tuple[Field, ...]
    starts_with: Mapping[str, int]


ABOUT = (
    Field("title", "line", _("Title"), most=MAX_TITLE),
    Field("language", "pick", _("Language of the lesson"), options=tuple(LANGUAGE_NAMES.items())),
    Field("minutes", "number", _("Time needed, in minutes"), least=1, most=MAX_MINUTES),
    Field("objectives", "lines", _("What learners will be able to do"), one=_("Objective"), optional=True),
    Field("practice", "lines", _("To do in the association afterwards"), one=_("Thing to do"), optional=True),
    Field(
        "sources",
        "list",
        _("Sources"),
        one=_("Source"),
        optional=True,
        fields=(
            Field(
                "text",
                "line",
                _("Law and article, or page"),
                help=_("The law and its article, or the page of an authority."),
            ),
            Field("statement", "line", _("What it says"), optional=True),
            Field("checked_on", "date", _("Checked on"), optional=True),
            Field("fact", "code", _("Number in the fact base"), optional=True),
            Field("to_confirm", "flag", _("To be confirmed with the contact centre")),
        ),
    ),
    Field("checked_on", "date", _("All sources checked on"), optional=True),
    Field(
        "guide",
        "group",
        _("Reference guide that helps"),
        optional=True,
        fields=(
            Field("code", "code", _("Code of the guide"), optional=True),
            Field("title", "line", _("Title of the guide"), optional=True),
        ),
    ),
    Field("scored", "flag", _("The self-checks count towards the grade")),
)
"""The lesson but for its steps and its code, which nobody edits."""

_CHOSEN = ("single", "multiple")
_CHECK_TITLE = Field("title", "line", _("Title"), help=_("Left empty: “Check yourself”."), optional=True)
_CHOICE = (
    Field("text", "line", _("What can be chosen"), when=("kind", (*_CHOSEN,))),
    Field(
        "text",
        "line",
        _("What has its place in the order"),
        help=_("Write them here in the right order."),
        when=("kind", ("order",)),
    ),
    Field("text", "line", _("One half of the pair"), when=("kind", ("match",))),
    Field("match", "line", _("The other half"), when=("kind", ("match",))),
    Field(
        "text", "code", _("The number"), help=_("In digits with a point, for example 0.5."), when=("kind", ("number",))
    ),
    Field(
        "correct",
        "flag",
        _("This is right"),
        when=("kind", (*_CHOSEN, "number")),
        alone_when=("kind", "single"),
    ),
    Field("feedback", "text", _("What the learner reads after choosing it")),
)
_TITLE = Field("title", "line", _("Title"))
_OPTIONAL_TITLE = Field("title", "line", _("Title"), optional=True)

STEPS: Mapping[str, Form] = {
    TextStep.type_name: Form(_("Text"), (_TITLE, Field("body", "text", _("Text"), picture=True)), {}),
    MediaStep.type_name: Form(
        _("Video or recording"),
        (
            _TITLE,
            Field("kind", "pick", _("What it is"), options=(("video", _("Video")), ("audio", _("Recording")))),
            Field("file", "file", _("File"), takes="media"),
            Field("light", "file", _("Light version, offered first"), optional=True, takes="media"),
            Field("captions", "file", _("Captions (WebVTT)"), optional=True, takes="captions"),
            Field("minutes", "number", _("Length, in minutes"), least=1, most=MAX_MINUTES),
            Field("transcript", "text", _("The same as a text, for who cannot play it"), picture=True),
        ),
        {},
    ),
    FileStep.type_name: Form(
        _("File to download"),
        (
            _TITLE,
            Field("file", "file", _("File"), takes="file"),
            Field("text", "text", _("What it is good for"), optional=True),
        ),
        {},
    ),
    SelfCheck.type_name: Form(
        _("Self-check"),
        (
            Field(
                "kind",
                "pick",
                _("Kind of question"),
                options=(
                    ("single", _("One right choice")),
                    ("multiple", _("One or several right choices")),
                    ("order", _("Put in order")),
                    ("match", _("Find the pairs")),
                    ("number", _("A number")),
                ),
            ),
            Field("question", "line", _("Question"), picture=True),
            Field(
                "choices",
                "list",
                _("Choices"),
                help=_(
                    "Things to put in order stand here in the right one; of numbers, those that learners may come to."
                ),
                one=_("Choice"),
                set_ids=True,
                fields=_CHOICE,
            ),
            Field("unit", "line", _("Unit"), optional=True, when=("kind", ("number",))),
            Field(
                "tolerance",
                "code",
                _("How far from the number still counts"),
                optional=True,
                when=("kind", ("number",)),
            ),
            Field("otherwise", "text", _("What the learner reads after any other number"), when=("kind", ("number",))),
            Field("tries", "number", _("Tries"), help=_("0: as often as one likes."), most=MAX_TRIES),
            _CHECK_TITLE,
        ),
        {"choices": 2},
    ),
    Reflection.type_name: Form(
        _("Question to think about"), (_OPTIONAL_TITLE, Field("prompt", "text", _("Question"), picture=True)), {}
    ),
    FieldPractice.type_name: Form(
        _("To do in the association"),
        (_OPTIONAL_TITLE, Field("prompt", "text", _("What to do, and what to tell afterwards"), picture=True)),
        {},
    ),
}


def described(field: Field) -> dict[str, Any]:
    """The field for the page, its words in the active language."""
    return {name: _spoken(value) for name, value in asdict(field).items() if value} | {"empty": field.empty}


def _spoken(value: Any) -> Any:
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, dict):
        return {name: _spoken(each) for name, each in value.items() if each}
    return [_spoken(each) for each in value] if isinstance(value, (list, tuple)) else value


class Cleaner:
    """Brings what an editor sent into the shape that a form describes; `found` are the numbers it could not read, by path."""

    def __init__(self) -> None:
        self.found: list[tuple[str, Problem]] = []
        self.step: Mapping[str, Any] = {}

    def group(self, fields: tuple[Field, ...], data: object, path: str = "") -> dict[str, Any]:
        """Exactly the fields described, of their kinds, without what texts may not hold."""
        given = data if isinstance(data, Mapping) else {}
        top = given if path == "" else self.step
        self.step = top
        cleaned: dict[str, Any] = {}
        for field in fields:  # of several with one name, the form asks for one at a time
            if asked(field, top):
                cleaned[field.name] = self.field(field, given.get(field.name), f"{path}{field.name}")
            else:
                cleaned.setdefault(field.name, self.field(field, None, f"{path}{field.name}"))
        return cleaned

    def field(self, field: Field, value: Any, path: str) -> Any:
        if field.kind == "number":
            return self._number(field, value, path)
        if field.kind == "flag":
            return value is True
        if field.kind == "group":
            return self.group(field.fields, value, f"{path}.")
        if field.kind == "file":
            return self._file(field, value)
        if field.kind == "list":
            return [self._item(field, item, f"{path}.{number}.") for number, item in enumerate(_listed(value))]
        if field.kind == "lines":
            return [line for item in _listed(value) if (line := _line(item))]
        if field.kind == "pick":
            return _line(value) or field.empty
        return clean_text(value) if field.kind == "text" and isinstance(value, str) else _line(value)

    def _item(self, field: Field, item: Any, path: str) -> dict[str, Any]:
        cleaned = self.group(field.fields, item, path)
        return (
            {"id": _line(item.get("id") if isinstance(item, Mapping) else ""), **cleaned} if field.set_ids else cleaned
        )

    def _file(self, field: Field, value: Any) -> dict[str, Any] | None:
        given = value if isinstance(value, Mapping) else {}
        src, size = _line(given.get("src")), given.get("size")
        known = isinstance(size, int) and 0 < size < 10**12
        return {"src": src, "size": size if known else 0} if src or not field.optional else None

    def _number(self, field: Field, value: Any, path: str) -> int:
        if value in (None, "") and not field.least:
            return 0
        text = str(value).strip() if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        if not field.least <= number <= field.most:
            params = {"key": field.label, "least": field.least, "most": field.most}
            self.found.append((path, Problem("not_a_number", Place(path), params)))
            return field.least
        return number


def asked(field: Field, step: Mapping[str, Any]) -> bool:
    """Whether the form of a step asks for `field`."""
    return field.when is None or step.get(field.when[0]) in field.when[1]


def texts(
    fields: tuple[Field, ...], data: Mapping[str, Any], path: str = "", step: Mapping[str, Any] | None = None
) -> Iterator[tuple[str, str, Field]]:
    """(path, text, field) of every text of a language in `data`, which has the shape of `fields`."""
    step = data if step is None else step
    for field in fields:
        if not asked(field, step):
            continue
        value, here = data[field.name], f"{path}{field.name}"
        if field.kind in ("line", "text"):
            yield here, value, field
        elif field.kind == "lines":
            yield from ((f"{here}.{number}", line, field) for number, line in enumerate(value))
        elif field.kind == "list":
            for number, item in enumerate(value):
                yield from texts(field.fields, item, f"{here}.{number}.", step)
        elif field.kind == "group":
            yield from texts(field.fields, value, f"{here}.", step)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _line(value: Any) -> str:
    return one_line(clean_text(value)) if isinstance(value, str) else ""
