"""Files for people: spreadsheets in and out, printable documents out.

`xlsx.write_table`, `xlsx.read_table`, `delimited.read_csv`, `delimited.write_csv`, `pdf.render`; `read_table` takes an upload of
either kind.
"""

from nassij.common.documents import delimited, pdf, xlsx
from nassij.common.documents.cells import Cell, Rows
from nassij.common.documents.reading import read_table

__all__ = ["Cell", "Rows", "delimited", "pdf", "read_table", "xlsx"]
