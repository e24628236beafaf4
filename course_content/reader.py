"""From the source folder of a course to a `Course`, with every problem on the way noted at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from xblocks.lesson.located import Fields, Scalar, Value, read_yaml
from xblocks.lesson.located import Mapping as YamlMapping
from xblocks.lesson.markdown import with_pictures
from xblocks.lesson.model import LANGUAGES, Lesson, is_code
from xblocks.lesson.olx import IDENTITY
from xblocks.lesson.source import Reading, read_lesson

from . import agreement
from .facts import FactBase, texts
from .files import is_there, picture_problems, read_text, shown_path
from .model import BlockUnit, Course, LessonUnit, Run, Section, Unit
from .problems import MESSAGES, Place, Problem, Problems

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
        facts: FactBase,
        guides: Mapping[str, Mapping[str, str]],
        unit_codes: dict[str, Place] | None = None,
    ) -> None:
        """`unit_codes` are the codes of units taken so far, shared by all courses: progress and links hang on them."""
        self.folder = folder
        self.facts = facts
        self.guides = guides
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
        )
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
        for folder, _place in self._folders(entries, "sections", self.folder):
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

    def _units(self, section: Fields, folder: Path) -> Iterator[Unit]:
        for item in self._listed(section, "units", folder):
            if isinstance(item, YamlMapping):
                yield self._block_unit(Fields(item, section.problems))
            elif isinstance(item, Scalar):
                unit = self._lesson_unit(folder / item.value, item.place)
                if unit is not None:
                    yield unit

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

    # Lessons

    def _lesson_unit(self, folder: Path, listed_at: Place) -> LessonUnit | None:
        readings: dict[str, Reading] = {}
        for language in self.languages:
            path = folder / f"{language}.md"
            if not is_there(path):
                self._note("missing_translation", listed_at, unit=folder.name, file=f"{folder.name}/{path.name}")
                continue
            reading = self._lesson(path, language)
            if reading is not None:
                readings[language] = reading
        assets = self._assets(folder, readings)
        lessons = {language: reading.lesson for language, reading in readings.items() if reading.lesson}
        self.found += agreement.problems(
            lessons, {language: shown_path(folder / f"{language}.md") for language in lessons}
        )
        if not lessons:
            return None
        code = next(iter(lessons.values())).code
        self._claim(code, Place(shown_path(folder / f"{next(iter(lessons))}.md")), self.unit_codes)
        names = {name: f"{code}_{name}" for name in assets}
        compiled = {language: _with_static_names(lesson, names) for language, lesson in lessons.items()}
        shown = {
            language: {names[name]: assets[name] for name in _picture_names(readings[language]) if name in assets}
            for language in lessons
        }
        return LessonUnit(code, compiled, shown)

    def _lesson(self, path: Path, language: str) -> Reading | None:
        problems = Problems(shown_path(path), MESSAGES)
        text = read_text(path, problems)
        self._keep(problems)
        if text is None:
            return None
        titles = {code: names.get(language, "") for code, names in self.guides.items()}
        reading = read_lesson(text, file=shown_path(path), language=language, cite=self.facts, guides=titles)
        self.found += [replace(problem, messages=MESSAGES) for problem in reading.problems]
        return reading

    def _assets(self, folder: Path, readings: Mapping[str, Reading]) -> dict[str, Path]:
        """Name -> file of the pictures the lessons of a unit show."""
        problems = Problems(shown_path(folder), MESSAGES)
        shown: dict[str, Path] = {}
        for reading in readings.values():
            for picture, place in reading.pictures:
                path = folder / picture.src
                if not picture.src.startswith("assets/"):
                    problems.add("picture_place", place, src=picture.src)
                elif not path.is_file():
                    problems.add("missing_asset", place, src=picture.src)
                else:
                    shown[path.name] = path
        for path in sorted((folder / "assets").glob("*")):
            if path.name not in shown:
                problems.add("unused_asset", Place(shown_path(path)))
        for path in shown.values():
            picture_problems(path, problems)
        self._keep(problems)
        return shown

    # Lists of folders, codes, problems

    def _folders(self, entries: Fields, key: str, parent: Path) -> Iterator[tuple[Path, Place]]:
        for item in self._listed(entries, key, parent):
            if isinstance(item, Scalar):
                yield parent / item.value, item.place
            else:
                entries.problems.add("not_a_text", item.place, key=key)

    def _listed(self, entries: Fields, key: str, parent: Path) -> Iterator[Value]:
        """The entries of a list of folders that are there (other kinds of entries as they are)."""
        names: list[str] = []
        for item in entries.listing(key, required=True):
            if not isinstance(item, Scalar):
                yield item
                continue
            if not is_code(item.value):
                entries.problems.add("bad_folder", item.place, name=item.value)
            elif item.value in names:
                entries.problems.add("listed_twice", item.place, name=item.value)
            elif not (parent / item.value).is_dir():
                entries.problems.add("missing_folder", item.place, name=item.value)
            else:
                yield item
            names.append(item.value)
        for folder in sorted(
            path for path in parent.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))
        ):
            if folder.name not in names:
                entries.problems.add(
                    "unlisted_folder", entries.place(key), name=folder.name, list=entries.problems.file
                )

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
        mapping = read_yaml(text, problems) if text is not None else None
        if mapping is None:
            self._keep(problems)
            return None
        return Fields(mapping, problems)

    def _note(self, code: str, place: Place, **params: object) -> None:
        self.found.append(Problem(code, place, params, MESSAGES))

    def _keep(self, problems: Problems) -> None:
        self.found += problems.sorted()


def _with_static_names(lesson: Lesson, names: Mapping[str, str]) -> Lesson:
    """The lesson with its pictures under the names they get in the course."""
    places = {f"assets/{name}": f"/static/{given}" for name, given in names.items()}
    return replace(
        lesson,
        steps=tuple(step.with_texts(lambda text: with_pictures(text, places)) for step in lesson.steps),
    )


def _picture_names(reading: Reading) -> Iterator[str]:
    """The names of the files of the pictures that a lesson shows."""
    return (Path(picture.src).name for picture, _place in reading.pictures)
