"""The author's form as a page: what there is to choose from, told in the author's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from xblocks.governance import settings_form

if TYPE_CHECKING:
    from governance_assessment.api import InstrumentData

FIELDS = ("display_name", "instrument_slug", "round_kind", "show")


def form_context(
    block: Any, found: Iterable[InstrumentData], language: str, url: Callable[[str], str]
) -> dict[str, Any]:
    """What `studio.html` shows of a block; `url` gives the address where a questionnaire can be read."""
    values = {name: getattr(block, name) for name in FIELDS}
    values["display_name"] = _(values["display_name"] or settings_form.DEFAULT_TITLE)
    offered = questionnaires(found, values["instrument_slug"], language, url)
    return {
        "values": values,
        "questionnaires": offered,
        "chosen": next(row for row in offered if row["slug"] == values["instrument_slug"]),
        "kinds": settings_form.KINDS,
        "shows": settings_form.SHOWS,
    }


def questionnaires(
    found: Iterable[InstrumentData], chosen: str, language: str, url: Callable[[str], str]
) -> list[dict[str, str]]:
    """The published questionnaires with version, length and where to read them; and the chosen one in any case."""
    rows = [
        {
            "slug": each.slug,
            "name": _("%(title)s (version %(version)s)")
            % {"title": each.instrument.title.in_language(language), "version": each.version},
            "about": _("Number of questions: %(full)s, of which %(express)s in the express round.")
            % {"full": len(each.instrument.by_code), "express": len(each.instrument.express().by_code)},
            "url": url(each.slug),
        }
        for each in found
    ]
    if chosen not in {row["slug"] for row in rows}:
        gone = _("This questionnaire is not in use on this site: learners see none. Choose another one.")
        rows.append({"slug": chosen, "name": chosen, "about": gone, "url": ""})
    return rows
