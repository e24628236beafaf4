"""A submitted round for those who accompany the association: the list of its indicators, and what moves it on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nassij.common.errors import BadInput, Conflict, NassijError, Unprocessable
from nassij.common.locale import active_language
from nassij.common.pages import form_of, pages, render_page, signed_in_user_id

from .. import api
from ..data import Move, RoundState
from ..rounds.words import history_lines
from ..validation.forms import whole_number
from ..validation.words import areas, round_checks, trail_lines

HERE = "nassij_governance:coach_round"


@require_safe
@pages
def round_page(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """Every indicator with both words, how far the coach has come, what may be done next."""
    return _page(request, round_uuid)


@form_of("nassij_governance:coach_round", "round_uuid")
def validate(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """Freeze what the coach found; what still needs a word is named on the same page."""
    try:
        api.validate_round(
            user_id=signed_in_user_id(request),
            round_uuid=round_uuid,
            remark=request.POST.get("remark", ""),
            confirm_rest=request.POST.get("confirm_rest") == "yes",
            step=whole_number(request.POST.get("step")),
        )
    except (BadInput, Unprocessable, Conflict) as refused:
        return _page(request, round_uuid, refused, what="validate")
    messages.success(
        request, _("The round is validated. Both answers stay side by side; the association has been told.")
    )
    return redirect(HERE, round_uuid=round_uuid)


@form_of("nassij_governance:coach_round", "round_uuid")
def reopen(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """Give the round back to the association, with a reason."""
    try:
        api.reopen_round(
            user_id=signed_in_user_id(request),
            round_uuid=round_uuid,
            reason=request.POST.get("reason", ""),
            step=whole_number(request.POST.get("step")),
        )
    except (BadInput, Conflict) as refused:
        return _page(request, round_uuid, refused, what="reopen")
    messages.success(request, _("The round is open again, and the association has been told why."))
    return redirect(HERE, round_uuid=round_uuid)


@require_safe
@pages
def trail(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """Who did what with a round, in which capacity and when."""
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    language = active_language()
    found = api.trail(user_id=signed_in_user_id(request), round_uuid=round_uuid, page=number)
    context = {
        "found": found,
        "lines": trail_lines(found, language),
        "number": max(number, 1),
        "was_submitted": found.round.step > 0 and not found.round.is_draft,
    }
    return render_page(request, "nassij_governance/coach_trail.html", context)


def _page(
    request: HttpRequest, round_uuid: UUID, refused: NassijError | None = None, *, what: str = ""
) -> HttpResponse:
    user_id, language = signed_in_user_id(request), active_language()
    found = api.validation(user_id=user_id, round_uuid=round_uuid, language=language)
    titles = {item.code: item.title for item in found.items}
    listed = areas(found)
    rest = [code for code in found.missing if code not in found.to_say]
    context: dict[str, Any] = {
        "found": found,
        "round": found.round,
        "areas": listed,
        "looked_at": len(found.items) - len(found.missing),
        "differing": sum(row.mark == "differs" for area in listed for row in area.rows),
        "next": found.missing[0] if found.missing else "",
        "to_say": [(code, titles[code]) for code in found.to_say],
        "rest": len(rest),
        "checks": round_checks(found),
        "history": history_lines(api.history(user_id=user_id, round_uuid=round_uuid)),
        "may_validate": Move.VALIDATE in found.moves,
        "may_reopen": Move.REOPEN in found.moves,
        "may_close": Move.CLOSE in found.moves,
        "is_validated": found.round.state in (RoundState.VALIDATED, RoundState.CLOSED),
        "refused": refused,
        "refused_what": what,
        "unfinished": [(code, titles[code]) for code in (refused.extra.get("indicators", ()) if refused else ())],
        "typed": request.POST,
    }
    return render_page(
        request, "nassij_governance/coach_round.html", context, status=refused.status if refused else 200
    )
