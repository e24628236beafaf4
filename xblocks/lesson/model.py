"""What a lesson is: a title, a few lines about it, and steps. Frozen values without Django or XBlock.

Its texts are clean: whoever makes a lesson from what people wrote (`source`, `olx`) cleans them on the way in.

A kind of step is a frozen dataclass with a class attribute `type_name`, `to_data`/`from_data`, `texts` and `with_texts`, named
in `STEP_TYPES`. Its two written forms are in `olx` and `source`, its page in a template `steps/<type_name>.html`; a step that is
answered (`answerable`) is judged in `grading`. Adding a kind adds to those places and changes none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

SCHEMA = 1
LANGUAGES = ("ar", "fr", "en")
CHECK_KINDS = ("single", "multiple")
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_CODE = 80


class LessonError(ValueError):
    """A stored lesson that cannot be read; the message names what and where (for operators and trainers, in English)."""


def is_code(value: str) -> bool:
    """Whether `value` can be a stable identifier: kebab-case ASCII."""
    return len(value) <= MAX_CODE and bool(CODE.fullmatch(value))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that stands on its own in a text; `src` is /static/name in a compiled lesson, assets/name in a source."""

    src: str
    alt: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class TextStep:
    """One idea, in Markdown; pictures stand in it on lines of their own."""

    type_name: ClassVar[str] = "text"
    answerable: ClassVar[bool] = False

    id: str
    title: str
    body: str

    def to_data(self) -> dict[str, Any]:
        return {"type": self.type_name, "id": self.id, "title": self.title, "body": self.body}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> TextStep:
        return cls(id=str(data["id"]), title=str(data["title"]), body=str(data["body"]))

    def texts(self) -> Iterator[str]:
        """The Markdown texts a learner reads without answering anything."""
        yield self.title
        yield self.body

    def with_texts(self, change: Callable[[str], str]) -> TextStep:
        """The step with `change` made to every text that may show a picture."""
        return replace(self, body=change(self.body))


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer; its feedback teaches, whether it is right or not."""

    id: str
    text: str
    feedback: str
    correct: bool = False

    def to_data(self) -> dict[str, Any]:
        return {"id": self.id, "text": self.text, "feedback": self.feedback, "correct": self.correct}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Choice:
        return cls(
            id=str(data["id"]),
            text=str(data["text"]),
            feedback=str(data["feedback"]),
            correct=data.get("correct") is True,
        )


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """A question the learner checks oneself with; `tries` 0 means as often as one likes."""

    type_name: ClassVar[str] = "self-check"
    answerable: ClassVar[bool] = True

    id: str
    question: str
    choices: tuple[Choice, ...]
    kind: str = "single"
    title: str = ""
    tries: int = 0

    def to_data(self) -> dict[str, Any]:
        return {
            "type": self.type_name,
            "id": self.id,
            "title": self.title,
            "question": self.question,
            "kind": self.kind,
            "tries": self.tries,
            "choices": [choice.to_data() for choice in self.choices],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> SelfCheck:
        kind = str(data.get("kind", "single"))
        if kind not in CHECK_KINDS:
            raise LessonError(f"self-check {data['id']!r}: unknown kind {kind!r}")
        return cls(
            id=str(data["id"]),
            title=str(data.get("title", "")),
            question=str(data["question"]),
            kind=kind,
            tries=max(0, int(data.get("tries", 0))),
            choices=tuple(Choice.from_data(choice) for choice in data["choices"]),
        )

    def texts(self) -> Iterator[str]:
        """Title, question and choices; never what tells the answer."""
        yield self.title
        yield self.question
        for choice in self.choices:
            yield choice.text

    def with_texts(self, change: Callable[[str], str]) -> SelfCheck:
        """The self-check with `change` made to every text that may show a picture, the feedback too."""
        choices = (
            replace(choice, text=change(choice.text), feedback=change(choice.feedback)) for choice in self.choices
        )
        return replace(self, question=change(self.question), choices=tuple(choices))

    def choice(self, choice_id: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.id == choice_id), None)


Step = TextStep | SelfCheck
STEP_TYPES: dict[str, type[Step]] = {cls.type_name: cls for cls in (TextStep, SelfCheck)}


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
    know, so that a newer writer's additions survive a round trip.
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
