"""CSV files, as Excel in Morocco writes and wants them: `;` or `,`, with or without a BOM, in UTF-8 or a Windows code page."""

import codecs
import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from django.utils.translation import gettext_lazy as _

from nassij.common.documents.cells import MAX_COLUMNS, MAX_ROWS, Rows, looks_like_formula, plain_value, read_rows
from nassij.common.errors import BadInput
from nassij.common.text import clean_text

CONTENT_TYPE = "text/csv; charset=utf-8"
DELIMITERS = ";,\t|"
_ARABIC_WORD = re.compile("[\u0621-\u064a\u067e\u0686\u0698\u06af]{2,}")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_csv(content: bytes, *, max_rows: int = MAX_ROWS, max_columns: int = MAX_COLUMNS) -> Rows:
    """The cells of a CSV file, all text; encoding and delimiter are found out. Raises `BadInput` or `TooLarge`."""
    text = decode(content)
    if text.startswith("sep="):  # Excel's own hint
        hint, _newline, text = text.partition("\n")
        delimiter = hint[4:5] if hint[4:5] in DELIMITERS else ";"
    else:
        delimiter = _delimiter(text)
    try:
        return read_rows(
            csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=False),
            max_rows=max_rows,
            max_columns=max_columns,
        )
    except csv.Error as error:
        raise _unreadable() from error


def write_csv(rows: Iterable[Sequence[Any]], *, columns: Sequence[str]) -> bytes:
    """UTF-8 with BOM and `;`, which Excel opens right in French and Arabic.

    Text that a spreadsheet program might compute gets an apostrophe in front; numbers stay numbers, negative ones too.
    """
    target = StringIO(newline="")
    writer = csv.writer(target, delimiter=";", quoting=csv.QUOTE_MINIMAL)
    writer.writerow([_written(name) for name in columns])
    for row in rows:
        writer.writerow([_written(value) for value in row])
    return codecs.BOM_UTF8 + target.getvalue().encode("utf-8")


def decode(content: bytes) -> str:
    """The text of a file without a declared encoding: a BOM decides, then UTF-8, then Windows Arabic or Western.

    The two code pages write é, è, à and ç alike; Arabic shows in runs of letters that are rare as Western text.
    """
    try:
        for bom, name in _BOMS:
            if content.startswith(bom):
                return _texty(content.decode(name))
        try:
            return _texty(content.decode("utf-8"))
        except UnicodeDecodeError:
            arabic = content.decode("cp1256")
            in_words = sum(len(word) for word in _ARABIC_WORD.findall(arabic))
            high = sum(byte >= 0x80 for byte in content)
            return _texty(arabic if 2 * in_words > high else content.decode("cp1252", errors="replace"))
    except UnicodeDecodeError as error:
        raise _unreadable() from error


def _texty(text: str) -> str:
    if "\x00" in text:
        raise _unreadable()
    return text


def _delimiter(text: str) -> str:
    """The delimiter most used, outside quotes, in the first line that has one; `;` when there is but one column."""
    for line in text[:20_000].splitlines()[:20]:
        bare = re.sub(r'"[^"]*"', "", line)
        best = max(DELIMITERS, key=bare.count)
        if best in bare:
            return best
    return ";"


def _written(value: Any) -> Any:
    value = plain_value(value)
    if not isinstance(value, str):
        return "" if value is None else value
    text = clean_text(value)
    return f"'{text}" if looks_like_formula(text) else text


def _unreadable() -> BadInput:
    return BadInput(
        _("This is not a text table we can read."),
        code="unreadable_table",
        remedy=_("Save it as .xlsx (Excel workbook) or as CSV in UTF-8 and send it again."),
    )
