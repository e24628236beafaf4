"""What a lesson is: a title, a few lines about it, and steps (`steps`). Frozen values without Django or XBlock.

Its texts are clean: whoever makes a lesson from what people wrote (`source`, `olx`) cleans them on the way in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .steps import (
    CHECK_KINDS,
    MAX_CODE,
    MEDIA_KINDS,
    STEP_TYPES,
    Choice,
    FieldPractice,
    File,
    FileStep,
    LessonError,
    MediaStep,
    Picture,
    Reflection,
    SelfCheck,
    Step,
    TextStep,
    is_code,
)

__all__ = [
    "CHECK_KINDS",
    "LANGUAGES",
    "MAX_CODE",
    "MEDIA_KINDS",
    "SCHEMA",
    "STEP_TYPES",
    "Choice",
    "FieldPractice",
    "File",
    "FileStep",
    "Guide",
    "Lesson",
    "LessonError",
    "MediaStep",
    "Picture",
    "Reflection",
    "SelfCheck",
    "Source",
    "Step",
    "TextStep",
    "is_code",
    "refuse_newer",
]

SCHEMA = 1
LANGUAGES = ("ar", "fr", "en")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement of the lesson comes from. `fact` is its number in the fact base, `checked_on` an ISO date."""

    text: str
    statement: str = ""
    fact: str = ""
    checked_on: str = ""
    to_confirm: bool = False

    def to_data(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "statement": self.statement,
            "fact": self.fact,
            "checked_on": self.checked_on,
            "to_confirm": self.to_confirm,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Source:
        return cls(
            text=str(data["text"]),
            statement=str(data.get("statement", "")),
            fact=str(data.get("fact", "")),
            checked_on=str(data.get("checked_on", "")),
            to_confirm=data.get("to_confirm") is True,
        )


@dataclass(frozen=True, slots=True)
class Guide:
    """The reference guide that helps with what the lesson teaches."""

    code: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson in one language.

    `code` is stable for ever and the same in all languages; `extra` holds attributes of an OLX node that this version does not
    know, so that a newer writer's additions survive a round trip. `scored`: the self-checks count towards the course's grade.
    """

    title: str
    language: str = "ar"
    code: str = ""
    minutes: int = 0
    checked_on: str = ""
    objectives: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    practice: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    guide: Guide | None = None
    scored: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)

    def step(self, step_id: str) -> Step | None:
        return next((step for step in self.steps if step.id == step_id), None)

    @property
    def checks(self) -> tuple[SelfCheck, ...]:
        return tuple(step for step in self.steps if isinstance(step, SelfCheck))

    def titled(self, title: str) -> Lesson:
        return replace(self, title=title)

    def to_data(self) -> dict[str, Any]:
        """The JSON that the block stores; the title is not in it, it is the block's `display_name`."""
        return {
            "schema": SCHEMA,
            "code": self.code,
            "language": self.language,
            "minutes": self.minutes,
            "checked_on": self.checked_on,
            "objectives": list(self.objectives),
            "steps": [step.to_data() for step in self.steps],
            "practice": list(self.practice),
            "sources": [source.to_data() for source in self.sources],
            "guide": {"code": self.guide.code, "title": self.guide.title} if self.guide else None,
            "scored": self.scored,
            "extra": dict(self.extra),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any], *, title: str) -> Lesson:
        """The lesson that `to_data` wrote; an empty mapping is an empty lesson. Raises `LessonError` naming what is wrong."""
        if not isinstance(data, Mapping):
            raise LessonError(f"the stored lesson is no mapping but {type(data).__name__}")
        refuse_newer(data.get("schema", SCHEMA))
        try:
            guide = data.get("guide")
            return cls(
                title=str(title),
                language=data["language"] if data.get("language") in LANGUAGES else LANGUAGES[0],
                code=str(data.get("code", "")),
                minutes=max(0, int(data.get("minutes", 0))),
                checked_on=str(data.get("checked_on", "")),
                objectives=tuple(str(text) for text in data.get("objectives", ())),
                steps=tuple(_step(step) for step in data.get("steps", ())),
                practice=tuple(str(text) for text in data.get("practice", ())),
                sources=tuple(Source.from_data(source) for source in data.get("sources", ())),
                guide=Guide(code=str(guide["code"]), title=str(guide.get("title", ""))) if guide else None,
                scored=data.get("scored") is True,
                extra=dict(data.get("extra", {})),
            )
        except LessonError:
            raise
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
            raise LessonError(f"the stored lesson cannot be read: {error!r}") from error


def refuse_newer(schema: object) -> None:
    """Raise `LessonError` when the lesson was written by a newer version than this one."""
    if not str(schema).isdecimal() or int(str(schema)) > SCHEMA:
        raise LessonError(
            f"lesson schema {schema!r} is newer than this version reads ({SCHEMA}): update openedx-nassij"
        )


def _step(data: Mapping[str, Any]) -> Step:
    cls = STEP_TYPES.get(data["type"])
    if cls is None:
        raise LessonError(f"step {data.get('id')!r}: unknown kind {data['type']!r}")
    return cls.from_data(data)
