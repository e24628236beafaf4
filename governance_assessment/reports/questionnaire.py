"""The blank questionnaire on paper: boxes to tick, with its version and hash on every page. Open to everyone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from nassij.common.canonical import digest

from ..data import InstrumentData, RoundKind
from ..domain import Indicator, Instrument
from ..instruments.library import published_instrument
from ..models import MadeFile
from .made import MadeFileData, Wanted, find, keep, write
from .round_reports import Download, known_language

TEMPLATE = "nassij_governance/questionnaire.typ"
SHOWN_OF_HASH = 16


def questionnaire_file(*, slug: str, kind: str, language: str) -> Download:
    """The questionnaire in use, on paper; printed once for each version, kind and language. No permission needed.

    Two queries; whoever asks first waits for the printing, about a tenth of a second. Raises `NotFound`, `BadInput`.
    """
    found = published_instrument(slug=slug, kind=kind)
    language = known_language(language, found.instrument)
    content = questionnaire_content(found, RoundKind(kind), language)
    wanted = Wanted(template=TEMPLATE, language=language, name=digest(content), content=lambda: content)
    name = f"{found.slug}-{found.version}-{kind}-{language}.pdf"
    return Download(file=find(wanted) or _made(wanted, found), name=name)


def _made(wanted: Wanted, found: InstrumentData) -> MadeFileData:
    written = write(wanted, uuid4())
    of_instrument = MadeFile.objects.filter(kind=MadeFile.Kind.QUESTIONNAIRE, instrument_hash=found.content_hash)
    with transaction.atomic():
        return keep(
            wanted,
            written,
            of_instrument.exclude(edition=wanted.edition),
            kind=MadeFile.Kind.QUESTIONNAIRE,
            instrument_hash=found.content_hash,
        )


def questionnaire_content(found: InstrumentData, kind: RoundKind, language: str) -> dict[str, Any]:
    """What the template prints; JSON."""
    instrument = found.instrument
    with translation.override(language):
        return {
            "title": instrument.title.in_language(language),
            "kind": str(kind.label),
            "footer": f"{found.slug} {found.version} · {found.content_hash[:SHOWN_OF_HASH]}",
            "version": f"{found.slug} {found.version}",
            "hash": found.content_hash,
            "description": instrument.description.in_language(language) if instrument.description else "",
            "words": _words(),
            "profile": [question.text.in_language(language) for question in instrument.profile_questions],
            "sections": list(_sections(instrument, language)),
            "laws": [text.in_language(language) for _code, text in instrument.laws],
        }


def _sections(instrument: Instrument, language: str) -> Iterator[dict[str, Any]]:
    names = {level.level: level.name.in_language(language) for level in instrument.scale.levels if level.name}
    conditions = {question.code: question.text.in_language(language) for question in instrument.profile_questions}
    for section in instrument.sections:
        yield {
            "title": section.title.in_language(language),
            "indicators": [
                _indicator(indicator, names, conditions, language) for indicator in section.all_indicators()
            ],
        }


def _indicator(
    indicator: Indicator, names: dict[int, str], conditions: dict[str, str], language: str
) -> dict[str, Any]:
    return {
        "code": indicator.code,
        "title": indicator.title.in_language(language),
        "critical": indicator.critical,
        "condition": conditions.get(indicator.applies_if or "", ""),
        "why": indicator.why.in_language(language) if indicator.why else "",
        "levels": [[names.get(number, str(number)), text.in_language(language)] for number, text in indicator.levels],
        "documents": [text.in_language(language) for text in indicator.evidence],
    }


def _words() -> dict[str, str]:
    return {
        "association": _("Association"),
        "who": _("Your name, if you like"),
        "day": _("Date"),
        "how": _("To choose a level, every part of its text must be true; between two levels, take the lower one."),
        "one_box": _("Tick one box for each question. “I don't know” is an answer too."),
        "profile": _("About your association"),
        "yes": _("yes"),
        "no": _("no"),
        "critical": _("Critical"),
        "condition": _("Only if you answer yes to:"),
        "not_applicable": _("Does not apply, because:"),
        "dont_know": _("I don't know"),
        "documents": _("Documents that show it:"),
        "note": _("Note"),
        "laws": _("The rules, in our own words"),
        "version": _("Version"),
        "use": _(
            "Give the sheet to whoever leads the self-assessment, or type the answers in yourself. It belongs to your "
            "association; no decision on subsidies rests on it."
        ),
    }
