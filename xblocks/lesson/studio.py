"""The Studio form of a lesson: what it shows, and what it sends back, read by the same reader as the course files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from nassij.common.errors import Unprocessable
from nassij.common.text import clean_text, one_line

from .model import LANGUAGES, Lesson
from .problems import Place, Problem, Problems
from .source import MAX_CHARACTERS, MAX_MINUTES, FormValues, read_lesson
from .source_writer import write_lesson

MAX_BYTES = 4 * MAX_CHARACTERS
MAX_TITLE = 200
LANGUAGE_NAMES = {"ar": "العربية", "fr": "Français", "en": "English"}


def form_context(lesson: Lesson) -> dict[str, Any]:
    """What the form shows for `lesson`."""
    return {
        "lesson": lesson,
        "languages": [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        "source": write_lesson(lesson, for_form=True) if lesson.steps or lesson.code else "",
    }


def read_form(payload: Mapping[str, Any], extra: Mapping[str, str]) -> Lesson:
    """The lesson that the form describes; raises `Unprocessable` with the list of problems, in the active language.

    `extra` are the unknown OLX attributes of the lesson being edited, which the form does not show.
    """
    title = one_line(clean_text(str(payload.get("title") or "")))
    language = payload.get("language")
    minutes = _whole_number(payload.get("minutes"))
    source = payload.get("source")
    problems = Problems("form")
    if not title.strip() or len(title) > MAX_TITLE:
        problems.add("missing_key" if not title.strip() else "too_large", Place("title"), key="title", limit=MAX_TITLE)
    if language not in LANGUAGES:
        problems.add("unknown_language", Place("language"), value=str(language), known=", ".join(LANGUAGES))
    if not 1 <= minutes <= MAX_MINUTES:
        problems.add("not_a_number", Place("minutes"), key="minutes", least=1, most=MAX_MINUTES)
    if not isinstance(source, str) or not source.strip():
        problems.add("no_steps", Place("source"))
    if problems:
        raise _refused(problems.sorted())
    reading = read_lesson(
        str(source), file="source", language=str(language), form=FormValues(title=title, minutes=minutes)
    )
    if reading.lesson is None:
        raise _refused(reading.problems)
    return replace(reading.lesson, extra=dict(extra))


def _refused(problems: tuple[Problem, ...]) -> Unprocessable:
    return Unprocessable(
        gettext_lazy("The lesson was not saved: something in it needs correcting."),
        code="lesson_invalid",
        remedy=gettext_lazy("Correct the lines named below and save again. The text in the form is still there."),
        problems=[
            {
                "field": problem.place.file,
                "line": problem.place.line,
                "column": problem.place.column,
                "code": problem.code,
                "message": problem.message(gettext),
                "remedy": problem.remedy(gettext),
            }
            for problem in problems
        ],
    )


def _whole_number(value: object) -> int:
    text = str(value).strip() if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
