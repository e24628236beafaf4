"""What a printed guide says in one language, for every format: its own words and the labels around them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from nassij.common.numbers import format_date

from ..blocks import blocks_of
from ..source import Guide, Words


def contents(guide: Guide, language: str) -> dict[str, Any]:
    """Title, summary, facts about the edition, blocks, checklist, documents and sources, in `language`; JSON."""
    with override(language):
        return {
            "title": words(guide.title, language),
            "summary": words(guide.summary, language),
            "edition": _edition(guide, language),
            "footer": f"{guide.code} · {guide.version} · {words(guide.title, language)}",
            "blocks": blocks_of(guide.text[language], language),
            "checklist_title": _("Before you file it: check"),
            "checklist": [
                {
                    "text": words(item.text, language),
                    "note": words(item.note, language),
                    "optional": "" if item.required else _("where it applies"),
                }
                for item in guide.checklist
            ],
            "documents_title": _("Documents to fill in"),
            "documents": [
                *(_document(item.title, item.description, language) for item in guide.letters),
                *(_document(item.title, item.description, language) for item in guide.workbooks),
            ],
            "sources_title": _("Sources"),
            "sources": [
                {
                    "blocks": blocks_of(words(item.source, language), language),
                    "statement": blocks_of(words(item.statement, language), language),
                    "confirm": _("To be confirmed with the contact centre.") if item.to_confirm else "",
                }
                for item in guide.cited
            ],
            "caution": _("This guide explains and does not replace the law or the text of the call. Follow the call."),
        }


def letter_contents(guide: Guide, code: str, language: str) -> dict[str, Any]:
    """A document to fill in, in `language`; JSON."""
    letter = next(item for item in guide.letters if item.code == code)
    with override(language):
        return {
            "title": words(letter.title, language),
            "footer": _("Model %(guide)s, edition %(version)s: adapt it to your statutes.")
            % {"guide": guide.code, "version": guide.version},
            "blocks": blocks_of(letter.body[language], language),
            "landscape": letter.landscape,
        }


def words(texts: Words, language: str) -> str:
    """The text in `language`; French, then Arabic, for a title that is not there."""
    return texts.get(language) or texts.get("fr") or texts.get("ar") or ""


def _document(title: Words, description: Words, language: str) -> dict[str, str]:
    return {"title": words(title, language), "description": words(description, language)}


def _edition(guide: Guide, language: str) -> list[str]:
    lines = [
        _("Guide %(code)s, edition %(version)s") % {"code": guide.code, "version": guide.version},
        _("Valid from %(day)s") % {"day": format_date(date.fromisoformat(guide.valid_from), language)},
        _("Law checked on %(day)s") % {"day": format_date(date.fromisoformat(guide.checked_on), language)},
    ]
    if guide.valid_until:
        end = format_date(date.fromisoformat(guide.valid_until), language)
        lines.insert(2, _("Valid until %(day)s") % {"day": end})
    return lines
