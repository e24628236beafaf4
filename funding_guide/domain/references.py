"""The codes of a call against those that exist: regions, provinces, fields of activity."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from nassij.common.plain_data import pointer

from .call import Call
from .problems import Problem, ProblemCode
from .rules import FieldAmong, SeatAmong
from .walk import rules_of


def reference_problems(
    call: Call, *, regions: Collection[str], provinces: Collection[str], fields: Collection[str]
) -> tuple[Problem, ...]:
    """Each place of ``call`` that names a region, a province or a field of activity that is not among these codes."""
    known = {
        "regions": (regions, ProblemCode.UNKNOWN_REGION),
        "provinces": (provinces, ProblemCode.UNKNOWN_PROVINCE),
        "fields": (fields, ProblemCode.UNKNOWN_FIELD),
    }
    return tuple(
        Problem(code, path, {"value": value})
        for path, kind, named in _named(call)
        for codes, code in [known[kind]]
        for value in sorted(named)
        if value not in codes
    )


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
