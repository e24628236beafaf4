"""Rules that no association could ever meet together: refused when a call is read, not found out by those who apply."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from types import MappingProxyType

from nassij.common.plain_data import pointer

from .call import Call
from .problems import Problem, ProblemCode
from .rules import AllOf, AnyOf, ReceiptHeld, Rule
from .spaces import EVERYTHING, RegionOf, Space, space_of

Placed = tuple[str, Rule]
Left = tuple[str, Space]
"""A place and what the rule there leaves open."""
_NO_PLACES: Mapping[str, str] = MappingProxyType({})


def contradictions(call: Call, region_of: RegionOf = _NO_PLACES) -> Iterator[Problem]:
    """What cannot be true at once among the rules that must all hold, and each alternative that nobody could take.

    Without ``region_of`` (province to its region) a province is taken to lie in any region.
    """
    placed: list[Placed] = [(_implied_place(rule), rule) for rule in call.implied_rules]
    placed += [(pointer("/rules", index), rule) for index, rule in enumerate(call.rules)]
    yield from _together(placed, Around(), region_of)


def _implied_place(rule: Rule) -> str:
    return {"seat": "/territory", "field": "/fields"}.get(rule.code, "/amounts")


@dataclass(frozen=True, slots=True)
class Around:
    """What must hold beside some rules: where it stands, and what it leaves open together."""

    left: Sequence[Left] = ()
    space: Space = EVERYTHING


def _together(placed: Sequence[Placed], around: Around, region_of: RegionOf) -> Iterator[Problem]:
    """What is wrong among rules that must all hold, where what is around them must hold too."""
    placed = _unfolded(placed)
    yield from _receipts(placed)
    left = [(path, space_of(rule, region_of)) for path, rule in placed]
    impossible = {path for path, space in left if space.is_empty}
    for path, rule in placed:
        if path in impossible:
            yield from _impossible(path, rule, region_of)
    if impossible:
        return
    before = list(accumulate((space for _path, space in left), _narrowing(region_of), initial=around.space))
    for index, (path, space) in enumerate(left):
        if before[index + 1].is_empty:
            other = _against(space, [*around.left, *left[:index]], region_of)
            yield Problem(ProblemCode.CONTRADICTION, path, {"other": other})
            return
    after = list(accumulate((space for _path, space in reversed(left)), _narrowing(region_of), initial=EVERYTHING))[
        ::-1
    ]
    for index, (path, rule) in enumerate(placed):
        if isinstance(rule, AnyOf):
            others = [*around.left, *left[:index], *left[index + 1 :]]
            yield from _alternatives(
                path, rule, Around(others, before[index].both(after[index + 1], region_of)), region_of
            )


def _narrowing(region_of: RegionOf) -> Callable[[Space, Space], Space]:
    return lambda one, two: one.both(two, region_of)


def _impossible(path: str, rule: Rule, region_of: RegionOf) -> Iterator[Problem]:
    """Why nobody can meet a rule, whatever else is asked."""
    if isinstance(rule, AnyOf):
        yield from _alternatives(path, rule, Around(), region_of)
    else:
        yield Problem(ProblemCode.MINIMUM_ABOVE_MAXIMUM, path)


def _alternatives(path: str, rule: AnyOf, around: Around, region_of: RegionOf) -> Iterator[Problem]:
    """The ways of ``rule`` that nobody can take: one that contradicts itself, or what must hold anyway."""
    for index, part in enumerate(rule.rules):
        yield from _together([(pointer(f"{path}/rules", index), part)], around, region_of)


def _against(space: Space, others: Sequence[Left], region_of: RegionOf) -> str:
    """Where the rules stand that leave nothing of ``space``: the one that does alone, or else all that bound anything."""
    alone = [path for path, other in others if other.both(space, region_of).is_empty]
    return alone[0] if alone else ", ".join(path for path, other in others if other != EVERYTHING)


def _unfolded(placed: Sequence[Placed]) -> list[Placed]:
    """The rules with those inside ``all_of`` brought up: they must hold as well."""
    found: list[Placed] = []
    for path, rule in placed:
        if isinstance(rule, AllOf):
            found += _unfolded([(pointer(f"{path}/rules", index), part) for index, part in enumerate(rule.rules)])
        else:
            found.append((path, rule))
    return found


def _receipts(placed: Sequence[Placed]) -> Iterator[Problem]:
    """A receipt asked for twice with different answers leaves the reader to guess which one holds."""
    first: Placed | None = None
    for path, rule in placed:
        if not isinstance(rule, ReceiptHeld):
            continue
        if first is None:
            first = path, rule
        elif isinstance(first[1], ReceiptHeld) and first[1].provisional_accepted != rule.provisional_accepted:
            yield Problem(ProblemCode.SAID_TWICE, path, {"other": first[0]})
