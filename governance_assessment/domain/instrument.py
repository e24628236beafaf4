"""What an instrument is: sections of indicators, a scale, and the rules that turn answers into a score.

Everything here is immutable and built by :func:`governance_assessment.domain.parse_instrument`, which is the
only place that checks it. Once published, an instrument never changes: a correction is a new version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction


class Aggregate(StrEnum):
    """How a node (a section, or the whole instrument) is made from what is below it.

    The three *means of means* answer different questions (CISO-8 in the tests gives three numbers for one
    set of answers), so each says what it runs over:

    - ``weighted_mean`` and ``mean``: over the node's own children, the *tree nodes*;
    - ``mean_of_sections``: over the *categories* below the node, however deep, one voice each. Categories are the
      sections marked ``category: true`` or, when there is none, the sections that hold indicators;
    - ``mean_of_indicators``: over all indicators below the node by their weights, as if there were no tree.

    ``sum`` adds weight x value over the children.
    """

    WEIGHTED_MEAN = "weighted_mean"
    SUM = "sum"
    MEAN = "mean"
    MEAN_OF_SECTIONS = "mean_of_sections"
    MEAN_OF_INDICATORS = "mean_of_indicators"


class CapScope(StrEnum):
    """Whose label a cap lowers."""

    SECTION = "section"
    OVERALL = "overall"
    SECTION_AND_OVERALL = "section_and_overall"


class Basis(StrEnum):
    """What an indicator rests on, so that a page never says "the law says" where it does not."""

    LAW = "law"
    STATUTES = "statutes"
    GOOD_PRACTICE = "good_practice"


class Relation(StrEnum):
    """What an indicator of a version is to the indicators of the version it replaces."""

    EQUAL = "equal"
    SPLIT = "split"
    MERGED = "merged"
    NEW = "new"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """One text in every language of the instrument: pairs (language, text), sorted by language."""

    translations: tuple[tuple[str, str], ...]

    def in_language(self, language: str) -> str:
        """The text in ``language``. Raises KeyError for a language the instrument does not have."""
        for known, text in self.translations:
            if known == language:
                return text
        raise KeyError(language)


@dataclass(frozen=True, slots=True)
class ScaleLevel:
    """One step of a scale: the number people choose and the points it is worth."""

    level: int
    points: Fraction
    name: LocalizedText | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """The levels that may be chosen, every integer from ``minimum`` to ``maximum``.

    ``levels`` is empty for a bare scale (0 to 100, say), where a level is worth itself. Otherwise there is one
    entry for each level, in order, and points never fall from one level to the next.
    """

    minimum: int
    maximum: int
    levels: tuple[ScaleLevel, ...] = ()

    def __contains__(self, level: object) -> bool:
        return isinstance(level, int) and self.minimum <= level <= self.maximum

    @property
    def choices(self) -> range:
        """The levels, lowest first."""
        return range(self.minimum, self.maximum + 1)

    def points(self, level: int) -> Fraction:
        """What a level of this scale is worth."""
        return self.levels[level - self.minimum].points if self.levels else Fraction(level)

    def share(self, level: int) -> Fraction:
        """How far up the scale a level is, 0 for the lowest and 1 for the highest.

        The shift to 0 matters: 2 on a scale of 1 to 4 is a third of the way, not half (IGNITE-2).
        """
        lowest = self.points(self.minimum)
        return (self.points(level) - lowest) / (self.points(self.maximum) - lowest)


@dataclass(frozen=True, slots=True)
class ProfileQuestion:
    """A yes/no question about the association; a *no* drops the indicators that depend on it."""

    code: str
    text: LocalizedText


@dataclass(frozen=True, slots=True)
class Indicator:
    """One question. ``scale`` is None when it uses the instrument's; ``levels`` describes each level."""

    code: str
    weight: Fraction
    title: LocalizedText
    critical: bool = False
    express: bool = False
    applies_if: str | None = None
    why: LocalizedText | None = None
    levels: tuple[tuple[int, LocalizedText], ...] = ()
    evidence: tuple[LocalizedText, ...] = ()
    basis: Basis = Basis.GOOD_PRACTICE
    laws: tuple[str, ...] = ()
    scale: Scale | None = None

    @property
    def may_not_apply(self) -> bool:
        """Whether "does not apply to us" is an answer: not to what is critical for every association."""
        return not (self.critical and self.applies_if is None)


@dataclass(frozen=True, slots=True)
class Section:
    """A dimension, or a part of one. Holds either ``sections`` or ``indicators``, never both, never neither.

    ``aggregate`` None means a weighted mean.
    """

    code: str
    weight: Fraction
    title: LocalizedText
    sections: tuple[Section, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    aggregate: Aggregate | None = None
    category: bool = False

    def walk(self) -> Iterator[Section]:
        """This section and every one inside it, parents first."""
        yield self
        for section in self.sections:
            yield from section.walk()

    def all_indicators(self) -> Iterator[Indicator]:
        """Every indicator of the section and of those inside it, in order."""
        yield from self.indicators
        for section in self.sections:
            yield from section.all_indicators()


@dataclass(frozen=True, slots=True)
class Band:
    """Scores from ``start`` (included) up to the next band's start (excluded); the last one has no end."""

    start: Fraction
    label: int
    name: LocalizedText | None = None


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit on a label, never on a number.

    It applies where at least ``count`` of the watched indicators are answered at level ``at`` or lower. Watched
    are ``indicators``, or every critical indicator when that is empty.
    """

    code: str
    label_max: int
    scope: CapScope
    at: int
    count: int = 1
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoringRules:
    """How the whole is scored. Shares (``completeness``, ``not_applicable_review``) are from 0 to 1."""

    aggregate: Aggregate = Aggregate.WEIGHTED_MEAN
    percent: bool = True
    completeness: Fraction = Fraction(4, 5)
    not_applicable_review: Fraction = Fraction(1, 5)
    provisional_when_critical_unanswered: bool = True
    bands: tuple[Band, ...] = ()
    caps: tuple[Cap, ...] = ()


@dataclass(frozen=True, slots=True)
class Descent:
    """Where one indicator comes from: ``sources`` are codes of the version before. ``retired`` ones carry their old code."""

    code: str
    relation: Relation
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replacement:
    """Which version this one replaces, and what became of every indicator; sorted by code."""

    version: str
    items: tuple[Descent, ...] = ()

    def equal(self) -> dict[str, str]:
        """The indicators whose answers carry over: the code before to the code now."""
        return {item.sources[0]: item.code for item in self.items if item.relation is Relation.EQUAL}


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire with its scoring rules, in one version. ``is_express`` marks the short form of it."""

    slug: str
    version: str
    languages: tuple[str, ...]
    title: LocalizedText
    scale: Scale
    scoring: ScoringRules
    sections: tuple[Section, ...]
    description: LocalizedText | None = None
    profile_questions: tuple[ProfileQuestion, ...] = ()
    laws: tuple[tuple[str, LocalizedText], ...] = ()
    replaces: Replacement | None = None
    is_express: bool = False
    by_code: Mapping[str, Indicator] = field(init=False, repr=False, compare=False)
    """All indicators by code, in order."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", {indicator.code: indicator for indicator in self.all_indicators()})

    def __hash__(self) -> int:
        """Cheap, so that caches keyed by an instrument cost nothing; equality still compares everything."""
        return hash((self.slug, self.version, self.is_express))

    def all_indicators(self) -> Iterator[Indicator]:
        """Every indicator, in the order people meet them."""
        for section in self.sections:
            yield from section.all_indicators()

    def all_sections(self) -> Iterator[Section]:
        """Every section at any depth, parents first."""
        for section in self.sections:
            yield from section.walk()

    def indicator(self, code: str) -> Indicator:
        """The indicator with this code. Raises KeyError."""
        return self.by_code[code]

    def scale_of(self, indicator: Indicator) -> Scale:
        """The scale an indicator is answered on."""
        return indicator.scale or self.scale

    def label_name(self, label: int, language: str) -> str:
        """What a label is called: the band's own name, else the level of the scale with that number, else digits."""
        named: Iterator[LocalizedText | None] = (band.name for band in self.scoring.bands if band.label == label)
        level_names = (level.name for level in self.scale.levels if level.level == label)
        name = next(named, None) or next(level_names, None)
        return name.in_language(language) if name else str(label)

    def express(self) -> Instrument:
        """The instrument for an express round: express indicators only.

        Sections left empty drop out, and so do caps that watch nothing any more. Profile questions and laws stay, so
        that the answers of an express round carry over to the full one, and back.
        """
        kept = {indicator.code for indicator in self.all_indicators() if indicator.express}
        caps = tuple(cap for cap in (_restricted_cap(cap, kept) for cap in self.scoring.caps) if cap)
        sections = tuple(filter(None, map(_express_section, self.sections)))
        return replace(self, sections=sections, scoring=replace(self.scoring, caps=caps), is_express=True)


def _express_section(section: Section) -> Section | None:
    """The section with express indicators only, or None when there is none."""
    sections = tuple(filter(None, map(_express_section, section.sections)))
    indicators = tuple(indicator for indicator in section.indicators if indicator.express)
    return replace(section, sections=sections, indicators=indicators) if sections or indicators else None


def _restricted_cap(cap: Cap, kept: set[str]) -> Cap | None:
    """The cap as it can still apply when only the indicators ``kept`` are asked."""
    if not cap.indicators:
        return cap
    watched = tuple(code for code in cap.indicators if code in kept)
    return replace(cap, indicators=watched) if len(watched) >= cap.count else None
