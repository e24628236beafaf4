"""A result in the words of one language, ready for `nassij_governance/_result.html`: the block and the pages show the same.

Nothing is computed here that could change a score: figures come from the engine's document as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nassij.common.numbers import format_number
from nassij.common.text import direction

from ..domain import Axis, Indicator, Instrument, Scale, radar_svg
from .beside import Differences, Previous, differences, previous_words
from .outcome import ResultData

HIGHLIGHTS = 5
METER_CLASSES = {1: "critical", 2: "attention", 4: "done"}
WITHOUT_LEVEL = {"dont_know", "unanswered"}

CardUrl = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Row:
    """One dimension in the table. `bar` is 0 to 100, `start` where the bar begins (it grows from the reading side).

    `own` is the self-assessment's figure where the coach's leads; `change` what was gained since the round before, on questions
    that are the same in both, empty where nothing can be compared.
    """

    title: str
    figure: str
    own: str
    change: str
    bar: int
    start: int
    word: str
    look: str
    weight: str


@dataclass(frozen=True, slots=True)
class Point:
    """One indicator named on the page, with the link to its card and, where it has one, its level in words."""

    title: str
    url: str
    level: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence and the indicators or dimensions it is about."""

    sentence: str
    points: tuple[Point, ...]


def result_context(result: ResultData, *, card_url: CardUrl, element_id: str) -> dict[str, Any]:
    """What the result template shows. `card_url` gives the address of an indicator's card, `element_id` is unique on the page."""
    with translation.override(result.language):
        return _Words(result, card_url).context(element_id)


class _Words:
    """The sentences of one result."""

    def __init__(self, result: ResultData, card_url: CardUrl) -> None:
        self.result = result
        self.card_url = card_url
        self.language = result.language
        self.instrument: Instrument = result.instrument
        # Once a coach has validated, what they found leads, and what the association said stands beside it.
        self.overall: Mapping[str, Any] = (result.validated or result.scores)["overall"]
        self.own: Mapping[str, Any] | None = result.scores["overall"] if result.validated else None
        self.indicators = self.instrument.by_code
        self.sections = {section.code: section for section in _all_sections(self.instrument.sections)}

    def context(self, element_id: str) -> dict[str, Any]:
        levels = {found["code"]: found["level"] for found in _leaves(self.overall) if found["level"] is not None}
        waiting = [found["code"] for found in _leaves(self.overall) if found["status"] in WITHOUT_LEVEL]
        return {
            "result": self.result,
            "direction": direction(self.language),
            "is_empty": not levels,
            "chart": self.chart(element_id),
            "rows": self.rows,
            "critical": self.critical(levels),
            "open": [self.point(code) for code in self.result.open],
            "strengths": self.highlights(levels, strong=True),
            "weaknesses": self.highlights(levels, strong=False),
            "figure": self.figure(self.overall),
            "label": self.label(self.overall["label"]),
            "look": METER_CLASSES.get(self.overall["label"], ""),
            "band": self.label(self.overall["band"]),
            "is_capped": self.overall["label"] is not None and self.overall["label"] != self.overall["band"],
            "caps": [self.cap(cap) for cap in self.overall["caps"] if cap["lowers"]],
            "lacking": self.lacking(),
            "no_level": _("There is no overall level yet.") if self.overall["provisional"] else "",
            "waiting": len(waiting),
            "answered": len(levels),
            "own_figure": self.figure(self.own) if self.own else "",
            "own_label": self.label(self.own["label"]) if self.own else "",
            "differences": self.differences(),
            "previous": self.previous(),
        }

    # --- Beside it: the coach's word, the round before ---

    def differences(self) -> Differences | None:
        """What the coach found, question by question; None until a coach has validated."""
        if self.own is None:
            return None
        return differences(self.result, _leaves(self.own), _leaves(self.overall), self.named)

    def named(self, code: str, level: int | None) -> tuple[str, str, str]:
        """Title and address of an indicator, and what a level of it is called."""
        point = self.point(code, level)
        return point.title, point.url, point.level

    def previous(self) -> Previous | None:
        """The round before, in words."""
        return previous_words(self.result.previous, self.language) if self.result.previous else None

    def change(self, code: str) -> str:
        found = self.result.previous.section(code) if self.result.previous else None
        return "" if found is None else format_number(found.difference, self.language, decimals=1, signed=True)

    def before(self, code: str) -> Fraction | None:
        found = self.result.previous.section(code) if self.result.previous else None
        return found.before if found else None

    # --- Figures ---

    def figure(self, node: Mapping[str, Any]) -> str:
        """The published score in the language's digits; empty when it is not published."""
        score = _published(node)
        return "" if score is None else format_number(score, self.language, decimals=1)

    def label(self, label: int | None) -> str:
        return "" if label is None else self.instrument.label_name(label, self.language)

    @cached_property
    def rows(self) -> list[Row]:
        """The dimensions from the weakest to the strongest; those without a figure last."""
        nodes = [(_published(node), node) for node in self.overall.get("sections", [])]
        ordered = sorted(nodes, key=lambda pair: (pair[0] is None, pair[0] or 0))
        return [self.row(score, node) for score, node in ordered]

    def row(self, score: Fraction | None, node: Mapping[str, Any]) -> Row:
        section = self.sections[node["code"]]
        bar = int(score or 0)
        shown = node["label"] if node["label"] is not None else node["band"]
        return Row(
            title=section.title.in_language(self.language),
            figure=self.figure(node),
            own=self.own_figure(node["code"]),
            change=self.change(node["code"]),
            bar=bar,
            start=100 - bar if direction(self.language) == "rtl" else 0,
            word=self.row_word(node) if score is None else self.label(shown),
            look=METER_CLASSES.get(shown, ""),
            weight=format_number(section.weight, self.language, decimals=1),
        )

    def own_figure(self, code: str) -> str:
        """What the association itself said of a dimension, beside the coach's figure."""
        nodes = self.own.get("sections", []) if self.own else []
        return next((self.figure(node) for node in nodes if node["code"] == code), "")

    def row_word(self, node: Mapping[str, Any]) -> str:
        """Why a dimension has no figure."""
        if node["counts"]["total"] == node["counts"]["not_applicable"] + node["counts"]["not_concerned"]:
            return _("Does not concern you")
        return _("Not enough answers yet")

    def chart(self, element_id: str) -> SafeString | None:
        nodes = self.overall.get("sections", [])
        if len(nodes) < 3:
            return None
        axes = [
            Axis(
                self.sections[node["code"]].title.in_language(self.language),
                _published(node),
                self.before(node["code"]),
            )
            for node in nodes
        ]
        drawn = radar_svg(axes, title=_("Governance profile"), description=self.chart_words(), element_id=element_id)
        return mark_safe(drawn)  # noqa: S308 (radar_svg escapes every text it is given)

    def chart_words(self) -> str:
        """What a screen reader says instead of the drawing."""
        rows = [row for row in self.rows if row.figure]
        if not rows:
            return _("There are no scores yet. The same figures stand in the table.")
        return _("Strongest: %(strongest)s. Weakest: %(weakest)s. The same figures stand in the table.") % {
            "strongest": f"{rows[-1].title} {rows[-1].figure}",
            "weakest": f"{rows[0].title} {rows[0].figure}",
        }

    # --- Points ---

    def point(self, code: str, level: int | None = None) -> Point:
        indicator = self.indicators[code]
        return Point(
            title=indicator.title.in_language(self.language),
            url=self.card_url(code),
            level=self.level_name(indicator, level),
            text=next((text.in_language(self.language) for number, text in indicator.levels if number == level), ""),
        )

    def level_name(self, indicator: Indicator, level: int | None) -> str:
        names = (entry.name for entry in self.instrument.scale_of(indicator).levels if entry.level == level)
        name = next(names, None)
        return name.in_language(self.language) if name else ""

    def critical(self, levels: Mapping[str, int]) -> list[Point]:
        """Critical indicators at the lowest level of their scale."""
        return [
            self.point(code, level)
            for code, level in levels.items()
            if self.indicators[code].critical and level == self.scale_of(code).minimum
        ]

    def highlights(self, levels: Mapping[str, int], *, strong: bool) -> list[Point]:
        """The few that stand out on either side of the middle of the scale, heaviest first; critical ones stand elsewhere."""
        chosen = [
            (code, level)
            for code, level in levels.items()
            if self.is_strong(code, level) is strong
            and (strong or not (self.indicators[code].critical and level == self.scale_of(code).minimum))
        ]
        sign = -1 if strong else 1
        chosen.sort(key=lambda pair: (sign * self.scale_of(pair[0]).share(pair[1]), -self.indicators[pair[0]].weight))
        return [self.point(code, level) for code, level in chosen[:HIGHLIGHTS]]

    def is_strong(self, code: str, level: int) -> bool:
        return self.scale_of(code).share(level) > Fraction(1, 2)

    def scale_of(self, code: str) -> Scale:
        return self.instrument.scale_of(self.indicators[code])

    # --- Reasons ---

    def cap(self, cap: Mapping[str, Any]) -> Reason:
        codes = cap["indicators"]
        sentence = ngettext(
            "While this point stays where it is, the label is “%(label)s” at most, whatever the number:",
            "While these %(count)s points stay where they are, the label is “%(label)s” at most, whatever the number:",
            len(codes),
        ) % {"label": self.label(cap["label_max"]), "count": len(codes)}
        return Reason(sentence, tuple(self.point(code) for code in codes))

    def lacking(self) -> list[Reason]:
        """What an overall level still lacks; a question of an area that is named is not named again."""
        sentences = {
            "critical_unanswered": _("Critical points without an answer all agree on, or with “I don't know”:"),
            "section_incomplete": _("Areas where too little has been answered:"),
            "below_completeness": _("Questions that still lack an answer:"),
        }
        reasons = self.overall["provisional"]
        if any(reason["code"] == "section_incomplete" for reason in reasons):
            reasons = [reason for reason in reasons if reason["code"] != "below_completeness"]
        return [
            Reason(sentences[reason["code"]], tuple(self.place(code) for code in reason["codes"])) for reason in reasons
        ]

    def place(self, code: str) -> Point:
        """An indicator, or a dimension with the link to the first of its cards that has no answer yet."""
        if code in self.indicators:
            return self.point(code)
        section = self.sections[code]
        own = {indicator.code for indicator in section.all_indicators()}
        first = next(
            (leaf["code"] for leaf in _leaves(self.overall) if leaf["code"] in own and leaf["level"] is None), ""
        )
        return Point(title=section.title.in_language(self.language), url=self.card_url(first) if first else "")


def _published(node: Mapping[str, Any]) -> Fraction | None:
    return Fraction(node["score"]) if node["published"] and node["score"] is not None else None


def _leaves(node: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """Every indicator of the document below a node, in order."""
    yield from node.get("indicators", ())
    for section in node.get("sections", ()):
        yield from _leaves(section)


def _all_sections(sections: Sequence[Any]) -> Iterable[Any]:
    for section in sections:
        yield section
        yield from _all_sections(section.sections)
