"""Spreadsheets: what is written comes back, nothing is computed, every encoding of Morocco's offices is read."""

import csv
import io
import os
import re
import subprocess
import sys
import time
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from nassij.common import documents
from nassij.common.documents import books, delimited, xlsx
from nassij.common.documents.cells import looks_like_formula
from nassij.common.errors import BadInput, NassijError, TooLarge
from nassij.common.text import clean_text
from nassij.common.uploads import accept_upload
from tests.nassij.common.bombs import NAMESPACE, SHEET, workbook

FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "\u200f=1",
    "\u202e=1",
    "\ufeff=1",
    "  =1",
    "\u00a0=1",
    '"=1',
    "'=1",
    '=HYPERLINK("https://evil.example","x")',
    "=cmd|' /C calc'!A0",
    "|calc",
    "%0A=1",
    "http://evil.example",
    "https://evil.example/?x=1",
    "mailto:a@evil.example",
    "external:c:\\x.xlsx",
    "internal:Sheet2!A1",
    "{=1+1}",
]
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
value = st.one_of(text, st.integers(-(10**12), 10**12), st.floats(-1e9, 1e9).map(lambda x: round(x, 6)), st.none())


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def written(rows: list[Any], **options: Any) -> bytes:
    return xlsx.write_table(rows, columns=["الاسم", "b", "c", "d"], title="Liste", **options)


def as_read(item: Any) -> Any:
    if isinstance(item, str):
        return clean_text(clean_text(item)).replace("\ufeff", "").strip() or None
    if isinstance(item, float) and item.is_integer():
        return int(item)
    return item


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(value, value, value, st.just("end")), max_size=8))
def test_what_is_written_comes_back(rows: list[tuple[Any, ...]]) -> None:
    read = xlsx.read_table(written(rows))
    assert read[0] == ("الاسم", "b", "c", "d")
    assert [list(map(as_read, row)) for row in rows] == [list(row) for row in read[1:]]


def test_types_stay() -> None:
    moment = datetime(2027, 3, 15, 18, 5, tzinfo=UTC)
    content = written([[Decimal("1.5"), Fraction(1, 4), date(2027, 3, 15), moment], [-5, True, float("nan"), "-5"]])
    assert xlsx.read_table(content)[1:] == ((1.5, 0.25, "2027-03-15", "2027-03-15 18:05:00"), (-5, 1, "nan", "-5"))


@pytest.mark.parametrize("hostile", FORMULAS)
def test_text_is_never_a_formula_or_a_link_in_a_workbook(hostile: str) -> None:
    content = xlsx.write_table([[hostile, -5]], columns=[hostile, "n"], title=hostile)
    found = parts(content)
    assert not re.search(r"<f[\s>/]|<hyperlink", found["xl/worksheets/sheet1.xml"])
    assert not any("relationships/hyperlink" in part for part in found.values())
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [cell.data_type for cell in sheet[2]] == ["s" if clean_text(hostile) else "n", "n"]
    assert sheet["B2"].value == -5


@pytest.mark.parametrize(
    "hostile", [item for item in FORMULAS if not item.startswith(("http", "mailto", "external", "internal", "{"))]
)
def test_text_is_never_a_formula_in_csv(hostile: str) -> None:
    rows = csv.reader(
        io.StringIO(delimited.write_csv([[hostile, -5, -5.5]], columns=[hostile, "n", "m"]).decode("utf-8-sig")),
        delimiter=";",
    )
    for row in rows:
        assert row[0].startswith("'"), row
    assert row[1:] == ["-5", "-5.5"]


def test_ordinary_text_stays_as_it_is_in_csv() -> None:
    ordinary = ["جمعية الأمل", "a=b", "2-1", "Zagora (x)", "«هام»", ""]
    assert not any(map(looks_like_formula, ordinary))
    assert delimited.read_csv(delimited.write_csv([ordinary[:3]], columns=["a", "b", "c"]))[1] == tuple(ordinary[:3])


def test_the_sheet_reads_from_the_right_in_arabic() -> None:
    assert 'rightToLeft="1"' in parts(written([], language="ar"))["xl/worksheets/sheet1.xml"]
    assert "rightToLeft" not in parts(written([], language="fr"))["xl/worksheets/sheet1.xml"]


def test_the_header_is_frozen_and_the_sheet_named() -> None:
    content = xlsx.write_table([["x"]], columns=["a"], title="[A]/B: " + "long " * 20, language="fr")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert (
        book.active.freeze_panes == "A2"
        and len(book.active.title) <= 31
        and not set(book.active.title) & set("[]:*?/\\")
    )
    assert xlsx.read_table(xlsx.write_table([], columns=["a"], title="'"), sheet="Sheet1") == (("a",),)


def test_long_text_is_cut_with_a_mark_not_dropped() -> None:
    cell = xlsx.read_table(written([["é" * 40_000]]))[1][0]
    assert isinstance(cell, str) and len(cell) == 32_767 and cell.endswith("…")


def test_it_writes_to_a_target() -> None:
    target = io.BytesIO()
    assert written([["x"]], target=target) == b""
    assert xlsx.read_table(target.getvalue())[1][0] == "x"


# Reading workbooks


def row(*cells: str) -> str:
    return "<row>" + "".join(cells) + "</row>"


def test_formulas_give_their_last_value() -> None:
    content = workbook(
        sheet=SHEET % row('<c r="A1"><f>1+1</f><v>2</v></c>', '<c r="B1"><f>1</f></c>', '<c r="C1" t="b"><v>1</v></c>')
    )
    read = xlsx.read_table(content)
    assert read == ((2, None, 1),)
    assert read[0][2] is True, "yes is not a number"


def test_a_book_names_its_formulas() -> None:
    cells = '<c r="A1"><f>1+1</f><v>2</v></c>', '<c r="B1"><f>1</f></c>', '<c r="C1" t="b"><v>1</v></c>'
    content = workbook(sheet=SHEET % row(*cells))
    with pytest.raises(BadInput) as caught:
        books.read_book(content, {"s"})
    assert (caught.value.code, caught.value.extra["cells"]) == ("formulas", ["s!A1", "s!B1"])
    assert books.read_book(workbook(), {"s"}) == {"s": ((1,),)}


def test_rows_keep_their_numbers_and_empty_ends_go() -> None:
    sheet = (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="3"><c r="B3"><v>3</v></c></row>'
        '<row r="9"><c r="A9" t="inlineStr"><is><t> </t></is></c></row>'
    )
    assert xlsx.read_table(workbook(sheet=SHEET % sheet)) == ((1, None), (None, None), (None, 3))


def test_a_false_dimension_is_not_believed() -> None:
    rows = '<row r="1"><c r="A1"><v>7</v></c></row>'
    sheet = f'<worksheet {NAMESPACE}><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>'
    assert xlsx.read_table(workbook(sheet=sheet)) == ((7,),)


@pytest.mark.parametrize("place", ["A1048576", "XFD1"])
def test_a_far_cell_does_not_make_a_giant_table(place: str) -> None:
    number = re.sub(r"\D", "", place)
    with pytest.raises(TooLarge):
        xlsx.read_table(workbook(sheet=SHEET % f'<row r="{number}"><c r="{place}"><v>1</v></c></row>'))


def test_empty_cells_far_out_are_refused_at_once() -> None:
    rows = "".join(f'<row r="{n}"><c r="XFD{n}"/></row>' for n in range(1, 5000))
    started = time.process_time()
    with pytest.raises(TooLarge):
        xlsx.read_table(workbook(sheet=SHEET % rows))
    assert time.process_time() - started < 1


def test_a_number_without_end_is_text() -> None:
    """No database keeps it as a number, and nobody can count it."""
    assert documents.cells.read_cell(float("inf")) == "inf"
    assert documents.cells.read_cell(float("nan")) == "nan"


def test_limits_of_rows_and_columns() -> None:
    content = written([[n, n, n, n] for n in range(20)])
    assert len(xlsx.read_table(content, max_rows=21, max_columns=4)) == 21
    for limits in ({"max_rows": 20}, {"max_columns": 3}):
        with pytest.raises(TooLarge):
            xlsx.read_table(content, **limits)
        with pytest.raises(TooLarge):
            delimited.read_csv(b"1,2,3,4\n" * 21, **limits)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a zip",
        workbook(sheet="<worksheet"),
        workbook(sheet=SHEET % '<row r="x"><c r="A1"><v>1</v></c></row>'),
        workbook(sheet=SHEET % '<row r="1"><c r="A1" t="s"><v>99</v></c></row>'),
        workbook(sheet=SHEET % '<row r="1"><c r="A1"><v>abc</v></c></row>'),
        workbook(book="<workbook/>"),
        workbook(types="<Types/>"),
    ],
)
def test_a_malformed_workbook_is_a_message(content: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        xlsx.read_table(content)
    assert caught.value.code in {"damaged_file", "unreadable_workbook"} and caught.value.remedy


def test_a_sheet_that_is_not_there_is_a_message() -> None:
    with pytest.raises(BadInput):
        xlsx.read_table(workbook(), sheet="other")


# Reading CSV

FRENCH = "Nom;Rôle;Né à\nÉlodie;trésorière;Aïn Chock\n"
ARABIC = "الاسم;الدور\nفاطمة الزهراء;أمينة المال\nAli;رئيس\n"
ROWS = {
    FRENCH: (("Nom", "Rôle", "Né à"), ("Élodie", "trésorière", "Aïn Chock")),
    ARABIC: (("الاسم", "الدور"), ("فاطمة الزهراء", "أمينة المال"), ("Ali", "رئيس")),
}


@pytest.mark.parametrize(
    ("source", "encoding"),
    [(source, name) for source in ROWS for name in ("utf-8", "utf-8-sig", "utf-16")]
    + [(FRENCH, "cp1252"), (ARABIC, "cp1256")],
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_csv_as_offices_write_it(source: str, encoding: str, delimiter: str, newline: str) -> None:
    content = source.replace(";", delimiter).replace("\n", newline).encode(encoding)
    assert delimited.read_csv(content) == ROWS[source]


def test_french_capitals_and_arabic_with_french_names_are_told_apart() -> None:
    assert delimited.decode("ÉÈ;À L'ÉCOLE;ÇA\n".encode("cp1252")) == "ÉÈ;À L'ÉCOLE;ÇA\n"
    mixed = "جمعية Café Tamazirt ; الرئيس\n"
    assert delimited.decode(mixed.encode("cp1256")) == mixed


def test_quotes_hints_and_one_column() -> None:
    assert delimited.read_csv(b'"a;b","c ""d"""\r\n') == (("a;b", 'c "d"'),)
    assert delimited.read_csv(b"sep=,\r\na;b,c\r\n") == (("a;b", "c"),)
    assert delimited.read_csv(b"name\nx\n\ny\n\n\n") == (("name",), ("x",), (None,), ("y",))
    assert delimited.read_csv(b'a,b\n"line 1\nline 2",x\n')[1] == ("line 1\nline 2", "x")


def test_numbers_in_csv_stay_text() -> None:
    assert delimited.read_csv(b"a,b\n0612345678,57.4\n")[1] == ("0612345678", "57.4")


@pytest.mark.parametrize("content", [b"a\x00b", b"\xff\xfea", b'"' + b"x" * 200_000])
def test_unreadable_csv_is_a_message(content: bytes) -> None:
    with pytest.raises(NassijError):
        delimited.read_csv(content)


def would_be_quoted(item: str) -> bool:
    """Whether the writer guards the text: it is judged as typed and as it is written, without what nobody can see."""
    return looks_like_formula(item) or looks_like_formula(clean_text(item))


@settings(deadline=None)
@given(
    st.lists(
        st.lists(
            text.filter(lambda item: as_read(item) is not None and not would_be_quoted(item)), min_size=2, max_size=2
        ),
        min_size=1,
        max_size=5,
    )
)
def test_csv_round_trip(rows: list[list[str]]) -> None:
    read = delimited.read_csv(delimited.write_csv(rows, columns=["a;b", "c"]))
    assert [list(map(as_read, row)) for row in rows] == [list(row) for row in read[1:]]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_readers(content: bytes) -> None:
    for reader in (delimited.read_csv, xlsx.read_table):
        try:
            reader(content)
        except NassijError as error:
            assert error.status in (400, 413)


def test_an_upload_of_either_kind_is_read() -> None:
    expected = (("الاسم", "b", "c", "d"), ("x", None, None, 5))
    table = SimpleUploadedFile("x", written([["x", None, None, 5]]))
    assert documents.read_table(accept_upload(table, kinds={"xlsx", "csv"})) == expected
    table = SimpleUploadedFile("x", delimited.write_csv([["x", None, None, 5]], columns=expected[0]))
    assert documents.read_table(accept_upload(table, kinds={"xlsx", "csv"}))[1] == ("x", None, None, "5")


def test_the_libraries_of_workbooks_are_loaded_when_used() -> None:
    """26 MB of memory in each process of the platform, for what few of them ever do."""
    loaded = (
        "import django, sys; django.setup(); import governance_assessment.api;"
        "print([name for name in ('openpyxl', 'xlsxwriter') if name in sys.modules])"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    root = Path(__file__).parents[3]
    said = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True, cwd=root, env=environment
    )
    assert said.stdout.strip() == "[]"
