"""The association's result: live while members discuss, frozen once submitted, validated beside it.

While members still answer, each sees what their own answers give, and nobody else sees any (`answers.closed`). A live result is
the engine's word on what the association agrees on. A submitted one is read from its snapshot and never computed again: an engine
that learns something must not change a report that was signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from nassij.associations.api import Action, require
from nassij.common.errors import NotFound

from ..answers.closed import Basis, heard_by
from ..data import Layer, Move, RoundData, SheetData
from ..domain import Instrument, QualityCheck, result_to_data, score
from ..instruments.library import parsed
from ..models import Snapshot
from ..rounds.moves import moves_for
from ..rounds.rounds import find_round
from .comparison import Comparison, compared, previous_submission
from .frozen import answers_of, latest, validation_after, with_previous
from .quality import checks_of, checks_on


@dataclass(frozen=True, kw_only=True)
class ResultData:
    """A round's result as it crosses the door.

    `scores` is the engine's document (`domain.result_to_data`): exact fractions as text, each with its displayed form. `open`
    are indicators on which the respondents differ, in order: they are not counted. `respondents` is a number, never names.

    `basis` says whose answers these are: while members answer, a person's own or none. `still_open` counts what stands in the way
    of submitting, for the association.

    Once submitted, `details` says per indicator what stands beside the answer (`origin`, `evidence`, `note`). Once validated,
    `validated` holds the coach's scores in the same form, `validated_details` what stands beside (`kind`, `evidence`, `comment`,
    `together`), `remark` the coach's word on the whole. `previous` is the change since the association's previous round, on equal
    questions only. `checks` is what is worth a second look, `moves` what this person may do with the round now; `may_discuss`:
    this is a member, who sees what members said; `may_see_validation`: this is somebody who accompanies the association.
    """

    round: RoundData
    association_name: str
    instrument: Instrument
    language: str
    scores: Mapping[str, Any]
    open: tuple[str, ...]
    respondents: int
    submitted_at: datetime | None
    can_submit: bool
    can_answer: bool
    can_open_next: bool
    may_discuss: bool = False
    may_see_validation: bool = False
    details: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    validated: Mapping[str, Any] | None = None
    validated_details: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    validated_at: datetime | None = None
    remark: str = ""
    previous: Comparison | None = None
    basis: Basis = Basis.ASSOCIATION
    still_open: int = 0
    checks: tuple[QualityCheck, ...] = ()
    moves: frozenset[Move] = frozenset()

    @property
    def is_final(self) -> bool:
        """Whether this is what was submitted."""
        return self.submitted_at is not None


def result(*, user_id: int | None, round_uuid: UUID | str, language: str) -> ResultData:
    """The result of a round: three queries, up to two more once it was discussed or has a round before it.

    Checks permissions. Raises `NotFound`, `NotSignedIn`, `Conflict` (a frozen result was changed in the database).
    """
    current = find_round(round_uuid)
    access = require(user_id=user_id, action=Action.VIEW_RESULT, association_id=current.association_id)
    found = _result(
        current,
        language,
        user_id=access.user_id,
        association_name=access.association_name,
        may_answer=access.may(Action.ANSWER_ROUND),
        may_submit=access.may(Action.SUBMIT_ROUND),
        moves=moves_for(access, current.state),
    )
    return replace(found, may_see_validation=access.may(Action.VIEW_VALIDATION))


def result_beside(sheet: SheetData) -> ResultData:
    """The result of the round whose sheet was just read for the same person; one query, up to two more as in `result`.

    Asks no permission again: only `sheet` makes such an object, and it has asked. Raises `NotFound` when no round is open.
    """
    if sheet.round is None:
        raise NotFound()
    return _result(
        sheet.round,
        sheet.language,
        user_id=sheet.user_id,
        association_name=sheet.association_name,
        may_answer=sheet.can_answer,
        may_submit=sheet.can_submit,
        moves=sheet.moves,
    )


def _result(
    current: RoundData,
    language: str,
    *,
    user_id: int | None,
    association_name: str,
    may_answer: bool,
    may_submit: bool,
    moves: frozenset[Move],
) -> ResultData:
    instrument = parsed(current.instrument_hash, current.kind)
    found = _live(current, instrument, user_id) if current.is_open else _frozen(current, instrument)
    return ResultData(
        round=current,
        association_name=association_name,
        instrument=instrument,
        language=language,
        can_submit=Move.SUBMIT in moves,
        can_answer=current.is_draft and may_answer,
        can_open_next=not current.is_open and may_submit,
        may_discuss=may_answer,
        moves=moves,
        **found,
    )


def _live(current: RoundData, instrument: Instrument, user_id: int | None) -> dict[str, Any]:
    heard = heard_by(user_id, current, instrument)
    common = heard.common
    answers = common.answer_set(current, instrument)
    scores = result_to_data(score(instrument, answers))
    return {
        "scores": scores,
        "open": common.differing,
        "respondents": heard.respondents,
        "basis": heard.basis,
        "still_open": heard.still_open,
        "submitted_at": None,
        "checks": checks_on(instrument, answers, common.documented, scores),
        "previous": compared(instrument, current, answers.answers, previous_submission(current)),
    }


def _frozen(current: RoundData, instrument: Instrument) -> dict[str, Any]:
    snapshots, before = with_previous(current)
    submitted = latest(snapshots, Layer.SELF)
    if submitted is None:
        raise NotFound()
    return {
        "scores": submitted.result,
        "open": (),
        "respondents": submitted.respondents,
        "submitted_at": submitted.submitted_at,
        "details": submitted.details,
        "checks": checks_of(instrument, submitted),
        "previous": compared(instrument, current, answers_of(submitted), before),
        **_validated(validation_after(snapshots)),
    }


def _validated(snapshot: Snapshot | None) -> dict[str, Any]:
    if snapshot is None:
        return {}
    return {
        "validated": snapshot.result,
        "validated_details": snapshot.details,
        "validated_at": snapshot.submitted_at,
        "remark": snapshot.remark,
    }
