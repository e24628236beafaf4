"""Reading numbers and showing them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance_assessment.domain import Rounding, display_value, exact_text
from governance_assessment.domain.numbers import exact_data, parse_integer, parse_number
from tests.governance_assessment.domain.builders import few

exact_numbers = st.fractions(min_value=-1000, max_value=1000, max_denominator=10_000)


@pytest.mark.parametrize(
    "value, shown",
    [
        (Fraction(673, 7), "96.1"),
        (Fraction(100), "100.0"),
        (Fraction(0), "0.0"),
        (Fraction(1, 20), "0.1"),  # a tie goes up
        (Fraction(-1, 20), "-0.1"),  # and, below zero, away from zero
        (Fraction(-1, 25), "0.0"),  # never "-0.0"
        (Fraction("99.95"), "100.0"),
        (Fraction("99.949999"), "99.9"),
    ],
)
def test_display(value: Fraction, shown: str) -> None:
    assert display_value(value) == shown


def test_display_options() -> None:
    assert display_value(Fraction(2, 3), decimals=0) == "1"
    assert display_value(Fraction(2, 3), decimals=3) == "0.667"
    assert display_value(Fraction(2, 3), decimals=3, rounding=Rounding.TRUNCATE) == "0.666"


@few
@given(exact_numbers, st.integers(0, 4))
def test_display_is_within_half_a_unit(value: Fraction, decimals: int) -> None:
    error = abs(Fraction(display_value(value, decimals)) - value)
    assert error <= Fraction(1, 2 * 10**decimals)


@few
@given(exact_numbers, exact_numbers)
def test_display_keeps_order(one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    assert Fraction(display_value(low)) <= Fraction(display_value(high))


@pytest.mark.parametrize(
    "value, number",
    [
        (3, Fraction(3)),
        (0.1, Fraction(1, 10)),
        ("4/5", Fraction(4, 5)),
        ("0.25", Fraction(1, 4)),
        (1e-7, Fraction(1, 10_000_000)),
        (True, None),
        (None, None),
        ([], None),
        (-1, None),
        (float("inf"), None),
        (float("nan"), None),
        ("-1", None),
        ("1e9", None),
        ("1e-999999999", None),
        ("4/0", None),
        ("٣", None),
        ("4/5\n", None),
        (10**10, None),
    ],
)
def test_parse_number(value: object, number: Fraction | None) -> None:
    assert parse_number(value) == number


@pytest.mark.parametrize("value, number", [(3, 3), (3.0, 3), (3.5, None), (True, None), ("3", None), (-2, -2)])
def test_parse_integer(value: object, number: int | None) -> None:
    assert parse_integer(value) == number


def test_exact_forms() -> None:
    assert exact_text(Fraction(673, 7)) == "673/7"
    assert exact_text(Fraction(14, 7)) == "2"
    assert exact_data(Fraction(14, 7)) == 2
    assert parse_number(exact_data(Fraction(4, 5))) == Fraction(4, 5)
