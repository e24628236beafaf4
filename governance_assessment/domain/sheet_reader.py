"""From the sheets of a workbook back to an instrument document.

Each value remembers its cell, so that a problem the parser finds at a place of the document is told at the cell somebody typed
it in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .instrument import Relation
from .problems import Problem, ProblemCode, pointer
from .sheets import COLUMNS, RULES, Cell, Table

_TRUE = {"1", "true", "vrai", "yes", "oui", "x", "نعم"}
_FALSE = {"0", "false", "faux", "no", "non", "لا"}


@dataclass(frozen=True, slots=True)
class FromSheets:
    """A document read from sheets: ``problems`` are those of the sheets themselves, ``cells`` says where each place was typed."""

    data: dict[str, Any]
    problems: tuple[Problem, ...]
    cells: Mapping[str, str]

    def cell(self, path: str) -> str:
        """The cell of a place of the document, or of the nearest one around it; empty for the document as a whole."""
        while path and path not in self.cells:
            path = path.rpartition("/")[0]
        return self.cells.get(path, "")


def from_tables(tables: Mapping[str, Table]) -> FromSheets:
    """The document in these sheets. Nothing is raised: what cannot be read is a problem, what is wrong otherwise the parser's."""
    return _Reader(tables).read()


class _Sheet:
    """The rows of one sheet below its header, read by the names of the columns."""

    def __init__(self, name: str, table: Table) -> None:
        self.name = name
        header = [str(cell).strip().lower() if cell is not None else "" for cell in (table[0] if table else ())]
        self.columns = {title: column for column, title in reversed(list(enumerate(header))) if title}
        self.languages = [title for title in self.columns if title not in COLUMNS[name]][::-1]
        self.rows = [(number, row) for number, row in enumerate(table[1:], start=2) if any(c is not None for c in row)]

    def missing(self) -> list[str]:
        return [title for title in COLUMNS[self.name] if title not in self.columns]

    def at(self, number: int, title: str) -> str:
        column, letters = self.columns.get(title, 0), ""
        while column >= 0:
            letters, column = chr(ord("A") + column % 26) + letters, column // 26 - 1
        return f"{self.name}!{letters}{number}"


class _Row:
    """One row: each `put` sets a key of a mapping and remembers its cell."""

    def __init__(self, reader: _Reader, sheet: _Sheet, number: int, cells: Sequence[Cell]) -> None:
        self.reader, self.sheet, self.number, self.cells = reader, sheet, number, cells

    def get(self, title: str) -> Cell:
        column = self.sheet.columns.get(title)
        return self.cells[column] if column is not None and column < len(self.cells) else None

    def word(self, title: str) -> str:
        value = self.get(title)
        return "" if value is None else str(value).strip()

    def words(self, title: str) -> list[str]:
        return [
            word.strip() for word in self.word(title).replace("،", ",").replace(";", ",").split(",") if word.strip()
        ]

    def put(self, target: dict[str, Any], key: str, value: Any, title: str) -> None:
        """Set what is not empty."""
        if value is not None and value != "" and value != []:
            target[key] = value
            self.mark(target, key, title)

    def mark(self, target: Any, key: str | int | None, title: str) -> None:
        self.reader.marked.append(target)  # an id names one object only while that lives
        self.reader.marks[(id(target), key)] = self.sheet.at(self.number, title)

    def flag(self, title: str) -> Any:
        """True or false; what is neither stays as typed, for the parser to refuse."""
        word = self.word(title).lower()
        return True if word in _TRUE else False if word in _FALSE else self.get(title)

    def text(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for language in self.sheet.languages:
            self.put(found, language, self.word(language), language)
            self.mark(found, language, language)  # also where nothing is typed yet
        self.mark(found, None, self.sheet.languages[0] if self.sheet.languages else "")
        return found

    def refuse(self, title: str, code: ProblemCode, **params: str | int) -> None:
        path = f"/{self.sheet.name}/{self.number}/{title}"
        self.reader.cells[path] = self.sheet.at(self.number, title)
        self.reader.problems.append(Problem(code, path, params))


class _Reader:
    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.marks: dict[tuple[int, str | int | None], str] = {}
        self.marked: list[Any] = []
        self.cells: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.sheets = {name: _Sheet(name, tables[name]) for name in COLUMNS if name in tables}
        for name in COLUMNS:
            if name not in self.sheets:
                self.problems.append(Problem(ProblemCode.MISSING_KEY, f"/{name}", {"name": name}))
                continue
            for title in self.sheets[name].missing():
                self.cells[f"/{name}/1"] = f"{name}!A1"
                self.problems.append(Problem(ProblemCode.MISSING_KEY, f"/{name}/1", {"name": title}))
        self.languages = {language for sheet in self.sheets.values() for language in sheet.languages}
        self.sections: dict[str, dict[str, Any]] = {}
        self.indicators: dict[str, dict[str, Any]] = {}

    def rows(self, name: str) -> Iterator[_Row]:
        sheet = self.sheets.get(name)
        for number, cells in sheet.rows if sheet else ():
            yield _Row(self, sheet, number, cells)  # type: ignore[arg-type]

    def read(self) -> FromSheets:
        data: dict[str, Any] = {"schema_version": 1, "scoring": {}}
        replaces: dict[str, Any] = {}
        self._heading(data, replaces)
        questions = [self._coded(row, "text") for row in self.rows("profile")]
        laws = {row.word("code"): row.text() for row in self.rows("laws")}
        bands = [self._band(row) for row in self.rows("bands")]
        caps = [self._cap(row) for row in self.rows("caps")]
        data |= {key: value for key, value in (("profile_questions", questions), ("laws", laws)) if value}
        data["scoring"] |= {key: value for key, value in (("bands", bands), ("caps", caps)) if value}
        data["sections"] = self._sections()
        self._indicators()
        self._texts()
        self._scales(data)
        items = {row.word("code"): self._descent(row) for row in self.rows("replaces")}
        if items or replaces:
            data["replaces"] = {**replaces, "items": items}
            self.marks.update(
                {(id(data["replaces"]), key): cell for (of, key), cell in self.marks.items() if of == id(replaces)}
            )
        self._place(data, "")
        return FromSheets(data, tuple(self.problems), self.cells)

    def _heading(self, data: dict[str, Any], replaces: dict[str, Any]) -> None:
        for row in self.rows("instrument"):
            key = row.word("key")
            if key in ("title", "description"):
                text = row.text()
                if text or key == "title":
                    data[key] = text
            elif key == "languages":
                row.put(data, key, row.words("value"), "value")
            elif key in ("percent", "provisional_when_critical_unanswered"):
                row.put(data["scoring"], key, row.flag("value"), "value")
            elif key in RULES:
                row.put(data["scoring"], key, row.get("value"), "value")
            elif key == "replaces":
                row.put(replaces, "version", row.word("value"), "value")
            elif key == "express_only":
                row.put(data, key, row.flag("value"), "value")
            elif key in ("slug", "version"):
                row.put(data, key, row.word("value"), "value")
            else:
                row.refuse("key", ProblemCode.UNKNOWN_KEY, name=key[:40])

    def _coded(self, row: _Row, text: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        row.mark(found, None, "code")
        row.put(found, "code", row.word("code"), "code")
        found[text] = row.text()
        return found

    def _band(self, row: _Row) -> dict[str, Any]:
        found: dict[str, Any] = {}
        row.mark(found, None, "from")
        row.put(found, "from", row.get("from"), "from")
        row.put(found, "label", row.get("label"), "label")
        row.put(found, "name", row.text() or None, "label")
        return found

    def _cap(self, row: _Row) -> dict[str, Any]:
        found: dict[str, Any] = {}
        when: dict[str, Any] = {}
        row.mark(found, None, "code")
        row.put(found, "code", row.word("code"), "code")
        row.put(found, "label_max", row.get("label_max"), "label_max")
        row.put(found, "scope", row.word("scope"), "scope")
        row.put(when, "indicators", row.words("indicators"), "indicators")
        row.put(when, "at" if "indicators" in when else "critical_at", row.get("at"), "at")
        row.put(when, "count", row.get("count"), "count")
        found["when"] = when
        row.mark(when, None, "at")
        return found

    def _descent(self, row: _Row) -> dict[str, Any]:
        found: dict[str, Any] = {}
        row.mark(found, None, "code")
        row.put(found, "relation", row.word("relation"), "relation")
        sources = row.words("from")
        if found.get("relation") == Relation.EQUAL and sources == [row.word("code")]:
            sources = []
        row.put(found, "from", sources, "from")
        return found

    # --- The tree ---

    def _sections(self) -> list[dict[str, Any]]:
        top: list[dict[str, Any]] = []
        for row in self.rows("dimensions"):
            found = self._coded(row, "title")
            row.put(found, "weight", row.get("weight"), "weight")
            row.put(found, "aggregate", row.word("aggregate"), "aggregate")
            row.put(found, "category", row.flag("category"), "category")
            above = row.word("in")
            if above and above not in self.sections:
                row.refuse("in", ProblemCode.NOT_ONE_OF, allowed=", ".join(self.sections)[:200])
            elif above:
                self.sections[above].setdefault("sections", []).append(found)
            else:
                top.append(found)
            self.sections.setdefault(row.word("code"), found)
        return top

    def _indicators(self) -> None:
        for row in self.rows("indicators"):
            found: dict[str, Any] = {}
            row.mark(found, None, "code")
            row.put(found, "code", row.word("code"), "code")
            row.put(found, "weight", row.get("weight"), "weight")
            found["title"] = {}
            row.mark(found, "title", "code")
            for flag in ("critical", "express"):
                row.put(found, flag, row.flag(flag), flag)
            row.put(found, "applies_if", row.word("applies_if"), "applies_if")
            row.put(found, "basis", row.word("basis"), "basis")
            row.put(found, "laws", row.words("laws"), "laws")
            home = self.sections.get(row.word("dimension"))
            if home is None:
                row.refuse("dimension", ProblemCode.NOT_ONE_OF, allowed=", ".join(self.sections)[:200])
            else:
                home.setdefault("indicators", []).append(found)
            self.indicators.setdefault(row.word("code"), found)

    def _texts(self) -> None:
        for row in self.rows("texts"):
            item, (name, _space, number) = self.indicators.get(row.word("code")), row.word("text").partition(" ")
            if item is None:
                row.refuse("code", ProblemCode.UNKNOWN_INDICATOR, value=row.word("code")[:40])
            elif name == "title" and not number:
                item["title"] = row.text()
                row.mark(item, "title", "text")
            elif name == "why" and not number:
                item["why"] = row.text()
            elif name == "level" and number:
                levels = item.setdefault("levels", {})
                levels[number] = row.text()
                row.mark(levels, number, "text")
            elif name == "evidence":
                item.setdefault("evidence", []).append(row.text())
            else:
                row.refuse("text", ProblemCode.NOT_ONE_OF, allowed="title, why, level 1, evidence 1")

    def _scales(self, data: dict[str, Any]) -> None:
        for row in self.rows("scale"):
            code = row.word("indicator")
            target = self.indicators.get(code) if code else data
            if target is None:
                row.refuse("indicator", ProblemCode.UNKNOWN_INDICATOR, value=code[:40])
                continue
            scale = target.setdefault("scale", {})
            row.mark(scale, None, "min")
            for bound in ("min", "max"):
                row.put(scale, bound, row.get(bound), bound)
            if row.get("level") is not None:
                level: dict[str, Any] = {}
                row.put(level, "level", row.get("level"), "level")
                row.put(level, "points", row.get("points"), "points")
                row.put(level, "name", row.text() or None, "level")
                scale.setdefault("levels", []).append(level)
                row.mark(level, None, "level")

    def _place(self, value: Any, path: str) -> None:
        """From each value's own mark to its place in the document."""
        if (id(value), None) in self.marks:
            self.cells.setdefault(path, self.marks[(id(value), None)])
        for language in self.languages if isinstance(value, dict) else ():
            if (id(value), language) in self.marks:
                self.cells[pointer(path, language)] = self.marks[(id(value), language)]
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, below in items:
            place = pointer(path, key)
            if (id(value), key) in self.marks:
                self.cells[place] = self.marks[(id(value), key)]
            self._place(below, place)
