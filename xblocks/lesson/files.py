"""The files of a lesson: where they may come from, which kinds there are, and what they may weigh on a phone's line.

No Django here: the compiler of courses measures files and asks the same questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from . import pictures
from .model import FileStep, MediaStep, Step

PLACE = re.compile(r"(?:assets|/static)/[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
MEDIA_TYPES = {
    "video": {".mp4": "video/mp4", ".webm": "video/webm"},
    "audio": {
        ".mp3": "audio/mpeg",
        ".m4a": "audio/mp4",
        ".ogg": "audio/ogg",
        ".opus": "audio/ogg",
        ".wav": "audio/wav",
    },
}
CAPTIONS = (".vtt",)
# What a learner calls the kind of a file to download.
DOCUMENTS = {
    ".pdf": "PDF",
    ".docx": "Word",
    ".odt": "OpenDocument",
    ".rtf": "RTF",
    ".xlsx": "Excel",
    ".ods": "OpenDocument",
    ".csv": "CSV",
    ".pptx": "PowerPoint",
    ".odp": "OpenDocument",
    ".txt": "TXT",
    ".ics": "ICS",
    ".zip": "ZIP",
    ".jpg": "JPEG",
    ".png": "PNG",
}

KILO, MEGA = 1000, 1_000_000
LIGHT_FROM = 2 * MEGA
"""Bytes from which a video or a recording needs a light version: half a minute on a line of 400 kbit/s."""
MOST = {"video": 50 * MEGA, "audio": 15 * MEGA, "file": 10 * MEGA, "captions": MEGA}

UPLOADS = {
    "file": tuple(DOCUMENTS),
    "video": tuple(MEDIA_TYPES["video"]),
    "audio": tuple(MEDIA_TYPES["audio"]),
    "captions": CAPTIONS,
}
"""What a file is for -> the endings it may have. No page, picture with script or program is among them."""
HEAD = 512
"""Bytes that are enough to see what a file is."""
_ZIP = rb"PK(?:\x03\x04|\x05\x06)"
_WORDS = rb"(?!(?:\xef\xbb\xbf)?\s*<)(?:\xff\xfe|\xfe\xff|[^\x00]+\Z)"  # Excel's "Unicode text" has zero bytes
_BEGINNINGS = {
    ".pdf": rb"%PDF-",
    **dict.fromkeys((".docx", ".odt", ".xlsx", ".ods", ".pptx", ".odp", ".zip"), _ZIP),
    ".rtf": rb"\{\\rtf",
    **dict.fromkeys((".csv", ".txt"), _WORDS),
    ".ics": rb"(?:\xef\xbb\xbf)?BEGIN:VCALENDAR",
    ".vtt": rb"(?:\xef\xbb\xbf)?WEBVTT",
    **dict.fromkeys((".mp4", ".m4a"), rb".{4}ftyp"),
    ".webm": rb"\x1a\x45\xdf\xa3",
    ".mp3": rb"ID3|\xff[\xe0-\xff]",
    **dict.fromkeys((".ogg", ".opus"), rb"OggS"),
    ".wav": rb"RIFF.{4}WAVE",
}

_SIZE = re.compile(r"(\d{1,9})(?:[.,](\d{1,3}))?\s*([KkMm]?)(?:[BbOo]|octets|bytes)?")


def suffix(src: str) -> str:
    """The ending of a file's name, in small letters."""
    return PurePosixPath(src).suffix.lower()


def media_type(kind: str, src: str) -> str:
    """The media type of a video or a recording; empty for an ending we do not know."""
    return MEDIA_TYPES[kind].get(suffix(src), "")


def document_kind(src: str) -> str:
    """What a learner calls this kind of file: its ending, where we have no better word."""
    return DOCUMENTS.get(suffix(src), suffix(src).lstrip(".").upper())


def unusable(use: str, name: str, size: int, head: bytes) -> str:
    """Why a file about to be uploaded for `use` (of `UPLOADS`) cannot be, as a code; empty when it can.

    `head` are its first `HEAD` bytes: a program stays one under the name of a form.
    """
    ending = suffix(name)
    if ending not in UPLOADS[use]:
        return "file_kind"
    if size > MOST[use]:
        return "file_too_heavy"
    known = pictures.is_kind(ending, head) or re.match(_BEGINNINGS.get(ending, rb"(?!)"), head, re.DOTALL)
    return "" if known else "file_content"


def read_size(text: str) -> int | None:
    """Bytes from `6.2 MB`, `850 Ko` or `6200000`; None when it is no size."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        return None
    whole, decimals, unit = match[1], match[2] or "", match[3].lower()
    factor = {"": 1, "k": KILO, "m": MEGA}[unit]
    return int(whole) * factor + int(decimals.ljust(3, "0") or 0) * factor // 1000


def weight_problems(step: Step) -> Iterator[tuple[str, dict[str, object]]]:
    """(code, params) of what is wrong with the weight of the files of `step`; a size that is not known yet is no problem."""
    if isinstance(step, FileStep):
        yield from _too_heavy(step.file.src, step.file.size, MOST["file"])
    if not isinstance(step, MediaStep):
        return
    yield from _too_heavy(step.file.src, step.file.size, MOST.get(step.kind, MOST["video"]))
    if step.light is None:
        if step.file.size > LIGHT_FROM:
            yield "media_without_light", {"id": step.id, "size": step.file.size, "most": LIGHT_FROM}
    elif step.light.size and step.file.size and step.light.size >= step.file.size:
        yield "light_not_lighter", {"id": step.id, "light": step.light.size, "size": step.file.size}


def _too_heavy(src: str, size: int, most: int) -> Iterator[tuple[str, dict[str, object]]]:
    if size > most:
        yield "file_too_heavy", {"src": src, "size": size, "most": most}
