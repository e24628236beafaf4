"""Whole calls: dates, order of the findings, and what must hold whatever is known (hypothesis)."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding_guide.domain import Call, Profile, Project, Rule, Verdict, assess, verdict_of
from tests.funding_guide.domain.builders import BEST, NOW, call, few, profiles, projects, rule, rules

BEST_PROJECT = Project(requested=Decimal(0), own=Decimal(100), total=Decimal(100), months=1)
CONTENTED = call()


def asking(*several: Rule) -> Call:
    return replace(CONTENTED, rules=several)


@pytest.mark.parametrize(
    "now, verdict, reason, days_left",
    [
        (datetime(2026, 12, 31, 23, 59), Verdict.NOT_YET, "opens_later", 46),
        (datetime(2027, 1, 1, 0, 0), Verdict.YES, None, 45),
        (datetime(2027, 2, 15, 16, 29), Verdict.YES, None, 0),
        (datetime(2027, 2, 15, 16, 30), Verdict.NO, "closed", 0),
    ],
)
def test_the_dates_of_a_call(now: datetime, verdict: Verdict, reason: str | None, days_left: int) -> None:
    asked = assess(call(closes_at="16:30"), BEST, BEST_PROJECT, now)
    assert asked.verdict is verdict
    assert [finding.reason for finding in asked.findings] == ([reason] if reason else [])
    assert asked.timing.days_left == days_left


def test_without_an_hour_the_last_day_counts_to_its_end() -> None:
    assert verdict_of(call(), BEST, BEST_PROJECT, datetime(2027, 2, 15, 23, 59, 59)) is Verdict.YES
    assert verdict_of(call(), BEST, BEST_PROJECT, datetime(2027, 2, 16)) is Verdict.NO


def test_a_model_has_no_dates_and_asks_for_today() -> None:
    model = call(is_model=True, opens_on=..., closes_on=..., rules=[rule("age_at_least", years=3)])
    young = Profile(founded_on=(NOW - timedelta(days=400)).date())
    asked = assess(model, young, Project(), NOW)
    assert asked.timing.days_left is None and asked.timing.is_open
    assert asked.verdict is Verdict.NOT_YET  # its like comes again
    assert [finding.reason for finding in asked.findings] == ["too_young_today"]


def test_what_hinders_comes_first() -> None:
    several = call(
        rules=[
            rule("bank_account", "a"),
            rule("public_utility", "b"),
            rule("receipt", "c"),
            rule("lasts_at_most", "d", months=9),
        ]
    )
    asked = assess(several, Profile(public_utility=False, bank_account=False), Project(months=3), NOW)
    assert [finding.rule_code for finding in asked.findings] == ["b", "a", "c", "d"]
    assert [finding.rule_code for finding in asked.having(Verdict.UNKNOWN)] == ["c"]


@few
@given(st.lists(rules, min_size=1, max_size=5), profiles, projects)
def test_the_short_answer_is_the_long_one(several: list[Rule], profile: Profile, project: Project) -> None:
    asked = assess(asking(*several), profile, project, NOW)
    assert verdict_of(asked.call, profile, project, NOW) is asked.verdict
    assert asked.verdict is min(finding.verdict for finding in asked.findings)


@few
@given(st.lists(rules, min_size=1, max_size=5))
def test_nothing_known_is_never_yes(several: list[Rule]) -> None:
    assert verdict_of(asking(*several), Profile(), Project(), NOW) in (Verdict.UNKNOWN, Verdict.YES)
    needs_facts = [one for one in several if verdict_of(asking(one), Profile(), Project(), NOW) is not Verdict.YES]
    assert len(needs_facts) == len(several)


@few
@given(st.lists(rules, min_size=1, max_size=4), profiles, projects, st.data())
def test_unlearning_a_fact_never_makes_a_yes(
    several: list[Rule], profile: Profile, project: Project, data: st.DataObject
) -> None:
    """Whatever we stop knowing: what was not yes stays not yes. (A fact forgotten is a field back at its default.)"""
    before = verdict_of(asking(*several), profile, project, NOW)
    name = data.draw(st.sampled_from([field.name for field in fields(Profile) if field.name != "not_applicable"]))
    poorer = replace(profile, **{name: getattr(Profile(), name)})
    after = verdict_of(asking(*several), poorer, project, NOW)
    assert before is Verdict.YES or after is not Verdict.YES


@few
@given(st.lists(rules, min_size=1, max_size=4), profiles, projects, rules)
def test_one_more_condition_never_helps(several: list[Rule], profile: Profile, project: Project, more: Rule) -> None:
    fewer = verdict_of(asking(*several), profile, project, NOW)
    assert verdict_of(asking(*several, more), profile, project, NOW) <= fewer
