"""A questionnaire without its answers: for the mobile app and for search."""

from __future__ import annotations

from typing import Any


def view_data(instrument: Any) -> dict[str, Any]:
    """Version, titles by language and the codes of the indicators, in their order."""
    return {
        "version": instrument.version,
        "title": dict(instrument.title.translations),
        "indicators": [indicator.code for indicator in instrument.all_indicators()],
    }


def search_words(instrument: Any) -> str:
    """The titles of the questionnaire, its sections and indicators, in all its languages."""
    titles = [instrument.title, *(section.title for section in instrument.sections)]
    titles += [indicator.title for indicator in instrument.all_indicators()]
    return " ".join(words for title in titles for _language, words in title.translations)
