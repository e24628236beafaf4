"""Answer sheets for workshops: download, send back, the dry run, and applying it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from nassij.common.errors import BadInput, Conflict, NassijError, TooLarge, Unprocessable
from nassij.common.locale import active_language
from nassij.common.pages import LANGUAGE_NAMES, form_of, pages, render_page, signed_in_user_id
from nassij.common.text import direction
from nassij.common.uploads import attachment

from .. import api
from ..sheets.data import SheetStatus
from ..sheets.forms import SheetForm

LABELS = {
    SheetStatus.NEW: (_("new"), "done"),
    SheetStatus.CHANGED: (_("changed"), "attention"),
    SheetStatus.SAME: (_("already so"), ""),
}


@require_http_methods(["GET", "HEAD", "POST"])
@pages
def sheet(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """The sheet to download in each language, and the form that sends it back; its wrong cells stand below the form."""
    user_id = signed_in_user_id(request)
    found = api.sheet_round(user_id=user_id, round_uuid=round_uuid)
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    wrong: Any = ()
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                checked = api.check_sheet(user_id=user_id, round_uuid=round_uuid, file=form.cleaned_data["file"])
                if checked.uuid is not None:
                    return redirect("nassij_governance:sheet_plan", sheet_uuid=checked.uuid)
                wrong = checked.wrong
        except (BadInput, TooLarge, Unprocessable) as refused:
            form.mark(refused)
            status = refused.status
    context = {
        "found": found,
        "form": form if found.may_send else None,
        "wrong": wrong,
        "sheet_languages": [
            {"code": code, "name": LANGUAGE_NAMES.get(code, code), "direction": direction(code)}
            for code in found.languages
        ],
    }
    return render_page(request, "nassij_governance/sheet.html", context, status=status)


@require_GET
@pages
def download(request: HttpRequest, round_uuid: UUID, language: str) -> HttpResponse:
    """The empty sheet in one language."""
    made = api.answer_sheet(user_id=signed_in_user_id(request), round_uuid=round_uuid, language=language)
    return attachment(made.content, name=made.name, content_type=made.content_type)


@require_GET
@pages
def plan(request: HttpRequest, sheet_uuid: UUID) -> HttpResponse:
    """What the sheet would write, beside what is stored; once applied, what it wrote."""
    return _plan_page(request, sheet_uuid)


@form_of("nassij_governance:sheet_plan", "sheet_uuid")
def apply(request: HttpRequest, sheet_uuid: UUID) -> HttpResponse:
    """Write what the dry run showed; when something changed since, the new comparison with what is said about it."""
    try:
        written = api.apply_sheet(
            user_id=signed_in_user_id(request), sheet_uuid=sheet_uuid, seen=request.POST.get("seen", "")
        )
    except Conflict as refused:
        if refused.code not in ("answers_changed", "already_applied"):
            raise
        return _plan_page(request, sheet_uuid, refused)
    said = ngettext("%(n)s answer was written.", "%(n)s answers were written.", written)
    messages.success(request, said % {"n": written})
    return redirect("nassij_governance:sheet_plan", sheet_uuid=sheet_uuid)


@form_of("nassij_governance:sheet_plan", "sheet_uuid")
def discard(request: HttpRequest, sheet_uuid: UUID) -> HttpResponse:
    """Delete the sheet that was sent; nothing was written."""
    current = api.discard_sheet(user_id=signed_in_user_id(request), sheet_uuid=sheet_uuid)
    messages.success(request, _("The sheet was deleted. Nothing was written."))
    return redirect("nassij_governance:sheet", round_uuid=current.uuid)


def _plan_page(request: HttpRequest, sheet_uuid: UUID, refused: NassijError | None = None) -> HttpResponse:
    found = api.sheet_plan(user_id=signed_in_user_id(request), sheet_uuid=sheet_uuid, language=active_language())
    order = list(LABELS)
    lines = sorted(found.lines, key=lambda line: order.index(line.status) if line.status is SheetStatus.SAME else 0)
    context = {
        "plan": found,
        "lines": [{"line": line, "label": LABELS[line.status][0], "chip": LABELS[line.status][1]} for line in lines],
        "counts": [(found.counts[status.value], *LABELS[status]) for status in LABELS],
        "has_work": any(line.status is not SheetStatus.SAME for line in found.lines),
        "refused": refused,
    }
    return render_page(request, "nassij_governance/sheet_plan.html", context, status=refused.status if refused else 200)
