"""What changed since the association's previous round, on questions that are equal in both versions of the instrument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nassij.associations.api import Action, require

from ..answers.closed import heard_by
from ..data import Layer, RoundData, RoundKind
from ..domain import Answer, Compared, Instrument, LevelChange, ScoreChange, compare, concerned
from ..instruments.library import parsed
from ..instruments.lineage import equal_indicators
from ..models import Snapshot
from ..rounds.rounds import find_round
from .frozen import answers_of, intact, submission_of


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The change since the round before: self-assessment against self-assessment, exact scores of 0 to 100.

    Everything is computed on the `compared` indicators that are equal in both versions and got a level both times; `left_out` are
    the others that concern the association now. `overall` has the empty code; `sections` are those with something to compare.
    """

    previous_uuid: UUID
    previous_number: int
    previous_kind: RoundKind
    previous_at: datetime
    overall: ScoreChange
    sections: tuple[ScoreChange, ...]
    raised: tuple[LevelChange, ...]
    lowered: tuple[LevelChange, ...]
    compared: int
    left_out: int

    def section(self, code: str) -> ScoreChange | None:
        """The change of one dimension, None where there is nothing to compare."""
        return next((change for change in self.sections if change.code == code), None)


def comparison(*, user_id: int | None, round_uuid: UUID | str) -> Comparison | None:
    """What changed since the association's previous round; None for a first round, or when no question is equal.

    Four queries, five while the round is open. Checks permissions. Raises `NotFound`, `NotSignedIn`, `Conflict`.
    """
    current = find_round(round_uuid)
    access = require(user_id=user_id, action=Action.VIEW_RESULT, association_id=current.association_id)
    before = previous_submission(current)
    if before is None:
        return None
    instrument = parsed(current.instrument_hash, current.kind)
    if current.is_open:
        now = heard_by(access.user_id, current, instrument).common.answer_set(current, instrument).answers
    else:
        now = answers_of(submission_of(current.id))
    return compared(instrument, current, now, before)


def previous_submission(current: RoundData) -> Snapshot | None:
    """The last submission of the round before, with its round; one query, none for a first round.

    A round is opened once the one before was submitted, and only the newest can be reopened: so the one before has one.
    """
    if current.number == 1:
        return None
    before = Snapshot.objects.filter(
        round__association_id=current.association_id,
        round__instrument_slug=current.instrument_slug,
        round__number=current.number - 1,
        layer=Layer.SELF,
    )
    found = before.select_related("round").order_by("-submitted_at", "-id").first()
    return intact(found) if found else None


def compared(
    instrument: Instrument, current: RoundData, now: Mapping[str, Answer], before: Snapshot | None
) -> Comparison | None:
    """The change from `before` (with its round loaded) to the answers `now`; no query once both instruments are known."""
    if before is None:
        return None
    then = answers_of(before)
    renamed = equal_indicators(before.instrument_hash, current.instrument_hash)
    carried = {renamed[code]: answer for code, answer in then.items() if code in renamed}
    found = compare(instrument, carried, now)
    return None if found is None else _as_data(found, instrument, current, before)


def _as_data(found: Compared, instrument: Instrument, current: RoundData, before: Snapshot) -> Comparison:
    return Comparison(
        previous_uuid=before.round.uuid,
        previous_number=before.round.number,
        previous_kind=RoundKind(before.kind),
        previous_at=before.submitted_at,
        overall=found.overall,
        sections=found.sections,
        raised=found.raised,
        lowered=found.lowered,
        compared=len(found.levels),
        left_out=len(concerned(instrument, current.profile)) - len(found.levels),
    )
