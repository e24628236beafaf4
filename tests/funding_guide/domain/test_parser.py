"""Reading a call: every mistake named with its place, nothing else let in, and a call written is the call read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funding_guide.domain import InvalidCall, ProblemCode, Rule, call_to_data, parse_call
from tests.funding_guide.domain.builders import CALL, call, data, document, few, rule, rules

TEXT = {"fr": "x"}
FIELDS_IN_PAIRS = {"a": ["sport", "water"], "b": ["water", "health"], "c": ["health", "sport"]}
DEEP: Any = "x"
for _level in range(20):
    DEEP = [DEEP]

MISTAKES: list[tuple[str, dict[str, Any], str, str]] = [
    ("too deep", {"rules": DEEP}, "too_deep", ""),
    ("wrong type", {"rules": {}}, "wrong_type", "/rules"),
    ("missing key", {"title": ...}, "missing_key", ""),
    ("unknown key", {"titel": TEXT}, "unknown_key", "/titel"),
    ("figure of another rule", {"rules": [rule("bank_account", years=2)]}, "unknown_key", "/rules/0/years"),
    ("bad slug", {"slug": "../../x"}, "bad_format", "/slug"),
    ("slug with a line after it", {"slug": "abc\n"}, "bad_format", "/slug"),
    ("hour with a line after it", {"closes_at": "12:00\n"}, "bad_format", "/closes_at"),
    ("year that nobody lives to see", {"closes_on": "9999-12-31"}, "bad_format", "/closes_on"),
    ("whole number with a point", {"rules": [rule("age_at_least", years=1.0)]}, "wrong_type", "/rules/0/years"),
    ("more money than there is", {"amounts": {"maximum": 10**12}}, "out_of_range", "/amounts/maximum"),
    ("more than all of it", {"amounts": {"own_percent": "150"}}, "bad_format", "/amounts/own_percent"),
    ("language that is none", {"title": {"fr": "x", "a1": "x"}}, "unknown_key", "/title/a1"),
    ("nothing to see", {"title": {"fr": "\u200d\u200c"}}, "nothing_visible", "/title/fr"),
    ("address turned round", {"url": "https://example.org/\u202egpj"}, "bad_characters", "/url"),
    (
        "closed before it opens on its only day",
        {"opens_on": "2027-02-15", "closes_at": "00:00"},
        "closes_before_opening",
        "/closes_on",
    ),
    ("another format", {"format": "funding-call-9"}, "not_one_of", "/format"),
    ("unknown rule", {"rules": [rule("eval")]}, "not_one_of", "/rules/0/rule"),
    ("out of range", {"amounts": {"own_percent": 101}}, "out_of_range", "/amounts/own_percent"),
    ("negative money", {"amounts": {"maximum": -1}}, "out_of_range", "/amounts/maximum"),
    ("formula for money", {"amounts": {"maximum": "=1+1"}}, "bad_format", "/amounts/maximum"),
    ("number that is none", {"amounts": {"maximum": 1.5}}, "wrong_type", "/amounts/maximum"),
    ("too long", {"title": {"fr": "x" * 601}}, "too_long", "/title/fr"),
    ("blank text", {"title": {"fr": "  "}}, "bad_format", "/title/fr"),
    ("empty list", {"fields": []}, "too_few", "/fields"),
    ("one alternative", {"rules": [rule("any_of", rules=[rule("bank_account", "a")])]}, "too_few", "/rules/0/rules"),
    ("too many", {"sources": [{"title": TEXT}] * 41}, "too_many", "/sources"),
    ("twice in a list", {"fields": ["sport", "sport"]}, "duplicate_entry", "/fields"),
    ("seat nowhere", {"rules": [rule("seat_among")]}, "needs_one_of", "/rules/0"),
    ("link to a script", {"url": "javascript:alert(1)"}, "bad_format", "/url"),
    ("text turned round", {"title": {"fr": "a\u202eb"}}, "bad_characters", "/title/fr"),
    ("31 June", {"closes_on": "2027-06-31"}, "no_such_day", "/closes_on"),
    ("language missing", {"languages": ["fr", "ar"]}, "missing_language", "/funder/name"),
    ("language too many", {"title": {"fr": "x", "ar": "x"}}, "unknown_language", "/title/ar"),
    ("code twice", {"rules": [rule("bank_account", "a"), rule("receipt", "a")]}, "duplicate_code", "/rules/1/code"),
    ("document twice", {"documents": [document("a"), document("a")]}, "duplicate_code", "/documents/1/code"),
    ("code of ours", {"rules": [rule("bank_account", "timing")]}, "reserved_code", "/rules/0/code"),
    ("closing before opening", {"closes_on": "2026-12-31"}, "closes_before_opening", "/closes_on"),
    (
        "hour of no day",
        {"is_model": True, "opens_on": ..., "closes_on": ..., "closes_at": "12:00"},
        "hour_without_day",
        "/closes_at",
    ),
    ("model with dates", {"is_model": True}, "model_with_dates", "/is_model"),
    ("call without end", {"closes_on": ...}, "call_without_end", "/closes_on"),
    ("least above most", {"amounts": {"minimum": 2, "maximum": 1}}, "minimum_above_maximum", "/amounts"),
    (
        "other fields than the call's",
        {"fields": ["sport"], "rules": [rule("field_among", fields=["water"])]},
        "contradiction",
        "/rules/0",
    ),
    (
        "contradiction inside all of",
        {
            "territory": {"provinces": ["safi"]},
            "rules": [
                rule("all_of", "x", rules=[rule("bank_account", "a"), rule("seat_among", "b", provinces=["essaouira"])])
            ],
        },
        "contradiction",
        "/rules/0/rules/1",
    ),
    (
        "amounts that part only all together",
        {
            "rules": [
                rule("amount_within", "a", minimum=5),
                rule("bank_account", "b"),
                rule(
                    "any_of", "c", rules=[rule("amount_within", "d", maximum=2), rule("amount_within", "e", maximum=4)]
                ),
            ]
        },
        "contradiction",
        "/rules/2",
    ),
    (
        "three lists of which each two agree",
        {"rules": [rule("field_among", name, fields=fields) for name, fields in FIELDS_IN_PAIRS.items()]},
        "contradiction",
        "/rules/2",
    ),
    (
        "an alternative nobody can take beside all of",
        {
            "rules": [
                rule(
                    "all_of",
                    "x",
                    rules=[
                        rule("amount_within", "a", maximum=10),
                        rule("any_of", "y", rules=[rule("bank_account", "b"), rule("amount_within", "c", minimum=11)]),
                    ],
                )
            ]
        },
        "contradiction",
        "/rules/0/rules/1/rules/1",
    ),
    (
        "an alternative nobody can take",
        {
            "amounts": {"maximum": 10},
            "rules": [rule("any_of", "x", rules=[rule("bank_account", "a"), rule("amount_within", "b", minimum=11)])],
        },
        "contradiction",
        "/rules/0/rules/1",
    ),
    (
        "two answers to one question",
        {"rules": [rule("receipt", "a"), rule("receipt", "b", provisional_accepted=True)]},
        "said_twice",
        "/rules/1",
    ),
    ("document for no rule", {"documents": [document("a", shows="age")]}, "unknown_rule", "/documents/0/shows"),
    (
        "template of no guide",
        {"documents": [document("a", template="x")]},
        "template_without_guide",
        "/documents/0/template",
    ),
    (
        "councillors of a foundation",
        {"funder": {"code": "f", "name": TEXT}, "rules": [rule("no_conflict_of_interest")]},
        "conflict_without_council",
        "/rules/0",
    ),
]


@pytest.mark.parametrize("changes, code, path", [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES])
def test_a_mistake_is_named_with_its_place(changes: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(InvalidCall) as refused:
        parse_call(data(**changes))
    assert (code, path) in [(problem.code, problem.path) for problem in refused.value.problems]


def test_every_code_has_a_mistake() -> None:
    against_the_site = {
        "unknown_region",
        "unknown_province",
        "unknown_field",
        "other_names_nothing",
    }
    assert {case[2] for case in MISTAKES} == {code.value for code in ProblemCode} - against_the_site


def test_several_mistakes_are_named_at_once() -> None:
    with pytest.raises(InvalidCall) as refused:
        parse_call(data(slug="A B", rules=[rule("age_at_least"), rule("bank_account", "C D")]))
    assert [problem.path for problem in refused.value.problems] == ["/rules/0", "/rules/1/code", "/slug"]


@pytest.mark.parametrize("value", [None, [], "x", 3, {"a": 1}, {1: 2}])
def test_what_is_no_call_at_all(value: Any) -> None:
    with pytest.raises(InvalidCall):
        parse_call(value)


def test_two_ways_of_meeting_one_rule_may_exclude_each_other() -> None:
    ways = [rule("seat_among", "a", provinces=["safi"]), rule("seat_among", "b", provinces=["essaouira"])]
    assert call(rules=[rule("any_of", "x", rules=ways)])


def test_a_call_with_everything_is_read_and_written() -> None:
    full = data(
        summary={"fr": "Tout"},
        funder={"code": "c", "name": {"fr": "Conseil"}, "council": "province"},
        fields=["sport", "youth"],
        territory={"regions": ["marrakech-safi"], "provinces": ["safi"]},
        amounts={"minimum": "1000.50", "maximum": 30000, "own_percent": "12.5"},
        closes_at="16:30",
        rules=[
            rule("age_at_least", "age", years=2, because={"fr": "Article 3"}, fact="A7.8"),
            rule("any_of", "any", rules=[rule("bank_account", "a"), rule("public_utility", "b")]),
        ],
        documents=[
            document(
                "bank",
                kind="sign",
                copies=2,
                valid_months=3,
                guide="G1",
                template="letter",
                shows="a",
                note={"fr": "!"},
            ),
            document("plan", required=False),
        ],
        sources=[{"title": {"fr": "Circulaire"}, "url": "https://example.org/a", "fact": "A4.3"}],
        contact={"fr": "05"},
        url="https://example.org/appel",
    )
    read = parse_call(full)
    assert parse_call(call_to_data(read)) == read
    assert [document.code for document in read.documents] == ["bank", "plan"]
    assert read.document("plan") is read.documents[1] and read.document("no") is None


@few
@given(st.lists(rules, max_size=4))
def test_rules_survive_writing_and_reading(several: list[Rule]) -> None:
    made = replace(call(), rules=tuple(several))
    try:
        assert parse_call(call_to_data(made)) == made
    except InvalidCall as refused:  # two rules drawn at random may well exclude each other
        assert {problem.code for problem in refused.problems} <= {ProblemCode.CONTRADICTION, ProblemCode.SAID_TWICE}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["any_of", "receipt", "fr"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*CALL, "rule", "code", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(CALL)), json_values)
def test_whatever_stands_there_is_read_or_refused(key: str, value: Any) -> None:
    try:
        read = parse_call(data(**{key: value}))
    except InvalidCall as refused:
        assert refused.problems
    else:
        assert parse_call(call_to_data(read)) == read
