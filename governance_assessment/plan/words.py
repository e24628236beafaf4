"""What the plan's pages say beside the plan itself: counts, efforts and effects in words, two versions side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nassij.associations.api import MemberData
from nassij.common.errors import NassijError
from nassij.common.numbers import format_date

from .data import ItemState, PlanData, Suggestion

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggestion with its effort and effect in words."""

    found: Suggestion
    effort: str
    effect: str


@dataclass(frozen=True, slots=True)
class Version:
    """One field that two people changed, in both versions."""

    label: str
    yours: str
    stored: str


def page_words(plan: PlanData) -> dict[str, Any]:
    """What the plan's template shows: open and closed actions, counts, and what is recommended, the first three apart."""
    offers = [offer(found) for found in plan.suggestions if not found.in_plan]
    return {
        "open_items": [item for item in plan.items if item.is_open],
        "closed_items": [item for item in plan.items if not item.is_open],
        "counts": list(_counts(plan)),
        "offers": offers[:SHOWN],
        "more_offers": offers[SHOWN:],
        "has_days": any(item.due_on and item.is_open for item in plan.items),
        "states": ItemState,
    }


def conflict_rows(conflict: NassijError, form: Any, people: Sequence[MemberData]) -> list[Version]:
    """Each field in which the two versions differ, as people read it."""
    names = {person.user_id: person.name for person in people}
    yours, stored = conflict.extra["yours"], conflict.extra["stored"]
    return [
        Version(str(form.fields[name].label), _readable(name, yours[name], names), _readable(name, stored[name], names))
        for name in yours
    ]


def _readable(name: str, value: Any, names: Mapping[int, str]) -> str:
    if value in (None, ""):
        return "–"
    if name == "state":
        return str(ItemState(value).label)
    if name == "owner_id":
        return names.get(value, _("Someone who has left"))
    return format_date(value) if name == "due_on" else str(value)


def _counts(plan: PlanData) -> Iterator[tuple[str, str, str]]:
    """(chip, sign, words) of what there is any of."""
    counts = plan.counts
    sentences = {
        "late": ngettext("%(number)d late", "%(number)d late", counts["late"]),
        "todo": ngettext("%(number)d to do", "%(number)d to do", counts["todo"]),
        "doing": ngettext("%(number)d under way", "%(number)d under way", counts["doing"]),
        "done": ngettext("%(number)d done", "%(number)d done", counts["done"]),
    }
    looks = {"late": ("critical", "!"), "done": ("done", "✓")}
    for name, sentence in sentences.items():
        if counts[name]:
            yield (*looks.get(name, ("", "")), sentence % {"number": counts[name]})


def offer(found: Suggestion) -> Offer:
    """A suggestion as its card shows it, in the active language."""
    efforts = {1: _("an evening"), 2: _("some weeks"), 3: _("some months, or help from outside")}
    effects = {1: _("helps"), 2: _("helps clearly"), 3: _("protects the association")}
    return Offer(found, efforts[found.effort], effects[found.effect])
