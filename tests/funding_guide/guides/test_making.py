"""The files of guides: read back with other programs' eyes."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import docx
import page
import pypdf
import pytest
from docx.oxml.ns import qn

from funding_guide.guides.blocks import blocks_of, words_of
from funding_guide.guides.making import documents, letters, pages
from funding_guide.guides.source import field_words
from tests.funding_guide.guides.samples import ours, small
from tests.pdf_text import text_of

PRINTED = [
    (code, template, language, compact)
    for code, templates in (("G2", [""]), ("G6", ["", "minutes", "notice"]))
    for template in templates
    for language in ("ar", "fr")
    for compact in ((False, True) if not template else (False,))
]


@pytest.mark.parametrize(("code", "template", "language", "compact"), PRINTED)
def test_every_pdf_meets_every_rule_of_pdf_ua_and_knows_its_pages(
    code: str, template: str, language: str, compact: bool
) -> None:
    guide = ours(code)
    if not template:
        made = documents.guide_pdf(guide, language, compact=compact)
    else:  # a document to fill in
        made = documents.letter_pdf(guide, template, language)
    report = page.validate_pdf_bytes(made, profile="ua1")
    assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert documents.page_count(made) == len(reader.pages)
    assert reader.trailer["/Root"]["/Lang"] == language
    assert "\ue000" not in text_of(made) and "{{" not in text_of(made)


def test_arabic_says_what_it_says_and_numbers_keep_their_direction() -> None:
    found = text_of(documents.guide_pdf(ours("G6"), "ar"))
    for expected in ("المحضر ذاكرة الجمعية", "1-58-376", "13/2022", "النصاب", "الكاتبة العامة"):
        assert expected in found, expected
    assert "{#" not in found


def test_a_guide_without_checklist_sources_and_documents_is_printed_too() -> None:
    assert documents.page_count(documents.guide_pdf(small(), "fr")) == 1


def test_a_text_with_everything_in_it_is_printed() -> None:
    text = (
        "# Un\n\n### Trois\n\n1. un\n   - deux\n\n     > *cité* **fort** [lien](https://example.org)\n\n"
        "| a | b |\n| --- | --- |\n| {{deadline|jour}} | [1-2]{.ltr} |\n\n"
        "| | |\n| --- | --- |\n| x | y |\n\n---\n\nligne  \nsuite\n\n"
        "```\ncode\n```\n\n<b>pas du HTML</b> \ue000 0 \ue001"
    )
    made = documents.guide_pdf(small(text={"ar": text, "fr": text}), "ar")
    assert page.validate_pdf_bytes(made, profile="ua1").is_compliant
    assert "<b>pas du HTML</b>" in text_of(made)


def test_blocks_keep_what_markdown_says() -> None:
    blocks = blocks_of("## T {#one}\n\n- a **b**\n- c\n\n| x | y |\n| --- | --- |\n| {{deadline|le jour}} | z |", "fr")
    heading, listing, table = blocks
    assert heading["runs"][0]["text"] == "T"
    assert [run["bold"] for run in listing["items"][0][0]["runs"]] == [False, True]
    assert table["rows"][0][0] == [
        {"text": "le jour", "bold": False, "italic": False, "dir": "", "href": "", "blank": "deadline"}
    ]
    assert words_of(blocks) == "T a  b c x y z"


# Word


def opened(code: str, language: str, **filled: str) -> tuple[Any, bytes]:
    made = letters.letter_docx(ours("G6"), code, language, filled)
    return docx.Document(io.BytesIO(made)), made


def paragraphs(document: Any) -> list[Any]:
    return list(document.element.body.iter(qn("w:p")))


@pytest.mark.parametrize("code", ["minutes", "notice"])
def test_arabic_documents_are_right_to_left_in_every_paragraph_table_and_run(code: str) -> None:
    document, _made = opened(code, "ar")
    assert all(paragraph.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None for paragraph in paragraphs(document))
    assert document.tables
    assert all(table._tbl.tblPr.find(qn("w:bidiVisual")) is not None for table in document.tables)
    assert document.sections[0]._sectPr.find(qn("w:bidi")) is not None
    arabic = [run for run in document.element.body.iter(qn("w:r")) if re.search("[ء-ي]", "".join(run.itertext()))]
    assert arabic and all(run.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None for run in arabic)


def test_french_documents_are_not() -> None:
    _document, made = opened("minutes", "fr")
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        text = archive.read("word/document.xml").decode()
    assert "w:bidi/" not in text and "w:rtl" not in text and "bidiVisual" not in text


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("code", ["minutes", "notice"])
def test_every_blank_is_a_control_that_names_it(code: str, language: str) -> None:
    document, made = opened(code, language)
    tags = [tag.get(qn("w:val")) for tag in document.element.body.iter(qn("w:tag"))]
    source = ours("G6").letters[["minutes", "notice"].index(code)].body[language]
    assert tags == re.findall(r"\{\{([a-z_]+)", source)
    assert set(tags) <= set(field_words())
    ids = [tag.get(qn("w:val")) for tag in document.element.body.iter(qn("w:id"))]
    assert len(ids) == len(set(ids)) == len(tags)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert b"{{" not in archive.read("word/document.xml")


def test_a_blank_is_filled_in_everywhere_it_stands_and_only_there() -> None:
    name = "جمعية الأمل <b>&\x0b"
    document, _made = opened("minutes", "ar", association_name=name)
    filled = [
        "".join(text.text for text in control.iter(qn("w:t")))
        for control in document.element.body.iter(qn("w:sdt"))
        if control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")) == "association_name"
    ]
    assert filled == ["جمعية الأمل <b>&"] * 2
    assert "[مقر الجمعية]" in "".join(document.element.body.itertext())


def test_each_list_begins_with_one() -> None:
    document, _made = opened("minutes", "fr")
    numbers = {number.get(qn("w:val")) for number in document.element.body.iter(qn("w:numId"))}
    assert len(numbers) == 1  # one list in the minutes, with a numbering of its own
    overrides = document.part.numbering_part.element.xpath(f"//w:num[@w:numId='{numbers.pop()}']//w:startOverride")
    assert overrides[0].get(qn("w:val")) == "1"


def test_the_order_of_run_properties_is_that_of_the_schema() -> None:
    document, _made = opened("notice", "ar")
    order = ["rStyle", "rFonts", "b", "bCs", "i", "iCs", "color", "kern", "sz", "szCs", "rtl", "lang"]
    for properties in document.element.body.iter(qn("w:rPr")):
        names = [child.tag.split("}")[1] for child in properties]
        assert names == sorted(names, key=order.index) and len(names) == len(set(names))


def test_the_same_document_has_the_same_bytes() -> None:
    assert opened("minutes", "ar")[1] == opened("minutes", "ar")[1]


# The light page


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_page_needs_nothing_else_and_is_light(language: str) -> None:
    made = pages.guide_html(ours("G6"), language).decode()
    assert len(made.encode()) < 20_000
    assert not re.search(r"<script|<link|<img|\son\w+=|src=|url\(", made)
    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in made
    assert "{#" not in made and "<style>body {" in made


def test_what_a_text_says_is_never_a_tag() -> None:
    hostile = "<script>alert(1)</script> [x](javascript:alert(1))"
    guide = small(text={"ar": hostile, "fr": hostile}, title={"ar": "<b>", "fr": "</title><script>"})
    made = pages.guide_html(guide, "fr").decode()
    assert "<script" not in made and 'href="javascript' not in made
