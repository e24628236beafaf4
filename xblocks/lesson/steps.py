"""The kinds of step a lesson is made of. Frozen values without Django or XBlock; their texts are clean (see `model`).

A kind is a frozen dataclass on `StepBase` with a class attribute `type_name`, `to_data`/`from_data`, `texts` and `with_texts`,
named in `STEP_TYPES`. Its two written forms are in `olx` and `source_blocks`, its page in a template `steps/<type_name>.html`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

CHECK_KINDS = ("single", "multiple", "order", "match", "number")
MEDIA_KINDS = ("video", "audio")
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_CODE = 80
Change = Callable[[str], str]


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
class File:
    """A file that is fetched when the learner asks for it; `src` as of a picture, `size` in bytes (0: not known yet)."""

    src: str
    size: int = 0

    def to_data(self) -> dict[str, Any]:
        return {"src": self.src, "size": self.size}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> File:
        return cls(src=str(data["src"]), size=max(0, int(data.get("size", 0))))


def _data_of(extra: Mapping[str, str]) -> dict[str, Any]:
    return {"extra": dict(extra)} if extra else {}


def _extra_in(data: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(value) for name, value in data.get("extra", {}).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBase:
    """What all kinds have in common.

    `extra`: as of a lesson, attributes of the OLX node that this version does not know; no form shows them.
    `answerable`: done only once the learner has answered or told something; other kinds are done once they were read.
    `written`: the learner can write a text of one's own there.
    """

    type_name: ClassVar[str]
    answerable: ClassVar[bool] = False
    written: ClassVar[bool] = False

    extra: Mapping[str, str] = field(default_factory=dict, hash=False)

    def files(self) -> tuple[File, ...]:
        """The files that come with the step, pictures in its texts apart."""
        return ()

    def with_files(self, change: Callable[[File], File]) -> Self:
        """The step with `change` made to each of its files."""
        return self


@dataclass(frozen=True, slots=True)
class TextStep(StepBase):
    """One idea, in Markdown; pictures stand in it on lines of their own."""

    type_name: ClassVar[str] = "text"

    id: str
    title: str
    body: str

    def to_data(self) -> dict[str, Any]:
        return {"type": self.type_name, "id": self.id, "title": self.title, "body": self.body} | _data_of(self.extra)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> TextStep:
        return cls(id=str(data["id"]), title=str(data["title"]), body=str(data["body"]), extra=_extra_in(data))

    def texts(self) -> Iterator[str]:
        """The Markdown texts a learner reads without answering anything."""
        yield self.title
        yield self.body

    def with_texts(self, change: Change) -> TextStep:
        """The step with `change` made to every text that may show a picture."""
        return replace(self, body=change(self.body))


@dataclass(frozen=True, slots=True)
class MediaStep(StepBase):
    """A video or a recording that plays on demand: nothing of it is loaded before the learner asks for it.

    `light` is a smaller version, offered first; `captions` the address of a WebVTT file; `transcript` the same as a text
    (Markdown), always there for who cannot or will not play it.
    """

    type_name: ClassVar[str] = "media"

    id: str
    title: str
    file: File
    transcript: str
    kind: str = "video"
    minutes: int = 0
    light: File | None = None
    captions: File | None = None

    def to_data(self) -> dict[str, Any]:
        return {
            "type": self.type_name,
            "id": self.id,
            "title": self.title,
            "kind": self.kind,
            "minutes": self.minutes,
            "file": self.file.to_data(),
            "light": self.light.to_data() if self.light else None,
            "captions": self.captions.to_data() if self.captions else None,
            "transcript": self.transcript,
            **_data_of(self.extra),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> MediaStep:
        kind = str(data.get("kind", MEDIA_KINDS[0]))
        if kind not in MEDIA_KINDS:
            raise LessonError(f"media {data['id']!r}: unknown kind {kind!r}")
        light, captions = data.get("light"), data.get("captions")
        return cls(
            id=str(data["id"]),
            title=str(data["title"]),
            kind=kind,
            minutes=max(0, int(data.get("minutes", 0))),
            file=File.from_data(data["file"]),
            light=File.from_data(light) if light else None,
            captions=File.from_data(captions) if captions else None,
            transcript=str(data["transcript"]),
            extra=_extra_in(data),
        )

    def texts(self) -> Iterator[str]:
        yield self.title
        yield self.transcript

    def with_texts(self, change: Change) -> MediaStep:
        return replace(self, transcript=change(self.transcript))

    def files(self) -> tuple[File, ...]:
        return tuple(file for file in (self.file, self.light, self.captions) if file)

    def with_files(self, change: Callable[[File], File]) -> MediaStep:
        light, captions = (change(file) if file else None for file in (self.light, self.captions))
        return replace(self, file=change(self.file), light=light, captions=captions)


@dataclass(frozen=True, slots=True)
class FileStep(StepBase):
    """A file to download; `text` (Markdown) says what it is good for."""

    type_name: ClassVar[str] = "file"

    id: str
    title: str
    file: File
    text: str = ""

    def to_data(self) -> dict[str, Any]:
        return {
            "type": self.type_name,
            "id": self.id,
            "title": self.title,
            "file": self.file.to_data(),
            "text": self.text,
            **_data_of(self.extra),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> FileStep:
        return cls(
            id=str(data["id"]),
            title=str(data["title"]),
            file=File.from_data(data["file"]),
            text=str(data.get("text", "")),
            extra=_extra_in(data),
        )

    def texts(self) -> Iterator[str]:
        yield self.title
        yield self.text

    def with_texts(self, change: Change) -> FileStep:
        return replace(self, text=change(self.text))

    def files(self) -> tuple[File, ...]:
        return (self.file,)

    def with_files(self, change: Callable[[File], File]) -> FileStep:
        return replace(self, file=change(self.file))


@dataclass(frozen=True, slots=True)
class Choice:
    """One part of a self-check; its feedback teaches, whether it is right or not.

    What it is depends on the kind: a possible answer (`single`, `multiple`); one of the things to put in order, which stand here
    in the right one (`order`); one half of a pair, whose other half is `match` (two halves may share theirs); a value one may
    come to, as a decimal number in `text` (`number`). `extra` is as of a step.
    """

    id: str
    text: str
    feedback: str
    correct: bool = False
    match: str = ""
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)

    def to_data(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "text": self.text,
            "feedback": self.feedback,
            "correct": self.correct,
            "match": self.match,
            **_data_of(self.extra),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Choice:
        return cls(
            id=str(data["id"]),
            text=str(data["text"]),
            feedback=str(data["feedback"]),
            correct=data.get("correct") is True,
            match=str(data.get("match", "")),
            extra=_extra_in(data),
        )


@dataclass(frozen=True, slots=True)
class SelfCheck(StepBase):
    """A question the learner checks oneself with; `tries` 0 means as often as one likes.

    Of a `number`: `tolerance` (a decimal number) is how far from a value still counts as that value, `unit` stands beside the
    field, and `otherwise` is the feedback for a number that is none of the choices.
    """

    type_name: ClassVar[str] = "self-check"
    answerable: ClassVar[bool] = True

    id: str
    question: str
    choices: tuple[Choice, ...]
    kind: str = "single"
    title: str = ""
    tries: int = 0
    tolerance: str = ""
    unit: str = ""
    otherwise: str = ""

    def to_data(self) -> dict[str, Any]:
        return {
            "type": self.type_name,
            "id": self.id,
            "title": self.title,
            "question": self.question,
            "kind": self.kind,
            "tries": self.tries,
            "tolerance": self.tolerance,
            "unit": self.unit,
            "otherwise": self.otherwise,
            "choices": [choice.to_data() for choice in self.choices],
            **_data_of(self.extra),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> SelfCheck:
        kind = str(data.get("kind", CHECK_KINDS[0]))
        if kind not in CHECK_KINDS:
            raise LessonError(f"self-check {data['id']!r}: unknown kind {kind!r}")
        return cls(
            id=str(data["id"]),
            title=str(data.get("title", "")),
            question=str(data["question"]),
            kind=kind,
            tries=max(0, int(data.get("tries", 0))),
            tolerance=str(data.get("tolerance", "")),
            unit=str(data.get("unit", "")),
            otherwise=str(data.get("otherwise", "")),
            choices=tuple(Choice.from_data(choice) for choice in data["choices"]),
            extra=_extra_in(data),
        )

    def texts(self) -> Iterator[str]:
        """Title, question and choices; never what tells the answer: a number's values, an order, which halves belong together."""
        yield self.title
        yield self.question
        texts = [choice.text for choice in self.choices if self.kind != "number"]
        yield from sorted(texts) if self.kind in ("order", "match") else texts
        yield from sorted(self.halves)

    def with_texts(self, change: Change) -> SelfCheck:
        """The self-check with `change` made to every text that may show a picture, the feedback too."""
        choices = (
            replace(choice, text=change(choice.text), feedback=change(choice.feedback)) for choice in self.choices
        )
        return replace(self, question=change(self.question), otherwise=change(self.otherwise), choices=tuple(choices))

    def choice(self, choice_id: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.id == choice_id), None)

    @property
    def halves(self) -> tuple[str, ...]:
        """The other halves of a `match`, each once, in the order in which the choices name them."""
        return tuple(dict.fromkeys(choice.match for choice in self.choices)) if self.kind == "match" else ()


@dataclass(frozen=True, slots=True)
class _Telling(StepBase):
    """A step that asks for a text of one's own: `prompt` (Markdown) says what about."""

    written: ClassVar[bool] = True

    id: str
    title: str
    prompt: str

    def to_data(self) -> dict[str, Any]:
        return {"type": self.type_name, "id": self.id, "title": self.title, "prompt": self.prompt} | _data_of(
            self.extra
        )

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            id=str(data["id"]),
            title=str(data.get("title", "")),
            prompt=str(data["prompt"]),
            extra=_extra_in(data),
        )

    def texts(self) -> Iterator[str]:
        yield self.title
        yield self.prompt

    def with_texts(self, change: Change) -> Self:
        return replace(self, prompt=change(self.prompt))


@dataclass(frozen=True, slots=True)
class Reflection(_Telling):
    """A question to think about; what the learner writes is kept for the learner alone, and nobody has to write."""

    type_name: ClassVar[str] = "reflection"


@dataclass(frozen=True, slots=True)
class FieldPractice(_Telling):
    """Something to do in one's association; done once the learner has told what happened, which the trainers read."""

    type_name: ClassVar[str] = "field-practice"
    answerable: ClassVar[bool] = True


Step = TextStep | MediaStep | FileStep | SelfCheck | Reflection | FieldPractice
STEP_TYPES: dict[str, type[Step]] = {
    cls.type_name: cls for cls in (TextStep, MediaStep, FileStep, SelfCheck, Reflection, FieldPractice)
}
