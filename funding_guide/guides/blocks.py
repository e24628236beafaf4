"""The text of a guide taken apart once, for every format it is printed in: plain lists and dictionaries.

A block is one of
    {"kind": "heading", "level": 2, "runs": […]}      {"kind": "paragraph", "runs": […]}
    {"kind": "list", "ordered": true, "items": [[block, …], …]}
    {"kind": "quote", "blocks": […]}                  {"kind": "rule"}
    {"kind": "table", "header": [[run, …], …], "rows": [[[run, …], …], …]}        (no header: a form of label and value)
and a run is {"text": "…", "bold": false, "italic": false, "dir": "", "href": "", "blank": ""}; `blank` is the code of a blank,
`text` then the words that stand there while it is empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from markdown_it.token import Token

from nassij.common.text import parsed

from .source import field_words

Block = dict[str, Any]
Run = dict[str, Any]

BLANK = re.compile(r"\{\{([a-z_]+)(?:\|([^{}|\n]*))?\}\}")
_MARK = re.compile("\ue000([0-9]+)\ue001")
"""Blanks stand as marks of the private use area while Markdown is read: their bar would cut a cell of a table in two."""
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_HEADING_ID = re.compile(r"\s*\{#[a-z0-9-]+\}\s*$")
_LINE_ID = re.compile(r"(?<=\S)[ \t]*\{#[a-z0-9-]+\}[ \t]*$", re.MULTILINE)


def blocks_of(text: str, language: str) -> list[Block]:
    """The blocks of a Markdown text; blanks say their words in `language`."""
    blanks: list[tuple[str, str]] = []

    def marked(match: re.Match[str]) -> str:
        words = match[2] if match[2] is not None else field_words().get(match[1], {}).get(language, "")
        blanks.append((match[1], words.strip()))
        return f"\ue000{len(blanks) - 1}\ue001"

    source = BLANK.sub(marked, _PRIVATE.sub("", text))
    return _Builder(parsed(source), blanks).blocks()


def without_ids(text: str) -> str:
    """`text` with the ids of its headings taken out, which are no words."""
    return _LINE_ID.sub("", text)


def words_of(blocks: Sequence[Mapping[str, Any]]) -> str:
    """All the words of some blocks, for a search."""
    found: list[str] = []
    for block in blocks:
        found += [run["text"] for run in block.get("runs", ()) if not run["blank"]]
        for cells in ([block["header"]] if block.get("header") else []) + block.get("rows", []):
            found += [run["text"] for cell in cells for run in cell if not run["blank"]]
        found.append(words_of(block.get("blocks", ())))
        found += [words_of(item) for item in block.get("items", ())]
    return " ".join(filter(None, found))


class _Builder:
    """Walks the flat tokens of Markdown."""

    def __init__(self, tokens: list[Token], blanks: Sequence[tuple[str, str]]) -> None:
        self.tokens, self.blanks, self.place = tokens, blanks, 0

    def blocks(self, until: str = "") -> list[Block]:
        found: list[Block] = []
        while self.place < len(self.tokens):
            token = self._take()
            if token.type == until:
                break
            if token.type == "heading_open":
                found.append({"kind": "heading", "level": int(token.tag[1]), "runs": self._inline(heading=True)})
            elif token.type == "paragraph_open":
                found.append({"kind": "paragraph", "runs": self._inline()})
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                is_ordered = token.type.startswith("ordered")
                found.append({"kind": "list", "ordered": is_ordered, "items": self._items(token)})
            elif token.type == "blockquote_open":
                found.append({"kind": "quote", "blocks": self.blocks("blockquote_close")})
            elif token.type == "table_open":
                found.append(self._table())
            elif token.type == "hr":
                found.append({"kind": "rule"})
            elif token.type in ("fence", "code_block"):
                found.append({"kind": "paragraph", "runs": [_run(token.content.strip())]})
        return found

    def _take(self) -> Token:
        self.place += 1
        return self.tokens[self.place - 1]

    def _items(self, opening: Token) -> list[list[Block]]:
        items: list[list[Block]] = []
        closing = opening.type.replace("open", "close")
        while (token := self._take()).type != closing:
            if token.type == "list_item_open":
                items.append(self.blocks("list_item_close"))
        return items

    def _table(self) -> Block:
        rows: list[list[list[Run]]] = []
        while (token := self._take()).type != "table_close":
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(self._runs(token))
        header = rows[0] if any(run["text"].strip() for cell in rows[0] for run in cell) else []
        return {"kind": "table", "header": header, "rows": rows[1:]}

    def _inline(self, *, heading: bool = False) -> list[Run]:
        inline = self._take()
        runs = self._runs(inline)
        self._take()  # what closes it
        if heading and runs:
            runs[-1]["text"] = _HEADING_ID.sub("", runs[-1]["text"])
        return runs

    def _runs(self, inline: Token) -> list[Run]:
        runs: list[Run] = []
        bold = italic = 0
        href = ""
        way: list[str] = []
        for token in inline.children or []:
            if token.type in ("strong_open", "strong_close"):
                bold += 1 if token.type == "strong_open" else -1
            elif token.type in ("em_open", "em_close"):
                italic += 1 if token.type == "em_open" else -1
            elif token.type == "link_open":
                href = str(token.attrGet("href") or "")
            elif token.type == "link_close":
                href = ""
            elif token.type == "span_open":
                way.append(str(token.attrGet("dir") or ""))
            elif token.type == "span_close":
                way = way[:-1]
            elif token.type in ("softbreak", "hardbreak"):
                runs.append(_run(" " if token.type == "softbreak" else "\n"))
            elif token.content:
                look = {"bold": bold > 0, "italic": italic > 0, "href": href, "dir": way[-1] if way else ""}
                runs += self._with_blanks(token.content, look)
        return runs

    def _with_blanks(self, text: str, look: Mapping[str, Any]) -> list[Run]:
        runs: list[Run] = []
        for number, part in enumerate(_MARK.split(text)):
            if number % 2:
                code, words = self.blanks[int(part)]
                runs.append(_run(words, **look, blank=code))
            elif part:
                runs.append(_run(part, **look))
        return runs


def _run(text: str, **look: Any) -> Run:
    return {"text": text, "bold": False, "italic": False, "dir": "", "href": "", "blank": "", **look}
