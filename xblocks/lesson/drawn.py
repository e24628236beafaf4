"""How much an SVG asks for when its parts point to other parts: a few lines may want more than any phone can draw. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

MOST = 20_000
"""Elements drawn, each as often as something points to it."""
_MOST_DEEP = 20
"""Parts that point to parts, one after the other."""
_POINTER = re.compile(r"url\(\s*['\"]?#([^\s'\")]+)")
_GRADIENTS = frozenset({"linearGradient", "radialGradient"})


def asks_too_much(root: Element) -> bool:
    """Whether drawing `root` means drawing more than `MOST` elements, or parts that hold themselves."""
    parts = {part.get("id", ""): part for part in root.iter()}
    # A style may be meant for any element: it colours, and points to nothing that is drawn.
    styles = "".join(element.text or "" for element in root.iter() if _local(element) == "style")
    if any(name in parts and _local(parts[name]) not in _GRADIENTS for name in _POINTER.findall(styles)):
        return True
    known: dict[str, int] = {}

    def weight(element: Element, depth: int) -> int:
        """The elements drawn for `element`; more than `MOST` is not counted to its end."""
        total = 0
        for inner in element.iter():
            total += 1
            for name in _pointed_to(inner):
                if name in parts:
                    total += part_weight(name, depth + 1)
            if total > MOST:
                break
        return total

    def part_weight(name: str, depth: int) -> int:
        if depth > _MOST_DEEP:
            return MOST + 1
        if name not in known:
            known[name] = weight(parts[name], depth)
        return known[name]

    return weight(root, 0) > MOST


def _pointed_to(element: Element) -> Iterator[str]:
    for name, value in element.attrib.items():
        if name.rpartition("}")[2] == "href" and value.startswith("#"):
            yield value[1:]
        elif "url(" in value:
            yield from _POINTER.findall(value)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
