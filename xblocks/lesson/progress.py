"""What one learner has done in one lesson: steps seen, answers given, where to go on.

Stored as one JSON value. Reading forgives (a step or choice that a new edition dropped is ignored), writing is repeatable: a
visit is a set union, and an answer carries an operation id, so that a delivery repeated after a lost reply changes nothing and
gets the same reply.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nassij.common.text import clean_text

from .grading import Verdict, grade
from .model import Lesson, SelfCheck, Step

KEPT_ATTEMPTS = 20
MAX_KEPT_TEXT = 8000


class NoTriesLeft(Exception):
    """The check has been answered as often as it allows."""


class OperationReused(Exception):
    """The operation id came before, with another answer."""


class NoRoomLeft(Exception):
    """Two versions of a text, written in two places, are too long to be kept together."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer, as `grading` takes it, and the id of the operation that brought it."""

    operation: str
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """The answers to one check. `tries` counts all of them, `attempts` keeps the last few; `solved` once one was right."""

    tries: int = 0
    solved: bool = False
    attempts: tuple[Attempt, ...] = ()

    @property
    def last(self) -> Attempt | None:
        return self.attempts[-1] if self.attempts else None


@dataclass(frozen=True, slots=True)
class Note:
    """A text of the learner's own, and the ids of the last operations that wrote it, the newest at the end.

    Two versions put together are a version of their own (`+`) that no page has seen before it is told: what a page then writes
    over its own text is not taken for written over the other's.
    """

    text: str = ""
    operations: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        return self.operations[-1] if self.operations else ""


@dataclass(frozen=True, slots=True)
class Progress:
    """`visited` step ids, `here` the step to go on at, `records` per check id, `notes` per id of a step one writes in."""

    visited: frozenset[str] = frozenset()
    here: str = ""
    records: Mapping[str, CheckRecord] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)

    @classmethod
    def from_data(cls, data: object) -> Progress:
        """What `to_data` wrote; anything unreadable in it counts as not done."""
        data = data if isinstance(data, dict) else {}
        answers, notes = data.get("answers"), data.get("notes")
        return cls(
            visited=frozenset(_strings(data.get("visited"))),
            here=str(data.get("here") or ""),
            records={
                str(check_id): _record(record)
                for check_id, record in (answers if isinstance(answers, dict) else {}).items()
                if isinstance(record, dict)
            },
            notes={
                str(step_id): Note(str(note.get("text") or ""), tuple(_strings(note.get("operations"))))
                for step_id, note in (notes if isinstance(notes, dict) else {}).items()
                if isinstance(note, dict)
            },
        )

    def to_data(self) -> dict[str, Any]:
        return {
            "visited": sorted(self.visited),
            "here": self.here,
            "answers": {
                check_id: {
                    "tries": record.tries,
                    "solved": record.solved,
                    "attempts": [[attempt.operation, list(attempt.chosen)] for attempt in record.attempts],
                }
                for check_id, record in sorted(self.records.items())
            },
            "notes": {
                step_id: {"text": note.text, "operations": list(note.operations)}
                for step_id, note in sorted(self.notes.items())
            },
        }

    def record(self, check: SelfCheck) -> CheckRecord:
        return self.records.get(check.id) or CheckRecord()

    def note(self, step: Step) -> Note:
        return self.notes.get(step.id) or Note()

    # What happens

    def visit(self, lesson: Lesson, seen: frozenset[str], here: str) -> Progress:
        """After the steps `seen` were read and `here` was opened; ids that the lesson does not have are left out."""
        known = {step.id for step in lesson.steps}
        return replace(self, visited=self.visited | (seen & known), here=here if here in known else self.here)

    def answer(self, check: SelfCheck, chosen: tuple[str, ...], operation: str) -> tuple[Progress, Verdict]:
        """After `check` was answered with the choices `chosen`.

        A repeated `operation` gives the first verdict again and changes nothing; with other choices it raises `OperationReused`.
        Raises `NoTriesLeft` when the allowed tries are used up or a limited check is already solved.
        """
        record = self.record(check)
        verdict = grade(check, chosen)
        earlier = next((attempt for attempt in record.attempts if attempt.operation == operation), None)
        if earlier is not None:
            if earlier.chosen != tuple(chosen) and (check.kind == "order" or set(earlier.chosen) != set(chosen)):
                raise OperationReused()
            return self, verdict
        if tries_left(check, record) == 0:
            raise NoTriesLeft()
        attempts = (*record.attempts, Attempt(operation, tuple(chosen)))[-KEPT_ATTEMPTS:]
        after = CheckRecord(record.tries + 1, record.solved or verdict.correct, attempts)
        return replace(self, visited=self.visited | {check.id}, records={**self.records, check.id: after}), verdict

    def write(self, step: Step, text: str, operation: str, bases: Collection[str]) -> Progress:
        """After the learner wrote `text` in `step`, over one of the versions `bases` of what stood there.

        Several bases are the versions a page has written itself since it was opened: which of them arrived it may not know yet. A
        repeated `operation` changes nothing. Where another page has written since, both texts are kept, one below the other:
        nothing a person wrote is lost. Raises `NoRoomLeft` when they are too long together.
        """
        note = self.note(step)
        if operation in note.operations:
            return self
        written: tuple[str, ...] = (operation,)
        if note.version and note.version not in bases:
            text = _both(note.text, text)
            if len(text) > MAX_KEPT_TEXT:
                raise NoRoomLeft()
            written = (operation, f"{operation}+")
        after = Note(text, (*note.operations, *written)[-KEPT_ATTEMPTS:])
        return replace(self, visited=self.visited | {step.id}, notes={**self.notes, step.id: after})

    def with_typed(self, lesson: Lesson, form: Mapping[str, str]) -> Progress:
        """The same with the text of a refused form standing in its step: to be shown again, not to be kept.

        It stays a text written over the version its page knew, whatever another page has written since.
        """
        step = lesson.step(form.get("step") or "")
        if step is None or not step.written:
            return self
        typed = Note(clean_text(form.get("text") or ""), tuple((form.get("base") or "").split()[-1:]))
        return replace(self, notes={**self.notes, step.id: typed})

    # What it amounts to

    def is_done(self, step: Step) -> bool:
        """A step that is read is done once visited, one that is answered once answered, one to tell about once told."""
        if isinstance(step, SelfCheck):
            return self.record(step).tries > 0
        if step.answerable:
            return bool(self.note(step).text)
        return step.id in self.visited

    def missing(self, lesson: Lesson) -> tuple[Step, ...]:
        return tuple(step for step in lesson.steps if not self.is_done(step))

    def fraction(self, lesson: Lesson) -> float:
        """Part of the steps that is done, 0.0 to 1.0; an empty lesson has nothing to do and is not complete."""
        total = len(lesson.steps)
        return (total - len(self.missing(lesson))) / total if total else 0.0

    def resume_at(self, lesson: Lesson) -> str:
        """The id of the step to open: where the learner was, else the first."""
        if lesson.step(self.here):
            return self.here
        return lesson.steps[0].id if lesson.steps else ""


def _both(kept: str, new: str) -> str:
    """Two versions of a text, one below the other; one of them where it says all that the other says, paragraph by paragraph."""
    said, added = ({part.strip() for part in text.split("\n\n") if part.strip()} for text in (kept, new))
    if said <= added:
        return new
    return kept if added <= said else f"{kept}\n\n{new}"


def tries_left(check: SelfCheck, record: CheckRecord) -> int | None:
    """How often the check may still be answered; None without a limit. A limited check that is solved is closed."""
    if not check.tries:
        return None
    return 0 if record.solved else max(0, check.tries - record.tries)


def is_open_book(check: SelfCheck, record: CheckRecord) -> bool:
    """Whether all the answers may be shown: solved, or no try left."""
    return record.solved or (record.tries > 0 and tries_left(check, record) == 0)


def _record(data: Mapping[str, Any]) -> CheckRecord:
    attempts = []
    raw = data.get("attempts")
    for entry in raw if isinstance(raw, list) else []:
        if isinstance(entry, list) and len(entry) == 2:
            attempts.append(Attempt(str(entry[0]), tuple(_strings(entry[1]))))
    tries = data.get("tries")
    return CheckRecord(
        tries=max(tries if isinstance(tries, int) else 0, len(attempts)),
        solved=data.get("solved") is True,
        attempts=tuple(attempts),
    )


def _strings(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
