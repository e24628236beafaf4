"""The learners of the demo, as the suite asks for them; and those of the invented people who stopped some time ago."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Q
from django.utils import timezone
from opaque_keys.edx.keys import UsageKey

from course_content.following.learners import CourseRun, Standing
from course_content.importing.contents import OURS
from demo.models import BlockCompletion, LastVisit
from demo.runtime import TRAINERS

# Username -> language of the run, code of the unit, days ago.
STOPPED = {
    "ourika.president": ("ar", "gov2-s1-u3", 41),
    "ourika.treasurer": ("fr", "gov2-s1-u2", 17),
    "tiwizi.treasurer": ("ar", "gov2-s1-u3", 23),
}


class DemoLearners:
    """See `course_content.following.learners.Learners`: in the demo who has opened a unit learns, and a trainer trains all."""

    def trained_by(self, user_id: int) -> frozenset[str] | None:
        trainer = get_user_model().objects.filter(pk=user_id, groups__name=TRAINERS).exists()
        return None if trainer else frozenset()

    def runs(self) -> Mapping[str, CourseRun]:
        from demo.views import catalogue

        return {
            key: CourseRun(
                key,
                course.title,
                course.language,
                {unit.code: unit.title for unit in course.units},
                frozenset(
                    _part(block) for unit in course.units for block in unit.blocks if block.block_type.startswith(OURS)
                ),
            )
            for key, course in catalogue.courses().items()
        }

    def standings(
        self, runs: Mapping[str, CourseRun], *, whole: Collection[str], people: Collection[int], among: Collection[str]
    ) -> list[Standing]:
        asked = Q(course_key__in=whole) | Q(course_key__in=among, user_id__in=people)
        parts = [str(part) for key in {*whole, *among} for part in runs[key].part_keys]
        done = {
            (user, run): number
            for user, run, number in BlockCompletion.objects.filter(asked, block_key__in=parts, completion=1)
            .order_by()
            .values_list("user_id", "course_key")
            .annotate(number=Count("pk"))
        }
        visits = LastVisit.objects.filter(asked).values_list("user_id", "course_key", "at", "unit")
        return [Standing(user, run, at, unit, done.get((user, run), 0)) for user, run, at, unit in visits]


def _part(block: UsageKey) -> str:
    return f"{block.block_type}@{block.block_id}"


def create(users: dict[str, Any]) -> None:
    """Let those of `STOPPED` have stopped; whoever has opened a course since is left as they are."""
    for username, (language, unit, days) in STOPPED.items():
        visit, made = LastVisit.objects.get_or_create(
            user=users[username], course_key=f"course-v1:Nassij+GOV2+{language}", defaults={"unit": unit}
        )
        if made:
            LastVisit.objects.filter(pk=visit.pk).update(at=timezone.now() - timedelta(days=days))
