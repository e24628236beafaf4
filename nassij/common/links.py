"""Where a unit of a course is on this platform, and what units and guides are called."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import override

from nassij.common.conf import setting

Titles = Mapping[str, Mapping[str, str]]


def unit_url(unit_code: str, language: str) -> str | None:
    """The address of unit `unit_code` (`gov2-s1-u1`) in the run of its course that speaks `language`.

    `NASSIJ_COURSE_UNITS` says which course the first part of a code belongs to. None when that or the run is missing: show the
    title as plain text then, never a dead link.
    """
    course = setting("NASSIJ_COURSE_UNITS").get(unit_code.split("-")[0])
    run = course_run(course, language) if course else None
    return f"/courses/{quote(run, safe=':+')}/jump_to_id/{quote(unit_code, safe='')}" if run else None


def unit_title(unit_code: str, language: str) -> str:
    """What a unit (`gov2-s1-u1`) is called in `language`, also where its course does not run; empty for a code we do not know."""
    return str(units().get(unit_code, {}).get(language, ""))


def unit_title_in_course(unit_code: str, language: str) -> str:
    """A unit's title with the short name of its course, for whoever has to look for it; empty for a code we do not know."""
    title, course = unit_title(unit_code, language), course_names().get(unit_code.split("-")[0], {}).get(language, "")
    if not (title and course):
        return title
    with override(language):
        return _("%(title)s (course “%(course)s”)") % {"title": title, "course": course}


def guide_title(guide_code: str, language: str) -> str:
    """What a reference guide (`G5`) is called in `language`; empty for a code we do not know."""
    return str(guides().get(guide_code, {}).get(language, ""))


def guides() -> Titles:
    """Code of a guide -> language -> title."""
    titles: Titles = _read("guides.yaml")
    return titles


def units() -> Titles:
    """Code of a unit -> language -> title: the units that recommendations point to."""
    titles: Titles = _read("units.yaml")["units"]
    return titles


def is_written(unit_code: str) -> bool:
    """Whether the lesson is there, in the courses that come with the suite."""
    return unit_code in _read("units.yaml")["written"]


def course_names() -> Titles:
    """First part of a unit's code (`gov2`) -> language -> short name of its course."""
    names: Titles = _read("units.yaml")["courses"]
    return names


@lru_cache(maxsize=2)
def _read(name: str) -> Any:
    return yaml.safe_load((Path(__file__).parent / name).read_text("utf-8"))


def course_url(course: str, language: str) -> str | None:
    """The address of the run of `course` in `language`; None without one."""
    run = course_run(course, language)
    return f"/courses/{quote(run, safe=':+')}/course/" if run else None


def course_run(course: str, language: str) -> str | None:
    """The course key configured for `course` in `language`; None without one."""
    runs = setting("NASSIJ_COURSE_RUNS").get(course) or {}
    return str(runs[language]) if runs.get(language) else None
