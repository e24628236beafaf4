"""A quiz as a trainer writes it: a unit whose steps are all self-checks, with a few lines about itself above them.

The questions are read by the reader of lessons, so that a self-check may move from a lesson into a quiz as it is.
"""

from __future__ import annotations

from dataclasses import replace

from nassij.common.text import clean_text
from xblocks.lesson.located import Fields, Scalar
from xblocks.lesson.markdown import can_be_shown
from xblocks.lesson.model import SelfCheck
from xblocks.lesson.source import Cite, FormValues, Reading, read_lesson
from xblocks.lesson.source_blocks import MAX_TRIES

from .passages import SourceText
from .problems import MESSAGES, Place, Problems

KINDS = ("single", "multiple")
"""The kinds of self-check that a problem of the platform asks."""


def read_quiz(text: str, *, file: str, language: str, cite: Cite | None = None) -> Reading:
    """Read the source of a quiz in `language`; its tries are those of each question that names none."""
    source = SourceText(text, file)
    problems = Problems(file, MESSAGES)
    if source.front is None:
        return read_lesson(text, file=file, language=language)  # it says what is wrong with the front matter
    entries = Fields(source.front, problems)
    code, title = entries.code("code"), entries.line("title")
    if not can_be_shown(title):
        problems.add("text_too_heavy", entries.place("title"))
    tries = entries.number("tries", least=1, most=MAX_TRIES, required=True)
    entries.date("checked_on")
    for key in ("facts", "to_confirm"):
        for item in entries.texts(key):
            if cite is not None and isinstance(cite(item.value, language), str):
                problems.add("unknown_fact", item.place, id=item.value)
    entries.finish()
    # The body alone, on the lines where it stands.
    blank = "\n" * (source.first_line - 1)
    reading = read_lesson(blank + source.body, file=file, language=language, form=FormValues(title, 0))
    _only_questions(source, problems)
    found = tuple(replace(problem, messages=MESSAGES) for problem in reading.problems)
    every = tuple(sorted((*problems.sorted(), *found), key=lambda problem: (problem.place, problem.code)))
    if reading.lesson is None or every:
        return replace(reading, lesson=None, problems=every)
    steps = tuple(replace(check, tries=check.tries or tries) for check in reading.lesson.checks)
    return replace(reading, lesson=replace(reading.lesson, code=clean_text(code), steps=steps), problems=())


def _only_questions(source: SourceText, problems: Problems) -> None:
    """Texts belong into a lesson."""
    for token in source.tokens:
        if token.type == "heading_open" and token.tag == "h2" and token.map:
            problems.add("quiz_text", Place(source.file, source.first_line + token.map[0]))
    for block in source.blocks:
        kind = block.entries.entries.get("kind")
        if block.name != SelfCheck.type_name:
            problems.add("quiz_text", block.place)
        elif isinstance(kind, Scalar) and kind.value not in KINDS:
            problems.add("check_kind", kind.place, value=kind.value, known=", ".join(KINDS))
