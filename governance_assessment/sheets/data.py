"""What an answer sheet looks like from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from ..data import RoundData
from .reading import WrongCell

Answers = dict[str, dict[str, Any]]
"""What a sheet says: by code, as `read_answer` takes it."""


class SheetStatus(StrEnum):
    """What applying a sheet would do to one answer."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, kw_only=True)
class SheetLine:
    """One answer of a sheet beside the one that is stored: in words, empty for none."""

    code: str
    title: str
    status: SheetStatus
    before: str
    after: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class SheetPlan:
    """The dry run of a sheet. `seen` says what it was compared with: sent along, applying refuses what has changed since.

    `is_common`: it settles the association's answers; otherwise they become those of whoever sent it. `applied_at` is None
    before; `written` counts the answers it wrote.
    """

    uuid: UUID
    round: RoundData
    association_name: str
    file_name: str
    is_common: bool
    lines: tuple[SheetLine, ...]
    seen: str
    applied_at: datetime | None
    written: int

    @property
    def counts(self) -> dict[str, int]:
        """How many lines have each status."""
        return {status.value: sum(line.status is status for line in self.lines) for status in SheetStatus}


@dataclass(frozen=True, kw_only=True)
class SheetRound:
    """The round of a sheet for whoever opens its page: languages of the sheet; `may_send`: this person, as the round stands."""

    round: RoundData
    association_name: str
    languages: tuple[str, ...]
    may_send: bool


@dataclass(frozen=True, kw_only=True)
class CheckedSheet:
    """A sheet that was sent: kept under `uuid` when nothing is wrong, otherwise its wrong cells and nothing kept."""

    uuid: UUID | None
    wrong: tuple[WrongCell, ...]


@dataclass(frozen=True, kw_only=True)
class WrittenSheet:
    """An empty answer sheet to download."""

    name: str
    content_type: str
    content: bytes
