"""Instruments refused, each for its reason and at its place; and the JSON Schema, which must agree on shapes."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

import governance_assessment
from governance_assessment.domain import (
    Aggregate,
    Basis,
    InstrumentProblem,
    InvalidInstrument,
    ProblemCode,
    instrument_to_data,
    load_yaml,
    parse_instrument,
)
from tests.governance_assessment.domain.builders import INSTRUMENTS, LINEAGE_CODES, document, indicator, section, text

SCHEMA = json.loads(
    (Path(governance_assessment.__file__).parent / "schema/instrument-1.schema.json").read_text("utf-8")
)
VALIDATOR = Draft202012Validator(SCHEMA)

#: What a schema cannot see, because it lies between two places.
SENSE = {
    ProblemCode.MISSING_LANGUAGE,
    ProblemCode.UNKNOWN_LANGUAGE,
    ProblemCode.DUPLICATE_ENTRY,
    ProblemCode.DUPLICATE_CODE,
    ProblemCode.SCALE_EMPTY,
    ProblemCode.SCALE_TOO_LONG,
    ProblemCode.LEVEL_OUT_OF_SCALE,
    ProblemCode.MISSING_LEVEL,
    ProblemCode.POINTS_NOT_INCREASING,
    ProblemCode.UNKNOWN_PROFILE_QUESTION,
    ProblemCode.UNKNOWN_LAW,
    ProblemCode.UNKNOWN_INDICATOR,
    ProblemCode.UNKNOWN_LABEL,
    ProblemCode.BANDS_NOT_FROM_ZERO,
    ProblemCode.BANDS_NOT_ASCENDING,
    ProblemCode.LABELS_NOT_ASCENDING,
    ProblemCode.BAND_ABOVE_MAXIMUM,
    ProblemCode.CAP_LEVEL_OUT_OF_SCALE,
    ProblemCode.CAP_NEVER_APPLIES,
}

LEVELS = [{"level": n, "name": text(f"level {n}")} for n in range(1, 5)]


def good() -> dict[str, Any]:
    """A document that uses every key of the format."""
    full = indicator(
        "1.1",
        "1/2",
        critical=True,
        express=True,
        applies_if="staff",
        why=text("because"),
        levels={str(n): text(f"is {n}") for n in range(1, 5)},
        evidence=[text("a paper")],
        basis="law",
        laws=["L1"],
    )
    own_scale = indicator("1.2", 0.5, scale={"min": 0, "max": 1}, applies_if=None, basis="statutes", laws=[])
    made = document(
        section("D1", full, own_scale, category=True, aggregate="mean"),
        section("D2", section("D2.1", indicator("2.1"))),
        scale={"min": 1, "max": 4, "levels": deepcopy(LEVELS)},
        profile=("staff",),
        completeness="4/5",
        not_applicable_review=0.2,
        provisional_when_critical_unanswered=True,
        bands=[{"from": 0, "label": 1, "name": text("low")}, {"from": "50", "label": 2}],
        caps=[
            {"code": "a", "when": {"critical_at": 1, "count": 1}, "label_max": 1, "scope": "overall"},
            {"code": "b", "when": {"indicators": ["1.1"], "at": 1}, "label_max": 1, "scope": "section"},
        ],
    )
    return made | {"description": text("what it is"), "laws": {"L1": text("the law")}}


def problems(data: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInstrument) as refused:
        parse_instrument(data)
    assert all(isinstance(problem, InstrumentProblem) for problem in refused.value.problems)
    return [(str(problem.code), problem.path) for problem in refused.value.problems]


def at(data: Any, path: str) -> tuple[Any, Any]:
    """The container a pointer leads to, and the last key."""
    *steps, last = path.split("/")[1:]
    for step in steps:
        data = data[int(step)] if isinstance(data, list) else data[step]
    return data, int(last) if isinstance(data, list) else last


def put(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        container, key = at(data, path)
        container[key] = value

    return change


def drop(path: str) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        container, key = at(data, path)
        del container[key]

    return change


I11, I12 = "/sections/0/indicators/0", "/sections/0/indicators/1"
CAP = {"code": "c", "when": {"critical_at": 1}, "label_max": 1, "scope": "overall"}

#: (change to the good document, problem, its place)
BAD = [
    (put("/schema_version", 2), "schema_version", "/schema_version"),
    (put("/schema_version", True), "schema_version", "/schema_version"),
    (drop("/schema_version"), "missing_key", "/schema_version"),
    (put("/slug", "Gov Ma"), "bad_format", "/slug"),
    (put("/slug", 7), "wrong_type", "/slug"),
    (put("/version", 1.0), "wrong_type", "/version"),
    (put("/version", "1"), "bad_format", "/version"),
    (put("/languages", []), "empty", "/languages"),
    (put("/languages", "en"), "wrong_type", "/languages"),
    (put("/languages", ["en", "EN"]), "bad_format", "/languages/1"),
    (put("/languages", ["en", "en"]), "duplicate_entry", "/languages/1"),
    (put("/title", "Small"), "wrong_type", "/title"),
    (put("/title/en", " "), "empty", "/title/en"),
    (put("/title/en", 3), "wrong_type", "/title/en"),
    (put("/title/en", "a" * 4001), "too_long", "/title/en"),
    (put("/title/en", "a\u202eb"), "bad_characters", "/title/en"),
    (put("/title/en", "a\ud800"), "bad_characters", "/title/en"),
    (put("/title/en", "a\x00"), "bad_characters", "/title/en"),
    (put("/title", {}), "missing_language", "/title/en"),
    (put("/title/fr", "Petit"), "unknown_language", "/title/fr"),
    (put(f"{I11}/levels/2", {}), "missing_language", f"{I11}/levels/2/en"),
    (drop("/scale"), "missing_key", "/scale"),
    (put("/scale", 4), "wrong_type", "/scale"),
    (put("/scale/max", 1), "scale_empty", "/scale/max"),
    (put(f"{I12}/scale/max", 101), "scale_too_long", f"{I12}/scale/max"),
    (put("/scale/min", -1), "out_of_range", "/scale/min"),
    (put("/scale/min", "1"), "wrong_type", "/scale/min"),
    (put("/scale/levels", []), "empty", "/scale/levels"),
    (put("/scale/levels/3/level", 5), "level_out_of_scale", "/scale/levels"),
    (put("/scale/levels/3/level", 3), "duplicate_entry", "/scale/levels"),
    (drop("/scale/levels/3"), "missing_level", "/scale/levels"),
    (put("/scale/levels/3/points", 2), "points_not_increasing", "/scale/levels"),
    (put("/scale/levels/3/points", -2), "out_of_range", "/scale/levels/3/points"),
    (put("/scale/levels/3/points", "x"), "out_of_range", "/scale/levels/3/points"),
    (put("/scale/levels/3/points", None), "wrong_type", "/scale/levels/3/points"),
    (put("/scale/levels/0/name", "low"), "wrong_type", "/scale/levels/0/name"),
    (put("/profile_questions/0/code", ""), "bad_format", "/profile_questions/0/code"),
    (put("/profile_questions", [{"code": c, "text": text(c)} for c in ("staff", "staff")]), "duplicate_code",
     "/profile_questions/1/code"),
    (put("/profile_questions", {}), "wrong_type", "/profile_questions"),
    (put("/scoring", []), "wrong_type", "/scoring"),
    (drop("/scoring/aggregate"), "missing_key", "/scoring/aggregate"),
    (put("/scoring/aggregate", "median"), "not_one_of", "/scoring/aggregate"),
    (put("/scoring/aggregate", None), "not_one_of", "/scoring/aggregate"),
    (put("/scoring/completeness", 1.5), "out_of_range", "/scoring/completeness"),
    (put("/scoring/percent", 1), "wrong_type", "/scoring/percent"),
    (put("/scoring/percents", True), "unknown_key", "/scoring/percents"),
    (put("/scoring/bands/0/from", 5), "bands_not_from_zero", "/scoring/bands/0/from"),
    (put("/scoring/bands/1/from", 0), "bands_not_ascending", "/scoring/bands/1/from"),
    (put("/scoring/bands/1/from", 101), "band_above_maximum", "/scoring/bands/1/from"),
    (put("/scoring/bands/1/label", 1), "labels_not_ascending", "/scoring/bands/1/label"),
    (drop("/scoring/bands/1/label"), "missing_key", "/scoring/bands/1/label"),
    (put("/scoring/caps/0/label_max", 3), "unknown_label", "/scoring/caps/0/label_max"),
    (put("/scoring/caps/0/scope", "everything"), "not_one_of", "/scoring/caps/0/scope"),
    (put("/scoring/caps/0/when", {"critical_at": 1, "at": 1}), "cap_condition", "/scoring/caps/0/when"),
    (put("/scoring/caps/0/when", {"at": 1}), "cap_condition", "/scoring/caps/0/when"),
    (put("/scoring/caps/0/when", {}), "cap_condition", "/scoring/caps/0/when"),
    (put("/scoring/caps/0/when", None), "wrong_type", "/scoring/caps/0/when"),
    (put("/scoring/caps/0/when/critical_at", 4), "cap_level_out_of_scale", "/scoring/caps/0/when/critical_at"),
    (put("/scoring/caps/1/when/at", 0), "cap_level_out_of_scale", "/scoring/caps/1/when/at"),
    (put("/scoring/caps/0/when/count", 0), "out_of_range", "/scoring/caps/0/when/count"),
    (put("/scoring/caps/0/when/count", 2), "cap_never_applies", "/scoring/caps/0/when"),
    (put("/scoring/caps/1/when/indicators", ["9.9"]), "unknown_indicator", "/scoring/caps/1/when/indicators/0"),
    (put("/scoring/caps/1/when/indicators", []), "empty", "/scoring/caps/1/when/indicators"),
    (put("/scoring/caps/1/when/indicators", ["1.1", "1.1"]), "duplicate_entry", "/scoring/caps/1/when/indicators/1"),
    (put("/scoring/caps", [CAP, CAP]), "duplicate_code", "/scoring/caps/1/code"),
    (put("/laws", []), "wrong_type", "/laws"),
    (put("/laws/L1", "the law"), "wrong_type", "/laws/L1"),
    (put("/sections", []), "empty", "/sections"),
    (put("/sections/1", "D2"), "wrong_type", "/sections/1"),
    (put("/sections/1/code", "D1"), "duplicate_code", "/sections/1/code"),
    (put("/sections/1/sections/0/code", "D1"), "duplicate_code", "/sections/1/sections/0/code"),
    (put("/sections/0/weight", 0), "weight_not_positive", "/sections/0/weight"),
    (put("/sections/0/weight", -2.5), "weight_not_positive", "/sections/0/weight"),
    (put("/sections/0/weight", True), "wrong_type", "/sections/0/weight"),
    (put("/sections/0/weight", 1_000_001), "out_of_range", "/sections/0/weight"),
    (drop("/sections/0/weight"), "missing_key", "/sections/0/weight"),
    (put("/sections/0/sections", [section("X", indicator("x"))]), "sections_and_indicators", "/sections/0"),
    (drop("/sections/0/indicators"), "no_content", "/sections/0"),
    (put("/sections/0/indicators", []), "empty", "/sections/0/indicators"),
    (put("/sections/0/indicators", None), "wrong_type", "/sections/0/indicators"),
    (put("/sections/0/aggregate", "maximum"), "not_one_of", "/sections/0/aggregate"),
    (put(f"{I11}/code", 1.1), "wrong_type", f"{I11}/code"),
    (put(f"{I12}/code", "1.1"), "duplicate_code", f"{I12}/code"),
    (put("/sections/1/code", "d1"), "duplicate_code", "/sections/1/code"),
    (put("/sections/1/sections/0/indicators/0/code", "1.1"), "duplicate_code",
     "/sections/1/sections/0/indicators/0/code"),
    (put(f"{I11}/weigth", 2), "unknown_key", f"{I11}/weigth"),
    (put(f"{I11}/critical", "yes"), "wrong_type", f"{I11}/critical"),
    (put(f"{I11}/applies_if", "volunteers"), "unknown_profile_question", f"{I11}/applies_if"),
    (put(f"{I11}/applies_if", True), "wrong_type", f"{I11}/applies_if"),
    (put(f"{I11}/basis", "custom"), "not_one_of", f"{I11}/basis"),
    (put(f"{I11}/laws", []), "law_basis_without_law", I11),
    (drop(f"{I11}/laws"), "law_basis_without_law", I11),
    (put(f"{I11}/laws", ["L9"]), "unknown_law", f"{I11}/laws/0"),
    (put(f"{I11}/laws", "L1"), "wrong_type", f"{I11}/laws"),
    (put(f"{I11}/levels/5", text("five")), "level_out_of_scale", f"{I11}/levels/5"),
    (put(f"{I11}/levels/05", text("five")), "bad_format", f"{I11}/levels/05"),
    (put(f"{I11}/levels/top", text("five")), "bad_format", f"{I11}/levels/top"),
    (drop(f"{I11}/levels/4"), "missing_level", f"{I11}/levels"),
    (put(f"{I11}/levels", {}), "empty", f"{I11}/levels"),
    (put(f"{I11}/evidence", ["a paper"]), "wrong_type", f"{I11}/evidence/0"),
    (put(f"{I12}/levels", {"2": text("x")}), "level_out_of_scale", f"{I12}/levels/2"),
]  # fmt: skip


#: Problems of one place that a schema cannot see either: the size of a number written as text.
TOO_LARGE_TEXT = [
    (put("/scoring/completeness", "5/4"), "out_of_range", "/scoring/completeness"),
    (put("/scoring/not_applicable_review", "2"), "out_of_range", "/scoring/not_applicable_review"),
    (put("/sections/0/weight", "0/3"), "weight_not_positive", "/sections/0/weight"),
    (put("/sections/0/weight", "1000001"), "out_of_range", "/sections/0/weight"),
]


@pytest.mark.parametrize("change, code, path", TOO_LARGE_TEXT)
def test_numbers_written_as_text(change: Callable[[dict[str, Any]], None], code: str, path: str) -> None:
    data = good()
    change(data)
    assert problems(data) == [(code, path)]


@pytest.mark.parametrize("change, code, path", BAD, ids=lambda value: value if isinstance(value, str) else "")
def test_bad_documents(change: Callable[[dict[str, Any]], None], code: str, path: str) -> None:
    """The parser names the problem and its place; the schema refuses as well, but for what it cannot see."""
    data = good()
    change(data)
    found = problems(data)
    assert (code, path) in found
    is_shape = any(ProblemCode(name) not in SENSE for name, _path in found)
    if is_shape:
        assert not VALIDATOR.is_valid(data), found
    elif code != "duplicate_entry":  # uniqueItems sees those in lists, not those in a scale
        assert VALIDATOR.is_valid(data), list(VALIDATOR.iter_errors(data))


def test_one_mistake_gives_one_problem() -> None:
    """No echoes: what only follows from a mistake already named is not named again."""
    noisy = {"missing_language", "unknown_language"}
    for change, code, path in BAD:
        data = good()
        change(data)
        found = [problem for problem in problems(data) if problem[0] not in noisy or problem[0] == code]
        extra = {problem for problem in found if problem[1] != path and not problem[1].startswith(path)}
        allowed = {"missing_level"} if code in ("level_out_of_scale", "duplicate_entry") else set()
        allowed |= {"cap_never_applies"} if path.startswith("/scoring/caps/1/when") else set()
        allowed |= {"cap_level_out_of_scale"} if code == "scale_empty" else set()
        assert {name for name, _path in extra} <= allowed, (code, path, found)


def test_all_problems_at_once() -> None:
    data = good()
    for change, _code, _path in (BAD[3], BAD[-7], BAD[-8], BAD[12]):
        change(data)
    codes = {code for code, _path in problems(data)}
    assert {"bad_format", "empty", "level_out_of_scale"} <= codes


def test_every_instrument_code_is_exercised() -> None:
    tested = {code for _change, code, _path in BAD}
    from_documents = {"too_large", "too_deep", "too_many_nodes", "cycle", "syntax", "tag", "duplicate_key", "bad_key",
                      "bad_number", "bad_value"}  # fmt: skip
    from_answers = {"other_instrument", "critical_not_applicable", "reason_required"}
    from_recommendations = {"not_the_next_level"}
    from_others = from_documents | from_answers | from_recommendations
    assert {str(code) for code in ProblemCode} == tested | from_others | LINEAGE_CODES


class TestGood:
    def test_every_key(self) -> None:
        data = good()
        assert VALIDATOR.is_valid(data), list(VALIDATOR.iter_errors(data))
        instrument = parse_instrument(data)
        first, second = instrument.sections[0].indicators
        assert first.laws == ("L1",)
        assert first.basis is Basis.LAW
        assert first.levels[3][0] == 4
        assert first.levels[3][1].in_language("en") == "is 4"
        assert instrument.scale_of(second).maximum == 1
        assert instrument.sections[0].aggregate is Aggregate.MEAN
        assert instrument.indicator("2.1").title.in_language("en") == "2.1"
        assert instrument.label_name(1, "en") == "low"
        assert instrument.label_name(2, "en") == "level 2"
        assert instrument.label_name(9, "en") == "9"
        with pytest.raises(KeyError):
            first.title.in_language("fr")

    def test_round_trip(self) -> None:
        instrument = parse_instrument(good())
        data = json.loads(json.dumps(instrument_to_data(instrument)))
        assert VALIDATOR.is_valid(data), list(VALIDATOR.iter_errors(data))
        assert parse_instrument(data) == instrument
        assert parse_instrument(instrument_to_data(instrument.express())) == instrument.express()

    def test_integer_keys_and_whole_floats(self) -> None:
        data = good()
        data["schema_version"] = 1.0
        levels = data["sections"][0]["indicators"][0]["levels"]
        data["sections"][0]["indicators"][0]["levels"] = {int(level): words for level, words in levels.items()}
        assert parse_instrument(data) == parse_instrument(good())

    def test_the_schema_is_a_schema(self) -> None:
        Draft202012Validator.check_schema(SCHEMA)

    @pytest.mark.parametrize(
        "path", sorted(INSTRUMENTS.glob("*/*.yaml")), ids=lambda path: f"{path.parent.name}-{path.stem}"
    )
    def test_instruments_of_the_project(self, path: Path) -> None:
        data = load_yaml(path.read_bytes())
        assert VALIDATOR.is_valid(data), list(VALIDATOR.iter_errors(data))
        instrument = parse_instrument(data)
        assert (instrument.slug, instrument.version) == (path.parent.name, path.stem)


class TestNotATree:
    def test_no_mapping(self) -> None:
        assert problems([]) == [("wrong_type", "")]

    def test_foreign_value(self) -> None:
        assert problems(good() | {"title": {"en"}}) == [("bad_value", "/title")]

    def test_key_that_is_no_text(self) -> None:
        assert problems({None: 1}) == [("bad_key", "")]

    def test_one_key_twice(self) -> None:
        assert problems({1: "a", "1": "b"}) == [("duplicate_key", "/1")]

    def test_section_that_contains_itself(self) -> None:
        data = good()
        loop = section("D3", indicator("x"))
        del loop["indicators"]
        loop["sections"] = [loop]
        data["sections"].append(loop)
        assert problems(data) == [("cycle", "/sections/2/sections/0")]

    def test_sections_that_contain_each_other_through_aliases(self) -> None:
        """Read by a plain YAML loader, which builds the cycle without a word."""
        data = yaml.safe_load(
            """
            sections:
              - &a {code: A, sections: [&b {code: B, sections: [*a]}]}
            """
        )
        assert problems(data) == [("cycle", "/sections/0/sections/0/sections/0")]

    def test_alias_bomb(self) -> None:
        bomb: list[Any] = ["x"]
        for _ in range(20):
            bomb = [bomb] * 10
        assert problems(good() | {"laws": bomb}) == [("too_many_nodes", "")]

    def test_too_deep(self) -> None:
        deep: dict[str, Any] = section("S", indicator("x"))
        for _ in range(40):
            deep = section("S", deep)
        assert [code for code, _path in problems(document(deep))] == ["too_deep"]
