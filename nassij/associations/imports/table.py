"""From an uploaded file to rows under known columns."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nassij.associations.imports import columns
from nassij.associations.naming import name_key
from nassij.common.documents import read_table
from nassij.common.errors import Unprocessable
from nassij.common.uploads import Upload, accept_upload

KINDS = ("csv", "xlsx")


@dataclass(frozen=True)
class Table:
    """Rows as `{"row": number in the file, column code: cell}`, and the headers that were not recognised."""

    upload: Upload
    rows: list[dict[str, Any]]
    ignored: list[str]


def read(file: Any) -> Table:
    """The rows of a CSV or XLSX file. Raises `BadInput`, `TooLarge`, or `Unprocessable` when it is not such a table."""
    upload = accept_upload(file, kinds=KINDS, max_bytes=settings.NASSIJ_IMPORT_MAX_BYTES)
    cells = read_table(upload, max_rows=settings.NASSIJ_IMPORT_MAX_ROWS + 1)
    head = next((number for number, row in enumerate(cells) if any(cell is not None for cell in row)), None)
    if head is None:
        raise _no_header()
    headers = [columns.by_header().get(name_key(str(cell or ""))) for cell in cells[head]]
    known = [code for code in headers if code]
    if not {"name", "association_uuid"} & set(known):
        raise _no_header()
    twice = sorted({code for code in known if known.count(code) > 1})
    if twice:
        raise Unprocessable(
            _("A column is there twice: %(columns)s.") % {"columns": ", ".join(twice)},
            code="column_twice",
            remedy=_("Keep one of them and upload the table again."),
            columns=twice,
        )
    rows = []
    for number, row in enumerate(cells[head + 1 :], start=head + 2):
        filled = {code: cell for code, cell in zip(headers, row, strict=True) if code and cell is not None}
        if filled:
            rows.append({"row": number, **filled})
    ignored = [str(cell) for cell, code in zip(cells[head], headers, strict=True) if cell is not None and code is None]
    return Table(upload=upload, rows=rows, ignored=ignored)


def _no_header() -> Unprocessable:
    return Unprocessable(
        _("The first row must name the columns, and one must be the name of the association."),
        code="no_header",
        remedy=_("Start from the template on this page, and keep its first row."),
    )
