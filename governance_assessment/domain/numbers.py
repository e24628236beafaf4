"""Exact numbers: reading them, writing them, and the one place where they are rounded."""

from __future__ import annotations

import math
import re
from enum import StrEnum
from fractions import Fraction

#: What a number may look like when written as text: ``12``, ``0.25`` or ``4/5``. Bounded on purpose:
#: ``Fraction("1e-99999999")`` would fill the memory.
_NUMBER_TEXT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6}|/[1-9][0-9]{0,8})?")

#: No weight, point or bound of an instrument is larger.
MAX_NUMBER = 1_000_000_000


class Rounding(StrEnum):
    """How a number is shortened for display."""

    HALF_UP = "half_up"  # ours; away from zero on a tie, so that -0.25 and 0.25 look alike
    TRUNCATE = "truncate"  # how some published figures were made; for comparison only


def parse_number(value: object) -> Fraction | None:
    """The exact non-negative number ``value`` stands for, or None when it is not one.

    Accepts an integer, a float (read as the decimal a person typed: ``0.1`` is 1/10), or a text such as
    ``"4/5"``. Booleans are not numbers.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return Fraction(value) if _NUMBER_TEXT.fullmatch(value) else None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int | float) and 0 <= value <= MAX_NUMBER:
        return Fraction(repr(value))
    return None


def parse_integer(value: object) -> int | None:
    """``value`` as an integer, or None; ``3.0`` counts, as it does in JSON Schema, and booleans do not."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) else None


def exact_text(value: Fraction) -> str:
    """The number without loss: ``"673/7"``, or ``"100"`` when whole."""
    return str(value)


def exact_data(value: Fraction) -> int | str:
    """The number for a JSON or YAML document: an integer when it is one, else ``"n/d"``."""
    return value.numerator if value.denominator == 1 else str(value)


def display_value(value: Fraction, decimals: int = 1, rounding: Rounding = Rounding.HALF_UP) -> str:
    """The number as people read it: always ``decimals`` digits, a point, Western digits.

    Rounds once, from the exact value. Never feed a displayed value back into a computation: that loses a
    tenth here and there (CISO-6 in the tests shows one).

    >>> display_value(Fraction(673, 7)), display_value(Fraction(1, 4), rounding=Rounding.TRUNCATE)
    ('96.1', '0.2')
    """
    scaled = abs(value) * 10**decimals
    whole = math.floor(scaled + Fraction(1, 2)) if rounding is Rounding.HALF_UP else math.floor(scaled)
    sign = "-" if value < 0 and whole else ""
    digits = str(whole).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"
