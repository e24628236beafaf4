"""The compiled courses as the demo shows them: an outline read from OLX, and each block's fields parsed by the block itself."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree
from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.fields import ScopeIds
from xblock.runtime import DictKeyValueStore, KvsFieldData

from demo.problem import PROBLEM
from nassij.common.text import plain

PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


@dataclass(frozen=True, slots=True)
class Unit:
    """A page of a course: a vertical and the blocks in it."""

    code: str
    title: str
    section: str
    blocks: tuple[UsageKey, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter and its units, in order."""

    code: str
    title: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Course:
    """One run of a course (one language), with the parsed content of its blocks."""

    key: CourseKey
    title: str
    summary: str
    language: str
    sections: tuple[Section, ...]
    static: Path
    fields: DictKeyValueStore = field(repr=False)

    @property
    def units(self) -> tuple[Unit, ...]:
        return tuple(unit for section in self.sections for unit in section.units)

    def unit(self, code: str) -> Unit | None:
        return next((unit for unit in self.units if unit.code == code), None)

    def unit_of(self, block: UsageKey) -> Unit | None:
        return next((unit for unit in self.units if block in unit.blocks), None)


class CourseReader:
    """Reads one OLX directory; chapters, sequentials and problems by pointer, blocks of ours inline in their vertical."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        root = self._xml(folder / "course.xml")
        self.key = CourseKey.from_string(f"course-v1:{root.get('org')}+{root.get('course')}+{root.get('url_name')}")
        self.fields = DictKeyValueStore()

    def read(self) -> Course:
        root = self._pointed("course", self.key.run)
        sections = tuple(self._section(node.get("url_name")) for node in root.findall("chapter"))
        return Course(
            key=self.key,
            title=root.get("display_name", ""),
            summary=self._summary(),
            language=root.get("language", "ar"),
            sections=sections,
            static=self.folder / "static",
            fields=self.fields,
        )

    def _summary(self) -> str:
        """The short description of the catalogue, as plain text."""
        path = self.folder / "about/short_description.html"
        return plain(path.read_text("utf-8")) if path.exists() else ""

    def _section(self, code: str) -> Section:
        chapter = self._pointed("chapter", code)
        title = chapter.get("display_name", "")
        verticals = [
            node.get("url_name")
            for pointer in chapter.findall("sequential")
            for node in self._pointed("sequential", pointer.get("url_name")).findall("vertical")
        ]
        return Section(code, title, tuple(self._unit(name, title) for name in verticals))

    def _unit(self, code: str, section: str) -> Unit:
        vertical = self._pointed("vertical", code)
        blocks = tuple(self._block(node) for node in vertical if isinstance(node.tag, str))
        return Unit(code, vertical.get("display_name", ""), section, blocks)

    def _block(self, node: etree._Element) -> UsageKey:
        from demo.runtime import DemoRuntime  # the runtime knows courses; here it only parses

        usage = self.key.make_usage_key(node.tag, node.get("url_name"))
        if node.tag == PROBLEM:
            node = self._pointed(node.tag, node.get("url_name"))
        runtime = DemoRuntime(user=None, course=None, field_data=KvsFieldData(self.fields))
        block_class = runtime.mixologist.mix(runtime.load_block_type(node.tag))
        block_class.parse_xml(node, runtime, ScopeIds(None, node.tag, usage, usage)).save()
        return usage

    def _pointed(self, kind: str, name: str) -> etree._Element:
        return self._xml(self.folder / kind / f"{name}.xml")

    @staticmethod
    def _xml(path: Path) -> etree._Element:
        return etree.parse(str(path), PARSER).getroot()


class Catalogue:
    """The compiled courses, read once and again whenever they were compiled anew."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._stamp: Any = None
        self._courses: dict[str, Course] = {}

    def courses(self) -> dict[str, Course]:
        """Course key -> course, in the order of the folders."""
        found = sorted(self.folder.glob("*/course.xml"))
        stamp = [(str(path), path.stat().st_mtime_ns) for path in found]
        with self._lock:
            if stamp != self._stamp:
                courses = [CourseReader(path.parent).read() for path in found]
                self._courses = {str(course.key): course for course in courses}
                self._stamp = stamp
            return self._courses
