"""Where a round stands and how it came there, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nassij.common.links import unit_url

from ..data import RoundData, RoundKind, RoundState
from .history import TransitionData

#: The unit of a course that asks the questions of a round.
UNITS = {RoundKind.EXPRESS: "gov2-s1-u5", RoundKind.FULL: "gov2-s1-u6"}

LOOKS = {
    RoundState.DRAFT: ("attention", "…"),
    RoundState.CONSENSUS: ("attention", "!"),
    RoundState.SUBMITTED: ("", "→"),
    RoundState.VALIDATED: ("done", "✓"),
    RoundState.CLOSED: ("done", "✓"),
}
NEXT: Mapping[RoundState, Any] = {
    RoundState.DRAFT: _("Every member answers. Then whoever leads the self-assessment opens the discussion."),
    RoundState.CONSENSUS: _(
        "Talk about what differs. Whoever leads the self-assessment writes down the common answers."
    ),
    RoundState.SUBMITTED: _("The coach looks at it next."),
    RoundState.VALIDATED: _("Look at what the coach found, and work on the plan."),
    RoundState.CLOSED: _("Work on the plan; the next round shows what has changed."),
}
SETTLED = _("Look at the result together, then submit the round.")  # in the discussion, nothing left to settle
# Waiting for the coach, with a plan to begin with or with what would make one.
WITH_A_PLAN = _("The coach looks at it next. Meanwhile, begin with the first step of the plan.")
NO_PLAN_YET = _("The coach looks at it next. Meanwhile, begin with the first recommended step below.")
_MOVED = {
    (RoundState.DRAFT, RoundState.CONSENSUS): _("Answers closed, discussion begun"),
    (RoundState.CONSENSUS, RoundState.DRAFT): _("Back to the answers"),
    (RoundState.DRAFT, RoundState.SUBMITTED): _("Submitted"),
    (RoundState.CONSENSUS, RoundState.SUBMITTED): _("Submitted after the discussion"),
    (RoundState.SUBMITTED, RoundState.VALIDATED): _("Validated"),
    (RoundState.SUBMITTED, RoundState.CONSENSUS): _("Reopened"),
    (RoundState.VALIDATED, RoundState.CONSENSUS): _("Reopened after validation"),
    (RoundState.VALIDATED, RoundState.CLOSED): _("Closed"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One move in words: what, who in which capacity, when, and why where a reason was asked."""

    what: Any
    who: Any
    is_mine: bool
    reason: str
    at: datetime


def history_lines(moves: Iterable[TransitionData]) -> list[Line]:
    """The moves of a round, the oldest first."""
    return [
        Line(
            what=_MOVED.get((move.from_state, move.to_state), move.to_state.label),
            who=move.standing.label if move.standing else "",
            is_mine=move.mine,
            reason=move.reason,
            at=move.at,
        )
        for move in moves
    ]


def reopened(current: RoundData, moves: Iterable[TransitionData]) -> TransitionData | None:
    """The reopening that brought the round to where it is, None where it came another way."""
    last = next(reversed(tuple(moves)), None)
    after_submission = (RoundState.SUBMITTED, RoundState.VALIDATED)
    is_reopening = last is not None and last.from_state in after_submission and last.to_state == RoundState.CONSENSUS
    return last if is_reopening and current.state == RoundState.CONSENSUS else None


def questions_url(kind: RoundKind, language: str) -> str | None:
    """Where members answer the questions of a round of this kind; None where that course does not run in this language."""
    return unit_url(UNITS[kind], language)
