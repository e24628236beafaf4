"""Read a table from an accepted upload, whichever of the two kinds it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nassij.common.documents.cells import MAX_COLUMNS, MAX_ROWS, Rows
from nassij.common.documents.delimited import read_csv
from nassij.common.documents.xlsx import read_table as read_xlsx

if TYPE_CHECKING:
    from nassij.common.uploads import Upload


def read_table(upload: Upload, *, max_rows: int = MAX_ROWS, max_columns: int = MAX_COLUMNS) -> Rows:
    """The cells of an upload of kind `csv` or `xlsx`."""
    reader = read_xlsx if upload.kind == "xlsx" else read_csv
    return reader(upload.content, max_rows=max_rows, max_columns=max_columns)
