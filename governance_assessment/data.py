"""Enumerations and value objects that cross the door of `governance_assessment.api`; no behaviour beyond reading them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

from .domain.answers import Answer, AnswerKind
from .domain.instrument import Instrument

DEFAULT_INSTRUMENT = "gov-ma"


class InstrumentStatus(TextChoices):
    DRAFT = "draft", gettext_lazy("Draft")
    PUBLISHED = "published", gettext_lazy("Published")
    RETIRED = "retired", gettext_lazy("Retired")


class RoundKind(TextChoices):
    EXPRESS = "express", gettext_lazy("Express")
    FULL = "full", gettext_lazy("Full")


class RoundState(TextChoices):
    DRAFT = "draft", gettext_lazy("Members are answering")
    CONSENSUS = "consensus", gettext_lazy("Being discussed")
    SUBMITTED = "submitted", gettext_lazy("Submitted")
    VALIDATED = "validated", gettext_lazy("Validated")
    CLOSED = "closed", gettext_lazy("Closed")


ANSWER_KINDS = (
    (str(AnswerKind.LEVEL), gettext_lazy("A level")),
    (str(AnswerKind.NOT_APPLICABLE), gettext_lazy("Does not apply")),
    (str(AnswerKind.DONT_KNOW), gettext_lazy("I don't know")),
    (str(AnswerKind.SKIPPED), gettext_lazy("Later")),
)


class Evidence(TextChoices):
    """How far the proof of an answer has come; a respondent can only declare, the rest is the coach's."""

    NONE = "none", gettext_lazy("No document")
    DECLARED = "declared", gettext_lazy("We have the document")
    SEEN = "seen", gettext_lazy("Seen by the coach")
    VERIFIED = "verified", gettext_lazy("Verified")


class AnswerMethod(TextChoices):
    WEB = "web", gettext_lazy("Online")
    IMPORT = "import", gettext_lazy("File import")
    PAPER = "paper", gettext_lazy("Paper form")
    CARRIED = "carried", gettext_lazy("Confirmed from the round before")


class Origin(TextChoices):
    """How the association's common answer came to be."""

    SOLE = "sole", gettext_lazy("One respondent")
    UNANIMOUS = "unanimous", gettext_lazy("All agree")
    SETTLED = "settled", gettext_lazy("Settled in discussion")


class CoachKind(TextChoices):
    """What a coach can say of an answer. No evidence counts as the lowest level, and the result is marked (as PEFA's D*)."""

    LEVEL = "level", gettext_lazy("A level")
    NOT_APPLICABLE = "not_applicable", gettext_lazy("Does not apply")
    NO_EVIDENCE = "no_evidence", gettext_lazy("Nothing shows it")


class Layer(TextChoices):
    """Whose word a frozen result is; both stand side by side, neither replaces the other."""

    SELF = "self", gettext_lazy("Self-assessment")
    VALIDATED = "validated", gettext_lazy("Validated by the coach")


class Standing(TextChoices):
    """In which capacity somebody moved a round on: what history says instead of a name."""

    PRESIDENT = "president", gettext_lazy("The president")
    LEAD = "lead", gettext_lazy("The lead of the self-assessment")
    COACH = "coach", gettext_lazy("The coach")
    COORDINATOR = "coordinator", gettext_lazy("The coordinator")


class Move(StrEnum):
    """What takes a round from one state to another; where each leads is the table of `governance_assessment.rounds.moves`."""

    START_DISCUSSION = "start_discussion"
    BACK_TO_ANSWERS = "back_to_answers"
    SUBMIT = "submit"
    VALIDATE = "validate"
    REOPEN = "reopen"
    CLOSE = "close"


class LoadOutcome(StrEnum):
    """What loading an instrument file did."""

    CREATED = "created"
    UPDATED = "updated"
    PUBLISHED = "published"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, kw_only=True)
class LoadedInstrument:
    """An instrument file after loading."""

    slug: str
    version: str
    outcome: LoadOutcome


@dataclass(frozen=True, kw_only=True)
class InstrumentData:
    """A published instrument as anyone may read it."""

    slug: str
    version: str
    content_hash: str
    instrument: Instrument


@dataclass(frozen=True, kw_only=True)
class RoundData:
    """One round of an association. `profile` maps a profile question to yes or no; a question not answered is absent.

    `step` counts the moves from state to state: a page that sends it along with a move is told when somebody was faster.
    """

    id: int
    uuid: UUID
    association_id: int
    association_uuid: UUID
    instrument_slug: str
    instrument_hash: str
    number: int
    kind: RoundKind
    state: RoundState
    profile: Mapping[str, bool]
    profile_revision: int
    step: int
    created_at: datetime
    discussed_at: datetime | None
    submitted_at: datetime | None
    validated_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether answers may still change."""
        return self.state in (RoundState.DRAFT, RoundState.CONSENSUS)

    @property
    def is_draft(self) -> bool:
        """Whether members are answering."""
        return self.state == RoundState.DRAFT


@dataclass(frozen=True, kw_only=True)
class AnswerData:
    """One answer of one respondent. `revision` counts from 1; 0 stands for "not answered yet"."""

    indicator_code: str
    kind: AnswerKind
    level: int | None = None
    reason: str = ""
    comment: str = ""
    sure: bool | None = None
    evidence: Evidence = Evidence.NONE
    revision: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "indicator": self.indicator_code,
            "kind": str(self.kind),
            "level": self.level,
            "reason": self.reason,
            "comment": self.comment,
            "sure": self.sure,
            "evidence": str(self.evidence),
            "revision": self.revision,
        }


@dataclass(frozen=True, kw_only=True)
class ConsensusData:
    """The association's common answer to one indicator. `revision` counts what was stored, 0 for what only follows from members.

    `note` is why it was settled so, in the lead's words.
    """

    indicator_code: str
    kind: AnswerKind
    level: int | None = None
    reason: str = ""
    evidence: Evidence = Evidence.NONE
    origin: Origin
    note: str = ""
    revision: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "indicator": self.indicator_code,
            "kind": str(self.kind),
            "level": self.level,
            "reason": self.reason,
            "evidence": str(self.evidence),
            "origin": str(self.origin),
            "note": self.note,
            "revision": self.revision,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> ConsensusData:
        """What `as_dict` gave."""
        fields = {name: value for name, value in stored.items() if name != "indicator"}
        kinds = {
            "kind": AnswerKind(stored["kind"]),
            "evidence": Evidence(stored["evidence"]),
            "origin": Origin(stored["origin"]),
        }
        return cls(indicator_code=stored["indicator"], **{**fields, **kinds})


@dataclass(frozen=True, kw_only=True)
class SettledAnswer:
    """What the server keeps after settling; `replayed` when this very operation had been applied before."""

    answer: ConsensusData
    replayed: bool


@dataclass(frozen=True, kw_only=True)
class CoachAnswerData:
    """A coach's word on one indicator. `revision` counts from 1; `together`: confirmed with "the others are as said".

    `stands` is false when the association has changed its answer since.
    """

    indicator_code: str
    kind: CoachKind
    level: int | None = None
    reason: str = ""
    comment: str = ""
    evidence: Evidence = Evidence.NONE
    revision: int = 0
    together: bool = False
    stands: bool = True

    @property
    def answer(self) -> Answer | None:
        """What counts, None where nothing shows the answer."""
        if self.kind == CoachKind.NO_EVIDENCE:
            return None
        return Answer(AnswerKind(str(self.kind)), self.level, self.reason)

    def beside(self) -> dict[str, Any]:
        """What a frozen result keeps beside the answer."""
        return {
            "kind": str(self.kind),
            "evidence": str(self.evidence),
            "comment": self.comment,
            "together": self.together,
        }

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "indicator": self.indicator_code,
            "level": self.level,
            "reason": self.reason,
            "revision": self.revision,
            **self.beside(),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> CoachAnswerData:
        """What `as_dict` gave."""
        fields = {name: value for name, value in stored.items() if name != "indicator"}
        kinds = {"kind": CoachKind(stored["kind"]), "evidence": Evidence(stored["evidence"])}
        return cls(indicator_code=stored["indicator"], **{**fields, **kinds})


@dataclass(frozen=True, kw_only=True)
class SavedCoachAnswer:
    """What the server keeps after a coach's save; `replayed` when this very operation had been applied before."""

    answer: CoachAnswerData
    replayed: bool


@dataclass(frozen=True, kw_only=True)
class SavedAnswer:
    """What the server keeps after a save; `replayed` when this very operation had been applied before."""

    answer: AnswerData
    replayed: bool


@dataclass(frozen=True, kw_only=True)
class SavedSheet:
    """What became of a whole sheet: what was stored, and per indicator the problem of what was not."""

    saved: Mapping[str, AnswerData]
    problems: Mapping[str, Exception]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far one respondent has come. `missing` are codes in the order people meet them, `applicable` counts all."""

    applicable: int
    missing: tuple[str, ...]

    @property
    def answered(self) -> int:
        return self.applicable - len(self.missing)

    @property
    def is_complete(self) -> bool:
        return not self.missing


@dataclass(frozen=True, kw_only=True)
class SheetData:
    """Everything the answering page shows to one person. `round` is None while nobody has opened one.

    `user_id` is that person, None for nobody; `moves` is what they may do with the round as it stands, `carried`
    what they said in the round before, to be confirmed.
    """

    association_id: int
    association_name: str
    instrument: Instrument
    instrument_hash: str
    kind: RoundKind
    language: str
    round: RoundData | None
    answers: Mapping[str, AnswerData]
    progress: Progress
    can_answer: bool
    can_submit: bool
    user_id: int | None = None
    moves: frozenset[Move] = frozenset()
    carried: Mapping[str, AnswerData] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RoundSummary:
    """One line of the list of rounds."""

    uuid: UUID
    association_id: int
    association_uuid: UUID
    association_name: str
    number: int
    kind: RoundKind
    state: RoundState
    title: str
    created_at: datetime
    submitted_at: datetime | None
