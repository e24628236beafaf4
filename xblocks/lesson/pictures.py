"""Pictures that may stand in a lesson: their kinds, how heavy they may be, and what an SVG may carry. Pure.

The one rule for both: the compiler of the courses names each place that breaks it, the editor takes it out.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, register_namespace, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from .drawn import MOST, asks_too_much

MAX_BYTES = 100_000
KINDS = {
    ".svg": re.compile(rb"(?:\xef\xbb\xbf)?\s*<"),
    ".png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    ".jpg": re.compile(rb"\xff\xd8\xff"),
    ".webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
}
"""Suffix -> how the content of such a file begins."""

SVG_ELEMENTS = frozenset(
    """svg g defs title desc metadata path rect circle ellipse line polyline polygon text tspan textPath use symbol marker
    pattern clipPath mask linearGradient radialGradient stop style""".split()  # noqa: SIM905 - a list of words reads best
)
_REMOTE = re.compile(
    r"""url\((?!\s*['"]?#)|image-set|\b(?:image|src)\(|@import|@font-face|expression|javascript:|-moz-binding|behavior\s*:"""
    r"|\\",  # an escape spells any of these another way
    re.IGNORECASE,
)
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"


class NoPicture(ValueError):
    """The content is no SVG that can be read."""


def is_kind(suffix: str, content: bytes) -> bool:
    """Whether `content` begins as a file with this suffix does."""
    return suffix in KINDS and KINDS[suffix].match(content) is not None


def leads_out(css: str) -> bool:
    """Whether a style, or the value of an attribute, leads outside the picture."""
    return _REMOTE.search(css) is not None


def may_have(name: str, value: str) -> bool:
    """Whether an element may have the attribute `name` (without its namespace): it does nothing, and leads nowhere."""
    name = name.lower()
    if name.startswith("on") or name == "base":  # xml:base leads all that begins with # elsewhere
        return False
    return not (name in ("href", "src") and not value.startswith("#")) and not leads_out(value)


def cleaned_svg(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The SVG without what it may not carry, and what was taken out of it. Raises `NoPicture`.

    It is written anew each time: what stood before its root does not come along.
    """
    root, instructions = _read(content)
    removed = {f"<?{target}>": None for target in instructions}
    for parent in list(root.iter()):
        for child in list(parent):
            if not _is_drawing(child, root):
                parent.remove(child)
                removed[f"<{_local(child.tag)}>"] = None
        for name, value in list(parent.attrib.items()):
            if not may_have(_local(name), value):
                del parent.attrib[name]
                removed[_local(name)] = None
    if asks_too_much(root):
        raise NoPicture(f"its parts point to other parts, more than {MOST} of them in all")
    register_namespace("", _SVG)
    register_namespace("xlink", _XLINK)
    return tostring(root, encoding="unicode").encode(), tuple(removed)


class _Builder(TreeBuilder):
    """Leaves out comments and instructions, and notes what the latter were for."""

    def __init__(self) -> None:
        super().__init__()
        self.instructions: list[str] = []

    def pi(self, target: str, text: str | None = None) -> Element:
        self.instructions.append(target)
        return super().pi(target, text)


def _read(content: bytes) -> tuple[Element, list[str]]:
    builder = _Builder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    try:
        parser.feed(content.decode("utf-8").removeprefix("\ufeff"))
        root: Element = parser.close()
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise NoPicture(f"it is not plain XML ({error or type(error).__name__})") from error
    if _local(root.tag) != "svg":
        raise NoPicture("it does not start with <svg>")
    return root, builder.instructions


def _is_drawing(element: Element, root: Element) -> bool:
    """Whether `element` is one of SVG's own that only draw; a style is one when it is nothing but a text that leads nowhere."""
    name = _local(element.tag)
    own = element.tag.removesuffix(name) == root.tag.removesuffix("svg") and name in SVG_ELEMENTS
    return own and not (name == "style" and (len(element) or leads_out(element.text or "")))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
