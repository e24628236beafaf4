"""From the folder of a unit to its lessons or its quiz in each language, with every problem on the way noted at its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from xblocks.lesson.files import PLACE, weight_problems
from xblocks.lesson.located import Scalar
from xblocks.lesson.markdown import with_pictures
from xblocks.lesson.model import File, Lesson
from xblocks.lesson.source import Reading, read_lesson

from . import agreement, characters, media, pictures, wording
from .dates import Calendar
from .facts import FactBase
from .files import is_there, read_text, shown_path
from .model import LessonUnit, QuizUnit
from .passages import SourceText
from .problems import MESSAGES, Place, Problem, Problems
from .quiz import read_quiz

TOO_HEAVY = frozenset({"too_large", "text_too_heavy"})


@dataclass(frozen=True, slots=True)
class Shelf:
    """What all units of all courses may cite, and the date they are read on."""

    facts: FactBase
    guides: Mapping[str, Mapping[str, str]]
    calendar: Calendar


class UnitReader:
    """Reads one folder of a unit; `found` has what was found wrong, `links` the units it leads to."""

    def __init__(self, folder: Path, languages: tuple[str, ...], shelf: Shelf, *, is_quiz: bool = False) -> None:
        self.folder, self.languages, self.shelf, self.is_quiz = folder, languages, shelf, is_quiz
        self.found: list[Problem] = []
        self.links: list[tuple[str, Place]] = []
        self.readings: dict[str, Reading] = {}
        self.sources: dict[str, SourceText] = {}

    def read(self, listed_at: Place) -> LessonUnit | QuizUnit | None:
        """The unit; None when no language of it can be read. `listed_at` is where the section lists it."""
        for language in self.languages:
            path = self.path(language)
            if is_there(path):
                self._read(path, language)
            else:
                params = {"unit": self.folder.name, "file": f"{self.folder.name}/{path.name}"}
                self.found.append(Problem("missing_translation", listed_at, params, MESSAGES))
        assets = self._assets()
        lessons = {
            language: self._measured(reading.lesson, assets, language)
            for language, reading in self.readings.items()
            if reading.lesson
        }
        self.found += agreement.problems(
            {
                language: agreement.Written(lesson, self.sources[language], self.readings[language].places)
                for language, lesson in lessons.items()
            }
        )
        return self._unit(lessons, assets) if lessons else None

    def path(self, language: str) -> Path:
        return self.folder / f"{language}.md"

    def _unit(self, lessons: Mapping[str, Lesson], assets: Mapping[str, Path]) -> LessonUnit | QuizUnit:
        code = next(iter(lessons.values())).code
        names = {name: f"{code}_{name}" for name in assets}
        compiled = {language: _with_static_names(lesson, names) for language, lesson in lessons.items()}
        shown = {
            language: {names[name]: assets[name] for name in _asset_names(self.readings[language]) if name in assets}
            for language in lessons
        }
        return (QuizUnit if self.is_quiz else LessonUnit)(code, compiled, shown)

    def _read(self, path: Path, language: str) -> None:
        file = shown_path(path)
        problems = Problems(file, MESSAGES)
        text = read_text(path, problems)
        if text is not None:
            characters.examine(text, problems)
            self._read_text(text, file, language)
        self.found += problems.sorted()

    def _read_text(self, text: str, file: str, language: str) -> None:
        facts, guides = self.shelf.facts, self.shelf.guides
        if self.is_quiz:
            reading = read_quiz(text, file=file, language=language, cite=facts)
        else:
            titles = {code: names.get(language, "") for code, names in guides.items()}
            reading = read_lesson(text, file=file, language=language, cite=facts, guides=titles)
        self.readings[language] = reading
        self.found += [replace(problem, messages=MESSAGES) for problem in reading.problems]
        if any(problem.code in TOO_HEAVY for problem in reading.problems):
            return  # nothing else can be said of it before it is split
        source = self.sources[language] = SourceText(text, file)
        self.found += wording.examine(source, language, reading.lesson)
        self.links += wording.unit_links(source)
        checked_on = source.front.entries.get("checked_on") if source.front else None
        if isinstance(checked_on, Scalar) and reading.lesson:
            self.shelf.calendar.examine(checked_on.value, checked_on.place)

    def _assets(self) -> dict[str, Path]:
        """Name -> file of the pictures the languages of the unit show, and of the files they bring."""
        problems = Problems(shown_path(self.folder), MESSAGES)
        shown: dict[str, Path] = {}
        files: dict[str, Path] = {}
        for language, reading in self.readings.items():
            shows = [(picture.src, place) for picture, place in reading.pictures]
            own = dict(self._assets_at(shows, "picture_place", problems))
            pictures.weigh(own, problems, Place(shown_path(self.path(language))))
            shown |= own
            brings = [(file.src, place) for file, place in reading.files]
            files |= self._assets_at(brings, "file_place", problems)
        for path in sorted((self.folder / "assets").glob("*")):
            if path.name not in shown and path.name not in files:
                problems.add("unused_asset", Place(shown_path(path)))
        for path in shown.values():
            pictures.picture_problems(path, problems)
        for path in files.values():
            media.file_problems(path, problems)
        self.found += problems.sorted()
        return shown | files

    def _assets_at(
        self, named: Iterable[tuple[str, Place]], elsewhere: str, problems: Problems
    ) -> Iterator[tuple[str, Path]]:
        """(name, file) of what stands in the folder; `elsewhere` is the problem of what does not."""
        for src, place in named:
            path = self.folder / src
            if not PLACE.fullmatch(src):
                continue  # the reader of lessons has said so
            if not src.startswith("assets/"):
                problems.add(elsewhere, place, src=src)
            elif not path.is_file():
                problems.add("missing_asset", place, src=src)
            else:
                yield path.name, path

    def _measured(self, lesson: Lesson, assets: Mapping[str, Path], language: str) -> Lesson:
        """The lesson with the size of each of its files as it is on disk; what is too heavy for learners is noted."""

        def measure(file: File) -> File:
            path = assets.get(Path(file.src).name)
            return replace(file, size=path.stat().st_size) if path else file

        measured = replace(lesson, steps=tuple(step.with_files(measure) for step in lesson.steps))
        for step in measured.steps:
            place = self.readings[language].places.get(step.id, Place(shown_path(self.path(language))))
            self.found += [Problem(code, place, params, MESSAGES) for code, params in weight_problems(step)]
        return measured


def _with_static_names(lesson: Lesson, names: Mapping[str, str]) -> Lesson:
    """The lesson with its pictures and files under the names they get in the course."""
    places = {f"assets/{name}": f"/static/{given}" for name, given in names.items()}

    def placed(file: File) -> File:
        return replace(file, src=places.get(file.src, file.src))

    return replace(
        lesson,
        steps=tuple(
            step.with_texts(lambda text: with_pictures(text, places)).with_files(placed) for step in lesson.steps
        ),
    )


def _asset_names(reading: Reading) -> Iterator[str]:
    """The names of the files that a lesson shows or brings."""
    named = [picture.src for picture, _place in reading.pictures] + [file.src for file, _place in reading.files]
    return (Path(src).name for src in named)
