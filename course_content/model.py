"""A course as it is read from its sources: frozen values, before it becomes OLX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xblocks.lesson.model import Lesson

Texts = Mapping[str, str]
"""Language code -> text."""


@dataclass(frozen=True, slots=True)
class Run:
    """The run of one language."""

    language: str
    course: str
    run: str


@dataclass(frozen=True, slots=True)
class LessonUnit:
    """A unit that is a lesson. `pictures` has, per language, the name each picture gets in the course and its file."""

    code: str
    lessons: Mapping[str, Lesson]
    pictures: Mapping[str, Mapping[str, Path]]

    def title(self, language: str) -> str:
        return self.lessons[language].title


@dataclass(frozen=True, slots=True)
class QuizUnit(LessonUnit):
    """A graded unit: its lessons hold questions only, which become problems of the platform."""


@dataclass(frozen=True, slots=True)
class BlockUnit:
    """A unit that is another block of ours, with its settings as OLX attributes."""

    code: str
    block: str
    titles: Texts
    settings: Mapping[str, str]

    def title(self, language: str) -> str:
        return self.titles[language]


Unit = LessonUnit | QuizUnit | BlockUnit


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    titles: Texts
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A course in all its languages."""

    code: str
    number: int
    org: str
    titles: Texts
    summaries: Texts
    runs: tuple[Run, ...]
    sections: tuple[Section, ...]
    start: str
    """ISO date of its first day."""
    end: str
    """ISO date of its last day; empty without one."""
    pass_mark: int
    """Percent of its quizzes that a learner needs."""
    image: Path | None = None
    """The file of its picture; without one the compiler makes one."""

    def key(self, run: Run) -> str:
        return f"course-v1:{self.org}+{run.course}+{run.run}"

    @property
    def units(self) -> tuple[Unit, ...]:
        return tuple(unit for section in self.sections for unit in section.units)
