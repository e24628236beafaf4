"""Where a unit of a course is on this platform, and what units and guides are called."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import override

from nassij.common.conf import setting

_UNIT_CODE = re.compile(r"[a-z]+([0-9]+)-s([0-9]+)-u([0-9]+)")


def unit_url(unit_code: str, language: str) -> str | None:
    """The address of unit `unit_code` (`gov2-s1-u1`) in the run of its course that speaks `language`.

    `NASSIJ_COURSE_UNITS` says which course the first part of a code belongs to. None when that or the run is missing: show the
    title as plain text then, never a dead link.
    """
    course = setting("NASSIJ_COURSE_UNITS").get(unit_code.split("-")[0])
    run = course_run(course, language) if course else None
    return f"/courses/{quote(run, safe=':+')}/jump_to_id/{quote(unit_code, safe='')}" if run else None


def unit_title(unit_code: str, language: str) -> str:
    """A unit by its place, «Course 2, section 3, unit 1», also where its course does not run; the code itself if it has none."""
    found = _UNIT_CODE.fullmatch(unit_code)
    if found is None:
        return unit_code
    course, section, unit = found.groups()
    with override(language):
        place = _("Course %(course)s, section %(section)s, unit %(unit)s")
        return place % {"course": course, "section": section, "unit": unit}


def guide_title(guide_code: str, language: str) -> str:
    """What a reference guide (`G5`) is called in `language`; empty for a code we do not know."""
    return str(guides().get(guide_code, {}).get(language, ""))


@lru_cache(maxsize=1)
def guides() -> Mapping[str, Mapping[str, str]]:
    """Code of a guide -> language -> title."""
    titles: Mapping[str, Mapping[str, str]] = yaml.safe_load((Path(__file__).parent / "guides.yaml").read_text("utf-8"))
    return titles


def course_url(course: str, language: str) -> str | None:
    """The address of the run of `course` in `language`; None without one."""
    run = course_run(course, language)
    return f"/courses/{quote(run, safe=':+')}/course/" if run else None


def course_run(course: str, language: str) -> str | None:
    """The course key configured for `course` in `language`; None without one."""
    runs = setting("NASSIJ_COURSE_RUNS").get(course) or {}
    return str(runs[language]) if runs.get(language) else None
