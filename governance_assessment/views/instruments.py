"""A questionnaire to read and to print, open to everyone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from nassij.common.locale import active_language
from nassij.common.pages import pages, render_page

from .. import api
from ..domain import Instrument


@require_GET
@pages
def instrument(request: HttpRequest, slug: str) -> HttpResponse:
    """Every question with its levels, to read beforehand or to print; open to everyone."""
    found = api.published_instrument(slug=slug)
    return render_page(
        request, "nassij_governance/instrument.html", questionnaire_context(found.instrument, active_language())
    )


@require_GET
@pages
def scoring(request: HttpRequest) -> HttpResponse:
    """How a result is computed, in plain words; open to everyone."""
    return render_page(request, "nassij_governance/scoring.html", {})


def questionnaire_context(instrument: Instrument, language: str) -> dict[str, object]:
    """The questionnaire's texts in one language, for a template."""
    names = {level.level: level.name.in_language(language) for level in instrument.scale.levels if level.name}
    conditions = {question.code: question.text.in_language(language) for question in instrument.profile_questions}
    return {
        "title": instrument.title.in_language(language),
        "version": instrument.version,
        "description": instrument.description.in_language(language) if instrument.description else "",
        "questions": list(conditions.values()),
        "laws": [text.in_language(language) for _code, text in instrument.laws],
        "sections": [
            {
                "title": section.title.in_language(language),
                "indicators": [
                    {
                        "code": indicator.code,
                        "title": indicator.title.in_language(language),
                        "why": indicator.why.in_language(language) if indicator.why else "",
                        "critical": indicator.critical,
                        "express": indicator.express,
                        "condition": conditions.get(indicator.applies_if or ""),
                        "levels": [
                            (names.get(number, str(number)), text.in_language(language))
                            for number, text in indicator.levels
                        ],
                        "evidence": [text.in_language(language) for text in indicator.evidence],
                    }
                    for indicator in section.all_indicators()
                ],
            }
            for section in instrument.sections
        ],
    }
