"""What rules leave open: the fields, seats and amounts that still meet them. Together they narrow it, alternatives widen it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import TypeVar

from .rules import AllOf, AmountWithin, AnyOf, FieldAmong, Rule, SeatAmong

T = TypeVar("T")
RegionOf = Mapping[str, str]
"""Province to its region, codes of the reference data; a province that is absent may lie in any region."""


@dataclass(frozen=True, slots=True)
class Seats:
    """Where the seat may be: anywhere in these regions, and in these provinces."""

    regions: frozenset[str]
    provinces: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.regions or self.provinces)

    def both(self, other: Seats, region_of: RegionOf) -> Seats:
        """The places that lie in either."""
        mine = {place for place in self.provinces if other._may_hold(place, region_of)}
        theirs = {place for place in other.provinces if self._may_hold(place, region_of)}
        return Seats(self.regions & other.regions, frozenset(mine | theirs))

    def either(self, other: Seats) -> Seats:
        """The places that lie in one of them."""
        return Seats(self.regions | other.regions, self.provinces | other.provinces)

    def _may_hold(self, province: str, region_of: RegionOf) -> bool:
        if province in self.provinces:
            return True
        region = region_of.get(province)
        return bool(self.regions) if region is None else region in self.regions


@dataclass(frozen=True, slots=True)
class Space:
    """What is left open of each of the three; ``None``: everything."""

    fields: frozenset[str] | None = None
    seats: Seats | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nobody can lie in it."""
        crossed = self.minimum is not None and self.maximum is not None and self.minimum > self.maximum
        return crossed or (self.fields is not None and not self.fields) or (self.seats is not None and not self.seats)

    def both(self, other: Space, region_of: RegionOf) -> Space:
        """What meets this and the other."""
        return Space(
            fields=_both(self.fields, other.fields, frozenset.__and__),
            seats=_both(self.seats, other.seats, lambda one, two: one.both(two, region_of)),
            minimum=_both(self.minimum, other.minimum, max),
            maximum=_both(self.maximum, other.maximum, min),
        )

    def either(self, other: Space) -> Space:
        """What meets one of them, never less; a little more where an alternative ties two of the three together."""
        return Space(
            fields=_either(self.fields, other.fields, frozenset.__or__),
            seats=_either(self.seats, other.seats, Seats.either),
            minimum=_either(self.minimum, other.minimum, min),
            maximum=_either(self.maximum, other.maximum, max),
        )


EVERYTHING = Space()


def space_of(rule: Rule, region_of: RegionOf) -> Space:
    """What ``rule`` leaves open; rules about anything else leave everything."""
    match rule:
        case FieldAmong(fields=fields):
            return Space(fields=fields)
        case SeatAmong(regions=regions, provinces=provinces):
            return Space(seats=Seats(regions, provinces))
        case AmountWithin(minimum=minimum, maximum=maximum):
            return Space(minimum=minimum, maximum=maximum)
        case AllOf(rules=parts):
            return meeting((space_of(part, region_of) for part in parts), region_of)
        case AnyOf(rules=parts):
            spaces = [space_of(part, region_of) for part in parts]
            return reduce(Space.either, [space for space in spaces if not space.is_empty] or spaces)
        case _:
            return EVERYTHING


def meeting(spaces: Iterable[Space], region_of: RegionOf) -> Space:
    """What meets all of them."""
    return reduce(lambda one, two: one.both(two, region_of), spaces, EVERYTHING)


def _both(one: T | None, other: T | None, join: Callable[[T, T], T]) -> T | None:
    return other if one is None else one if other is None else join(one, other)


def _either(one: T | None, other: T | None, join: Callable[[T, T], T]) -> T | None:
    return None if one is None or other is None else join(one, other)
