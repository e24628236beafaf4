"""Pictures that learners are shown: of a kind every phone shows, small, and safe; an SVG is told with line and column."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.parsers import expat

from defusedxml.ElementTree import fromstring

from xblocks.lesson import drawn
from xblocks.lesson.pictures import KINDS, MAX_BYTES, SVG_ELEMENTS, is_kind, leads_out, may_have

from .files import shown_path
from .problems import Place, Problems

MAX_UNIT_BYTES = 300_000
"""All pictures of one language of a unit together: what a learner pays for to see it."""
MAX_PIXELS = 2_000
"""The longer side; a phone shows some 1,080, and a few bytes may claim to be a picture of gigabytes."""
_BOM = b"\xef\xbb\xbf"
_RASTER = frozenset({"image", "feImage", "foreignObject"})
_GLYPHS = re.compile(r"glyph[-_]?\d", re.IGNORECASE)
"""What drawing programs call the letters of a text that they have turned into curves."""


def picture_problems(path: Path, problems: Problems) -> None:
    """Add what is wrong with the picture in `path`: its kind, its size, and what an SVG carries."""
    place = Place(shown_path(path))
    content = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    if content is None:
        problems.add("asset_size", place, size=path.stat().st_size, most=MAX_BYTES)
    elif not is_kind(path.suffix, content):
        problems.add("asset_kind", place, name=path.name, known=", ".join(sorted(KINDS)))
    elif path.suffix == ".svg":
        _Svg(content, problems, place.file).examine()
    elif max(pixels := _pixels(content)) > MAX_PIXELS:
        problems.add("picture_pixels", place, width=pixels[0], height=pixels[1], most=MAX_PIXELS)


def weigh(shown: Mapping[str, Path], problems: Problems, place: Place) -> None:
    """Add that the pictures of one language of a unit are too heavy together."""
    size = sum(path.stat().st_size for path in shown.values())
    if size > MAX_UNIT_BYTES:
        problems.add("pictures_weigh", place, size=size, most=MAX_UNIT_BYTES)


def _pixels(content: bytes) -> tuple[int, int]:
    """Width and height as the file claims them; (0, 0) when it does not say, which no program opens either."""
    if is_kind(".png", content) and len(content) >= 24:
        return struct.unpack(">II", content[16:24])
    if is_kind(".jpg", content):
        return next(_jpeg_frames(content), (0, 0))
    return _webp_pixels(content)


def _jpeg_frames(content: bytes) -> Iterator[tuple[int, int]]:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            yield width, height
        at += 2 + length


def _webp_pixels(content: bytes) -> tuple[int, int]:
    kind, data = content[12:16], content[20:30]
    if len(data) < 10:
        return 0, 0
    if kind == b"VP8X":
        return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", data[6:10])
        return width & 0x3FFF, height & 0x3FFF
    bits = int.from_bytes(data[1:5], "little")  # VP8L
    return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1


class _Refused(Exception):
    """Reading ends here; the problem is already noted."""


class _Svg:
    """Looks through an SVG as it is parsed, so that every finding has its line and column. No entity is ever expanded."""

    def __init__(self, content: bytes, problems: Problems, file: str) -> None:
        self.content, self.problems, self.file = content, problems, file
        self.namespace = ""
        self.open: list[str] = []
        self.style: list[str] = []

    def examine(self) -> None:
        self.parser = parser = expat.ParserCreate("utf-8", "}")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        parser.ProcessingInstructionHandler = self._instruction
        content = self.content.removeprefix(_BOM)
        try:
            parser.Parse(content, True)
            if drawn.asks_too_much(fromstring(content)):
                self.problems.add("svg_pieces", Place(self.file), most=drawn.MOST)
        except _Refused:
            pass
        except expat.ExpatError as error:
            self.problems.add(
                "svg_broken", Place(self.file, error.lineno, error.offset + 1), detail=expat.ErrorString(error.code)
            )

    def _add(self, code: str, **params: object) -> None:
        place = Place(self.file, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)
        self.problems.add(code, place, **params)

    def _doctype(self, *_declared: object) -> None:
        self._add("svg_doctype")
        raise _Refused  # entities could follow

    def _instruction(self, target: str, _data: str) -> None:
        self._add("svg_element", name=f"?{target}")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if not self.open and name != "svg":
            self._add("svg_root", name=name)
            raise _Refused
        if not self.open:
            self.namespace = tag.removesuffix(name)
            if "viewBox" not in attributes:
                self._add("svg_without_view")
        inside = self.open[-1] if self.open else ""
        self.open.append(name)
        if name in _RASTER:
            self._add("svg_raster", name=name)
        elif name not in SVG_ELEMENTS or inside == "style" or tag.removesuffix(name) != self.namespace:
            self._add("svg_script" if name == "script" else "svg_element", name=name)
        for key, value in attributes.items():
            self._attribute(_local(key), value)
        if self._is_drawn_text(name, attributes):
            self._add("svg_drawn_text")

    def _attribute(self, name: str, value: str) -> None:
        if may_have(name, value):
            return
        if name.lower().startswith("on"):
            self._add("svg_script", name=name)
        else:
            self._add("svg_raster" if value.startswith("data:") else "svg_remote", name=name)

    def _is_drawn_text(self, name: str, attributes: Mapping[str, str]) -> bool:
        """Whether this is a text turned into curves: nobody can read it out, search it or translate it."""
        if name in ("path", "g") and attributes.get("aria-label") and "text" not in self.open:
            return True
        return name in ("symbol", "g", "path") and bool(_GLYPHS.match(attributes.get("id", "")))

    def _text(self, text: str) -> None:
        if self.open and self.open[-1] == "style":
            self.style.append(text)

    def _end(self, tag: str) -> None:
        self.open.pop()
        if _local(tag) == "style":
            if leads_out("".join(self.style)):
                self._add("svg_remote", name="style")
            self.style.clear()


def _local(name: str) -> str:
    return name.rpartition("}")[2]
