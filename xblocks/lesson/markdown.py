"""Looking into Markdown: pictures that stand on their own, raw HTML, links; and the ways a text becomes HTML.

The HTML itself is made by `nassij.common.text` only.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

from nassij.common.errors import TooLarge
from nassij.common.text import MAX_DEPTH, MAX_RICH_TEXT, MAX_TAGS, plain, render_markdown, source_allowed

from .model import Picture

# The dialect of `nassij.common.text.render_markdown`, but with HTML recognised, so that it can be refused with its place.
_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
_WORDS = re.compile(r"[^\W\d_]([^\\`*_\[\]<>&!\x00-\x1f]*[^\s\\`*_\[\]<>&!\x00-\x1f])?")
"""One line that begins with a letter and has none of the signs of Markdown."""
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\s*", re.DOTALL)
_ENTRIES = re.compile(r"(?:^|(?<=[-+ \t.)]))[ \t]*(?:[-+]|\d{1,9}[.)])(?=\s|$)", re.MULTILINE)
"""What may begin an entry of a list, also one that begins in the entry before it on the same line."""
_OWN_DEPTH = 10
"""Levels that come with a text, or with a table, without a sign of their own."""
SAFE_LINKS = ("https://", "http://", "mailto:", "tel:", "/", "#")


@lru_cache(maxsize=512)
def tokens(text: str) -> list[Token]:
    """Block tokens of `text`, each with the lines it covers (`map`, from 0). Kept and shared: nobody changes them.

    Most texts of a lesson are one line of words: what the parser says of those is known without asking it.
    """
    return _one_line_of_words(text) if _WORDS.fullmatch(text) else _PARSER.parse(text)


def _one_line_of_words(text: str) -> list[Token]:
    words = Token("text", "", 0, content=text)
    inline = Token("inline", "", 0, map=[0, 1], level=1, children=[words], content=text, block=True)
    return [
        Token("paragraph_open", "p", 1, map=[0, 1], block=True),
        inline,
        Token("paragraph_close", "p", -1, block=True),
    ]


def only_picture(inline: Token) -> Picture | None:
    """The picture that this paragraph consists of, if that is all there is."""
    children = inline.children or []
    if len(children) != 1 or children[0].type != "image":
        return None
    return picture(children[0])


def picture(image: Token) -> Picture:
    """The picture of an image token."""
    alt = "".join(child.content for child in image.children or [])
    return Picture(src=str(image.attrGet("src") or ""), alt=alt, caption=str(image.attrGet("title") or ""))


@lru_cache(maxsize=1024)
def parts(body: str) -> tuple[str | Picture, ...]:
    """`body` cut at the pictures that stand on their own: Markdown texts and pictures, in order.

    A picture from another site stays in its text, where cleaning takes its address away: it would tell that site who reads.
    """
    if "![" not in body:
        return (body,) if body.strip() else ()
    lines = body.split("\n")
    found: list[str | Picture] = []
    start = 0
    for opening, inline in _top_paragraphs(tokens(body)):
        alone = only_picture(inline)
        if alone is None or not source_allowed(alone.src) or not opening.map:
            continue
        found += ["\n".join(lines[start : opening.map[0]]), alone]
        start = opening.map[1]
    found.append("\n".join(lines[start:]))
    return tuple(part for part in found if isinstance(part, Picture) or part.strip())


def _top_paragraphs(block_tokens: list[Token]) -> Iterator[tuple[Token, Token]]:
    for opening, inline in itertools.pairwise(block_tokens):
        if opening.type == "paragraph_open" and opening.level == 0:
            yield opening, inline


def table_name(text: str) -> str:
    """What the first table of `text` is about: the words of the last heading above it, empty without one."""
    name = ""
    for opening, inline in itertools.pairwise(tokens(text)):
        if opening.type == "table_open":
            return name
        if opening.type == "heading_open":
            name = plain(inline.content)
    return ""


@lru_cache(maxsize=4096)
def block_html(text: str) -> SafeString:
    """`text` as HTML blocks. Rendering is the dear part of a page and a text is the same for every learner: kept."""
    return SafeString(render_markdown(text))


@lru_cache(maxsize=4096)
def line_html(text: str) -> SafeString:
    """A text of one paragraph as HTML that can stand inside a label or a heading; anything else as its bare words."""
    one = _ONE_PARAGRAPH.fullmatch(render_markdown(text).strip())
    return SafeString(one[1].strip()) if one else escape(plain(text))


def can_be_shown(text: str) -> bool:
    """Whether a page takes `text`: it is neither longer nor nested more deeply than any text of ours."""
    if _surely_fits(text):
        return True
    try:
        block_html(text)
    except TooLarge:
        return False
    return True


def _surely_fits(text: str) -> bool:
    """Whether `text` is so plain that no limit can be near: to render it only to find that out is the dear part of a check.

    A level of nesting takes one of the signs counted here, or an entry of a list; a row of a table has as many cells as its
    first, however few are written.
    """
    if len(text) <= MAX_DEPTH:
        return True
    lines = text.count("\n") + 1
    cells = lines * max(map(str.count, text.split("\n"), itertools.repeat("|"))) if "|" in text else 0
    nesting = sum(map(text.count, "*_[>")) + len(_ENTRIES.findall(text))
    pieces = lines + nesting + sum(map(text.count, "`<#=\\")) + 2 * cells
    return len(text) <= MAX_RICH_TEXT and nesting < MAX_DEPTH - _OWN_DEPTH and 4 * pieces < MAX_TAGS


def search_text(text: str) -> str:
    """The words of a Markdown text on one line, for a search index or a plain title; no-break spaces stay."""
    return plain(text)


def with_pictures(body: str, places: Mapping[str, str]) -> str:
    """`body` with the pictures that stand on their own under the addresses that `places` gives for the old ones."""
    if "![" not in body:
        return body
    lines = body.split("\n")
    for opening, inline in _top_paragraphs(tokens(body)):
        alone = only_picture(inline)
        if alone is None or alone.src not in places or not opening.map:
            continue
        for number in range(*opening.map):
            lines[number] = lines[number].replace(f"]({alone.src}", f"]({places[alone.src]}")
    return "\n".join(lines)
