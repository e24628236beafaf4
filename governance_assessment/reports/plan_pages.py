"""What a report says of the way ahead: the most pressing steps, and the action plan as it stands."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from nassij.common.numbers import format_date

from ..models import PlanItem
from ..plan.advice import step_key, suggestion
from ..plan.data import ItemState
from ..plan.plan import is_late, own_words
from .subject import Subject

STEPS = 3


def next_steps(subject: Subject, language: str) -> list[dict[str, Any]]:
    """The most pressing steps that are not done yet; those of the plan are marked."""
    if subject.last is None:
        return []
    finished = {step_key(row.indicator_code, row.from_level) for row in subject.plan if row.state == ItemState.DONE}
    taken = {step_key(row.indicator_code, row.from_level) for row in subject.plan if row.is_open}
    pressing = [found for found in subject.last.advice if step_key(found.indicator.code, found.level) not in finished]
    steps = [suggestion(found, subject.last.instrument, language, taken) for found in pressing[:STEPS]]
    return [
        {
            "title": step.title,
            "text": step.text,
            "about": step.indicator_title,
            "code": step.indicator_code,
            "learn": [part for part in (step.lesson.in_course if step.lesson else "", step.guide) if part],
            "in_plan": step.in_plan,
            "urgent": step.urgent,
        }
        for step in steps
    ]


def plan_rows(subject: Subject, language: str) -> list[dict[str, Any]]:
    """The actions of the plan, late ones first; dropped ones left out."""
    today = timezone.localdate()
    return [
        {
            "title": own_words(row, language)["title"],
            "what": row.what,  # what a recommendation says stands with the steps and on the platform
            "who": _owner(subject, row),
            "when": format_date(row.due_on, language) if row.due_on else _("No day yet"),
            "state": str(ItemState(row.state).label),
            "done": row.state == ItemState.DONE,
            "late": is_late(row, today),
            "remark": row.remark,
        }
        for row in subject.plan
        if row.state != ItemState.DROPPED
    ]


def _owner(subject: Subject, row: PlanItem) -> str:
    if row.owner_id is None:
        return _("Nobody yet")
    return subject.names.get(row.owner_id) or _("Someone who has left")
