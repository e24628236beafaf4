"""The source of a unit taken apart for the checks on how it is written: every text with its place, tables, headings, blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from markdown_it.token import Token

from nassij.common.text import clean_text
from xblocks.lesson import markdown
from xblocks.lesson.located import Listing, Mapping, Scalar, Value, read_yaml

from .problems import Place, Problems

# Keys of YAML whose values are codes, dates and numbers: no text that anybody reads.
NOT_PROSE = frozenset(
    {
        "code",
        "id",
        "kind",
        "minutes",
        "checked_on",
        "facts",
        "to_confirm",
        "guide",
        "fact",
        "tries",
        "scored",
        "tolerance",
    }
    | {"file", "size", "light", "light_size", "captions", "captions_size"}
)
_REACH = 40
"""So many lines below its beginning a text of YAML is looked for: longer ones are still found, at their beginning."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that learners read, as it is written from `line` and `column` on; `key` is its key in YAML, "" in the body."""

    text: str
    line: int
    column: int
    last_line: int
    key: str = ""
    children: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A block of back quotes, with what its YAML says."""

    name: str
    place: Place
    entries: Mapping


class SourceText:
    """One language of a unit. What cannot be read is simply not there: the reader of lessons has said so already."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.lines = clean_text(text.removeprefix("\ufeff")).split("\n")
        closed = next((n for n, line in enumerate(self.lines[1:], start=1) if line.rstrip() == "---"), None)
        self.first_line = closed + 2 if closed and self.lines[0].rstrip() == "---" else 1
        front = "\n".join(self.lines[1 : self.first_line - 2])
        self.front = read_yaml(front, Problems(file), first_line=2) if front.strip() else None
        self.body = "\n".join(self.lines[self.first_line - 1 :])

    @cached_property
    def tokens(self) -> list[Token]:
        return markdown.tokens(self.body)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        found = []
        for token in self.tokens:
            if token.type == "fence" and token.map:
                line = self.first_line + token.map[0]
                entries = read_yaml(token.content, Problems(self.file), first_line=line + 1)
                if entries is not None:
                    found.append(Block(token.info.split(" ")[0], Place(self.file, line), entries))
        return tuple(found)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Every text: front matter, body, blocks."""
        found = list(_of_yaml(self.front)) if self.front else []
        for token in self.tokens:
            if token.type == "inline" and token.map:
                start, end = token.map
                line = self.first_line + start
                found.append(
                    Passage(token.content, line, 1, self.first_line + end - 1, children=tuple(token.children or ()))
                )
        for block in self.blocks:
            found += _of_yaml(block.entries)
        return tuple(sorted(found, key=lambda passage: (passage.line, passage.column)))

    def place(self, passage: Passage, needle: str) -> Place:
        """Where `needle` stands in `passage`, as exactly as can be told."""
        wanted = needle.split("\n")[0]
        for number in range(passage.line, min(passage.last_line, len(self.lines)) + 1):
            column = self.lines[number - 1].find(wanted, passage.column - 1 if number == passage.line else 0)
            if column >= 0:
                return Place(self.file, number, column + 1)
        return Place(self.file, passage.line, passage.column)

    def key_place(self, key: str) -> Place:
        """Where the front matter has `key`."""
        return self.front.keys.get(key, self.front.place) if self.front else Place(self.file)


def scalars(value: Value, key: str = "") -> Iterator[tuple[str, Scalar]]:
    """Every single value below `value`, with the key it stands under."""
    if isinstance(value, Scalar):
        yield key, value
    elif isinstance(value, Listing):
        for item in value.items:
            yield from scalars(item, key)
    else:
        for name, item in value.entries.items():
            yield from scalars(item, name)


def _of_yaml(entries: Mapping) -> Iterator[Passage]:
    for key, scalar in scalars(entries):
        if key not in NOT_PROSE and not scalar.empty:
            place = scalar.place
            inlines = (token for token in markdown.tokens(scalar.value) if token.type == "inline")
            children = tuple(child for token in inlines for child in token.children or ())
            yield Passage(scalar.value, place.line, place.column, place.line + _REACH, key, children)
