"""What trainers read of a lesson in the platform's report of responses: answers, and what was told of the field practice.

What a learner wrote to think about stays the learner's own: it is in no row of ours. (The platform's report has a column of its
own with the whole state of a block, as of every block; whoever may ask for that report can read it there.)
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from nassij.common.documents.cells import looks_like_formula
from nassij.common.text import plain

from .grading import PARTLY, RIGHT, WRONG, grade
from .model import FieldPractice, Lesson, SelfCheck
from .progress import Progress

Row = dict[str, str]


def rows(lesson: Lesson, progress: Progress) -> Iterator[Row]:
    """One row for each self-check answered and each practice told about, in the active language."""
    outcomes = {RIGHT: _("right"), PARTLY: _("partly right"), WRONG: _("not right")}
    for step in lesson.steps:
        if isinstance(step, SelfCheck) and (last := progress.record(step).last) and last.chosen:
            verdict = grade(step, last.chosen)
            tries = str(progress.record(step).tries)
            yield _row(step.id, step.question, _answer(step, last.chosen), outcomes[verdict.outcome], tries)
        elif isinstance(step, FieldPractice) and (text := progress.note(step).text):
            yield _row(step.id, step.prompt, text, "", "")


def _answer(check: SelfCheck, answer: tuple[str, ...]) -> str:
    if check.kind == "number":
        return " ".join(filter(None, (answer[0], check.unit)))
    verdict = grade(check, answer)
    told = (
        f"{plain(part.choice.text)} – {plain(part.given)}" if part.given else plain(part.choice.text)
        for part in verdict.parts
    )
    return " | ".join(told)


def _row(step: str, question: str, answer: str, outcome: str, tries: str) -> Row:
    row = {
        _("Step"): step,
        _("Question"): plain(question),
        _("Answer"): answer,
        _("Result"): outcome,
        _("Tries"): tries,
    }
    return {name: _inert(text) for name, text in row.items()}


def _inert(text: str) -> str:
    """The platform writes what it gets into a CSV file: a text that a spreadsheet would take for a formula gets a mark."""
    return f"'{text}" if looks_like_formula(text) else text
