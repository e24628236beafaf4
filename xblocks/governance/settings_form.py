"""What an author may set on the block, and how it is read back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from nassij.common.errors import Unprocessable
from nassij.common.text import clean_text, one_line

KINDS = (("express", _("Express: the questions that matter most")), ("full", _("Full: all the questions")))
SHOWS = (
    ("all", _("The questions, then the result")),
    ("questions", _("Only the questions")),
    ("result", _("Only the result")),
)
MAX_TITLE = 200
DEFAULT_TITLE = gettext_noop("Self-assessment")  # kept as it is here, each person reads it in their language


def read_settings(payload: Mapping[str, Any], instruments: Collection[str]) -> dict[str, Any]:
    """The settings that the form describes. Raises `Unprocessable` with the problem of each field that will not do."""
    title = payload.get("display_name")
    title = one_line(clean_text(title)) if isinstance(title, str) else ""
    values = {
        "display_name": title,
        **{field: payload.get(field) for field in ("instrument_slug", "round_kind", "show")},
    }
    known: dict[str, Collection[str]] = {
        "instrument_slug": instruments,
        "round_kind": dict(KINDS),
        "show": dict(SHOWS),
    }
    problems: dict[str, Any] = {}
    if title == gettext(DEFAULT_TITLE):
        values["display_name"] = DEFAULT_TITLE
    if not title.strip() or len(title) > MAX_TITLE:
        problems["display_name"] = _("Give the block a title of at most 200 characters.")
    for field, offered in known.items():
        if not (isinstance(values[field], str) and values[field] in offered):
            problems[field] = _("Choose one of the values offered.")
    if problems:
        raise Unprocessable(
            _("Nothing was saved yet: please look at what is marked."),
            code="bad_setting",
            remedy=_("Correct it and save again."),
            fields=problems,
        )
    return values
