"""The audit trail of a round, as those who accompany the association may read it.

Only what is done in the association's or the coach's name stands here: what single members answer is written to no trail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from nassij.associations.api import Action, person_names, require
from nassij.common.audit import Event, events_for

from ..data import RoundData, RoundKind, Standing
from ..domain import Instrument
from ..instruments.library import parsed
from ..models import Transition
from .moves import RULES
from .rounds import find_round

PER_PAGE = 50
_MOVES = frozenset(rule.event for rule in RULES.values())
#: What the page tells; a line of another kind is not shown before somebody has decided who may read it.
TOLD = _MOVES | {
    "round.opened",
    "round.widened",
    "round.settled",
    "round.coach_answered",
    "round.coach_confirmed_rest",
    "round.sheet_applied",
    "evidence.added",
    "evidence.removed",
    "evidence.opened",
}
# What a member brings stands without a name: the association answers as one.
_NAMELESS = frozenset({"evidence.added", "evidence.removed", "round.sheet_applied"})
_AS_COACH = frozenset({"round.coach_answered", "round.coach_confirmed_rest", "evidence.opened"})


@dataclass(frozen=True, kw_only=True)
class TrailLine:
    """One line: what was done and when, by whom and in which capacity.

    `name` is empty for somebody whose account is gone, `standing` None where nobody noted it. `reason` goes with a reopening.
    """

    action: str
    at: datetime
    name: str
    mine: bool
    standing: Standing | None
    reason: str
    details: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class TrailData:
    """A page of the trail, the newest line first. `has_more`: there are older ones."""

    round: RoundData
    association_name: str
    instrument: Instrument
    lines: tuple[TrailLine, ...]
    has_more: bool


def trail(*, user_id: int | None, round_uuid: UUID | str, page: int = 1) -> TrailData:
    """A page of `PER_PAGE` lines of a round's audit trail; five queries.

    Checks permissions: whoever accompanies the association. Raises `NotFound`, `Forbidden`, `NotSignedIn`.
    """
    current = find_round(round_uuid)
    access = require(user_id=user_id, action=Action.VIEW_VALIDATION, association_id=current.association_id)
    offset = (max(page, 1) - 1) * PER_PAGE
    events = events_for(object_uuid=current.uuid, actions=TOLD, offset=offset, limit=PER_PAGE + 1)
    shown = events[:PER_PAGE]
    names = person_names(user_ids={event.actor_id for event in shown if event.actor_id})
    moves = {move.number: move for move in Transition.objects.filter(round_id=current.id)}
    return TrailData(
        round=current,
        association_name=access.association_name,
        instrument=parsed(current.instrument_hash, RoundKind.FULL),
        lines=tuple(_line(event, moves, names, access.user_id) for event in shown),
        has_more=len(events) > PER_PAGE,
    )


def _line(event: Event, moves: Mapping[int, Transition], names: Mapping[int, str], user_id: int) -> TrailLine:
    move = moves.get(event.details.get("step", 0)) if event.action in _MOVES else None
    return TrailLine(
        action=event.action,
        at=event.at,
        name="" if event.action in _NAMELESS else names.get(event.actor_id or 0, ""),
        mine=event.actor_id == user_id,
        standing=_standing(event, move),
        reason=move.reason if move else "",
        details=event.details,
    )


def _standing(event: Event, move: Transition | None) -> Standing | None:
    if event.action in _AS_COACH:
        return Standing.COACH
    return Standing(move.standing) if move is not None and move.standing else None
