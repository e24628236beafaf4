"""From a lesson and a learner's progress to HTML. No field of the block is read here.

The page of a lesson is the same for every learner but for what is in the slots: it is written once (`xblocks.common.pattern`), by
the lesson, its language and what the site's settings add, and filled in for each learner. Feedback is kept by what it says.
"""

from __future__ import annotations

import datetime
import re
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
from nassij.common.text import direction
from xblocks.common.block import template_engine
from xblocks.common.kept import Same
from xblocks.common.pattern import Pattern, Slots, slot

from . import inputs, markdown
from .grading import Judged, Verdict, grade, missed
from .model import Lesson, SelfCheck, Source, Step
from .progress import CheckRecord, Progress, is_open_book, tries_left
from .step_pages import TEMPLATES, judged, shown_step

_TAG_OR_NUMBER = re.compile(r"(<bdi dir=.*?</bdi>|<[^>]*>)|(?<![\w-])\d+(?:-\d+)+(?![\w-])", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Showing:
    """How a page shows a lesson: the addresses only where answers can be sent, `with_key` only to authors."""

    uid: str
    answer_url: str = ""
    read_url: str = ""
    write_url: str = ""
    handout_url: str = ""
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
        "write": escape(showing.write_url),
        "handout": escape(showing.handout_url),
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
        elif showing.tracked and step.written:
            note = progress.note(step)
            values[slot("text", part)] = escape(note.text)
            values[slot("base", part)] = escape(note.version)
    values["finished" if finished else "unfinished"] = " hidden"
    if finished and showing.tracked and lesson.steps:
        without.append("unread")
    return written.fill(values, without)


def _fill_check(check: SelfCheck, part: str, record: CheckRecord, values: dict[str, str], without: list[str]) -> None:
    """What a learner has answered, in the slots of this part of the page."""
    if record.last is not None:
        verdict = grade(check, record.last.chosen)
        for filled, html in inputs.filled(check, record.last.chosen).items():
            values[slot(filled[0], f"{part}-{filled[1]}" if filled[1] else part)] = html
        values[slot("feedback", part)] = feedback_html(check, verdict, record)
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
        "steps": [_step(number, step, with_key) for number, step in enumerate(lesson.steps, start=1)],
        "contact": dict(contact),
        "tracked": tracked,
        **around(lesson),
    }
    return Pattern.of(_rendered("lesson.html", context))


def around(lesson: Lesson) -> dict[str, Any]:
    """What stands before and after the steps, on the page and on paper."""
    return {
        "objectives": [markdown.line_html(text) for text in lesson.objectives],
        "practice": [markdown.line_html(text) for text in lesson.practice],
        "guide": lesson.guide,
        "sources": [_source(source, lesson) for source in lesson.sources],
        "checked_on": shown_date(lesson.checked_on, lesson.language),
    }


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
    """What was answered and why, in the active language; all that is right only once the book is open."""
    left = tries_left(check, record)
    return _feedback(Same(check), verdict.answer, left, record.solved, is_open_book(check, record), get_language())


@lru_cache(maxsize=512)
def _feedback(
    same: Same, answer: tuple[str, ...], left: int | None, solved: bool, open_book: bool, language: str | None
) -> SafeString:
    """Feedback is the same for all who answered the same: kept by all that it depends on."""
    check: SelfCheck = same.it
    verdict = grade(check, answer)
    nothing_said = check.kind == "number" and not verdict.parts
    context = {
        "kind": check.kind,
        "unit": check.unit,
        "outcome": verdict.outcome,
        "parts": [judged(part) for part in verdict.parts],
        "otherwise": markdown.block_html(check.otherwise) if nothing_said and check.otherwise else "",
        "typed": answer[0] if check.kind == "number" and answer else "",
        "missed": [judged(Judged(choice, True, choice.match)) for choice in missed(check, verdict)]
        if open_book
        else [],
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
    common = {
        "id": step.id,
        "anchor": f"{Slots()['uid']}-{step.id}",
        "number": number,
        "slot": Slots().of(str(number)),
        "template": f"{TEMPLATES}/steps/{step.type_name}.html",
    }
    return common | shown_step(step, number, with_key)


def _with_whole_numbers(html: str) -> SafeString:
    """The numbers of laws (1-58-376) in `html`, which is ours, are not cut at the end of a line and do not turn round."""
    return SafeString(
        _TAG_OR_NUMBER.sub(lambda found: found[0] if found[1] else f'<bdi dir="ltr">{found[0]}</bdi>', html)
    )


def _source(source: Source, lesson: Lesson) -> dict[str, Any]:
    own_date = source.checked_on if source.checked_on != lesson.checked_on else ""
    return {
        "text": _with_whole_numbers(markdown.line_html(source.text)),
        "statement": _with_whole_numbers(markdown.line_html(source.statement)) if source.statement else "",
        "checked_on": shown_date(own_date, lesson.language),
        "to_confirm": source.to_confirm,
    }
