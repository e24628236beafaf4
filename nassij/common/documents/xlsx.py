"""Excel workbooks: one table out, one table in."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any, BinaryIO

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nassij.common.documents.cells import MAX_COLUMNS, MAX_ROWS, MAX_TEXT, SLACK, Rows, plain_value, read_rows
from nassij.common.documents.workbooks import created, opened
from nassij.common.locale import active_language
from nassij.common.text import clean_text, direction

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEET_NAME_FORBIDS = re.compile(r"[\[\]:*?/\\]")


def sheet_name(title: str) -> str | None:
    """What a sheet may be called; None for a title that leaves nothing."""
    return _SHEET_NAME_FORBIDS.sub(" ", clean_text(title)).strip(" '")[:31] or None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table of a workbook. `percents`: the columns whose numbers are shares, shown as a percentage."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]
    percents: frozenset[int] = frozenset()


def write_table(
    rows: Iterable[Sequence[Any]],
    *,
    columns: Sequence[str],
    title: str,
    language: str | None = None,
    target: BinaryIO | None = None,
) -> bytes:
    """A workbook with one sheet: `columns` as a frozen, filterable header, then `rows`; right to left in Arabic.

    Text is written as text: never a formula, never a link, whatever it starts with. Numbers, decimals, fractions and dates keep
    their type. Rows are streamed (a generator will do) and memory does not grow with them; the workbook goes to `target` when
    given (then `b""` is returned), else it is returned.
    """
    return write_book([Sheet(title=title, columns=columns, rows=rows)], title=title, language=language, target=target)


def write_book(
    sheets: Iterable[Sheet], *, title: str, language: str | None = None, target: BinaryIO | None = None
) -> bytes:
    """A workbook of several sheets, each as `write_table` writes its one."""
    buffer = target or BytesIO()
    with created(buffer, title=title, constant_memory=True, default_date_format="yyyy-mm-dd") as book:
        formats = [
            book.add_format({"bold": True, "text_wrap": True, "bottom": 1}),
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            book.add_format({"num_format": "0%"}),
        ]
        for sheet in sheets:
            page = book.add_worksheet(sheet_name(sheet.title))
            if direction(language or active_language()) == "rtl":
                page.right_to_left()
            _fill(page, sheet, *formats)
    return b"" if target else buffer.getvalue()  # type: ignore[attr-defined]


def _fill(page: Any, sheet: Sheet, header: Any, day: Any, moment: Any, percent: Any) -> None:
    page.freeze_panes(1, 0)
    for column, name in enumerate(sheet.columns):
        page.set_column(column, column, max(12, min(40, len(str(name)) + 4)))
        page.write_string(0, column, _text(str(name)), header)
    last = 0
    for last, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            _write(page, last, column, plain_value(value), day, moment, percent if column in sheet.percents else None)
    if sheet.columns:
        page.autofilter(0, 0, last, len(sheet.columns) - 1)


def read_table(
    content: bytes, *, sheet: str | None = None, max_rows: int = MAX_ROWS, max_columns: int = MAX_COLUMNS
) -> Rows:
    """The cells of the first sheet (or of the one called `sheet`); formulas give their last computed value.

    Bombs are refused before the workbook is opened. Raises `BadInput` or `TooLarge`.
    """
    remedy = _("Save it as .xlsx (Excel workbook) or as .csv and send it again.")
    with opened(content, computed=True, remedy=remedy) as book:
        page = book[sheet] if sheet is not None else book.worksheets[0]
        page.reset_dimensions()  # what a file says about its own size is not to be trusted
        return read_rows(
            page.iter_rows(values_only=True, max_row=max_rows + SLACK + 1),
            max_rows=max_rows,
            max_columns=max_columns,
        )


def _write(sheet: Any, row: int, column: int, value: Any, day: Any, moment: Any, number: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, number)
    elif isinstance(value, datetime):
        local = timezone.make_naive(value) if timezone.is_aware(value) else value
        sheet.write_datetime(row, column, local, moment)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    else:
        sheet.write_string(row, column, _text(value))


def _text(value: str) -> str:
    """Text as a cell takes it; longer text is cut with a mark instead of being dropped."""
    text = clean_text(value)
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"
