"""The way from the home page to the page of who has stopped, for those it is meant for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from nassij.associations.api import NextStep, Scope, register_shortcut
from nassij.common.pages import url_or_none

from .learners import learners


def register() -> None:
    register_shortcut("course_content", way)


def way(scope: Scope) -> NextStep | None:
    """One query, none for who accompanies associations; a second one for course staff."""
    url = url_or_none("nassij_courses:stopped")
    if url is None or (scope.is_empty and learners().trained_by(scope.user_id) == frozenset()):
        return None
    return NextStep(text=_("Who has stopped in the courses"), url=url)
