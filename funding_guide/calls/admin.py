"""Funding calls in Django's admin: drafts from files or as text, versions to read, publish and withdraw.

Three permissions of Django's own kind: *view* reads and exports, *add* and *change* write drafts, *publish* decides what
associations see. What is published is for reading only, whoever looks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nassij.common.admin import VersionsAdmin, named
from nassij.common.documents.xlsx import CONTENT_TYPE
from nassij.common.errors import BadInput, Conflict, NassijError
from nassij.common.pages import render_page
from nassij.common.plain_data import dump_yaml
from nassij.common.uploads import attachment

from ..data import CallStatus
from ..domain import Call, InvalidCall, Project, parse_call
from ..models import CallVersion
from . import importing, loading
from .pages import call_page

TEMPLATES = "admin/nassij_funding/callversion"
PUBLISH = "nassij_funding.publish_callversion"


class CallVersionAdmin(VersionsAdmin):
    """Versions of funding calls."""

    list_display = ("__str__", "title", "status", "is_model", "closes_on", "published_at")
    list_filter = ("status", "is_model")
    search_fields = ("slug", "version")
    actions = None

    # --- Who may ---

    def has_change_permission(self, request: HttpRequest, obj: CallVersion | None = None) -> bool:
        is_draft = obj is None or obj.status == CallStatus.DRAFT
        return is_draft and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: CallVersion | None = None) -> bool:
        is_draft = obj is not None and obj.status == CallStatus.DRAFT
        return is_draft and super().has_delete_permission(request, obj)

    def may_view(self, request: HttpRequest, version: CallVersion) -> bool:
        return self.has_view_permission(request, version)

    def may_publish(self, request: HttpRequest, version: CallVersion) -> bool:
        return self.has_view_permission(request, version) and request.user.has_perm(PUBLISH)

    @admin.display(description=gettext_lazy("title"))
    def title(self, version: CallVersion) -> str:
        titles = version.content["title"]
        return str(titles.get(translation.get_language()) or titles[version.content["languages"][0]])

    # --- Pages ---

    def get_urls(self) -> list[Any]:
        pages = {
            "template": ("template/", self.template_view),
            "source": ("<int:pk>/source/", self.source_view),
            "preview": ("<int:pk>/preview/<slug:language>/", self.preview_view),
            "export": ("<int:pk>/export/", self.export_view),
            "publish": ("<int:pk>/publish/", self.publish_view),
            "withdraw": ("<int:pk>/withdraw/", self.withdraw_view),
        }
        own = [
            path(route, self.admin_site.admin_view(view), name=_url_name(name)) for name, (route, view) in pages.items()
        ]
        return own + super().get_urls()

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Send a file, look at what would become of each call in it, then keep them all as drafts."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        context: dict[str, Any] = {"title": _("Load funding calls from a file")}
        if request.method != "POST":
            return self._page(request, "upload", context)
        try:
            if "calls" in request.POST:
                return self._keep(request)
            plan = importing.plan_file(_uploaded(request))
        except NassijError as error:
            return self._page(request, "upload", {**context, "error": error}, error.status)
        refused = [found for found in plan if found.call is None]
        context = {"title": _("What this file would change"), "plan": plan, "refused": refused}
        if not refused:
            context["calls"] = importing.as_text(plan)
        return self._page(request, "dry_run", context, 400 if refused else 200)

    def _keep(self, request: HttpRequest) -> HttpResponse:
        kept = importing.store_text(request.POST["calls"], actor_id=request.user.pk)
        told = ", ".join(f"{found.slug} {found.version}" for found in kept)
        messages.success(request, _("Saved as drafts: %(calls)s.") % {"calls": told})
        return redirect(_url("changelist"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A version at a glance, and what can be done with it."""
        version = self.get_object(request, object_id)
        if version is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        if not self.has_view_or_change_permission(request, version):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        context = {
            "title": self.title(version),
            "may_edit": self.has_change_permission(request, version),
            "may_publish": self.may_publish(request, version),
            "may_delete": self.has_delete_permission(request, version),
            "text": dump_yaml(version.content),
            "public": reverse("nassij_funding:call_version", args=[version.slug, version.version]),
        }
        return self._page(request, "version", context, version=version)

    @named(has_change_permission)
    def source_view(self, request: HttpRequest, version: CallVersion) -> HttpResponse:
        """A draft as YAML, to be written on."""
        text, error = dump_yaml(version.content), None
        if request.method == "POST":
            text = request.POST.get("content", "")
            try:
                self._save(request, version, text)
            except NassijError as refused:
                error = refused
            else:
                messages.success(request, _("Saved."))
                return redirect(_url("change", version.pk))
        seen = request.POST.get("seen_hash", version.content_hash)
        context = {"title": _("The whole call"), "text": text, "error": error, "seen_hash": seen}
        return self._page(request, "source", context, error.status if error else 200, version=version)

    def _save(self, request: HttpRequest, version: CallVersion, text: str) -> None:
        call = loading.read_call(text.encode("utf-8", "replace"), str(version))
        if (call.slug, call.version) != (version.slug, version.version):
            raise BadInput(
                _("The name and the number of this draft stay: %(call)s.") % {"call": version},
                code="another_call",
                remedy=_("Put them back, or load the text as a new file."),
            )
        if request.POST.get("seen_hash") != version.content_hash:
            raise Conflict(
                _("Somebody else changed this draft in the meantime."),
                code="stale",
                remedy=_("Nothing was changed. Copy your text, open the draft again and put in what is yours."),
            )
        loading.store(call, publish=False, actor_id=request.user.pk)

    @named(may_view)
    def preview_view(self, request: HttpRequest, version: CallVersion, language: str) -> HttpResponse:
        """The page as associations will see it, without an answer."""
        call = _read(version)
        if call is None or language not in call.languages:
            return redirect(_url("change", version.pk))
        with translation.override(language):
            context = {**call_page(call, None, Project(), language), "notice": _("Preview of a draft: not published.")}
            return render_page(request, "nassij_funding/call.html", context)

    @named(may_view)
    def export_view(self, request: HttpRequest, version: CallVersion) -> HttpResponse:
        """The version as a file that can be loaded again."""
        content = dump_yaml(version.content).encode()
        return attachment(content, name=f"{version.slug}-{version.version}.yaml", content_type="application/yaml")

    def template_view(self, request: HttpRequest) -> HttpResponse:
        """The table to fill in."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return attachment(importing.template(), name="nassij-calls.xlsx", content_type=CONTENT_TYPE)

    @named(may_publish)
    def publish_view(self, request: HttpRequest, version: CallVersion) -> HttpResponse:
        """Show a draft to associations, after a confirmation."""
        done = _("Published: associations see this text now.")
        return self._confirm(request, version, "publish", CallStatus.DRAFT, loading.publish, done)

    @named(may_publish)
    def withdraw_view(self, request: HttpRequest, version: CallVersion) -> HttpResponse:
        """Take what is shown out of sight, after a confirmation."""
        done = _("Withdrawn: its page says so.")
        return self._confirm(request, version, "withdraw", CallStatus.PUBLISHED, loading.withdraw, done)

    def _confirm(
        self, request: HttpRequest, version: CallVersion, page: str, wanted: str, act: Callable[..., None], done: str
    ) -> HttpResponse:
        error = None
        if request.method == "POST":
            try:
                act(slug=version.slug, version=version.version, actor_id=request.user.pk)
            except NassijError as refused:
                error = refused
            else:
                messages.success(request, done)
        if version.status != wanted or (request.method == "POST" and error is None):
            return redirect(_url("change", version.pk))
        shown = CallVersion.objects.filter(current_slot=version.slug).exclude(pk=version.pk).first()
        context = {"title": self.title(version), "error": error, "shown": shown}
        return self._page(request, page, context, error.status if error else 200, version=version)

    def _page(
        self,
        request: HttpRequest,
        name: str,
        context: dict[str, Any],
        status: int = 200,
        version: CallVersion | None = None,
    ) -> HttpResponse:
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "version": version}
        return TemplateResponse(request, f"{TEMPLATES}/{name}.html", {**frame, **context}, status=status)


def _url_name(page: str) -> str:
    return f"nassij_funding_callversion_{page}"


def _url(page: str, *args: Any) -> str:
    return reverse(f"admin:{_url_name(page)}", args=args)


def _uploaded(request: HttpRequest) -> Any:
    file = request.FILES.get("file")
    if file is None:
        raise BadInput(_("No file arrived."), code="no_file", remedy=_("Choose the file and send it again."))
    return file


def _read(version: CallVersion) -> Call | None:
    try:
        return parse_call(version.content)
    except InvalidCall:  # kept by a version of the suite that read calls otherwise
        return None
