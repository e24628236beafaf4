"""The trainers' preview: sources that changed are compiled before the next page; what is wrong with them is shown there."""

from __future__ import annotations

from django.utils.translation import gettext

from course_content.compiler import SOURCES, Checked, build
from course_content.problems import Problem
from course_content.watching import Watched
from demo import paths


def _compile(checked: Checked) -> None:
    """Compile the courses; with mistakes, the last version without any stays."""
    if not checked.problems:
        build(checked, paths.COURSES)


_watched = Watched(SOURCES, _compile)


def refresh() -> None:
    """Compile the courses when a source is newer than what was compiled."""
    _watched.checked()


def problems() -> tuple[Problem, ...]:
    """What is wrong with the sources."""
    return _watched.checked().problems


def shown_problems() -> list[dict[str, str]]:
    """The same for a page: the place as an editor takes it, and the words in the active language."""
    return [
        {
            "place": f"{problem.place.file}:{problem.place.line}:{problem.place.column}",
            "text": f"{problem.message(gettext)} {problem.remedy(gettext)}",
        }
        for problem in problems()
    ]
