"""Pages written once and then only filled in.

A page of a block is the same for every learner but for a few hundred characters, and a template engine needs most of the time of
a view for it. So the template is rendered once with markers where a person's part goes; the text between the markers is kept, and
a page is those pieces joined with what belongs to one person.

Who keeps a pattern keeps it by everything that its text depends on: the content, the language, what a setting says. Nothing of a
person is ever in it.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

# Made up anew in each process: no text that anybody writes can hold it, so nothing but a template makes a slot.
MARK = f"\x01{secrets.token_hex(8)}\x01"
_BEGIN, _END = "begin ", "end "


class Slots:
    """`{{ slot.name }}` in a template writes a marker; `of("2.1")` gives the slots of one part of the page.

    What a page may have to leave out stands between `{{ slot.begin.name }}` and `{{ slot.end.name }}`.
    """

    def __init__(self, part: str = "", kind: str = "") -> None:
        self._part, self._kind = part, kind

    def __getitem__(self, name: str) -> Any:
        if name in ("begin", "end") and not self._kind:
            return Slots(self._part, f"{name} ")
        return f"{MARK}{self._kind}{slot(name, self._part)}{MARK}"

    def of(self, part: str) -> Slots:
        return Slots(part)


def slot(name: str, part: str = "") -> str:
    """What `Pattern.fill` calls a slot."""
    return f"{name} {part}" if part else name


@dataclass(frozen=True)
class Pattern:
    """Pieces of HTML; every second one is the name of a slot. `parts` tells which pieces may be left out, by name."""

    pieces: tuple[str, ...]
    parts: Mapping[str, slice]

    @classmethod
    def of(cls, html: str) -> Pattern:
        """The pattern that a template with markers has written."""
        pieces = html.split(MARK)
        parts: dict[str, slice] = {}
        for number in range(1, len(pieces), 2):
            name = pieces[number]
            if name.startswith(_BEGIN):
                parts[name.removeprefix(_BEGIN)] = slice(number, number)
            elif name.startswith(_END):
                name = name.removeprefix(_END)
                parts[name] = slice(parts[name].start, number + 1)
        return cls(tuple(pieces), parts)

    def fill(self, values: Mapping[str, str], without: Collection[str] = ()) -> str:
        """The page with `values` in its slots; they must be HTML already. A slot without a value stays empty.

        `without` names the parts to leave out.
        """
        filled = list(self.pieces)
        filled[1::2] = [values.get(name, "") for name in self.pieces[1::2]]
        for name in without:
            part = self.parts[name]
            filled[part] = [""] * (part.stop - part.start)
        return "".join(filled)
