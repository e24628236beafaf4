"""The real instrument, version 0.1.0, and the nine worked examples that fix the meaning of its rules."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from governance_assessment.domain import (
    Instrument,
    ProvisionalCode,
    Result,
    content_hash,
    display_value,
    instrument_to_data,
    parse_instrument,
    scoring_hash,
)
from tests.governance_assessment.domain.builders import gov_ma, scored

CRITICAL = ["1.1", "1.2", "1.5", "1.6", "2.1", "2.2", "4.1", "4.2", "4.4", "5.3", "7.2"]
CONDITIONAL = {"1.5", "1.6", "4.4", "5.3", "7.5"}
THIRD = Fraction(100, 3)


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return gov_ma()


@pytest.fixture(scope="module")
def run(instrument: Instrument) -> Callable[..., Result]:
    """Score ``level`` everywhere, or per dimension, with exceptions; every condition true or every one false."""

    def scored_with(level: int | dict[str, int], conditions: bool, **exceptions: object) -> Result:
        given: dict[str, object] = {}
        for section in instrument.sections:
            for found in section.indicators:
                given[found.code] = level if isinstance(level, int) else level[section.code]
        given |= {code[1:].replace("_", "."): value for code, value in exceptions.items()}
        profile = {question.code: conditions for question in instrument.profile_questions}
        return scored(instrument, given, **profile)

    return scored_with


def test_shape(instrument: Instrument) -> None:
    found = list(instrument.all_indicators())
    assert len(instrument.sections) == 8
    assert len(found) == 48
    assert [indicator.code for indicator in found if indicator.critical] == CRITICAL
    assert {indicator.code for indicator in found if indicator.applies_if} == CONDITIONAL
    assert sum(section.weight for section in instrument.sections) == 100
    express = [indicator.code for indicator in instrument.express().all_indicators()]
    assert len(express) == 18
    assert set(CRITICAL) <= set(express)


@pytest.mark.parametrize(
    "level, conditions, score, label", [(4, True, 100, 4), (3, True, 2 * THIRD, 3), (2, False, THIRD, 2)]
)
def test_same_level_everywhere(
    run: Callable[..., Result], level: int, conditions: bool, score: Fraction, label: int
) -> None:
    result = run(level, conditions)
    assert [node.score for node in result.sections] == [score] * 8
    assert result.overall.score == score
    assert (result.overall.band, result.overall.label) == (label, label)
    assert result.overall.caps == ()
    assert not result.overall.is_provisional


def test_one_critical_at_the_lowest_level(run: Callable[..., Result]) -> None:
    result = run(4, True, _2_2=1)
    assert result.section("D2").score == Fraction(550, 7)
    assert result.overall.score == Fraction(673, 7)
    assert display_value(result.overall.score) == "96.1"
    assert (result.overall.band, result.overall.label) == (4, 2)
    assert [(cap.code, cap.indicators, cap.lowers) for cap in result.overall.caps] == [
        ("critical_at_lowest", ("2.2",), True)
    ]
    assert result.section("D2").label == 2
    assert result.section("D1").label == 4


def test_no_legal_existence(run: Callable[..., Result]) -> None:
    result = run(4, False, _1_1=1)
    assert result.section("D1").score == Fraction(800, 11)
    assert result.overall.score == Fraction(1055, 11)
    assert (result.overall.band, result.overall.label) == (4, 1)
    assert {code for cap in result.overall.caps for code in cap.indicators} == {"1.1"}


def test_three_critical_at_the_lowest_level(run: Callable[..., Result]) -> None:
    result = run(3, False, _2_1=1, _2_2=1, _4_2=1)
    assert result.section("D2").score == Fraction(800, 21)
    assert result.section("D4").score == 50
    assert result.overall.score == Fraction(1229, 21)
    assert display_value(result.overall.score) == "58.5"
    assert (result.overall.band, result.overall.label) == (3, 1)
    assert result.overall.caps[-1].indicators == ("2.1", "2.2", "4.2")


def test_one_dimension_not_complete(run: Callable[..., Result]) -> None:
    """3.4 is 3 of the 12 of its dimension: 3/4 answered is under 4/5, so D3 is not published."""
    result = run(3, False, _3_4=None)
    assert result.section("D3").completeness == Fraction(3, 4)
    assert not result.section("D3").published
    assert result.overall.score == 2 * THIRD
    assert result.overall.band == 3
    assert result.overall.label is None
    assert [(reason.code, reason.codes) for reason in result.overall.provisional] == [
        (ProvisionalCode.SECTION_INCOMPLETE, ("D3",))
    ]
    assert result.section("D3").provisional[0].codes == ("3.4",)


def test_a_critical_one_not_known(run: Callable[..., Result]) -> None:
    result = run(3, False, _4_2="?")
    assert result.overall.score == 2 * THIRD
    assert result.overall.band == 3
    assert result.overall.label is None
    assert (ProvisionalCode.CRITICAL_UNANSWERED, ("4.2",)) in [
        (reason.code, reason.codes) for reason in result.overall.provisional
    ]


def test_a_different_level_in_each_dimension(run: Callable[..., Result]) -> None:
    levels = {"D1": 4, "D2": 3, "D3": 2, "D4": 3, "D5": 2, "D6": 2, "D7": 3, "D8": 1}
    result = run(levels, False)
    assert result.overall.score == Fraction(167, 3)
    assert (result.overall.band, result.overall.label) == (3, 3)


def test_round_trip_and_hashes(instrument: Instrument) -> None:
    again = parse_instrument(instrument_to_data(instrument))
    assert again == instrument
    assert content_hash(again) == content_hash(instrument)
    assert scoring_hash(again) == scoring_hash(instrument)
