"""Each rule: what it says of what is known, what is not, and what can be mended."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from funding_guide.domain import Profile, Project, Receipt, ReceiptKind, Verdict, assess
from tests.funding_guide.domain.builders import NOW, call, rule

YES, NOT_YET, UNKNOWN, NO = Verdict.YES, Verdict.NOT_YET, Verdict.UNKNOWN, Verdict.NO


def receipt(kind: str, issued: date | None = None) -> Profile:
    return Profile(receipt=Receipt(ReceiptKind(kind), issued))


CASES: list[tuple[str, dict[str, Any], Profile, Project, Verdict, str]] = [
    ("age_at_least", {"years": 3}, Profile(), Project(), UNKNOWN, "founding_day_unknown"),
    # The call closes on 15 February 2027: the third birthday is that day, or the one after.
    ("age_at_least", {"years": 3}, Profile(founded_on=date(2024, 2, 15)), Project(), YES, "holds"),
    ("age_at_least", {"years": 3}, Profile(founded_on=date(2024, 2, 16)), Project(), NO, "too_young"),
    ("receipt", {}, Profile(), Project(), UNKNOWN, "receipt_unknown"),
    ("receipt", {}, receipt("final"), Project(), YES, "holds"),
    ("receipt", {}, receipt("none"), Project(), NOT_YET, "no_receipt"),
    ("receipt", {}, receipt("provisional"), Project(), NOT_YET, "final_receipt_missing"),
    # 60 days after 11 November 2026 is 10 January 2027, today.
    ("receipt", {}, receipt("provisional", date(2026, 11, 11)), Project(), NOT_YET, "final_receipt_missing"),
    ("receipt", {}, receipt("provisional", date(2026, 11, 10)), Project(), NOT_YET, "final_receipt_overdue"),
    ("receipt", {"provisional_accepted": True}, receipt("provisional"), Project(), YES, "holds"),
    ("receipt", {"provisional_accepted": True}, receipt("none"), Project(), NOT_YET, "no_receipt"),
    ("seat_among", {"provinces": ["safi"]}, Profile(), Project(), UNKNOWN, "seat_unknown"),
    ("seat_among", {"provinces": ["safi"]}, Profile(province="safi"), Project(), YES, "holds"),
    ("seat_among", {"provinces": ["safi"]}, Profile(province="youssoufia"), Project(), NO, "seat_elsewhere"),
    ("seat_among", {"regions": ["other"]}, Profile(province="safi", region="other"), Project(), YES, "holds"),
    ("seat_among", {"regions": ["other"]}, Profile(province="safi"), Project(), UNKNOWN, "seat_unknown"),
    ("field_among", {"fields": ["sport"]}, Profile(), Project(), UNKNOWN, "field_unknown"),
    ("field_among", {"fields": ["sport"]}, Profile(fields=frozenset()), Project(), NO, "other_fields"),
    ("field_among", {"fields": ["sport"]}, Profile(fields=frozenset(["sport", "water"])), Project(), YES, "holds"),
    (
        "field_among",
        {"fields": ["sport"]},
        Profile(fields=frozenset(["sport", "water"])),
        Project(field="water"),
        NOT_YET,
        "other_field_of_project",
    ),
    ("accounts_of_past_years", {"years": 2}, Profile(), Project(), UNKNOWN, "accounts_unknown"),
    ("accounts_of_past_years", {"years": 2}, Profile(accounts={2026: True, 2025: True}), Project(), YES, "holds"),
    ("accounts_of_past_years", {"years": 2}, Profile(accounts={2026: True}), Project(), UNKNOWN, "accounts_unknown"),
    ("accounts_of_past_years", {"years": 2}, Profile(accounts={2026: False}), Project(), NOT_YET, "accounts_missing"),
    (
        "accounts_of_past_years",
        {"years": 2},
        Profile(accounts={2026: True}, founded_on=date(2026, 5, 1)),
        Project(),
        YES,
        "holds",
    ),
    ("bank_account", {}, Profile(), Project(), UNKNOWN, "bank_account_unknown"),
    ("bank_account", {}, Profile(bank_account=True), Project(), YES, "holds"),
    ("bank_account", {}, Profile(bank_account=False), Project(), NOT_YET, "no_bank_account"),
    ("governance_at_least", {"indicators": ["D1.1"], "level": 2}, Profile(), Project(), UNKNOWN, "governance_unknown"),
    (
        "governance_at_least",
        {"indicators": ["D1.1", "D2.3"], "level": 2},
        Profile(levels={"D1.1": 1}),
        Project(),
        NOT_YET,
        "governance_below",
    ),
    ("governance_at_least", {"indicators": ["D1.1"], "level": 2}, Profile(levels={"D1.1": 2}), Project(), YES, "holds"),
    (
        "governance_at_least",
        {"indicators": ["D1.1"], "level": 2},
        Profile(not_applicable=frozenset(["D1.1"])),
        Project(),
        YES,
        "holds",
    ),
    ("no_conflict_of_interest", {}, Profile(), Project(), UNKNOWN, "conflict_unknown"),
    ("no_conflict_of_interest", {}, Profile(councils=frozenset()), Project(), YES, "holds"),
    ("no_conflict_of_interest", {}, Profile(councils=frozenset(["region"])), Project(), YES, "holds"),
    ("no_conflict_of_interest", {}, Profile(councils=frozenset(["commune"])), Project(), NO, "conflict_of_interest"),
    ("public_utility", {}, Profile(), Project(), UNKNOWN, "public_utility_unknown"),
    ("public_utility", {}, Profile(public_utility=True), Project(), YES, "holds"),
    ("public_utility", {}, Profile(public_utility=False), Project(), NO, "not_of_public_utility"),
    ("amount_within", {"maximum": 30000}, Profile(), Project(), UNKNOWN, "amount_unknown"),
    ("amount_within", {"maximum": 30000}, Profile(), Project(requested=Decimal(30000)), YES, "holds"),
    (
        "amount_within",
        {"maximum": 30000},
        Profile(),
        Project(requested=Decimal("30000.01")),
        NOT_YET,
        "amount_too_high",
    ),
    ("amount_within", {"minimum": 5000}, Profile(), Project(requested=Decimal(4999)), NOT_YET, "amount_too_low"),
    ("own_contribution", {"percent": 10}, Profile(), Project(own=Decimal(1)), UNKNOWN, "own_contribution_unknown"),
    ("own_contribution", {"percent": 10}, Profile(), Project(own=Decimal(10), total=Decimal(100)), YES, "holds"),
    (
        "own_contribution",
        {"percent": 10},
        Profile(),
        Project(own=Decimal("9.99"), total=Decimal(100)),
        NOT_YET,
        "own_contribution_too_low",
    ),
    ("lasts_at_most", {"months": 12}, Profile(), Project(), UNKNOWN, "duration_unknown"),
    ("lasts_at_most", {"months": 12}, Profile(), Project(months=12), YES, "holds"),
    ("lasts_at_most", {"months": 12}, Profile(), Project(months=13), NOT_YET, "too_long"),
]


@pytest.mark.parametrize("kind, figures, profile, project, verdict, reason", CASES)
def test_one_rule(
    kind: str, figures: dict[str, Any], profile: Profile, project: Project, verdict: Verdict, reason: str
) -> None:
    (finding,) = assess(call(rules=[rule(kind, **figures)]), profile, project, NOW).findings
    assert (finding.verdict, finding.reason) == (verdict, reason)


def test_every_kind_has_each_of_its_reasons_tried() -> None:
    from funding_guide.domain.finding import Reason

    elsewhere = {"opens_later", "closed", "not_all", "none_of_them", "too_young_today"}  # test_assessment.py
    assert {case[5] for case in CASES} == {reason.value for reason in Reason} - elsewhere


def test_a_funder_that_is_no_council_has_no_councillors() -> None:
    foundation = {"code": "f", "name": {"fr": "Fondation"}}
    (finding,) = assess(
        call(
            funder=foundation,
            rules=[rule("any_of", "x", rules=[rule("bank_account", "a"), rule("public_utility", "b")])],
        ),
        Profile(councils=frozenset(["commune"]), bank_account=True),
        Project(),
        NOW,
    ).findings
    assert finding.verdict is YES


@pytest.mark.parametrize(
    "kind, first, second, verdict",
    [
        ("all_of", True, True, YES),
        ("all_of", True, False, NOT_YET),
        ("all_of", True, None, UNKNOWN),
        ("all_of", False, None, NOT_YET),
        ("any_of", True, None, YES),
        ("any_of", False, None, UNKNOWN),
        ("any_of", None, None, UNKNOWN),
        ("any_of", False, False, NOT_YET),
    ],
)
def test_several_rules_in_one(kind: str, first: bool | None, second: bool | None, verdict: Verdict) -> None:
    """The second rule is public utility; for this table "not recognised" is told by an amount that can be changed."""
    amount = {None: None, True: Decimal(1), False: Decimal(9)}[second]
    parts = [rule("bank_account", "a"), rule("amount_within", "b", maximum=5)]
    (finding,) = assess(
        call(rules=[rule(kind, "both", rules=parts)]), Profile(bank_account=first), Project(requested=amount), NOW
    ).findings
    assert finding.verdict is verdict
    assert [part.rule_code for part in finding.parts] == ["a", "b"]


def test_what_a_call_implies_need_not_be_written() -> None:
    made = call(
        fields=["sport"], territory={"provinces": ["safi"]}, amounts={"maximum": 30000, "own_percent": 10}, rules=[]
    )
    asked = assess(made, Profile(), Project(), NOW)
    assert {finding.rule_code for finding in asked.findings} == {"seat", "field", "amount", "own_contribution"}
    assert asked.verdict is UNKNOWN


def test_a_birthday_on_29_february() -> None:
    from funding_guide.domain.rules import years_after

    assert years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert years_after(date(2024, 2, 29), 3) == date(2027, 3, 1)
