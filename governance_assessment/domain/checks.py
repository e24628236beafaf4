"""What a schema cannot see: problems that show only when two places of an instrument are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from .instrument import Band, Cap, Indicator, Instrument, Scale, Section
from .lineage import declaration_problems
from .problems import ParamValue, Problem, ProblemCode, pointer

PERCENT = 100


#: Where each kind of problem looks besides its own place. What was already refused there says nothing here.
_RESTS_ON = {
    ProblemCode.LEVEL_OUT_OF_SCALE: r".*/scale(/.*)?",
    ProblemCode.MISSING_LEVEL: r".*/scale(/.*)?",
    ProblemCode.UNKNOWN_PROFILE_QUESTION: r"/profile_questions.*",
    ProblemCode.UNKNOWN_LAW: r"/laws.*",
    ProblemCode.BANDS_NOT_ASCENDING: r"/scoring/bands.*",
    ProblemCode.LABELS_NOT_ASCENDING: r"/scoring/bands.*",
    ProblemCode.BAND_ABOVE_MAXIMUM: r"/scoring/percent",
    ProblemCode.UNKNOWN_LABEL: r"/scoring/bands.*",
    ProblemCode.UNKNOWN_INDICATOR: r"/sections(/[0-9]+|/sections|/indicators)*(/code)?",
    ProblemCode.NOT_DECLARED: r"/(replaces|sections).*",
    ProblemCode.CAP_NEVER_APPLIES: r"/sections(/[0-9]+|/sections|/indicators)*(/code|/critical)?",
    ProblemCode.CAP_LEVEL_OUT_OF_SCALE: r".*/scale(/.*)?",
}


def sense_problems(instrument: Instrument) -> Iterator[Problem]:
    """Every contradiction in an instrument."""
    sections = list(_walk_sections(instrument.sections, "/sections"))
    indicators = [
        (f"{path}/indicators/{index}", indicator)
        for path, section in sections
        for index, indicator in enumerate(section.indicators)
    ]
    caps = _listed(instrument.scoring.caps, "/scoring/caps")
    for coded in (sections, indicators, _listed(instrument.profile_questions, "/profile_questions"), caps):
        yield from _duplicates(coded)
    for path, indicator in indicators:
        yield from _indicator_problems(instrument, path, indicator)
    yield from _band_problems(instrument)
    for path, cap in caps:
        yield from _cap_problems(instrument, path, cap)
    yield from declaration_problems(instrument)


def without_echoes(found: Iterable[Problem], earlier: Sequence[Problem]) -> list[Problem]:
    """``found`` less what only repeats an ``earlier`` problem of the same place, or of one it was compared with."""
    paths = {problem.path for problem in earlier}
    return [problem for problem in found if not any(_is_echo(problem, path) for path in paths)]


def _is_echo(problem: Problem, path: str) -> bool:
    rests_on = _RESTS_ON.get(problem.code)
    same_place = f"{problem.path}/".startswith(f"{path}/") or path.startswith(f"{problem.path}/")
    return same_place or (rests_on is not None and re.fullmatch(rests_on, path) is not None)


def _walk_sections(sections: Iterable[Section], path: str) -> Iterator[tuple[str, Section]]:
    for index, section in enumerate(sections):
        here = pointer(path, index)
        yield here, section
        yield from _walk_sections(section.sections, f"{here}/sections")


def _listed(items: Iterable[Any], path: str) -> list[tuple[str, Any]]:
    return [(pointer(path, index), item) for index, item in enumerate(items)]


def _duplicates(coded: Iterable[tuple[str, Any]]) -> Iterator[Problem]:
    """Codes used twice. Sections and indicators are told apart: "1" may be a section and an indicator.

    "a1" and "A1" are one code: so they are to the platform's database, which would take an answer to one for the other.
    """
    first: dict[str, str] = {}
    for path, item in coded:
        if not item.code:
            continue  # refused before
        code = item.code.lower()
        if code in first:
            yield _problem(ProblemCode.DUPLICATE_CODE, f"{path}/code", value=item.code, first=first[code])
        first.setdefault(code, path)


def _indicator_problems(instrument: Instrument, path: str, indicator: Indicator) -> Iterator[Problem]:
    questions = {question.code for question in instrument.profile_questions}
    if indicator.applies_if is not None and indicator.applies_if not in questions:
        yield _problem(ProblemCode.UNKNOWN_PROFILE_QUESTION, f"{path}/applies_if", value=indicator.applies_if)
    known_laws = {code for code, _text in instrument.laws}
    for index, law in enumerate(indicator.laws):
        if law not in known_laws:
            yield _problem(ProblemCode.UNKNOWN_LAW, f"{path}/laws/{index}", value=law)
    if indicator.levels:
        described = [level for level, _text in indicator.levels]
        yield from _level_problems(instrument.scale_of(indicator), described, f"{path}/levels")


def _level_problems(scale: Scale, described: list[int], path: str) -> Iterator[Problem]:
    for level in described:
        if level not in scale:
            bounds = {"minimum": scale.minimum, "maximum": scale.maximum}
            yield _problem(ProblemCode.LEVEL_OUT_OF_SCALE, pointer(path, level), level=level, **bounds)
    missing = next((level for level in scale.choices if level not in described), None)
    if missing is not None:
        yield _problem(ProblemCode.MISSING_LEVEL, path, level=missing)


def _band_problems(instrument: Instrument) -> Iterator[Problem]:
    """Bands start at zero and rise, so that every score has exactly one: no gap (IGNITE-1), no overlap (ORC-1)."""
    bands = instrument.scoring.bands
    if bands and bands[0].start != 0:
        yield _problem(ProblemCode.BANDS_NOT_FROM_ZERO, "/scoring/bands/0/from")
    for index, (band, following) in enumerate(pairwise(bands), start=1):
        yield from _band_order_problems(f"/scoring/bands/{index}", band, following)
    for path, band in _listed(bands, "/scoring/bands"):
        if instrument.scoring.percent and band.start > PERCENT:
            yield _problem(ProblemCode.BAND_ABOVE_MAXIMUM, f"{path}/from", maximum=PERCENT)


def _band_order_problems(path: str, band: Band, following: Band) -> Iterator[Problem]:
    if following.start <= band.start:
        yield _problem(ProblemCode.BANDS_NOT_ASCENDING, f"{path}/from", value=str(following.start))
    if following.label <= band.label:
        yield _problem(ProblemCode.LABELS_NOT_ASCENDING, f"{path}/label", value=following.label)


def _cap_problems(instrument: Instrument, path: str, cap: Cap) -> Iterator[Problem]:
    if cap.label_max not in {band.label for band in instrument.scoring.bands}:
        yield _problem(ProblemCode.UNKNOWN_LABEL, f"{path}/label_max", value=cap.label_max)
    everything = list(instrument.all_indicators())
    by_code = {indicator.code: indicator for indicator in reversed(everything)}  # of two with one code, the first
    for index, code in enumerate(cap.indicators):
        if code not in by_code:
            yield _problem(ProblemCode.UNKNOWN_INDICATOR, f"{path}/when/indicators/{index}", value=code)
    if cap.indicators:
        watched = [by_code[code] for code in cap.indicators if code in by_code]
    else:
        watched = [indicator for indicator in everything if indicator.critical]
    if len(watched) < cap.count:
        yield _problem(ProblemCode.CAP_NEVER_APPLIES, f"{path}/when", count=cap.count, watched=len(watched))
    yield from _cap_level_problems(instrument, path, cap, watched)


def _cap_level_problems(instrument: Instrument, path: str, cap: Cap, watched: list[Indicator]) -> Iterator[Problem]:
    """The level must be one people can choose on every watched indicator, and not the highest, else it always bites."""
    for indicator in watched:
        scale = instrument.scale_of(indicator)
        if not scale.minimum <= cap.at < scale.maximum:
            where = f"{path}/when/{'at' if cap.indicators else 'critical_at'}"
            yield _problem(ProblemCode.CAP_LEVEL_OUT_OF_SCALE, where, level=cap.at, indicator=indicator.code)


def _problem(code: ProblemCode, path: str, **params: ParamValue) -> Problem:
    return Problem(code, path, params)
