"""How a round gets from one state to another: the one table, and the one function that writes a move.

    draft ⇄ consensus → submitted → validated → closed          (a round nobody needs to discuss: draft → submitted)
                 ↑──────────┴───────────┘  reopened, with a reason

The write that moves the state is the first one of its transaction and names the state it leaves: of two people at once one moves,
the other finds the round moved. A move carries on with `Round.step`, so that a delivery repeated later is known for what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nassij.associations.api import Access, Action
from nassij.common.errors import BadInput, Conflict

from .. import tracking
from ..data import Move, RoundData, RoundState, Standing
from ..models import Round, Transition
from .rounds import find_round, write_trail


@dataclass(frozen=True, slots=True)
class Rule:
    """From where to where, who may, and what the audit trail calls it."""

    sources: tuple[RoundState, ...]
    target: RoundState
    action: Action
    event: str


RULES: Mapping[Move, Rule] = MappingProxyType(
    {
        Move.START_DISCUSSION: Rule(
            (RoundState.DRAFT,), RoundState.CONSENSUS, Action.SUBMIT_ROUND, "round.discussion_started"
        ),
        Move.BACK_TO_ANSWERS: Rule(
            (RoundState.CONSENSUS,), RoundState.DRAFT, Action.SUBMIT_ROUND, "round.back_to_answers"
        ),
        Move.SUBMIT: Rule(
            (RoundState.DRAFT, RoundState.CONSENSUS), RoundState.SUBMITTED, Action.SUBMIT_ROUND, "round.submitted"
        ),
        Move.VALIDATE: Rule((RoundState.SUBMITTED,), RoundState.VALIDATED, Action.VALIDATE_ROUND, "round.validated"),
        Move.REOPEN: Rule(
            (RoundState.SUBMITTED, RoundState.VALIDATED),
            RoundState.CONSENSUS,
            Action.REOPEN_ROUND,
            "round.reopened",
        ),
        Move.CLOSE: Rule((RoundState.VALIDATED,), RoundState.CLOSED, Action.SUBMIT_ROUND, "round.closed"),
    }
)


def hold(access: Access, round_uuid: UUID, *states: RoundState) -> RoundData:
    """The round, held in one of these states to the end of the caller's transaction against whoever moves it or writes beside us.

    A write comes first: SQLite waits for a write lock but refuses to upgrade a read. Raises `NotFound`, `Conflict`.
    """
    rounds = Round.objects.filter(uuid=round_uuid, association_id=access.association_id, state__in=states)
    held = rounds.update(answered_at=F("answered_at"))
    current = find_round(round_uuid, access.association_id)
    if not held:
        raise round_moved(current)
    return current


def moves_for(access: Access, state: RoundState) -> frozenset[Move]:
    """What this person may do with a round in this state; no query."""
    return frozenset(move for move, rule in RULES.items() if state in rule.sources and access.may(rule.action))


def perform(
    move: Move, access: Access, current: RoundData, *, step: int | None = None, reason: str = "", **columns: Any
) -> tuple[RoundData, bool]:
    """Move `current` on, inside the caller's transaction; the round as it is now, and whether this call moved it.

    `step` is the one the sender saw: without it, asking for the state that is already there is the same as asking once; with it,
    so is a delivery repeated after the round has moved further. `columns` are written along. Asks no permission: the caller has,
    for `RULES[move].action`. Raises `Conflict`.
    """
    if step is not None and (not isinstance(step, int) or isinstance(step, bool) or step < 0):
        raise BadInput(code="bad_step")
    rule = RULES[move]
    rounds = Round.objects.filter(pk=current.id)
    if step is not None:
        rounds = rounds.filter(step=step)
    for source in rule.sources:
        if rounds.filter(state=source).update(state=rule.target, step=F("step") + 1, **columns):
            moved = find_round(current.uuid)
            _write(moved, source, access, rule, reason)
            return moved, True
    found = find_round(current.uuid)
    if _is_repeated(found, rule, access, step):
        return found, False
    raise round_moved(found)


def _write(moved: RoundData, source: RoundState, access: Access, rule: Rule, reason: str) -> None:
    Transition.objects.create(
        round_id=moved.id,
        number=moved.step,
        from_state=source,
        to_state=rule.target,
        standing=standing_of(access, rule.action),
        actor_id=access.user_id,
        reason=reason,
        at=timezone.now(),
    )
    write_trail(access, rule.event, moved.uuid, number=moved.number, kind=str(moved.kind), step=moved.step)
    tracking.round_moved(moved, source)


def _is_repeated(found: RoundData, rule: Rule, access: Access, step: int | None) -> bool:
    """Whether what is asked has been done: by this very delivery, when the sender said what they saw."""
    if step is None:
        return found.state == rule.target
    made = Transition.objects.filter(round_id=found.id, number=step + 1, to_state=rule.target)
    return made.filter(actor_id=access.user_id).exists()


def standing_of(access: Access, action: Action) -> Standing:
    """In which of their capacities somebody does this."""
    if action == Action.SUBMIT_ROUND:
        return Standing.LEAD if access.is_lead else Standing.PRESIDENT
    return Standing.COACH if access.as_coach else Standing.COORDINATOR


def round_moved(found: RoundData) -> Conflict:
    """The refusal of what the round's present state does not allow."""
    return Conflict(
        _("This round has moved on: what you asked is not possible where it stands now."),
        code="round_moved",
        remedy=_("Nothing was changed. Open the round again to see where it stands."),
        state=str(found.state),
        step=found.step,
    )
