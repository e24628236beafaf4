"""Studio as the self-check needs it: its hidden course, and how an author meets a block. As `lms`, on the other side."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import Any

from django.test import RequestFactory
from opaque_keys.edx.keys import CourseKey, UsageKey

from course_content.importing.studio import Studio
from nassij.common.selfcheck import BlockSample
from nassij.operations.course import DIGEST, course_files, digest
from nassij.operations.lms import asking


class SelfCheckStudio:
    """Raises `NotInStudio` outside of the CMS."""

    def __init__(self) -> None:
        self._studio = Studio()
        from cms.djangoapps.contentstore.utils import load_services_for_studio
        from cms.djangoapps.contentstore.views.preview import get_preview_fragment
        from crum import set_current_request
        from edx_django_utils.cache import RequestCache

        self._preview, self._load_services = get_preview_fragment, load_services_for_studio
        self._set_current_request, self._request_cache = set_current_request, RequestCache

    def make_course(self, key: CourseKey, samples: Mapping[str, BlockSample]) -> bool:
        """The hidden course as the samples want it; False when it was so already, and nothing was written."""
        course = self._studio.store.get_course(key)
        if course is not None and course.other_course_settings.get(DIGEST) == digest(samples):
            return False
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "course"
            for path, content in course_files(key, samples).items():
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(content, "utf-8")
            self._studio.write(folder, key)
        return True

    def views(self, user: Any, usage: UsageKey) -> tuple[Any, Any]:
        """The fragments of a block's preview and of its form, as an author meets them."""
        author = copy(user)
        author.is_staff = True  # in memory only: the account has no rights
        request: Any = RequestFactory(HTTP_ACCEPT="application/json").get("/")
        with asking(request, author, self._set_current_request, self._request_cache):
            preview = self._preview(request, self._studio.store.get_item(usage), {"is_pages_view": True})
            block = self._studio.store.get_item(usage)
            self._load_services(block.runtime, author)
            return preview, block.render("studio_view")
