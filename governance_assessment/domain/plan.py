"""An instrument made ready for scoring: integer weights and, for each level, integer measures.

``Fraction`` is exact but slow, so everything that does not depend on the answers is turned into integers here, once per
instrument; scoring then adds integers and makes one fraction per section.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm
from typing import NamedTuple

from .instrument import Aggregate, Cap, CapScope, Indicator, Instrument, Scale, ScoringRules, Section
from .results import IndicatorResult, Status

PERCENT = 100


class Measure(NamedTuple):
    """A value between the lowest and the highest it could have been, all three in ``1/unit``.

    Carrying the bounds along makes a percentage exact at every node, whatever the scales and sums below it.
    """

    value: int
    lowest: int
    highest: int
    unit: int

    @classmethod
    def of(cls, value: Fraction, lowest: Fraction, highest: Fraction) -> Measure:
        """The three fractions over one common unit."""
        unit = lcm(value.denominator, lowest.denominator, highest.denominator)
        return cls(int(value * unit), int(lowest * unit), int(highest * unit), unit)

    def as_share(self) -> Measure:
        """How far up between its bounds, on 0 to 1."""
        span = self.highest - self.lowest
        return Measure(self.value - self.lowest, 0, span, span)

    def as_fraction(self) -> Fraction:
        """The value itself."""
        return Fraction(self.value, self.unit)


def combined(terms: Sequence[tuple[int, Measure]], divisor: int) -> Measure:
    """``sum(weight * measure) / divisor`` over at least one term, exactly."""
    unit = lcm(*(measure.unit for _weight, measure in terms))
    value = lowest = highest = 0
    for weight, measure in terms:
        factor = weight * (unit // measure.unit)
        value += factor * measure.value
        lowest += factor * measure.lowest
        highest += factor * measure.highest
    unit *= divisor
    shared = gcd(value, lowest, highest, unit)
    return Measure(value // shared, lowest // shared, highest // shared, unit // shared)


@dataclass(frozen=True, slots=True)
class IndicatorTerm:
    """An indicator as a part of one node's sum."""

    code: str
    weight: int
    measures: Mapping[int, Measure]


@dataclass(frozen=True, slots=True)
class IndicatorPlan:
    """What decides the state of an indicator, with each state it can be in ready made."""

    code: str
    applies_if: str | None
    levels: Mapping[int, IndicatorResult]
    states: Mapping[Status, IndicatorResult]


@dataclass(frozen=True, slots=True)
class CapPlan:
    """A cap as it applies to one node: the indicators to watch are those inside the node."""

    cap: Cap
    watched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NodePlan:
    """A section, or the whole instrument (``code`` ``""``).

    The score comes from either ``indicator_terms`` or ``section_terms`` (weight, code), the other being empty. Weights
    are the real ones times ``weight_unit``.
    """

    code: str
    aggregate: Aggregate
    weight_unit: int
    indicator_terms: tuple[IndicatorTerm, ...]
    section_terms: tuple[tuple[int, str], ...]
    sections: tuple[NodePlan, ...]
    indicators: tuple[str, ...]
    all_indicators: tuple[str, ...]
    critical: tuple[str, ...]
    caps: tuple[CapPlan, ...]

    @property
    def is_sum(self) -> bool:
        """Whether terms are added up rather than averaged."""
        return self.aggregate is Aggregate.SUM


@dataclass(frozen=True, slots=True)
class ScoringPlan:
    """Everything about an instrument that scoring needs."""

    rules: ScoringRules
    indicators: tuple[IndicatorPlan, ...]
    root: NodePlan


@lru_cache(maxsize=64)
def plan_for(instrument: Instrument) -> ScoringPlan:
    """The plan of an instrument; made once, kept for the next time."""
    return _Planner(instrument).plan()


class _Planner:
    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.rules = instrument.scoring
        self._tables: dict[tuple[int, bool], Mapping[int, Measure]] = {}

    def plan(self) -> ScoringPlan:
        whole = self._node(
            "", self.rules.aggregate, self.instrument.sections, (), {CapScope.OVERALL, CapScope.SECTION_AND_OVERALL}
        )
        indicators = tuple(self._indicator(indicator) for indicator in self.instrument.all_indicators())
        return ScoringPlan(self.rules, indicators, whole)

    def _section(self, section: Section) -> NodePlan:
        aggregate = section.aggregate or Aggregate.WEIGHTED_MEAN
        scopes = {CapScope.SECTION, CapScope.SECTION_AND_OVERALL}
        return self._node(section.code, aggregate, section.sections, section.indicators, scopes)

    def _node(
        self,
        code: str,
        aggregate: Aggregate,
        sections: tuple[Section, ...],
        own: tuple[Indicator, ...],
        scopes: set[CapScope],
    ) -> NodePlan:
        below = (*own, *(indicator for section in sections for indicator in section.all_indicators()))
        counted = below if aggregate is Aggregate.MEAN_OF_INDICATORS else own
        parts = () if counted else _parts(aggregate, sections)
        weigh, weight_unit = _weigher(aggregate, [*counted, *parts])
        return NodePlan(
            code=code,
            aggregate=aggregate,
            weight_unit=weight_unit,
            indicator_terms=tuple(
                IndicatorTerm(indicator.code, weigh(indicator), self._measures(indicator, aggregate))
                for indicator in counted
            ),
            section_terms=tuple((weigh(section), section.code) for section in parts),
            sections=tuple(map(self._section, sections)),
            indicators=tuple(indicator.code for indicator in own),
            all_indicators=tuple(indicator.code for indicator in below),
            critical=tuple(indicator.code for indicator in below if indicator.critical),
            caps=tuple(self._caps(below, scopes)),
        )

    def _caps(self, below: tuple[Indicator, ...], scopes: set[CapScope]) -> Iterator[CapPlan]:
        for cap in self.rules.caps:
            watched = tuple(
                indicator.code
                for indicator in below
                if (indicator.code in cap.indicators if cap.indicators else indicator.critical)
            )
            if cap.scope in scopes and len(watched) >= cap.count:
                yield CapPlan(cap, watched)

    def _measures(self, indicator: Indicator, aggregate: Aggregate) -> Mapping[int, Measure]:
        """Level -> measure. Means compare shares, so that scales may differ (CISO-9); sums add raw points."""
        scale = self.instrument.scale_of(indicator)
        key = id(scale), aggregate is Aggregate.SUM
        if key not in self._tables:
            self._tables[key] = {level: self._measure(scale, level, aggregate) for level in scale.choices}
        return self._tables[key]

    def _measure(self, scale: Scale, level: int, aggregate: Aggregate) -> Measure:
        if aggregate is Aggregate.SUM:
            return Measure.of(scale.points(level), scale.points(scale.minimum), scale.points(scale.maximum))
        share = scale.share(level)
        if self.rules.percent:
            return Measure.of(share, Fraction(0), Fraction(1))
        common = self.instrument.scale
        lowest, highest = common.points(common.minimum), common.points(common.maximum)
        return Measure.of(lowest + share * (highest - lowest), lowest, highest)

    def _indicator(self, indicator: Indicator) -> IndicatorPlan:
        code, scale = indicator.code, self.instrument.scale_of(indicator)
        value: Callable[[int], Fraction] = scale.points
        if self.rules.percent:
            value = lambda level: PERCENT * scale.share(level)  # noqa: E731
        return IndicatorPlan(
            code=code,
            applies_if=indicator.applies_if,
            levels={level: IndicatorResult(code, Status.ANSWERED, level, value(level)) for level in scale.choices},
            states={status: IndicatorResult(code, status) for status in Status if status is not Status.ANSWERED},
        )


def _parts(aggregate: Aggregate, sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """The sections a node is made from: its children, or the categories below it."""
    if aggregate is not Aggregate.MEAN_OF_SECTIONS:
        return sections
    everything = [below for section in sections for below in section.walk()]
    return tuple(section for section in everything if section.category) or tuple(
        section for section in everything if section.indicators
    )


def _weigher(
    aggregate: Aggregate, parts: Sequence[Section | Indicator]
) -> tuple[Callable[[Section | Indicator], int], int]:
    """How much each part weighs, in integers, and what one unit of weight has become."""
    if aggregate in (Aggregate.MEAN, Aggregate.MEAN_OF_SECTIONS):
        return (lambda _part: 1), 1
    unit = lcm(*(part.weight.denominator for part in parts))
    return (lambda part: int(part.weight * unit)), unit
