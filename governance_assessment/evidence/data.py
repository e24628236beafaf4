"""What the documents of a round look like from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ..data import RoundData
from ..domain import Indicator
from .forms import size_words


@dataclass(frozen=True, kw_only=True)
class EvidenceFileData:
    """One document. `added_by` is the name of a member, empty for one who has left; `may_remove` is about who looks."""

    uuid: UUID
    round_uuid: UUID
    indicator_code: str
    name: str
    kind: str
    size: int
    created_at: datetime
    added_by: str
    may_remove: bool

    @property
    def stem(self) -> str:
        """Its name without the ending, which would stand on the wrong side of an Arabic name."""
        stem, dot, _ending = self.name.rpartition(".")
        return stem if dot and stem else self.name

    @property
    def size_words(self) -> str:
        """Its size in the language of the page."""
        return size_words(self.size)


@dataclass(frozen=True, kw_only=True)
class EvidenceItem:
    """An indicator with its documents. `concerns`: it concerns the association, by its profile."""

    code: str
    title: str
    suggestions: tuple[str, ...]
    concerns: bool
    files: tuple[EvidenceFileData, ...]

    @classmethod
    def of(
        cls, indicator: Indicator, files: tuple[EvidenceFileData, ...], language: str, *, concerns: bool
    ) -> EvidenceItem:
        """The indicator in one language, with what the instrument suggests as evidence."""
        return cls(
            code=indicator.code,
            title=indicator.title.in_language(language),
            suggestions=tuple(text.in_language(language) for text in indicator.evidence),
            concerns=concerns,
            files=files,
        )


@dataclass(frozen=True, kw_only=True)
class EvidenceSection:
    """An area of the questionnaire with its indicators."""

    title: str
    items: tuple[EvidenceItem, ...]


@dataclass(frozen=True, kw_only=True)
class EvidenceData:
    """The documents of a round, in the questionnaire's order. `may_add`: this person, as the round stands now."""

    round: RoundData
    association_name: str
    sections: tuple[EvidenceSection, ...]
    bytes_used: int
    may_add: bool

    def item(self, code: str) -> EvidenceItem | None:
        """The indicator with this code, None when the round does not ask it."""
        return next((item for section in self.sections for item in section.items if item.code == code), None)

    @property
    def count(self) -> int:
        """How many documents there are."""
        return sum(len(item.files) for section in self.sections for item in section.items)


@dataclass(frozen=True, kw_only=True)
class AddedEvidence:
    """What became of a file that was sent; `replayed` when this content was there before."""

    file: EvidenceFileData
    replayed: bool


@dataclass(frozen=True, kw_only=True)
class OpenedEvidence:
    """A document somebody may read: where its bytes are, and what to call them."""

    path: str
    name: str
    content_type: str
    sha256: str
