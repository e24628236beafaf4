"""What an association takes home: the report of a round as PDF, its own data, and the blank questionnaire."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nassij.common import private_files
from nassij.common.documents.pdf import CONTENT_TYPE as PDF
from nassij.common.documents.xlsx import CONTENT_TYPE as XLSX
from nassij.common.errors import Conflict, NassijError, NotFound
from nassij.common.locale import active_language
from nassij.common.pages import LANGUAGE_NAMES, form_of, pages, render_page, signed_in_user_id
from nassij.common.text import direction
from nassij.common.uploads import attachment
from nassij.common.views import job_view

from .. import api
from ..reports.file_names import file_name
from ..reports.own_data import SCHEMA
from ..reports.workbook import workbook

_DAMAGED = (NotFound, Conflict)
SCHEMA_FILE = Path(__file__).parents[1] / f"schema/{SCHEMA}.schema.json"


@require_safe
@pages
def reports(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """The reports of a round, the one in the reader's language first; how far those are that are being made."""
    found = api.reports(user_id=signed_in_user_id(request), round_uuid=round_uuid)
    rows = [_row(each) for each in sorted(found.reports, key=lambda each: each.language != active_language())]
    context = {
        "found": found,
        "rows": rows,
        "is_open": any(each.job is not None and each.job.is_open for each in found.reports),
    }
    return render_page(request, "nassij_governance/reports.html", context)


@form_of("nassij_governance:reports", "round_uuid")
def make(request: HttpRequest, round_uuid: UUID, language: str) -> HttpResponse:
    """Ask for a report, then watch it being made. Pressed twice it is made once."""
    api.start_report(user_id=signed_in_user_id(request), round_uuid=round_uuid, language=language)
    return redirect("nassij_governance:reports", round_uuid=round_uuid)


@require_safe
@pages
def pdf(request: HttpRequest, round_uuid: UUID, language: str) -> HttpResponse:
    """The report as it stands now."""
    found = api.report_file(user_id=signed_in_user_id(request), round_uuid=round_uuid, language=language)
    try:
        response = _served(request, found)
    except _DAMAGED as refused:
        _forget(found, refused)
        messages.error(request, _("This report was no longer there as it was made. Make it again: it takes a moment."))
        return redirect("nassij_governance:reports", round_uuid=round_uuid)
    return _told(request, response, round_uuid, report="result", format="pdf", language=language)


@require_safe
@pages
def data_workbook(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """The association's own data as a workbook."""
    data = _own_data(request, round_uuid)
    response = attachment(workbook(data), name=_data_name(data, "xlsx"), content_type=XLSX)
    return _told(request, response, round_uuid, report="data", format="xlsx", language=active_language())


@require_safe
@pages
def data_document(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """The association's own data as JSON."""
    data = _own_data(request, round_uuid)
    body = json.dumps(data.document, ensure_ascii=False, indent=1).encode("utf-8")
    response = attachment(body, name=_data_name(data, "json"), content_type="application/json")
    return _told(request, response, round_uuid, report="data", format="json", language=active_language())


@require_safe
def data_schema(request: HttpRequest) -> HttpResponse:
    """What stands where in that JSON; open to everyone."""
    return HttpResponse(
        SCHEMA_FILE.read_bytes(),
        content_type="application/schema+json",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=86400"},
    )


@require_safe
@pages
def questionnaire(request: HttpRequest, slug: str, kind: str, language: str) -> HttpResponse:
    """The blank questionnaire on paper; open to everyone."""
    found = api.questionnaire_file(slug=slug, kind=kind, language=language)
    try:
        return _served(request, found)
    except _DAMAGED as refused:
        _forget(found, refused)
        return _served(request, api.questionnaire_file(slug=slug, kind=kind, language=language))


def _served(request: HttpRequest, found: api.Download) -> HttpResponse:
    return private_files.serve(request, found.file.path, name=found.name, content_type=PDF, sha256=found.file.sha256)


def _forget(found: api.Download, refused: NassijError) -> None:
    """A file that is gone or was changed can be made again; anything else is not ours to mend."""
    if refused.code not in ("file_missing", "file_altered"):
        raise refused
    api.forget_damaged(found.file)


def _told(request: HttpRequest, response: HttpResponse, round_uuid: UUID, **what: str) -> HttpResponse:
    """The response, and its download told as an event: not what the browser has, nor the rest of a broken download."""
    if request.method == "GET" and response.status_code == 200:
        api.report_downloaded(round_uuid=round_uuid, **what)
    return response


def _own_data(request: HttpRequest, round_uuid: UUID) -> api.OwnData:
    return api.own_data(user_id=signed_in_user_id(request), round_uuid=round_uuid, language=active_language())


def _data_name(data: api.OwnData, ending: str) -> str:
    title = _("Data of the self-assessment: %(association)s") % {"association": data.association_name}
    return file_name(title, data.round.number, ending)


def _row(each: api.ReportData) -> dict[str, Any]:
    return {
        "language": each.language,
        "name": LANGUAGE_NAMES.get(each.language, each.language),
        "direction": direction(each.language),
        "file": each.file,
        "job": job_view(each.job) if each.job is not None else None,
    }
