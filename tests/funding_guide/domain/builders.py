"""Small calls for tests, written as short as they are thought of, and strategies that make them."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from funding_guide.domain import (
    AccountsOfPastYears,
    AgeAtLeast,
    AllOf,
    AmountWithin,
    AnyOf,
    BankAccount,
    Call,
    FieldAmong,
    GovernanceAtLeast,
    LastsAtMost,
    NoConflictOfInterest,
    OwnContribution,
    Profile,
    Project,
    PublicUtility,
    Receipt,
    ReceiptHeld,
    ReceiptKind,
    Rule,
    SeatAmong,
    parse_call,
)

NOW = datetime(2027, 1, 10, 9, 0)
few = settings(max_examples=150, deadline=None)

CALL: dict[str, Any] = {
    "format": "funding-call-1",
    "slug": "commune-2027",
    "version": "1.0.0",
    "languages": ["fr"],
    "title": {"fr": "Appel de la commune"},
    "summary": {"fr": "Petits projets"},
    "funder": {"code": "commune", "name": {"fr": "Commune"}, "council": "commune"},
    "opens_on": "2027-01-01",
    "closes_on": "2027-02-15",
    "rules": [],
    "documents": [],
    "sources": [{"title": {"fr": "Appel"}}],
    "checked_on": "2026-11-27",
}


def data(**changes: Any) -> dict[str, Any]:
    """The data of a call; a value of ``...`` takes the key away."""
    merged = {**deepcopy(CALL), **changes}
    return {key: value for key, value in merged.items() if value is not ...}


def call(**changes: Any) -> Call:
    return parse_call(data(**changes))


def document(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "title": {"fr": code}, "kind": "copy"} | more


def rule(kind: str, code: str = "r", **more: Any) -> dict[str, Any]:
    return {"rule": kind, "code": code} | more


FIELDS = ("sport", "youth", "water")
PROVINCES = ("safi", "chichaoua")
INDICATORS = ("D1.1", "D2.3")

#: An association of which everything is known, and all of it good for any call the strategies make.
BEST = Profile(
    province="safi",
    region="marrakech-safi",
    fields=frozenset(FIELDS),
    founded_on=date(1990, 1, 1),
    receipt=Receipt(ReceiptKind.FINAL, date(1990, 2, 1)),
    accounts=dict.fromkeys(range(1990, 2030), True),
    bank_account=True,
    public_utility=True,
    councils=frozenset(),
    levels={"D1.1": 3, "D2.3": 3},
)

maybe = lambda strategy: st.none() | strategy  # noqa: E731
days = st.dates(date(2015, 1, 1), date(2027, 12, 31))
money = st.integers(0, 100_000).map(Decimal)

profiles = st.builds(
    Profile,
    province=maybe(st.sampled_from(PROVINCES)),
    region=maybe(st.sampled_from(("marrakech-safi", "other"))),
    fields=maybe(st.frozensets(st.sampled_from(FIELDS))),
    founded_on=maybe(days),
    receipt=maybe(st.builds(Receipt, st.sampled_from(ReceiptKind), maybe(days))),
    accounts=st.dictionaries(st.integers(2020, 2027), st.booleans()),
    bank_account=maybe(st.booleans()),
    public_utility=maybe(st.booleans()),
    councils=maybe(st.frozensets(st.sampled_from(("commune", "region")))),
    levels=st.dictionaries(st.sampled_from(INDICATORS), st.integers(0, 3)),
    not_applicable=st.frozensets(st.sampled_from(INDICATORS), max_size=1),
)
projects = st.builds(
    Project,
    field=maybe(st.sampled_from(FIELDS)),
    province=maybe(st.sampled_from(PROVINCES)),
    requested=maybe(money),
    own=maybe(money),
    total=maybe(money),
    months=maybe(st.integers(1, 60)),
)
codes = st.uuids().map(lambda uuid: f"r{uuid.hex}")
simple_rules: st.SearchStrategy[Rule] = st.one_of(
    st.builds(AgeAtLeast, codes, years=st.integers(1, 5)),
    st.builds(ReceiptHeld, codes, provisional_accepted=st.booleans()),
    st.builds(SeatAmong, codes, provinces=st.frozensets(st.sampled_from(PROVINCES), min_size=1)),
    st.builds(FieldAmong, codes, fields=st.frozensets(st.sampled_from(FIELDS), min_size=1)),
    st.builds(AccountsOfPastYears, codes, years=st.integers(1, 3)),
    st.builds(BankAccount, codes),
    st.builds(GovernanceAtLeast, codes, indicators=st.just(INDICATORS), level=st.integers(1, 3)),
    st.builds(NoConflictOfInterest, codes),
    st.builds(PublicUtility, codes),
    st.builds(AmountWithin, codes, maximum=money),
    st.builds(OwnContribution, codes, percent=st.integers(1, 100).map(Decimal)),
    st.builds(LastsAtMost, codes, months=st.integers(1, 48)),
)
rules: st.SearchStrategy[Rule] = st.recursive(
    simple_rules,
    lambda inner: st.one_of(
        st.builds(AllOf, codes, rules=st.lists(inner, min_size=2, max_size=4).map(tuple)),
        st.builds(AnyOf, codes, rules=st.lists(inner, min_size=2, max_size=4).map(tuple)),
    ),
    max_leaves=6,
)
