"""An answer as it arrives from outside: read, cleaned, and held against its instrument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from nassij.common.errors import BadInput, Unprocessable
from nassij.common.text import clean_text

from ..data import AnswerData, Evidence
from ..domain import Answer, AnswerKind, AnswerSet, Instrument, Problem, check_answers
from ..domain.reader import CODE
from ..models import TEXT_LENGTH

FIELDS = frozenset({"kind", "level", "reason", "comment", "sure", "evidence"})
_DECLARABLE = (Evidence.NONE, Evidence.DECLARED)
NOTHING_CHANGED = _("Nothing was changed. Reload the page and choose again.")


@dataclass(frozen=True, slots=True)
class Sent:
    """One well-formed answer. Whether it fits the instrument is `refuse_misfit`'s question."""

    indicator_code: str
    value: Answer
    comment: str
    sure: bool | None
    evidence: Evidence

    def columns(self) -> dict[str, Any]:
        """The columns that an answer row and a repeated delivery must agree on."""
        return {
            "indicator_code": self.indicator_code,
            "kind": str(self.value.kind),
            "level": self.value.level,
            "reason": self.value.reason,
            "comment": self.comment,
            "sure": self.sure,
            "evidence": str(self.evidence),
        }

    def as_data(self, revision: int) -> AnswerData:
        """As it crosses the door."""
        columns = {**self.columns(), "kind": self.value.kind, "evidence": self.evidence}
        return AnswerData(**columns, revision=revision)

    @property
    def is_blank(self) -> bool:
        """Nothing was said at all, as in the untouched part of a form."""
        return self.value.kind is AnswerKind.SKIPPED and not self.comment and self.evidence == Evidence.NONE


def read_answer(indicator_code: object, answer: object) -> Sent:
    """The answer that was sent. Raises `BadInput`: a wrong type, an unknown field or kind, a text too long."""
    code = read_code(indicator_code)
    if not isinstance(answer, Mapping) or not answer.keys() <= FIELDS:
        raise BadInput(_("The answer did not arrive in one piece."), code="bad_answer", remedy=NOTHING_CHANGED)
    return Sent(
        indicator_code=code,
        value=_value(answer),
        comment=read_text(answer.get("comment"), "comment"),
        sure=_flag(answer.get("sure")),
        evidence=_evidence(answer.get("evidence") or Evidence.NONE),
    )


def read_code(value: object) -> str:
    """The code of an indicator. Raises `BadInput`."""
    if not isinstance(value, str) or not CODE.fullmatch(value):
        raise BadInput(_("This question is not part of the questionnaire."), code="unknown_indicator")
    return value


def _value(answer: Mapping[str, Any]) -> Answer:
    try:
        kind = AnswerKind(str(answer.get("kind")))
    except ValueError as error:
        raise BadInput(
            _("Choose one of the answers offered."), code="unknown_answer_kind", remedy=NOTHING_CHANGED
        ) from error
    level = read_level(answer.get("level"), wanted=kind is AnswerKind.LEVEL)
    if level is not None:
        return Answer.of_level(level)
    return Answer(kind, reason=read_text(answer.get("reason"), "reason") if kind is AnswerKind.NOT_APPLICABLE else "")


def read_level(value: object, *, wanted: bool) -> int | None:
    """The level of an answer that chooses one, None of one that does not. Raises `BadInput`."""
    if not wanted:
        if value is not None:
            raise BadInput(_("Choose one of the answers offered."), code="level_without_choice", remedy=NOTHING_CHANGED)
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadInput(_("Choose one of the levels."), code="bad_level", remedy=NOTHING_CHANGED)
    return value


def read_text(value: object, name: str) -> str:
    """A text of the field `name` as it is kept, empty for none. Raises `BadInput`: no text, or too long."""
    value = value or ""
    if not isinstance(value, str):
        raise BadInput(code=f"bad_{name}", remedy=NOTHING_CHANGED)
    cleaned = clean_text(value).strip()
    if len(cleaned) > TEXT_LENGTH:
        raise BadInput(
            _("This text has %(count)s characters; there is room for %(most)s.")
            % {"count": len(cleaned), "most": TEXT_LENGTH},
            code="text_too_long",
            remedy=_("Shorten it and send it again."),
            limit=TEXT_LENGTH,
        )
    return cleaned


def _flag(value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise BadInput(code="bad_sure", remedy=NOTHING_CHANGED)


def _evidence(value: object) -> Evidence:
    """A respondent can say that a document exists; that it was seen or verified is for the coach to say."""
    for declarable in _DECLARABLE:
        if value == declarable:
            return declarable
    raise BadInput(code="bad_evidence", remedy=NOTHING_CHANGED)


def refuse_misfit(instrument: Instrument, sent: Sent, profile: Mapping[str, bool]) -> None:
    """Raise `Unprocessable` when the answer does not fit the instrument, with the engine's own code."""
    found = check_answers(instrument, AnswerSet({sent.indicator_code: sent.value}, dict(profile)))
    if found:
        raise misfit(found[0])


MESSAGES = {
    "unknown_indicator": (
        _("This question is not part of this round."),
        _("Reload the page: the questions may have changed."),
    ),
    "level_out_of_scale": (_("Choose one of the levels."), NOTHING_CHANGED),
    "critical_not_applicable": (
        _("This question concerns every association, so “does not apply” is not possible here."),
        _("Choose the level that is closest, or “I don't know”."),
    ),
    "reason_required": (
        _("Say in a few words why this does not apply to your association."),
        _("Write the reason below the answer and save again."),
    ),
}


def misfit(problem: Problem) -> Unprocessable:
    """A problem the engine found, said for people."""
    message, remedy = MESSAGES.get(str(problem.code), (None, NOTHING_CHANGED))
    params: dict[str, Any] = dict(problem.params)
    return Unprocessable(message, code=str(problem.code), remedy=remedy, **params)
