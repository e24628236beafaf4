"""The steps that stand in a block of back quotes: a self-check, a video, a file, a question to think about.

Each kind is read from key: value lines by a function below; whatever is wrong is noted at its place, and
a harmless value goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nassij.common.text import one_line

from . import numeric
from .files import CAPTIONS, DOCUMENTS, MEDIA_TYPES, PLACE, read_size, suffix, weight_problems
from .inspection import Inspector
from .located import Fields, Scalar
from .model import (
    CHECK_KINDS,
    MEDIA_KINDS,
    Choice,
    FieldPractice,
    File,
    FileStep,
    MediaStep,
    Reflection,
    SelfCheck,
    Step,
)
from .problems import Place, Problems

MAX_TRIES = 20
MAX_MINUTES = 600
MAX_UNIT = 40


class Texts:
    """Reads texts and notes what may not stand in them."""

    def __init__(self, problems: Problems, inspector: Inspector) -> None:
        self.problems, self.inspector = problems, inspector

    def line(self, entries: Fields, key: str, *, required: bool = True, pictured: bool = False) -> str:
        """A text of one paragraph; a `pictured` one may be a picture and nothing else."""
        text = entries.line(key, required=required)
        self.inspector.line(text, entries.place(key), pictured=pictured)
        return text

    def lines(self, items: tuple[Scalar, ...]) -> tuple[str, ...]:
        for item in items:
            self.inspector.line(item.value, item.place)
        return tuple(one_line(item.value) for item in items)

    def block(self, entries: Fields, key: str, *, required: bool = True) -> str:
        """A text of one or several paragraphs."""
        text = entries.text(key, required=required)
        self.inspector.text(text, entries.place(key))
        return text


class BlockReader(Texts):
    """Reads blocks; `files` gathers what they bring, each with its place. `measured`: sizes are found out, not asked for."""

    def __init__(self, problems: Problems, inspector: Inspector, *, measured: bool) -> None:
        super().__init__(problems, inspector)
        self.measured = measured
        self.files: list[tuple[File, Place]] = []

    def read(self, name: str, step_id: str, entries: Fields) -> Step:
        """The step that a block called `name` holds."""
        step = _READERS[name](self, step_id, entries)
        entries.finish()
        for code, params in weight_problems(step):
            self.problems.add(code, entries.place("file"), **params)
        return step

    # Files

    def _media(self, step_id: str, entries: Fields) -> MediaStep:
        kind = self._kind(entries, MEDIA_KINDS, "media_kind")
        known = tuple(MEDIA_TYPES.get(kind, MEDIA_TYPES["video"]))
        step = MediaStep(
            id=step_id,
            title=self.line(entries, "title"),
            kind=kind,
            minutes=entries.number("minutes", least=1, most=MAX_MINUTES, required=True),
            file=self._file(entries, "file", "size", known) or File(""),
            light=self._file(entries, "light", "light_size", known, required=False),
            captions=self._file(entries, "captions", "captions_size", CAPTIONS, required=False),
            transcript=self.block(entries, "transcript", required=False),
        )
        if not step.transcript and not entries.has("transcript"):
            self.problems.add("media_without_transcript", entries.mapping.place, id=step_id)
        return step

    def _file_step(self, step_id: str, entries: Fields) -> FileStep:
        return FileStep(
            id=step_id,
            title=self.line(entries, "title"),
            file=self._file(entries, "file", "size", tuple(DOCUMENTS)) or File(""),
            text=self.block(entries, "text", required=False),
        )

    def _file(
        self, entries: Fields, key: str, size_key: str, known: tuple[str, ...], *, required: bool = True
    ) -> File | None:
        src = entries.text(key, required=required)
        size = self._size(entries, size_key)
        if not src:
            return None
        place = entries.place(key)
        if not PLACE.fullmatch(src):
            self.problems.add("file_place", place, src=src)
        elif suffix(src) not in known:
            self.problems.add("file_kind", place, src=src, known=", ".join(known))
        if not size and not self.measured and known != CAPTIONS:  # captions are small: their weight is not told
            self.problems.add("file_without_size", place, src=src, key=size_key)
        file = File(src, size)
        self.files.append((file, place))
        return file

    def _size(self, entries: Fields, key: str) -> int:
        text = entries.text(key, required=False)
        size = read_size(text) if text else 0
        if size is None:
            self.problems.add("not_a_size", entries.place(key), key=key)
        return size or 0

    # Texts of one's own

    def _reflection(self, step_id: str, entries: Fields) -> Reflection:
        return Reflection(step_id, self.line(entries, "title", required=False), self.block(entries, "prompt"))

    def _field_practice(self, step_id: str, entries: Fields) -> FieldPractice:
        return FieldPractice(step_id, self.line(entries, "title", required=False), self.block(entries, "prompt"))

    # Self-checks

    def _self_check(self, step_id: str, entries: Fields) -> SelfCheck:
        kind = self._kind(entries, CHECK_KINDS, "check_kind")
        number = kind == "number"
        check = SelfCheck(
            id=step_id,
            title=self.line(entries, "title", required=False),
            question=self._question(entries),
            kind=kind,
            choices=tuple(self._choice(entry, kind) for entry in entries.each("choices", required=True)),
            tries=entries.number("tries", least=0, most=MAX_TRIES),
            tolerance=self._decimal(entries, "tolerance", least=0) if number else "",
            unit=self._unit(entries) if number else "",
            otherwise=self.block(entries, "otherwise", required=False) if number else "",
        )
        place = entries.place("choices")
        ids = [choice.id for choice in check.choices]
        for choice_id in {choice_id for choice_id in ids if choice_id and ids.count(choice_id) > 1}:
            self.problems.add("duplicate_choice", place, id=choice_id)
        if entries.has("choices"):
            self._judge(check, place)
        if number and not check.otherwise and not entries.has("otherwise"):
            self.problems.add("check_no_otherwise", entries.mapping.place)
        return check

    def _judge(self, check: SelfCheck, place: Place) -> None:
        """Note a check that cannot be answered."""
        right = sum(choice.correct for choice in check.choices)
        if len(check.choices) < (1 if check.kind == "number" else 2):
            self.problems.add("check_few_choices", place)
        elif check.kind in ("single", "multiple", "number") and not right:
            self.problems.add("check_no_answer", place)
        elif check.kind == "single" and right > 1:
            self.problems.add("check_many_answers", place)
        elif check.kind == "match" and len(check.halves) < 2:
            self.problems.add("check_one_half", place)

    def _choice(self, entry: Fields, kind: str) -> Choice:
        choice = Choice(
            id=entry.code("id"),
            text=self._decimal(entry, "text") if kind == "number" else self.line(entry, "text", pictured=True),
            correct=entry.flag("correct") if kind not in ("order", "match") else False,
            match=self.line(entry, "match") if kind == "match" else "",
            feedback=self.block(entry, "feedback", required=False),
        )
        if not choice.feedback:
            self.problems.add("check_no_feedback", entry.mapping.place, id=choice.id)
        entry.finish()
        return choice

    def _question(self, entries: Fields) -> str:
        question = entries.text("question")
        self.inspector.line(question, entries.place("question"), pictured=True)
        return question

    def _unit(self, entries: Fields) -> str:
        unit = self.line(entries, "unit", required=False)
        if len(unit) > MAX_UNIT:
            self.problems.add("unit_too_long", entries.place("unit"), most=MAX_UNIT)
        return unit

    def _decimal(self, entries: Fields, key: str, *, least: int | None = None) -> str:
        """A number such as 12 or 0.5, as it is written; without `least` it must be there."""
        text = entries.text(key, required=least is None)
        number = numeric.exact(text)
        if text and (number is None or (least is not None and number < least)):
            self.problems.add("not_a_decimal", entries.place(key), key=key)
            return ""
        return text

    def _kind(self, entries: Fields, known: tuple[str, ...], problem: str) -> str:
        kind = entries.text("kind", required=False) or known[0]
        if kind not in known:
            self.problems.add(problem, entries.place("kind"), value=kind, known=", ".join(known))
        return kind


_READERS: Mapping[str, Callable[[BlockReader, str, Fields], Step]] = {
    SelfCheck.type_name: BlockReader._self_check,
    MediaStep.type_name: BlockReader._media,
    FileStep.type_name: BlockReader._file_step,
    Reflection.type_name: BlockReader._reflection,
    FieldPractice.type_name: BlockReader._field_practice,
}
BLOCKS = tuple(_READERS)
