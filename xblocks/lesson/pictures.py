"""Pictures that may stand in a lesson: their kinds, how heavy they may be, and what an SVG may carry. Pure."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError, register_namespace, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

MAX_BYTES = 100_000
KINDS = {".svg": b"<", ".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".webp": b"RIFF"}
"""Suffix -> how the content of such a file begins."""

SVG_ELEMENTS = frozenset(
    """svg g defs title desc metadata path rect circle ellipse line polyline polygon text tspan textPath use symbol marker
    pattern clipPath mask linearGradient radialGradient stop style""".split()  # noqa: SIM905 - a list of words reads best
)
REMOTE = re.compile(
    r"url\(\s*['\"]?(?!#)|@import|@font-face|expression|javascript:|-moz-binding|behavior\s*:", re.IGNORECASE
)
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"


class NoPicture(ValueError):
    """The content is no SVG that can be read."""


def is_kind(suffix: str, content: bytes) -> bool:
    """Whether `content` begins as a file with this suffix does."""
    beginning = KINDS.get(suffix)
    return beginning is not None and content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(beginning)


def cleaned_svg(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The SVG without what it may not carry, and what was taken out of it. Raises `NoPicture`."""
    root = _root(content)
    removed: dict[str, None] = {}
    for parent in list(root.iter()):
        for child in list(parent):
            if not _is_drawing(child, root):
                parent.remove(child)
                removed[f"<{_local(str(child.tag))}>"] = None
        for name, value in list(parent.attrib.items()):
            if _leads_out(name, value):
                del parent.attrib[name]
                removed[_local(name)] = None
    if not removed:
        return content, ()
    register_namespace("", _SVG)
    register_namespace("xlink", _XLINK)
    return tostring(root, encoding="utf-8"), tuple(removed)


def _root(content: bytes) -> Element:
    try:
        root: Element = fromstring(content.decode("utf-8"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise NoPicture(f"it is not plain XML ({error or type(error).__name__})") from error
    if _local(root.tag) != "svg":
        raise NoPicture("it does not start with <svg>")
    return root


def _leads_out(name: str, value: str) -> bool:
    """Whether an attribute does something, or leads outside the picture."""
    local = _local(name).lower()
    return (
        local.startswith("on") or (local in ("href", "src") and not value.startswith("#")) or bool(REMOTE.search(value))
    )


def _is_drawing(element: Element, root: Element) -> bool:
    """Whether `element` is one of SVG's own that only draw; a style is one when it leads nowhere."""
    if not isinstance(element.tag, str):  # a comment or an instruction
        return False
    name = _local(element.tag)
    own = element.tag.removesuffix(name) == root.tag.removesuffix("svg") and name in SVG_ELEMENTS
    return own and not (name == "style" and REMOTE.search(element.text or ""))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
