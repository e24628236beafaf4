"""Reference guides: the list, one guide in its present or an older edition, its files; open to everyone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_safe

from nassij.associations.api import MembershipData, memberships
from nassij.common.locale import active_language
from nassij.common.pages import pages, render_page, signed_in_user_id

from ..calls.pages import now_in_morocco
from ..guides import counting, library, serving
from ..guides.blocks import blocks_of, without_ids
from ..guides.library import Shown
from ..guides.making.contents import words
from ..guides.source import LANGUAGES, topics
from ..models import EditionFile, EditionStatus, FileFormat

_ORDER = [FileFormat.PDF, FileFormat.COMPACT, FileFormat.DOCX, FileFormat.XLSX, FileFormat.HTML]


@require_GET
@pages
def guides(request: HttpRequest) -> HttpResponse:
    """The guides, of a topic and with the words that are looked for."""
    language = active_language()
    query = request.GET.get("q", "").strip()[:200]
    topic = request.GET.get("topic", "")
    topic = topic if topic in topics() else ""
    shown = library.guides(topic=topic, query=query)
    files = library.files_by_edition(shown)
    spoken = _file_language(request, language)
    return render_page(
        request,
        "nassij_funding/guides.html",
        {
            "query": query,
            "topic": topic,
            "topics": [(code, words(names, language)) for code, names in topics().items()],
            "spoken": spoken,
            "file_languages": _languages(spoken),
            "cards": [_card(each, files[each.edition.pk], language, spoken) for each in shown],
            "found": ngettext("%(count)s guide", "%(count)s guides", len(shown)) % {"count": len(shown)},
        },
    )


@require_GET
@pages
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """A guide as it stands now."""
    return _page(request, library.current(code))


@require_GET
@pages
def edition(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """An edition by its number: an old link leads here, is told that it is old, and to what is true now."""
    return _page(request, library.edition(code, version))


@require_safe
@pages
def file(request: HttpRequest, code: str, version: str, name: str) -> HttpResponseBase:
    """A file of an edition."""
    shown, row = library.file(code, version, name)
    response = serving.sent(request, shown, row)
    if serving.is_a_download(request, row.size, row.sha256, response):
        counting.count(shown.edition.pk, row.language, on=now_in_morocco().date())
    return response


@require_safe
@pages
def selection(request: HttpRequest) -> HttpResponseBase:
    """The files that were ticked, as one ZIP."""
    asked = [
        int(value) for value in request.GET.getlist("file") if value.isascii() and value.isdecimal() and len(value) < 15
    ]
    files = library.selected(asked[: serving.MAX_FILES + 1])
    response = serving.zipped(request, files)
    if request.method == "GET" and response.status_code == 200:
        for edition_id, language in sorted({(shown.edition.pk, row.language) for shown, row in files}):
            counting.count(edition_id, language, on=now_in_morocco().date())
    return response


def _page(request: HttpRequest, shown: Shown) -> HttpResponse:
    language = active_language()
    spoken = _file_language(request, language)
    rows = library.files_by_edition([shown])[shown.edition.pk]
    latest = library.current_version(shown.guide.code)
    return render_page(
        request,
        "nassij_funding/guide.html",
        {
            **_card(shown, rows, language, spoken),
            "notice": _notice(shown),
            "newer": latest if latest != shown.guide.version else "",
            "spoken": spoken,
            "file_languages": _languages(spoken),
            "text": without_ids(shown.guide.text[spoken]),
            "checklist": [
                {"text": words(item.text, spoken), "note": words(item.note, spoken), "required": item.required}
                for item in shown.guide.checklist
            ],
            "sources": [
                {
                    "source": blocks_of(words(each.source, language), language),
                    "statement": blocks_of(words(each.statement, language), language),
                    "to_confirm": each.to_confirm,
                }
                for each in shown.guide.cited
            ],
            "change_note": words(shown.guide.change_note, language),
            "letters": [(each.code, words(each.title, spoken)) for each in shown.guide.letters],
            "mine": _my_association(request) if shown.edition.current_slot else None,
        },
    )


def _my_association(request: HttpRequest) -> MembershipData | None:
    """The association whose data can be filled in: the first of whoever is signed in."""
    user_id = signed_in_user_id(request) if request.user.is_authenticated else None
    return next(iter(memberships(user_id=user_id)), None)


def _notice(shown: Shown) -> str:
    if shown.edition.status == EditionStatus.WITHDRAWN:
        return _("This edition was withdrawn. Do not rely on it.")
    if library.is_expired(shown, now_in_morocco().date()):
        return _("This edition has expired. What it says may no longer hold.")
    if shown.edition.current_slot is None:
        return _("There is a newer edition of this guide.")
    return ""


def _card(shown: Shown, rows: list[EditionFile], language: str, spoken: str) -> dict[str, Any]:
    """A guide as the list shows it, its files in the language of files chosen."""
    own = sorted((row for row in rows if row.language == spoken), key=_place)
    return {
        "guide": shown.guide,
        "edition": shown.edition,
        "title": words(shown.guide.title, language),
        "summary": words(shown.guide.summary, language),
        "topic_names": [words(topics()[code], language) for code in shown.guide.topics if code in topics()],
        "is_expired": library.is_expired(shown, now_in_morocco().date()),
        "files": [
            {
                "id": row.pk,
                "name": library.address_name(row),
                "title": library.title_of(shown.guide, row),
                "format": FileFormat(row.format).label,
                "size": row.size,
                "pages": row.pages,
                "sha256": row.sha256,
                "is_template": bool(row.template),
            }
            for row in own
        ],
    }


def _place(row: EditionFile) -> tuple[str, int]:
    """The guide itself comes first, then its documents; of each, what is printed before what is filled in."""
    return row.template, _ORDER.index(FileFormat(row.format))


def _file_language(request: HttpRequest, language: str) -> str:
    """The language of the files: as asked, else that of the page, else the first of a guide."""
    asked = request.GET.get("lang", "")
    return next((each for each in (asked, language) if each in LANGUAGES), LANGUAGES[0])


def _languages(spoken: str) -> list[dict[str, Any]]:
    names = {"ar": "العربية", "fr": "Français"}
    return [{"code": code, "name": names[code], "chosen": code == spoken} for code in LANGUAGES]
