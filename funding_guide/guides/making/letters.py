"""Documents to fill in as DOCX: blanks are content controls, so that a tap selects them and a program can fill them in.

Arabic is right to left in every paragraph, table and run, in the fonts of our printed pages where a computer has them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from nassij.common.text import clean_text, direction

from ..source import Guide
from .contents import letter_contents

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONTS = {"rtl": "Noto Naskh Arabic", "ltr": "Noto Sans"}
_LANGUAGE = {"ar": "ar-MA", "fr": "fr-FR"}
_MUTED, _INK = RGBColor(0x56, 0x62, 0x67), RGBColor(0x0F, 0x5C, 0x5C)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_THUMBNAIL = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail"

Block = Mapping[str, Any]


def letter_docx(guide: Guide, code: str, language: str, filled: Mapping[str, str] | None = None) -> bytes:
    """The document in `language`; `filled`: code of a blank -> what stands in it. The same input gives the same bytes."""
    content = letter_contents(guide, code, language)
    writer = _Writer(language, filled or {})
    writer.set_up(content["title"], date.fromisoformat(guide.valid_from), is_landscape=content["landscape"])
    writer.footer(content["footer"])
    writer.blocks(content["blocks"], writer.document)
    return writer.saved()


class _Writer:
    def __init__(self, language: str, filled: Mapping[str, str]) -> None:
        self.language, self.filled = language, filled
        self.is_rtl = direction(language) == "rtl"
        self.document: Document = docx.Document()
        self.controls = 0

    def set_up(self, title: str, day: date, *, is_landscape: bool) -> None:
        properties = self.document.core_properties
        properties.title, properties.author, properties.language = title, "Nassij", _LANGUAGE[self.language]
        properties.comments, properties.last_modified_by, properties.revision = "", "Nassij", 1
        properties.created = properties.modified = datetime(day.year, day.month, day.day)
        section = self.document.sections[0]
        width, height = Cm(21), Cm(29.7)
        if is_landscape:
            section.orientation = WD_ORIENT.LANDSCAPE
            width, height = height, width
        section.page_width, section.page_height = width, height
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
        if self.is_rtl:
            grid = section._sectPr.find(qn("w:docGrid"))
            place = len(section._sectPr) if grid is None else section._sectPr.index(grid)
            section._sectPr.insert(place, OxmlElement("w:bidi"))
        for name, size in (("Normal", 11), ("Heading 1", 16), ("Heading 2", 13), ("Heading 3", 12)):
            self._style(name, size + (1 if self.is_rtl else 0))
        package = self.document.part.package
        for key, relation in list(package.rels.items()):
            if relation.reltype == _THUMBNAIL:  # a picture of another document
                del package.rels[key]
        self.paragraph(self.document.add_paragraph(style="Heading 1"), [_plain(title)])

    def _style(self, name: str, size: int) -> None:
        style = self.document.styles[name]
        font = style.font  # type: ignore[attr-defined]
        font.name, font.size = FONTS["ltr"], Pt(size)
        if name != "Normal":
            font.color.rgb = _INK
        run = style.element.get_or_add_rPr()
        fonts = run.find(qn("w:rFonts"))
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:cs"), FONTS["rtl"])
        _put(run, "w:szCs", str(2 * size))
        if name != "Normal":
            _put(run, "w:bCs", None)
        _put(run, "w:lang", "fr-FR").set(qn("w:bidi"), "ar-MA")

    def footer(self, text: str) -> None:
        paragraph = self.document.sections[0].footer.paragraphs[0]
        self.paragraph(paragraph, [_plain(text)])
        for run in paragraph.runs:
            run.font.size = Pt(8)
            run.font.color.rgb = _MUTED

    # Blocks

    def blocks(self, blocks: Iterable[Block], place: Document | _Cell) -> None:
        for block in blocks:
            kind = block["kind"]
            if kind == "heading":
                style = f"Heading {min(3, max(2, block['level']))}"
                self.paragraph(place.add_paragraph(style=style), block["runs"])
            elif kind == "paragraph":
                self.paragraph(place.add_paragraph(), block["runs"])
            elif kind == "list":
                self._list(block, place)
            elif kind == "quote":
                self.blocks(block["blocks"], place)
            elif kind == "rule":
                _ruled(self.paragraph(place.add_paragraph(), []))
            elif kind == "table":
                self._table(block)

    def _list(self, block: Block, place: Document | _Cell) -> None:
        style = "List Number" if block["ordered"] else "List Bullet"
        number = self._numbering(style) if block["ordered"] else None
        for item in block["items"]:
            first, *rest = item or [{"kind": "paragraph", "runs": []}]
            paragraph = self.paragraph(place.add_paragraph(style=style), first.get("runs", []))
            if number is not None:
                properties: Any = paragraph._p.get_or_add_pPr()
                properties = properties.get_or_add_numPr()
                properties.get_or_add_ilvl().val = 0
                properties.get_or_add_numId().val = number
            self.blocks(rest, place)

    def _numbering(self, style: str) -> int:
        """A numbering of its own for each list, so that each begins with one."""
        numbering: Any = self.document.part.numbering_part.element
        used = self.document.styles[style].element.pPr.numPr.numId.val
        abstract = next(num.abstractNumId.val for num in numbering.num_lst if num.numId == used)
        added = numbering.add_num(abstract)
        added.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(added.numId)

    def _table(self, block: Block) -> None:
        rows: list[Sequence[Any]] = [*([block["header"]] if block["header"] else []), *block["rows"]]
        table = self.document.add_table(len(rows), max(len(row) for row in rows), style="Table Grid")
        if self.is_rtl:
            table._tblPr.insert(1, OxmlElement("w:bidiVisual"))  # its place in the schema: after the style
        for number, row in enumerate(rows):
            for place, runs in enumerate(row):
                is_header = bool(block["header"]) and number == 0
                shown = [{**run, "bold": run["bold"] or is_header} for run in runs]
                self.paragraph(table.cell(number, place).paragraphs[0], shown)
        if block["header"]:
            properties = table.rows[0]._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:tblHeader"))
        self.paragraph(self.document.add_paragraph(), [])

    # Runs

    def paragraph(self, paragraph: Paragraph, runs: Iterable[Mapping[str, Any]]) -> Paragraph:
        if self.is_rtl:
            properties: Any = paragraph._p.get_or_add_pPr()
            properties.insert_element_before(OxmlElement("w:bidi"), "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr")
        for run in runs:
            if run["blank"]:
                self._control(paragraph, run)
            else:
                self._run(paragraph, run["text"], run)
        return paragraph

    def _run(self, paragraph: Paragraph, text: str, look: Mapping[str, Any]) -> Any:
        run = paragraph.add_run(text)
        properties = run._r.get_or_add_rPr()
        if look["bold"]:
            run.bold = True
            _put(properties, "w:bCs", None)
        if look["italic"] and not self.is_rtl:
            run.italic = True
        if self.is_rtl and look["dir"] != "ltr":
            _put(properties, "w:rtl", None)
        return run

    def _control(self, paragraph: Paragraph, look: Mapping[str, Any]) -> None:
        """A content control with the words of the blank, or what it is filled with."""
        self.controls += 1
        value = clean_text(self.filled.get(look["blank"], ""))
        run = self._run(paragraph, value or (f"[{look['text']}]" if look["text"] else "…" * 12), look)
        if not value:
            run.font.color.rgb = _MUTED
        control, properties = OxmlElement("w:sdt"), OxmlElement("w:sdtPr")
        for name, text in (("w:alias", look["text"] or look["blank"]), ("w:tag", look["blank"])):
            properties.append(_element(name, text))
        properties.append(_element("w:id", str(self.controls)))
        if not value:
            properties.append(OxmlElement("w:showingPlcHdr"))
        properties.append(OxmlElement("w:text"))
        content = OxmlElement("w:sdtContent")
        control.append(properties)
        control.append(content)
        paragraph._p.replace(run._r, control)
        content.append(run._r)

    def saved(self) -> bytes:
        """The file, its parts without the moment of their making."""
        written, packed = BytesIO(), BytesIO()
        self.document.save(written)
        with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
            for entry in source.infolist():
                plain = zipfile.ZipInfo(entry.filename, _EPOCH)
                plain.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(plain, source.read(entry))
        return packed.getvalue()


def _plain(text: str) -> dict[str, Any]:
    return {"text": text, "bold": False, "italic": False, "dir": "", "href": "", "blank": ""}


def _element(name: str, value: str | None) -> Any:
    element = OxmlElement(name)
    if value is not None:
        element.set(qn("w:val"), value)
    return element


_RUN_ORDER = ("rStyle", "rFonts", "b", "bCs", "i", "iCs", "color", "kern", "sz", "szCs", "rtl", "lang")
"""The order of the schema: Word refuses a file that has another one."""


def _put(properties: Any, name: str, value: str | None) -> Any:
    """Set a property of a run or a style, once and at its place."""
    for old in properties.findall(qn(name)):
        properties.remove(old)
    element = _element(name, value)
    later = {qn(f"w:{each}") for each in _RUN_ORDER[_RUN_ORDER.index(name.removeprefix("w:")) + 1 :]}
    place = next((number for number, child in enumerate(properties) if child.tag in later), len(properties))
    properties.insert(place, element)
    return element


def _ruled(paragraph: Paragraph) -> None:
    """A line to cut along."""
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    properties: Any = paragraph._p.get_or_add_pPr()
    for name, value in (("val", "dashed"), ("sz", "6"), ("space", "1"), ("color", "566267")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    properties.insert_element_before(borders, "w:bidi", "w:spacing", "w:ind", "w:jc", "w:rPr")
