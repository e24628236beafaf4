"""What a cell may hold, on the way in and on the way out."""

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from nassij.common.errors import TooLarge
from nassij.common.text import clean_text

Cell = str | int | float | bool | None
"""A cell as read: text is cleaned and stripped, empty text is None, dates are ISO text; yes/no stays a boolean, not a number."""
Rows = tuple[tuple[Cell, ...], ...]

MAX_ROWS = 20_000
MAX_COLUMNS = 100
SLACK = 1000
"""Empty rows or columns a file may have beyond the limits."""
MAX_TEXT = 32_767
"""Characters of one cell (Excel's own limit)."""
_FORMULA_STARTS = frozenset("=+-@\t\r\n|%")


def read_cell(value: Any) -> Cell:
    """`value` of any library as a `Cell`."""
    if value is None:
        return None
    if isinstance(value, int):  # a boolean too, as it is
        return value
    if isinstance(value, float):
        if not math.isfinite(value):  # `1e400` in a sheet; no database keeps it as a number
            return str(value)
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    if len(text) > MAX_TEXT:
        raise _too_large()
    return clean_text(text).replace("\ufeff", "").strip() or None


def read_rows(raw: Iterable[Sequence[Any]], *, max_rows: int, max_columns: int) -> Rows:
    """The rows up to the last filled one, all of the width of the widest; raises `TooLarge` past the limits.

    Row n of the file is item n-1: empty rows between filled ones stay, so that messages can name the row.
    """
    rows: list[list[Cell]] = []
    filled, width = 0, 0
    for number, source in enumerate(raw, start=1):
        if len(source) > max_columns + SLACK:
            raise _too_large()
        row = [read_cell(value) for value in source]
        while row and row[-1] is None:
            row.pop()
        if row:
            filled, width = number, max(width, len(row))
        if len(row) > max_columns or filled > max_rows or number > max_rows + SLACK:
            raise _too_large()
        rows.append(row)
    return tuple(tuple(row + [None] * (width - len(row))) for row in rows[:filled])


def plain_value(value: Any) -> str | int | float | date | None:
    """`value` as a spreadsheet may hold it: numbers and dates stay, everything else is text; NaN and infinities too."""
    if value is None or isinstance(value, (str, int, date)):
        return value
    if isinstance(value, (Decimal, Fraction)):
        return float(value)
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else str(value)
    return str(value)


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet program might compute `text`: also behind spaces, quotes, invisible marks, or in full width."""
    if text[:1] in ("\t", "\r", "\n"):
        return True
    return next(_visible(text), "") in _FORMULA_STARTS


def _visible(text: str) -> Iterator[str]:
    for character in unicodedata.normalize("NFKC", text[:200]):
        if not (character.isspace() or character in "\"'" or unicodedata.category(character) in ("Cf", "Cc", "Mn")):
            yield character


def _too_large() -> TooLarge:
    return TooLarge(
        _("This table is larger than we can take."),
        code="table_too_large",
        remedy=_("Delete the empty rows and columns, or send it in several files."),
    )
