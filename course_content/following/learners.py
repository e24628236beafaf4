"""What is asked of whoever keeps the learners: the LMS, or the demo site."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from course_content.settings.common import DEFAULTS


@dataclass(frozen=True, slots=True)
class CourseRun:
    """A run of ours. `units` maps the code of a unit to its title; `parts` is how many blocks there are to finish."""

    key: str
    title: str
    language: str
    units: Mapping[str, str]
    parts: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person is in a run: since when nothing was done, in which unit (None: not begun), how many parts are done."""

    user_id: int
    run: str
    since: datetime
    unit: str | None
    finished: int


class Learners(Protocol):
    """Whoever keeps the learners. Nothing here says what somebody answered."""

    def trained_by(self, user_id: int) -> frozenset[str] | None:
        """The runs of ours whose course staff this person is; None for all. One query, a second one for course staff."""

    def runs(self) -> Mapping[str, CourseRun]:
        """The runs of our courses, by key. One query at most."""

    def standings(self, *, whole: Collection[str], people: Collection[int], among: Collection[str]) -> list[Standing]:
        """Everybody in the runs `whole`, and `people` in the runs `among`. At most three queries, at any number of learners."""


def learners() -> Learners:
    """Those of this site: what `NASSIJ_LEARNERS` names, else the LMS's."""
    path = getattr(settings, "NASSIJ_LEARNERS", DEFAULTS["NASSIJ_LEARNERS"])
    return _made(path or "course_content.following.lms.LmsLearners")


@lru_cache(maxsize=4)
def _made(path: str) -> Learners:
    made: Learners = import_string(path)()
    return made
