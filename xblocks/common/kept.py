"""What a process keeps of contents it has read, so that it reads and writes each of them once."""

from __future__ import annotations

import marshal
from typing import Any


def spelling(content: Any) -> bytes | None:
    """Plain stored content (as JSON has it) as bytes that are equal when it is; None when it is not plain.

    A key to keep things by: much quicker to make than JSON, and only ever compared within this process.
    """
    try:
        # Version 2 writes no references: they would tell equal contents apart by which strings they share.
        return marshal.dumps(content, 2)
    except ValueError:
        return None


class Same:
    """A key that stands for this very object, hashable or not. It keeps the object alive: its id is not given to another."""

    __slots__ = ("it",)

    def __init__(self, it: Any) -> None:
        self.it = it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.it is other.it

    def __hash__(self) -> int:
        return id(self.it)
