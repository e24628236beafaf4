"""A course in one language as OLX: a mapping of path -> bytes, the same bytes for the same sources.

Chapters, sequentials and verticals stand in files of their own; lessons and other blocks of ours stand *inline* in their
vertical, since the platform silently imports default fields for a pure XBlock behind a pointer. Every `url_name` comes from a
code that never changes, so that a learner's progress survives a new import.
"""

from __future__ import annotations

import json

from lxml import etree

from xblocks.lesson import olx
from xblocks.lesson.markdown import search_text

from . import cover
from .model import BlockUnit, Course, LessonUnit, Run, Section, Unit

START = "2026-01-01T00:00:00Z"
"""Courses are open as soon as they are there; an operator may set another date in Studio."""

IMAGE = "course-image"

# Nothing is graded yet; the platform still wants a policy with one kind of work.
GRADING = {
    "GRADER": [{"type": "Quiz", "short_label": "Quiz", "min_count": 0, "drop_count": 0, "weight": 1.0}],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}

Files = dict[str, bytes]


def course_files(course: Course, run: Run) -> Files:
    """All files of the run, below the folder of the course."""
    language = run.language
    name = run.run
    files: Files = {"course.xml": _xml(_node("course", url_name=name, org=course.org, course=run.course))}
    image, files_of_image = _image(course)
    files |= files_of_image
    root = _node("course", display_name=course.titles[language], language=language, start=START, course_image=image)
    for section in course.sections:
        etree.SubElement(root, "chapter", {"url_name": section.code})
        files |= _section_files(section, language)
    files[f"course/{name}.xml"] = _xml(root)
    files[f"policies/{name}/policy.json"] = _json({f"course/{name}": _policy(course)})
    files[f"policies/{name}/grading_policy.json"] = _json(GRADING)
    files["about/overview.html"] = _overview(course.summaries[language])
    files["about/short_description.html"] = course.summaries[language].encode()
    return dict(sorted(files.items()))


def unit_entry(course: Course, run: Run, unit: Unit) -> dict[str, str]:
    """Where the unit of a code is found in a run: for links from recommendations, guides and pages."""
    block = unit.block if isinstance(unit, BlockUnit) else olx.TAG
    parts = f"{course.org}+{run.course}+{run.run}"
    return {
        "course": course.code,
        "run": course.key(run),
        "url_name": unit.code,
        "unit_usage": f"block-v1:{parts}+type@vertical+block@{unit.code}",
        "block_usage": f"block-v1:{parts}+type@{block}+block@{unit.code}",
        "title": search_text(unit.title(run.language)),
    }


def _section_files(section: Section, language: str) -> Files:
    title = section.titles[language]
    chapter, sequential = _node("chapter", display_name=title), _node("sequential", display_name=title)
    lessons = f"{section.code}-lessons"  # a name of its own: tools that check OLX want each name once
    etree.SubElement(chapter, "sequential", {"url_name": lessons})
    files: Files = {f"chapter/{section.code}.xml": _xml(chapter)}
    for unit in section.units:
        etree.SubElement(sequential, "vertical", {"url_name": unit.code})
        vertical = _node("vertical", display_name=search_text(unit.title(language)))
        vertical.append(_block(unit, language))
        files[f"vertical/{unit.code}.xml"] = _xml(vertical)
        if isinstance(unit, LessonUnit):
            files |= {f"static/{name}": path.read_bytes() for name, path in unit.pictures[language].items()}
    files[f"sequential/{lessons}.xml"] = _xml(sequential)
    return files


def _block(unit: Unit, language: str) -> etree._Element:
    title = unit.title(language)
    if isinstance(unit, BlockUnit):
        return etree.Element(unit.block, {"url_name": unit.code, "display_name": title, **unit.settings})
    node = _node(olx.TAG, url_name=unit.code, display_name=title)
    olx.write(unit.lessons[language], node)
    return node


def _image(course: Course) -> tuple[str, Files]:
    """The name of the course's picture and the file it is in."""
    name = f"{IMAGE}{course.image.suffix if course.image else '.png'}"
    return name, {f"static/{name}": course.image.read_bytes() if course.image else cover.picture(course.number)}


def _policy(course: Course) -> dict[str, object]:
    """Settings of the run beyond its attributes: the blocks that Studio offers to its authors."""
    blocks = sorted({unit.block if isinstance(unit, BlockUnit) else olx.TAG for unit in course.units})
    return {"advanced_modules": blocks}


def _overview(summary: str) -> bytes:
    section = _node("section", **{"class": "about"})
    etree.SubElement(section, "p").text = summary
    return etree.tostring(section, encoding="utf-8") + b"\n"


def _node(tag: str, **attributes: str) -> etree._Element:
    return etree.Element(tag, attributes)


def _xml(node: etree._Element) -> bytes:
    return etree.tostring(node, encoding="utf-8", pretty_print=True)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
