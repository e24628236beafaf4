"""What a guide is before it is built: value objects without Django, so that whoever reads sources needs no database.

Texts are mappings from a language to words; long ones are Markdown. Codes are small Latin letters, digits and hyphens (or
underscores, where formulas and documents name them), and never change once a guide is published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from .formulas import Formula

Words = Mapping[str, str]

LANGUAGES = ("ar", "fr")
"""Every guide exists in both; titles may also be in English, for those who look for one."""


class Kind(StrEnum):
    """What a column or a figure of a workbook holds."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    CHOICE = "choice"

    @property
    def is_figure(self) -> bool:
        return self in (Kind.NUMBER, Kind.MONEY, Kind.PERCENT)


@dataclass(frozen=True, slots=True)
class Cited:
    """A fact a guide stands on, as it is shown under sources; `to_confirm`: from memory, to be asked about."""

    fact: str
    source: Words
    statement: Words
    checked_on: str
    to_confirm: bool


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing to have or to do; not `required`: only where it applies."""

    code: str
    text: Words
    required: bool
    note: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Letter:
    """A document to fill in (minutes, notice, letter …); `body` is Markdown with blanks, `{{field}}` or `{{field|words}}`."""

    code: str
    title: Words
    description: Words
    body: Words
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure asked once, above the table, that formulas use by its code."""

    code: str
    title: Words
    kind: Kind
    value: float = 0
    note: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; with a `formula` it is computed, else people write in it."""

    code: str
    title: Words
    kind: Kind
    width: int
    note: Words = field(default_factory=dict)
    choices: tuple[Words, ...] = ()
    formula: str = ""
    is_summed: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A group of rows under a heading, with its own sums."""

    code: str
    title: Words
    rows: int


@dataclass(frozen=True, slots=True)
class Check:
    """What the workbook says as soon as `when` holds."""

    code: str
    when: str
    message: Words


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook. `row_checks` look at one row each and speak beside it, `checks` look at the sums and speak above."""

    code: str
    title: Words
    intro: Words
    figures: tuple[Figure, ...]
    columns: tuple[Column, ...]
    blocks: tuple[Block, ...]
    row_checks: tuple[Check, ...]
    checks: tuple[Check, ...]

    def formulas(self) -> dict[str, Formula]:
        """Every formula of the sheet, read: a sheet that passed its reader has no other."""
        written = [column.formula for column in self.columns if column.formula]
        return {text: Formula(text) for text in (*written, *(check.when for check in (*self.row_checks, *self.checks)))}


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook to fill in."""

    code: str
    title: Words
    description: Words
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide in one version, both languages. `valid_until` is empty while nothing is known to end it; days are ISO dates."""

    code: str
    version: str
    order: int
    topics: tuple[str, ...]
    valid_from: str
    valid_until: str
    checked_on: str
    title: Words
    summary: Words
    change_note: Words
    text: Words
    cited: tuple[Cited, ...] = ()
    checklist: tuple[ChecklistItem, ...] = ()
    letters: tuple[Letter, ...] = ()
    workbooks: tuple[Workbook, ...] = ()
    helps_units: tuple[str, ...] = ()

    def is_expired(self, on: date) -> bool:
        return bool(self.valid_until) and date.fromisoformat(self.valid_until) < on


def guide_to_data(guide: Guide) -> dict[str, Any]:
    """`guide` as plain JSON."""
    return asdict(guide)


def guide_from_data(data: Mapping[str, Any]) -> Guide:
    """The reverse of :func:`guide_to_data`."""
    return Guide(
        **{
            **data,
            "topics": tuple(data["topics"]),
            "helps_units": tuple(data["helps_units"]),
            "cited": tuple(Cited(**item) for item in data["cited"]),
            "checklist": tuple(ChecklistItem(**item) for item in data["checklist"]),
            "letters": tuple(Letter(**item) for item in data["letters"]),
            "workbooks": tuple(_workbook(item) for item in data["workbooks"]),
        }
    )


def _workbook(data: Mapping[str, Any]) -> Workbook:
    return Workbook(**{**data, "sheets": tuple(_sheet(item) for item in data["sheets"])})


def _sheet(data: Mapping[str, Any]) -> Sheet:
    return Sheet(
        **{
            **data,
            "figures": tuple(Figure(**{**item, "kind": Kind(item["kind"])}) for item in data["figures"]),
            "columns": tuple(
                Column(**{**item, "kind": Kind(item["kind"]), "choices": tuple(item["choices"])})
                for item in data["columns"]
            ),
            "blocks": tuple(Block(**item) for item in data["blocks"]),
            "row_checks": tuple(Check(**item) for item in data["row_checks"]),
            "checks": tuple(Check(**item) for item in data["checks"]),
        }
    )


@lru_cache(maxsize=1)
def field_words() -> Mapping[str, Words]:
    """Code of a blank that a document to fill in may have -> language -> the words that stand there while it is empty."""
    words: Mapping[str, Words] = yaml.safe_load((Path(__file__).parent / "fields.yaml").read_text("utf-8"))
    return words


@lru_cache(maxsize=1)
def topics() -> Mapping[str, Words]:
    """Code of a topic -> language -> its name."""
    names: Mapping[str, Words] = yaml.safe_load((Path(__file__).parent / "topics.yaml").read_text("utf-8"))
    return names
