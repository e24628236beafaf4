"""From the source folder of a course to a `Course`, with every problem on the way noted at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from xblocks.lesson.located import Fields, Scalar, read_yaml
from xblocks.lesson.located import Mapping as YamlMapping
from xblocks.lesson.model import LANGUAGES, is_code
from xblocks.lesson.olx import IDENTITY

from . import characters
from .facts import texts
from .files import read_text, shown_path
from .model import BlockUnit, Course, Run, Section, Unit
from .pictures import picture_problems
from .problems import MESSAGES, Place, Problem, Problems
from .units import Shelf, UnitReader

START = "2026-01-01"
"""Courses are open as soon as they are there, unless `course.yaml` or an operator says otherwise."""
PASS_MARK = 50
COURSE_PICTURES = (".jpg", ".png")
UNIT_BLOCKS = ("nassij_governance",)
# What the compiler writes on a block itself, and the fields that hold the outline together.
RESERVED_SETTINGS = frozenset({*IDENTITY, "display_name", "parent", "children"})
_SETTING = re.compile(r"(?!xml)[a-z][a-z0-9_]{0,79}")
_KEY_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.~-]{0,60}")


class CourseReader:
    """Reads one course folder. `found` has what was found wrong; the course is None when its frame cannot be read."""

    def __init__(
        self,
        folder: Path,
        shelf: Shelf,
        unit_codes: dict[str, Place] | None = None,
    ) -> None:
        """`unit_codes` are the codes of units taken so far, shared by all courses: progress and links hang on them."""
        self.folder = folder
        self.shelf = shelf
        self.links: list[tuple[str, Place]] = []
        self.languages: tuple[str, ...] = ()
        self.found: list[Problem] = []
        self.unit_codes = {} if unit_codes is None else unit_codes
        self.section_codes: dict[str, Place] = {}

    def read(self) -> Course | None:
        entries = self._yaml(self.folder / "course.yaml")
        if entries is None:
            return None
        runs = self._runs(entries)
        self.languages = tuple(run.language for run in runs)
        course = Course(
            code=entries.code("code"),
            number=entries.number("number", least=1, most=99, required=True),
            org=self._key_part(entries, "org"),
            titles=texts(entries, "title", self.languages),
            summaries=texts(entries, "summary", self.languages),
            runs=runs,
            sections=tuple(self._sections(entries)),
            image=self._image(entries),
            start=entries.date("start") or START,
            end=entries.date("end"),
            pass_mark=entries.number("pass_mark", least=1, most=100, default=PASS_MARK),
        )
        if course.end and course.end <= course.start:
            entries.problems.add("end_before_start", entries.place("end"), start=course.start)
        own = {unit.code for unit in course.units}
        for code, place in self.links:
            if code not in own:
                self.found.append(Problem("broken_link", place, {"code": code}, MESSAGES))
        entries.finish()
        self._keep(entries.problems)
        return course

    # The frame

    def _runs(self, entries: Fields) -> tuple[Run, ...]:
        written = entries.fields("runs")
        if written and not written.mapping.entries:
            entries.problems.add("empty_value", entries.place("runs"), key="runs")
        runs = []
        for language in written.mapping.entries if written else ():
            run = written.fields(language) if written else None
            if language not in LANGUAGES:
                place = written.mapping.keys[language] if written else None
                entries.problems.add("unknown_language", place, value=language, known=", ".join(LANGUAGES))
            elif run is not None:
                runs.append(Run(language, self._key_part(run, "course"), self._key_part(run, "run")))
                run.finish()
        return tuple(runs)

    def _key_part(self, entries: Fields, key: str) -> str:
        value = entries.text(key)
        if value and not _KEY_PART.fullmatch(value):
            entries.problems.add("bad_run", entries.place(key), value=value)
        return value

    def _image(self, entries: Fields) -> Path | None:
        """The picture of the course: a file beside `course.yaml`, of a kind the platform makes thumbnails of."""
        written = entries.scalar("image", required=False)
        if written is None:
            return None
        path = self.folder / written.value
        if path.parent != self.folder or not path.is_file():
            entries.problems.add("missing_file", written.place, name=written.value)
            return None
        if path.suffix not in COURSE_PICTURES:
            entries.problems.add("asset_kind", written.place, name=path.name, known=", ".join(COURSE_PICTURES))
            return None
        picture_problems(path, entries.problems)
        return path

    def _sections(self, entries: Fields) -> Iterator[Section]:
        names: set[str] = set()
        for item in entries.listing("sections", required=True):
            name = self._name(item, entries, "sections")
            if name is None or not self._is_folder(name, names, self.folder, entries):
                continue
            folder = self.folder / name.value
            section = self._yaml(folder / "section.yaml")
            if section is None:
                continue
            yield Section(
                code=self._claimed(section, self.section_codes),
                titles=texts(section, "title", self.languages),
                units=tuple(self._units(section, folder)),
            )
            section.finish()
            self._keep(section.problems)
        self._unlisted(names, self.folder, entries, "sections")

    def _units(self, section: Fields, folder: Path) -> Iterator[Unit]:
        names: set[str] = set()
        for item in section.listing("units", required=True):
            if isinstance(item, YamlMapping) and "quiz" in item.entries:
                entries = Fields(item, section.problems)
                name, is_quiz = entries.scalar("quiz"), True
                entries.finish()
            elif isinstance(item, YamlMapping):
                yield self._block_unit(Fields(item, section.problems))
                continue
            else:
                name, is_quiz = self._name(item, section, "units"), False
            if name is not None and self._is_folder(name, names, folder, section):
                unit = self._unit(folder / name.value, name.place, is_quiz=is_quiz)
                if unit is not None:
                    yield unit
        self._unlisted(names, folder, section, "units")

    def _unit(self, folder: Path, listed_at: Place, *, is_quiz: bool) -> Unit | None:
        reader = UnitReader(folder, self.languages, self.shelf, is_quiz=is_quiz)
        unit = reader.read(listed_at)
        self.found += reader.found
        self.links += reader.links
        if unit is not None:
            language = next(iter(unit.lessons))
            self._claim(unit.code, reader.sources[language].key_place("code"), self.unit_codes)
        return unit

    def _block_unit(self, entries: Fields) -> BlockUnit:
        block = entries.text("block")
        if block and block not in UNIT_BLOCKS:
            entries.problems.add(
                "unknown_unit_block", entries.place("block"), value=block, known=", ".join(UNIT_BLOCKS)
            )
        written = entries.fields("settings", required=False)
        unit = BlockUnit(
            self._claimed(entries, self.unit_codes),
            block,
            texts(entries, "title", self.languages),
            self._settings(written) if written else {},
        )
        entries.finish()
        return unit

    def _settings(self, written: Fields) -> dict[str, str]:
        """The settings of a block as the OLX attributes they become."""
        settings: dict[str, str] = {}
        for key, value in written.mapping.entries.items():
            if key in RESERVED_SETTINGS:
                written.problems.add("reserved_setting", written.mapping.keys[key], key=key)
            elif not _SETTING.fullmatch(key):
                written.problems.add("bad_setting_name", written.mapping.keys[key], key=key)
            elif not isinstance(value, Scalar):
                written.problems.add("bad_setting", value.place, key=key)
            else:
                settings[key] = written.text(key)
        return settings

    # Lists of folders, codes, problems

    def _name(self, item: object, entries: Fields, key: str) -> Scalar | None:
        if isinstance(item, Scalar):
            return item
        entries.problems.add("not_a_text", getattr(item, "place", entries.place(key)), key=key)
        return None

    def _is_folder(self, item: Scalar, names: set[str], parent: Path, entries: Fields) -> bool:
        """Whether `item` names a folder in `parent` that is none of `names`, which then holds it too."""
        code = ""
        if not is_code(item.value):
            code = "bad_folder"
        elif item.value in names:
            code = "listed_twice"
        elif not (parent / item.value).is_dir():
            code = "missing_folder"
        if code:
            entries.problems.add(code, item.place, name=item.value)
        names.add(item.value)
        return not code

    def _unlisted(self, names: set[str], parent: Path, entries: Fields, key: str) -> None:
        """Note the folders in `parent` that nobody lists."""
        for folder in sorted(
            path for path in parent.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))
        ):
            if folder.name not in names:
                params = {"name": folder.name, "list": entries.problems.file}
                entries.problems.add("unlisted_folder", entries.place(key), **params)

    def _claimed(self, entries: Fields, taken: dict[str, Place]) -> str:
        code = entries.code("code")
        if code:
            self._claim(code, entries.place("code"), taken)
        return code

    def _claim(self, code: str, place: Place, taken: dict[str, Place]) -> None:
        if code in taken:
            self._note("duplicate_code", place, value=code, first=taken[code].file)
        taken.setdefault(code, place)

    def _yaml(self, path: Path) -> Fields | None:
        problems = Problems(shown_path(path), MESSAGES)
        text = read_text(path, problems)
        if text is not None:
            characters.examine(text, problems)
        mapping = read_yaml(text, problems) if text is not None else None
        if mapping is None:
            self._keep(problems)
            return None
        return Fields(mapping, problems)

    def _note(self, code: str, place: Place, **params: object) -> None:
        self.found.append(Problem(code, place, params, MESSAGES))

    def _keep(self, problems: Problems) -> None:
        self.found += problems.sorted()
