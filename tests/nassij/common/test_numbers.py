"""Numbers, dates and money as Moroccans write them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.test import override_settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from nassij.common import numbers

NARROW, NO_BREAK, MARK = "\u202f", "\u00a0", "\u200e"
MONTHS = ["يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر"]


@pytest.mark.parametrize(("month", "name"), list(enumerate(MONTHS, start=1)))
def test_arabic_months_are_the_moroccan_ones(month: int, name: str) -> None:
    assert numbers.format_date(date(2027, month, 15), "ar") == f"15 {name} 2027"


def test_dates_in_the_other_languages() -> None:
    assert numbers.format_date(date(2027, 3, 15), "fr") == "15 mars 2027"
    assert numbers.format_date(date(2027, 3, 15), "en") == "15 March 2027"


@override_settings(TIME_ZONE="Africa/Casablanca")
def test_moments_are_local() -> None:
    late = datetime(2027, 7, 14, 23, 30, tzinfo=UTC)
    assert numbers.format_date(late, "fr") == "15 juillet 2027"
    assert numbers.format_datetime(late, "en") == "15 July 2027, 00:30"


@pytest.mark.parametrize(
    ("value", "language", "decimals", "expected"),
    [
        (57.44, "ar", 1, "57,4"),
        (57.45, "fr", 1, "57,5"),
        (Fraction(2, 3), "en", 2, "0.67"),
        (Decimal("1234567"), "ar", 0, "1.234.567"),
        (1234567, "fr", 0, f"1{NARROW}234{NARROW}567"),
        (1234567, "en", 0, "1,234,567"),
        (50, "ar", 1, "50"),
        (-3, "ar", 0, f"{MARK}-3"),
        (-3, "fr", 0, "-3"),
        (-0.2, "ar", 0, "0"),
        (2.5, "en", 0, "3"),
    ],
)
def test_numbers(value: numbers.Number, language: str, decimals: int, expected: str) -> None:
    assert numbers.format_number(value, language, decimals=decimals) == expected


def test_a_change_carries_its_sign() -> None:
    assert [numbers.format_number(value, "ar", signed=True) for value in (11, 0, -4)] == [
        f"{MARK}+11",
        "0",
        f"{MARK}-4",
    ]


def test_percent_and_money() -> None:
    assert numbers.format_percent(0.9, "ar") == f"90{NO_BREAK}%"
    assert numbers.format_percent(Fraction(1, 3), "fr", decimals=1) == f"33,3{NO_BREAK}%"
    assert numbers.format_percent(1, "en") == "100%"
    assert numbers.format_money(50000, "ar") == f"50.000{NO_BREAK}درهم"
    assert numbers.format_money(50000, "fr") == f"50{NARROW}000{NO_BREAK}MAD"
    assert numbers.format_money(Decimal("1999.5"), "en") == f"MAD{NO_BREAK}1,999.50"


def test_the_active_language_is_the_default() -> None:
    with translation.override("fr"):
        assert numbers.format_number(1.5, decimals=1) == "1,5"
    with translation.override("de"):
        assert numbers.format_date(date(2027, 3, 15)) == "15 مارس 2027"


@given(st.fractions(min_value=-10_000, max_value=10_000), st.sampled_from(["ar", "fr", "en"]), st.integers(0, 3))
def test_digits_are_western_and_the_value_is_near(value: Fraction, language: str, decimals: int) -> None:
    shown = numbers.format_number(value, language, decimals=decimals)
    plain = shown.replace(MARK, "").replace({"ar": ".", "fr": NARROW, "en": ","}[language], "").replace(",", ".")
    assert set(plain) <= set("0123456789.-")
    assert abs(Fraction(plain) - value) <= Fraction(1, 2 * 10**decimals)
