"""Printed documents: readable by people, by search and by screen readers, in three languages."""

import io
import json
import platform
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import page
import pypdf
import pytest
import typst
from hypothesis import example, given
from hypothesis import strategies as st

from nassij.common.documents import pdf

ARABIC = "لائحة أعضاء جمعية الأمل للتنمية"
ROWS = [["فاطمة الزهراء", "أمينة المال", 57.4], ["Zineb Aït", "trésorière", -3], ["ⵜⴰⵎⴰⵣⵉⵖⵜ", None, 0]]


def rendered(language: str = "ar", **changes: Any) -> bytes:
    data = {"title": ARABIC, "intro": "", "columns": ["الاسم", "الدور", "%"], "rows": ROWS} | changes
    return pdf.render("nassij/table.typ", data, language)


def words(content: bytes) -> list[str]:
    """The words in the order the document holds them (pypdf's own joining loses the spaces of Arabic lines)."""
    pieces: list[str] = []
    for sheet in pypdf.PdfReader(io.BytesIO(content)).pages:
        sheet.extract_text(visitor_text=lambda text, *_rest: pieces.append(text or " "))
    return "".join(pieces).split()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_it_meets_every_rule_of_pdf_ua(language: str) -> None:
    report = page.validate_pdf_bytes(
        rendered(language, rows=ROWS * 40, intro="القانون 1-58-376 – «هام»"), profile="ua1"
    )
    assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]
    assert report.rules.passed == report.rules.total == 104


@pytest.mark.parametrize(("language", "tag"), [("ar", "ar"), ("fr", "fr"), ("en", "en")])
def test_it_names_its_language_and_title(language: str, tag: str) -> None:
    reader = pypdf.PdfReader(io.BytesIO(rendered(language)))
    assert reader.trailer["/Root"]["/Lang"] == tag
    assert reader.metadata and reader.metadata.title == ARABIC


def test_arabic_text_is_found_by_its_letters() -> None:
    found = words(rendered())
    for expected in (*ARABIC.split(), "فاطمة", "الزهراء", "أمينة", "المال", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "Zineb", "Aït"):
        assert any(expected in word for word in found), (expected, found)


def test_french_text_comes_out_in_order() -> None:
    title = "Liste des membres de l’association « Espoir » à Chichaoua, œuvre n° 5"
    found = " ".join(
        words(rendered("fr", title=title, columns=["Nom", "Rôle", "%"], rows=[["Zineb Aït", "trésorière", 57.4]]))
    )
    for expected in (title, "Nom", "Rôle", "Zineb Aït", "trésorière", "57,4", "Page 1"):
        assert expected.replace("\u00a0", " ") in found.replace("\u00a0", " "), (expected, found)


@pytest.mark.parametrize(("language", "shown"), [("ar", "57,4"), ("fr", "57,4"), ("en", "57.4")])
def test_numbers_are_written_in_the_language(language: str, shown: str) -> None:
    assert shown in "".join(words(rendered(language)))


def test_only_our_fonts_are_embedded() -> None:
    names = set()
    for sheet in pypdf.PdfReader(io.BytesIO(rendered())).pages:
        names |= {
            str(font.get_object()["/BaseFont"]).split("+")[1].split("-")[0]
            for font in sheet["/Resources"]["/Font"].values()
        }
    assert (
        names <= {"NotoNaskhArabic", "NotoSans", "NotoSansTifinagh", "NotoSansMath", "NotoSansSymbols2"}
        and "NotoNaskhArabic" in names
    )


@pytest.mark.parametrize(
    "hostile",
    [
        '#read("/etc/passwd")',
        "#panic()",
        "$ x^2 $",
        '#import "@preview/x:1.0.0": *',
        "\\",
        "*bold*",
        "= Heading",
        "<label> @ref",
        "// x",
        "```x```",
        '")) #read("/etc/passwd") #(("',
        '\\")) #panic() #((\\"',
        "\\n\\u{23}",
    ],
)
def test_data_are_shown_never_evaluated(hostile: str) -> None:
    content = rendered("en", title="T", intro=hostile, columns=["A", "B", "%"], rows=[[hostile, hostile, 1]])
    found = "".join(words(content))
    assert "root:" not in found
    assert found.count("".join(hostile.split())) == 3


def reaches_the_template(text: str) -> None:
    """Fails unless a template gets the text as it was given, sign by sign."""
    signs = "".join(f"{ord(sign)}," for sign in text)
    document: Any = {
        "main.typ": f"""#import "/input.typ": input
            #assert.eq(input.text.codepoints().map(str.to-unicode), ({signs}))""".encode(),
        pdf.INPUT: pdf._as_source(json.dumps({"text": text}, ensure_ascii=False)),
    }
    pdf._compiler().compile(document, format="html")


@given(st.text(max_size=200) | st.text('"\\\n\r\t#{}()[]$@<>/*`u \0\x85\u2028\u2029\ufeff\u202e', max_size=60))
@example('"')
@example("\\")
@example('\\"))\n#panic()')
@example("\u2028#panic()\u2029")
@example("\x00\x1b\x85\ufeff")
@example("\\u{22}))#panic()#((\\u{22}")
def test_a_text_reaches_the_template_whole_and_leaves_its_string_never(text: str) -> None:
    reaches_the_template(text)


def test_what_the_template_gets_is_really_compared() -> None:
    other: Any = {
        "main.typ": b'#import "/input.typ": input\n#assert.eq(input.text, "b")',
        pdf.INPUT: pdf._as_source('{"text": "a"}'),
    }
    with pytest.raises(typst.TypstError, match="equality"):
        pdf._compiler().compile(other, format="html")


@pytest.mark.parametrize("piece", ['"', "\\", '\\"', '")) #panic() #((', "#", "\u2028", "\x00", "ش"])
def test_a_megabyte_of_it_neither(piece: str) -> None:
    long = piece * (1024**2 // len(piece.encode()))
    assert len(words(rendered("en", title="T", columns=["A"], rows=[["b"]], nobody_prints=long))) > 2


def test_threads_print_at_the_same_time() -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(rendered, ["ar", "fr", "en"] * 4))
    assert made == [rendered(language) for language in ("ar", "fr", "en")] * 4


@pytest.mark.parametrize(
    "odd",
    [
        "😀🇲🇦",
        "漢字",
        "\u202eabc",
        "a\u2066b",
        "ﻣﺮﺣﺒﺎ",
        "Ｆｕｌｌ",
        "𝐁𝐨𝐥𝐝",
        "e\u0301\u0333",
        "\x00\x07",
        "\ud800x",
        "x\u0600y",
        "\ufeffx",
        "─┼─",
        "☐☑✓●▲→−≤",
        "1\u20442",
    ],
)
def test_no_character_breaks_it(odd: str) -> None:
    assert page.is_pdf_compliant_bytes(rendered("ar", title=f"T {odd}", rows=[[odd, odd, 1]]), profile="ua1")


def test_what_cannot_be_drawn_is_shown_in_its_plain_form_or_marked() -> None:
    assert pdf._drawable("ﻣﺮﺣﺒﺎ Ｆ😀漢 \u202ex") == "مرحبا F\ufffd\ufffd x"
    assert pdf._drawable({"k": ["é", 1, None, True]}) == {"k": ["é", 1, None, True]}


def test_the_list_of_characters_is_true() -> None:
    """Every character at the edge of a range is drawn: typst refuses a PDF/UA document with a missing glyph."""
    edges = {edge for pair in json.loads((pdf.FONTS / "coverage.json").read_text("utf-8")) for edge in pair}
    # Marks and joiners only exist on a letter.
    rows = [[f"ب{chr(edge)}ب", f"a{chr(edge)}a", 1] for edge in sorted(edges)]
    assert rendered("ar", rows=rows) and rendered("fr", rows=rows)
    assert (
        pdf.can_draw("ش")
        and pdf.can_draw("ⵣ")
        and pdf.can_draw("œ")
        and not pdf.can_draw("漢")
        and not pdf.can_draw("\x1f")
    )


def test_the_same_input_gives_the_same_bytes() -> None:
    first = rendered()
    assert first == rendered()
    information = pypdf.PdfReader(io.BytesIO(first)).metadata
    assert information and not information.creation_date and not information.modification_date, "it holds the clock"


def test_a_long_list_repeats_its_header_and_counts_its_pages() -> None:
    content = rendered("fr", columns=["Nom complet", "Rôle", "%"], rows=ROWS * 60)
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    assert len(pages) > 3
    for sheet in pages:
        assert "Nom" in "".join(words_of(sheet))


def words_of(sheet: Any) -> list[str]:
    pieces: list[str] = []
    sheet.extract_text(visitor_text=lambda text, *_rest: pieces.append(text))
    return pieces


def test_a_template_reaches_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in ("/etc/passwd", "../../../../../../../../etc/passwd", "/OFL.txt/../../../../pdf.py"):
        source = f'#set document(title: "x")\n#read("{path}")'.encode()
        monkeypatch.setattr(pdf, "_kept_templates", lambda source=source: {"evil.typ": source})
        with pytest.raises(typst.TypstError):
            pdf.render("evil.typ", {"title": "x"}, "en")


def test_an_unknown_template_is_named() -> None:
    with pytest.raises(LookupError, match="nassij/none"):
        pdf.render("nassij/none.typ", {"title": "x"}, "en")


def test_fonts_are_few_licensed_and_light() -> None:
    fonts = sorted(pdf.FONTS.glob("*.ttf"))
    assert sum(font.stat().st_size for font in fonts) <= 350_000
    assert {"NotoNaskhArabic-Regular", "NotoNaskhArabic-Bold", "NotoSans-Regular", "NotoSans-Bold"} <= {
        font.stem for font in fonts
    }
    assert "SIL OPEN FONT LICENSE" in (pdf.FONTS / "OFL.txt").read_text("utf-8")


def test_each_document_is_forgotten_and_its_memory_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    given_back: list[int] = []
    monkeypatch.setattr(pdf, "_trim", lambda: given_back.append)
    for _ in range(2):
        pdf.render("nassij/table.typ", {"title": "t", "columns": ["a"], "rows": [["b"]]}, "fr")
    assert given_back == [0, 0]
    monkeypatch.undo()
    assert platform.libc_ver()[0] != "glibc" or pdf._trim()(0) in (0, 1)
