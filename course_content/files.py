"""Reading source files: as UTF-8 text with a problem instead of a traceback, and pictures that are safe to show."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .problems import Place, Problems

MAX_TEXT_BYTES = 2_000_000
MAX_PICTURE_BYTES = 100_000
PICTURES = {".svg": b"<", ".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".webp": b"RIFF"}
_SVG_ELEMENTS = frozenset(
    """svg g defs title desc metadata path rect circle ellipse line polyline polygon text tspan textPath use symbol marker
    pattern clipPath mask linearGradient radialGradient stop style""".split()  # noqa: SIM905 - a list of words reads best
)
_REMOTE = re.compile(r"url\(\s*['\"]?(?!#)|@import|expression|javascript:", re.IGNORECASE)


def shown_path(path: Path) -> str:
    """`path` as people see it: from the present directory when it is below it."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def is_there(path: Path) -> bool:
    """Whether something of that name is there, be it what is expected or not (a folder, a link to nowhere)."""
    return os.path.lexists(path)


def links_out(root: Path, *below: Path) -> Iterator[Path]:
    """The links in or at `below` that lead out of the folder `root`."""
    home = Path(os.path.realpath(root))
    for top in below:
        inside = (Path(folder, name) for folder, folders, files in os.walk(top) for name in sorted([*folders, *files]))
        for path in (top, *inside):
            if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(home):
                yield path


def read_text(path: Path, problems: Problems) -> str | None:
    """The text of a file; None with a problem when it is missing, no file, too large or not UTF-8."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a device or a pipe may never end: it is not opened
            problems.add("not_a_file", name=path.name)
        elif status.st_size > MAX_TEXT_BYTES:
            problems.add("too_large", limit=MAX_TEXT_BYTES)
        else:
            return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        problems.add("not_utf8", Place(problems.file, before.count(b"\n") + 1, error.start - before.rfind(b"\n")))
    except (FileNotFoundError, NotADirectoryError):
        problems.add("missing_file", name=path.name)
    except OSError as error:
        problems.add("unreadable_file", name=path.name, detail=error.strerror)
    return None


def picture_problems(path: Path, problems: Problems) -> None:
    """Add what is wrong with the picture in `path`: its kind, its size, and what an SVG carries."""
    place = Place(shown_path(path))
    known = ", ".join(sorted(PICTURES))
    beginning = PICTURES.get(path.suffix)
    content = path.read_bytes() if path.stat().st_size <= MAX_PICTURE_BYTES else None
    if content is None:
        problems.add("asset_size", place, size=path.stat().st_size, most=MAX_PICTURE_BYTES)
    elif beginning is None or not content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(beginning):
        problems.add("asset_kind", place, name=path.name, known=known)
    elif path.suffix == ".svg" and (detail := _svg_problem(content)):
        problems.add("unsafe_picture", place, detail=detail)


def _svg_problem(content: bytes) -> str:
    """Why the SVG cannot be shown; empty when it can."""
    try:
        root = fromstring(content.decode("utf-8"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        return f"it is not plain XML ({error or type(error).__name__})"
    if _local(root.tag) != "svg":
        return "it does not start with <svg>"
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if _local(element.tag) not in _SVG_ELEMENTS:
            return f"<{_local(element.tag)}> is not allowed"
        for name, value in element.attrib.items():
            local = _local(name)
            if local.lower().startswith("on"):
                return f"the attribute {local} is not allowed"
            if (local == "href" and not value.startswith("#")) or _REMOTE.search(value):
                return f"{local} leads outside the picture"
        if _local(element.tag) == "style" and _REMOTE.search(element.text or ""):
            return "its style leads outside the picture"
    return ""


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
