"""Managing the members of an association: who is what, who leads, whose membership ends."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nassij.associations import api, problems
from nassij.associations.data import Access, Action, MemberData
from nassij.associations.forms import MemberForm
from nassij.associations.presenting import role_label
from nassij.common.errors import Conflict
from nassij.common.pages import pages, render_page, signed_in_user_id


@require_safe
@pages
def members(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The members, each with a way to change their role or end their membership."""
    access = _access(request, uuid)
    found = api.members(association_id=access.association_id)
    lines = [
        {"member": member, "role": role_label(member.role), "me": member.user_id == access.user_id} for member in found
    ]
    return render_page(request, "nassij_associations/members.html", {"access": access, "members": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@pages
def member(request: HttpRequest, uuid: UUID, membership_uuid: UUID) -> HttpResponse:
    """Change a member's role, or who leads."""
    access = _access(request, uuid)
    found = _member(access, membership_uuid)
    form = MemberForm(request.POST or None, initial={"role": found.role.value, "is_lead": found.is_lead})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            role, is_lead = form.chosen
            try:
                api.set_member(
                    actor_id=access.user_id,
                    association_id=access.association_id,
                    membership_uuid=membership_uuid,
                    role=role,
                    is_lead=is_lead,
                )
            except Conflict as error:
                form.add_error("role", f"{error.message} {error.remedy}")
                status = error.status
            else:
                messages.success(request, _("The role is saved."))
                return _back(access)
    context = {"access": access, "member": found, "form": form, "me": found.user_id == access.user_id}
    return render_page(request, "nassij_associations/member.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@pages
def end_membership(request: HttpRequest, uuid: UUID, membership_uuid: UUID) -> HttpResponse:
    """End someone's membership, after a page that asks."""
    access = _access(request, uuid)
    found = _member(access, membership_uuid)
    if request.method == "POST":
        api.end_membership(
            actor_id=access.user_id, association_id=access.association_id, membership_uuid=membership_uuid
        )
        messages.success(request, _("The membership has ended."))
        return _back(access)
    context = {"access": access, "member": found, "role": role_label(found.role)}
    return render_page(request, "nassij_associations/end_membership.html", context)


def _access(request: HttpRequest, uuid: UUID) -> Access:
    return api.require(user_id=signed_in_user_id(request), action=Action.MANAGE_MEMBERS, association_uuid=uuid)


def _member(access: Access, membership_uuid: UUID) -> MemberData:
    for found in api.members(association_id=access.association_id):
        if found.membership_uuid == membership_uuid:
            return found
    raise problems.unknown_member()


def _back(access: Access) -> HttpResponse:
    """To the list of members, or to the association for someone who has just given that right away."""
    still = api.may(user_id=access.user_id, action=Action.MANAGE_MEMBERS, association_id=access.association_id)
    if not still and not api.may(
        user_id=access.user_id, action=Action.VIEW_ASSOCIATION, association_id=access.association_id
    ):
        return redirect("nassij_associations:home")
    return redirect(f"nassij_associations:{'members' if still else 'association'}", uuid=access.association_uuid)
