"""What changed between two rounds, on equal questions only.

Both sets are scored by one instrument, and only on the indicators that both answered with a level: a dimension that gained a
question, or lost an answer, must not look as if the association had changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from .answers import Answer, AnswerSet
from .instrument import Instrument
from .scoring import score


@dataclass(frozen=True, slots=True)
class LevelChange:
    """One indicator answered both times: its code now, and the two levels."""

    code: str
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """A section (``code`` ``""``: the whole) on the ``count`` indicators that can be compared; exact scores."""

    code: str
    before: Fraction
    now: Fraction
    count: int

    @property
    def difference(self) -> Fraction:
        """What was gained; below zero what was lost."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Compared:
    """Two sets of answers side by side. ``sections`` holds the top ones with something to compare, in order."""

    overall: ScoreChange
    sections: tuple[ScoreChange, ...]
    levels: tuple[LevelChange, ...]

    @property
    def raised(self) -> tuple[LevelChange, ...]:
        """Indicators that went up."""
        return tuple(change for change in self.levels if change.now > change.before)

    @property
    def lowered(self) -> tuple[LevelChange, ...]:
        """Indicators that went down."""
        return tuple(change for change in self.levels if change.now < change.before)


def compare(instrument: Instrument, before: Mapping[str, Answer], now: Mapping[str, Answer]) -> Compared | None:
    """``now`` against ``before``, both by the codes of ``instrument``; None when nothing can be compared."""
    levels = tuple(
        LevelChange(code, before_level, now_level)
        for code, indicator in instrument.by_code.items()
        if (before_level := _level(before, code)) in (scale := instrument.scale_of(indicator))
        and (now_level := _level(now, code)) in scale
    )
    if not levels:
        return None
    counts = {change.code: 1 for change in levels}
    scorer = _on_what_is_answered(instrument)
    then = score(scorer, AnswerSet({change.code: Answer.of_level(change.before) for change in levels}))
    today = score(scorer, AnswerSet({change.code: Answer.of_level(change.now) for change in levels}))
    sections = tuple(
        ScoreChange(section.code, was.score, found.score, sum(counts.get(i.code, 0) for i in section.all_indicators()))
        for section, was, found in zip(instrument.sections, then.sections, today.sections, strict=True)
        if was.score is not None and found.score is not None
    )
    if then.overall.score is None or today.overall.score is None:
        return None
    return Compared(ScoreChange("", then.overall.score, today.overall.score, len(levels)), sections, levels)


def _level(answers: Mapping[str, Answer], code: str) -> int:
    """The level given, -1 (on no scale) where none was."""
    answer = answers.get(code)
    return -1 if answer is None or answer.level is None else answer.level


@lru_cache(maxsize=32)
def _on_what_is_answered(instrument: Instrument) -> Instrument:
    """The instrument with every dimension published however little of it is answered: here that is the point."""
    return replace(instrument, scoring=replace(instrument.scoring, completeness=Fraction(0), caps=()))
