"""The scoring engine: one place, exact numbers, no rounding inside.

The rules are in ``docs/reference/scoring.rst``. In one paragraph: a level becomes a share of its scale; a section is a
weighted mean (or sum) of what is answered and applies; it is published once enough of its weight is answered; the whole
is made from published sections; bands give a label to the exact number; caps lower the label, never the number;
nothing unknown ever counts as zero.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .answers import Answer, AnswerKind, AnswerSet, check_answers
from .instrument import Instrument
from .plan import PERCENT, CapPlan, IndicatorPlan, Measure, NodePlan, ScoringPlan, combined, plan_for
from .problems import InvalidAnswers, ProblemCode
from .results import (
    AppliedCap,
    Counts,
    IndicatorResult,
    NodeResult,
    ProvisionalCode,
    ProvisionalReason,
    Result,
    Status,
)

#: Goes up when the same answers to the same instrument could give another result. Stored with every snapshot.
ENGINE_VERSION = "1"

_OPEN = (Status.UNANSWERED, Status.DONT_KNOW)
_NOTHING = Fraction(0)


def score(instrument: Instrument, answers: AnswerSet) -> Result:
    """Score ``answers``, complete or not.

    Raises :class:`InvalidAnswers` where an answer does not fit the instrument. A missing reason is not such a case,
    since a change of profile can create it in a draft: "not applicable" without its reason counts as unanswered.
    """
    refused = [found for found in check_answers(instrument, answers) if found.code is not ProblemCode.REASON_REQUIRED]
    if refused:
        raise InvalidAnswers(refused)
    plan = plan_for(instrument)
    overall = _Scorer(plan, answers).score(plan.root)
    return Result(ENGINE_VERSION, instrument.slug, instrument.version, instrument.is_express, overall.result)


@dataclass(frozen=True, slots=True)
class _Tally:
    """What the parts of a node add up to. Measures are None where no part has one."""

    measure: Measure | None
    completeness: Measure | None  # answered of applicable
    declined: Measure | None  # declared not applicable, of what concerns the association


@dataclass(frozen=True, slots=True)
class _Scored:
    result: NodeResult
    tally: _Tally


class _Scorer:
    """Scores the nodes of one plan for one set of answers, children before parents."""

    def __init__(self, plan: ScoringPlan, answers: AnswerSet) -> None:
        self.rules = plan.rules
        self.states = {indicator.code: _state(indicator, answers) for indicator in plan.indicators}
        self.starts = [band.start for band in plan.rules.bands]
        self.scored: dict[str, _Scored] = {}

    def score(self, node: NodePlan) -> _Scored:
        sections = tuple(self.score(section).result for section in node.sections)
        tally = self._tally_indicators(node) if node.indicator_terms else self._tally_sections(node)
        score = self._number(tally.measure)
        completeness = _share(tally.completeness)
        published = score is not None and completeness is not None and completeness >= self.rules.completeness
        provisional = self._provisional(node, sections, published, completeness)
        band = self._band(score)
        caps = tuple(filter(None, (self._applied(cap, band) for cap in node.caps)))
        declined = _share(tally.declined) or _NOTHING
        result = NodeResult(
            code=node.code,
            score=score,
            published=published,
            completeness=completeness,
            band=band,
            label=_label(band, caps) if published and not provisional else None,
            caps=caps,
            provisional=provisional,
            counts=self._counts(node),
            not_applicable_share=declined,
            needs_review=declined > self.rules.not_applicable_review,
            sections=sections,
            indicators=tuple(self.states[code] for code in node.indicators),
        )
        scored = self.scored[node.code] = _Scored(result, tally)
        return scored

    # --- Numbers ---

    def _tally_indicators(self, node: NodePlan) -> _Tally:
        terms: list[tuple[int, Measure]] = []
        answered = applicable = declined = 0
        for term in node.indicator_terms:
            state = self.states[term.code]
            if state.status is Status.NOT_APPLICABLE:
                declined += term.weight
            elif state.status is not Status.NOT_CONCERNED:
                applicable += term.weight
                if state.level is not None:
                    answered += term.weight
                    terms.append((term.weight, term.measures[state.level]))
        is_whole = answered == applicable
        concerned = applicable + declined
        return _Tally(
            measure=self._combine(node, terms, is_whole=is_whole),
            completeness=Measure(answered, 0, applicable, applicable) if applicable else None,
            declined=Measure(declined, 0, concerned, concerned) if concerned else None,
        )

    def _tally_sections(self, node: NodePlan) -> _Tally:
        """From published sections only; one that does not apply at all drops out with its weight."""
        parts = [(weight, self.scored[code]) for weight, code in node.section_terms]
        applicable = [(weight, part) for weight, part in parts if part.tally.completeness is not None]
        terms = [
            (weight, self._comparable(node, part.tally.measure))
            for weight, part in applicable
            if part.result.published and part.tally.measure is not None
        ]
        return _Tally(
            measure=self._combine(node, terms, is_whole=len(terms) == len(applicable)),
            completeness=_mean([(weight, part.tally.completeness) for weight, part in parts]),
            declined=_mean([(weight, part.tally.declined) for weight, part in parts]),
        )

    def _comparable(self, node: NodePlan, measure: Measure) -> Measure:
        """A section's measure as its parent may average it: percentages of different totals become shares first."""
        return measure.as_share() if self.rules.percent and not node.is_sum else measure

    def _combine(self, node: NodePlan, terms: Sequence[tuple[int, Measure]], *, is_whole: bool) -> Measure | None:
        """None when there is nothing to combine, and for a sum of points with a hole: the hole would count as zero."""
        if not terms or (node.is_sum and not self.rules.percent and not is_whole):
            return None
        return combined(terms, node.weight_unit if node.is_sum else sum(weight for weight, _measure in terms))

    def _number(self, measure: Measure | None) -> Fraction | None:
        if measure is None:
            return None
        if self.rules.percent:
            return Fraction(PERCENT * (measure.value - measure.lowest), measure.highest - measure.lowest)
        return measure.as_fraction()

    # --- Labels ---

    def _band(self, score: Fraction | None) -> int | None:
        """The band that holds the exact number: ``[start, next start)``."""
        if score is None or not self.starts:
            return None
        return self.rules.bands[bisect_right(self.starts, score) - 1].label

    def _applied(self, plan: CapPlan, band: int | None) -> AppliedCap | None:
        cap = plan.cap
        low = tuple(code for code in plan.watched if _is_at_most(self.states[code], cap.at))
        if len(low) < cap.count:
            return None
        return AppliedCap(cap.code, cap.label_max, low, lowers=band is not None and cap.label_max < band)

    def _provisional(
        self, node: NodePlan, sections: Sequence[NodeResult], published: bool, completeness: Fraction | None
    ) -> tuple[ProvisionalReason, ...]:
        """Why there can be no label yet. A node where nothing applies lacks nothing."""
        if completeness is None:
            return ()
        critical = self._open(node.critical) if self.rules.provisional_when_critical_unanswered else ()
        incomplete = tuple(
            section.code for section in sections if section.completeness is not None and not section.published
        )
        missing = () if published else self._open(node.all_indicators)
        reasons = (
            ProvisionalReason(ProvisionalCode.CRITICAL_UNANSWERED, critical),
            ProvisionalReason(ProvisionalCode.SECTION_INCOMPLETE, incomplete),
            ProvisionalReason(ProvisionalCode.BELOW_COMPLETENESS, missing),
        )
        return tuple(reason for reason in reasons if reason.codes)

    def _open(self, codes: Sequence[str]) -> tuple[str, ...]:
        return tuple(code for code in codes if self.states[code].status in _OPEN)

    def _counts(self, node: NodePlan) -> Counts:
        seen = [self.states[code].status for code in node.all_indicators]
        return Counts(
            total=len(seen),
            answered=seen.count(Status.ANSWERED),
            not_applicable=seen.count(Status.NOT_APPLICABLE),
            not_concerned=seen.count(Status.NOT_CONCERNED),
            dont_know=seen.count(Status.DONT_KNOW),
            unanswered=seen.count(Status.UNANSWERED),
        )


def _state(indicator: IndicatorPlan, answers: AnswerSet) -> IndicatorResult:
    """How an indicator counts. The profile comes first: it may have been changed after the answer was given."""
    if indicator.applies_if is not None and not answers.profile.get(indicator.applies_if, True):
        return indicator.states[Status.NOT_CONCERNED]
    answer = answers.answers.get(indicator.code)
    if answer is None:
        return indicator.states[Status.UNANSWERED]
    if answer.level is not None:
        return indicator.levels[answer.level]
    return indicator.states[_status_without_level(answer)]


def _status_without_level(answer: Answer) -> Status:
    if answer.kind is AnswerKind.DONT_KNOW:
        return Status.DONT_KNOW
    is_justified = answer.kind is AnswerKind.NOT_APPLICABLE and answer.reason.strip()
    return Status.NOT_APPLICABLE if is_justified else Status.UNANSWERED


def _is_at_most(state: IndicatorResult, level: int) -> bool:
    return state.level is not None and state.level <= level


def _label(band: int | None, caps: Sequence[AppliedCap]) -> int | None:
    return None if band is None else min([band, *(cap.label_max for cap in caps)])


def _mean(terms: Sequence[tuple[int, Measure | None]]) -> Measure | None:
    """Weighted mean of the measures that exist."""
    present = [(weight, measure) for weight, measure in terms if measure is not None]
    return combined(present, sum(weight for weight, _measure in present)) if present else None


def _share(measure: Measure | None) -> Fraction | None:
    return None if measure is None else measure.as_fraction()
