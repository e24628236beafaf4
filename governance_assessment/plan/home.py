"""What the action plan says about an association on the home page: what is late, or how much is planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from nassij.associations.api import NextStep, Relation
from nassij.common.pages import url_or_none

from ..models import PlanItem
from .data import OPEN_STATES


def lines(*, relations: Sequence[Relation], language: str) -> Mapping[int, NextStep]:
    """One line for each association that has something planned; one query. The page has asked who may see it."""
    today = timezone.localdate()
    ids = [relation.association_id for relation in relations]
    open_items = PlanItem.objects.filter(association_id__in=ids, state__in=OPEN_STATES)
    counted = open_items.values("association_id", "association_uuid").annotate(
        open=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today))
    )
    return {
        row["association_id"]: _plan_line(row["association_uuid"], row["open"], row["late"])
        for row in counted.order_by("association_id")
    }


def _plan_line(association_uuid: UUID, number: int, late: int) -> NextStep:
    if late:
        text, state = ngettext_lazy("%(number)d action is late.", "%(number)d actions are late.", late), "attention"
    else:
        text, state = ngettext_lazy("%(number)d action is planned.", "%(number)d actions are planned.", number), "todo"
    return NextStep(
        text=text % {"number": late or number},
        label=_("Open the action plan"),
        url=_address(association_uuid),
        state=state,
    )


def _address(association_uuid: UUID) -> str:
    return url_or_none("nassij_governance:plan", uuid=association_uuid) or ""
