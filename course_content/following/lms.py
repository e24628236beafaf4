"""The learners of an LMS, from its own tables, which are asked for by name: without an LMS there are no learners.

`CourseEnrollment` says who learns where, `StudentModule` what was touched last, `BlockCompletion` what is done
(`common/djangoapps/student`, `lms/djangoapps/courseware` and the package edx-completion). A learner's state is never read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.apps import apps
from django.db.models import Case, Count, F, Max, Q, Value, When, Window
from django.db.models.functions import RowNumber
from opaque_keys.edx.keys import CourseKey

from course_content.importing.contents import OURS, CourseContents
from course_content.models import ImportedRun

from .learners import CourseRun, Standing

STAFF_ROLES = ("staff", "instructor")


class LmsLearners:
    """See `Learners`."""

    def trained_by(self, user_id: int) -> frozenset[str] | None:
        roles = _model("student.CourseAccessRole")
        if roles is None:
            return frozenset()
        held = set(roles.objects.filter(user_id=user_id, role__in=STAFF_ROLES).values_list("org", "course_id"))
        if not held:
            return frozenset()
        orgs = {org for org, key in held if not key}
        own = {str(key) for _org, key in held if key}
        ours = ImportedRun.objects.values_list("course_key", flat=True)
        return frozenset(key for key in ours if key in own or CourseKey.from_string(key).org in orgs)

    def runs(self) -> Mapping[str, CourseRun]:
        found = {}
        for key, content in ImportedRun.objects.exclude(digest="").values_list("course_key", "content"):
            contents = CourseContents(content)
            found[key] = CourseRun(key, contents.title, contents.language, contents.units, contents.parts)
        return found

    def standings(
        self, runs: Mapping[str, CourseRun], *, whole: Collection[str], people: Collection[int], among: Collection[str]
    ) -> list[Standing]:
        enrolments, states = _model("student.CourseEnrollment"), _model("courseware.StudentModule")
        completions = _model("completion.BlockCompletion")
        if enrolments is None or states is None or completions is None:
            return []
        # One row each: the newest block of ours says where, the newest of all when.
        ours_first = Case(When(module_type__startswith=OURS, then=Value(0)), default=Value(1))
        whose = [F("student_id"), F("course_id")]
        touched = {
            (user, str(run)): (block.block_id if kind.startswith(OURS) else None, at)
            for user, run, kind, block, at in states.objects.filter(
                _in("course_id", "student_id", whole, people, among)
            )
            .annotate(
                place=Window(RowNumber(), whose, [ours_first.asc(), F("modified").desc(), F("pk").desc()]),
                last=Window(Max("modified"), whose),
            )
            .filter(place=1)
            .values_list("student_id", "course_id", "module_type", "module_state_key", "last")
        }
        parts = [part for key in {*whole, *among} for part in runs[key].part_keys]
        done = {
            (user, str(run)): number
            for user, run, number in completions.objects.filter(
                _in("context_key", "user_id", whole, people, among), block_key__in=parts, completion=1.0
            )
            .order_by()
            .values_list("user_id", "context_key")
            .annotate(number=Count("pk"))
        }
        enrolled = enrolments.objects.filter(_in("course_id", "user_id", whole, people, among), is_active=True)
        found = []
        for user, run, since in enrolled.values_list("user_id", "course_id", "created"):
            unit, at = touched.get((user, str(run)), (None, since))
            found.append(Standing(user, str(run), at, unit, done.get((user, str(run)), 0)))
        return found


def _in(course: str, user: str, whole: Collection[str], people: Collection[int], among: Collection[str]) -> Q:
    """The condition of `Learners.standings` on these two columns."""
    every = [CourseKey.from_string(key) for key in whole]
    some = [CourseKey.from_string(key) for key in among]
    return Q(**{f"{course}__in": every}) | Q(**{f"{course}__in": some, f"{user}__in": list(people)})


def _model(name: str) -> Any:
    try:
        return apps.get_model(name)  # type: ignore[misc]
    except LookupError:
        return None
