"""The rules of an association's profile, in one place for the form, the API, the import and the commands."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nassij.associations import reference
from nassij.common.text import clean_text

FIELDS = ("name", "name_fr", "province", "commune", "fields", "women", "men", "youth", "founded_year")
TEXT_LIMITS = {"name": 191, "name_fr": 191, "commune": 120}
COUNTS = ("women", "men", "youth")
MAX_COUNT = 1_000_000
FIRST_YEAR = 1900


def cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    """The known values of a profile as they are kept: texts in one line without invisible characters, fields as a tuple."""
    kept = {name: values[name] for name in FIELDS if name in values}
    for name in TEXT_LIMITS:
        if name in kept:
            kept[name] = " ".join(clean_text(str(kept[name] or "")).split())
    if "fields" in kept:
        kept["fields"] = tuple(dict.fromkeys(kept["fields"] or ()))
    return kept


def problems_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is wrong with cleaned values: field name to message; empty when they can be kept.

    Only the values given are looked at, so that a change of one field can be checked alone.
    """
    wrong: dict[str, Any] = {}
    if "name" in values and not values["name"]:
        wrong["name"] = _("Write the name of the association.")
    for name, limit in TEXT_LIMITS.items():
        if len(values.get(name, "")) > limit:
            wrong[name] = _("Too long: write at most %(limit)d characters.") % {"limit": limit}
    if "province" in values and values["province"] not in reference.provinces():
        wrong["province"] = _("Choose a province of the list.")
    if not _known(values.get("fields", ())):
        wrong["fields"] = _("Choose fields of activity of the list.")
    for name in COUNTS:
        if not _within(values.get(name), 0, MAX_COUNT):
            wrong[name] = _("Write a whole number, 0 or more.")
    year = timezone.now().year
    if not _within(values.get("founded_year"), FIRST_YEAR, year):
        wrong["founded_year"] = _("Write a year between %(first)d and %(last)d.") % {"first": FIRST_YEAR, "last": year}
    if not wrong and _too_many_youth(values):
        wrong["youth"] = _("Those under 35 are counted among the women and men: they cannot be more.")
    return wrong


def _known(codes: Iterable[str]) -> bool:
    return set(codes) <= set(reference.fields())


def _within(number: Any, low: int, high: int) -> bool:
    if number is None:
        return True
    return isinstance(number, int) and not isinstance(number, bool) and low <= number <= high


def _too_many_youth(values: Mapping[str, Any]) -> bool:
    women, men, youth = (values.get(name) for name in COUNTS)
    return youth is not None and women is not None and men is not None and youth > women + men
