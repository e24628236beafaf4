"""What may come with a patch, what needs a minor version, what a major one: by table, and for every pair of instruments."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance_assessment.cli import change_words
from governance_assessment.cli.messages import LANGUAGES
from governance_assessment.domain import (
    Change,
    ChangeCode,
    Size,
    changes,
    content_hash,
    instrument_to_data,
    needed_size,
    parse_instrument,
    scoring_hash,
    step_between,
)
from tests.governance_assessment.domain.builders import document, few, indicator, section, text
from tests.governance_assessment.domain.test_parser import drop, good, put
from tests.governance_assessment.domain.test_scoring_properties import documents

I11, I12, I21 = "/sections/0/indicators/0", "/sections/0/indicators/1", "/sections/1/sections/0/indicators/0"
Edit = Callable[[dict[str, Any]], None]


def both(*edits: Edit) -> Edit:
    def change(data: dict[str, Any]) -> None:
        for edit in edits:
            edit(data)

    return change


def add_indicator(data: dict[str, Any]) -> None:
    data["sections"][0]["indicators"].append(indicator("1.3"))


def in_french_too(data: dict[str, Any]) -> None:
    """Every text twice, the French one the same."""

    def walk(value: Any) -> None:
        for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(below)
        if isinstance(value, dict) and isinstance(value.get("en"), str):
            value["fr"] = value["en"]

    walk(data)
    data["languages"].append("fr")


#: (edit of the good document, the changes it makes)
TABLE: list[tuple[Edit, list[tuple[str, str]]]] = [
    (lambda data: None, []),
    (put("/title/en", "Other"), [("wording", "")]),
    (put("/description/en", "Other"), [("wording", "")]),
    (put("/scale/levels/0/name/en", "Other"), [("wording", "")]),
    (put("/scoring/bands/0/name/en", "Other"), [("wording", "")]),
    (put("/sections/0/title/en", "Other"), [("wording", "D1")]),
    (put(f"{I11}/title/en", "Other"), [("wording", "1.1")]),
    (put(f"{I11}/why/en", "Other"), [("wording", "1.1")]),
    (put(f"{I11}/evidence", []), [("wording", "1.1")]),
    (put(f"{I11}/basis", "statutes"), [("wording", "1.1")]),
    (put("/profile_questions/0/text/en", "Staff!"), [("wording", "staff")]),
    (lambda data: data["sections"].reverse(), [("order", "")]),
    (put("/laws/L2", text("another")), [("laws", "")]),
    (in_french_too, [("language_added", "fr")]),
    (both(in_french_too, put("/title/en", "Other")), [("language_added", "fr"), ("wording", "")]),
    (lambda data: data["profile_questions"].append({"code": "q", "text": text("q")}), [("question_added", "q")]),
    (lambda data: data["sections"].append(section("D3", indicator("3.1"))),
     [("section_added", "D3"), ("indicator_added", "3.1")]),
    (add_indicator, [("indicator_added", "1.3")]),
    (drop(f"{I11}/applies_if"), [("condition_removed", "1.1")]),
    (put("/profile_questions/0/text/en", "volunteers"), [("question_reworded", "staff")]),
    (both(put("/profile_questions", []), drop(f"{I11}/applies_if")),
     [("question_removed", "staff"), ("condition_removed", "1.1")]),
    (put("/scale/levels/1/points", "5/2"),
     [("scale", ""), ("indicator_scale", "1.1"), ("indicator_scale", "2.1")]),
    (put("/scoring/completeness", "1/2"), [("rules", "")]),
    (put("/scoring/bands/1/from", "60"), [("bands", "")]),
    (put("/scoring/caps/1/label_max", 2), [("caps", "")]),
    (lambda data: data["sections"].pop(1),
     [("section_removed", "D2"), ("section_removed", "D2.1"), ("indicator_removed", "2.1")]),
    (put("/sections/0/weight", 3), [("section_rules", "D1")]),
    (drop("/sections/0/aggregate"), [("section_rules", "D1")]),
    (drop(I12), [("indicator_removed", "1.2")]),
    (put(f"{I12}/code", "1.9"), [("indicator_removed", "1.2"), ("indicator_added", "1.9")]),
    (put(f"{I12}/weight", 7), [("weight", "1.2")]),
    (put(f"{I21}/critical", True), [("critical", "2.1")]),
    (put(f"{I21}/express", True), [("express", "2.1")]),
    (put(f"{I21}/applies_if", "staff"), [("condition", "2.1")]),
    (put(f"{I12}/scale/max", 2), [("indicator_scale", "1.2")]),
    (put(f"{I21}/scale", {"min": 1, "max": 4}), [("indicator_scale", "2.1")]),
    (drop(f"{I11}/levels"), [("levels", "1.1")]),
    (put(f"{I11}/levels/2/en", "is not 2"), [("meaning", "1.1")]),
    (put(f"{I11}/levels/2/en", "Is 2."), [("wording", "1.1")]),
]  # fmt: skip


@pytest.mark.parametrize("edit, expected", TABLE)
def test_the_table(edit: Edit, expected: list[tuple[str, str]]) -> None:
    data = good()
    edit(data)
    found = changes(parse_instrument(good()), parse_instrument(data))
    assert [(str(change.code), change.of) for change in found] == expected


def moved() -> tuple[dict[str, Any], dict[str, Any]]:
    before = document(section("A", indicator("x"), indicator("y")), section("B", indicator("z")))
    after = deepcopy(before)
    after["sections"][1]["indicators"].append(after["sections"][0]["indicators"].pop())
    return before, after


def test_moved_renamed_and_no_longer_in_a_language() -> None:
    before, after = map(parse_instrument, moved())
    assert changes(before, after) == (Change(ChangeCode.INDICATOR_MOVED, "y"),)

    french = good()
    in_french_too(french)
    assert Change(ChangeCode.LANGUAGE_REMOVED, "fr") in changes(parse_instrument(french), parse_instrument(good()))

    renamed = document(
        section("A", indicator("x"), {**indicator("y2"), "title": text("y")}), section("B", indicator("z"))
    )
    items = {"x": "equal", "y2": "equal", "z": "equal"}
    declared = {code: {"relation": relation} for code, relation in items.items()}
    declared["y2"]["from"] = ["y"]  # type: ignore[assignment]
    new = parse_instrument(renamed | {"version": "2.0.0", "replaces": {"version": "1.0.0", "items": declared}})
    assert changes(before, new) == (Change(ChangeCode.INDICATOR_RENAMED, "y"),)


PATCH = {"wording", "order", "laws", "language_added"}
MINOR = {"question_added", "section_added", "indicator_added", "condition_removed"}


def test_sizes() -> None:
    for code in ChangeCode:
        expected = Size.PATCH if code in PATCH else Size.MINOR if code in MINOR else Size.MAJOR
        assert Change(code).size is expected, code
    assert needed_size(()) is Size.PATCH
    assert needed_size((Change(ChangeCode.WORDING), Change(ChangeCode.WEIGHT, "1"))) is Size.MAJOR


def test_every_code_is_in_the_table() -> None:
    tabled = {code for _edit, expected in TABLE for code, _of in expected}
    assert tabled | {"indicator_moved", "indicator_renamed", "language_removed"} == {str(code) for code in ChangeCode}


STEPS = [
    ("1.0.0", "1.0.1", Size.PATCH),
    ("1.0.9", "1.1.0", Size.MINOR),
    ("1.9.9", "2.0.0", Size.MAJOR),
    ("0.1.0", "0.1.1", Size.PATCH),
    ("0.1.0", "0.2.0", Size.MAJOR),
    ("0.9.0", "1.0.0", Size.MAJOR),
    ("1.9.0", "1.10.0", Size.MINOR),
    ("1.0.0-rc1", "1.0.0", Size.MAJOR),
    ("1.0.0-rc.2", "1.0.0-rc.10", Size.MAJOR),
    ("1.0.0", "1.0.0-rc1", None),
    ("1.0.0", "1.0.0", None),
    ("1.10.0", "1.9.0", None),
    ("2.0.0", "1.9.9", None),
    ("1.0.0-rc.10", "1.0.0-rc.2", None),
]


@pytest.mark.parametrize("old, new, size", STEPS)
def test_steps(old: str, new: str, size: Size | None) -> None:
    assert step_between(old, new) is size


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two versions: independent, or the second edited from the first."""
    before = draw(documents())
    if draw(st.booleans()):
        return before, draw(documents())
    after = deepcopy(before)
    for _ in range(draw(st.integers(0, 3))):
        home = draw(st.sampled_from([node for node in after["sections"] if "indicators" in node] or [None]))
        if home is None:
            break
        item = draw(st.sampled_from(home["indicators"]))
        match draw(st.integers(0, 4)):
            case 0:
                item["title"] = text(draw(st.sampled_from(["Renamed", item["title"]["en"].upper()])))
            case 1:
                item["weight"] = draw(st.integers(1, 9))
            case 2:
                item["why"] = text("because")
            case 3:
                home["indicators"].append(indicator(f"n{draw(st.integers(0, 99999))}"))
            case 4:
                after["sections"].reverse()
    return before, after


@few
@given(pairs())
def test_what_a_patch_promises(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """A patch scores every set of answers the same, and no difference goes unsaid."""
    codes = [found["code"] for found in pair[1]["sections"][0].get("indicators", ())]
    if len(codes) != len(set(codes)):
        return
    try:
        old, new = map(parse_instrument, pair)
    except ValueError:
        return
    found = changes(old, new)
    if needed_size(found) is Size.PATCH:
        assert scoring_hash(old) == scoring_hash(new)
        assert old.by_code.keys() == new.by_code.keys()
    if needed_size(found) is not Size.MAJOR:
        assert old.by_code.keys() <= new.by_code.keys()
    assert bool(found) == (content_hash(old) != content_hash(new))
    assert {change.code for change in changes(new, old)} or not found


@pytest.mark.parametrize("column", range(3))
def test_every_change_has_its_sentence_in_every_language(column: int) -> None:
    assert set(change_words._CHANGES) == {str(code) for code in ChangeCode}
    assert set(change_words._SIZES) == set(Size)
    for code, sentences in change_words._CHANGES.items():
        said = change_words.change_text(Change(ChangeCode(code), "1.1"), LANGUAGES[column])
        assert said
        assert ("1.1" in said) == ("{of}" in sentences[column])


def test_alike_changes_are_said_once() -> None:
    found = (Change(ChangeCode.WORDING), Change(ChangeCode.WEIGHT, "1.1"), Change(ChangeCode.WEIGHT, "1.2"))
    assert change_words.grouped(found, "en") == [
        (Size.MAJOR, ["the weight of indicator 1.1, 1.2 changed"]),
        (Size.PATCH, ["wording or translation changed: the heading"]),
    ]
    assert instrument_to_data(parse_instrument(good()))["version"] == "1.0.0"
