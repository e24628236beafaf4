"""What stands beside a result, in words: what the coach found differently, and the round before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from nassij.common.numbers import format_number

from ..data import CoachKind
from .comparison import Comparison
from .outcome import ResultData

#: Code and level of an indicator to its title, its address and what the level is called.
Named = Callable[[str, int | None], tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One question on which the coach says something else, or something more."""

    title: str
    url: str
    own: str
    found: str
    comment: str
    is_same: bool


@dataclass(frozen=True, slots=True)
class Differences:
    """Both words side by side: the questions with something to read, and how many of all are the same."""

    points: tuple[Difference, ...]
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class Previous:
    """The round before: `gained` what the whole changed by, on `compared` questions; `left_out` the others."""

    number: int
    at: datetime
    gained: str
    compared: int
    left_out: int
    raised: int
    lowered: int


def differences(
    result: ResultData, own: Iterable[Mapping[str, Any]], found: Iterable[Mapping[str, Any]], named: Named
) -> Differences:
    """The coach's word on each question beside the association's, in the language that is active."""
    coach = {leaf["code"]: leaf for leaf in found}
    points, changed, same = [], 0, 0
    for leaf in own:
        code = leaf["code"]
        beside = result.validated_details.get(code)
        if beside is None:
            continue
        is_same = (leaf["status"], leaf["level"]) == (coach[code]["status"], coach[code]["level"])
        changed, same = changed + (not is_same), same + is_same
        nothing_shows_it = beside["kind"] == CoachKind.NO_EVIDENCE
        if is_same and not beside["comment"] and not nothing_shows_it:
            continue
        title, url, said = named(code, leaf["level"])
        points.append(
            Difference(
                title=title,
                url=url,
                own=said or _status(leaf["status"]),
                found=_found(named(code, coach[code]["level"])[2], coach[code]["status"], nothing=nothing_shows_it),
                comment=beside["comment"],
                is_same=is_same,
            )
        )
    return Differences(tuple(points), changed, same)


def _status(status: str) -> str:
    words = {"dont_know": _("I don't know"), "not_applicable": _("Does not apply to us")}
    return words.get(status, _("No answer"))


def _found(level: str, status: str, *, nothing: bool) -> str:
    """What the coach found. No evidence counts as the lowest level, and says so."""
    if nothing:
        return _("nothing shows it, so it counts as “%(level)s”") % {"level": level}
    return level or _("Does not apply") if status == "not_applicable" else level or _status(status)


def previous_words(found: Comparison, language: str) -> Previous:
    """The change since the round before, with figures in the language's digits."""
    return Previous(
        number=found.previous_number,
        at=found.previous_at,
        gained=format_number(found.overall.difference, language, decimals=1, signed=True),
        compared=found.compared,
        left_out=found.left_out,
        raised=len(found.raised),
        lowered=len(found.lowered),
    )
