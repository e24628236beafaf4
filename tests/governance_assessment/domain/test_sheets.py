"""Sheets and back: nothing is lost, and every problem has its cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance_assessment.domain import (
    InvalidInstrument,
    content_hash,
    instrument_to_data,
    parse_instrument,
    proposed_replacement,
)
from governance_assessment.domain.serialise import replacement_to_data
from governance_assessment.domain.sheet_reader import from_tables
from governance_assessment.domain.sheets import COLUMNS, to_tables
from tests.governance_assessment.domain.builders import few, gov_ma
from tests.governance_assessment.domain.test_lineage import new
from tests.governance_assessment.domain.test_parser import good
from tests.governance_assessment.domain.test_scoring_properties import documents


def tables(data: dict[str, Any]) -> dict[str, list[list[Any]]]:
    return to_tables(instrument_to_data(parse_instrument(data)))


@pytest.mark.parametrize("data", [good(), new(), instrument_to_data(gov_ma())], ids=["good", "new", "gov-ma"])
def test_there_and_back(data: dict[str, Any]) -> None:
    found = from_tables(tables(data))
    assert found.problems == ()
    assert content_hash(parse_instrument(found.data)) == content_hash(parse_instrument(data))


@few
@given(documents())
def test_any_document_comes_back(data: dict[str, Any]) -> None:
    instrument = parse_instrument(data)
    declared = instrument_to_data(instrument) | {
        "version": "2.0.0",
        "replaces": replacement_to_data(proposed_replacement(instrument, instrument)),
    }
    found = from_tables(tables(declared))
    assert found.problems == ()
    assert parse_instrument(found.data) == parse_instrument(declared)


def put(sheet: str, row: int, title: str, value: Any) -> Callable[[dict[str, Any]], str]:
    """Type `value` into a cell; the cell's name."""

    def change(sheets: dict[str, Any]) -> str:
        column = sheets[sheet][0].index(title)
        sheets[sheet][row - 1][column] = value
        return f"{sheet}!{chr(ord('A') + column)}{row}"

    return change


WRONG = [
    (put("instrument", 4, "value", "Gov Ma"), "bad_format"),
    (put("instrument", 10, "key", "colour"), "unknown_key"),
    (put("scale", 2, "level", "first"), "wrong_type"),
    (put("scale", 2, "points", -1), "out_of_range"),
    (put("dimensions", 2, "weight", 0), "weight_not_positive"),
    (put("dimensions", 2, "aggregate", "median"), "not_one_of"),
    (put("dimensions", 4, "in", "D9"), "not_one_of"),
    (put("indicators", 2, "dimension", "D9"), "not_one_of"),
    (put("indicators", 2, "critical", "perhaps"), "wrong_type"),
    (put("indicators", 2, "applies_if", "volunteers"), "unknown_profile_question"),
    (put("indicators", 3, "code", "1.1"), "duplicate_code"),
    (put("texts", 2, "code", "9.9"), "unknown_indicator"),
    (put("texts", 2, "text", "colour"), "not_one_of"),
    (put("texts", 2, "en", "a\u202eb"), "bad_characters"),
    (put("profile", 2, "en", "x" * 4001), "too_long"),
    (put("bands", 2, "from", 5), "bands_not_from_zero"),
    (put("caps", 2, "scope", "everything"), "not_one_of"),
    (put("caps", 2, "at", "low"), "wrong_type"),
    (put("laws", 2, "en", "\x00"), "bad_characters"),
]


@pytest.mark.parametrize("change, code", WRONG, ids=[f"{number}-{code}" for number, (_c, code) in enumerate(WRONG)])
def test_each_problem_has_its_cell(change: Callable[[dict[str, Any]], str], code: str) -> None:
    sheets = tables(good())
    cell = change(sheets)
    found = from_tables(sheets)
    problems = list(found.problems)
    try:
        parse_instrument(found.data)
    except InvalidInstrument as refused:
        problems += refused.problems
    assert (code, cell) in [(str(problem.code), found.cell(problem.path)) for problem in problems]


def test_yes_and_no_as_people_write_them() -> None:
    for yes, no in ((1, 0), ("VRAI", "FAUX"), ("نعم", "لا"), ("x", None), ("oui", "Non")):
        sheets = tables(good())
        put("indicators", 2, "critical", yes)(sheets)
        put("indicators", 2, "express", no)(sheets)
        first = from_tables(sheets).data["sections"][0]["indicators"][0]
        assert (first["critical"], first.get("express", False)) == (True, False)


def test_a_missing_sheet_and_a_missing_column_are_named() -> None:
    sheets = tables(good())
    del sheets["caps"]
    sheets["bands"][0][0] = "starts"
    problems = from_tables(sheets).problems
    assert {(str(problem.code), problem.params["name"]) for problem in problems} >= {
        ("missing_key", "caps"), ("missing_key", "from"),
    }  # fmt: skip


cells = st.none() | st.integers(-5, 5) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6)


@few
@given(st.dictionaries(st.sampled_from(sorted(COLUMNS)), st.lists(st.lists(cells, max_size=9), max_size=6)))
def test_rubbish_is_refused_and_breaks_nothing(sheets: dict[str, Any]) -> None:
    found = from_tables(sheets)
    with pytest.raises(InvalidInstrument) as refused:
        parse_instrument(found.data)
    for problem in refused.value.problems:
        found.cell(problem.path)
