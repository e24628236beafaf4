"""What scoring gives back. Every number is exact; :func:`..numbers.display_value` shortens it for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from .numbers import display_value, exact_text


class Status(StrEnum):
    """How one indicator counts."""

    ANSWERED = "answered"
    NOT_APPLICABLE = "not_applicable"  # said by people, with a reason
    NOT_CONCERNED = "not_concerned"  # said by the profile: its condition is false
    DONT_KNOW = "dont_know"
    UNANSWERED = "unanswered"


class ProvisionalCode(StrEnum):
    """Why there is a number but no label yet."""

    CRITICAL_UNANSWERED = "critical_unanswered"
    SECTION_INCOMPLETE = "section_incomplete"
    BELOW_COMPLETENESS = "below_completeness"


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """One indicator: ``value`` is on the instrument's measure (0 to 100, or points), None unless answered."""

    code: str
    status: Status
    level: int | None = None
    value: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many indicators of a node are in each state."""

    total: int = 0
    answered: int = 0
    not_applicable: int = 0
    not_concerned: int = 0
    dont_know: int = 0
    unanswered: int = 0

    @property
    def applicable(self) -> int:
        """Those that count: answered or still to be."""
        return self.total - self.not_applicable - self.not_concerned


@dataclass(frozen=True, slots=True)
class AppliedCap:
    """A cap whose condition holds, with the indicators that made it hold. ``lowers``: it changed the label."""

    code: str
    label_max: int
    indicators: tuple[str, ...]
    lowers: bool


@dataclass(frozen=True, slots=True)
class ProvisionalReason:
    """A reason to withhold the label, with the codes of the indicators or sections to complete."""

    code: ProvisionalCode
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NodeResult:
    """A section, or the whole (``code`` is then ``""``).

    - ``score``: exact, over what is answered; None when nothing is. Shown only when ``published``.
    - ``completeness``: share (0 to 1) of the applicable weight that is answered; None when nothing applies.
    - ``band``: the label the number alone would give. ``label``: after caps; None while not published or provisional.
    - ``not_applicable_share``: share of the weight that concerns the association but was declared not applicable;
      ``needs_review`` when it is more than the instrument tolerates (a coach should look).
    """

    code: str
    score: Fraction | None
    published: bool
    completeness: Fraction | None
    band: int | None
    label: int | None
    caps: tuple[AppliedCap, ...]
    provisional: tuple[ProvisionalReason, ...]
    counts: Counts
    not_applicable_share: Fraction
    needs_review: bool
    sections: tuple[NodeResult, ...] = ()
    indicators: tuple[IndicatorResult, ...] = ()

    @property
    def is_provisional(self) -> bool:
        """There is something to complete before a label can be given."""
        return bool(self.provisional)

    def walk(self) -> Iterator[NodeResult]:
        """This node and everything below it, parents first."""
        yield self
        for section in self.sections:
            yield from section.walk()


@dataclass(frozen=True, slots=True)
class Result:
    """The scores of one set of answers, with what is needed to compute them again and compare."""

    engine: str
    slug: str
    version: str
    is_express: bool
    overall: NodeResult

    @property
    def sections(self) -> tuple[NodeResult, ...]:
        """The top sections (the dimensions), in order."""
        return self.overall.sections

    def section(self, code: str) -> NodeResult:
        """The section with this code, at any depth. Raises KeyError."""
        for node in self.overall.walk():
            if node.code == code and node is not self.overall:
                return node
        raise KeyError(code)

    def indicators(self) -> Iterator[IndicatorResult]:
        """Every indicator, in order."""
        for node in self.overall.walk():
            yield from node.indicators

    def indicator(self, code: str) -> IndicatorResult:
        """The indicator with this code. Raises KeyError."""
        for indicator in self.indicators():
            if indicator.code == code:
                return indicator
        raise KeyError(code)


def result_to_data(result: Result) -> dict[str, Any]:
    """A result as JSON-ready data: fractions as ``"673/7"``, each with its displayed form beside it."""
    return {
        "engine": result.engine,
        "instrument": {"slug": result.slug, "version": result.version, "express": result.is_express},
        "overall": _node_to_data(result.overall),
    }


def _node_to_data(node: NodeResult) -> dict[str, Any]:
    data: dict[str, Any] = {
        "code": node.code,
        "score": _exact(node.score),
        "score_display": _display(node.score),
        "published": node.published,
        "completeness": _exact(node.completeness),
        "band": node.band,
        "label": node.label,
        "caps": [
            {"code": cap.code, "label_max": cap.label_max, "indicators": list(cap.indicators), "lowers": cap.lowers}
            for cap in node.caps
        ],
        "provisional": [{"code": str(reason.code), "codes": list(reason.codes)} for reason in node.provisional],
        "counts": {name: getattr(node.counts, name) for name in Counts.__slots__},
        "not_applicable_share": exact_text(node.not_applicable_share),
        "needs_review": node.needs_review,
    }
    if node.sections:
        data["sections"] = [_node_to_data(section) for section in node.sections]
    if node.indicators:
        data["indicators"] = [_indicator_to_data(indicator) for indicator in node.indicators]
    return data


def _indicator_to_data(indicator: IndicatorResult) -> dict[str, Any]:
    return {
        "code": indicator.code,
        "status": str(indicator.status),
        "level": indicator.level,
        "value": _exact(indicator.value),
        "value_display": _display(indicator.value),
    }


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else exact_text(value)


def _display(value: Fraction | None) -> str | None:
    return None if value is None else display_value(value)
