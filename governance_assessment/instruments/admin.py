"""Instrument versions in Django's admin: drafts to write, versions to read, publish and retire.

Three permissions of Django's own kind: *view* reads, previews and exports; *add* and *change* write drafts; *publish* decides
what associations are asked. What is published is for reading only, whoever looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nassij.common.admin import VersionsAdmin
from nassij.common.documents.xlsx import CONTENT_TYPE
from nassij.common.errors import BadInput, NassijError
from nassij.common.locale import active_language
from nassij.common.pages import render_page
from nassij.common.text import direction
from nassij.common.uploads import attachment

from ..cli.change_words import grouped, size_text
from ..data import InstrumentStatus
from ..domain import completeness, dump_yaml
from ..domain.reader import VERSION
from ..models import InstrumentVersion
from ..views.instruments import questionnaire_context
from . import files, loading
from .admin_pages import named, told
from .drafts import draft_after, read_draft, save_draft
from .loading import read_file
from .parts import changed, part_at, parts_of
from .releases import Compatibility, compatibility
from .trail import publishers

MAX_BYTES = 4 * 1024 * 1024
TEMPLATES = "admin/nassij_governance/instrumentversion"
PUBLISH = "nassij_governance.publish_instrumentversion"


class InstrumentVersionAdmin(VersionsAdmin):
    """Versions of instruments: what is asked and how it is scored."""

    list_display = ("__str__", "status", "texts", "published_at", "published_by", "retired_at")
    list_filter = ("status", "slug")
    search_fields = ("slug", "version", "content_hash")
    actions = None

    # --- Who may ---

    def has_change_permission(self, request: HttpRequest, obj: InstrumentVersion | None = None) -> bool:
        is_draft = obj is None or obj.status == InstrumentStatus.DRAFT
        return is_draft and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: InstrumentVersion | None = None) -> bool:
        is_draft = obj is not None and obj.status == InstrumentStatus.DRAFT
        return is_draft and super().has_delete_permission(request, obj)

    def may_view(self, request: HttpRequest, version: InstrumentVersion) -> bool:
        return self.has_view_permission(request, version)

    def may_publish(self, request: HttpRequest, version: InstrumentVersion) -> bool:
        return self.has_view_permission(request, version) and request.user.has_perm(PUBLISH)

    def may_continue(self, request: HttpRequest, version: InstrumentVersion) -> bool:
        """A draft is no version yet that another could replace."""
        is_out = version.status != InstrumentStatus.DRAFT
        return is_out and self.has_view_permission(request, version) and self.has_add_permission(request)

    # --- The list ---

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """With who published each: one query for the page."""
        found = super().get_changelist_instance(request)
        found.result_list = list(found.result_list)
        names = publishers(found.result_list)
        for version in found.result_list:
            version.publisher = names.get(version.pk, "")
        return found

    @admin.display(description=gettext_lazy("texts"))
    def texts(self, version: InstrumentVersion) -> str:
        parts = ((part.language, part.percent) for part in completeness(version.content))
        return format_html_join(" · ", '<bdi dir="ltr">{}&nbsp;{}&nbsp;%</bdi>', parts)

    @admin.display(description=gettext_lazy("published by"))
    def published_by(self, version: InstrumentVersion) -> str:
        return format_html("<bdi>{}</bdi>", getattr(version, "publisher", ""))

    # --- Pages ---

    def get_urls(self) -> list[Any]:
        pages = {
            "part": ("<int:pk>/part/<int:number>/", self.part_view),
            "source": ("<int:pk>/source/", self.source_view),
            "preview": ("<int:pk>/preview/<slug:language>/", self.preview_view),
            "export": ("<int:pk>/export/<slug:kind>/", self.export_view),
            "publish": ("<int:pk>/publish/", self.publish_view),
            "retire": ("<int:pk>/retire/", self.retire_view),
            "next": ("<int:pk>/next/", self.next_view),
        }
        own = [
            path(route, self.admin_site.admin_view(view), name=_url_name(name)) for name, (route, view) in pages.items()
        ]
        return own + super().get_urls()

    @told
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Upload a file, look at what it would change, then save it as a draft."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, "upload", {"title": _("Load a version from a file")})
        try:
            if "content" in request.POST:
                return self._save_loaded(request)
            found = files.dry_run(*_uploaded(request))
        except NassijError as error:
            return self._page(
                request, "upload", {"title": _("Load a version from a file"), "error": error}, error.status
            )
        existing = _draft_with_number(found.draft.instrument)
        context = {
            "title": _("What this file would change"),
            "draft": found.draft,
            "missing": found.missing,
            "existing": existing,
            "yaml": dump_yaml(found.draft.content),
            **_report(found.compatibility, found.draft.instrument),
        }
        return self._page(request, "dry_run", context)

    def _save_loaded(self, request: HttpRequest) -> HttpResponse:
        draft = read_file(request.POST["content"].encode("utf-8", "replace"), "YAML")
        existing = _draft_with_number(draft.instrument)
        if existing is not None and not self.has_change_permission(request, existing):
            raise PermissionDenied
        stored = save_draft(
            draft,
            actor_id=request.user.pk,
            version_id=existing.pk if existing else None,
            seen_hash=request.POST.get("seen_hash", ""),  # empty: no draft was there when the file was looked at
        )
        messages.success(request, _("Saved as a draft."))
        return redirect(_url("change", stored.pk))

    @told
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A version at a glance: how complete, what it changes, and what can be done with it."""
        version = self.get_object(request, object_id)
        if version is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        if not self.has_view_or_change_permission(request, version):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        parts = parts_of(version.content)
        draft = read_draft(version.content)
        context = {
            "title": str(version),
            "parts": parts,
            "completeness": [(part, _links(part.missing, parts)) for part in draft.completeness],
            "publisher": publishers([version]).get(version.pk, ""),
            "may_edit": self.has_change_permission(request, version),
            "may_publish": self.may_publish(request, version),
            "may_delete": self.has_delete_permission(request, version),
            "may_continue": self.may_continue(request, version),
            **(_report(compatibility(draft.instrument), draft.instrument) if version.status == "draft" else {}),
        }
        return self._page(request, "version", context, version=version)

    @named(has_change_permission)
    def part_view(self, request: HttpRequest, version: InstrumentVersion, number: int) -> HttpResponse:
        """The texts of one part side by side, and its settings."""
        parts = parts_of(version.content)
        if number >= len(parts):
            return redirect(_url("change", version.pk))
        part, error = parts[number], None
        if request.method == "POST":
            content = changed(version.content, part, request.POST.dict())
            error = self._try(request, version, lambda: _draft_from(content, str(version)))
            if error is None:
                following = min(number + 1, len(parts) - 1) if "next" in request.POST else number
                return redirect(_url("part", version.pk, following))
            part = parts_of(content)[number]
        marks = {found["path"]: found["text"] for found in error.extra.get("problems", ())} if error else {}
        lines = [
            (
                line,
                [
                    (item, direction(item.language) if item.language else "", marks.pop(item.name, ""))
                    for item in line.fields
                ],
            )
            for line in part.lines
        ]
        context = {
            "title": part.title, "part": part, "parts": parts, "lines": lines, "error": error, "others": marks,
            "seen_hash": request.POST.get("seen_hash", version.content_hash),
        }  # fmt: skip
        return self._page(request, "part", context, error.status if error else 200, version=version)

    @named(has_change_permission)
    def source_view(self, request: HttpRequest, version: InstrumentVersion) -> HttpResponse:
        """The whole document as YAML: for adding, removing and moving questions."""
        text, error = dump_yaml(version.content), None
        if request.method == "POST":
            text = request.POST.get("content", "")
            error = self._try(request, version, lambda: read_file(text.encode("utf-8", "replace"), str(version)))
            if error is None:
                return redirect(_url("change", version.pk))
            if error.extra.get("problems"):
                error.remedy = _("Nothing was changed. Correct the places named and save again.")
        context = {
            "title": _("The whole document"), "text": text, "error": error,
            "seen_hash": request.POST.get("seen_hash", version.content_hash),
        }  # fmt: skip
        return self._page(request, "source", context, error.status if error else 200, version=version)

    def _try(self, request: HttpRequest, version: InstrumentVersion, read: Callable[[], Any]) -> NassijError | None:
        """Save what `read` gives over the draft that the form was made for; the refusal, if there is one."""
        try:
            seen = request.POST.get("seen_hash", "")
            save_draft(read(), actor_id=request.user.pk, version_id=version.pk, seen_hash=seen)
        except NassijError as error:
            return error
        messages.success(request, _("Saved."))
        return None

    @named(may_view)
    def preview_view(self, request: HttpRequest, version: InstrumentVersion, language: str) -> HttpResponse:
        """The questionnaire as members read it; texts that are missing show as an ellipsis."""
        if language not in version.content["languages"]:
            return redirect(_url("change", version.pk))
        instrument = read_draft(version.content).instrument
        with translation.override(language):
            return render_page(
                request, "nassij_governance/instrument.html", questionnaire_context(instrument, language)
            )

    @named(may_view)
    def export_view(self, request: HttpRequest, version: InstrumentVersion, kind: str) -> HttpResponse:
        """The version as a file."""
        name = f"{version.slug}-{version.version}"
        if kind == "xlsx":
            return attachment(files.as_workbook(version), name=f"{name}.xlsx", content_type=CONTENT_TYPE)
        return attachment(files.as_yaml(version), name=f"{name}.yaml", content_type="application/yaml")

    @named(may_publish)
    def publish_view(self, request: HttpRequest, version: InstrumentVersion) -> HttpResponse:
        """What publishing changes, to be confirmed."""
        error = None
        if request.method == "POST":
            try:
                loading.publish(version.pk, actor_id=request.user.pk, seen_hash=request.POST.get("seen_hash", ""))
            except NassijError as refused:
                error = refused
            else:
                messages.success(request, _("Published. Rounds opened from now on use this version."))
                return redirect(_url("change", version.pk))
        if version.status != InstrumentStatus.DRAFT:
            return redirect(_url("change", version.pk))
        draft = read_draft(version.content)
        report = _report(compatibility(draft.instrument), draft.instrument)
        context = {"title": _("Publish %(version)s") % {"version": version}, "error": error, "draft": draft, **report}
        return self._page(request, "publish", context, error.status if error else 200, version=version)

    @named(may_publish)
    def retire_view(self, request: HttpRequest, version: InstrumentVersion) -> HttpResponse:
        """Take a version out of use, to be confirmed."""
        if request.method == "POST":
            try:
                loading.retire(slug=version.slug, version=version.version, actor_id=request.user.pk)
            except NassijError as error:
                messages.error(request, f"{error.message} {error.remedy}")
            else:
                messages.success(request, _("Retired. No new round opens on it; what rests on it stays."))
            return redirect(_url("change", version.pk))
        if version.status != InstrumentStatus.PUBLISHED:
            return redirect(_url("change", version.pk))
        context = {"title": _("Retire %(version)s") % {"version": version}, "rounds": version.rounds.count()}
        others = InstrumentVersion.objects.filter(slug=version.slug, status=InstrumentStatus.PUBLISHED)
        context["is_last"] = not others.exclude(pk=version.pk).exists()
        return self._page(request, "retire", context, version=version)

    @named(may_continue)
    def next_view(self, request: HttpRequest, version: InstrumentVersion) -> HttpResponse:
        """Start the next version as a draft with the same content."""
        error = None
        if request.method == "POST":
            try:
                draft = _next_draft(version, request.POST.get("version", "").strip(), request.user.pk)
            except NassijError as refused:
                error = refused
            else:
                return redirect(_url("change", draft.pk))
        context = {"title": _("A new version after %(version)s") % {"version": version}, "error": error}
        return self._page(request, "next", context, error.status if error else 200, version=version)

    def _page(
        self,
        request: HttpRequest,
        name: str,
        context: dict[str, Any],
        status: int = 200,
        version: InstrumentVersion | None = None,
    ) -> HttpResponse:
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "version": version}
        return TemplateResponse(request, f"{TEMPLATES}/{name}.html", {**frame, **context}, status=status)


def _url_name(page: str) -> str:
    return f"nassij_governance_instrumentversion_{page}"


def _url(page: str, *args: Any) -> str:
    return reverse(f"admin:{_url_name(page)}", args=args)


def _uploaded(request: HttpRequest) -> tuple[bytes, str]:
    file = request.FILES.get("file")
    if file is None:
        raise BadInput(_("No file arrived."), code="no_file", remedy=_("Choose the file and send it again."))
    return file.read(MAX_BYTES + 1), str(file.name)


def _draft_with_number(instrument: Any) -> InstrumentVersion | None:
    found = InstrumentVersion.objects.filter(slug=instrument.slug, version=instrument.version)
    return found.filter(status=InstrumentStatus.DRAFT).first()


def _draft_from(content: dict[str, Any], name: str) -> Any:
    """The draft, or the refusal that names each place."""
    return read_file(dump_yaml(content).encode(), name)


def _next_draft(version: InstrumentVersion, number: str, actor_id: int | None) -> InstrumentVersion:
    if not VERSION.fullmatch(number):
        raise BadInput(
            _("A version number is three numbers with points between them."),
            code="bad_version",
            remedy=_("For example 1.2.0."),
        )
    return draft_after(version, number, actor_id=actor_id)


def _links(missing: Sequence[str], parts: Any) -> list[tuple[Any, str]]:
    """Each missing text: the part it stands in, and its label there."""
    found = []
    for place in missing:
        part = part_at(parts, place)
        if part is not None:
            label = next((line.label for line in part.lines if line.path == place), "")
            found.append((part, label))
    return found


def _report(found: Compatibility, instrument: Any) -> dict[str, Any]:
    """The comparison with the version before, in the reader's language."""
    language = active_language()
    return {
        "report": found,
        "changes": [(size_text(size, language), texts) for size, texts in grouped(found.changes, language)],
        "needed": size_text(found.needed, language),
        "refusal": found.refusal(instrument),
    }
