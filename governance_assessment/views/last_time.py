"""What a member said in the round before, to be confirmed where it still holds."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from nassij.common.locale import active_language
from nassij.common.pages import pages, render_page, signed_in_user_id

from .. import api
from ..domain import Indicator, Instrument


@require_http_methods(["GET", "HEAD", "POST"])
@pages
def last_time(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """One's own answers of last time on equal questions that are still open; what is ticked becomes an answer."""
    user_id = signed_in_user_id(request)
    if request.method == "POST":
        saved = api.confirm_last_time(
            user_id=user_id,
            round_uuid=round_uuid,
            codes=request.POST.getlist("code"),
            operation_id=request.POST.get("operation_id", ""),
        )
        _tell(request, len(request.POST.getlist("code")), len(saved.problems))
        return redirect("nassij_governance:last_time", round_uuid=round_uuid)
    found = api.last_time(user_id=user_id, round_uuid=round_uuid)
    context = {"found": found, "sections": _sections(found, active_language()), "operation": f"last-{uuid4()}"}
    return render_page(request, "nassij_governance/last_time.html", context)


def _tell(request: HttpRequest, ticked: int, refused: int) -> None:
    if not ticked:
        messages.warning(request, _("You ticked nothing, so nothing was confirmed."))
    elif refused:
        messages.error(request, _("Some answers could not be confirmed: give them in the questionnaire."))
    else:
        text = ngettext("%(n)s answer is confirmed.", "%(n)s answers are confirmed.", ticked) % {"n": ticked}
        messages.success(request, text)


def _sections(found: api.LastTime, language: str) -> list[dict[str, Any]]:
    sections = []
    for section in found.instrument.sections:
        items = [
            _item(found.instrument, indicator, found.answers[indicator.code], language)
            for indicator in section.all_indicators()
            if indicator.code in found.answers
        ]
        if items:
            sections.append({"title": section.title.in_language(language), "items": items})
    return sections


def _item(instrument: Instrument, indicator: Indicator, answer: api.AnswerData, language: str) -> dict[str, Any]:
    names = {level.level: level.name for level in instrument.scale_of(indicator).levels}
    name = names.get(answer.level) if answer.level is not None else None
    text = dict(indicator.levels).get(answer.level) if answer.level is not None else None
    return {
        "code": indicator.code,
        "title": indicator.title.in_language(language),
        "name": name.in_language(language) if name else answer.level,
        "text": text.in_language(language) if text else "",
        "answer": answer,
    }
