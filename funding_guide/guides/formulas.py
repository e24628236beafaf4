"""The formulas of workbooks to fill in: a small language that is checked when a source is read, computed here and written for
spreadsheet programs.

    {quantity} * {unit_cost}                     columns of the same row, or figures of the sheet
    {administration.total} > {total} * {cap}     sums: of one block, of the whole table (in checks of the sheet)
    AND({total} >= {threshold}, EMPTY({quotation}))

Operators + - * / and < <= = <> >= >; functions AND OR NOT IF MIN MAX ABS ROUND EMPTY; numbers. Dividing by nothing gives 0:
a table that nobody has filled in yet is no mistake. Nothing else can be said: no text, no other cell, no other file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

MAX_LENGTH = 500
MAX_DEPTH = 20
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]{1,12}(?:\.[0-9]{1,6})?)|\{(?P<name>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)\}"
    r"|(?P<word>[A-Z]+)(?=\s*\()|(?P<sign><=|>=|<>|[-+*/()<>=,]))"
)
_ARGUMENTS = {
    **dict.fromkeys(("AND", "OR", "MIN", "MAX"), (1, 9)),
    **dict.fromkeys(("NOT", "ABS", "EMPTY"), (1, 1)),
    "ROUND": (2, 2),
    "IF": (3, 3),
}
_LEVELS = (("=", "<>", "<=", ">=", "<", ">"), ("+", "-"), ("*", "/"))


class InvalidFormula(ValueError):
    """The text is no formula of ours; `column` is where it stops being one, from 1."""

    def __init__(self, column: int) -> None:
        self.column = column
        super().__init__(f"not a formula from character {column} on")


@dataclass(frozen=True, slots=True)
class _Node:
    """A number (`value`), a name, or an operator or function with its parts."""

    kind: str
    value: Any = None
    parts: tuple[_Node, ...] = ()


class Formula:
    """A formula that has been read. Raises :class:`InvalidFormula`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tree = _Reader(text).read()

    @cached_property
    def names(self) -> frozenset[str]:
        """What it asks for: `total`, `administration.total`."""
        return frozenset(_names(self._tree))

    def written(self, reference: Callable[[str], str]) -> str:
        """As spreadsheet programs want it, without the leading sign; `reference` gives the cell of a name, «$D$4»."""
        return _written(self._tree, reference)

    def computed(self, values: Mapping[str, Any]) -> Any:
        """Its value for these `values` of names; what is missing or no number counts as empty."""
        return _computed(self._tree, values)


class _Reader:
    """Recursive descent, one level of operators after the other."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            raise InvalidFormula(MAX_LENGTH)
        self.tokens: list[tuple[str, str, int]] = []
        position = 0
        while text[position:].strip():
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                raise InvalidFormula(position + len(text[position:]) - len(text[position:].lstrip()) + 1)
            self.tokens.append((match.lastgroup, match[match.lastgroup], match.end() - len(match[0].lstrip()) + 1))
            position = match.end()
        self.place, self.end = 0, len(text) + 1

    def read(self) -> _Node:
        tree = self._level(0, 0)
        if self.place < len(self.tokens):
            raise self._refused()
        return tree

    def _level(self, level: int, depth: int) -> _Node:
        if depth > MAX_DEPTH:
            raise self._refused()
        if level == len(_LEVELS):
            return self._single(depth)
        found = self._level(level + 1, depth)
        while self._next()[0] == "sign" and self._next()[1] in _LEVELS[level]:
            sign = self._take()
            found = _Node(sign, None, (found, self._level(level + 1, depth)))
            if level == 0:  # a < b < c says nothing
                break
        return found

    def _single(self, depth: int) -> _Node:
        kind, value, _column = self._next()
        if kind == "number":
            self._take()
            return _Node("number", float(value))
        if kind == "name":
            self._take()
            return _Node("name", value)
        if kind == "word":
            return self._function(depth)
        if (kind, value) == ("sign", "-"):
            self._take()
            return _Node("-", None, (_Node("number", 0.0), self._level(len(_LEVELS), depth + 1)))
        self._expect("(")
        inner = self._level(0, depth + 1)
        self._expect(")")
        return inner

    def _function(self, depth: int) -> _Node:
        name = self._next()[1]
        if name not in _ARGUMENTS:
            raise self._refused()
        self._take()
        self._expect("(")
        parts = [self._level(0, depth + 1)]
        while self._next()[1] == ",":
            self._take()
            parts.append(self._level(0, depth + 1))
        least, most = _ARGUMENTS[name]
        if not least <= len(parts) <= most or (name == "EMPTY" and parts[0].kind != "name"):
            raise self._refused()
        self._expect(")")
        return _Node(name, None, tuple(parts))

    def _next(self) -> tuple[str, str, int]:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("end", "", self.end)

    def _take(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1][1]

    def _expect(self, sign: str) -> None:
        if self._next()[:2] != ("sign", sign):
            raise self._refused()
        self._take()

    def _refused(self) -> InvalidFormula:
        return InvalidFormula(self._next()[2])


def _names(node: _Node) -> Iterator[str]:
    if node.kind == "name":
        yield node.value
    for part in node.parts:
        yield from _names(part)


def _written(node: _Node, reference: Callable[[str], str]) -> str:
    if node.kind == "number":
        return f"{node.value:g}"
    if node.kind == "name":
        return reference(node.value)
    parts = [_written(part, reference) for part in node.parts]
    if node.kind == "/":
        return f"IF(({parts[1]})=0,0,({parts[0]})/({parts[1]}))"
    if node.kind == "EMPTY":
        return f'(TRIM({parts[0]})="")'
    if node.kind in _ARGUMENTS:
        return f"{node.kind}({','.join(parts)})"
    return f"({parts[0]}{node.kind}{parts[1]})"


def _computed(node: _Node, values: Mapping[str, Any]) -> Any:
    if node.kind == "number":
        return node.value
    if node.kind == "name":
        return _figure(values.get(node.value))
    if node.kind == "EMPTY":
        return not str(values.get(node.parts[0].value) or "").strip()
    parts = [_computed(part, values) for part in node.parts]
    return _OPERATIONS[node.kind](*parts)


def _figure(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _divided(left: Any, right: Any) -> Any:
    return left / right if right else 0.0


def _rounded(value: Any, digits: Any) -> float:
    """Half away from zero, as spreadsheet programs do."""
    factor = 10 ** int(digits)
    return float(int(abs(value) * factor + 0.5)) / factor * (-1 if value < 0 else 1)


_OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _divided,
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "AND": lambda *parts: all(parts),
    "OR": lambda *parts: any(parts),
    "NOT": lambda part: not part,
    "IF": lambda condition, then, otherwise: then if condition else otherwise,
    "MIN": min,
    "MAX": max,
    "ABS": abs,
    "ROUND": _rounded,
}
