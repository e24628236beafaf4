"""The dated actions of a plan as a calendar file (RFC 5545), for the calendar of a phone.

All-day events rather than tasks (VTODO): the calendars of Android and Google ignore tasks in a file. The UID of an action never
changes and SEQUENCE grows with its revision, so importing the file again moves entries instead of doubling them; what is done
stays out, and what was dropped is sent as cancelled so that it disappears from the phone.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event

from nassij.common.mail import site_url

from .data import ItemState, PlanData, PlanItemData

PRODUCT = "-//Nassij//Action plan//AR"
ONE_DAY = timedelta(days=1)


def calendar_of(plan: PlanData, *, language: str, page_path: str) -> bytes:
    """The file, UTF-8, lines folded at 75 octets. `page_path` is where the plan is read, for the address in each entry."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    with override(language):
        calendar.add("x-wr-calname", _("Action plan: %(association)s") % {"association": plan.association_name})
        for item in plan.items:
            if item.due_on is not None and item.state != ItemState.DONE:
                calendar.add_component(
                    _event(plan, item, item.due_on, f"{site_url()}{page_path}" if site_url() else "")
                )
    return bytes(calendar.to_ical())


def _event(plan: PlanData, item: PlanItemData, day: date, url: str) -> Event:
    event = Event()
    event.add("uid", f"{item.uuid}@plan.nassij")
    event.add("dtstamp", timezone.now())
    event.add("sequence", item.revision)
    event.add("summary", item.title)
    event.add("dtstart", day)
    event.add("dtend", day + ONE_DAY)
    event.add("transp", "TRANSPARENT")  # due that day, not busy all of it
    event.add("status", "CANCELLED" if item.state == ItemState.DROPPED else "CONFIRMED")
    words = [plan.association_name, item.what]
    if item.owner_name:
        words.append(_("Who: %(name)s") % {"name": item.owner_name})
    event.add("description", "\n".join(filter(None, [*words, url])))
    if url:
        event.add("url", url)
    return event
