"""The action plan: what, who, when, how far; and its calendar file."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nassij.common.canonical import digest
from nassij.common.errors import Conflict, NassijError, Unprocessable
from nassij.common.locale import active_language
from nassij.common.mail_topics import REMINDERS, wants
from nassij.common.pages import form_of, pages, render_page, signed_in_user_id

from .. import api
from ..plan.calendar import calendar_of
from ..plan.forms import ActionPageForm, RemarkForm, new_action
from ..plan.words import conflict_rows, page_words
from ..validation.forms import whole_number


@require_GET
@pages
def plan(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The plan of an association: late actions first, then what is recommended next."""
    return _plan_page(request, uuid)


@form_of("nassij_governance:plan", "uuid")
def add(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Add an action in one's own words; what is wrong is marked on the plan's own page."""
    user_id = signed_in_user_id(request)
    found = api.plan(user_id=user_id, association_uuid=uuid, language=active_language())
    form = new_action(found, request.POST)
    if form.is_valid():
        try:
            api.add_plan_item(
                user_id=user_id,
                association_uuid=uuid,
                changes=form.changes(),
                operation_id=request.POST.get("operation_id", ""),
            )
        except Unprocessable as refused:
            if "fields" not in refused.extra:
                raise
            form.mark(refused)
        else:
            messages.success(request, _("The action is in the plan."))
            return redirect("nassij_governance:plan", uuid=uuid)
    return _plan_page(request, uuid, form=form)


@form_of("nassij_governance:plan", "uuid")
def take(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Add what is recommended, in one tap."""
    item_uuid = api.take_recommendation(
        user_id=signed_in_user_id(request),
        association_uuid=uuid,
        indicator_code=request.POST.get("indicator", ""),
        from_level=_number(request.POST.get("from_level") or None),
        operation_id=_operation(request),
    )
    messages.success(request, _("The action is in the plan. Now choose who does it and by when."))
    return redirect("nassij_governance:plan_item", uuid=uuid, item_uuid=item_uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@pages
def item(request: HttpRequest, uuid: UUID, item_uuid: UUID) -> HttpResponse:
    """One action: its form for who may write it, otherwise to read. On a conflict both versions stand on the page."""
    page = api.plan_item(
        user_id=signed_in_user_id(request), association_uuid=uuid, item_uuid=item_uuid, language=active_language()
    )
    revision, conflict = page.item.revision, None
    form = ActionPageForm.of(page.item, page.members, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, uuid, item_uuid, form.changes())
        except Unprocessable as refused:
            form.mark(refused)
        except Conflict as refused:
            if "stored" not in refused.extra:
                raise
            revision, conflict = refused.extra["revision"], refused
        else:
            messages.success(request, _("Saved."))
            return redirect(_anchor(uuid, item_uuid))
    context = {
        "page": page,
        "item": page.item,
        "form": form if page.item.may_follow else None,
        "revision": revision if not form.errors else _number(request.POST.get("revision")),
        "conflict": conflict,
        "versions": conflict_rows(conflict, form, page.members) if conflict else (),
        "remark_form": RemarkForm(initial={"remark": page.item.remark}) if page.may_remark else None,
        "operation_id": _new_operation(),
    }
    status = conflict.status if conflict else 422 if form.errors else 200
    return render_page(request, "nassij_governance/plan_item.html", context, status=status)


@form_of("nassij_governance:plan_item", "uuid", "item_uuid")
def state(request: HttpRequest, uuid: UUID, item_uuid: UUID) -> HttpResponse:
    """Say in one tap how far an action has come."""
    try:
        _change(request, uuid, item_uuid, {"state": request.POST.get("state", "")})
    except Conflict as refused:
        messages.error(request, f"{refused.message} {refused.remedy}")
    else:
        messages.success(request, _("Saved."))
    return redirect(_anchor(uuid, item_uuid))


@form_of("nassij_governance:plan_item", "uuid", "item_uuid")
def remark(request: HttpRequest, uuid: UUID, item_uuid: UUID) -> HttpResponse:
    """The coach's remark on an action."""
    user_id = signed_in_user_id(request)
    try:
        api.remark_plan_item(
            user_id=user_id,
            association_uuid=uuid,
            item_uuid=item_uuid,
            text=request.POST.get("remark", ""),
            revision=_number(request.POST.get("revision")) or 0,
            operation_id=_operation(request),
        )
    except (Conflict, Unprocessable) as refused:
        return _refused_remark(request, uuid, item_uuid, refused)
    messages.success(request, _("Saved."))
    return redirect(_anchor(uuid, item_uuid))


@require_GET
@pages
def calendar(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The dated actions as a calendar file to keep on the phone."""
    language = active_language()
    found = api.plan(user_id=signed_in_user_id(request), association_uuid=uuid, language=language)
    body = calendar_of(found, language=language, page_path=reverse("nassij_governance:plan", kwargs={"uuid": uuid}))
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="nassij-plan-{str(uuid)[:8]}.ics"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _plan_page(request: HttpRequest, uuid: UUID, form: Any = None) -> HttpResponse:
    user_id = signed_in_user_id(request)
    found = api.plan(user_id=user_id, association_uuid=uuid, language=active_language())
    context = {
        "plan": found,
        **page_words(found),
        "form": form or (new_action(found) if found.may_edit else None),
        "is_refused": form is not None,
        # A form sent twice is one action; one sent again after a correction is the same action too.
        "operation_id": request.POST.get("operation_id") or _new_operation(),
        "gets_mails": wants(user_id=user_id, topic=REMINDERS),
    }
    return render_page(request, "nassij_governance/plan.html", context, status=422 if form is not None else 200)


def _refused_remark(request: HttpRequest, uuid: UUID, item_uuid: UUID, refused: NassijError) -> HttpResponse:
    """The page again with what was typed and, when another coach was faster, what they wrote."""
    page = api.plan_item(
        user_id=signed_in_user_id(request), association_uuid=uuid, item_uuid=item_uuid, language=active_language()
    )
    form = RemarkForm(request.POST)
    context = {"page": page, "item": page.item, "remark_form": form, "remark_refused": refused}
    context["operation_id"] = _new_operation()
    return render_page(request, "nassij_governance/plan_item.html", context, status=refused.status)


def _change(request: HttpRequest, uuid: UUID, item_uuid: UUID, changes: dict[str, Any]) -> None:
    api.change_plan_item(
        user_id=signed_in_user_id(request),
        association_uuid=uuid,
        item_uuid=item_uuid,
        changes=changes,
        revision=_number(request.POST.get("revision")) or 0,
        operation_id=_operation(request),
    )


def _new_operation() -> str:
    return f"plan-{uuid4()}"


def _operation(request: HttpRequest) -> str | None:
    """One intent: this form of this page, as it is filled in. Sent again it is the same; filled in anew it is another."""
    page = request.POST.get("operation_id")
    if not page:
        return None
    sent = sorted(item for item in request.POST.lists() if item[0] != "csrfmiddlewaretoken")
    return digest(request.path, sent)


def _number(value: str | None) -> int | None:
    """A number from a hidden field. Raises `BadInput` for anything else."""
    return None if value is None else whole_number(value)


def _anchor(uuid: UUID, item_uuid: UUID) -> str:
    return f"{reverse('nassij_governance:plan', kwargs={'uuid': uuid})}#action-{item_uuid}"
