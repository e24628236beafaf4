"""The page that says who has stopped, and where."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from course_content.following.learners import Standing, learners
from course_content.following.stopped import stopped
from course_content.settings.common import DEFAULTS
from nassij.associations import api as associations
from nassij.common.errors import Forbidden
from nassij.common.pages import pages, render_page, signed_in_user_id


@require_safe
@pages
def stopped_page(request: HttpRequest) -> HttpResponse:
    """To a trainer: the learners of their runs; to who accompanies associations: their members.

    Nine queries at most, at any number of learners.
    """
    user_id = signed_in_user_id(request)
    scope = associations.scope(user_id=user_id)
    kept = learners()
    runs = kept.runs()
    trained = frozenset(runs) if scope.as_operator else kept.trained_by(user_id)
    whole = frozenset(runs) if trained is None else trained & runs.keys()
    if scope.is_empty and not whole:
        raise Forbidden(
            _("This page is for trainers and for those who accompany associations."),
            remedy=_("If you are one of them, ask the contact centre to give you the role."),
        )
    members: dict[int, list[str]] = {}
    for member in associations.members_in_scope(scope=scope):
        members.setdefault(member.user_id, []).append(member.association_name)
    quiet_days = int(getattr(settings, "NASSIJ_QUIET_DAYS", DEFAULTS["NASSIJ_QUIET_DAYS"]))
    standings = kept.standings(runs, whole=whole, people=tuple(members), among=frozenset(runs) - whole)
    found = stopped(standings, runs, now=timezone.now(), quiet_days=quiet_days)
    shown = {standing.user_id for run in found for place in run.places for standing in place.people}
    names = associations.person_names(user_ids=shown)
    return render_page(
        request,
        "nassij_courses/stopped.html",
        {
            "runs": [
                {
                    "run": each.run,
                    "total": each.total,
                    "places": [
                        {"place": place, "people": [_line(standing, names, members) for standing in place.people]}
                        for place in each.places
                    ],
                }
                for each in found
            ],
            "with_associations": bool(members),
            "quiet_days": quiet_days,
            "today": timezone.localdate(),
        },
    )


def _line(standing: Standing, names: dict[int, str], members: dict[int, list[str]]) -> dict[str, Any]:
    days = (timezone.now() - standing.since).days
    return {
        "name": names.get(standing.user_id, ""),
        "associations": members.get(standing.user_id, []),
        "since": timezone.localtime(standing.since).date(),
        "waited": ngettext("%(number)d day", "%(number)d days", days) % {"number": days},
    }
