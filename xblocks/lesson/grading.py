"""Judging an answer to a self-check. Pure: the same answer gets the same verdict on every page, script or not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from .model import Choice, SelfCheck

RIGHT, PARTLY, WRONG = "right", "partly", "wrong"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`outcome` is right, partly (something right was found, but not all or not only) or wrong; `chosen` in the order shown."""

    outcome: str
    chosen: tuple[Choice, ...]

    @property
    def correct(self) -> bool:
        return self.outcome == RIGHT


def grade(check: SelfCheck, chosen: Collection[str]) -> Verdict:
    """The verdict on the choices with the ids `chosen`; ids that the check does not have any more are left out."""
    picked = tuple(choice for choice in check.choices if choice.id in chosen)
    right = {choice.id for choice in check.choices if choice.correct}
    found = {choice.id for choice in picked}
    if found == right:
        return Verdict(RIGHT, picked)
    return Verdict(PARTLY if found & right else WRONG, picked)


def missed(check: SelfCheck, verdict: Verdict) -> tuple[Choice, ...]:
    """The right choices that were not picked."""
    return tuple(choice for choice in check.choices if choice.correct and choice not in verdict.chosen)
