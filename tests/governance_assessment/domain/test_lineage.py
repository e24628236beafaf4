"""What a version declares about the one it replaces: every item of both accounted for, and "equal" only where it is true."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from governance_assessment.domain import (
    InvalidInstrument,
    Relation,
    difference_in_meaning,
    instrument_to_data,
    parse_instrument,
    proposed_replacement,
    replacement_problems,
    undeclared_equals,
)
from governance_assessment.domain.serialise import replacement_to_data
from tests.governance_assessment.domain.builders import LINEAGE_CODES, document, few, gov_ma, indicator, section, text
from tests.governance_assessment.domain.test_parser import VALIDATOR
from tests.governance_assessment.domain.test_scoring_properties import documents

LEVELS = {str(level): text(f"The board meets {level} times and writes minutes") for level in range(1, 5)}
OLD = parse_instrument(
    document(section("A", *(indicator(code, levels=LEVELS) for code in ("a1", "a2", "a3", "a4", "a5"))))
)
#: Every relation once: a1 stays, a2 becomes two, a3 and a4 become one, a5 goes, n1 comes.
ITEMS = {
    "a1": {"relation": "equal"},
    "b1": {"relation": "split", "from": ["a2"]},
    "b2": {"relation": "split", "from": ["a2"]},
    "c1": {"relation": "merged", "from": ["a3", "a4"]},
    "n1": {"relation": "new"},
    "a5": {"relation": "retired"},
}


def new(items: dict[str, Any] | None = None, *, version: str = "1.0.0", **first: Any) -> dict[str, Any]:
    codes = ("b1", "b2", "c1", "n1")
    made = document(section("A", indicator("a1", **{"levels": LEVELS} | first), *map(indicator, codes)))
    declared = {**ITEMS, **(items or {})}
    declared = {code: item for code, item in declared.items() if item is not None}
    return made | {"version": "2.0.0", "replaces": {"version": version, "items": declared}}


def found(data: dict[str, Any]) -> list[tuple[str, str]]:
    """The problems of a document, alone first and then against the old version."""
    try:
        problems = replacement_problems(OLD, parse_instrument(data))
    except InvalidInstrument as refused:
        problems = tuple(refused.problems)
    return [(str(problem.code), problem.path) for problem in problems]


def test_a_whole_declaration_holds() -> None:
    data = new()
    assert VALIDATOR.is_valid(data), list(VALIDATOR.iter_errors(data))
    instrument = parse_instrument(data)
    assert replacement_problems(OLD, instrument) == ()
    assert instrument.replaces is not None
    assert instrument.replaces.equal() == {"a1": "a1"}
    assert parse_instrument(instrument_to_data(instrument)) == instrument
    assert instrument_to_data(instrument)["replaces"]["items"]["a1"] == {"relation": "equal"}


def test_an_equal_item_may_have_a_new_code() -> None:
    data = new({"a1": {"relation": "retired"}, "n1": {"relation": "equal", "from": ["a5"]}, "a5": None})
    data["sections"][0]["indicators"] = [
        item | ({"levels": LEVELS} if item["code"] == "n1" else {})
        for item in data["sections"][0]["indicators"]
        if item["code"] != "a1"
    ]
    assert found(data) == []
    replaces = parse_instrument(data).replaces
    assert replaces is not None
    assert replaces.equal() == {"a5": "n1"}


AT = "/replaces/items"
BAD: list[tuple[dict[str, Any], str, str]] = [
    (new(version="2.0.0"), "replaces_itself", "/replaces/version"),
    (new(version="0.9.0"), "not_the_replaced", "/replaces/version"),
    (new({"n1": None}), "not_declared", AT),
    (new({"zz": {"relation": "new"}}), "unknown_indicator", f"{AT}/zz"),
    (new({"n1": {"relation": "retired"}}), "still_there", f"{AT}/n1/relation"),
    (new({"n1": {"relation": "new", "from": ["a5"]}}), "wrong_sources", f"{AT}/n1"),
    (new({"b1": {"relation": "split"}}), "wrong_sources", f"{AT}/b1"),
    (new({"c1": {"relation": "merged", "from": ["a3"]}}), "wrong_sources", f"{AT}/c1"),
    (new({"b1": {"relation": "split", "from": ["zz"]}}), "unknown_source", f"{AT}/b1/from/0"),
    (new({"zz": {"relation": "retired"}}), "unknown_source", f"{AT}/zz"),
    (new({"a1": {"relation": "new"}}), "code_reused", f"{AT}/a1"),
    (new({"a5": None}), "not_accounted_for", AT),
    (new({"n1": {"relation": "equal", "from": ["a1"]}}), "accounted_twice", AT),
    (new({"b2": {"relation": "new"}}), "split_in_one", AT),
    (new(scale={"min": 1, "max": 5}, levels=LEVELS | {"5": text("more")}), "equal_other_scale", f"{AT}/a1/relation"),
    (new(levels=None), "equal_other_levels", f"{AT}/a1/relation"),
    (new(levels=LEVELS | {"2": text("The board meets 3 times and writes minutes")}), "equal_other_wording",
     f"{AT}/a1/relation"),
]  # fmt: skip
for data, code, _path in BAD:
    if code == "equal_other_levels":
        del data["sections"][0]["indicators"][0]["levels"]


@pytest.mark.parametrize("data, code, path", BAD, ids=[code for _data, code, _path in BAD])
def test_what_is_refused(data: dict[str, Any], code: str, path: str) -> None:
    assert (code, path) in found(data)
    assert VALIDATOR.is_valid(data)


def test_every_code_is_exercised() -> None:
    assert {code for _data, code, _path in BAD} == LINEAGE_CODES | {"unknown_indicator"}


SHAPES = [
    ({"a1": {"relation": "same"}}, "not_one_of", f"{AT}/a1/relation"),
    ({"a1": {"relation": "equal", "from": []}}, "empty", f"{AT}/a1/from"),
    ({"a1": {"from": ["a1"]}}, "missing_key", f"{AT}/a1/relation"),
    ({"a1": {"relation": "equal", "since": "1"}}, "unknown_key", f"{AT}/a1/since"),
    ({"c1": {"relation": "merged", "from": ["a3", "a3"]}}, "duplicate_entry", f"{AT}/c1/from/1"),
    ({"a 1": {"relation": "retired"}}, "bad_format", f"{AT}/a 1"),
    ({"a1": "equal"}, "wrong_type", f"{AT}/a1"),
]


@pytest.mark.parametrize("items, code, path", SHAPES, ids=[code for _items, code, _path in SHAPES])
def test_the_schema_agrees_on_shapes(items: dict[str, Any], code: str, path: str) -> None:
    data = new(items)
    assert (code, path) in found(data)
    assert not VALIDATOR.is_valid(data)


def test_what_an_answer_counts_for_may_change() -> None:
    """Weight, critical, condition and title say nothing about what a level means."""
    data = new(weight=9, critical=True, title=text("Another title"))
    assert found(data) == []
    assert found(new(levels={**LEVELS, "2": text("The  bord meets 2 times, and writes minutes")})) == [
        ("equal_other_wording", f"{AT}/a1/relation")
    ]  # "board" has five letters, "bord" four: too short to be sure
    assert found(new(levels={**LEVELS, "2": text("The board meets 2 times and writes minuts.")})) == []


def test_without_levels_the_title_is_what_is_asked() -> None:
    old = parse_instrument(document(section("A", indicator("x"))))
    other = document(section("A", indicator("x")))
    other["sections"][0]["indicators"][0]["title"] = text("y")
    assert difference_in_meaning(old, "x", parse_instrument(other), "x") == "equal_other_wording"
    assert undeclared_equals(old, parse_instrument(other)) == {}


def test_versions_without_a_common_language_share_no_meaning() -> None:
    old = parse_instrument(document(section("A", indicator("x"))))
    other = document(section("A", {"code": "x", "weight": 1, "title": {"fr": "x"}}))
    other |= {"languages": ["fr"], "title": {"fr": "x"}}
    other["sections"][0]["title"] = {"fr": "A"}
    assert undeclared_equals(old, parse_instrument(other)) == {}


@few
@given(documents(), documents())
def test_a_proposal_always_holds(before: dict[str, Any], after: dict[str, Any]) -> None:
    """It is what an editor starts from. A code whose meaning changed cannot be proposed: it needs a new code first."""
    old, new_one = parse_instrument(before), parse_instrument(after | {"version": "2.0.0"})
    proposal = proposed_replacement(old, new_one)
    declared = parse_instrument(
        instrument_to_data(new_one) | {"replaces": replacement_to_data(proposal)},
    )
    assert replacement_problems(old, declared) == ()
    assert {item.code for item in proposal.items} == {*old.by_code, *new_one.by_code}
    assert proposal.equal() == undeclared_equals(old, new_one)


def test_the_real_instrument_is_equal_to_itself() -> None:
    instrument = gov_ma()
    proposal = proposed_replacement(instrument, instrument)
    assert {item.relation for item in proposal.items} == {Relation.EQUAL}
    assert len(proposal.items) == 48
