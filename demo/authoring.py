"""The trainers' preview: sources that changed are compiled before the next page; what is wrong with them is shown there."""

from __future__ import annotations

import threading
from pathlib import Path

from django.utils.translation import gettext

from course_content.compiler import SOURCES, build, check
from course_content.problems import Problem
from demo import paths

_lock = threading.Lock()
_state: dict[str, object] = {"stamp": None, "problems": ()}


def refresh() -> None:
    """Compile the courses when a source is newer than what was compiled. With mistakes, the last version without any stays."""
    stamp = _stamp()
    with _lock:
        if stamp == _state["stamp"]:
            return
        checked = check(SOURCES)
        if not checked.problems:
            build(checked, paths.COURSES)
        _state.update(stamp=stamp, problems=checked.problems)


def problems() -> tuple[Problem, ...]:
    """What is wrong with the sources."""
    found: tuple[Problem, ...] = _state["problems"]  # type: ignore[assignment]
    return found


def shown_problems() -> list[dict[str, str]]:
    """The same for a page: the place as an editor takes it, and the words in the active language."""
    return [
        {
            "place": f"{problem.place.file}:{problem.place.line}:{problem.place.column}",
            "text": f"{problem.message(gettext)} {problem.remedy(gettext)}",
        }
        for problem in problems()
    ]


def _stamp() -> tuple[tuple[str, int], ...]:
    """Every source with the time it was changed."""
    folders = (SOURCES / "courses",)
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    files += SOURCES.glob("*.yaml")
    return tuple(sorted((str(path), _changed(path)) for path in files))


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:  # an editor is just replacing it
        return 0
