"""A second reader of our workbooks, for tests: computes the formulas in the cells as a spreadsheet program does.

It knows the functions that our workbooks use and shares no line with what writes them.
"""

from __future__ import annotations

import re
from typing import Any

from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

_RANGE = re.compile(r"\$?([A-Z]{1,2})\$?(\d+):\$?([A-Z]{1,2})\$?(\d+)")
_PARTS = re.compile(r'"(?:[^"]|"")*"|[^"]+')


class Computed:
    """The values of a sheet; `cells[...]` may be set before anything is read."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.known: dict[str, Any] = {}

    def value(self, name: str) -> Any:
        if name not in self.known:
            written = self.sheet[name].value
            is_formula = isinstance(written, str) and written.startswith("=")
            self.known[name] = eval(self._python(written[1:]), self._functions()) if is_formula else written
        return self.known[name]

    def _python(self, formula: str) -> str:
        parts = []
        for part in _PARTS.findall(formula):
            if part.startswith('"'):
                parts.append(repr(part[1:-1].replace('""', '"')))
                continue
            part = _RANGE.sub(lambda m: f"cells('{m[1].lower()}','{m[2]}','{m[3].lower()}','{m[4]}')", part)
            part = re.sub(r"\$?\b([A-Z]{1,2})\$?(\d+)\b", lambda m: f"cell('{m[1].lower()}','{m[2]}')", part)
            part = part.replace("<>", "!=")
            parts.append(re.sub(r"(?<![<>!=])=(?!=)", "==", part))
        return "".join(parts)

    def _functions(self) -> dict[str, Any]:
        def cell(column: str, row: str) -> Any:
            return Blank.of(self.value(f"{column.upper()}{row}"))

        def cells(first: str, top: str, last: str, bottom: str) -> list[Any]:
            left, up, right, down = range_boundaries(f"{first.upper()}{top}:{last.upper()}{bottom}")
            return [
                self.value(found.coordinate)
                for row in self.sheet.iter_rows(min_row=up, max_row=down, min_col=left, max_col=right)
                for found in row
            ]

        def flat(parts: Any) -> list[float]:
            found: list[float] = []
            for part in parts:
                found += flat(part) if isinstance(part, list) else [part] if isinstance(part, int | float) else []
            return found

        return {
            "cell": cell,
            "cells": cells,
            "SUM": lambda *parts: sum(flat(parts)),
            "COUNTIF": lambda area, _pattern: sum(isinstance(one, str) and one != "" for one in area),
            "IF": lambda condition, then, otherwise: then if condition else otherwise,
            "AND": lambda *parts: all(parts),
            "OR": lambda *parts: any(parts),
            "NOT": lambda part: not part,
            "ABS": abs,
            "MIN": min,
            "MAX": max,
            "ROUND": lambda value, digits: round(value + 1e-9, int(digits)),
            "TRIM": lambda text: "" if isinstance(text, Blank) else str(text).strip(),
        }


class Figure(float):
    """A number of a cell. Programs compute the branch of IF that is taken, Python both: divided by nothing it is no number."""

    def __rtruediv__(self, other: float) -> float:
        return float(other) / float(self) if self else float("nan")

    def __truediv__(self, other: float) -> float:
        return float(self) / float(other) if other else float("nan")


class Blank(Figure):
    """An empty cell: nothing in sums, nothing as text."""

    @staticmethod
    def of(value: Any) -> Any:
        if value is None or value == "":
            return Blank(0)
        return Figure(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
