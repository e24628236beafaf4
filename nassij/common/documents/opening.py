"""Opening a workbook that somebody sent: bombs are refused before, what cannot be read is refused in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import openpyxl
from django.utils.translation import gettext_lazy as _

from nassij.common.archives import check_zip
from nassij.common.errors import BadInput, NassijError


@contextmanager
def opened(content: bytes, *, computed: bool = False, remedy: Any = None) -> Iterator[Any]:
    """The workbook, to be read within; closed after. `computed`: formulas give their last value, else they are there as such.

    Our own refusals go through; whatever else fails within is the workbook's fault. `remedy` is what the person can do about
    that. Raises `BadInput` or `TooLarge`.
    """
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
