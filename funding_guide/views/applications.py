"""Application files: begun from a call, document by document, until they are sent."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nassij.common.errors import BadInput, Conflict, NotFound, Unprocessable
from nassij.common.locale import active_language
from nassij.common.pages import form_of, pages, render_page, signed_in_user_id
from nassij.common.uploads import attachment

from ..applications.calendar import calendar_of
from ..applications.forms import ApplicationForm, DocumentForm
from ..applications.pages import document_row, file_page, guide_of
from ..applications.prefill import filled_letter
from ..applications.reading import file
from ..applications.words import changed_rows
from ..applications.writing import change_document, change_project, follow_call, move, open_application
from ..calls.pages import now_in_morocco, spoken_language
from ..data import ApplicationState
from ..guides import counting
from ..guides.making.files import CONTENT_TYPES
from ..models import FileFormat
from .sent import seen_revision


@form_of("nassij_funding:call", "slug")
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a file for a call, or go on with the one there is."""
    try:
        association_uuid = UUID(request.POST.get("for", ""))
    except ValueError as error:
        raise NotFound() from error
    begun = open_application(user_id=signed_in_user_id(request), association_uuid=association_uuid, slug=slug)
    return redirect("nassij_funding:application", application_uuid=begun)


@require_http_methods(["GET", "HEAD", "POST"])
@pages
def application(request: HttpRequest, application_uuid: UUID) -> HttpResponse:
    """A file: how far it is, what blocks, each document, and the figures of the project."""
    user_id = signed_in_user_id(request)
    found = file(user_id=user_id, uuid=application_uuid)
    form = ApplicationForm.of(found, request.POST if request.method == "POST" else None)
    revision, conflict = found.revision, None
    if request.method == "POST" and form.is_valid():
        try:
            change_project(
                user_id=user_id,
                uuid=application_uuid,
                values=form.values(),
                revision=seen_revision(request),
            )
        except Conflict as refused:
            if "stored" not in refused.extra:
                raise
            revision, conflict = refused.extra["revision"], refused
        else:
            messages.success(request, _("Saved."))
            return redirect("nassij_funding:application", application_uuid=application_uuid)
    context = {
        **file_page(found, active_language()),
        "form": form,
        "revision": revision,
        "conflict": conflict,
        "versions": changed_rows(conflict, form.values(), form) if conflict else (),
    }
    status = conflict.status if conflict else 422 if form.errors else 200
    return render_page(request, "nassij_funding/application.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@pages
def document(request: HttpRequest, application_uuid: UUID, document_code: str) -> HttpResponse:
    """One document of a file: its form for who may write it, otherwise to read."""
    user_id, language = signed_in_user_id(request), active_language()
    found = file(user_id=user_id, uuid=application_uuid)
    wanted = next((one for one in found.documents if one.code == document_code), None)
    if wanted is None:
        raise NotFound()
    form = DocumentForm.of(wanted, found.members, request.POST if request.method == "POST" else None)
    revision, conflict = wanted.revision, None
    if request.method == "POST" and form.is_valid():
        values = form.values(wanted.values)
        try:
            change_document(
                user_id=user_id,
                uuid=application_uuid,
                code=document_code,
                values=values,
                revision=seen_revision(request),
            )
        except Unprocessable as refused:
            form.mark(refused)
        except Conflict as refused:
            if "stored" not in refused.extra:
                raise
            revision, conflict = refused.extra["revision"], refused
        else:
            messages.success(request, _("Saved."))
            return redirect(
                reverse("nassij_funding:application", kwargs={"application_uuid": application_uuid})
                + f"#document-{document_code}"
            )
    spoken = spoken_language(found.call, language)
    context = {
        "found": found,
        "spoken": spoken,
        "call_title": found.call.title[spoken],
        "document": document_row(wanted, spoken, language, now_in_morocco().date()),
        "guide": guide_of(wanted.standing.document, language),
        "form": form,
        "revision": revision,
        "conflict": conflict,
        "versions": changed_rows(conflict, form.values(wanted.values), form, found.members) if conflict else (),
        "may_edit": found.may_edit and found.is_open,
    }
    status = conflict.status if conflict else 422 if form.errors else 200
    return render_page(request, "nassij_funding/application_document.html", context, status=status)


@form_of("nassij_funding:application", "application_uuid")
def state(request: HttpRequest, application_uuid: UUID) -> HttpResponse:
    """Say that the file was sent, dropped, or is taken up again."""
    user_id = signed_in_user_id(request)
    try:
        wanted = ApplicationState(request.POST.get("state", ""))
    except ValueError as error:
        raise BadInput(code="unknown_state") from error
    move(user_id=user_id, uuid=application_uuid, state=wanted)
    told = {
        ApplicationState.SENT: _("Marked as sent. Keep the receipt, or the proof of delivery."),
        ApplicationState.DROPPED: _("The file was dropped."),
        ApplicationState.PREPARING: _("The file is being prepared again."),
    }
    messages.success(request, told[wanted])
    return redirect("nassij_funding:application", application_uuid=application_uuid)


@form_of("nassij_funding:application", "application_uuid")
def follow(request: HttpRequest, application_uuid: UUID) -> HttpResponse:
    """Take over the text of the call that is shown now."""
    follow_call(user_id=signed_in_user_id(request), uuid=application_uuid)
    messages.success(request, _("The file follows the present text of the call: look through its documents."))
    return redirect("nassij_funding:application", application_uuid=application_uuid)


@require_GET
@pages
def calendar(request: HttpRequest, application_uuid: UUID) -> HttpResponse:
    """The dates of a file for the calendar of a phone."""
    found = file(user_id=signed_in_user_id(request), uuid=application_uuid)
    path = reverse("nassij_funding:application", kwargs={"application_uuid": application_uuid})
    content = calendar_of(found, language=active_language(), page_path=path)
    return attachment(content, name=f"{found.call.slug}.ics", content_type="text/calendar; charset=utf-8")


@require_GET
@pages
def letter(request: HttpRequest, uuid: UUID, guide_code: str, template: str, language: str) -> HttpResponse:
    """A document of a guide with the association's data in it; counted as a download, without whose."""
    made = filled_letter(
        user_id=signed_in_user_id(request),
        association_uuid=uuid,
        guide_code=guide_code,
        template=template,
        language=language,
    )
    counting.count(made.edition_id, language, on=now_in_morocco().date())
    return attachment(made.content, name=made.name, content_type=CONTENT_TYPES[FileFormat.DOCX])
