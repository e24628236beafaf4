"""From a lesson and a learner's progress to HTML. No field of the block is read here.

The page of a lesson is the same for every learner but for what is in the slots: it is written once (`xblocks.common.pattern`), by
the lesson, its language and what the site's settings add, and filled in for each learner. Feedback is kept by what it says.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nassij.common.numbers import format_date
from nassij.common.text import direction, plain
from xblocks.common.block import template_engine
from xblocks.common.kept import Same
from xblocks.common.pattern import Pattern, Slots, slot

from . import markdown
from .grading import Verdict, grade, missed
from .model import Choice, Lesson, SelfCheck, Source, Step
from .progress import CheckRecord, Progress, is_open_book, tries_left

TEMPLATES = "nassij_blocks/lesson"


@dataclass(frozen=True, slots=True)
class Showing:
    """How a page shows a lesson: `answer_url` and `read_url` only where answers can be sent, `with_key` only to authors."""

    uid: str
    answer_url: str = ""
    read_url: str = ""
    csrf_token: str = ""
    with_key: bool = False

    @property
    def tracked(self) -> bool:
        return bool(self.answer_url)


def lesson_html(lesson: Lesson, progress: Progress, showing: Showing, contact: Mapping[str, str]) -> str:
    """The page of one learner, for a lesson in its own (active) language."""
    written = _pattern(Same(lesson), showing.tracked, showing.with_key, get_language(), tuple(contact.items()))
    values = {
        "uid": escape(showing.uid),
        "answer": escape(showing.answer_url),
        "read": escape(showing.read_url),
        "csrf": escape(showing.csrf_token),
        "operation": uuid.uuid4().hex,
    }
    without: list[str] = []
    finished = True
    for number, step in enumerate(lesson.steps, start=1):
        part = str(number)
        if progress.is_done(step):
            values[slot("thread", part)] = ' class="done"'
            values[slot("seen", part)] = " hidden"
        else:
            finished = False
        if showing.tracked and isinstance(step, SelfCheck):
            _fill_check(step, part, progress.record(step), values, without)
    values["finished" if finished else "unfinished"] = " hidden"
    if finished and showing.tracked and lesson.steps:
        without.append("unread")
    return written.fill(values, without)


def _fill_check(check: SelfCheck, part: str, record: CheckRecord, values: dict[str, str], without: list[str]) -> None:
    """What a learner has answered, in the slots of this part of the page."""
    if record.last is not None:
        for index, choice in enumerate(check.choices):
            if choice.id in record.last.chosen:
                values[slot("checked", f"{part}-{index}")] = " checked"
        values[slot("feedback", part)] = feedback_html(check, grade(check, record.last.chosen), record)
    if tries_left(check, record) == 0:
        values[slot("closed", part)] = " disabled"
        without.append(slot("submit", part))


@lru_cache(maxsize=128)
def _pattern(
    same: Same, tracked: bool, with_key: bool, language: str | None, contact: tuple[tuple[str, str], ...]
) -> Pattern:
    """A lesson as every learner gets it; `language` is the active one, in which the template writes."""
    lesson: Lesson = same.it
    slots = Slots()
    context = {
        "slot": slots,
        "uid": slots["uid"],
        "language": lesson.language,
        "direction": direction(lesson.language),
        "title": markdown.line_html(lesson.title),
        "minutes": lesson.minutes,
        "objectives": [markdown.line_html(text) for text in lesson.objectives],
        "steps": [_step(number, step, with_key) for number, step in enumerate(lesson.steps, start=1)],
        "practice": [markdown.line_html(text) for text in lesson.practice],
        "guide": lesson.guide,
        "sources": [_source(source, lesson) for source in lesson.sources],
        "checked_on": shown_date(lesson.checked_on, lesson.language),
        "contact": dict(contact),
        "tracked": tracked,
    }
    return Pattern.of(_rendered("lesson.html", context))


def step_html(step: Step, uid: str) -> str:
    """One step as a learner finds it, and below it the key to its answers: for the editor's preview, in the active language."""
    shown = _step_alone(step, uid, with_key=False)
    if not isinstance(step, SelfCheck):
        return shown
    return shown + _step_alone(replace(step, title=_("Right answers")), f"{uid}-key", with_key=True)


def _step_alone(step: Step, uid: str, *, with_key: bool) -> str:
    slots = Slots()
    context = {"slot": slots, "step": _step(1, step, with_key), "tracked": not with_key}
    return Pattern.of(_rendered("step.html", context)).fill({"uid": escape(uid)})


def _rendered(template: str, context: dict[str, Any]) -> SafeString:
    return SafeString(template_engine().get_template(f"{TEMPLATES}/{template}").render(context))


def feedback_html(check: SelfCheck, verdict: Verdict, record: CheckRecord) -> SafeString:
    """What was chosen and why, in the active language; the other right answers only once the book is open."""
    chosen = tuple(choice.id for choice in verdict.chosen)
    left = tries_left(check, record)
    return _feedback(Same(check), chosen, left, record.solved, is_open_book(check, record), get_language())


@lru_cache(maxsize=512)
def _feedback(
    same: Same, chosen: tuple[str, ...], left: int | None, solved: bool, open_book: bool, language: str | None
) -> SafeString:
    """Feedback is the same for all who answered the same: kept by all that it depends on."""
    check: SelfCheck = same.it
    verdict = grade(check, chosen)
    context = {
        "outcome": verdict.outcome,
        "chosen": [_judged(choice) for choice in verdict.chosen],
        "missed": [_judged(choice) for choice in missed(check, verdict)] if open_book else [],
        "tries_left": left,
        "solved": solved,
    }
    return _rendered("feedback.html", context)


def shown_date(iso: str, language: str) -> str:
    """An ISO date in the words of `language`; what is not a date is shown as it is."""
    try:
        return str(format_date(datetime.date.fromisoformat(iso), language)) if iso else ""
    except ValueError:
        return iso


def _step(number: int, step: Step, with_key: bool) -> dict[str, Any]:
    slots = Slots().of(str(number))
    common = {"id": step.id, "anchor": f"{Slots()['uid']}-{step.id}", "number": number, "slot": slots}
    if isinstance(step, SelfCheck):
        return common | _check(number, step, with_key)
    text = common | {"title": markdown.line_html(step.title), "parts": _parts(step)}
    return text | {"html": _rendered("steps/text.html", {"step": text})}


def _body(step: Step) -> str:
    """What a step has to read under its title."""
    _title, *texts = step.texts()
    return "\n\n".join(texts)


def _parts(step: Step) -> list[dict[str, Any]]:
    """Pictures as they are (their texts are escaped by the template), the rest as HTML."""
    return [
        _html_part(part, step.title) if isinstance(part, str) else {"picture": part}
        for part in markdown.parts(_body(step))
    ]


def _html_part(text: str, title: str) -> dict[str, Any]:
    """`name` says to those who do not see it which table it is: the heading above it, else the title of the step."""
    html = markdown.block_html(text)
    table = "<table" in html
    return {"html": html, "table": table, "name": (markdown.table_name(text) or plain(title)) if table else ""}


def _check(number: int, check: SelfCheck, with_key: bool) -> dict[str, Any]:
    choices = []
    for index, choice in enumerate(check.choices):
        shown: dict[str, Any] = {
            "id": choice.id,
            "text": markdown.line_html(choice.text),
            "slot": Slots().of(f"{number}-{index}"),
        }
        if with_key:
            shown |= {"key": True, "correct": choice.correct, "feedback": markdown.block_html(choice.feedback)}
        choices.append(shown)
    return {
        "title": markdown.line_html(check.title) if check.title else _("Check yourself"),
        "question": markdown.line_html(check.question),
        "input": "checkbox" if check.kind == "multiple" else "radio",
        "choices": choices,
    }


def _judged(choice: Choice) -> dict[str, Any]:
    return {"id": choice.id, "text": markdown.line_html(choice.text), "feedback": markdown.block_html(choice.feedback)}


def _source(source: Source, lesson: Lesson) -> dict[str, Any]:
    own_date = source.checked_on if source.checked_on != lesson.checked_on else ""
    return {
        "text": markdown.line_html(source.text),
        "statement": markdown.line_html(source.statement) if source.statement else "",
        "checked_on": shown_date(own_date, lesson.language),
        "to_confirm": source.to_confirm,
    }


def view_data(lesson: Lesson) -> dict[str, Any]:
    """The lesson for the mobile app and the course-blocks API: readable, without anything that tells an answer."""
    steps: list[dict[str, Any]] = []
    for step in lesson.steps:
        entry: dict[str, Any] = {"id": step.id, "type": step.type_name, "title": markdown.search_text(step.title)}
        if not isinstance(step, SelfCheck):
            entry["html"] = "".join(_part_html(part) for part in markdown.parts(_body(step)))
        else:
            entry |= {
                "kind": step.kind,
                "question": str(markdown.line_html(step.question)),
                "choices": [{"id": choice.id, "html": str(markdown.line_html(choice.text))} for choice in step.choices],
            }
        steps.append(entry)
    return {
        "code": lesson.code,
        "title": lesson.title,
        "language": lesson.language,
        "minutes": lesson.minutes,
        "checked_on": lesson.checked_on,
        "objectives": list(lesson.objectives),
        "steps": steps,
    }


def _part_html(part: Any) -> str:
    if isinstance(part, str):
        return str(markdown.block_html(part))
    image = f'<img src="{escape(part.src)}" alt="{escape(part.alt)}">'
    return f"<figure>{image}<figcaption>{escape(part.caption)}</figcaption></figure>"


def search_words(lesson: Lesson) -> str:
    """All the words of a lesson but those that tell an answer."""
    texts = [*lesson.objectives, *(text for step in lesson.steps for text in step.texts()), *lesson.practice]
    return " ".join(words for text in texts if (words := markdown.search_text(text)))
