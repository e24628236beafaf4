"""The columns an import knows: their names in three languages, the words their cells may hold, what the documentation says."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from nassij.associations import reference
from nassij.associations.naming import name_key

HELP: Mapping[str, Any] = {
    "association_uuid": _(
        "Only to correct an association that is already here: copy it from its address. Otherwise leave it empty."
    ),
    "name": _(
        "Needed. Several rows with one name and province are several people of one association; empty below it: the same."
    ),
    "name_fr": _("Optional."),
    "province": _("Needed for a new association. Name or code from the list."),
    "commune": _("Optional; tells apart two associations with one name in one province."),
    "fields": _("Optional. Names or codes from the list, separated by commas."),
    "women": _("Optional. A whole number."),
    "men": _("Optional. A whole number."),
    "youth": _("Optional. Counted among the women and men."),
    "founded_year": _("Optional. Four digits."),
    "cohort": _("Code of one of your cohorts."),
    "person_email": _(
        "Of a member. Without an account the person is invited, and joins when logging in with this address confirmed."
    ),
    "person_username": _("Instead of the address, for someone who has an account."),
    "person_role": _("President, secretary, treasurer or member (when empty)."),
    "person_lead": _("Yes or no (when empty)."),
}


@dataclass(frozen=True)
class Column:
    """One column: its code, its header in each language, other headers it answers to."""

    code: str
    ar: str
    fr: str
    en: str
    also: tuple[str, ...] = ()

    def header(self, language: str) -> str:
        """The header in `language`."""
        return {"ar": self.ar, "fr": self.fr}.get(language[:2], self.en)

    @property
    def help(self) -> Any:
        """What the documentation says of it (lazy)."""
        return HELP[self.code]


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("columns.yaml").read_text("utf-8"))
    return words


@cache
def columns() -> tuple[Column, ...]:
    """Every column, in the order of the template."""
    return tuple(Column(**{**entry, "also": tuple(entry["also"])}) for entry in _words()["columns"])


@cache
def by_code() -> Mapping[str, Column]:
    """Columns by code."""
    return {column.code: column for column in columns()}


@cache
def by_header() -> Mapping[str, str]:
    """Column codes by the key of every header they answer to."""
    return {
        name_key(header): column.code
        for column in columns()
        for header in (column.code, column.ar, column.fr, column.en, *column.also)
    }


@cache
def roles() -> Mapping[str, str]:
    """Role codes by the key of every word for them."""
    return {name_key(word): role for role, words in _words()["roles"].items() for word in (role, *words)}


@cache
def booleans() -> Mapping[str, bool]:
    """True and false by the key of every word for them."""
    return {
        name_key(word): truth for truth, words in ((True, _words()["yes"]), (False, _words()["no"])) for word in words
    }


@cache
def provinces() -> Mapping[str, str]:
    """Province codes by the key of every name for them, with and without "province of"."""
    names: dict[str, str] = {}
    for term in reference.provinces().values():
        for name in (term.code, term.ar, term.fr, term.en):
            names[name_key(name)] = names[short_province(name)] = term.code
    return names


@cache
def fields() -> Mapping[str, str]:
    """Codes of fields of activity by the key of every name for them."""
    return {
        name_key(name): term.code
        for term in reference.fields().values()
        for name in (term.code, term.ar, term.fr, term.en)
    }


_PROVINCE_WORDS = {"اقليم", "عماله", "province", "prefecture", "de", "d", "la", "of", "the"}


def short_province(name: str) -> str:
    """The key of a province's name without the words for "province of"."""
    words = name_key(name).split()
    while len(words) > 1 and words[0] in _PROVINCE_WORDS:
        words = words[1:]
    if len(words) > 1 and words[-1] in _PROVINCE_WORDS:
        words = words[:-1]
    return " ".join(words)
