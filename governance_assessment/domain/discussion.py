"""What several people's answers to one indicator say before they talk: how they spread, and whether to talk at all.

Only counts come out of here. Who gave which answer stays with those who know it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .agreement import Agreement, agreement
from .answers import Answer, AnswerKind
from .instrument import Scale


@dataclass(frozen=True, slots=True)
class Spread:
    """The answers to one indicator, counted. ``levels`` holds every level of the scale, lowest first, zeros included."""

    levels: tuple[tuple[int, int], ...]
    not_applicable: int
    dont_know: int
    agreement: Agreement | None

    @property
    def voices(self) -> int:
        """How many people answered; "later" is no answer."""
        return sum(count for _level, count in self.levels) + self.not_applicable + self.dont_know

    @property
    def differs(self) -> bool:
        """Whether people did not all say the same."""
        return self._kinds > 1 or (self.agreement is not None and self.agreement.range > 0)

    @property
    def to_discuss(self) -> bool:
        """Whether to talk before settling: two levels apart or more, or answers of different kinds.

        "I don't know" beside a level is such a difference: the one who knows should tell the others.
        """
        return self._kinds > 1 or (self.agreement is not None and self.agreement.to_discuss)

    @property
    def suggested_level(self) -> int | None:
        """Between two neighbouring levels the lower one (OCAT): every part of a level must be true. None otherwise."""
        return self.agreement.lowest if self.agreement and self.differs and not self.to_discuss else None

    @property
    def _kinds(self) -> int:
        return sum((self.agreement is not None, self.not_applicable > 0, self.dont_know > 0))


def spread(answers: Iterable[Answer], scale: Scale) -> Spread:
    """How these answers spread over ``scale``."""
    given = list(answers)
    chosen = [answer.level for answer in given if answer.level is not None]
    counted = Counter(chosen)
    kinds = Counter(answer.kind for answer in given)
    return Spread(
        levels=tuple((level, counted[level]) for level in scale.choices),
        not_applicable=kinds[AnswerKind.NOT_APPLICABLE],
        dont_know=kinds[AnswerKind.DONT_KNOW],
        agreement=agreement(chosen, len(scale.choices)),
    )
