"""The base of every block: who is looking, in which language, and how a page or an answer leaves the server."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from django.conf import settings
from django.template.backends.django import DjangoTemplates
from django.templatetags.static import static
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from web_fragments.fragment import Fragment
from xblock.completable import CompletableXBlockMixin
from xblock.core import XBlock

from nassij.common import tracking
from nassij.common.errors import Forbidden, NotSignedIn
from nassij.common.text import direction

LANGUAGES = ("ar", "fr", "en")
SHARED_STYLE = "nassij/nassij.css"
STUDIO_STYLE = "nassij/studio.css"
SHARED_SCRIPT = "nassij/send.js"


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person in front of the block; `user_id` is None for anonymous visitors and where the runtime has no user."""

    user_id: int | None
    anonymous_id: str
    is_staff: bool

    @property
    def signed_in(self) -> bool:
        return self.user_id is not None


@lru_cache(maxsize=1)
def template_engine() -> DjangoTemplates:
    """Templates of the installed apps, each parsed once.

    The platform's own engine looks for Mako on every load and caches nothing; a block pays for that on every view.
    """
    return DjangoTemplates({"NAME": "nassij_blocks", "DIRS": [], "APP_DIRS": True, "OPTIONS": {"autoescape": True}})


@lru_cache(maxsize=64)
def _fingerprint(path: str) -> str:
    """Eight hex digits of a public file's content: lets browsers keep it for ever and still see a new version."""
    return hashlib.sha256((resources.files("xblocks") / "public" / path).read_bytes()).hexdigest()[:8]


@XBlock.wants("user", "completion", "replace_urls", "i18n", "studio_user_permissions")
class NassijBlock(CompletableXBlockMixin, XBlock):
    """A leaf block that needs nothing of its runtime: the LMS, Studio, a content library and the workbench all do."""

    # The platform collects all that is below `resources_dir` of the package as static files, and its development server opens
    # there what begins with `public_dir`: templates and catalogs stay out. Block classes sit directly in `xblocks` for this.
    resources_dir = "public"
    public_dir = "js"
    # Studio previews with `author_view` only for classes that say so, and with the learner's page otherwise.
    has_author_view = True

    @property
    def viewer(self) -> Viewer:
        """Who looks at the block, as far as this runtime knows."""
        service = self.runtime.service(self, "user")
        attributes: Mapping[str, Any] = service.get_current_user().opt_attrs if service else {}
        user_id = attributes.get("edx-platform.user_id")
        known = isinstance(user_id, int) and attributes.get("edx-platform.is_authenticated", True)
        return Viewer(
            user_id=user_id if known else None,
            anonymous_id=str(attributes.get("edx-platform.anonymous_user_id") or ""),
            is_staff=bool(attributes.get("edx-platform.user_is_staff", False)),
        )

    @property
    def in_course(self) -> bool:
        """Whether this usage is part of a course: only there do completion and grades have a place to go."""
        return bool(getattr(getattr(self, "context_key", None), "is_course", False))

    @property
    def has_learner(self) -> bool:
        """Whether somebody learns here: signed in, in a course, and not an author who tries the block out in Studio."""
        return self.in_course and self.viewer.signed_in and not tracking.in_studio()

    @property
    def may_edit(self) -> bool:
        """Whether the viewer may change the block and see its answers: course staff, and in Studio who may write to the course.

        Being in Studio proves nothing: it runs handlers for everyone who is signed in. A content library has no such service;
        there the platform has let in those who may read it, and checks again before it keeps a change.
        """
        if self.viewer.is_staff:
            return True
        if getattr(settings, "SERVICE_VARIANT", "") != "cms":
            return False
        permissions = self.runtime.service(self, "studio_user_permissions")
        return bool(permissions.can_write(self.context_key)) if permissions else not self.in_course

    def require_reading(self) -> None:
        """Raise `Forbidden` in Studio for whoever is no author here; everywhere else the platform has asked before."""
        if tracking.in_studio() and not self.may_edit:
            raise Forbidden()

    def require_learner(self) -> None:
        """Raise `NotSignedIn` for a visitor, `Forbidden` where nothing of a person is kept: Studio's editor opens for nobody."""
        if not self.viewer.signed_in:
            raise NotSignedIn()
        self.require_reading()
        if self.scope_ids.user_id is None:
            raise Forbidden(
                gettext_lazy("Nobody's answers are kept here."),
                code="kept_for_nobody",
                remedy=gettext_lazy("Try it out in the preview, or in the course."),
            )

    def require_editing(self) -> None:
        """Raise `Forbidden` where the viewer may not change the block; the LMS keeps no change of content, whoever makes it."""
        if not self.may_edit or getattr(settings, "SERVICE_VARIANT", "") == "lms":
            raise Forbidden()

    def render_text(self, template: str, context: Mapping[str, Any]) -> str:
        """The HTML of one of our templates, in the active language."""
        return str(template_engine().get_template(template).render(dict(context)))

    def public_url(self, path: str) -> str:
        """The URL of a file in `public/`, with a fingerprint of its content."""
        return f"{self.runtime.local_resource_url(self, path)}?v={_fingerprint(path)}"

    def page(
        self,
        template: str,
        context: Mapping[str, Any],
        *,
        script: str | Sequence[str] | None = None,
        init: str | None = None,
        args: Mapping[str, Any] | None = None,
        language: str | None = None,
    ) -> Fragment:
        """A view: rendered HTML plus the shared style and script, and the block's own script.

        `script` is a file below `public/js/` (or several, in this order), `init` the global function it defines, `args` its JSON
        arguments (translated strings included: the block reads no global). The template gets `language` and
        `direction` for its root element, because the platform's iframes set neither.
        """
        language = language or interface_language()
        return self.fragment(
            self.render_text(template, {**context, "language": language, "direction": direction(language)}),
            script=script,
            init=init,
            args=args,
        )

    def fragment(
        self,
        html: str,
        *,
        script: str | Sequence[str] | None = None,
        init: str | None = None,
        args: Mapping[str, Any] | None = None,
    ) -> Fragment:
        """A fragment around finished HTML, with what every page of ours loads."""
        fragment = Fragment(html)
        fragment.add_css_url(static(SHARED_STYLE))
        if script and init:
            fragment.add_javascript_url(static(SHARED_SCRIPT))
            for name in (script,) if isinstance(script, str) else script:
                fragment.add_javascript_url(self.public_url(f"js/{name}"))
            fragment.initialize_js(init, dict(args or {}))
        return fragment

    def outbox_args(self) -> dict[str, Any]:
        """What `Nassij.outbox` (send.js) needs to know: whose answers these are, and two words."""
        return {
            "user": self.viewer.user_id,
            "unsaved": _("This could not be saved."),
            "drop": _("Remove it from this phone"),
        }

    def track(self, name: str, **data: Any) -> None:
        """Tell the platform's event log what a learner did: one of `nassij.common.tracking.EVENTS`, with what stands there.

        Silent where there is no learner: for visitors, in a content library, in Studio's preview.
        """
        tracking.checked(name, data)
        if self.has_learner:
            self.runtime.publish(self, name, {tracking.BLOCK_FIELD: str(self.scope_ids.usage_id), **data})

    def report_completion(self, fraction: float) -> None:
        """Tell the platform how much of the block is done (0..1); silent where there is no course to tell."""
        if self.has_learner:
            self.emit_completion(fraction)


def interface_language() -> str:
    """The language of the interface: the active one when we speak it, else Arabic."""
    code = (get_language() or LANGUAGES[0]).split("-")[0]
    return code if code in LANGUAGES else LANGUAGES[0]
