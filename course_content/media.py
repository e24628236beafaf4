"""Files that learners fetch when they ask for them: whether they are what their ending says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nassij.common.archives import check_zip
from nassij.common.errors import NassijError
from xblocks.lesson.files import MOST, suffix

from .files import shown_path
from .problems import Place, Problems

_ZIP, _OGG, _MPEG4 = ((0, b"PK\x03\x04"),), ((0, b"OggS"),), ((4, b"ftyp"),)
# Ending -> where a file of that kind has which bytes; one of them is enough. Other endings are of plain text.
_SIGNS: Mapping[str, tuple[tuple[int, bytes], ...]] = {
    **dict.fromkeys((".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".zip"), _ZIP),
    **dict.fromkeys((".mp4", ".m4a"), _MPEG4),
    **dict.fromkeys((".ogg", ".opus"), _OGG),
    ".webm": ((0, b"\x1aE\xdf\xa3"),),
    ".mp3": ((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2")),
    ".wav": ((8, b"WAVE"),),
    ".pdf": ((0, b"%PDF-"),),
    ".rtf": ((0, b"{\\rtf"),),
    ".jpg": ((0, b"\xff\xd8\xff"),),
    ".png": ((0, b"\x89PNG\r\n\x1a\n"),),
    ".vtt": ((0, b"WEBVTT"),),
}


def file_problems(path: Path, problems: Problems) -> None:
    """Add what is wrong with a file to fetch: it is not of the kind its ending says, or it is packed to do harm."""
    place = Place(shown_path(path))
    with path.open("rb") as stream:
        head = stream.read(64).removeprefix(b"\xef\xbb\xbf")
    signs = _SIGNS.get(suffix(path.name))
    known = (
        any(head[at:].startswith(sign) for at, sign in signs) if signs else b"\0" not in head and not _is_program(head)
    )
    if not known:
        problems.add("file_content", place, name=path.name)
    elif signs is _ZIP and path.stat().st_size <= MOST["file"]:  # a larger one is refused for its weight
        try:
            check_zip(path.read_bytes(), xml=path.suffix != ".zip")
        except NassijError as error:
            problems.add("file_packed", place, name=path.name, detail=str(error.code))


def _is_program(head: bytes) -> bool:
    return head.startswith((b"MZ", b"\x7fELF", b"#!"))
