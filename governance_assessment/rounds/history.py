"""How a round came to where it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nassij.associations.api import Action, require

from ..data import RoundState, Standing
from ..models import Transition
from .rounds import find_round


@dataclass(frozen=True, kw_only=True)
class TransitionData:
    """One move of a round. `standing` says in which capacity somebody made it (None where nobody noted it), never who."""

    number: int
    from_state: RoundState
    to_state: RoundState
    standing: Standing | None
    mine: bool
    reason: str
    at: datetime


def history(*, user_id: int | None, round_uuid: UUID | str) -> tuple[TransitionData, ...]:
    """Every move of a round, the oldest first; three queries.

    Checks permissions: whoever may see the result. Raises `NotFound`, `NotSignedIn`.
    """
    current = find_round(round_uuid)
    require(user_id=user_id, action=Action.VIEW_RESULT, association_id=current.association_id)
    return moves_of(current.id, user_id)


def moves_of(round_id: int, user_id: int | None) -> tuple[TransitionData, ...]:
    """The same without a permission check, for who has asked already; one query."""
    return tuple(
        TransitionData(
            number=row.number,
            from_state=RoundState(row.from_state),
            to_state=RoundState(row.to_state),
            standing=Standing(row.standing) if row.standing else None,
            mine=row.actor_id == user_id,
            reason=row.reason,
            at=row.at,
        )
        for row in Transition.objects.filter(round_id=round_id).order_by("number")
    )
