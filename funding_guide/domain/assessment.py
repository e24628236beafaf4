"""May this association apply to this call? The rules of a call put together, with the call's own dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from .call import Call
from .finding import Finding, Reason
from .profile import Profile, Project
from .rules import Question
from .verdict import Verdict, worst


@dataclass(frozen=True, slots=True)
class Timing:
    """When a call may be answered. ``days_left`` counts from today to the last day, 0 on it, None without an end."""

    opens_on: date | None
    closes_on: date | None
    days_left: int | None
    is_open: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer to "may we apply?": ``verdict`` with one finding per condition, what hinders first.

    ``verdict`` is the lowest of the findings: a single unknown keeps it from yes.
    """

    call: Call
    verdict: Verdict
    timing: Timing
    findings: tuple[Finding, ...]

    def having(self, verdict: Verdict) -> tuple[Finding, ...]:
        """The findings that say this."""
        return tuple(finding for finding in self.findings if finding.verdict is verdict)


def assess(call: Call, profile: Profile, project: Project, now: datetime) -> Assessment:
    """What every condition of ``call`` says of ``profile`` and ``project`` at ``now`` (a naive time in Morocco)."""
    timing = timing_of(call, now)
    findings = [*_timing_findings(timing), *_findings(call, profile, project, now)]
    findings.sort(key=lambda finding: finding.verdict)
    return Assessment(call, worst(finding.verdict for finding in findings), timing, tuple(findings))


def verdict_of(call: Call, profile: Profile, project: Project, now: datetime) -> Verdict:
    """The verdict alone, for lists of calls: the same as ``assess(...).verdict``, without what is not needed for it."""
    answers = [finding.verdict for finding in _timing_findings(timing_of(call, now))]
    if Verdict.NO not in answers:
        answers.extend(finding.verdict for finding in _findings(call, profile, project, now))
    return worst(answers)


def timing_of(call: Call, now: datetime) -> Timing:
    """Where ``now`` (a naive time in Morocco) lies between the opening and the closing of ``call``."""
    today = now.date()
    is_over = call.closed_from is not None and now >= call.closed_from
    is_open = not is_over and (call.opens_on is None or today >= call.opens_on)
    days_left = None if call.closes_on is None else max(0, (call.closes_on - today).days)
    return Timing(call.opens_on, call.closes_on, days_left, is_open, is_over)


def _findings(call: Call, profile: Profile, project: Project, now: datetime) -> Iterable[Finding]:
    today = now.date()
    question = Question(profile, project, today, call.closes_on, call.funder.council)
    return (rule.find(question) for rule in call.conditions)


def _timing_findings(timing: Timing) -> tuple[Finding, ...]:
    if timing.is_over and timing.closes_on is not None:
        return (Finding("timing", Verdict.NO, Reason.CLOSED, {"closed_on": timing.closes_on}),)
    if not timing.is_open and timing.opens_on is not None:
        return (Finding("timing", Verdict.NOT_YET, Reason.OPENS_LATER, {"opens_on": timing.opens_on}),)
    return ()
