"""One indicator of a submitted round: the association's answer, its evidence, and the coach's word beside them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nassij.common.errors import BadInput, Conflict, Forbidden, NassijError, NotFound, Unprocessable
from nassij.common.locale import active_language
from nassij.common.pages import pages, render_page, signed_in_user_id

from .. import api
from ..validation.forms import TypedWord, whole_number
from ..validation.words import EVIDENCE, areas, indicator_words, word_lines


@require_http_methods(["GET", "HEAD", "POST"])
@pages
def indicator(request: HttpRequest, round_uuid: UUID, code: str) -> HttpResponse:
    """The page of one indicator; saving leads on to the next that needs a word. On a conflict both words stand on the page."""
    user_id = signed_in_user_id(request)
    found = api.validation(user_id=user_id, round_uuid=round_uuid, language=active_language())
    item = next((item for item in found.items if item.code == code), None)
    if item is None:
        raise NotFound()
    if request.method != "POST":
        return _page(request, found, item, TypedWord.of(item), item.revision, found.submission)
    submission = request.POST.get("submission")
    if not submission:
        raise BadInput(code="bad_submission")
    typed, revision = TypedWord.sent(request.POST), whole_number(request.POST.get("revision"))
    try:
        api.save_coach_answer(
            user_id=user_id,
            association_id=found.round.association_id,
            round_uuid=round_uuid,
            indicator_code=code,
            answer=typed.as_answer(),
            # What makes a form sent twice one word is its revision: saying again what is stored is no conflict, and where
            # somebody has spoken in between, both words are shown instead of a reply from before.
            operation_id=f"coach-{uuid4()}",
            revision=revision,
            submission=submission,
        )
    except (BadInput, Unprocessable) as refused:
        return _page(request, found, item, typed, revision, submission, refused)
    except Conflict as refused:
        if refused.code not in ("stale_revision", "submission_changed"):
            messages.error(request, f"{refused.message} {refused.remedy}")
            return redirect("nassij_governance:coach_round", round_uuid=round_uuid)
        return _page(request, found, item, typed, refused.extra["revision"], found.submission, refused)
    messages.success(request, _("Saved."))
    return redirect(_following(found, code))


def _following(found: api.ValidationData, code: str) -> str:
    """The next indicator that needs a word, round the end to what was left out; the list when there is none."""
    order = [item.code for item in found.items]
    here = order.index(code)
    for other in order[here + 1 :] + order[:here]:
        if other in found.missing:
            return _address(found, other)
    return reverse("nassij_governance:coach_round", kwargs={"round_uuid": found.round.uuid}) + "#finish"


def _address(found: api.ValidationData, code: str) -> str:
    return reverse("nassij_governance:coach_indicator", kwargs={"round_uuid": found.round.uuid, "code": code})


def _files(user_id: int, found: api.ValidationData, code: str) -> dict[str, Any]:
    """The documents of the question for who may read them: the coach, not who coordinates."""
    try:
        evidence = api.evidence_of(user_id=user_id, round_uuid=found.round.uuid, language=found.language)
    except Forbidden:
        return {"may_see_files": False}
    item = evidence.item(code)
    return {"may_see_files": True, "files": item.files if item else ()}


def _page(
    request: HttpRequest,
    found: api.ValidationData,
    item: api.ValidationItem,
    typed: TypedWord,
    revision: int,
    submission: UUID | str,
    refused: NassijError | None = None,
) -> HttpResponse:
    order = [each.code for each in found.items]
    here = order.index(item.code)
    is_stale = refused is not None and refused.code == "stale_revision"
    stored = refused.extra["stored"] if refused and is_stale else None
    context: dict[str, Any] = {
        "found": found,
        "round": found.round,
        **indicator_words(found, item),
        **_files(signed_in_user_id(request), found, item.code),
        "areas": areas(found, item.code),
        "number": here + 1,
        "total": len(order),
        "previous": order[here - 1] if here else "",
        "next": order[here + 1] if here + 1 < len(order) else "",
        "following": _following(found, item.code),
        "typed": typed,
        "revision": revision,
        "submission": submission,
        "evidence_states": [(str(state), words) for state, words in EVIDENCE.items()],
        "refused": refused,
        "stored": word_lines(found, stored) if stored else (),
        "yours": word_lines(found, refused.extra["yours"]) if refused and is_stale else (),
    }
    return render_page(
        request, "nassij_governance/coach_indicator.html", context, status=refused.status if refused else 200
    )
