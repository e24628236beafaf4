"""From the folder of sources to checked courses, and from those to OLX. What `python -m course_content` and the demo call.

result = check(SOURCES)
if not result.problems: build(result, out)
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from funding_guide.guides.source import Guide

from . import archive, guide_reader, tree
from .dates import Calendar
from .facts import FactBase, read_facts, read_guides
from .files import links_out, shown_path
from .model import Course
from .problems import MESSAGES, Place, Problem
from .reader import CourseReader
from .units import Shelf

SOURCES = Path(__file__).parent
UNIT_INDEX = "unit_index.json"


@dataclass(frozen=True, slots=True)
class Checked:
    """The courses that could be read, and everything that is wrong, by place."""

    courses: tuple[Course, ...]
    problems: tuple[Problem, ...]
    dated: tuple[Problem, ...] = ()
    """What is wrong since a certain day only: to be seen to, but nothing that keeps a course from being built."""
    guides: tuple[Guide, ...] = ()


@dataclass(frozen=True, slots=True)
class BuiltRun:
    """What was written for one language of a course."""

    course: str
    language: str
    key: str
    folder: Path
    archive: Path
    units: int


def check(sources: Path = SOURCES, only: Sequence[str] = (), *, today: datetime.date | None = None) -> Checked:
    """Read what is below `sources`: `courses/<code>/`, `facts.yaml`, `guides.yaml` (titles), `guides/<code>/`.

    `only` these courses and no guide, else everything.

    `today` is the day that dates are held against: that of this machine, unless it is given.
    """
    facts_file, guides_file, here = sources / "facts.yaml", sources / "guides.yaml", sources / "courses"
    guides_folder = sources / "guides"
    strays = [
        Problem("leads_out", Place(shown_path(path)), {"name": path.name}, MESSAGES)
        for path in links_out(sources, facts_file, guides_file, here, guides_folder)
    ]
    if strays:  # what stands elsewhere is neither read nor shown
        return Checked((), _by_place(strays))
    calendar = Calendar(today or datetime.date.today())
    facts, found = read_facts(facts_file, shown_path(facts_file), calendar)
    guides, guide_problems = read_guides(guides_file, shown_path(guides_file))
    problems = [*found, *guide_problems]
    folders = {
        path.name: path for path in sorted(here.glob("*")) if path.is_dir() and not path.name.startswith((".", "_"))
    }
    if not folders:
        problems.append(Problem("no_courses", Place(shown_path(here)), {"folder": shown_path(here)}, MESSAGES))
    for code in only:
        if code not in folders:
            params = {"code": code, "known": ", ".join(folders) or "–"}
            problems.append(Problem("unknown_course", Place(shown_path(here)), params, MESSAGES))
    courses = []
    shelf = Shelf(facts, guides, calendar)
    unit_codes: dict[str, Place] = {}
    course_codes: dict[str, Place] = {}
    runs: dict[str, str] = {}
    for name, folder in folders.items():
        reader = CourseReader(folder, shelf, unit_codes)
        course = reader.read()
        problems += [problem for problem in reader.found if not only or name in only]
        if course is None:
            continue
        place = Place(shown_path(folder / "course.yaml"))
        if course.code in course_codes:
            params = {"value": course.code, "first": course_codes[course.code].file}
            problems.append(Problem("duplicate_code", place, params, MESSAGES))
        course_codes.setdefault(course.code, place)
        for run in course.runs:
            if course.key(run) in runs:
                problems.append(Problem("duplicate_run", place, {"key": course.key(run)}, MESSAGES))
            runs[course.key(run)] = name
        if not only or name in only:
            courses.append(course)
    courses.sort(key=lambda course: (course.number, course.code))
    written = () if only else _guides(guides_folder, facts, guides, calendar, problems)
    return Checked(tuple(courses), _by_place(problems), _by_place(calendar.found), written)


def _guides(
    folder: Path, facts: FactBase, titles: Mapping[str, Mapping[str, str]], calendar: Calendar, problems: list[Problem]
) -> tuple[Guide, ...]:
    """The guides below `folder` in their order; what is wrong with them is added to `problems`."""
    guides, found = guide_reader.read_guides(folder, facts, calendar)
    problems += found
    for name, guide in guides.items():
        if name.startswith("G") and guide.code not in titles:
            place = Place(shown_path(folder / name / "guide.yaml"))
            problems.append(Problem("unregistered_guide", place, {"code": guide.code}, MESSAGES))
    return tuple(sorted(guides.values(), key=lambda guide: (guide.order, guide.code)))


def _by_place(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.place, problem.code)))


def build(checked: Checked, out: Path) -> tuple[BuiltRun, ...]:
    """Write each run as `<out>/<course>-<language>/` and `.tar.gz`, and the index of units; only for sources without problems.

    Everything is compiled before the first file is written, and written before the first is moved into place: what cannot be
    compiled or written leaves the output as it was.
    """
    if checked.problems:
        raise ValueError("sources with problems are not compiled: correct them first")
    index: dict[str, dict[str, dict[str, str]]] = {}
    compiled: list[tuple[BuiltRun, tree.Files]] = []
    for course in checked.courses:
        for run in course.runs:
            name = f"{course.code}-{run.language}"
            for unit in course.units:
                index.setdefault(unit.code, {})[run.language] = tree.unit_entry(course, run, unit)
            built = BuiltRun(
                course.code, run.language, course.key(run), out / name, out / f"{name}.tar.gz", len(course.units)
            )
            compiled.append((built, tree.course_files(course, run)))
    text = json.dumps(index, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    beside = {built.archive: archive.tar_gz(files) for built, files in compiled} | {out / UNIT_INDEX: text.encode()}
    archive.write_all({built.folder: files for built, files in compiled}, beside)
    return tuple(built for built, _files in compiled)
