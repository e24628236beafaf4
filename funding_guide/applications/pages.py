"""What the pages of an application file show."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nassij.common.links import guide_title
from nassij.common.numbers import format_date

from ..calls.pages import Chip, chip, deadline_text, now_in_morocco, spoken_language
from ..data import ApplicationState
from ..domain import Document, DocumentState, Readiness, Standing
from ..guides import library
from ..guides.making.contents import words
from ..guides.source import LANGUAGES
from .data import DocumentData, FileData, FileLine

LOOKS = {
    DocumentState.READY: ("done", "✓"),
    DocumentState.NOT_NEEDED: ("", "–"),
    DocumentState.TO_BE_SIGNED: ("attention", "✎"),
    DocumentState.EXPIRES: ("critical", "!"),
    DocumentState.MISSING: ("attention", "○"),
}
"""State to the chip and its sign: never colour alone."""


def file_page(found: FileData, language: str) -> dict[str, Any]:
    """Everything the page of a file shows."""
    spoken, today = spoken_language(found.call, language), now_in_morocco().date()
    documents = [document_row(document, spoken, language, today) for document in found.documents]
    return {
        "found": found,
        "call": found.call,
        "spoken": spoken,
        "title": found.call.title[spoken],
        "deadline": deadline_text(found.assessment.timing),
        "is_over": found.assessment.timing.is_over,
        "state": ApplicationState(found.state).label,
        "ready": ready_text(found.readiness),
        "percent": found.readiness.percent,
        "is_ready": not found.readiness.blocking,
        "verdict": chip(found.assessment.verdict),
        "documents": documents,
        "blocking": [document for document in documents if document["blocks"]],
    }


def document_row(found: DocumentData, spoken: str, language: str, today: date) -> dict[str, Any]:
    """One document as a list shows it."""
    document, due_on = found.standing.document, found.values["due_on"]
    return {
        "code": found.code,
        "title": document.title[spoken],
        "chip": Chip(*LOOKS[found.standing.state], state_text(found.standing)),
        "required": document.required,
        "blocks": found.standing.blocks,
        "owner": found.owner_name,
        "is_mine": found.is_mine,
        "due": format_date(due_on) if due_on else "",
        "is_late": found.is_late(today),
        "note": found.values["note"],
        "call_note": document.note[spoken] if document.note else "",
    }


def guide_of(document: Document, language: str) -> dict[str, Any]:
    """The guide that helps with a document: its title and, where it is shown here, its code and the letters it has for it."""
    if not document.guide_code:
        return {}
    guide = library.published().get(document.guide_code)
    letters = guide.letters if guide else ()
    named = [letter for letter in letters if letter.code == document.template_code]
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    return {
        "title": guide_title(document.guide_code, language),
        "code": guide.code if guide else "",
        "spoken": spoken,
        "letters": [(letter.code, words(letter.title, spoken)) for letter in named or letters],
    }


def line_of(line: FileLine, language: str) -> dict[str, Any]:
    """A file in a list."""
    spoken = spoken_language(line.call, language)
    return {
        "uuid": line.uuid,
        "title": line.call.title[spoken],
        "spoken": spoken,
        "state": line.state.label,
        "is_open": line.state == ApplicationState.PREPARING,
        "ready": ready_text(line.readiness),
    }


def ready_text(readiness: Readiness) -> str:
    """How many of the required documents are ready."""
    return ngettext(
        "%(done)d of %(needed)d required document is ready",
        "%(done)d of %(needed)d required documents are ready",
        readiness.needed,
    ) % {"done": readiness.done, "needed": readiness.needed}


def state_text(standing: Standing) -> str:
    """Where a document stands, in the active language."""
    if standing.state is DocumentState.EXPIRES and standing.expires_on is not None:
        return _("too old: good until %(day)s only") % {"day": format_date(standing.expires_on)}
    return {
        DocumentState.MISSING: _("missing"),
        DocumentState.TO_BE_SIGNED: _("to be signed"),
        DocumentState.EXPIRES: _("too old"),
        DocumentState.READY: _("ready"),
        DocumentState.NOT_NEEDED: _("not needed"),
    }[standing.state]
