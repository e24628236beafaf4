"""Recommendations: their files, and which of them come first."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import governance_assessment
from governance_assessment.__main__ import main
from governance_assessment.domain import (
    InvalidRecommendations,
    ProblemCode,
    Recommendation,
    doubled_steps,
    missing_steps,
    next_three,
    parse_recommendations,
    recommend,
)
from governance_assessment.domain.instrument import LocalizedText
from tests.governance_assessment.domain.builders import INSTRUMENTS, build, few, gov_ma, indicator, section

VALIDATOR = Draft202012Validator(
    json.loads(
        (Path(governance_assessment.__file__).parent / "schema/recommendations-1.schema.json").read_text("utf-8")
    )
)
INSTRUMENT = build(
    section("A", indicator("plain"), indicator("heavy", 3), indicator("vital", critical=True)),
    section("B", indicator("guard", critical=True), indicator("last")),
)
WORDS = LocalizedText((("en", "words"),))


def advice(code: str, start: int, *, effort: int = 2, effect: int = 2) -> Recommendation:
    return Recommendation(code, start, start + 1, effort, effect, None, None, WORDS, WORDS)


def everything(**more: Any) -> list[Recommendation]:
    return [advice(found.code, start, **more) for found in INSTRUMENT.all_indicators() for start in (1, 2, 3)]


def order(levels: dict[str, int | None], recommendations: list[Recommendation]) -> list[str]:
    return [found.indicator.code for found in recommend(INSTRUMENT, levels, recommendations)]


# --- Which come first ---------------------------------------------------------------------------------------


def test_what_is_critical_and_lowest_comes_first_then_what_is_critical_and_unknown() -> None:
    levels = {"plain": 1, "heavy": 1, "vital": None, "guard": 1, "last": None}
    found = recommend(INSTRUMENT, levels, everything())
    assert [item.indicator.code for item in found] == ["guard", "vital", "heavy", "plain", "last"]
    assert [item.urgent for item in found] == [True, False, False, False, False]
    assert [item.indicator.code for item in found if item.is_find_out] == ["vital", "last"]


def test_a_critical_indicator_above_the_lowest_level_waits_its_turn() -> None:
    assert order({"vital": 2, "heavy": 1}, everything()) == ["heavy", "vital"]


def test_effect_then_effort_then_weight_then_the_lower_level_decide() -> None:
    levels = {"plain": 1, "heavy": 2, "last": 1}
    assert order(levels, everything()) == ["heavy", "plain", "last"]
    cheap = [advice("plain", 1, effort=1), advice("heavy", 2), advice("last", 1)]
    assert order(levels, cheap) == ["plain", "heavy", "last"]
    strong = [advice("plain", 1, effort=1), advice("heavy", 2), advice("last", 1, effect=3, effort=3)]
    assert order(levels, strong) == ["last", "plain", "heavy"]
    assert order({"plain": 3, "last": 2}, everything()) == ["last", "plain"]


def test_the_step_is_from_the_present_level_to_the_next() -> None:
    (found,) = recommend(INSTRUMENT, {"plain": 2}, everything())
    assert (found.level, found.recommendation.from_level, found.recommendation.to_level) == (2, 2, 3)


def test_nothing_at_the_top_nothing_unanswered_nothing_without_a_text() -> None:
    assert order({"plain": 4}, everything()) == []
    assert order({}, everything()) == []
    assert order({"plain": 1}, [advice("plain", 2)]) == []


def test_three_to_begin_with() -> None:
    found = recommend(INSTRUMENT, {"plain": 1, "heavy": 1, "vital": 1, "guard": 1}, everything())
    assert next_three(found) == found[:3]
    assert len(next_three(found)) == 3
    assert next_three(found[:1]) == found[:1]


CODES = [found.code for found in INSTRUMENT.all_indicators()]


@few
@given(
    st.dictionaries(st.sampled_from(CODES), st.none() | st.integers(1, 4)),
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=15, max_size=15),
    st.randoms(use_true_random=False),
)
def test_the_order_depends_on_nothing_but_the_facts(
    levels: dict[str, int | None], costs: list[tuple[int, int]], shuffle: random.Random
) -> None:
    found = [
        advice(code, start, effort=effort, effect=effect)
        for (code, start), (effort, effect) in zip([(c, s) for c in CODES for s in (1, 2, 3)], costs, strict=True)
    ]
    expected = recommend(INSTRUMENT, levels, found)
    shuffle.shuffle(found)
    again = dict(shuffle.sample(sorted(levels.items()), len(levels)))
    assert recommend(INSTRUMENT, again, found) == expected
    assert {item.indicator.code for item in expected} == {code for code, level in levels.items() if level != 4}
    urgent = [item.urgent for item in expected]
    assert urgent == sorted(urgent, reverse=True)


# --- Their files --------------------------------------------------------------------------------------------


def good() -> dict[str, Any]:
    return {
        "instrument": "small",
        "recommendations": [
            {
                "indicator": "plain",
                "from": start,
                "to": start + 1,
                "effort": 1,
                "effect": 3,
                "unit": "gov2-s3-u1" if start == 1 else None,
                "guide": "G5" if start == 1 else None,
                "title": {"en": "Do it"},
                "text": {"en": "Begin this week."},
            }
            for start in (1, 2)
        ],
    }


def put(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data["recommendations"][1].update({key: value})


def drop(key: str) -> Callable[[dict[str, Any]], None]:
    return lambda data: data["recommendations"][1].pop(key)


HERE = "/recommendations/1"
#: What only the instrument, or the rest of the file, can tell.
SENSE = {
    ProblemCode.OTHER_INSTRUMENT,
    ProblemCode.UNKNOWN_INDICATOR,
    ProblemCode.NOT_THE_NEXT_LEVEL,
    ProblemCode.DUPLICATE_ENTRY,
    ProblemCode.MISSING_LANGUAGE,
    ProblemCode.UNKNOWN_LANGUAGE,
}
BAD = [
    (lambda data: data.update(instrument="other"), "other_instrument", "/instrument"),
    (lambda data: data.update(instrument="No Slug"), "bad_format", "/instrument"),
    (lambda data: data.pop("instrument"), "missing_key", "/instrument"),
    (lambda data: data.update(more=1), "unknown_key", "/more"),
    (lambda data: data.update(recommendations=[]), "empty", "/recommendations"),
    (lambda data: data.update(recommendations={}), "wrong_type", "/recommendations"),
    (lambda data: data["recommendations"].append("x"), "wrong_type", "/recommendations/2"),
    (lambda data: data["recommendations"].append(data["recommendations"][1]), "duplicate_entry", "/recommendations/2/indicator"),
    (put("indicator", "none"), "unknown_indicator", f"{HERE}/indicator"),
    (put("indicator", 1.1), "wrong_type", f"{HERE}/indicator"),
    (drop("guide"), "missing_key", f"{HERE}/guide"),
    (put("guides", "G1"), "unknown_key", f"{HERE}/guides"),
    (put("from", 4), "out_of_range", f"{HERE}/from"),
    (put("from", 0), "out_of_range", f"{HERE}/from"),
    (put("from", "2"), "wrong_type", f"{HERE}/from"),
    (put("to", 4), "not_the_next_level", f"{HERE}/to"),
    (put("effort", 4), "out_of_range", f"{HERE}/effort"),
    (put("effect", 0), "out_of_range", f"{HERE}/effect"),
    (put("effect", True), "wrong_type", f"{HERE}/effect"),
    (put("unit", "law1-s10-u1"), "bad_format", f"{HERE}/unit"),
    (put("guide", "guide 5"), "bad_format", f"{HERE}/guide"),
    (put("title", "Do it"), "wrong_type", f"{HERE}/title"),
    (put("title", {"en": "x" * 81}), "too_long", f"{HERE}/title/en"),
    (put("text", {"en": "x" * 351}), "too_long", f"{HERE}/text/en"),
    (put("text", {"en": "  "}), "empty", f"{HERE}/text/en"),
    (put("text", {}), "missing_language", f"{HERE}/text/en"),
    (put("text", {"en": "a", "fr": "b"}), "unknown_language", f"{HERE}/text/fr"),
    (put("text", {"en": "a\u202eb"}), "bad_characters", f"{HERE}/text/en"),
]  # fmt: skip


def problems(data: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRecommendations) as refused:
        parse_recommendations(data, INSTRUMENT)
    return [(str(found.code), found.path) for found in refused.value.problems]


def test_a_good_file_is_read_in_its_order() -> None:
    first, second = parse_recommendations(good(), INSTRUMENT)
    assert first.key == ("plain", 1)
    assert (first.unit, first.guide, first.effort, first.effect) == ("gov2-s3-u1", "G5", 1, 3)
    assert (second.unit, second.guide, second.title.in_language("en")) == (None, None, "Do it")
    assert VALIDATOR.is_valid(good())


@pytest.mark.parametrize("change, code, path", BAD, ids=lambda value: value if isinstance(value, str) else "")
def test_bad_files(change: Callable[[dict[str, Any]], Any], code: str, path: str) -> None:
    """One mistake, one problem at its place; the schema refuses what can be seen without the instrument."""
    data = good()
    change(data)
    found = problems(data)
    assert (code, path) in found
    assert len(found) == 1, found
    seen_by_schema = ProblemCode(code) not in SENSE and (code, path) not in {
        ("out_of_range", f"{HERE}/from"),  # depends on the scale
        ("bad_characters", f"{HERE}/text/en"),
    }
    empty = code == "missing_language"  # no language at all is seen by both
    assert VALIDATOR.is_valid(data) is not (seen_by_schema or empty), found


@pytest.mark.parametrize("data", [[], "x", None, 1])
def test_what_is_no_mapping_is_refused(data: Any) -> None:
    assert problems(data) == [("wrong_type", "")]


def test_missing_and_doubled_steps_are_named() -> None:
    assert missing_steps(INSTRUMENT, everything()) == ()
    assert missing_steps(INSTRUMENT, [found for found in everything() if found.key != ("vital", 2)]) == (("vital", 2),)
    assert doubled_steps(everything()) == ()
    assert doubled_steps([*everything(), advice("last", 3)]) == (("last", 3),)


# --- The command --------------------------------------------------------------------------------------------

GOV_MA = str(INSTRUMENTS / "gov-ma" / "0.1.0.yaml")
ENTRY = """\
  - indicator: "{code}"
    from: {start}
    to: {goal}
    effort: 1
    effect: 1
    unit: null
    guide: null
    title: {{ar: "عنوان", fr: "Titre", en: "Title"}}
    text: {{ar: "نص", fr: "Texte", en: "Text"}}
"""


def real_file(path: Path, *, leave_out: tuple[str, int] | None = None, wrong: str = "") -> str:
    steps = [(found.code, start) for found in gov_ma().all_indicators() for start in (1, 2, 3)]
    entries = [
        ENTRY.format(code=code, start=start, goal=start + 1) for code, start in steps if (code, start) != leave_out
    ]
    path.write_text("instrument: gov-ma\nrecommendations:\n" + "".join(entries) + wrong, "utf-8")
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *files: str, language: str = "en") -> tuple[int, str, list[str]]:
    status = main(["recommendations", "--instrument", GOV_MA, "--lang", language, *files])
    out, err = capsys.readouterr()
    return status, out, err.splitlines()


def test_the_command_says_that_all_is_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, real_file(tmp_path / "a.yaml"))
    assert (status, err) == (0, [])
    assert out == "gov-ma: the recommendations are valid, 144 in all\n"


def test_the_command_names_file_line_and_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = ENTRY.format(code="1.1", start=2, goal=2)
    path = real_file(tmp_path / "a.yaml", leave_out=("1.1", 2), wrong=wrong)
    status, out, err = run(capsys, path)
    assert (status, out) == (2, "")
    line = 2 + 9 * 143 + 3
    assert err == [f"{path}:{line}: a recommendation climbs one level; write to: 3 (/recommendations/143/to)"]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_command_names_what_is_missing_over_all_files(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = real_file(tmp_path / "a.yaml", leave_out=("8.6", 3))
    status, _out, err = run(capsys, path, language=language)
    assert status == 2
    assert len(err) == 1
    assert "8.6" in err[0]
    again = tmp_path / "b.yaml"
    again.write_text("instrument: gov-ma\nrecommendations:\n" + ENTRY.format(code="8.6", start=3, goal=4), "utf-8")
    assert run(capsys, path, str(again), language=language)[0] == 0
    status, _out, err = run(capsys, path, str(again), str(again), language=language)
    assert (status, len(err)) == (2, 1)
