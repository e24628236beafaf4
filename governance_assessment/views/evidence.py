"""The documents that show the answers: all of a round, those of one question, and each as a download."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nassij.common import private_files
from nassij.common.conf import setting
from nassij.common.errors import BadInput, NassijError, NotFound, TooLarge, Unprocessable
from nassij.common.locale import active_language
from nassij.common.pages import form_of, pages, render_page, signed_in_user_id

from .. import api
from ..evidence.forms import EvidenceForm, size_words


@require_GET
@pages
def overview(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """Every question of a round with its documents."""
    found = _found(request, round_uuid)
    context = {
        "evidence": found,
        "used": size_words(found.bytes_used),
        "room": size_words(settings.NASSIJ_EVIDENCE_ROUND_BYTES),
    }
    return render_page(request, "nassij_governance/evidence.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@pages
def indicator(request: HttpRequest, round_uuid: UUID, indicator_code: str) -> HttpResponse:
    """The documents of one question; a POST adds one. What is wrong with it is said at the field."""
    refused: NassijError | None = None
    form = EvidenceForm(request.POST, request.FILES) if request.method == "POST" else EvidenceForm()
    if request.method == "POST":
        user_id = signed_in_user_id(request)
        try:
            if form.is_valid():
                added = api.add_evidence(
                    user_id=user_id,
                    round_uuid=round_uuid,
                    indicator_code=indicator_code,
                    file=form.cleaned_data["file"],
                )
                messages.success(request, _said(added))
                return redirect("nassij_governance:evidence_item", round_uuid=round_uuid, indicator_code=indicator_code)
            refused = Unprocessable()
        except (BadInput, TooLarge, Unprocessable) as error:
            form.mark(error)
            refused = error
    found = _found(request, round_uuid)
    item = found.item(indicator_code)
    if item is None:
        raise NotFound()
    limit = settings.NASSIJ_EVIDENCE_FILES_PER_INDICATOR
    context = {
        "evidence": found,
        "item": item,
        "form": form if found.may_add and (len(item.files) < limit or form.errors) else None,
        "is_full": len(item.files) >= limit,
        "limit": limit,
        "notice": {"url": reverse("nassij_common:privacy"), "reference": setting("NASSIJ_CNDP_REFERENCE")},
    }
    return render_page(
        request, "nassij_governance/evidence_item.html", context, status=refused.status if refused else 200
    )


@require_GET
@pages
def download(request: HttpRequest, file_uuid: UUID) -> HttpResponse:
    """One document, to keep: never opened as a page of ours."""
    found = api.open_evidence(user_id=signed_in_user_id(request), file_uuid=file_uuid)
    return private_files.serve(
        request, found.path, name=found.name, content_type=found.content_type, sha256=found.sha256
    )


@form_of("nassij_governance:home")
def remove(request: HttpRequest, file_uuid: UUID) -> HttpResponse:
    """Take a document away, then back to its question."""
    removed = api.remove_evidence(user_id=signed_in_user_id(request), file_uuid=file_uuid)
    messages.success(request, _("The document is removed."))
    return redirect(
        "nassij_governance:evidence_item", round_uuid=removed.round_uuid, indicator_code=removed.indicator_code
    )


def _found(request: HttpRequest, round_uuid: UUID) -> api.EvidenceData:
    return api.evidence_of(user_id=signed_in_user_id(request), round_uuid=round_uuid, language=active_language())


def _said(added: api.AddedEvidence) -> str:
    if added.replayed:
        return _("This document is already here.")
    return _("The document is added: your association's answer now counts as “we have the document”.")
