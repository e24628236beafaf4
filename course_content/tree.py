"""A course in one language as OLX: a mapping of path -> bytes, the same bytes for the same sources.

Chapters, sequentials and verticals stand in files of their own; lessons and other blocks of ours stand *inline* in their
vertical, since the platform silently imports default fields for a pure XBlock behind a pointer. Every `url_name` comes from a
code that never changes, so that a learner's progress survives a new import.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator

from lxml import etree

from xblocks.lesson import olx
from xblocks.lesson.markdown import search_text

from . import capa, cover
from .model import BlockUnit, Course, LessonUnit, QuizUnit, Run, Section, Unit

IMAGE = "course-image"
QUIZ_NAMES = {"ar": "اختبار", "fr": "Quiz", "en": "Quiz"}
"""The kind of graded work, as the learner's progress page calls it: in the language of the run, not of whoever compiles."""

Files = dict[str, bytes]


def course_files(course: Course, run: Run) -> Files:
    """All files of the run, below the folder of the course."""
    language = run.language
    name = run.run
    files: Files = {"course.xml": _xml(_node("course", url_name=name, org=course.org, course=run.course))}
    image, files_of_image = _image(course)
    files |= files_of_image
    root = _node(
        "course",
        display_name=course.titles[language],
        language=language,
        start=f"{course.start}T00:00:00Z",
        self_paced="true",  # nothing is due on a day, and who has passed need not wait for the end to be told so
        course_image=image,
    )
    if course.end:
        root.set("end", f"{course.end}T23:59:00Z")
    for section in course.sections:
        etree.SubElement(root, "chapter", {"url_name": section.code})
        files |= _section_files(section, language)
    files[f"course/{name}.xml"] = _xml(root)
    files[f"policies/{name}/policy.json"] = _json({f"course/{name}": _policy(course)})
    files[f"policies/{name}/grading_policy.json"] = _json(_grading(course, language))
    files["about/overview.html"] = _overview(course.summaries[language])
    files["about/short_description.html"] = course.summaries[language].encode()
    return dict(sorted(files.items()))


def unit_entry(course: Course, run: Run, unit: Unit) -> dict[str, str]:
    """Where the unit of a code is found in a run: for links from recommendations, guides and pages."""
    block, name = _block_of(unit)
    parts = f"{course.org}+{run.course}+{run.run}"
    return {
        "course": course.code,
        "run": course.key(run),
        "url_name": unit.code,
        "unit_usage": f"block-v1:{parts}+type@vertical+block@{unit.code}",
        "block_usage": f"block-v1:{parts}+type@{block}+block@{name}",
        "title": search_text(unit.title(run.language)),
    }


def _section_files(section: Section, language: str) -> Files:
    title = section.titles[language]
    chapter = _node("chapter", display_name=title)
    files: Files = {}
    for name, units in _subsections(section):
        quiz = units[0] if isinstance(units[0], QuizUnit) else None
        sequential = _node("sequential", display_name=search_text(quiz.title(language)) if quiz else title)
        if quiz:
            sequential.set("graded", "true")
            sequential.set("format", QUIZ_NAMES[language])
        for unit in units:
            etree.SubElement(sequential, "vertical", {"url_name": unit.code})
            files |= _unit_files(unit, language)
        etree.SubElement(chapter, "sequential", {"url_name": name})
        files[f"sequential/{name}.xml"] = _xml(sequential)
    files[f"chapter/{section.code}.xml"] = _xml(chapter)
    return files


def _subsections(section: Section) -> Iterator[tuple[str, tuple[Unit, ...]]]:
    """The units of a section as the platform grades them: each quiz alone, what stands between quizzes together.

    Names are made of codes only, never of positions, and of none that a block has: tools that check OLX want each name once.
    """
    name = f"{section.code}-lessons"
    for is_quiz, group in itertools.groupby(section.units, key=lambda unit: isinstance(unit, QuizUnit)):
        if is_quiz:
            for unit in group:
                yield f"{unit.code}-graded", (unit,)
                name = f"{unit.code}-after"
        else:
            yield name, tuple(group)


def _unit_files(unit: Unit, language: str) -> Files:
    title = search_text(unit.title(language))
    vertical = _node("vertical", display_name=title)
    files: Files = {}
    if isinstance(unit, BlockUnit):
        attributes = {"url_name": unit.code, "display_name": unit.title(language), **unit.settings}
        vertical.append(etree.Element(unit.block, attributes))
        return {f"vertical/{unit.code}.xml": _xml(vertical)}
    if isinstance(unit, QuizUnit):
        for check in unit.lessons[language].checks:
            name = f"{unit.code}-{check.id}"
            etree.SubElement(vertical, capa.TAG, {"url_name": name})
            files[f"problem/{name}.xml"] = _mixed(capa.problem(check, name=name, language=language, title=title))
    else:
        vertical.append(_lesson(unit, language))
    files[f"vertical/{unit.code}.xml"] = _xml(vertical)
    return files | {f"static/{name}": path.read_bytes() for name, path in unit.pictures[language].items()}


def _lesson(unit: LessonUnit, language: str) -> etree._Element:
    node = _node(olx.TAG, url_name=unit.code, display_name=unit.title(language))
    olx.write(unit.lessons[language], node)
    return node


def _image(course: Course) -> tuple[str, Files]:
    """The name of the course's picture and the file it is in."""
    name = f"{IMAGE}{course.image.suffix if course.image else '.png'}"
    return name, {f"static/{name}": course.image.read_bytes() if course.image else cover.picture(course.number)}


def _block_of(unit: Unit) -> tuple[str, str]:
    """Type and name of the block to link to: a quiz has one for each question, and its unit stands for them."""
    if isinstance(unit, BlockUnit):
        return unit.block, unit.code
    return ("vertical" if isinstance(unit, QuizUnit) else olx.TAG), unit.code


def _grading(course: Course, language: str) -> dict[str, object]:
    """Every quiz weighs the same. A course without one still needs a policy, and one kind of work in it."""
    name = QUIZ_NAMES[language]
    count = sum(isinstance(unit, QuizUnit) for unit in course.units)
    kind = {"type": name, "short_label": name, "min_count": count, "drop_count": 0, "weight": 1.0}
    return {"GRADER": [kind], "GRADE_CUTOFFS": {"Pass": course.pass_mark / 100}}


def _policy(course: Course) -> dict[str, object]:
    """Settings of the run beyond its attributes: the blocks that Studio offers to its authors."""
    blocks = sorted({_block_of(unit)[0] for unit in course.units if not isinstance(unit, QuizUnit)})
    return {"advanced_modules": blocks}


def _overview(summary: str) -> bytes:
    section = _node("section", **{"class": "about"})
    etree.SubElement(section, "p").text = summary
    return etree.tostring(section, encoding="utf-8") + b"\n"


def _node(tag: str, **attributes: str) -> etree._Element:
    return etree.Element(tag, attributes)


def _xml(node: etree._Element) -> bytes:
    return etree.tostring(node, encoding="utf-8", pretty_print=True)


def _mixed(node: etree._Element) -> bytes:
    """XML with texts and elements side by side: not a space is added."""
    return etree.tostring(node, encoding="utf-8") + b"\n"


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
