"""Every file of an edition, in memory; nothing here writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from nassij.common.canonical import digest
from nassij.common.documents import pdf

from ...models import FileFormat
from ..source import LANGUAGES, Guide
from . import budgets, documents, letters, pages
from .contents import contents, letter_contents

CONTENT_TYPES = {
    FileFormat.PDF: pdf.CONTENT_TYPE,
    FileFormat.COMPACT: pdf.CONTENT_TYPE,
    FileFormat.HTML: pages.CONTENT_TYPE,
    FileFormat.DOCX: letters.CONTENT_TYPE,
    FileFormat.XLSX: budgets.CONTENT_TYPE,
}
SUFFIXES = {FileFormat.COMPACT: "pdf"}


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made, and what its row says about it."""

    language: str
    format: FileFormat
    template: str
    content: bytes
    pages: int | None = None


def files_of(guide: Guide) -> Iterator[Made]:
    """The files of a guide, one after the other."""
    for language in LANGUAGES:
        for form, compact in ((FileFormat.PDF, False), (FileFormat.COMPACT, True)):
            printed = documents.guide_pdf(guide, language, compact=compact)
            yield Made(language, form, "", printed, documents.page_count(printed))
        yield Made(language, FileFormat.HTML, "", pages.guide_html(guide, language))
        for letter in guide.letters:
            filled = letters.letter_docx(guide, letter.code, language)
            yield Made(language, FileFormat.DOCX, letter.code, filled)
            printed = documents.letter_pdf(guide, letter.code, language)
            yield Made(language, FileFormat.PDF, letter.code, printed, documents.page_count(printed))
        for workbook in guide.workbooks:
            yield Made(language, FileFormat.XLSX, workbook.code, budgets.workbook_xlsx(guide, workbook.code, language))


def made_with(guide: Guide) -> str:
    """A name for how the files of `guide` come out now: another one once a template, a word, a maker or a library changes."""
    said = [contents(guide, language) for language in LANGUAGES]
    said += [letter_contents(guide, letter.code, language) for letter in guide.letters for language in LANGUAGES]
    return digest(said, _makers())


@lru_cache(maxsize=1)
def _makers() -> list[str]:
    here = Path(__file__).parent
    sources = sorted(
        [*here.glob("*.py"), *here.glob("*.css"), here.parents[1] / "templates/nassij_funding/guide_file.html"]
    )
    names = [pdf.edition(documents.GUIDE), pdf.edition(documents.LETTER), version("python-docx"), version("XlsxWriter")]
    return [*names, *(path.read_text("utf-8") for path in sources)]
