"""Home: where am I, what is next. And the door for newcomers: joining with a code."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from nassij.associations import api, queries, reads
from nassij.associations.data import NextStep, Role
from nassij.associations.forms import JoinForm
from nassij.associations.models import Association, Membership
from nassij.associations.presenting import notice, role_label
from nassij.common.errors import NassijError
from nassij.common.locale import active_language
from nassij.common.pages import pages, render_page, signed_in_user_id, url_or_none

SHOWN = 8
"""Associations a coach or coordinator sees on the home page; the list has all of them."""


@require_safe
@pages
def home(request: HttpRequest) -> HttpResponse:
    """My associations; those I accompany; my cohorts; for a newcomer, joining."""
    user_id = signed_in_user_id(request)
    _welcome_invited(request, user_id)
    language = active_language()
    mine = queries.my_memberships(user_id)
    scope = api.scope(user_id=user_id)
    accompanied = [] if scope.is_empty else _first_accompanied(scope)
    own = [
        api.Relation(association_id=row.association_id, is_member=True) for row in mine
    ]  # who is a member does not coach
    relations = own + [reads.relation_of(row) for row in accompanied[:SHOWN]]
    steps = api.next_steps(relations=relations, language=language)
    cohorts = api.cohorts_in_scope(scope=scope) if scope.may_import else ()
    return render_page(
        request,
        "nassij_associations/home.html",
        {
            "mine": [
                {
                    "row": row,
                    "association": reads.association_data(row.association),
                    "role": role_label(row.role),
                    "steps": steps[row.association_id] + _own_steps(row),
                }
                for row in mine
            ],
            "accompanied": [
                {"item": reads.association_data(row), "steps": steps[row.pk]} for row in accompanied[:SHOWN]
            ],
            "more_accompanied": len(accompanied) > SHOWN,
            "cohorts": [{"cohort": cohort, "name": cohort.name(language)} for cohort in cohorts],
            "scope": scope,
            "desk": url_or_none("nassij_governance:desk"),
            "shortcuts": api.shortcuts(scope=scope),
            "form": JoinForm(),
            "notice": notice(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@pages
def join(request: HttpRequest) -> HttpResponse:
    """Join an association with its code. The answer to a wrong one stays on the page, with its status."""
    user_id = signed_in_user_id(request)
    form = JoinForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                membership, is_new = api.join(user_id=user_id, code=form.cleaned_data["code"])
            except NassijError as error:
                form.add_error("code", f"{error.message} {error.remedy}")
                status = error.status
            else:
                text = _("You are now a member of this association.") if is_new else _("You are already a member.")
                messages.success(request, text)
                return redirect("nassij_associations:association", uuid=membership.association_uuid)
    return render_page(request, "nassij_associations/join.html", {"form": form, "notice": notice()}, status=status)


def _welcome_invited(request: HttpRequest, user_id: int) -> None:
    """Someone may have verified their address since they logged in."""
    made = api.claim_invitations(user_id=user_id)
    if made:
        text = ngettext(
            "You are now a member of %(number)d association.",
            "You are now a member of %(number)d associations.",
            len(made),
        )
        messages.success(request, text % {"number": len(made)})


def _first_accompanied(scope: api.Scope) -> list[Association]:
    """Those the page shows, and one more if there is one."""
    return list(queries.with_relation(queries.accompanied_by(scope), scope.user_id)[: SHOWN + 1])


def _own_steps(row: Membership) -> list[NextStep]:
    """What this app itself can say is next: a profile with gaps, an association with nobody else in it."""
    access_role = Role(row.role)
    association = row.association
    may_edit = access_role in (Role.PRESIDENT, Role.SECRETARY)
    steps: list[NextStep] = []
    if may_edit and not (association.commune and association.fields and association.women is not None):
        steps.append(
            NextStep(
                text=_("The profile is not complete yet."),
                label=_("Complete the profile"),
                url=_address("edit", association.uuid),
                state="attention",
            )
        )
    if may_edit and row.member_count < 2:  # type: ignore[attr-defined]
        steps.append(
            NextStep(
                text=_("You are alone here so far: the self-assessment is better with others."),
                label=_("Show the join code"),
                url=_address("association", association.uuid) + "#join-code",
            )
        )
    return steps


def _address(name: str, uuid: Any) -> str:
    return url_or_none(f"nassij_associations:{name}", uuid=uuid) or ""
