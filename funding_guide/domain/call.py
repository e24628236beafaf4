"""A funding call as data: who gives what to whom, until when, under which rules, for which documents.

The format is published as ``funding_guide/schema/funding-call-1.schema.json``. A call is immutable once published: what changes
is a new version of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property

from .amounts import Amounts
from .rules import AmountWithin, FieldAmong, OwnContribution, Rule, SeatAmong

#: The codes of the rules that a call's own data imply, and of the finding about its dates: no written rule may be called so.
RESERVED = ("seat", "field", "amount", "own_contribution", "timing")
#: Language code -> text.
Texts = Mapping[str, str]


class DocumentKind(StrEnum):
    """What the association has to do with a document of the file."""

    COPY = "copy"
    """It has it, or asks somebody for it: a receipt, a bank certificate."""
    WRITE = "write"
    """It writes it, mostly from a template: a note, a budget, a report."""
    SIGN = "sign"
    """It writes it, and it is void until somebody has signed."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document that the file must, or may, hold.

    ``guide_code`` is the reference guide that helps; ``template_code`` the fillable file in it. ``valid_months`` says how old the
    document may be on the day the call closes. ``shows`` names a rule of the call that this document proves.
    """

    code: str
    title: Texts
    kind: DocumentKind
    required: bool = True
    copies: int = 1
    valid_months: int | None = None
    guide_code: str | None = None
    template_code: str | None = None
    shows: str | None = None
    note: Texts | None = None


@dataclass(frozen=True, slots=True)
class Funder:
    """Who gives the money. ``council`` is set for an elected council: conflicts of interest are looked for there."""

    code: str
    name: Texts
    council: str | None = None


@dataclass(frozen=True, slots=True)
class Territory:
    """Where the association must have its seat, as codes of the reference data; both empty: anywhere."""

    regions: frozenset[str] = frozenset()
    provinces: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement of the call can be read; ``fact`` is its number in the fact base."""

    title: Texts
    url: str | None = None
    fact: str | None = None


@dataclass(frozen=True)
class Call:
    """One version of a call. ``is_model``: no call of its own but what such calls mostly ask ("model: follow the call").

    ``opens_on`` and ``closes_on`` are days in Morocco (Africa/Casablanca); ``closes_at`` the hour of the last day, its end when
    None. A model has neither. ``fields`` are the fields of activity the call is for, empty: any.
    """

    slug: str
    version: str
    languages: tuple[str, ...]
    is_model: bool
    title: Texts
    summary: Texts
    funder: Funder
    fields: frozenset[str]
    territory: Territory
    amounts: Amounts
    opens_on: date | None
    closes_on: date | None
    closes_at: time | None
    rules: tuple[Rule, ...]
    documents: tuple[Document, ...]
    sources: tuple[Source, ...]
    checked_on: date
    contact: Texts | None = None
    url: str | None = None

    @cached_property
    def closed_from(self) -> datetime | None:
        """The moment in Morocco (naive) from which nothing is accepted: the hour said, or the end of the last day."""
        if self.closes_on is None:
            return None
        midnight = datetime.combine(self.closes_on, time())
        return (
            midnight + timedelta(days=1) if self.closes_at is None else datetime.combine(self.closes_on, self.closes_at)
        )

    @cached_property
    def implied_rules(self) -> tuple[Rule, ...]:
        """The conditions that lie in the territory, fields and amounts: nobody has to write them a second time."""
        rules: list[Rule] = []
        if self.territory.regions or self.territory.provinces:
            rules.append(SeatAmong("seat", regions=self.territory.regions, provinces=self.territory.provinces))
        if self.fields:
            rules.append(FieldAmong("field", fields=self.fields))
        if self.amounts.minimum is not None or self.amounts.maximum is not None:
            rules.append(AmountWithin("amount", minimum=self.amounts.minimum, maximum=self.amounts.maximum))
        if self.amounts.own_percent:
            rules.append(OwnContribution("own_contribution", percent=self.amounts.own_percent))
        return tuple(rules)

    @cached_property
    def conditions(self) -> tuple[Rule, ...]:
        """Everything that must hold: what is implied, then what is written."""
        return (*self.implied_rules, *self.rules)

    def document(self, code: str) -> Document | None:
        """The document with that code."""
        return next((found for found in self.documents if found.code == code), None)
