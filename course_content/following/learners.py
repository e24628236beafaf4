"""What is asked of whoever keeps the learners: the LMS, or the demo site."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from opaque_keys.edx.keys import CourseKey, UsageKey

from course_content.settings.common import DEFAULTS


@dataclass(frozen=True, slots=True)
class CourseRun:
    """A run of ours. `units` maps the code of a unit to its title; `parts` are the blocks there are to finish, `type@id`."""

    key: str
    title: str
    language: str
    units: Mapping[str, str]
    parts: frozenset[str]

    @property
    def part_keys(self) -> list[UsageKey]:
        """The keys of its parts."""
        run = CourseKey.from_string(self.key)
        return [run.make_usage_key(*part.split("@", 1)) for part in self.parts]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person is in a run: since when nothing was done in it, in which unit (None: not begun), how many parts are done.

    Anything done counts as activity, a graded quiz of the platform's too; parts that have left the run count for nothing.
    """

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

    def standings(
        self, runs: Mapping[str, CourseRun], *, whole: Collection[str], people: Collection[int], among: Collection[str]
    ) -> list[Standing]:
        """Everybody in the runs `whole`, and `people` in the runs `among`, all of them `runs` as they are today.

        At most three queries, at any number of learners.
        """


def learners() -> Learners:
    """Those of this site: what `NASSIJ_LEARNERS` names, else the LMS's."""
    path = getattr(settings, "NASSIJ_LEARNERS", DEFAULTS["NASSIJ_LEARNERS"])
    return _made(path or "course_content.following.lms.LmsLearners")


@lru_cache(maxsize=4)
def _made(path: str) -> Learners:
    made: Learners = import_string(path)()
    return made
