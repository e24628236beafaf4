"""What the tests of the action plan share: an association that has submitted, and short ways to do things to its plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from governance_assessment import api
from governance_assessment.models import PlanItem
from tests.governance_assessment.helpers import ALL_FALSE, fill, operation, set_profile

#: Critical and at the lowest level; unknown; everything else half-way.
ANSWERS = {"*": 2, "1.1": 1, "2.1": {"kind": "dont_know"}, "2.3": {"kind": "dont_know"}, "8.6": 4}


def submit(user: Any, opened: api.RoundData, instrument: Any, answers: Mapping[str, Any] = ANSWERS) -> None:
    """A submitted round with these answers."""
    opened = set_profile(user, opened, ALL_FALSE)
    fill(user, opened, instrument, answers)
    api.submit_round(user_id=user.pk, round_uuid=opened.uuid)


def plan(user: Any, association: Any, language: str = "ar") -> api.PlanData:
    return api.plan(user_id=getattr(user, "pk", None), association_uuid=association.uuid, language=language)


def take(user: Any, association: Any, code: str = "1.1", level: int | None = 1) -> PlanItem:
    """The action made from a recommendation."""
    found = api.take_recommendation(
        user_id=getattr(user, "pk", None), association_uuid=association.uuid, indicator_code=code, from_level=level
    )
    return PlanItem.objects.get(uuid=found)


def add(user: Any, association: Any, operation_id: str = "", **changes: Any) -> PlanItem:
    """An action in the association's own words."""
    found = api.add_plan_item(
        user_id=getattr(user, "pk", None),
        association_uuid=association.uuid,
        changes={"title": "نعد جدول الأعمال"} | changes,
        operation_id=operation_id or operation(),
    )
    return PlanItem.objects.get(uuid=found)


def change(user: Any, item: PlanItem, revision: int | None = None, **changes: Any) -> int:
    """Change an action, from the revision it has unless told otherwise."""
    if revision is None:
        revision = PlanItem.objects.get(pk=item.pk).revision
    return api.change_plan_item(
        user_id=getattr(user, "pk", None),
        association_uuid=item.association_uuid,
        item_uuid=item.uuid,
        changes=changes,
        revision=revision,
    )


def remark(user: Any, item: PlanItem, text: str = "أحسنتم", revision: int | None = None) -> int:
    if revision is None:
        revision = PlanItem.objects.get(pk=item.pk).remark_revision
    return api.remark_plan_item(
        user_id=getattr(user, "pk", None),
        association_uuid=item.association_uuid,
        item_uuid=item.uuid,
        text=text,
        revision=revision,
    )


def in_days(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)
