"""Talking about what differs: the members' answers side by side, and the lead's common answer to each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from nassij.common.errors import BadInput, Conflict, NassijError, Unprocessable
from nassij.common.locale import active_language
from nassij.common.pages import form_of, pages, render_page, signed_in_user_id

from .. import api
from ..discussion.words import Asked, Typed, anchor_of, discussion_context, next_to_settle


@require_GET
@pages
def discussion(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """What differs first; each point with its form for whoever settles it, to read for the others."""
    asked = Asked(look=request.GET.get("look", ""), saved=request.GET.get("saved", ""))
    return _page(request, round_uuid, asked)


@form_of("nassij_governance:discussion", "round_uuid")
def settle(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """Store one common answer, then on to the next point; what is wrong stands at its own point, with what was typed."""
    user_id, form = signed_in_user_id(request), request.POST
    found = api.discussion(user_id=user_id, round_uuid=round_uuid, language=active_language())
    code, typed = form.get("indicator", ""), _typed(form)
    was_settled = any(item.code == code and item.answer is not None for item in found.items)
    try:
        settled = api.settle(
            user_id=user_id,
            association_id=found.round.association_id,
            round_uuid=round_uuid,
            indicator_code=code,
            answer=_answer(typed),
            note=typed.note,
            operation_id=form.get("operation_id", ""),
            revision=typed.revision,
        )
    except (BadInput, Conflict, Unprocessable) as refused:
        if code not in found.instrument.by_code:
            raise
        # The form goes on from the version it was shown: whoever saves again has seen it.
        kept = Typed(
            typed.value, typed.reason, typed.note, typed.has_document, refused.extra.get("revision", typed.revision)
        )
        return _page(request, round_uuid, Asked(refused=refused, refused_code=code, typed=kept))
    # A button pressed twice leads where the first press led.
    following = code if was_settled and not settled.replayed else next_to_settle(found, code)
    place = reverse("nassij_governance:discussion", kwargs={"round_uuid": round_uuid})
    return redirect(f"{place}?saved={code}#{anchor_of(following) if following else 'settled'}")


def _typed(form: Any) -> Typed:
    revision = form.get("revision", "")
    if not (revision.isascii() and revision.isdecimal() and len(revision) < 10):
        raise BadInput(code="bad_revision")
    return Typed(
        value=form.get("answer", ""),
        reason=form.get("reason", ""),
        note=form.get("note", ""),
        has_document=form.get("document") == "yes",
        revision=int(revision),
    )


def _answer(typed: Typed) -> dict[str, Any]:
    """What the form says, as the API takes it; no choice at all is "later", which settles nothing."""
    answer: dict[str, Any] = {"evidence": api.Evidence.DECLARED if typed.has_document else api.Evidence.NONE}
    if typed.value.isascii() and typed.value.isdecimal() and len(typed.value) < 10:
        return {**answer, "kind": "level", "level": int(typed.value)}
    if typed.value == "not_applicable":
        answer["reason"] = typed.reason
    return {**answer, "kind": typed.value or "skipped"}


def _page(request: HttpRequest, round_uuid: UUID, asked: Asked) -> HttpResponse:
    found = api.discussion(user_id=signed_in_user_id(request), round_uuid=round_uuid, language=active_language())
    context = discussion_context(found, asked)
    refused: NassijError | None = asked.refused
    context["moved"] = refused if refused and refused.code == "round_moved" else None
    status = refused.status if refused else 200
    return render_page(request, "nassij_governance/discussion.html", context, status=status)
