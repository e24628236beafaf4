"""Files people send: judged by content, bounded, named by us."""

import hashlib
import struct
import uuid
import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

import puremagic
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from nassij.common.archives import check_zip
from nassij.common.conf import setting
from nassij.common.documents.delimited import decode
from nassij.common.errors import BadInput, TooLarge
from nassij.common.text import clean_text

MAX_PIXELS = 50_000_000
"""A photograph of 50 megapixels; more is a bomb for whoever opens it."""
_HEAD = 4096
_NULS = 64
"""At the end of a JPEG zeros may follow, as some programs fill up their blocks."""
_CAMERA_END = b"SEFT"
"""Samsung's phones write a block of their own behind every picture."""
_NAME_LENGTH = 120
# What a code page would read as text: archives, documents, programs, pictures.
_NOT_TEXT = (
    b"PK",
    b"%PDF-",
    b"{\\rtf",
    b"\x7fELF",
    b"MZ\x90",
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that passed. `name` is what the person called it (cleaned, for showing), never a path to store it under."""

    name: str
    kind: str
    content_type: str
    sha256: str
    content: bytes

    def new_path(self, folder: str) -> str:
        """A new random path below `folder`, for `nassij.common.private_files`."""
        return f"{folder.strip('/')}/{uuid.uuid4().hex}.{self.kind}"


@dataclass(frozen=True, slots=True)
class _Kind:
    content_type: str
    holds: Callable[[bytes], bool]


def accept_upload(file: Any, *, kinds: Collection[str], max_bytes: int | None = None) -> Upload:
    """The file when its content is one of `kinds` (`csv`, `xlsx`, `docx`, `pdf`, `png`, `jpg`); its name proves nothing.

    `file` is Django's `UploadedFile` or anything with `read`; never more than `max_bytes` (default `NASSIJ_UPLOAD_MAX_BYTES`) are
    read. Raises `TooLarge` (also for bombs) or `BadInput`.
    """
    limit = max_bytes or int(setting("NASSIJ_UPLOAD_MAX_BYTES"))
    content = file.read(limit + 1) if (getattr(file, "size", None) or 0) <= limit else None
    if content is None or len(content) > limit:
        raise TooLarge(
            _("This file is too large."),
            code="file_too_large",
            remedy=_("Send a smaller file, or only the part that is needed."),
            max_bytes=limit,
        )
    if not content:
        raise BadInput(_("This file is empty."), code="empty_file", remedy=_("Choose the file again."))
    kind = next((name for name in KINDS if name in kinds and KINDS[name].holds(content)), None)
    if kind is None:
        raise BadInput(
            _("This kind of file is not accepted here."),
            code="wrong_kind",
            remedy=_("Send one of the accepted kinds."),
            accepted=sorted(kinds),
        )
    digest = hashlib.sha256(content).hexdigest()
    return Upload(_shown_name(getattr(file, "name", None), kind), kind, KINDS[kind].content_type, digest, content)


def attachment(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """A download that no browser opens as a page of ours."""
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, clean_text(name)) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _shown_name(given: str | None, kind: str) -> str:
    name = " ".join(clean_text(given or "").replace("\\", "/").split("/")[-1].split())
    stem = PurePosixPath(name).stem.lstrip(".")[:_NAME_LENGTH].strip() or "file"
    return f"{stem}.{kind}"


def _mime_types(content: bytes) -> set[str]:
    try:
        return {match.mime_type for match in puremagic.magic_string(content[:_HEAD])}
    except (puremagic.PureError, ValueError):
        return set()


def _is_office(content: bytes, main_part: str) -> bool:
    if not content.startswith(b"PK\x03\x04"):
        return False
    names = check_zip(content)
    return "[Content_Types].xml" in names and main_part in names


def _is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-") and "application/pdf" in _mime_types(content) and b"%%EOF" in content[-2048:]


def _is_png(content: bytes) -> bool:
    """A whole PNG with nothing behind it (a polyglot hides an archive there)."""
    if "image/png" not in _mime_types(content) or content[12:16] != b"IHDR" or len(content) < 45:
        return False
    _check_pixels(*struct.unpack(">II", content[16:24]))
    return content[-8:-4] == b"IEND"


def _is_jpeg(content: bytes) -> bool:
    """A JPEG to its end, or to what a camera writes behind it; an archive behind it is none."""
    ends = content[-_NULS:].rstrip(b"\0").endswith((b"\xff\xd9", _CAMERA_END))
    if "image/jpeg" not in _mime_types(content) or not ends or zipfile.is_zipfile(BytesIO(content)):
        return False
    place = 2
    while place + 9 < len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # the frame header names the size
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            _check_pixels(width, height)
            return True
        place += 2 + struct.unpack(">H", content[place + 2 : place + 4])[0]
    return False


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise TooLarge(
            _("This picture has too many points."),
            code="picture_too_large",
            remedy=_("Make it smaller and send it again."),
        )


def _is_csv(content: bytes) -> bool:
    """Text without control characters that does not start like a page, a script or a document."""
    if content.startswith(_NOT_TEXT):
        return False
    try:
        text = decode(content)
    except BadInput:
        return False
    head = text[:_HEAD].lstrip("\ufeff \t\r\n")
    controls = sum(ord(character) < 32 and character not in "\t\r\n" for character in text[:_HEAD])
    return bool(head) and not head.startswith(("<", "#!", "<?")) and not controls


# In this order: what has a signature first, text last.
KINDS = {
    "pdf": _Kind("application/pdf", _is_pdf),
    "png": _Kind("image/png", _is_png),
    "jpg": _Kind("image/jpeg", _is_jpeg),
    "xlsx": _Kind(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda content: _is_office(content, "xl/workbook.xml"),
    ),
    "docx": _Kind(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        lambda content: _is_office(content, "word/document.xml"),
    ),
    "csv": _Kind("text/csv", _is_csv),
}
