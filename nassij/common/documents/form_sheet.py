"""Workbooks that people fill in and send back: protected but for the cells to fill, and read cell by cell.

Our own have no formula, no merged cell and no hidden name; what comes back may have all of that, and the reader tells where.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.utils.translation import gettext_lazy as _

from nassij.common.documents.cells import MAX_TEXT, SLACK, Cell, read_cell
from nassij.common.documents.workbooks import address, created, opened
from nassij.common.documents.xlsx import sheet_name
from nassij.common.errors import TooLarge
from nassij.common.text import clean_text, direction

MAX_PART = 4 * 1024 * 1024
"""Unpacked bytes of one sheet: a form of ours is a fiftieth of that."""
FAR = 50
"""Columns beyond a form that are looked into."""
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref\s*=\s*["\']([A-Z0-9:$]{1,40})["\']')


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a form: its header and width; `is_open`: people write there."""

    header: str
    width: int
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a form. `choices`: column -> what its drop-down offers. `is_heading`: nothing to fill in."""

    values: Sequence[str | int | None]
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A sheet as it came back. Row n is item n-1; `formulas` are (row, column) from 0; `merged` are ranges, «B3:D4»."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    formulas: frozenset[tuple[int, int]]
    merged: tuple[str, ...]

    def cell(self, row: int, column: int) -> Cell:
        """What is in a cell, None outside the sheet."""
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else None


def write_form(
    *, title: str, language: str, preamble: Sequence[Row], columns: Sequence[Column], rows: Sequence[Row], refused: str
) -> bytes:
    """A workbook with one protected sheet: the preamble, the headers, the rows; right to left in Arabic.

    Only cells of open columns can be written to. `refused` is what the program says to what a drop-down does not offer. Text is
    written as text whatever it starts with.
    """
    buffer = BytesIO()
    is_rtl = direction(language) == "rtl"
    with created(buffer, title=title) as book:
        sheet = book.add_worksheet(sheet_name(title))
        base = {
            "text_wrap": True,
            "valign": "top",
            "reading_order": 2 if is_rtl else 1,
            "align": "right" if is_rtl else "left",
        }
        small = book.add_format({**base, "text_wrap": False, "font_color": "#555555"})
        bold = book.add_format({**base, "bold": True, "text_wrap": False})
        header = book.add_format({**base, "bold": True, "bottom": 1, "bg_color": "#E8F1F0"})
        heading = book.add_format({**base, "bold": True, "text_wrap": False, "bg_color": "#F4EFE4"})
        closed = book.add_format({**base, "bottom": 4})
        to_fill = book.add_format({**base, "locked": False, "border": 1, "num_format": "@", "bg_color": "#FFFDF5"})
        if is_rtl:
            sheet.right_to_left()
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
        for number, row in enumerate(preamble):
            _write(sheet, number, row.values, bold if row.is_heading else small)
        top = len(preamble)
        _write(sheet, top, [column.header for column in columns], header)
        sheet.repeat_rows(top)
        sheet.freeze_panes(top + 1, 0)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{address(top + len(rows), len(columns))}"})
        for number, row in enumerate(rows, start=top + 1):
            _write(sheet, number, row.values, heading if row.is_heading else closed)
            for place, column in enumerate(columns):
                if column.is_open and not row.is_heading:
                    value = row.values[place] if place < len(row.values) else None
                    sheet.write_string(number, place, _text(value), to_fill) if value else sheet.write_blank(
                        number, place, None, to_fill
                    )
            for place, offered in row.choices.items():
                if not offered:
                    continue
                sheet.data_validation(
                    address(number, place),
                    {"validate": "list", "source": list(offered), "error_message": refused[:255]},
                )
    return buffer.getvalue()


def read_form(content: bytes, *, max_rows: int, max_columns: int, max_sheets: int = 5) -> tuple[FormSheet, ...]:
    """The sheets of a workbook, formulas told apart from values. Bombs are refused before it is opened.

    Raises `BadInput` or `TooLarge`.
    """
    with opened(content) as book:
        return tuple(
            _read(sheet, _merged(content, _part(sheet)), max_rows, max_columns)
            for sheet in book.worksheets[:max_sheets]
        )


def _read(sheet: Any, merged: tuple[str, ...], max_rows: int, max_columns: int) -> FormSheet:
    sheet.reset_dimensions()  # what a file says about its own size is not to be trusted
    rows: list[tuple[Cell, ...]] = []
    formulas: set[tuple[int, int]] = set()
    for number, source in enumerate(sheet.iter_rows(max_row=max_rows + SLACK + 1, max_col=max_columns + FAR)):
        row: list[Cell] = []
        for place, cell in enumerate(source):
            if cell.data_type == "f":
                formulas.add((number, place))
            row.append(read_cell(cell.value))
        is_beyond = number >= max_rows or any(value is not None for value in row[max_columns:])
        if number >= max_rows + SLACK or (is_beyond and any(value is not None for value in row)):
            raise _too_large()
        rows.append(tuple(row))
    return FormSheet(sheet.title, tuple(rows), frozenset(formulas), merged)


def _merged(content: bytes, part: str) -> tuple[str, ...]:
    """Which ranges the sheet in `part` has merged; openpyxl does not tell when it only reads."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if archive.getinfo(part).file_size > MAX_PART:
            raise _too_large()
        with archive.open(part) as stream:
            return tuple(name.decode("ascii") for name in _MERGED.findall(stream.read(MAX_PART + 1)))


def _part(sheet: Any) -> str:
    return str(sheet._worksheet_path).lstrip("/")


def _write(sheet: Any, number: int, values: Sequence[str | int | None], look: Any) -> None:
    for place, value in enumerate(values):
        if value is not None:
            sheet.write_string(number, place, _text(value), look)


def _text(value: str | int) -> str:
    return clean_text(str(value))[:MAX_TEXT]


def _too_large() -> TooLarge:
    return TooLarge(
        _("This table is larger than we can take."),
        code="table_too_large",
        remedy=_("Send the answer sheet as it was downloaded, filled in and nothing more."),
    )
