"""Whether HTML could do anything: read by three parsers, each node held against what the pages may contain.

Written apart from `nassij.common.text`: the lists here say what a browser must never meet.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from bleach._vendor import html5lib
from lxml import etree

HARMLESS_TAGS = (
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "blockquote",
        "br",
        "caption",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
    }
    | {
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "s",
        "small",
        "span",
    }
    | {"strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"}
)
HARMLESS_ATTRIBUTES = {
    "href",
    "title",
    "hreflang",
    "src",
    "alt",
    "width",
    "height",
    "start",
    "colspan",
    "rowspan",
    "scope",
    "dir",
    "lang",
}
SITE = "https://site.example/page/"
Node = tuple[str, dict[str, str]]


def findings(html: str) -> list[str]:
    """What is active in `html`, by any of the parsers; empty for harmless HTML."""
    found: list[str] = []
    for parser in (_html5lib_nodes, _lxml_nodes, _stdlib_nodes):
        for tag, attributes in parser(html):
            found.extend(f"{parser.__name__}: {what}" for what in _active(tag, attributes))
    return found


def _active(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    if tag not in HARMLESS_TAGS:
        yield f"<{tag}>"
    for name, value in attributes.items():
        if name not in HARMLESS_ATTRIBUTES:
            yield f"<{tag} {name}>"
        if name == "href" and not _link_is_harmless(value):
            yield f"<{tag} href={value!r}>"
        if name == "src" and urlsplit(urljoin(SITE, _as_url_parser(value))).netloc != "site.example":
            yield f"<{tag} src={value!r}>"


def _link_is_harmless(value: str) -> bool:
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.\-]*):", _as_url_parser(value))
    return scheme is None or scheme[1].lower() in {"http", "https", "mailto", "tel"}


def _as_url_parser(value: str) -> str:
    """What the URL standard does first: controls and spaces off the ends, tabs and newlines out, backslashes are slashes."""
    stripped = value.strip("".join(map(chr, range(33))))
    return re.sub(r"[\t\r\n]", "", stripped).replace("\\", "/")


def _html5lib_nodes(html: str) -> Iterator[Node]:
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    for node in tree.iter():
        if node is not tree:
            yield (node.tag if isinstance(node.tag, str) else "comment"), {str(k): v for k, v in node.attrib.items()}


def _lxml_nodes(html: str) -> Iterator[Node]:
    tree = etree.fromstring(
        b"<html><body>" + html.encode("utf-8", "replace") + b"</body></html>", etree.HTMLParser(encoding="utf-8")
    )
    for node in tree.iterdescendants():
        name = node.tag if isinstance(node.tag, str) else "comment"
        if (name, len(node.attrib)) not in (("html", 0), ("body", 0)):
            yield name, dict(node.attrib)


def _stdlib_nodes(html: str) -> list[Node]:
    nodes: list[Node] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            nodes.append((tag, {name: value or "" for name, value in attrs}))

        def handle_comment(self, data: str) -> None:
            nodes.append(("comment", {}))

    reader = Reader(convert_charrefs=True)
    reader.feed(html)
    reader.close()
    return nodes
