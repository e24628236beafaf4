"""Which runs there are to import: each language of each course, compiled, under the key this site gives it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey
from opaque_keys.edx.locator import CourseLocator

from course_content import tree
from course_content.model import Course, Run
from course_content.settings.common import DEFAULTS
from nassij.common.links import course_run


class SharedKey(Exception):
    """Two runs would be imported into the run that is named."""


class BadKey(Exception):
    """What is named cannot be the key of a run."""


@dataclass(frozen=True, slots=True)
class CompiledRun:
    """One language of a course as OLX. `digest` is of its files: the same sources give the same."""

    course: str
    language: str
    key: CourseLocator
    units: int
    files: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        whole = hashlib.sha256()
        for name, content in sorted(self.files.items()):
            whole.update(f"{name}\0{len(content)}\0".encode() + content)
        return whole.hexdigest()

    @property
    def static_files(self) -> tuple[str, ...]:
        """The names of its pictures, as the platform keeps them."""
        return tuple(name.removeprefix("static/") for name in self.files if name.startswith("static/"))

    def files_with(self, kept: Mapping[str, Any], grading: Mapping[str, Any]) -> dict[str, bytes]:
        """The files with what an operator has set in Studio: dates, enrolment, grading, and the blocks offered besides ours."""
        folder = f"policies/{self.key.run}"
        root = f"course/{self.key.run}"
        written = json.loads(self.files[f"{folder}/policy.json"])[root]
        modules = kept.get("advanced_modules", [])
        ours = [name for name in written.get("advanced_modules", []) if name not in modules]
        policy = {root: {**written, **kept, "advanced_modules": [*modules, *ours]}}
        return {
            **self.files,
            f"{folder}/policy.json": _json(policy),
            f"{folder}/grading_policy.json": _json(grading),
        }


def compiled_runs(courses: Iterable[Course]) -> list[CompiledRun]:
    """Every run of `courses`. Raises `SharedKey` or `BadKey`."""
    runs: dict[CourseLocator, CompiledRun] = {}
    for course in courses:
        for run in course.runs:
            compiled = _compiled(course, run)
            if compiled.key in runs:
                raise SharedKey(compiled.key)
            runs[compiled.key] = compiled
    return list(runs.values())


def _compiled(course: Course, run: Run) -> CompiledRun:
    key = run_key(course, run)
    org, number, name = str(key.org), str(key.course), str(key.run)
    files = tree.course_files(replace(course, org=org), Run(run.language, number, name))
    return CompiledRun(course.code, run.language, key, len(course.units), files)


def run_key(course: Course, run: Run) -> CourseLocator:
    """The key of a run here: the one in `NASSIJ_COURSE_RUNS`, else the sources' own below `NASSIJ_COURSE_ORG`."""
    org = getattr(settings, "NASSIJ_COURSE_ORG", DEFAULTS["NASSIJ_COURSE_ORG"]) or course.org
    written = course_run(course.code, run.language) or f"course-v1:{org}+{run.course}+{run.run}"
    try:
        key = CourseKey.from_string(written)
    except InvalidKeyError as error:
        raise BadKey(written) from error
    if not isinstance(key, CourseLocator) or key.deprecated:  # a course of the past, or a coach's copy of one
        raise BadKey(written)
    return key


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, default=str).encode()
