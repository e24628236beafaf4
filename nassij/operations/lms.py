"""The LMS as the self-check needs it: the only module here that knows how a learner meets a block.

Everything of the platform is imported when an `Lms` is made. Blocks are loaded and answered by the functions that the platform's
own views call (`lms/djangoapps/courseware/block_render.py`, read on the Teak line).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.contrib.sessions.backends.cache import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory
from opaque_keys.edx.keys import CourseKey, UsageKey

from nassij.common.retirement import retire

# What the platform keeps of a learner in a course: model, and its columns for the person and the course.
LEARNERS_ROWS = (
    ("courseware.StudentModule", "student", "course_id"),
    ("completion.BlockCompletion", "user", "context_key"),
    ("grades.PersistentSubsectionGrade", "user_id", "course_id"),
    ("grades.PersistentCourseGrade", "user_id", "course_id"),
)


class Lms:
    """Shows blocks to a person, and gives them answers."""

    def __init__(self) -> None:
        from crum import set_current_request
        from edx_django_utils.cache import RequestCache
        from lms.djangoapps.courseware.block_render import handle_xblock_callback, load_single_xblock
        from xmodule.modulestore.django import modulestore

        self._set_current_request, self._request_cache = set_current_request, RequestCache
        self._load, self._handle, self._store = load_single_xblock, handle_xblock_callback, modulestore()

    def made_of(self, key: CourseKey) -> Mapping[str, Any] | None:
        """The `other_course_settings` of a course; None when there is no such course."""
        course = self._store.get_course(key)
        return None if course is None else dict(course.other_course_settings)

    def enrol(self, user: Any, key: CourseKey) -> None:
        """Let the account into the course, once; without the platform's mails, events and counters of an enrolment."""
        enrolments: Any = apps.get_model("student.CourseEnrollment").objects
        enrolments.update_or_create(user=user, course_id=key, defaults={"is_active": True, "mode": "audit"})

    def forget(self, user: Any, key: CourseKey) -> int:
        """Delete all that the account ever did; how many rows the platform had of it in this course."""
        deleted = 0
        for name, person, course in LEARNERS_ROWS:
            rows = apps.get_model(name).objects.filter(**{person: user.pk, course: key})
            deleted += rows.count()
            rows.delete()
        retire(user_id=user.pk)
        return deleted

    def student_view(self, user: Any, usage: UsageKey) -> Any:
        """The fragment of a block as this person meets it."""
        with self._asking(RequestFactory().get("/"), user) as request:
            block = self._load(request, user.pk, str(usage.course_key), str(usage))
            return block.render("student_view", {})

    def handle(
        self, user: Any, usage: UsageKey, handler: str, payload: Mapping[str, Any]
    ) -> tuple[int, dict[str, Any]]:
        """Status and reply of a handler that takes JSON."""
        asking = RequestFactory().post("/", data=json.dumps(payload), content_type="application/json")
        with self._asking(asking, user) as request:
            request._dont_enforce_csrf_checks = True
            response = self._handle(request, str(usage.course_key), str(usage), handler, "")
            body = response.content.decode()
        try:
            reply = json.loads(body)
        except ValueError:
            reply = {"detail": body[:200]}
        return response.status_code, reply if isinstance(reply, dict) else {"detail": reply}

    @contextmanager
    def _asking(self, request: Any, user: Any) -> Iterator[Any]:
        with asking(request, user, self._set_current_request, self._request_cache):
            yield request


@contextmanager
def asking(request: HttpRequest, user: Any, set_current_request: Any, request_cache: Any) -> Iterator[None]:
    """What the platform's middleware makes of a request of this person, for as long as it is answered."""
    request.user = user
    request.session = SessionStore()  # never saved
    request_cache.clear_all_namespaces()
    set_current_request(request)
    try:
        yield
    finally:
        set_current_request(None)
        request_cache.clear_all_namespaces()
