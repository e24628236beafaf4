"""One association: its page, its profile, its join code, its coaches, leaving it. And the list of those one accompanies."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nassij.associations import accompaniment, api, codes, people, problems, queries, reads
from nassij.associations.data import Access, Action
from nassij.associations.forms import CoachForm, FilterForm, ProfileForm
from nassij.associations.presenting import notice, profile_lines, role_label
from nassij.associations.reference import province_name
from nassij.common.errors import NassijError
from nassij.common.locale import active_language
from nassij.common.pages import form_of, pages, render_page, signed_in_user_id
from nassij.common.people import display_name

PER_PAGE = 25
HERE = "nassij_associations:association"


@require_safe
@pages
def association(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Profile, what is next, members with their roles, join code for those who hand it out."""
    access = _access(request, uuid, Action.VIEW_ASSOCIATION)
    found = api.association(association_id=access.association_id)
    language = active_language()
    steps = api.next_steps(relations=[access.relation], language=language)[found.id]
    code = api.join_code(actor_id=access.user_id, association_id=found.id) if access.may(Action.VIEW_JOIN_CODE) else ""
    return render_page(
        request,
        "nassij_associations/association.html",
        {
            "association": found,
            "lines": profile_lines(found),
            "members": _member_lines(access),
            "coaches": reads.coaches(association_id=found.id),
            "join_code": codes.shown(code),
            "steps": steps,
            **_allowed(access),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@pages
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change the profile."""
    access = _access(request, uuid, Action.EDIT_ASSOCIATION)
    found = api.association(association_id=access.association_id)
    form = ProfileForm.of(found, request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            api.update_association(actor_id=access.user_id, association_uuid=uuid, changes=form.values())
            messages.success(request, _("The profile is saved."))
            return redirect(HERE, uuid=uuid)
        status = 422
    context = {"association": found, "form": form, "notice": notice()}
    return render_page(request, "nassij_associations/edit.html", context, status=status)


@form_of(HERE, "uuid")
def renew_join_code(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Replace the join code."""
    access = _access(request, uuid, Action.VIEW_JOIN_CODE)
    api.rotate_join_code(actor_id=access.user_id, association_id=access.association_id)
    messages.success(request, _("There is a new join code. The old one no longer works."))
    return redirect(HERE, uuid=uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@pages
def leave(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End one's own membership, after saying what that means."""
    access = _access(request, uuid, Action.LEAVE)
    if request.method == "POST":
        api.leave(user_id=access.user_id, association_id=access.association_id)
        messages.success(request, _("You are no longer a member of this association."))
        return redirect("nassij_associations:home")
    context = {"access": access, "must_stay": queries.is_only_president(access.association_id, access.user_id)}
    return render_page(request, "nassij_associations/leave.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@pages
def coaches(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Who accompanies the association: name one more, or end an assignment."""
    access = _access(request, uuid, Action.ASSIGN_COACH)
    form = CoachForm(request.POST if "assign" in request.POST else None)
    status = 200
    if request.method == "POST" and "end" in request.POST:
        accompaniment.dismiss_coach(
            actor_id=access.user_id, association_id=access.association_id, assignment=request.POST["end"]
        )
        messages.success(request, _("The coach no longer accompanies this association."))
        return redirect("nassij_associations:coaches", uuid=uuid)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                user = people.account_called(form.cleaned_data["person"])
                api.appoint_coach(actor_id=access.user_id, association_id=access.association_id, user_id=user.pk)
            except NassijError as error:
                form.add_error("person", f"{error.message} {error.remedy}")
                status = error.status
            else:
                messages.success(request, _("The coach can now see this association."))
                return redirect("nassij_associations:coaches", uuid=uuid)
    assigned = queries.coach_assignments(access.association_id)
    context = {
        "access": access,
        "form": form,
        "assigned": [{"uuid": row.uuid, "name": display_name(row.user)} for row in assigned],
    }
    return render_page(request, "nassij_associations/coaches.html", context, status=status)


@require_safe
@pages
def associations(request: HttpRequest) -> HttpResponse:
    """The associations a coach, coordinator or operator accompanies, with filters; the same number of queries at any size."""
    scope = api.scope(user_id=signed_in_user_id(request))
    if scope.is_empty:
        raise problems.no_list()
    language = active_language()
    cohorts = api.cohorts_in_scope(scope=scope) if scope.may_import else ()
    form = FilterForm(request.GET, cohorts=[(cohort.code, cohort.name(language)) for cohort in cohorts])
    narrowed = queries.narrowed(queries.accompanied_by(scope), **form.filters())
    page = Paginator(queries.for_list(narrowed, scope.user_id), PER_PAGE).get_page(request.GET.get("page"))
    found = reads.summaries(page.object_list)
    steps = api.next_steps(relations=[item.relation for item in found], language=language)
    parameters = request.GET.copy()
    parameters.pop("page", None)
    return render_page(
        request,
        "nassij_associations/list.html",
        {
            "form": form,
            "page": page,
            "total": page.paginator.count,
            "items": [
                {
                    "item": item,
                    "province": province_name(item.province, language),
                    "steps": steps[item.id],
                    "cohorts": [cohort.name(language) for cohort in item.cohorts],
                }
                for item in found
            ],
            "parameters": f"{parameters.urlencode()}&" if parameters else "",
            "filtered": any(form.filters().values()),
            "scope": scope,
        },
    )


def _access(request: HttpRequest, uuid: UUID, action: Action) -> Access:
    return api.require(user_id=signed_in_user_id(request), action=action, association_uuid=uuid)


def _allowed(access: Access) -> dict[str, bool]:
    """What the page offers this person."""
    return {
        "may_edit": access.may(Action.EDIT_ASSOCIATION),
        "may_manage": access.may(Action.MANAGE_MEMBERS),
        "may_leave": access.may(Action.LEAVE),
        "may_assign": access.may(Action.ASSIGN_COACH),
        "may_see_code": access.may(Action.VIEW_JOIN_CODE),
    }


def _member_lines(access: Access) -> list[dict[str, Any]]:
    return [
        {"member": member, "role": role_label(member.role), "me": member.user_id == access.user_id}
        for member in api.members(association_id=access.association_id)
    ]
