"""Excel workbooks of several sheets: to be filled in by people and read back."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from django.utils.translation import gettext_lazy as _

from nassij.common.documents.cells import MAX_COLUMNS, SLACK, Rows, plain_value, read_rows
from nassij.common.documents.workbooks import address, created, opened
from nassij.common.documents.xlsx import _text, _write
from nassij.common.errors import BadInput

SHEET_ROWS = 5_000
SHOWN = 20
"""Formulas that are named at once."""
_WIDE, _NARROW = 44, 14


def write_book(sheets: Mapping[str, Iterable[Sequence[Any]]], *, title: str, wide: Collection[str] = ()) -> bytes:
    """A workbook with one sheet for each table, its first row a frozen header; columns whose title is in `wide` wrap long texts.

    Text is written as text, as `xlsx.write_table` does.
    """
    buffer = BytesIO()
    with created(buffer, title=title, in_memory=True) as book:
        header = book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        plain = book.add_format({"valign": "top"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if number == 0:
                        is_wide = value in wide
                        sheet.set_column(column, column, _WIDE if is_wide else _NARROW, wrapped if is_wide else plain)
                        sheet.write_string(0, column, _text(str(value)), header)
                    else:
                        _write(sheet, number, column, plain_value(value), None, None, None)
    return buffer.getvalue()


def read_book(content: bytes, sheets: Collection[str], *, max_rows: int = SHEET_ROWS) -> dict[str, Rows]:
    """The cells of those of `sheets` that the workbook has, by name. Bombs are refused before it is opened, formulas are named.

    Raises `BadInput` or `TooLarge`.
    """
    with opened(content) as book:
        found: dict[str, Rows] = {}
        formulas: list[str] = []
        for page in book.worksheets:
            name = page.title.strip().lower()
            if name in sheets and name not in found:
                page.reset_dimensions()
                raw = _values(page, name, max_rows, formulas)
                found[name] = read_rows(raw, max_rows=max_rows, max_columns=MAX_COLUMNS)
        if formulas:
            raise _computed(formulas)
        return found


def _values(page: Any, name: str, max_rows: int, formulas: list[str]) -> Iterator[list[Any]]:
    """The values of each row; the cells that hold a formula go to `formulas`: what one gives may not be in the file."""
    for number, row in enumerate(page.iter_rows(max_row=max_rows + SLACK + 1)):
        for place, cell in enumerate(row):
            if cell.data_type == "f" and len(formulas) < SHOWN:
                formulas.append(f"{name}!{address(number, place)}")
        yield [cell.value for cell in row]


def _computed(formulas: Sequence[str]) -> BadInput:
    return BadInput(
        _("There are formulas in this workbook: %(cells)s") % {"cells": ", ".join(formulas)},
        code="formulas",
        remedy=_("Write the values themselves in these cells, not formulas, and send it again."),
        cells=list(formulas),
    )
