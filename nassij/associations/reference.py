"""Reference data: regions, provinces and fields of activity, with their names in the three languages.

A short list that changes with the law of the land, not with use: it lives in `reference.yaml` beside this module, never in the
database. Sources: the eight prefectures and provinces of Marrakech-Safi (decree 2-15-40 of 2015 on the regions).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.utils.translation import get_language

LANGUAGES = ("ar", "fr", "en")


@dataclass(frozen=True)
class Term:
    """One entry of a reference list: a stable `code` and its name in each language; `region` for a province."""

    code: str
    ar: str
    fr: str
    en: str
    region: str = ""

    def name(self, language: str | None = None) -> str:
        """The name in `language` (the active one when not given), in Arabic for a language we do not have."""
        wanted = (language or get_language() or "ar")[:2]
        return {"ar": self.ar, "fr": self.fr, "en": self.en}.get(wanted, self.ar)


@cache
def _lists() -> dict[str, dict[str, Term]]:
    raw = yaml.safe_load(Path(__file__).with_name("reference.yaml").read_text("utf-8"))
    return {kind: {entry["code"]: Term(**entry) for entry in entries} for kind, entries in raw.items()}


def regions() -> Mapping[str, Term]:
    """Regions by code, the programme's own first."""
    return _lists()["regions"]


def provinces() -> Mapping[str, Term]:
    """Prefectures and provinces by code; `other` stands for a province of another region."""
    return _lists()["provinces"]


def fields() -> Mapping[str, Term]:
    """Fields of activity by code."""
    return _lists()["fields"]


def region_name(code: str, language: str | None = None) -> str:
    """What a region is called, or its code when it is not of the list."""
    term = regions().get(code)
    return term.name(language) if term else code


def province_name(code: str, language: str | None = None) -> str:
    """The name of a province, or the code itself when the list no longer has it."""
    term = provinces().get(code)
    return term.name(language) if term else code


def field_name(code: str, language: str | None = None) -> str:
    """The name of a field of activity, or the code itself when the list no longer has it."""
    term = fields().get(code)
    return term.name(language) if term else code


def choices(terms: Mapping[str, Term], language: str | None = None) -> list[tuple[str, str]]:
    """The `(code, name)` pairs of a list, for a form."""
    return [(term.code, term.name(language)) for term in terms.values()]
