"""The dates of a file as a calendar file (RFC 5545): the end of the call, and each document that somebody sees to.

All-day events with a UID that never changes: importing the file again moves entries instead of doubling them.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Alarm, Calendar, Event

from nassij.common.mail import site_url

from ..calls.pages import spoken_language
from .data import FileData

PRODUCT = "-//Nassij//Application file//AR"
ONE_DAY = timedelta(days=1)
WARNED = timedelta(days=7)
"""Before the end of the call the phone rings once."""


def calendar_of(found: FileData, *, language: str, page_path: str) -> bytes:
    """The file, UTF-8, lines folded at 75 octets. `page_path` is where the application file is read."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    url = f"{site_url()}{page_path}" if site_url() else ""
    spoken = spoken_language(found.call, language)
    title = found.call.title[spoken]
    with override(language):
        calendar.add("x-wr-calname", _("Application: %(call)s") % {"call": title})
        if found.call.closes_on is not None:
            event = _event(
                f"{found.uuid}@file.nassij", found.call.closes_on, _("Last day: %(call)s") % {"call": title}, url
            )
            event.add_component(_alarm(title))
            calendar.add_component(event)
        for document in found.documents:
            if document.values["due_on"] is not None and not document.standing.state.is_done:
                name = document.standing.document.title[spoken]
                words = [title, _("Who: %(name)s") % {"name": document.owner_name} if document.owner_name else ""]
                uid = f"{found.uuid}.{document.code}@file.nassij"
                calendar.add_component(_event(uid, document.values["due_on"], name, url, words, document.revision))
    return bytes(calendar.to_ical())


def _event(uid: str, day: date, summary: str, url: str, words: list[str] | None = None, sequence: int = 0) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", timezone.now())
    event.add("sequence", sequence)
    event.add("summary", summary)
    event.add("dtstart", day)
    event.add("dtend", day + ONE_DAY)
    event.add("transp", "TRANSPARENT")  # due that day, not busy all of it
    event.add("description", "\n".join(filter(None, [*(words or []), url])))
    if url:
        event.add("url", url)
    return event


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -WARNED)
    return alarm
