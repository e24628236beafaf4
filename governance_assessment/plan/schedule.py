"""When people are reminded of an action: rows made, moved and cancelled together with the action itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from ..models import DueReminder, PlanItem
from .data import ReminderKind

#: In the morning, in the site's time zone: a mail in the night wakes people.
HOUR = time(8)
DISTANCES: Mapping[ReminderKind, timedelta] = {
    ReminderKind.WEEK_BEFORE: timedelta(days=-7),
    ReminderKind.ON_DAY: timedelta(),
    ReminderKind.WEEK_LATE: timedelta(days=7),
}


def moments(due_on: date) -> dict[ReminderKind, datetime]:
    """When each kind of reminder of something due on that day is to go out. A day beyond the calendar has none."""
    zone, found = timezone.get_default_timezone(), {}
    for kind, distance in DISTANCES.items():
        try:
            found[kind] = timezone.make_aware(datetime.combine(due_on + distance, HOUR), zone)
        except OverflowError:
            continue
    return found


def schedule(item: PlanItem, *, now: datetime | None = None) -> None:
    """Let the waiting reminders be those of the action as it is now, in the caller's transaction; two queries.

    What was handed over stays as the record it is. A moment that has passed is not made up for: whoever sets a day that is
    three days away was just there.
    """
    DueReminder.objects.filter(item=item, handed_at=None).delete()
    if item.owner_id is None or item.due_on is None or not item.is_open:
        return
    after = now or timezone.now()
    DueReminder.objects.bulk_create(
        DueReminder(item=item, person_id=item.owner_id, kind=kind, due_at=at)
        for kind, at in moments(item.due_on).items()
        if at > after
    )
