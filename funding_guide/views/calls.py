"""Funding calls: the list, one call with its answer, and what the association says of itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nassij.associations.api import Access, Action, MembershipData, access, memberships
from nassij.common.errors import Conflict, NotFound, Unprocessable
from nassij.common.locale import active_language
from nassij.common.pages import pages, render_page, signed_in_user_id, url_or_none

from ..applications.pages import line_of
from ..applications.reading import files_of, open_file
from ..calls.library import call_version, calls, current_call
from ..calls.pages import call_page, lines, now_in_morocco
from ..calls_search import looked_for
from ..data import CallStatus
from ..facts.facts import change_facts, facts, profile_of
from ..facts.forms import FactsForm, ProjectForm
from ..facts.words import changed_rows
from .sent import seen_revision


@require_GET
@pages
def funding(request: HttpRequest) -> HttpResponse:
    """The calls that are open and the models, each with the verdict for the association chosen; open to everyone."""
    language, today = active_language(), now_in_morocco().date()
    chosen, mine = _chosen(request)
    query = request.GET.get("q", "").strip()[:200]
    shown, past = (looked_for(found, query) for found in calls(on=today))
    profile = profile_of(chosen, (found.call for found in shown)) if chosen else None
    found = lines(shown, profile, language)
    return render_page(
        request,
        "nassij_funding/funding.html",
        {
            "open_calls": [line for line in found if not line.is_model],
            "models": [line for line in found if line.is_model],
            "past": lines(past, None, language),
            "files": [line_of(line, language) for line in files_of(chosen)] if chosen else [],
            "chosen": chosen,
            "mine": mine,
            "query": query,
            "count": len(shown) + len(past),
        },
    )


@require_GET
@pages
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """One call: the answer for the association chosen, then what it asks, its documents, its sources."""
    return _call_page(request, current_call(slug).call, notice="")


@require_GET
@pages
def version(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """A version of a call as it was shown, with a word on what it is now: an old link always leads somewhere true."""
    found, status = call_version(slug, version)
    try:
        shown = current_call(slug).call
    except NotFound:
        shown = None
    if shown is not None and shown.version == version:
        asked = request.META.get("QUERY_STRING")
        return redirect(reverse("nassij_funding:call", kwargs={"slug": slug}) + (f"?{asked}" if asked else ""))
    if status == CallStatus.WITHDRAWN:
        notice = _("This text was withdrawn. Do not rely on it.")
    else:
        notice = _("This is an older text of the call.")
    return _call_page(request, found.call, notice=notice, newer=shown is not None)


@require_http_methods(["GET", "HEAD", "POST"])
@pages
def association_facts(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What the association says of itself for public funding; to read for who may not write it."""
    user_id = signed_in_user_id(request)
    stored = facts(user_id=user_id, association_uuid=uuid)
    form = FactsForm.of(stored, request.POST if request.method == "POST" else None)
    revision, conflict = stored.revision, None
    if request.method == "POST" and form.is_valid():
        try:
            change_facts(
                user_id=user_id,
                association_uuid=uuid,
                values=form.values(stored),
                revision=seen_revision(request),
            )
        except Unprocessable as refused:
            for name, message in refused.extra["fields"].items():
                form.add_error(name, message)
        except Conflict as refused:
            revision, conflict = refused.extra["revision"], refused
        else:
            messages.success(request, _("Saved."))
            return redirect(_next(request) or reverse("nassij_funding:funding") + f"?for={uuid}")
    context = {
        "stored": stored,
        "form": form,
        "revision": revision,
        "conflict": conflict,
        "versions": changed_rows(conflict, form.values(stored)) if conflict else (),
        "next": _next(request),
    }
    status = conflict.status if conflict else 422 if form.errors else 200
    return render_page(request, "nassij_funding/facts.html", context, status=status)


def _call_page(request: HttpRequest, found: Any, *, notice: str, newer: bool = False) -> HttpResponse:
    chosen, mine = _chosen(request)
    asked = any(name in request.GET for name in ProjectForm.base_fields)
    form = ProjectForm(request.GET if asked else None)
    project = form.project()
    context = {
        **call_page(found, profile_of(chosen, [found]) if chosen else None, project, active_language()),
        "chosen": chosen,
        "mine": mine,
        "form": form,
        "notice": notice,
        "file_uuid": open_file(chosen, found.slug) if chosen and not notice else None,
        "may_prepare": chosen is not None and chosen.may(Action.EDIT_APPLICATIONS),
        "newer": newer,
        "here": request.get_full_path(),
        "profile_url": url_or_none("nassij_associations:edit", uuid=chosen.association_uuid) if chosen else None,
        "assessment_url": url_or_none("nassij_governance:home"),
    }
    return render_page(request, "nassij_funding/call.html", context, status=422 if asked and form.errors else 200)


def _chosen(request: HttpRequest) -> tuple[Access | None, tuple[MembershipData, ...]]:
    """The association the page is for, and those one may choose from. A visitor has none, an accompanier the one asked for."""
    if not request.user.is_authenticated:
        return None, ()
    user_id = signed_in_user_id(request)
    mine = memberships(user_id=user_id)
    wanted = _uuid(request.GET.get("for"))
    if wanted is None and mine:
        wanted = mine[0].association_uuid
    found = access(user_id=user_id, association_uuid=wanted) if wanted else None
    if request.GET.get("for") and (found is None or not found.may(Action.VIEW_APPLICATIONS)):
        raise NotFound()
    return found, mine


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise NotFound() from error


def _next(request: HttpRequest) -> str:
    """Where to go back to; a path of this site only."""
    path = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else ""
