"""What to do next: one recommendation per indicator and step, and which of them come first for an association.

The format is published as ``governance_assessment/schema/recommendations-1.schema.json``. A recommendation is keyed by
(indicator, from level, to level), always one level up: people climb stairs one at a time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .characters import one_line
from .documents import plain_tree
from .instrument import Indicator, Instrument, LocalizedText
from .numbers import parse_integer
from .problems import InvalidData, InvalidRecommendations, Problem, ProblemCode
from .reader import CODE, MAX_QUOTE, SLUG, Reader

MAX_TITLE = 80
MAX_WORDS = 350
#: Effort: 1 an evening, 2 some weeks, 3 months or outside help. Effect: 1 helps, 2 clearly, 3 protects the association.
HIGHEST = 3
UNIT = re.compile(r"[a-z]{3}[1-7]-s[1-9]-u[1-9]")
GUIDE = re.compile(r"G[1-9]")

_ENTRY = {"indicator", "from", "to", "effort", "effect", "unit", "guide", "title", "text"}


@dataclass(frozen=True, slots=True)
class Recommendation:
    """How to climb from one level of an indicator to the next. ``unit`` teaches it, ``guide`` helps; each may be None."""

    indicator: str
    from_level: int
    to_level: int
    effort: int
    effect: int
    unit: str | None
    guide: str | None
    title: LocalizedText
    text: LocalizedText

    @property
    def key(self) -> tuple[str, int]:
        """What names it within an instrument."""
        return self.indicator, self.from_level


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about one indicator.

    ``recommendation`` is None where nobody knows how things stand: then finding out is the step, and ``level`` is None too.
    ``urgent`` marks a critical indicator at the lowest level of its scale: it limits the label of the whole.
    """

    indicator: Indicator
    level: int | None
    recommendation: Recommendation | None
    urgent: bool

    @property
    def is_find_out(self) -> bool:
        """Whether the step is to find out."""
        return self.recommendation is None


def recommend(
    instrument: Instrument, levels: Mapping[str, int | None], recommendations: Iterable[Recommendation]
) -> tuple[Advice, ...]:
    """The next step of each indicator, the most pressing first.

    ``levels`` maps a code to the level the association is at, or to None for "don't know". A code that is absent does not
    apply or has no answer: no advice. Nor is there any at the top of the scale, or without a recommendation for the step.

    First what is critical and at the lowest level, then what is critical and unknown (it withholds the label), then the rest:
    the greatest effect first, among equals the least effort, then the heaviest, then the lowest, then as in the instrument.
    """
    by_key = {found.key: found for found in recommendations}
    found: list[tuple[tuple[Any, ...], Advice]] = []
    for position, indicator in enumerate(instrument.all_indicators()):
        if indicator.code not in levels:
            continue
        advice = _advice(instrument, indicator, levels[indicator.code], by_key)
        if advice is not None:
            found.append(((*_rank(instrument, advice), position), advice))
    return tuple(advice for _key, advice in sorted(found, key=lambda pair: pair[0]))


def next_three(advice: Sequence[Advice]) -> tuple[Advice, ...]:
    """The three to begin with: more at once is not followed."""
    return tuple(advice[:3])


def _advice(
    instrument: Instrument,
    indicator: Indicator,
    level: int | None,
    by_key: Mapping[tuple[str, int], Recommendation],
) -> Advice | None:
    if level is None:
        return Advice(indicator, None, None, urgent=False)
    recommendation = by_key.get((indicator.code, level))
    if recommendation is None:
        return None
    urgent = indicator.critical and level == instrument.scale_of(indicator).minimum
    return Advice(indicator, level, recommendation, urgent)


def _rank(instrument: Instrument, advice: Advice) -> tuple[Any, ...]:
    """Smaller comes first. Finding out is an evening's work and helps."""
    group = 0 if advice.urgent else 1 if advice.indicator.critical and advice.is_find_out else 2
    effect, effort = (
        (advice.recommendation.effect, advice.recommendation.effort) if advice.recommendation is not None else (1, 1)
    )
    share = 0 if advice.level is None else instrument.scale_of(advice.indicator).share(advice.level)
    return group, -effect, effort, -advice.indicator.weight, share


# --- Reading ------------------------------------------------------------------------------------------------


def parse_recommendations(data: Mapping[str, Any], instrument: Instrument) -> tuple[Recommendation, ...]:
    """The recommendations of one file for this instrument, in the file's order.

    Raises :class:`InvalidRecommendations` with every problem found: shape, languages, lengths, unknown indicators, steps that
    are none, steps said twice. What other files must add is not known here: see :func:`missing_steps`.
    """
    try:
        tree = plain_tree(data)
    except InvalidData as refused:
        raise InvalidRecommendations(refused.problems) from refused
    if not isinstance(tree, dict):
        raise InvalidRecommendations([Problem(ProblemCode.WRONG_TYPE, "", {"expected": "mapping"})])
    problems: list[Problem] = []
    reader = Reader(tree, "", problems, instrument.languages)
    reader.expect(required={"instrument", "recommendations"})
    slug = reader.matching("instrument", SLUG)
    if slug and slug != instrument.slug:
        reader.note(ProblemCode.OTHER_INSTRUMENT, "instrument", value=slug, expected=instrument.slug)
    seen: set[tuple[str, int]] = set()
    found = [_entry(entry, instrument, seen) for entry in reader.children("recommendations", or_empty=False)]
    if problems:
        raise InvalidRecommendations(problems)
    return tuple(found)


def missing_steps(instrument: Instrument, recommendations: Iterable[Recommendation]) -> tuple[tuple[str, int], ...]:
    """Every (indicator, from level) of the instrument that has no recommendation, in the instrument's order."""
    known = {found.key for found in recommendations}
    return tuple(step for step in _steps(instrument) if step not in known)


def doubled_steps(recommendations: Iterable[Recommendation]) -> tuple[tuple[str, int], ...]:
    """The steps that several files speak about."""
    times = Counter(found.key for found in recommendations)
    return tuple(step for step, number in times.items() if number > 1)


def _steps(instrument: Instrument) -> Iterator[tuple[str, int]]:
    for indicator in instrument.all_indicators():
        for level in instrument.scale_of(indicator).choices[:-1]:
            yield indicator.code, level


def _entry(reader: Reader, instrument: Instrument, seen: set[tuple[str, int]]) -> Recommendation:
    reader.expect(required=_ENTRY)
    indicator = instrument.by_code.get(reader.matching("indicator", CODE))
    start, goal = reader.integer("from", 0), reader.integer("to", 0)
    if indicator is not None:
        _check_step(reader, instrument, indicator, start, goal)
        if (indicator.code, start) in seen:
            reader.note(ProblemCode.DUPLICATE_ENTRY, "indicator", value=f"{indicator.code}: {start} -> {goal}")
        seen.add((indicator.code, start))
    elif isinstance(reader.data.get("indicator"), str):
        value = one_line(reader.data["indicator"], MAX_QUOTE)
        reader.note(ProblemCode.UNKNOWN_INDICATOR, "indicator", value=value)
    return Recommendation(
        indicator=indicator.code if indicator else "",
        from_level=start,
        to_level=goal,
        effort=reader.integer("effort", 1, minimum=1, maximum=HIGHEST),
        effect=reader.integer("effect", 1, minimum=1, maximum=HIGHEST),
        unit=_code_or_none(reader, "unit", UNIT),
        guide=_code_or_none(reader, "guide", GUIDE),
        title=reader.text("title", maximum=MAX_TITLE),
        text=reader.text("text", maximum=MAX_WORDS),
    )


def _check_step(reader: Reader, instrument: Instrument, indicator: Indicator, start: int, goal: int) -> None:
    if parse_integer(reader.data.get("from")) is None or parse_integer(reader.data.get("to")) is None:
        return  # said already
    scale = instrument.scale_of(indicator)
    if start not in scale.choices[:-1]:
        reader.note(ProblemCode.OUT_OF_RANGE, "from", minimum=scale.minimum, maximum=scale.maximum - 1)
    elif goal != start + 1:
        reader.note(ProblemCode.NOT_THE_NEXT_LEVEL, "to", expected=start + 1)


def _code_or_none(reader: Reader, key: str, pattern: re.Pattern[str]) -> str | None:
    return None if reader.data.get(key) is None else reader.matching(key, pattern)
