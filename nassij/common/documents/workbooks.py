"""Excel workbooks, opened and created in one way.

Opening one that somebody sent: bombs are refused before, what cannot be read is refused in words. The two libraries are loaded
here and when they are used: together they weigh 26 MB, which a worker that prints and a page that lists have no need of.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from nassij.common.archives import check_zip
from nassij.common.errors import BadInput, NassijError
from nassij.common.text import clean_text


@contextmanager
def opened(content: bytes, *, computed: bool = False, remedy: Any = None) -> Iterator[Any]:
    """The workbook, to be read within; closed after. `computed`: formulas give their last value, else they are there as such.

    Our own refusals go through; whatever else fails within is the workbook's fault. `remedy` is what the person can do about
    that. Raises `BadInput` or `TooLarge`.
    """
    import openpyxl

    check_zip(content)
    try:
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=computed, keep_links=False)
        try:
            yield book
        finally:
            book.close()
    except NassijError:
        raise
    except Exception as error:  # openpyxl fails in many ways on a malformed workbook
        raise BadInput(
            _("This is not a workbook we can read."),
            code="unreadable_workbook",
            remedy=remedy or _("Save it as .xlsx (Excel workbook) and send it again."),
        ) from error


@contextmanager
def created(target: BinaryIO, *, title: str, **options: Any) -> Iterator[Any]:
    """A new workbook, written to `target` when the block ends. Text is text: never a formula, a link or a number.

    `options` are xlsxwriter's own.
    """
    import xlsxwriter

    as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, {**as_text, **options}) as book:
        book.set_properties({"title": clean_text(title)})
        yield book


def address(row: int, column: int) -> str:
    """What a spreadsheet program calls a cell: (0, 3) is «D1»."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column))
