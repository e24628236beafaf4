"""Four answers and how several of them make one."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Verdict(IntEnum):
    """What a rule, or a whole call, says. Ordered: of several answers that must all hold the lowest decides, of alternatives the
    highest.

    ``NO`` cannot be mended before the call closes, ``NOT_YET`` can. ``UNKNOWN`` says that nobody has told us: it stands above
    ``NOT_YET`` because what is missing is missing whatever the answer will be, and below ``YES`` because not knowing is not
    having. So an unknown never becomes a yes, and an answer to it never makes another rule better or worse.
    """

    NO = 0
    NOT_YET = 1
    UNKNOWN = 2
    YES = 3

    @property
    def word(self) -> str:
        """The stable word of data and API: ``no``, ``not_yet``, ``unknown``, ``yes``."""
        return self.name.lower()


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """What several rules say together when each must hold; ``YES`` for no rule at all."""
    return min(verdicts, default=Verdict.YES)


def best(verdicts: Iterable[Verdict]) -> Verdict:
    """What several alternatives say together; there must be one at least."""
    return max(verdicts)
