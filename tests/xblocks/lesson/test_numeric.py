"""Numbers as learners type them and as lessons hold them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xblocks.lesson.numeric import exact, readings


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("33,5", ["33.5"]),
        ("٣٣٫٥", ["33.5"]),
        ("٥٠٬٠٠٠", ["50000"]),
        ("۱۲", ["12"]),
        ("50 000", ["50000"]),
        ("50\u202f000,25", ["50000.25"]),
        ("50.000", ["50", "50000"]),
        ("1,234.5", ["1234.5"]),
        ("1.234,5", ["1234.5"]),
        ("1.234.567", ["1234567"]),
        ("0.500", ["0.5"]),
        ("\u200e-3", ["-3"]),
        ("−3", ["-3"]),
        ("+3", ["3"]),
        (",5", ["0.5"]),
        *(
            (typed, [])
            for typed in ("", "abc", "1..2", "12.", "--1", "1e3", "٣ أشخاص", "½", "²", "1" * 31, "NaN", "Infinity")
        ),
    ],
)
def test_what_a_learner_may_have_meant(typed: str, meant: list[str]) -> None:
    assert list(readings(typed)) == [Decimal(number) for number in meant]


@given(st.text(max_size=40))
def test_no_text_is_more_than_it_can_be(text: str) -> None:
    assert all(number.is_finite() for number in readings(text))
    number = exact(text)
    assert number is None or str(number) == text or Decimal(text) == number


@given(st.decimals(-(10**9), 10**9, places=3))
def test_what_a_lesson_holds_is_read_as_it_stands(number: Decimal) -> None:
    assert exact(str(number)) == number
    assert number in readings(str(number))


@pytest.mark.parametrize("bad", ["1,5", "٣", "1e5", "+1", " 1", "1.", ".5", "0x1"])
def test_lessons_hold_plain_numbers_only(bad: str) -> None:
    assert exact(bad) is None
