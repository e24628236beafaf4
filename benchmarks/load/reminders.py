"""Reminders that are due, in bulk; how long one process takes to hand them over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from governance_assessment.models import DueReminder, PlanItem
from nassij.associations.models import Membership
from tests.nassij.associations import factories

AT_ONCE = 2000


def _chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def make_due(people: int, in_each: int) -> None:
    """One reminder that is due for each of these people, so many of them in an association."""
    homes = [factories.make_association() for _ in range(-(-people // in_each))]
    users = get_user_model().objects
    for numbers in _chunks(range(people)):
        users.bulk_create(users.model(username=f"due{n}", email=f"due{n}@example.org", password="!") for n in numbers)
    found = list(users.filter(username__startswith="due").order_by("pk").values_list("pk", flat=True))
    past, today = timezone.now() - timedelta(minutes=5), timezone.localdate()
    for chunk in _chunks(list(enumerate(found))):
        pairs = [(homes[number // in_each], user) for number, user in chunk]
        members = [Membership(association_id=home.id, user_id=user, role="member") for home, user in pairs]
        for member in members:
            member.set_slot()
        Membership.objects.bulk_create(members)
        PlanItem.objects.bulk_create(
            PlanItem(
                association_id=home.id,
                association_uuid=home.uuid,
                title=f"تحيين سجل المنخرطين {user}",
                owner_id=user,
                due_on=today,
            )
            for home, user in pairs
        )
    for items in _chunks(list(PlanItem.objects.order_by("pk").values_list("pk", "owner_id"))):
        DueReminder.objects.bulk_create(
            DueReminder(item_id=item, person_id=owner, kind="on_day", due_at=past) for item, owner in items
        )
