"""The codes of a call against those that exist: regions, provinces, fields of activity."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from nassij.common.plain_data import pointer

from .call import Call
from .contradictions import contradictions
from .problems import Problem, ProblemCode
from .rules import FieldAmong, SeatAmong
from .walk import rules_of

OTHER = "other"
"""What the lists call everything they do not name: an association may be there, a call cannot mean it."""


def reference_problems(
    call: Call, *, regions: Collection[str], provinces: Mapping[str, str], fields: Collection[str]
) -> tuple[Problem, ...]:
    """Each place of ``call`` that names a region, a province (with its region) or a field of activity that is not among these,
    and, where all are, the places that exclude each other on the map.
    """
    known = {
        "regions": (regions, ProblemCode.UNKNOWN_REGION),
        "provinces": (provinces, ProblemCode.UNKNOWN_PROVINCE),
        "fields": (fields, ProblemCode.UNKNOWN_FIELD),
    }
    found = []
    for path, kind, named in _named(call):
        codes, code = known[kind]
        if OTHER in named:
            found.append(Problem(ProblemCode.OTHER_NAMES_NOTHING, path))
        found += [Problem(code, path, {"value": value}) for value in sorted(named - {OTHER}) if value not in codes]
    return tuple(found or contradictions(call, provinces))


def _named(call: Call) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Every list of codes in the call: its place, what it lists, the codes."""
    yield "/fields", "fields", call.fields
    yield "/territory/regions", "regions", call.territory.regions
    yield "/territory/provinces", "provinces", call.territory.provinces
    for path, rule in rules_of(call):
        if isinstance(rule, FieldAmong):
            yield pointer(path, "fields"), "fields", rule.fields
        elif isinstance(rule, SeatAmong):
            yield pointer(path, "regions"), "regions", rule.regions
            yield pointer(path, "provinces"), "provinces", rule.provinces
