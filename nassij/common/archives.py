"""Guards for zip archives (XLSX, DOCX): refused before anything opens them, in bounded time and memory.

The archive is read once, piece by piece, and never held unpacked. What is refused: too many entries, more unpacked bytes than
allowed (declared or real), bombs by ratio, encrypted or linked entries, names that leave the folder, nested archives, XML with a
document type (entity bombs), XML with more elements than a sheet of ours can have (shared-string and empty-cell bombs), and what
`office_parts` finds: macros, embedded objects, links to other files.

No name is trusted: readers find the parts by content types and relationships, so every part is looked into as XML but pictures,
fonts and printer settings, and those too when they begin like XML.
"""

import re
import stat
import zipfile
import zlib
from io import BytesIO

from django.utils.translation import gettext_lazy as _

from nassij.common.errors import BadInput, TooLarge
from nassij.common.office_parts import (
    MAX_SMALL_PART,
    TYPES,
    foreign_content,
    macros,
    refuse_relationships,
    refuse_types,
    table_parts,
)

MAX_ENTRIES = 1000
MAX_UNPACKED = 48 * 1024 * 1024
MAX_RATIO = 150
RATIO_FREE = 1024 * 1024
"""Below this size an entry may be packed as tightly as it likes."""
MAX_TAGS = 1_600_000
"""Opening and closing tags in all parts together: 20,000 rows of 20 cells."""
MAX_TAGS_IN_ONE_TABLE = 400_000
"""In a part that readers load whole: shared strings, styles, the workbook."""
_CHUNK = 256 * 1024
_ARCHIVE_STARTS = (b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")
_PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""Programs, and the containers of embedded objects and macros."""
_OTHER_ENCODINGS = (b"\xfe\xff", b"\xff\xfe", b"<\x00", b"\x00<", b"\x00\x00\x00<", b"\x4c\x6f\xa7\x94")
"""How XML begins that is not written in UTF-8: UTF-16, UCS-4, EBCDIC."""
_BINARY = re.compile(r"\.(?:png|jpe?g|jfif|gif|bmp|tiff?|emf|wmf|wdp|ico|webp|bin|ttf|otf|odttf|fntdata)$", re.I)
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*\bencoding\s*=\s*["']([^"'>]*)["']""")
_UTF8 = (b"utf-8", b"utf8", b"us-ascii", b"ascii")


def check_zip(content: bytes, *, xml: bool = True) -> frozenset[str]:
    """The names of the entries of a harmless archive; raises `BadInput` or `TooLarge` otherwise.

    `xml`: the archive is an office document; its parts are looked into.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_directory(entries)
            tables = _tables(archive) if xml else frozenset()
            budget = _Budget()
            for entry in entries:
                _check_entry(archive, entry, budget, tables, xml=xml)
            return frozenset(entry.filename for entry in entries)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        ValueError,
        RuntimeError,
    ) as error:
        raise _damaged() from error


class _Budget:
    """What the whole archive may still use."""

    def __init__(self) -> None:
        self.bytes = MAX_UNPACKED
        self.tags = MAX_TAGS

    def spend(self, size: int, tags: int) -> None:
        self.bytes -= size
        self.tags -= tags
        if self.bytes < 0 or self.tags < 0:
            raise _bomb()


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise _bomb()
    for entry in entries:
        if entry.file_size > RATIO_FREE and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
            raise _bomb()
        parts = entry.filename.replace("\\", "/").split("/")
        linked = stat.S_ISLNK(entry.external_attr >> 16)
        if entry.flag_bits & 0x1 or linked or ".." in parts or parts[0] in ("", "~") or ":" in parts[0]:
            raise _damaged()
        if parts[-1].lower() == "vbaproject.bin":
            raise macros()
    if len({entry.filename.lower() for entry in entries}) < len(entries):  # readers would not agree which one it is
        raise _damaged()


def _tables(archive: zipfile.ZipFile) -> frozenset[str]:
    """The parts that may have as many tags as a table; macros are refused here already."""
    if TYPES not in archive.namelist():
        return frozenset()
    with archive.open(TYPES) as stream:
        content = stream.read(MAX_SMALL_PART + 1)
    _check_start(content)
    if len(content) > MAX_SMALL_PART or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise _bomb()
    refuse_types(content)
    return table_parts(content)


def _check_entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: _Budget, tables: frozenset[str], *, xml: bool
) -> None:
    tags_left = MAX_TAGS if entry.filename in tables else MAX_TAGS_IN_ONE_TABLE
    is_small = xml and entry.filename.lower().endswith(".rels")
    is_xml, tail, kept = False, b"", b""
    with archive.open(entry) as stream:
        first = True
        while chunk := stream.read(_CHUNK):
            if first:
                if chunk.startswith(_ARCHIVE_STARTS):
                    raise _bomb()
                if xml and chunk.startswith(_PROGRAM_STARTS):
                    raise foreign_content()
                is_xml = xml and _is_xml(entry.filename, chunk)
                if is_xml:
                    _check_start(chunk)
            if is_xml:
                seam = tail + chunk[:9]  # a keyword may lie across two pieces
                if any(word in part for word in (b"<!DOCTYPE", b"<!ENTITY") for part in (chunk, seam)):
                    raise _bomb()
                tail = chunk[-9:]
            tags = chunk.count(b"<") if is_xml else 0
            tags_left -= tags
            budget.spend(len(chunk), tags)
            kept += chunk if is_small else b""
            if tags_left < 0 or len(kept) > MAX_SMALL_PART:
                raise _bomb()
            first = False
    if is_small:
        refuse_relationships(kept)


def _is_xml(name: str, start: bytes) -> bool:
    """Whether a reader could take this part for XML: whatever is no picture, and what begins like XML under any name."""
    begins = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    return not _BINARY.search(name) or not begins or begins.startswith(b"<") or start.startswith(_OTHER_ENCODINGS)


def _check_start(start: bytes) -> None:
    """Only UTF-8: in another encoding the words looked for here are other bytes."""
    declared = _ENCODING.match(start.removeprefix(b"\xef\xbb\xbf"))
    if start.startswith(_OTHER_ENCODINGS) or (declared and declared[1].lower() not in _UTF8):
        raise _damaged()


def _bomb() -> TooLarge:
    return TooLarge(
        _("This file unpacks to far more than it should."),
        code="archive_bomb",
        remedy=_("Save only the sheet you need in a new file and send that."),
    )


def _damaged() -> BadInput:
    return BadInput(
        _("This file is damaged or protected."),
        code="damaged_file",
        remedy=_("Open it, save it again without a password and send the new file."),
    )
