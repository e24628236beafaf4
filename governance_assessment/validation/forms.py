"""What the coach's forms send, as typed: shown again when it is refused, checked where it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from nassij.common.errors import BadInput

from ..data import CoachAnswerData, CoachKind, Evidence
from ..rounds.rounds import LARGEST_NUMBER
from .validation import ValidationItem


@dataclass(frozen=True, slots=True)
class TypedWord:
    """A coach's word in the form of one indicator. `choice` is a level, `not_applicable`, `no_evidence`, or empty."""

    choice: str = ""
    reason: str = ""
    evidence: str = Evidence.NONE
    comment: str = ""

    @classmethod
    def of(cls, item: ValidationItem) -> Self:
        """The word that is stored, or a form to begin with: what the association declared, and no choice made for anybody."""
        if item.coach is None:
            return cls(evidence=str(item.answer.evidence))
        return cls(_choice(item.coach), item.coach.reason, str(item.coach.evidence), item.coach.comment)

    @classmethod
    def sent(cls, posted: Mapping[str, str]) -> Self:
        """What was posted."""
        return cls(
            choice=posted.get("answer", ""),
            reason=posted.get("reason", ""),
            evidence=posted.get("evidence", "") or Evidence.NONE,
            comment=posted.get("comment", ""),
        )

    def as_answer(self) -> dict[str, Any]:
        """As `api.save_coach_answer` takes it. Where nothing shows the answer, no document can only be declared."""
        answer: dict[str, Any] = {"kind": self.choice, "evidence": self.evidence, "comment": self.comment}
        if self.choice.isascii() and self.choice.isdigit():
            return {**answer, "kind": str(CoachKind.LEVEL), "level": whole_number(self.choice)}
        if self.choice == CoachKind.NOT_APPLICABLE:
            return {**answer, "reason": self.reason}
        if self.choice == CoachKind.NO_EVIDENCE and self.evidence == Evidence.DECLARED:
            return {**answer, "evidence": str(Evidence.NONE)}
        return answer


def _choice(word: CoachAnswerData) -> str:
    return str(word.level) if word.kind == CoachKind.LEVEL else str(word.kind)


def whole_number(value: str | None) -> int:
    """A number from a hidden field. Raises `BadInput` for anything else."""
    try:
        number = int(value or "")
    except ValueError as error:
        raise BadInput() from error
    if not 0 <= number < LARGEST_NUMBER:
        raise BadInput()
    return number
