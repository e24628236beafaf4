"""PDFs made smaller: the same document for every reader, or a clear refusal."""

import io
from collections.abc import Iterable

import page
import pypdf
import pytest
import typst

from nassij.common.documents import pdf
from nassij.common.documents.packed import pack

SOURCE = b"""
#set document(title: "T", date: none)
#set text(lang: "en")
= Heading
#link("https://example.org")[A link]
#for number in range(120) { table(columns: 2, table.header[A][B], [#number], [endobj stream xref]) }
"""


@pytest.fixture(scope="module")
def plain() -> bytes:
    return bytes(typst.compile(SOURCE, format="pdf", pdf_standards=["ua-1"], font_paths=[str(pdf.FONTS)]))


def texts(document: bytes) -> list[str]:
    return [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(document), strict=True).pages]


def test_it_holds_the_same_and_is_much_smaller(plain: bytes) -> None:
    packed = pack(plain)
    assert len(packed) < len(plain) * 0.5
    assert texts(packed) == texts(plain) and len(texts(plain)) > 3
    assert page.validate_pdf_bytes(packed, profile="ua1").rules.passed == 104


def test_every_object_is_there_once_and_equal(plain: bytes) -> None:
    packed = pack(plain)
    before, after = pypdf.PdfReader(io.BytesIO(plain)), pypdf.PdfReader(io.BytesIO(packed))
    assert len(before.xref[0]) > 400
    assert written(after, before.xref[0]) == written(before, before.xref[0])


def written(reader: pypdf.PdfReader, numbers: Iterable[int]) -> dict[int, bytes]:
    found = {}
    for number in numbers:
        target = io.BytesIO()
        reader.get_object(pypdf.generic.IndirectObject(number, 0, reader)).write_to_stream(target)
        found[number] = target.getvalue()
    return found


def test_the_same_input_gives_the_same_bytes(plain: bytes) -> None:
    assert pack(plain) == pack(plain)


@pytest.mark.parametrize("change", [lambda it: it[:-20], lambda it: b"x" + it, lambda it: pack(it), lambda it: b""])
def test_what_is_not_as_typst_writes_it_is_refused(plain: bytes, change) -> None:
    with pytest.raises(ValueError):
        pack(change(plain))
