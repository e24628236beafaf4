"""The desk: who waits for a coach, and where everyone else stands; who coordinates or operates reads the second part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from nassij.common.locale import active_language
from nassij.common.numbers import format_date
from nassij.common.pages import pages, render_page, signed_in_user_id, url_or_none

from .. import api
from ..data import RoundState

#: The longest waiting come first: the others move up while a coach works.
WAITING_SHOWN = 30
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One association in one line, and where it leads."""

    found: api.AccompaniedAssociation
    words: str
    url: str


@require_safe
@pages
def desk(request: HttpRequest) -> HttpResponse:
    """Who waits for me and since when; then everyone in my scope, those who may need a call first."""
    found = api.desk(user_id=signed_in_user_id(request), language=active_language())
    page = Paginator(found.accompanied, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "as_coach": found.as_coach,
        "waiting": [(waiting, _waited(waiting)) for waiting in found.waiting[:WAITING_SHOWN]],
        "all_waiting": len(found.waiting),
        "more_waiting": len(found.waiting) > WAITING_SHOWN,
        "lines": [Line(line, _words(line), _address(line)) for line in page],
        "quiet": sum(line.is_quiet for line in found.accompanied),
        "total": len(found.accompanied),
        "page": page,
        "parameters": "",
    }
    return render_page(request, "nassij_governance/coach_desk.html", context)


def _waited(waiting: api.WaitingRound) -> str:
    days = (timezone.localdate() - timezone.localdate(waiting.since)).days
    if days < 1:
        return _("since today")
    return ngettext("for %(number)d day", "for %(number)d days", days) % {"number": days}


def _words(line: api.AccompaniedAssociation) -> str:
    """Where an association stands."""
    if line.state is None:
        return _("Has not begun the self-assessment.")
    sentences: dict[RoundState, Any] = {
        RoundState.DRAFT: _("The members have been answering since %(day)s."),
        RoundState.CONSENSUS: _("In discussion since %(day)s."),
        RoundState.SUBMITTED: _("Submitted on %(day)s, waits for you.")
        if line.as_coach
        else _("Submitted on %(day)s, waits for its coach."),
        RoundState.VALIDATED: _("Validated on %(day)s."),
        RoundState.CLOSED: _("Closed on %(day)s."),
    }
    return sentences[line.state] % {"day": format_date(timezone.localdate(line.since))}


def _address(line: api.AccompaniedAssociation) -> str:
    if line.state in (RoundState.SUBMITTED, RoundState.VALIDATED, RoundState.CLOSED):
        return url_or_none("nassij_governance:coach_round", round_uuid=line.round_uuid) or ""
    if line.round_uuid is not None:
        return url_or_none("nassij_governance:round", round_uuid=line.round_uuid) or ""
    return url_or_none("nassij_associations:association", uuid=line.association_uuid) or ""
