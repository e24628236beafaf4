"""Numbers as people write them: Western, Arabic-Indic or Persian digits, a comma or a point, spaces between thousands."""

from __future__ import annotations

import re
from decimal import Decimal

MAX_LENGTH = 30
_DIGITS = str.maketrans(
    {chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)} | {"٫": ",", "٬": " ", "−": "-"}
)
_IGNORED = re.compile("[\\s\u00a0\u202f\u2009\u200e\u200f\u061c'’]")
_WRITTEN = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)*|[.,]\d+)")
_EXACT = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?")


def exact(text: str) -> Decimal | None:
    """The number that `text` is in a lesson (digits, at most one point); None when it is none."""
    return Decimal(text) if text.isascii() and _EXACT.fullmatch(text) else None


def readings(text: str) -> tuple[Decimal, ...]:
    """What a learner may have meant by `text`: none when it is no number, two when a sign may part thousands or decimals.

    «50.000» is fifty thousand to one reader and fifty to another: an exercise is about the law, not about that.
    """
    plain = _IGNORED.sub("", text.translate(_DIGITS))
    if len(text) > MAX_LENGTH or not _WRITTEN.fullmatch(plain) or not plain.isascii():
        return ()
    sign = -1 if plain.startswith("-") else 1
    plain = plain.lstrip("+-")
    whole, _mark, decimals = plain.replace(",", ".").rpartition(".")
    found = []
    if "." not in whole or ("." in plain and "," in plain):
        found.append(Decimal(f"{whole.replace('.', '') or '0'}.{decimals}" if _mark else decimals))
    if whole and re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3})+", plain) and not ("." in plain and "," in plain):
        found.append(Decimal(re.sub("[.,]", "", plain)))
    return tuple(sign * number for number in found)
