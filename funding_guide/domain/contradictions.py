"""Rules that no association could ever meet together: refused when a call is read, not found out by those who apply."""

from __future__ import annotations

from collections.abc import Iterator

from nassij.common.plain_data import pointer

from .call import Call
from .problems import Problem, ProblemCode
from .rules import AllOf, AmountWithin, FieldAmong, ReceiptHeld, Rule, SeatAmong

Placed = tuple[str, Rule]


def contradictions(call: Call) -> Iterator[Problem]:
    """What cannot be true at once among the rules that must all hold, here and inside each ``all_of``."""
    placed: list[Placed] = [(_implied_place(rule), rule) for rule in call.implied_rules]
    placed += [(pointer("/rules", index), rule) for index, rule in enumerate(call.rules)]
    yield from _together(_unfolded(placed))
    for path, rule in placed:
        yield from _inside(path, rule, placed)


def _implied_place(rule: Rule) -> str:
    return {"seat": "/territory", "field": "/fields"}.get(rule.code, "/amounts")


def _unfolded(placed: list[Placed]) -> list[Placed]:
    """The rules with those inside ``all_of`` brought up: they must hold as well."""
    found: list[Placed] = []
    for path, rule in placed:
        if isinstance(rule, AllOf):
            parts: list[Placed] = [(pointer(f"{path}/rules", index), part) for index, part in enumerate(rule.rules)]
            found += _unfolded(parts)
        else:
            found.append((path, rule))
    return found


def _inside(path: str, rule: Rule, around: list[Placed]) -> Iterator[Problem]:
    """An alternative that contradicts itself, or what must hold anyway, can never be taken."""
    parts: tuple[Rule, ...] = getattr(rule, "rules", ())
    if not parts or isinstance(rule, AllOf):
        return
    others = [placed for placed in _unfolded(around) if placed[0] != path]
    for index, part in enumerate(parts):
        place = pointer(f"{path}/rules", index)
        yield from (
            problem for problem in _together([*others, *_unfolded([(place, part)])]) if problem.path.startswith(place)
        )
        yield from _inside(place, part, others)


def _together(placed: list[Placed]) -> Iterator[Problem]:
    """The first pair of each kind that excludes itself, reported at the later rule."""
    for later, (path, rule) in enumerate(placed):
        if isinstance(rule, AmountWithin) and _crossed(rule, rule):
            yield Problem(ProblemCode.MINIMUM_ABOVE_MAXIMUM, path)
            continue
        for earlier_path, earlier in placed[:later]:
            if _exclude(earlier, rule):
                yield Problem(ProblemCode.CONTRADICTION, path, {"other": earlier_path})
                break
            if _same_question(earlier, rule):
                yield Problem(ProblemCode.SAID_TWICE, path, {"other": earlier_path})
                break


def _exclude(one: Rule, other: Rule) -> bool:
    if isinstance(one, AmountWithin) and isinstance(other, AmountWithin):
        return _crossed(one, other) or _crossed(other, one)
    if isinstance(one, FieldAmong) and isinstance(other, FieldAmong):
        return not one.fields & other.fields
    if isinstance(one, SeatAmong) and isinstance(other, SeatAmong):
        same_level = not (one.regions or other.regions) or not (one.provinces or other.provinces)
        return same_level and not (one.provinces & other.provinces or one.regions & other.regions)
    return False


def _crossed(lower: AmountWithin, upper: AmountWithin) -> bool:
    return lower.minimum is not None and upper.maximum is not None and lower.minimum > upper.maximum


def _same_question(one: Rule, other: Rule) -> bool:
    """A receipt asked for twice with different answers leaves the reader to guess which one holds."""
    return (
        isinstance(one, ReceiptHeld)
        and isinstance(other, ReceiptHeld)
        and one.provisional_accepted != other.provisional_accepted
    )
