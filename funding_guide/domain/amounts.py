"""The money of a call, in dirhams (MAD)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

#: Money and percentages are kept to the centime.
CENTIME = Decimal("0.01")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a call gives at least and at most to one project, and the share of the whole budget that must come from elsewhere.

    ``own_percent`` is a percentage of the project's total, 0 to 100. ``None``: the call says nothing about it.
    """

    minimum: Decimal | None = None
    maximum: Decimal | None = None
    own_percent: Decimal | None = None


def own_needed(total: Decimal, percent: Decimal) -> Decimal:
    """The smallest own contribution to a budget of ``total`` that is ``percent`` of it, rounded up to the centime.

    >>> own_needed(Decimal("1000.01"), Decimal(10))
    Decimal('100.01')
    """
    return (total * percent / HUNDRED).quantize(CENTIME, rounding=ROUND_CEILING)
