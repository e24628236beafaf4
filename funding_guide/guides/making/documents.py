"""Guides and documents to fill in as PDF/UA-1."""

from __future__ import annotations

import re
import zlib

from nassij.common.documents import pdf

from ..source import Guide
from .contents import contents, letter_contents

GUIDE, LETTER = "nassij_funding/guide.typ", "nassij_funding/letter.typ"
_OBJECTS = re.compile(rb"/Type/ObjStm.*?/Length (\d+)/Filter/FlateDecode>>stream\n", re.DOTALL)
_PAGES = re.compile(rb"<<[^<>]*?/Type\s*/Pages\b[^<>]*?>>", re.DOTALL)
_COUNT = re.compile(rb"/Count\s+(\d+)")


def guide_pdf(guide: Guide, language: str, *, compact: bool = False) -> bytes:
    """The guide on paper; `compact`: on pages as wide as a phone."""
    return pdf.render(GUIDE, {**contents(guide, language), "compact": compact}, language)


def letter_pdf(guide: Guide, code: str, language: str) -> bytes:
    """A document to fill in by hand."""
    return pdf.render(LETTER, letter_contents(guide, code, language), language)


def page_count(document: bytes) -> int:
    """How many pages a PDF of ours has; it holds what says so in compressed objects."""
    counts = []
    for match in _OBJECTS.finditer(document):
        inside = zlib.decompress(document[match.end() : match.end() + int(match[1])])
        for pages in _PAGES.findall(inside):
            counts += [int(count) for count in _COUNT.findall(pages)]
    return max(counts)
