"""Importing associations and people: the columns and their template, the upload, the dry run, applying, undoing."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nassij.associations import api, reference
from nassij.associations.forms import UploadForm
from nassij.associations.imports import runs
from nassij.associations.imports.columns import by_code, columns
from nassij.associations.imports.parsing import Issue
from nassij.associations.imports.plan import Plan, RowPlan, Status
from nassij.associations.models import AssociationImport
from nassij.associations.presenting import listed, notice, role_label
from nassij.common.documents import xlsx
from nassij.common.errors import NassijError
from nassij.common.locale import active_language
from nassij.common.numbers import format_datetime
from nassij.common.pages import pages, render_page, signed_in_user_id
from nassij.common.uploads import attachment
from nassij.common.views import job_view

PER_PAGE = 50
PREVIEW = "nassij_associations:import_preview"
STATUS_LABELS = {
    Status.ERROR: gettext_lazy("to correct"),
    Status.NEW: gettext_lazy("new"),
    Status.CHANGED: gettext_lazy("changed"),
    Status.SAME: gettext_lazy("already so"),
}
CHIPS = {Status.ERROR: "critical", Status.NEW: "done", Status.CHANGED: "attention", Status.SAME: ""}


@require_http_methods(["GET", "HEAD", "POST"])
@pages
def upload(request: HttpRequest) -> HttpResponse:
    """The columns, the template, the upload, and what one imported before."""
    user_id = signed_in_user_id(request)
    mine = runs.mine(user_id=user_id)
    form = UploadForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                run, ignored = runs.upload(user_id=user_id, file=form.cleaned_data["file"])
            except NassijError as error:
                form.add_error("file", f"{error.message} {error.remedy}")
                status = error.status
            else:
                if ignored:
                    text = _("These columns are not known and were left out: %(columns)s")
                    messages.warning(request, text % {"columns": listed(ignored, active_language())})
                return redirect(PREVIEW, uuid=run.uuid)
    language = active_language()
    context = {
        "form": form,
        "columns": [
            {"header": column.header(language), "code": column.code, "help": column.help} for column in columns()
        ],
        "provinces": reference.choices(reference.provinces()),
        "fields": reference.choices(reference.fields()),
        "cohorts": api.cohorts_in_scope(scope=api.scope(user_id=user_id)),
        "imports": [{"run": run, "when": format_datetime(run.created_at, language)} for run in mine],
        "notice": notice(),
    }
    return render_page(request, "nassij_associations/import.html", context, status=status)


@require_safe
@pages
def template(request: HttpRequest) -> HttpResponse:
    """The empty table, with its headers in the language of the page."""
    api.require_import(user_id=signed_in_user_id(request))
    language = active_language()
    content = xlsx.write_table(
        (), columns=[column.header(language) for column in columns()], title=_("Associations"), language=language
    )
    return attachment(content, name="nassij-associations.xlsx", content_type=xlsx.CONTENT_TYPE)


@require_http_methods(["GET", "HEAD", "POST"])
@pages
def preview(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What the import would do, how far it is, what it did; POST discards it."""
    user_id = signed_in_user_id(request)
    if request.method == "POST":
        runs.discard(user_id=user_id, uuid=uuid)
        messages.success(request, _("The uploaded table was deleted. Nothing was changed."))
        return redirect("nassij_associations:import")
    job = runs.last_job(uuid=uuid)
    run = runs.get(user_id=user_id, uuid=uuid)
    context: dict[str, Any] = {"run": run, "may_undo": runs.may_undo(run), "undo_until": runs.undo_until(run)}
    if job is not None:
        context |= job_view(job)
    if run.state == AssociationImport.State.READY and not (job and job.is_open):
        context |= _dry_run(request, run, runs.dry_run(run, user_id=user_id))
    return render_page(request, "nassij_associations/import_preview.html", context)


@require_POST
@pages
def apply(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let the worker apply the import; its page shows how far it is, then what was done."""
    runs.start_apply(user_id=signed_in_user_id(request), uuid=uuid)
    return redirect(PREVIEW, uuid=uuid)


@require_POST
@pages
def undo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let the worker undo the import; watched on the same page."""
    runs.start_undo(user_id=signed_in_user_id(request), uuid=uuid)
    return redirect(PREVIEW, uuid=uuid)


def _dry_run(request: HttpRequest, run: AssociationImport, plan: Plan) -> dict[str, Any]:
    """The rows, errors first or only those of one kind, a page of them."""
    shown = request.GET.get("show", "")
    order = list(STATUS_LABELS)
    rows = [row for row in plan.rows if not shown or row.status.value == shown]
    rows.sort(key=lambda row: (order.index(row.status), row.row))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    counts = plan.counts
    cells = {row["row"]: row for row in run.rows}
    return {
        "counts": [
            {"status": status.value, "label": label, "number": counts[status.value], "chip": CHIPS[status]}
            for status, label in STATUS_LABELS.items()
        ],
        "associations": counts["associations"],
        "page": page,
        "rows": [_row(row, cells[row.row]) for row in page.object_list],
        "parameters": f"show={shown}&" if shown in {status.value for status in Status} else "",
    }


def _row(row: RowPlan, cells: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the table shows it; what is wrong stands where the value does."""
    language = active_language()
    wrong: dict[str, list[dict[str, Any]]] = {"association": [], "person": [], "details": []}
    for issue in row.issues:
        wrong[_place(issue)].append(
            {
                "column": by_code()[issue.column].header(language),
                "typed": str(cells.get(issue.column, "")).strip(),
                "message": issue.message,
                "remedy": issue.remedy,
            }
        )
    return {
        "number": row.row,
        "name": row.name,
        "person": row.person,
        "label": STATUS_LABELS[row.status],
        "chip": CHIPS[row.status],
        "held_by": row.held_by,
        "wrong": wrong,
        "changes": [
            {
                "column": by_code()[change.column].header(language),
                "before": _value(change.column, change.before, language),
                "after": _value(change.column, change.after, language),
            }
            for change in (() if row.status is Status.ERROR else row.changes)  # they would not be made
        ],
    }


def _place(issue: Issue) -> str:
    """The column of the page under which an issue stands."""
    if issue.column in ("name", "association_uuid"):
        return "association"
    return "person" if issue.column.startswith("person_") else "details"


def _value(column: str, value: Any, language: str) -> str:
    """A value of a change as words; empty for none."""
    if value is None or value == "" or value == ():
        return ""
    if column == "province":
        return reference.province_name(value, language)
    if column == "fields":
        return listed([reference.field_name(code, language) for code in value], language)
    if column == "person_role":
        return role_label(value)
    if column == "person_lead":
        return _("yes") if value else _("no")
    return str(value)
