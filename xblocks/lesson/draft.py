"""A lesson as the editor's cards hold it, judged by the reader of the course files and told by step and field.

Each step is written as a source of its own and read back: so a card may hold what a course file may, nothing else, and the cards
and the text say exactly the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nassij.common.text import clean_text

from . import markdown
from .forms import ABOUT, MAX_TITLE, STEPS, Cleaner
from .located import Listing, Value, read_yaml
from .located import Mapping as Located
from .model import STEP_TYPES, Guide, Lesson, LessonError, SelfCheck, Source, Step, TextStep
from .problems import MESSAGES, Place, Problem, Problems
from .source import FormValues, read_lesson
from .source_writer import write_lesson

_SOMETHING = TextStep("x", "x", "x")
_BACK_QUOTES = re.compile("`{3,}")
MAX_STEPS = 100
MAX_DEPTH = 8
# The field that a problem with a part as a whole is about, where the form shows it.
_FIELD_OF = {"check_no_feedback": "feedback"}
_ALIASES = {"size": "file", "light_size": "light", "captions_size": "captions"}
_FIELD_OF_ALL = {
    "check_no_otherwise": "otherwise",
    "light_not_lighter": "light",
    "media_without_light": "light",
    "media_without_transcript": "transcript",
    "not_checked": "checked_on",
    "step_without_text": "body",
}
# Said only of a field of which nothing more exact is said.
_WEAK = ("empty_value", "not_checked", "step_without_text")


def _(message: str) -> str:
    return message


# Said of cards instead of what is said of a text: nobody there writes `correct: true`.
CARD_MESSAGES: Mapping[str, tuple[str, str]] = {
    **MESSAGES,
    "missing_key": (_("Nothing is written here."), _("Write it here.")),
    "empty_value": (_("Nothing is written here."), _("Write it here.")),
    "not_a_number": (_("A whole number from %(least)s to %(most)s is needed here."), _("Write it in digits.")),
    "no_steps": (_("The lesson has no step."), _("Add a step.")),
    "too_many_steps": (
        _("A lesson has at most %(limit)s steps."),
        _("Split the lesson: a learner reads one in a few minutes."),
    ),
    "not_checked": (
        _("The lesson names sources without saying when they were checked."),
        _("Write the date on which you checked them."),
    ),
    "step_without_title": (_("The step has no title."), _("Say in a few words what it is about.")),
    "step_without_text": (_("The step has no text."), _("Write its text, or delete the step.")),
    "check_few_choices": (_("A self-check needs at least two choices."), _("Add a choice.")),
    "check_no_answer": (_("No choice is right."), _("Mark the right one.")),
    "check_many_answers": (
        _("More than one choice is right."),
        _("Mark only one, or say that one or several are right."),
    ),
    "check_no_feedback": (
        _("The learner reads nothing after choosing this."),
        _("Say why it is right, or what to look at again."),
    ),
    "picture_place": (
        _("The picture %(src)s is not among the files of the course."),
        _("Put it in with the button “Add a picture”."),
    ),
    "file_place": (
        _("The file %(src)s is not among the files of the course."),
        _("Choose one with the button “Choose a file”."),
    ),
    "file_without_size": (
        _("How heavy %(src)s is is not known."),
        _("Write its size: learners see it before they load anything."),
    ),
    "media_without_light": (
        _("This is heavy, and there is no light version."),
        _("Add a version of at most %(most)s bytes: a smaller picture, or the sound alone."),
    ),
    "media_without_transcript": (
        _("Nobody can read what is said and shown."),
        _("Write it here, for who cannot or will not play it."),
    ),
    "check_one_half": (_("All the pairs have the same other half."), _("Write at least two different ones.")),
    "check_no_otherwise": (
        _("The learner reads nothing after another number."),
        _("Say what to look at again."),
    ),
    "not_a_decimal": (
        _("A number is needed here."),
        _("Write it in digits with a point, for example 12 or 0.5; a tolerance is 0 or more."),
    ),
    "step_in_text": (
        _("A line with ## or three back quotes begins a step of its own."),
        _("Use ### for a heading inside a step, or add a step."),
    ),
}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What is wrong with one field of a draft; `step` counts from 0, and is -1 for what the lesson says about itself."""

    step: int
    field: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Drafted:
    """A part of a draft, cleaned, and what is wrong with it. `step` is None where nothing can be made of it."""

    data: Mapping[str, Any]
    findings: tuple[Finding, ...]
    step: Step | None = None


def to_draft(lesson: Lesson) -> dict[str, Any]:
    """What the editor gets: the data of a lesson, its title among it."""
    data = lesson.to_data()
    guide = data["guide"] or {"code": "", "title": ""}
    return {**{key: data[key] for key in data if key not in ("schema", "extra")}, "title": lesson.title, "guide": guide}


def read_draft(draft: Mapping[str, Any]) -> tuple[Lesson | None, tuple[Finding, ...]]:
    """The lesson that the cards hold; None with the reasons when something has to be corrected first."""
    about = read_about(draft)
    given = draft.get("steps")
    sent = given if isinstance(given, list) else []
    if len(sent) > MAX_STEPS:
        return None, (_finding(-1, "steps", "too_many_steps", limit=MAX_STEPS),)
    parts = [read_step(data, number, str(about.data["language"])) for number, data in enumerate(sent)]
    findings = [*about.findings, *(found for part in parts for found in part.findings)]
    steps = tuple(part.step for part in parts if part.step is not None)
    first: dict[str, int] = {}
    for number, step in enumerate(steps):
        if first.setdefault(step.id, number) != number:
            findings.append(_finding(number, "id", "duplicate_step", id=step.id, first=first[step.id] + 1))
    if not sent:
        findings.append(_finding(-1, "steps", "no_steps"))
    if findings:
        return None, tuple(sorted(findings, key=lambda found: (found.step, found.field)))
    lesson = replace(about_of(about.data), steps=steps)
    form = FormValues(title=lesson.title, minutes=lesson.minutes)
    reading = read_lesson(write_lesson(lesson, for_form=True), file="", language=lesson.language, form=form)
    return reading.lesson, tuple(Finding(-1, "steps", problem) for problem in reading.problems)


def read_about(draft: Mapping[str, Any]) -> Drafted:
    """What the lesson says about itself."""
    cleaner = Cleaner()
    code = draft.get("code")
    data = {"code": clean_text(code) if isinstance(code, str) else "", **cleaner.group(ABOUT, draft)}
    data["sources"] = [source for source in data["sources"] if any(source.values())]
    findings = [Finding(-1, path, problem) for path, problem in cleaner.found]
    title = data["title"]
    if not title.strip():
        findings.append(_finding(-1, "title", "missing_key", key="title"))
    if len(title) > MAX_TITLE:
        findings.append(_finding(-1, "title", "too_large", limit=MAX_TITLE))
    known = [language for language, _name in ABOUT[1].options]
    if data["language"] not in known:
        findings.append(_finding(-1, "language", "unknown_language", value=data["language"], known=", ".join(known)))
        data["language"] = known[0]
    findings += _judged(replace(about_of(data), title="x", steps=(_SOMETHING,)), -1)
    return Drafted(data, tuple(_in_cards(findings)))


def read_step(data: object, number: int, language: str) -> Drafted:
    """One step, as the card with this number holds it."""
    given = data if isinstance(data, Mapping) else {}
    kind, step_id = given.get("type"), given.get("id")
    cleaner = Cleaner()
    if isinstance(kind, str) and kind in STEPS:
        head = {"type": kind, "id": clean_text(step_id) if isinstance(step_id, str) else ""}
        cleaned = {**head, **cleaner.group(STEPS[kind].fields, given)}
    else:
        cleaned = _clean(given, 0)
    findings = [Finding(number, path, problem) for path, problem in cleaner.found]
    try:
        step = STEP_TYPES[cleaned["type"]].from_data(cleaned)
    except (LessonError, KeyError, TypeError, AttributeError, ValueError, OverflowError):
        findings.append(_finding(number, "", "unknown_block", name=kind, known=", ".join(STEP_TYPES)))
        return Drafted(cleaned, tuple(_in_cards(findings)))
    if isinstance(step, TextStep) and _holds_a_step(step.body):
        findings.append(_finding(number, "body", "step_in_text"))
        return Drafted(cleaned, tuple(_in_cards(findings)), step)
    findings += _judged(Lesson(title="x", language=language, minutes=1, steps=(step,)), number)
    return Drafted(cleaned, tuple(_in_cards(findings)), step)


def keep_unknown(edited: Lesson, stored: Lesson) -> Lesson:
    """`edited` with the OLX attributes of `stored` that this version does not know: no form shows them, none may lose them."""
    return replace(
        edited,
        extra=stored.extra,
        steps=tuple(_keep_unknown(step, stored.step(step.id)) for step in edited.steps),
    )


def _keep_unknown(step: Step, stored: Step | None) -> Step:
    if stored is None or type(stored) is not type(step):
        return step
    kept = replace(step, extra=stored.extra)
    if isinstance(kept, SelfCheck) and isinstance(stored, SelfCheck):
        known = {choice.id: choice.extra for choice in stored.choices}
        kept = replace(kept, choices=tuple(replace(one, extra=known.get(one.id, {})) for one in kept.choices))
    return kept


def differences(mine: Lesson, theirs: Lesson) -> list[dict[str, str]]:
    """Where two versions of a lesson say different things: the title of the part, and its source in both."""
    found = []
    alone = replace(mine, steps=()), replace(theirs, steps=())
    if alone[0] != alone[1]:
        found.append({"part": "about", "title": "", "mine": write_lesson(alone[0]), "theirs": write_lesson(alone[1])})
    ids = dict.fromkeys(step.id for step in (*mine.steps, *theirs.steps))
    for step_id in ids:
        both = mine.step(step_id), theirs.step(step_id)
        if both[0] != both[1]:
            shown = both[0] or both[1]
            title = next((text for text in shown.texts() if text), step_id) if shown else step_id
            found.append({"part": "step", "title": title, "mine": _source_of(both[0]), "theirs": _source_of(both[1])})
    order = [step.id for step in mine.steps], [step.id for step in theirs.steps]
    if order[0] != order[1] and sorted(order[0]) == sorted(order[1]):
        found.append({"part": "order", "title": "", "mine": "\n".join(order[0]), "theirs": "\n".join(order[1])})
    return found


def _source_of(step: Step | None) -> str:
    return write_lesson(Lesson(title="", steps=(step,)), for_form=True) if step else ""


def about_of(data: Mapping[str, Any]) -> Lesson:
    """The lesson without its steps, from cleaned data."""
    guide = data["guide"]
    return Lesson(
        title=data["title"],
        language=data["language"],
        code=data["code"],
        minutes=data["minutes"],
        checked_on=data["checked_on"],
        objectives=tuple(data["objectives"]),
        practice=tuple(data["practice"]),
        sources=tuple(Source.from_data(source) for source in data["sources"]),
        scored=data["scored"],
        guide=Guide(guide["code"], guide["title"]) if guide["code"] or guide["title"] else None,
    )


def _judged(lesson: Lesson, number: int) -> Iterator[Finding]:
    """What the reader finds wrong in the source of `lesson`, which holds one step."""
    source = write_lesson(lesson, for_form=True)
    form = FormValues(title="x", minutes=1)
    for problem in read_lesson(source, file="", language=lesson.language, form=form).problems:
        yield Finding(number, _field(source, problem, about=number < 0), problem)


def _field(source: str, problem: Problem, *, about: bool) -> str:
    """The path of the field whose text stands where the problem is."""
    if problem.code in _FIELD_OF_ALL:
        return _FIELD_OF_ALL[problem.code]
    lines = source.split("\n")
    line, column = problem.place.line, problem.place.column
    quotes = _BACK_QUOTES.match(source)
    if not about and not quotes:
        return "title" if line == 1 else "body"
    closing = quotes[0] if quotes else "---"
    end = lines.index(closing, 1)
    mapping = read_yaml("\n".join(lines[1:end]), Problems(""), first_line=2)
    path = ""
    best = (0, 0)
    for place, here in _paths(mapping, "") if mapping else ():
        if best <= (place.line, place.column) <= (line, column):
            best, path = (place.line, place.column), here
    if field := _FIELD_OF.get(problem.code):
        return f"{path.removesuffix('.id')}.{field}"
    return _ALIASES.get(path, path)


def _paths(value: Value, path: str) -> Iterator[tuple[Place, str]]:
    """Where each part of a YAML value stands, the more exact path after the less exact one."""
    start = f"{path}." if path else ""
    if isinstance(value, Located):
        for key, inner in value.entries.items():
            yield value.keys[key], f"{start}{key}"
            yield inner.place, f"{start}{key}"
            yield from _paths(inner, f"{start}{key}")
    elif isinstance(value, Listing):
        for number, inner in enumerate(value.items):
            yield inner.place, f"{start}{number}"
            yield from _paths(inner, f"{start}{number}")


def _in_cards(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings in the words of the cards, one for each field: that a text is missing says less than what is missing."""
    by_field: dict[str, Finding] = {}
    for found in sorted(findings, key=lambda each: each.problem.code in _WEAK):
        by_field.setdefault(found.field, replace(found, problem=replace(found.problem, messages=CARD_MESSAGES)))
    return iter(by_field.values())


def _finding(step: int, field: str, code: str, **params: object) -> Finding:
    return Finding(step, field, Problem(code, Place(""), params, CARD_MESSAGES))


def _holds_a_step(body: str) -> bool:
    """Whether a part of the text would be read as a step of its own."""
    for token in markdown.tokens(body):
        if token.level == 0 and token.type == "heading_open" and token.markup == "##":
            return True
        if token.level == 0 and token.type == "fence" and token.info.strip().partition(" ")[0] in STEP_TYPES:
            return True
    return False


def _clean(value: Any, depth: int) -> Any:
    """What is sent of a step that has no form here: kept, but for what texts may not hold."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {clean_text(key): _clean(each, depth + 1) for key, each in value.items()}
    return [_clean(each, depth + 1) for each in value] if isinstance(value, list) else value
