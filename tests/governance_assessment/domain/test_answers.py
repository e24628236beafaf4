"""Answers: the document, the schema, and whether they fit the instrument."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import governance_assessment
from governance_assessment.domain import (
    Answer,
    AnswerKind,
    AnswerSet,
    InvalidAnswers,
    answers_to_data,
    applies,
    check_answers,
    parse_answers,
)
from tests.governance_assessment.domain.builders import answers, build, few, indicator, section

VALIDATOR = Draft202012Validator(
    json.loads((Path(governance_assessment.__file__).parent / "schema/answers-1.schema.json").read_text("utf-8"))
)
INSTRUMENT = build(
    section(
        "A",
        indicator("plain"),
        indicator("critical", critical=True),
        indicator("staff", applies_if="staff"),
        indicator("payroll", applies_if="staff", critical=True),
    ),
    profile=("staff",),
)


def good() -> dict[str, Any]:
    return {
        "schema_version": 1,
        "instrument": "small",
        "version": "1.0.0",
        "profile": {"staff": True},
        "answers": {
            "plain": 3,
            "critical": "dont_know",
            "staff": {"not_applicable": "volunteers only"},
            "payroll": "skipped",
            "later": None,
            "stated": {"not_applicable": ""},
        },
    }


def test_read() -> None:
    found = parse_answers(good())
    assert found.answers["plain"] == Answer.of_level(3)
    assert found.answers["critical"] == Answer.dont_know()
    assert found.answers["staff"] == Answer.not_applicable("volunteers only")
    assert found.answers["payroll"] == found.answers["later"] == Answer.skipped()
    assert found.answers["stated"] == Answer.not_applicable()
    assert (found.profile, found.slug, found.version) == ({"staff": True}, "small", "1.0.0")
    assert VALIDATOR.is_valid(good())


def with_answer(value: Any) -> dict[str, Any]:
    return {"schema_version": 1, "answers": {"plain": value}}


BAD = [
    ([], "wrong_type", ""),
    ({"answers": {}}, "missing_key", "/schema_version"),
    ({"schema_version": 2, "answers": {}}, "schema_version", "/schema_version"),
    ({"schema_version": 1}, "missing_key", "/answers"),
    ({"schema_version": 1, "answers": []}, "wrong_type", "/answers"),
    (good() | {"respondent": "A. B."}, "unknown_key", "/respondent"),
    (good() | {"instrument": "Gov Ma"}, "bad_format", "/instrument"),
    (good() | {"version": 1}, "wrong_type", "/version"),
    (good() | {"profile": {"staff": "yes"}}, "wrong_type", "/profile/staff"),
    (with_answer("3"), "not_one_of", "/answers/plain"),
    (with_answer(2.5), "not_one_of", "/answers/plain"),
    (with_answer(True), "not_one_of", "/answers/plain"),
    (with_answer([3]), "not_one_of", "/answers/plain"),
    (with_answer(-1), "out_of_range", "/answers/plain"),
    (with_answer({}), "missing_key", "/answers/plain/not_applicable"),
    (with_answer({"not_applicable": True}), "wrong_type", "/answers/plain/not_applicable"),
    (with_answer({"not_applicable": "a" * 2001}), "too_long", "/answers/plain/not_applicable"),
    (with_answer({"not_applicable": "a\u202eb"}), "bad_characters", "/answers/plain/not_applicable"),
    (with_answer({"not_applicable": "x", "level": 3}), "unknown_key", "/answers/plain/level"),
    ({"schema_version": 1, "answers": {"a b": 1}}, "bad_format", "/answers/a b"),
]


@pytest.mark.parametrize("data, code, path", BAD)
def test_refused(data: Any, code: str, path: str) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        parse_answers(data)
    assert [(str(problem.code), problem.path) for problem in refused.value.problems] == [(code, path)]
    assert not VALIDATOR.is_valid(data)


def test_a_cycle_is_refused() -> None:
    data: dict[str, Any] = {}
    data["answers"] = data
    with pytest.raises(InvalidAnswers):
        parse_answers(data)


def found(given: dict[str, Any], **profile: bool) -> list[tuple[str, str]]:
    return [(str(problem.code), problem.path) for problem in check_answers(INSTRUMENT, answers(given, profile))]


def test_all_is_well() -> None:
    given = {"plain": 4, "critical": "?", "staff": "n/a: none", "payroll": None}
    assert found(given, staff=True) == []
    assert found({}) == []


@pytest.mark.parametrize(
    "given, profile, problem",
    [
        ({"zz": 1}, {}, ("unknown_indicator", "/answers/zz")),
        ({"plain": 5}, {}, ("level_out_of_scale", "/answers/plain")),
        ({"plain": 0}, {}, ("level_out_of_scale", "/answers/plain")),
        ({"plain": 1}, {"cars": True}, ("unknown_profile_question", "/profile/cars")),
        ({"critical": "n/a: because"}, {}, ("critical_not_applicable", "/answers/critical")),
        ({"plain": "n/a: "}, {}, ("reason_required", "/answers/plain")),
        ({"staff": "n/a:"}, {}, ("reason_required", "/answers/staff")),
        ({"staff": "n/a:"}, {"staff": True}, ("reason_required", "/answers/staff")),
        ({"payroll": "n/a:"}, {"staff": True}, ("reason_required", "/answers/payroll")),
    ],
)
def test_does_not_fit(given: dict[str, Any], profile: dict[str, bool], problem: tuple[str, str]) -> None:
    assert found(given, **profile) == [problem]


def test_no_reason_is_needed_where_the_profile_says_it() -> None:
    assert found({"staff": "n/a:", "payroll": "n/a:"}, staff=False) == []


def test_answers_to_another_instrument() -> None:
    other = AnswerSet(slug="gov-ma", version="0.1.0")
    assert [problem.path for problem in check_answers(INSTRUMENT, other)] == ["/instrument", "/version"]
    assert check_answers(INSTRUMENT, AnswerSet(slug="small", version="1.0.0")) == []


def test_applies() -> None:
    staff, plain = INSTRUMENT.indicator("staff"), INSTRUMENT.indicator("plain")
    assert [applies(staff, profile) for profile in ({}, {"staff": True}, {"staff": False})] == [True, True, False]
    assert applies(plain, {"staff": False})


def test_an_answer_is_one_thing() -> None:
    with pytest.raises(ValueError, match="level"):
        Answer(AnswerKind.LEVEL)
    with pytest.raises(ValueError, match="level"):
        Answer(AnswerKind.DONT_KNOW, level=2)


def test_sets_do_not_change() -> None:
    given = {"plain": Answer.of_level(1)}
    kept = AnswerSet(given)
    given["plain"] = Answer.of_level(4)
    assert kept.answers["plain"].level == 1
    with pytest.raises(TypeError):
        kept.answers["plain"] = Answer.of_level(4)  # type: ignore[index]


codes = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,5}", fullmatch=True)
reasons = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Cn"]), max_size=20)
some_answers = st.one_of(
    st.integers(0, 100).map(Answer.of_level),
    st.just(Answer.dont_know()),
    st.just(Answer.skipped()),
    reasons.map(lambda reason: Answer.not_applicable(reason if reason.strip() else "")),
)


@few
@given(st.builds(AnswerSet, st.dictionaries(codes, some_answers), st.dictionaries(codes, st.booleans()),
                 st.none() | st.just("gov-ma"), st.none() | st.just("0.1.0")))  # fmt: skip
def test_round_trip(kept: AnswerSet) -> None:
    data = json.loads(json.dumps(answers_to_data(kept)))
    assert VALIDATOR.is_valid(data), list(VALIDATOR.iter_errors(data))
    assert parse_answers(data) == kept
