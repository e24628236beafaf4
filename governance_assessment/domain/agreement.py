"""How far the respondents of one association agree, and what they agree on.

For the three to seven people who usually answer, median, range and average deviation say it best; r_wg is given for those
who know it. Krippendorff's alpha is for coach against coach. Individual answers never become a mean: the association
settles one consensus answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import product

from .answers import Answer, AnswerKind, AnswerSet

#: From this many levels between the highest and the lowest answer, people should talk before they settle.
RANGE_TO_DISCUSS = 2


@dataclass(frozen=True, slots=True)
class Agreement:
    """The levels several people chose for one indicator.

    ``average_deviation`` is the mean distance to the median, in levels. ``r_wg`` is 1 - s² / ((A² - 1) / 12) with s² the
    sample variance and A the number of levels (James, Demaree and Wolf; uniform baseline): 1 is perfect, 0 is what
    chance gives, below 0 is two camps; None for fewer than two people.
    """

    count: int
    median: Fraction
    lowest: int
    highest: int
    average_deviation: Fraction
    r_wg: Fraction | None

    @property
    def range(self) -> int:
        """Levels between the highest and the lowest answer."""
        return self.highest - self.lowest

    @property
    def to_discuss(self) -> bool:
        """Whether people are far enough apart to talk about it first."""
        return self.range >= RANGE_TO_DISCUSS


def agreement(levels: Iterable[int], level_count: int = 4) -> Agreement | None:
    """How the chosen levels spread, on a scale of ``level_count`` (2 or more) levels; None when nobody chose one."""
    chosen = sorted(levels)
    if not chosen:
        return None
    median = _median(chosen)
    deviation = sum((abs(level - median) for level in chosen), Fraction(0)) / len(chosen)
    return Agreement(len(chosen), median, chosen[0], chosen[-1], deviation, _r_wg(chosen, level_count))


def _median(ordered: Sequence[int]) -> Fraction:
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Fraction(ordered[middle])
    return Fraction(ordered[middle - 1] + ordered[middle], 2)


def _r_wg(levels: Sequence[int], level_count: int) -> Fraction | None:
    count = len(levels)
    if count < 2:
        return None
    mean = Fraction(sum(levels), count)
    variance = sum(((level - mean) ** 2 for level in levels), Fraction(0)) / (count - 1)
    return 1 - variance / Fraction(level_count**2 - 1, 12)


# --- Krippendorff's alpha -------------------------------------------------------------------------------


class Metric(StrEnum):
    """How far apart two values are: different or not, by rank, or by size."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


def krippendorff_alpha(coders: Sequence[Sequence[int | None]], metric: Metric = Metric.ORDINAL) -> Fraction | None:
    """Krippendorff's alpha, exact: 1 is agreement, 0 is chance.

    ``coders`` holds one row per person, all of one length, one column per unit, None where a person gave nothing. Units
    with fewer than two values say nothing and are left out. None when there is nothing to compare, or all values are
    the same (nothing could have disagreed). Computed from the definition by coincidences (Krippendorff 2011).
    """
    units = [[value for value in unit if value is not None] for unit in zip(*coders, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    totals = Counter(value for unit in units for value in unit)
    distance = _distances(totals, metric)
    pairs = sum(totals.values())
    expected = sum(totals[a] * totals[b] * distance[a, b] for a, b in distance)
    if not expected:
        return None
    observed = sum((_disagreement(unit, distance) for unit in units), Fraction(0))
    return 1 - (pairs - 1) * observed / expected


def _disagreement(unit: Sequence[int], distance: Mapping[tuple[int, int], Fraction]) -> Fraction:
    counts = Counter(unit)
    total = sum((counts[a] * counts[b] * distance[a, b] for a, b in product(counts, repeat=2)), Fraction(0))
    return total / (len(unit) - 1)


def _distances(totals: Mapping[int, int], metric: Metric) -> dict[tuple[int, int], Fraction]:
    """Squared distance between every two values that occur."""
    return {(a, b): _distance(min(a, b), max(a, b), totals, metric) for a, b in product(totals, repeat=2)}


def _distance(low: int, high: int, totals: Mapping[int, int], metric: Metric) -> Fraction:
    if metric is Metric.NOMINAL:
        return Fraction(low != high)
    if metric is Metric.INTERVAL:
        return Fraction((high - low) ** 2)
    between = sum(count for value, count in totals.items() if low <= value <= high)
    return (between - Fraction(totals[low] + totals[high], 2)) ** 2


# --- Consensus ------------------------------------------------------------------------------------------


class OpenBecause(StrEnum):
    """Why there is no common answer yet."""

    DIFFERS = "differs"
    NOBODY_ANSWERED = "nobody_answered"


@dataclass(frozen=True, slots=True)
class Consensus:
    """The answer everyone gave, or why there is none. ``respondents``: how many answered this indicator."""

    answer: Answer | None
    reason: OpenBecause | None
    respondents: int


def sole_consensus(answer_sets: Sequence[AnswerSet]) -> dict[str, Consensus]:
    """For each indicator that occurs, the answer common to all who answered it; one person is enough.

    "Don't know" is an answer, so someone who does not know and someone who does differ: only the association can say
    who is right. "Later" is none. Different reasons for the same "not applicable" are all kept, a line each.
    """
    codes = dict.fromkeys(code for answers in answer_sets for code in answers.answers)
    return {code: _consensus([a.answers[code] for a in answer_sets if code in a.answers]) for code in codes}


def _consensus(answers: Sequence[Answer]) -> Consensus:
    given = [answer for answer in answers if answer.kind is not AnswerKind.SKIPPED]
    if not given:
        return Consensus(None, OpenBecause.NOBODY_ANSWERED, 0)
    if len({(answer.kind, answer.level) for answer in given}) > 1:
        return Consensus(None, OpenBecause.DIFFERS, len(given))
    reasons = dict.fromkeys(reason for answer in given if (reason := answer.reason.strip()))
    first = given[0]
    return Consensus(Answer(first.kind, first.level, "\n".join(reasons)), None, len(given))
