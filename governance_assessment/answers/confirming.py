"""Confirming what one said last time: see `governance_assessment.answers.carried`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from nassij.associations.api import Action, require
from nassij.common.errors import BadInput

from ..data import AnswerData, AnswerMethod, RoundData, SavedSheet
from ..domain import Instrument
from ..instruments.library import parsed
from ..rounds.rounds import find_round, round_not_open
from ..tracking import answers_saved
from .carried import carried_answers
from .stored import latest_answers
from .whole_sheet import save_sheet


@dataclass(frozen=True, kw_only=True)
class LastTime:
    """One member's answers of the round before, by the codes of this one; `given` is what they have said in this one."""

    round: RoundData
    instrument: Instrument
    answers: Mapping[str, AnswerData]
    given: Mapping[str, AnswerData]


def last_time(*, user_id: int | None, round_uuid: UUID | str) -> LastTime:
    """What this person may confirm: four queries, three in a first round.

    Checks permissions: whoever may answer. Raises `NotFound`, `Forbidden`, `NotSignedIn`, `Conflict` (answers are closed).
    """
    current = find_round(round_uuid)
    access = require(user_id=user_id, action=Action.ANSWER_ROUND, association_id=current.association_id)
    if not current.is_draft:
        raise round_not_open()
    instrument = parsed(current.instrument_hash, current.kind)
    mine = latest_answers(current.id, access.user_id)
    offered = carried_answers(current, instrument, access.user_id, mine)
    return LastTime(round=current, instrument=instrument, answers=offered, given=mine)


def confirm_last_time(
    *, user_id: int | None, round_uuid: UUID | str, codes: Collection[str], operation_id: str
) -> SavedSheet:
    """Make answers of those this person ticked, in one transaction; what they have answered meanwhile stays as it is.

    Doing it twice is the same as once. Checks permissions. Raises as `save_sheet` does, `BadInput` for codes that are none.
    """
    if not all(isinstance(code, str) for code in codes):
        raise BadInput(code="bad_codes")
    found = last_time(user_id=user_id, round_uuid=round_uuid)
    chosen = {code: answer for code, answer in found.answers.items() if code in codes}
    saved = save_sheet(
        user_id=user_id,
        association_id=found.round.association_id,
        round_uuid=found.round.uuid,
        answers={code: _as_sent(answer) for code, answer in chosen.items()},
        revisions={code: found.given[code].revision for code in chosen if code in found.given},
        operation_id=operation_id,
        method=AnswerMethod.CARRIED,
    )
    answers_saved(found.round, [saved.saved[code] for code in chosen if code not in saved.problems])
    return saved


def _as_sent(answer: AnswerData) -> dict[str, object]:
    sent = answer.as_dict()
    return {name: sent[name] for name in ("kind", "level", "reason", "comment", "sure", "evidence")}
