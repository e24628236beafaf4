"""The rounds of my associations; a round: where it stands, its result, and what moves it on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from nassij.associations.api import scope
from nassij.common.errors import BadInput, Conflict, NassijError, Unprocessable
from nassij.common.locale import active_language
from nassij.common.pages import form_of, pages, render_page, signed_in_user_id

from .. import api
from ..data import Move, RoundData, RoundKind
from ..rounds.words import questions_url
from ..tracking import result_viewed
from .round_page import home_lines, round_context

MOVES: Mapping[Move, tuple[Callable[..., RoundData], Any, str]] = MappingProxyType(
    {
        Move.START_DISCUSSION: (
            api.start_discussion,
            _("The answers are closed. Here is what the members said."),
            "nassij_governance:discussion",
        ),
        Move.BACK_TO_ANSWERS: (
            api.back_to_answers,
            _("The members can answer again. What was settled stands where nobody changes an answer."),
            "nassij_governance:round",
        ),
        Move.SUBMIT: (
            api.submit_round,
            _("The round is submitted. Its answers and its result are kept as they are now."),
            "nassij_governance:round",
        ),
        Move.CLOSE: (api.close_round, _("The round is closed."), "nassij_governance:round"),
    }
)


@require_GET
@pages
def home(request: HttpRequest) -> HttpResponse:
    """The rounds of the associations this person is a member of, each with what to do next; others are led to their desk."""
    user_id = signed_in_user_id(request)
    rounds = api.rounds_of(user_id=user_id, language=active_language())
    has_desk = not scope(user_id=user_id).is_empty
    if has_desk and not rounds:
        return redirect("nassij_governance:desk")
    context = {
        "lines": home_lines(rounds),
        "slug": api.DEFAULT_INSTRUMENT,
        "has_desk": has_desk,
        "start_url": questions_url(RoundKind.EXPRESS, active_language()),
    }
    return render_page(request, "nassij_governance/home.html", context)


@require_GET
@pages
def round_page(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """Where a round stands, what moves it on, its result and how it came there."""
    return _page(request, round_uuid)


@form_of("nassij_governance:round", "round_uuid")
def move(request: HttpRequest, round_uuid: UUID, move: Move) -> HttpResponse:
    """Move the round on, from the step the page showed; a refusal stands on the round's page with what is still to do."""
    act, said, page = MOVES[move]
    try:
        act(user_id=signed_in_user_id(request), round_uuid=round_uuid, step=_step(request))
    except (Unprocessable, Conflict) as refused:
        if refused.code not in ("incomplete", "to_discuss", "round_moved"):
            raise
        return _page(request, round_uuid, refused)
    messages.success(request, said)
    return redirect(page, round_uuid=round_uuid)


def _step(request: HttpRequest) -> int | None:
    """The step the page showed, None from a page that named none. Raises `BadInput`."""
    given = request.POST.get("step", "")
    if given and not (given.isascii() and given.isdecimal() and len(given) < 10):
        raise BadInput(code="bad_step")
    return int(given) if given else None


def _page(request: HttpRequest, round_uuid: UUID, refused: NassijError | None = None) -> HttpResponse:
    user_id = signed_in_user_id(request)
    context = round_context(user_id, round_uuid, active_language(), refused)
    result_viewed(user_id=user_id, current=context["result"].round)
    status = refused.status if refused else 200
    return render_page(request, "nassij_governance/round.html", context, status=status)
