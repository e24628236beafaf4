"""How far an application file is: the state of each document, what blocks, and how much is ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .call import Call, Document, DocumentKind


class DocumentState(StrEnum):
    """Where a document stands; ``READY`` and ``NOT_NEEDED`` count as done."""

    MISSING = "missing"
    TO_BE_SIGNED = "to_be_signed"
    EXPIRES = "expires"
    """It is there, but too old on the day the call closes."""
    READY = "ready"
    NOT_NEEDED = "not_needed"

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do for it."""
        return self in (DocumentState.READY, DocumentState.NOT_NEEDED)


@dataclass(frozen=True, slots=True)
class Held:
    """What the association says of a document it has. ``issued_on`` is the day written on it, ``expires_on`` its own last day."""

    is_signed: bool = False
    issued_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One document of the file and its state; ``expires_on`` is the last day on which it is good, where that is known."""

    document: Document
    state: DocumentState
    expires_on: date | None = None

    @property
    def blocks(self) -> bool:
        """Whether the file cannot go out because of it."""
        return self.document.required and not self.state.is_done


@dataclass(frozen=True, slots=True)
class Readiness:
    """A whole file: ``done`` of ``needed`` required documents, and the standing of every one in the call's order."""

    standings: tuple[Standing, ...]

    @property
    def needed(self) -> int:
        """How many documents the file cannot do without."""
        return sum(standing.document.required for standing in self.standings)

    @property
    def done(self) -> int:
        """How many of them are ready."""
        return self.needed - len(self.blocking)

    @property
    def blocking(self) -> tuple[Standing, ...]:
        """The documents without which the file cannot go out, in the call's order."""
        return tuple(standing for standing in self.standings if standing.blocks)

    @property
    def percent(self) -> int:
        """How much is ready, rounded down: 100 only when nothing blocks."""
        return 100 if not self.needed else self.done * 100 // self.needed


def readiness(call: Call, held: Mapping[str, Held], today: date, not_needed: frozenset[str] = frozenset()) -> Readiness:
    """The file of ``call`` with the documents ``held`` (by code). ``not_needed`` are those that somebody set aside with a reason.

    Only an optional document can be set aside. A document is good or not on the day the call closes, today for a model.
    """
    deadline = call.closes_on or today
    standings = []
    for document in call.documents:
        mine = held.get(document.code)
        if mine is None:
            aside = not document.required and document.code in not_needed
            standings.append(Standing(document, DocumentState.NOT_NEEDED if aside else DocumentState.MISSING))
        else:
            expires_on = last_good_day(document, mine)
            standings.append(Standing(document, _state(document, mine, expires_on, deadline), expires_on))
    return Readiness(tuple(standings))


def last_good_day(document: Document, held: Held) -> date | None:
    """The earlier of the document's own end and the age the call accepts; None where neither is known."""
    known = [held.expires_on] if held.expires_on is not None else []
    if document.valid_months is not None and held.issued_on is not None:
        known.append(months_after(held.issued_on, document.valid_months))
    return min(known, default=None)


def _state(document: Document, held: Held, expires_on: date | None, deadline: date) -> DocumentState:
    if expires_on is not None and expires_on < deadline:
        return DocumentState.EXPIRES
    if document.kind is DocumentKind.SIGN and not held.is_signed:
        return DocumentState.TO_BE_SIGNED
    return DocumentState.READY


def months_after(day: date, months: int) -> date:
    """The same day ``months`` later, or the last of a shorter month.

    >>> months_after(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
