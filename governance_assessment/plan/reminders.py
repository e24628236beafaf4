"""Reminders of what is due: from rows in a table to one mail a day for each person. Run by `nassij_send_reminders`.

A Celery `eta` would be lost with its broker and is delivered again after an hour on Redis; a row is neither. This is the way of a
reminder, and what a kill -9 finds at each step:

1. *waiting* (`handed_at` empty). Made, moved and cancelled with the action itself, in one transaction.
2. In **one** transaction, for some two hundred people at a time: their due rows are claimed, looked at (still a member? wanted?),
   joined to one mail per person, and the mail is written to the outbox. Where the database can, rows that another run holds
   are skipped (`SKIP LOCKED`); elsewhere they are waited for; SQLite has one writer. Killed here: nothing has happened, the
   lock is gone with the connection, the next run begins with the same people.
3. *handed over* (`handed_at`, `outcome`), together with the outbox row, or neither. So a reminder is handed over **exactly
   once**: no lease to expire, no row between two states.
4. The outbox carries the mail to the mail server; killed between the server's yes and our note of it, at least once, with the
   same Message-ID (`nassij.common.outbox` says why).

One mail a day is kept by a key, (person, day), that the database takes once. Should two runs meet over the reminders of one
person, the second finds the key taken and leaves its rows for the next day: late, never lost, never a second mail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from nassij.associations.api import active_members, names_of
from nassij.common import mail, outbox
from nassij.common.idempotency import retrying
from nassij.common.mail_topics import REMINDERS, without
from nassij.common.pages import url_or_none

from ..models import DueReminder
from .data import Outcome
from .plan import is_late, own_words

TEMPLATE = "nassij_governance/mail/reminders"
AT_ONCE = 200  # people per transaction


@dataclass(frozen=True, slots=True)
class Handed:
    """What a run did: mails queued, and reminders by what became of them."""

    mails: int = 0
    mailed: int = 0
    not_wanted: int = 0
    not_a_member: int = 0

    def __add__(self, other: Handed) -> Handed:
        return Handed(
            self.mails + other.mails,
            self.mailed + other.mailed,
            self.not_wanted + other.not_wanted,
            self.not_a_member + other.not_a_member,
        )


def hand_over_due(*, now: datetime | None = None, at_once: int = AT_ONCE) -> Handed:
    """Hand over every reminder that is due by `now`; safe to run at any time, also twice at once. Checks no permission."""
    moment, last, done = now or timezone.now(), 0, Handed()
    while people := _next_people(moment, after=last, at_most=at_once):
        done += _hand_over(people, moment)
        last = people[-1]
    return done


def _next_people(now: datetime, *, after: int, at_most: int) -> list[int]:
    """Whom something is due for, in the order of their numbers: each is met once in a run."""
    due = DueReminder.objects.filter(handed_at=None, due_at__lte=now, person_id__gt=after)
    return list(due.order_by("person_id").values_list("person_id", flat=True).distinct()[:at_most])


def _hand_over(people: Sequence[int], now: datetime) -> Handed:
    def once() -> Handed:
        with transaction.atomic():
            return _hand_over_claimed(_claimed(people, now), now)

    try:
        return retrying(once)
    except IntegrityError:  # another run queued a mail to one of them between our look and our insert: look again
        return retrying(once)


def _claimed(people: Sequence[int], now: datetime) -> list[DueReminder]:
    """The due rows of these people, held by this transaction; those that another run holds are left to it."""
    claim, due = uuid4().hex, DueReminder.objects.filter(handed_at=None, due_at__lte=now, person_id__in=people)
    features = connection.features
    if features.has_select_for_update:
        locked = due.select_for_update(skip_locked=features.has_select_for_update_skip_locked)
        due = DueReminder.objects.filter(pk__in=list(locked.values_list("pk", flat=True)), handed_at=None)
    due.update(claim=claim)
    return list(
        DueReminder.objects.filter(claim=claim).select_related("item").order_by("person_id", "item_id", "due_at")
    )


def _hand_over_claimed(rows: Sequence[DueReminder], now: datetime) -> Handed:
    if not rows:
        return Handed()
    today = timezone.localdate(now)
    keys = {row.person_id: f"{REMINDERS}:{row.person_id}:{today}" for row in rows}
    used = mail.used(keys.values())
    outcomes = _outcomes([row for row in rows if keys[row.person_id] not in used])
    wanted: dict[int, list[DueReminder]] = defaultdict(list)
    for row in outcomes[Outcome.MAILED]:
        wanted[row.person_id].append(row)
    names = names_of(association_ids={row.item.association_id for row in outcomes[Outcome.MAILED]})
    outbox.queue(
        [
            mail.prepared(
                template=TEMPLATE,
                context=_context(mine, names, today),
                to_user_id=person,
                topic=REMINDERS,
                key=keys[person],
            )
            for person, mine in wanted.items()
        ]
    )
    for outcome, settled in outcomes.items():
        DueReminder.objects.filter(pk__in=[row.pk for row in settled]).update(handed_at=now, outcome=outcome)
    return Handed(len(wanted), *(len(outcomes[outcome]) for outcome in Outcome))


def _outcomes(rows: Sequence[DueReminder]) -> dict[Outcome, list[DueReminder]]:
    """What is to become of each reminder: whoever has left the association gets none, nor does who switched them off."""
    members = active_members(association_ids={row.item.association_id for row in rows})
    off = without(user_ids={row.person_id for row in rows}, topic=REMINDERS)
    found: dict[Outcome, list[DueReminder]] = {outcome: [] for outcome in Outcome}
    for row in rows:
        if (row.item.association_id, row.person_id) not in members:
            found[Outcome.NOT_A_MEMBER].append(row)
        else:
            found[Outcome.NOT_WANTED if row.person_id in off else Outcome.MAILED].append(row)
    return found


def _context(rows: Iterable[DueReminder], names: Mapping[int, Mapping[str, str]], today: Any) -> dict[str, Any]:
    """What the mail says, in every language: in which one it is read is known where it is sent. An action is named once."""
    plans: dict[int, dict[str, Any]] = {}
    items = {row.item_id: row.item for row in rows}
    for item in sorted(items.values(), key=lambda item: (item.due_on, item.pk)):
        plan = plans.setdefault(
            item.association_id,
            {
                "names": names[item.association_id],
                "path": url_or_none("nassij_governance:plan", uuid=item.association_uuid) or "",
                "items": [],
            },
        )
        plan["items"].append(
            {
                "titles": {language: own_words(item, language)["title"] for language in ("ar", "fr", "en")},
                "due_on": str(item.due_on),
                "when": "late" if is_late(item, today) else "today" if item.due_on == today else "soon",
            }
        )
    return {"plans": list(plans.values()), "count": len(items)}
