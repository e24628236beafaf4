"""What the coach's pages say: both answers of an indicator in words, and what happened to a round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..data import CoachAnswerData, CoachKind, ConsensusData, Evidence, Standing
from ..domain import AnswerKind, Indicator, Instrument, Section
from ..results.quality import quality_sentence
from ..rounds.trail import TrailData, TrailLine
from .validation import ValidationData, ValidationItem

#: What a coach says of the document that an answer rests on.
EVIDENCE = {
    Evidence.NONE: gettext_lazy("No document"),
    Evidence.DECLARED: gettext_lazy("Declared by the association, not seen yet"),
    Evidence.SEEN: gettext_lazy("Seen by the coach"),
    Evidence.VERIFIED: gettext_lazy("Seen and verified by the coach"),
}
HAPPENED = {
    "round.opened": gettext_lazy("The round was opened."),
    "round.widened": gettext_lazy("The short round became a full one."),
    "round.discussion_started": gettext_lazy("The answers were closed and the discussion began."),
    "round.back_to_answers": gettext_lazy("The round went back to the answers."),
    "round.submitted": gettext_lazy("The round was submitted."),
    "round.validated": gettext_lazy("The round was validated."),
    "round.reopened": gettext_lazy("The round was reopened."),
    "round.closed": gettext_lazy("The round was closed."),
    "round.settled": gettext_lazy("A common answer was settled:"),
    "round.coach_answered": gettext_lazy("The coach gave a word:"),
    "round.coach_confirmed_rest": gettext_lazy("“The others are as the association said”"),
    "round.sheet_applied": gettext_lazy("An answer sheet was applied."),
    "evidence.opened": gettext_lazy("The coach opened a document:"),
    "evidence.added": gettext_lazy("A document was added:"),
    "evidence.removed": gettext_lazy("A document was removed:"),
}
#: Who may do what, where nobody noted the capacity of who did.
USUALLY = {
    "round.opened": gettext_lazy("A member"),
    "round.widened": gettext_lazy("A member"),
    "round.settled": gettext_lazy("The president or the lead"),
    "round.sheet_applied": gettext_lazy("A member"),
    "evidence.added": gettext_lazy("A member"),
    "evidence.removed": gettext_lazy("A member"),
}


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a scale with who chose it."""

    number: int
    name: str
    text: str
    is_said: bool
    is_found: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator in the list, `said` and `found` are both words.

    `mark` is todo, again, agrees, differs, or filled where the association did not know.
    """

    code: str
    title: str
    is_critical: bool
    said: str
    found: str
    mark: str
    together: bool
    to_say: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class Area:
    """A dimension with its indicators."""

    title: str
    rows: tuple[Row, ...]

    @property
    def is_here(self) -> bool:
        """Whether the question on the page is one of these."""
        return any(row.is_here for row in self.rows)

    @property
    def looked_at(self) -> int:
        """How many have the coach's word."""
        return sum(row.mark in ("agrees", "differs", "filled") for row in self.rows)


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the trail. `about` is an indicator, `words` what was said of it."""

    what: Any
    who: Any
    name: str
    is_mine: bool
    at: datetime
    reason: str
    about: str
    words: str


def areas(found: ValidationData, here: str = "") -> list[Area]:
    """Every indicator of the round by dimension, with both words; `here` is the one on the page."""
    items = {item.code: item for item in found.items}
    return [
        Area(section.title.in_language(found.language), tuple(rows))
        for section in found.instrument.sections
        if (rows := [_row(found, items[code], here) for code in _codes(section) if code in items])
    ]


def _codes(section: Section) -> Iterator[str]:
    return (indicator.code for indicator in section.all_indicators())


def _row(found: ValidationData, item: ValidationItem, here: str) -> Row:
    return Row(
        code=item.code,
        title=item.title,
        is_critical=item.is_critical,
        said=said_words(found, item.answer),
        found=found_words(found, item.coach) if item.coach else "",
        mark=_mark(item),
        together=bool(item.coach and item.coach.together),
        to_say=item.code in found.to_say,
        is_here=item.code == here,
    )


def _mark(item: ValidationItem) -> str:
    if item.coach is None:
        return "todo"
    if not item.coach.stands:
        return "again"
    if item.answer.kind is AnswerKind.DONT_KNOW:
        return "filled"
    return "agrees" if item.agrees else "differs"


def said_words(found: ValidationData, answer: ConsensusData) -> str:
    """What the association said."""
    if answer.kind is AnswerKind.LEVEL:
        return _level_name(found, answer.indicator_code, answer.level)
    if answer.kind is AnswerKind.NOT_APPLICABLE:
        return _("Does not apply")
    return _("The association does not know")


def found_words(found: ValidationData, word: CoachAnswerData) -> str:
    """What the coach found."""
    if word.kind == CoachKind.LEVEL:
        return _level_name(found, word.indicator_code, word.level)
    return str(word.kind.label)


def _level_name(found: ValidationData, code: str, level: int | None) -> str:
    return _name_of(found.instrument, found.instrument.indicator(code), level, found.language)


def _name_of(instrument: Instrument, indicator: Indicator, level: int | None, language: str) -> str:
    names = (entry.name for entry in instrument.scale_of(indicator).levels if entry.level == level)
    name = next(names, None)
    return name.in_language(language) if name else str(level)


def indicator_words(found: ValidationData, item: ValidationItem) -> dict[str, Any]:
    """Everything the page of one indicator says beside the form."""
    indicator, language = found.instrument.indicator(item.code), found.language
    place = next(area for area in found.instrument.sections if item.code in set(_codes(area)))
    word = item.coach if item.coach and item.coach.stands else None
    texts = dict(indicator.levels)
    return {
        "item": item,
        "mark": _mark(item),
        "section": place.title.in_language(language),
        "why": indicator.why.in_language(language) if indicator.why else "",
        "levels": [
            Level(
                number=number,
                name=_name_of(found.instrument, indicator, number, language),
                text=texts[number].in_language(language) if number in texts else "",
                is_said=item.answer.level == number,
                is_found=word is not None and word.level == number,
            )
            for number in found.instrument.scale_of(indicator).choices
        ],
        "said": said_words(found, item.answer),
        "said_text": texts[item.answer.level].in_language(language) if item.answer.level in texts else "",
        "said_evidence": EVIDENCE[item.answer.evidence],
        "is_declared": item.answer.evidence != Evidence.NONE,
        "documents": [text.in_language(language) for text in indicator.evidence],
        "checks": [quality_sentence(check) for check in item.checks],
        "word": found_words(found, item.coach) if item.coach else "",
        "word_evidence": EVIDENCE[item.coach.evidence] if item.coach else "",
        "may_not_apply": indicator.may_not_apply,
    }


def word_lines(found: ValidationData, stored: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A coach's word as name and value, to hold beside another."""
    word = CoachAnswerData.from_dict(stored)
    lines = [
        (_("Answer"), found_words(found, word)),
        (_("Reason"), word.reason),
        (_("Document"), str(EVIDENCE[word.evidence])),
        (_("Comment"), word.comment),
    ]
    return [(name, value) for name, value in lines if value]


def round_checks(found: ValidationData) -> list[tuple[Any, str]]:
    """What is worth a second look in the whole, each with the name of its area."""
    sections = {section.code: section.title for section in found.instrument.all_sections()}
    return [
        (quality_sentence(check), sections[check.place].in_language(found.language) if check.place in sections else "")
        for check in found.checks
    ]


def trail_lines(found: TrailData, language: str) -> list[Happened]:
    """The audit trail in words."""
    return [_trail_line(line, found.instrument, language) for line in found.lines]


def _trail_line(line: TrailLine, instrument: Instrument, language: str) -> Happened:
    code = line.details.get("indicator", "")
    indicator = instrument.by_code.get(code)
    return Happened(
        what=HAPPENED[line.action],
        who=_standing(line.standing) or USUALLY.get(line.action, ""),
        at=line.at,
        name=line.name,
        is_mine=line.mine,
        reason=line.reason,
        about=indicator.title.in_language(language) if indicator else code,
        words=_trail_words(line, instrument, indicator, language),
    )


def _trail_words(line: TrailLine, instrument: Instrument, indicator: Indicator | None, language: str) -> str:
    confirmed = line.details.get("indicators")
    if confirmed is not None:
        return ngettext("%(number)d answer", "%(number)d answers", len(confirmed)) % {"number": len(confirmed)}
    kind = line.details.get("kind")
    if indicator is None or kind is None or not line.action.startswith("round."):
        return ""
    if kind == AnswerKind.LEVEL:
        return _name_of(instrument, indicator, line.details.get("level"), language)
    words = {"not_applicable": _("Does not apply"), "dont_know": _("The association does not know")}
    return words.get(kind) or str(CoachKind.NO_EVIDENCE.label)


def _standing(standing: Standing | None) -> Any:
    return standing.label if standing else ""
