"""Judging an answer to a self-check. Pure: the same answer gets the same verdict on every page, script or not.

An answer is a tuple of texts: the ids chosen (`single`, `multiple`), all ids in the order they were put in (`order`), `id:key` of
a choice and of the half it was given (`match`; the keys are `shuffling`'s), or the number as it was typed (`number`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .model import Choice, SelfCheck
from .numeric import exact, readings
from .shuffling import halves

RIGHT, PARTLY, WRONG = "right", "partly", "wrong"


@dataclass(frozen=True, slots=True)
class Judged:
    """One part of an answer: the choice it is about, whether it is right, and what it was given (the other half of a pair)."""

    choice: Choice
    right: bool
    given: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`outcome` is right, partly (something right was found, but not all or not only) or wrong; `parts` in the order shown."""

    outcome: str
    parts: tuple[Judged, ...]
    answer: tuple[str, ...] = ()

    @property
    def correct(self) -> bool:
        return self.outcome == RIGHT

    @property
    def chosen(self) -> tuple[Choice, ...]:
        return tuple(part.choice for part in self.parts)


def grade(check: SelfCheck, answer: Collection[str]) -> Verdict:
    """The verdict on `answer`; ids that the check does not have any more are left out."""
    return _JUDGES[check.kind](check, tuple(answer))


def missed(check: SelfCheck, verdict: Verdict) -> tuple[Choice, ...]:
    """What the answer should have had: the right choices not picked, the pairs that are wrong, the right order, the value."""
    if verdict.correct:
        return ()
    if check.kind == "order":
        return check.choices
    if check.kind == "match":
        right = {part.choice.id for part in verdict.parts if part.right}
        return tuple(choice for choice in check.choices if choice.id not in right)
    return tuple(choice for choice in check.choices if choice.correct and choice not in verdict.chosen)


def pairs(answer: Collection[str]) -> dict[str, str]:
    """`id:value` texts as a mapping; others are left out."""
    return {first: second for text in answer for first, mark, second in [text.partition(":")] if mark}


def _chosen(check: SelfCheck, answer: tuple[str, ...]) -> Verdict:
    picked = tuple(choice for choice in check.choices if choice.id in answer)
    right = {choice.id for choice in check.choices if choice.correct}
    found = {choice.id for choice in picked}
    outcome = RIGHT if found == right else PARTLY if found & right else WRONG
    return Verdict(outcome, tuple(Judged(choice, choice.correct) for choice in picked), answer)


def _ordered(check: SelfCheck, answer: tuple[str, ...]) -> Verdict:
    """Right are the parts that already stand in order among themselves: the fewest that would have to be moved are not."""
    places = {choice.id: place for place, choice in enumerate(check.choices)}
    given = [places[choice_id] for choice_id in dict.fromkeys(answer) if choice_id in places]
    kept = set(_rising(given))
    judged = tuple(Judged(check.choices[place], place in kept) for place in given)
    complete = len(given) == len(check.choices)
    outcome = RIGHT if complete and len(kept) == len(given) else PARTLY if len(kept) * 2 > len(places) else WRONG
    return Verdict(outcome, judged, answer)


def _rising(places: Sequence[int]) -> list[int]:
    """The longest part of `places` that rises from left to right."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for place in places:
        at = bisect_left(ends, place)
        before[place] = ends[at - 1] if at else None
        ends[at : at + 1] = [place]
    found: list[int] = []
    last = ends[-1] if ends else None
    while last is not None:
        found.append(last)
        last = before[last]
    return found


def _matched(check: SelfCheck, answer: tuple[str, ...]) -> Verdict:
    given, known = pairs(answer), halves(check)
    parts = []
    for choice in check.choices:
        half = known.get(given.get(choice.id, ""))
        if half is not None:
            parts.append(Judged(choice, half == choice.match, half))
    right = sum(part.right for part in parts)
    outcome = RIGHT if right == len(check.choices) else PARTLY if right else WRONG
    return Verdict(outcome, tuple(parts), answer)


def _number(check: SelfCheck, answer: tuple[str, ...]) -> Verdict:
    """A number that may be read in two ways is right when one of them is."""
    typed = readings(answer[0]) if answer else ()
    tolerance = exact(check.tolerance) or Decimal(0)
    near = [
        choice
        for choice in sorted(check.choices, key=lambda choice: not choice.correct)
        if (value := exact(choice.text)) is not None and any(abs(value - number) <= tolerance for number in typed)
    ]
    if not near:
        return Verdict(WRONG, (), answer)
    return Verdict(RIGHT if near[0].correct else WRONG, (Judged(near[0], near[0].correct),), answer)


_JUDGES: Mapping[str, Callable[[SelfCheck, tuple[str, ...]], Verdict]] = {
    "single": _chosen,
    "multiple": _chosen,
    "order": _ordered,
    "match": _matched,
    "number": _number,
}
