"""What the self-assessment tells the platform's event log, outside its block. Each function is called in the transaction of what
it tells, and speaks after its commit (`nassij.common.tracking`). Rounds and actions are named by their uuid: no association, no
person, no level, no word that somebody wrote.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from nassij.common.tracking import emit, first_time

from .data import AnswerData, RoundData, RoundState
from .models import PlanItem


def round_fields(current: RoundData) -> dict[str, Any]:
    """The fields by which every event names a round."""
    return {
        "round_uuid": str(current.uuid),
        "round_number": current.number,
        "round_kind": str(current.kind),
        "instrument": current.instrument_slug,
    }


def round_opened(opened: RoundData) -> None:
    """A round was opened."""
    emit("nassij.governance.round.opened", **round_fields(opened))


def round_moved(moved: RoundData, source: RoundState) -> None:
    """A round went from `source` to the state it is in now."""
    emit("nassij.governance.round.moved", **round_fields(moved), from_state=str(source), to_state=str(moved.state))


def answers_saved(current: RoundData, answers: Iterable[AnswerData]) -> None:
    """A member's answers were stored outside the block: to which question and of which kind each is."""
    for answer in answers:
        emit(
            "nassij.governance.answer.saved",
            round_uuid=str(current.uuid),
            indicator_code=answer.indicator_code,
            kind=str(answer.kind),
        )


def plan_item_added(item: PlanItem) -> None:
    """An action came into a plan, recommended or in the association's own words."""
    emit("nassij.governance.plan_item.added", **_item_fields(item))


def plan_item_done(item: PlanItem) -> None:
    """An action of a plan was finished."""
    emit("nassij.governance.plan_item.done", **_item_fields(item))


def result_viewed(*, user_id: int | None, current: RoundData) -> None:
    """Somebody looked at a round's result on its page: once a day, however often the page is loaded."""
    if is_first_view(user_id, current):
        emit("nassij.governance.result.viewed", **round_fields(current), state=str(current.state))


def is_first_view(user_id: int | None, current: RoundData) -> bool:
    """Whether this person sees the result in this state for the first time today, in a course or on its page."""
    return first_time("result.viewed", user_id, current.uuid, current.state)


def report_downloaded(*, round_uuid: UUID, report: str, format: str, language: str) -> None:
    """A report was downloaded: `report` says which one, `format` and `language` in which form. For whoever serves the file."""
    emit(
        "nassij.governance.report.downloaded",
        round_uuid=str(round_uuid),
        report=report,
        format=format,
        language=language,
    )


def _item_fields(item: PlanItem) -> dict[str, Any]:
    return {
        "item_uuid": str(item.uuid),
        "indicator_code": item.indicator_code,
        "recommended": bool(item.words),
    }
