"""What a member said last time, offered again: a draft to confirm, never an answer by itself.

Their own words only: what the others said, or what was agreed, would be an anchor (see decision 0009). Only on questions that are
equal in both versions of the instrument, that concern the association now and that this member has not answered yet. Nothing is
stored before they confirm; what they confirm is an answer like any other, marked as carried over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..data import AnswerData, RoundData
from ..domain import Answer, AnswerKind, AnswerSet, Instrument, applies, check_answers
from ..instruments.lineage import equal_indicators
from ..models import RespondentAnswer
from .stored import ANSWER_FIELDS, answer_data

#: "I don't know" and "later" are worth asking again, not confirming.
_WORTH_CARRYING = (AnswerKind.LEVEL, AnswerKind.NOT_APPLICABLE)


def carried_answers(
    current: RoundData, instrument: Instrument, user_id: int, mine: Mapping[str, AnswerData]
) -> Mapping[str, AnswerData]:
    """The answers of `user_id` that may be confirmed in `current`, in the order of the questions, by its codes.

    `mine` is what they have answered in it. No permission check, one query, none in a first round.
    """
    if current.number == 1:
        return {}
    rows = RespondentAnswer.objects.filter(
        round__association_id=current.association_id,
        round__instrument_slug=current.instrument_slug,
        round__number=current.number - 1,
        respondent_id=user_id,
    ).order_by("revision")
    found = list(rows.values_list("round__instrument_hash", *ANSWER_FIELDS))
    if not found:
        return {}
    becomes = equal_indicators(found[0][0], current.instrument_hash)
    then = {becomes[row[1]]: answer_data(row[1:]) for row in found if row[1] in becomes}
    return {
        code: replace(then[code], indicator_code=code)
        for code in instrument.by_code
        if code in then and _may_be_confirmed(instrument, current, code, then[code], mine.get(code))
    }


def _may_be_confirmed(
    instrument: Instrument, current: RoundData, code: str, then: AnswerData, now: AnswerData | None
) -> bool:
    if now is not None and now.kind != AnswerKind.SKIPPED:
        return False
    if then.kind not in _WORTH_CARRYING or not applies(instrument.by_code[code], current.profile):
        return False
    answers = AnswerSet({code: Answer(then.kind, then.level, then.reason)}, dict(current.profile))
    return not check_answers(instrument, answers)
