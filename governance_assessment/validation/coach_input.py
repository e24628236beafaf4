"""A coach's answer as it arrives from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from nassij.common.errors import BadInput

from ..answers.answer_input import NOTHING_CHANGED, Sent, read_code, read_level, read_text
from ..data import CoachAnswerData, CoachKind, Evidence
from ..domain import Answer

FIELDS = frozenset({"kind", "level", "reason", "comment", "evidence"})


@dataclass(frozen=True, slots=True)
class CoachSent:
    """One well-formed word of a coach. `value` is None where nothing shows the answer."""

    indicator_code: str
    value: Answer | None
    comment: str
    evidence: Evidence

    @property
    def kind(self) -> CoachKind:
        return CoachKind(str(self.value.kind)) if self.value else CoachKind.NO_EVIDENCE

    @property
    def level(self) -> int | None:
        return self.value.level if self.value else None

    def columns(self) -> dict[str, Any]:
        """The columns that a row and a repeated delivery must agree on."""
        return {
            "indicator_code": self.indicator_code,
            "kind": str(self.kind),
            "level": self.level,
            "reason": self.value.reason if self.value else "",
            "comment": self.comment,
            "evidence": str(self.evidence),
        }

    def as_data(self, revision: int) -> CoachAnswerData:
        """As it crosses the door."""
        columns = {**self.columns(), "kind": self.kind, "evidence": self.evidence}
        return CoachAnswerData(**columns, revision=revision)

    def as_sent(self, value: Answer) -> Sent:
        """The same as an answer, for the instrument's own rules."""
        return Sent(self.indicator_code, value, self.comment, None, self.evidence)


def read_coach_answer(indicator_code: object, answer: object) -> CoachSent:
    """The word that was sent. Raises `BadInput`: a wrong type, an unknown field or kind, a text too long."""
    code = read_code(indicator_code)
    if not isinstance(answer, Mapping) or not answer.keys() <= FIELDS:
        raise BadInput(_("The answer did not arrive in one piece."), code="bad_answer", remedy=NOTHING_CHANGED)
    evidence = _evidence(answer.get("evidence") or Evidence.NONE)
    value = _value(answer)
    if value is None and evidence != Evidence.NONE:
        raise BadInput(
            _("“Nothing shows it” and a document do not go together."),
            code="evidence_without_evidence",
            remedy=_("Choose a level, or say that there is no document. Nothing was changed."),
        )
    return CoachSent(code, value, read_text(answer.get("comment"), "comment"), evidence)


def _value(answer: Mapping[str, Any]) -> Answer | None:
    if answer.get("kind") == "":
        raise BadInput(
            _("Say what you found: a level, or “nothing shows it”."),
            code="unknown_answer_kind",
            remedy=_("What you wrote is still here."),
        )
    try:
        kind = CoachKind(str(answer.get("kind")))
    except ValueError as error:
        raise BadInput(
            _("Choose one of the answers offered."), code="unknown_answer_kind", remedy=NOTHING_CHANGED
        ) from error
    level = read_level(answer.get("level"), wanted=kind == CoachKind.LEVEL)
    if level is not None:
        return Answer.of_level(level)
    if kind == CoachKind.NO_EVIDENCE:
        return None
    return Answer.not_applicable(read_text(answer.get("reason"), "reason"))


def _evidence(value: object) -> Evidence:
    try:
        return Evidence(str(value))
    except ValueError as error:
        raise BadInput(code="bad_evidence", remedy=NOTHING_CHANGED) from error
