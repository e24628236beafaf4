"""Workbooks to fill in: figures, columns, groups of rows and checks, with formulas of a small language of our own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from funding_guide.guides.formulas import Formula, InvalidFormula
from funding_guide.guides.source import Block, Check, Column, Figure, Kind, Sheet, Words, Workbook
from nassij.common.documents.cells import looks_like_formula
from xblocks.lesson.located import Fields

from .guide_parts import name, words
from .problems import Place

MAX_SHEETS, MAX_COLUMNS, MAX_BLOCKS, MAX_ROWS = 6, 20, 15, 60
MAX_MESSAGE = 200
"""Characters of what a check says: spreadsheet programs take 255 in a formula."""
MAX_CHECKS = 12
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,4})?")
_KINDS = ", ".join(Kind)


def workbook(code: str, entries: Fields) -> Workbook:
    """The workbook in a file of that name; problems are noted at their places."""
    sheets: list[Sheet] = []
    for item in entries.each("sheets", required=True):
        sheets.append(_sheet(item))
        item.finish()
    _limit(entries, "sheets", len(sheets), MAX_SHEETS)
    _once(entries, (sheet.code for sheet in sheets), "sheets")
    found = Workbook(code, _text(entries, "title", 60), _text(entries, "description", 300), tuple(sheets))
    entries.finish()
    return found


def _sheet(entries: Fields) -> Sheet:
    code = name(entries)
    title, intro = _text(entries, "title", 31), _text(entries, "intro", 400)
    figures = tuple(_figure(item) for item in entries.each("figures"))
    items = tuple(entries.each("columns", required=True))
    columns = tuple(_column(item) for item in items)
    blocks = tuple(_block(item) for item in entries.each("blocks", required=True))
    _limit(entries, "columns", len(columns), MAX_COLUMNS)
    _limit(entries, "figures", len(figures), MAX_COLUMNS)
    _limit(entries, "blocks", len(blocks), MAX_BLOCKS)
    _once(entries, [*(figure.code for figure in figures), *(column.code for column in columns)], "columns")
    _once(entries, (item.code for item in blocks), "blocks")
    given = {figure.code for figure in figures}
    sums = {column.code for column in columns if column.is_summed}
    in_rows = given | {column.code for column in columns}
    in_sheet = given | sums | {f"{block.code}.{column}" for block in blocks for column in sums}
    for column, item in zip(columns, items, strict=True):
        if column.formula:
            _formula(item, "formula", in_rows - {column.code})
    _no_circle(columns, items)
    row_checks = tuple(_check(item, in_rows) for item in entries.each("row_checks"))
    checks = tuple(_check(item, in_sheet) for item in entries.each("checks"))
    _limit(entries, "row_checks", len(row_checks), MAX_CHECKS)
    _limit(entries, "checks", len(checks), MAX_CHECKS)
    return Sheet(code, title, intro, figures, columns, blocks, row_checks, checks)


def _figure(entries: Fields) -> Figure:
    kind = _kind(entries)
    if kind is not None and not kind.is_figure:
        entries.problems.add("guide_figure_kind", entries.place("kind"), value=str(kind))
    written = entries.text("value", required=False)
    if written and not _DECIMAL.fullmatch(written):
        entries.problems.add("guide_value", entries.place("value"), value=written)
    found = Figure(
        code=name(entries),
        title=_text(entries, "title", 80),
        kind=kind or Kind.NUMBER,
        value=float(written) if _DECIMAL.fullmatch(written) else 0.0,
        note=_text(entries, "note", 300, required=False),
    )
    entries.finish()
    return found


def _column(entries: Fields) -> Column:
    kind = _kind(entries)
    found = Column(
        code=name(entries),
        title=_text(entries, "title", 60),
        kind=kind or Kind.TEXT,
        width=entries.number("width", least=4, most=80, default=14),
        note=_text(entries, "note", 300, required=False),
        choices=_choices(entries),
        formula=entries.text("formula", required=False),
        is_summed=entries.flag("sum"),
    )
    if kind is not None and (kind == Kind.CHOICE) != bool(found.choices):
        entries.problems.add("guide_choices", entries.place("choices"))
    if (found.formula or found.is_summed) and not found.kind.is_figure:
        entries.problems.add("guide_column_kind", entries.place("kind"), value=str(found.kind))
    entries.finish()
    return found


def _choices(entries: Fields) -> tuple[Words, ...]:
    found = []
    for item in entries.each("choices"):
        choice = {language: item.line(language) for language in ("ar", "fr")}
        for language, text in choice.items():
            if looks_like_formula(text) or "," in text or len(text) > 30:
                item.problems.add("guide_choice", item.place(language), value=text)
        item.finish()
        found.append(choice)
    _limit(entries, "choices", len(found), 7)
    return tuple(found)


def _block(entries: Fields) -> Block:
    found = Block(
        code=name(entries),
        title=_text(entries, "title", 60),
        rows=entries.number("rows", least=1, most=MAX_ROWS, default=1, required=True),
    )
    entries.finish()
    return found


def _check(entries: Fields, known: Iterable[str]) -> Check:
    found = Check(
        code=name(entries),
        when=entries.text("when"),
        message=_text(entries, "message", MAX_MESSAGE),
    )
    _formula(entries, "when", known)
    entries.finish()
    return found


def _kind(entries: Fields) -> Kind | None:
    value = entries.text("kind")
    if value and value not in list(Kind):
        entries.problems.add("guide_kind", entries.place("kind"), value=value, known=_KINDS)
    return Kind(value) if value in list(Kind) else None


def _text(entries: Fields, key: str, most: int, *, required: bool = True) -> Words:
    """Words for a cell: never what a spreadsheet program would compute."""
    found = words(entries, key, required=required, most=most)
    for language, text in found.items():
        if looks_like_formula(text):
            fields = entries.fields(key)
            place = fields.place(language) if fields else entries.place(key)
            entries.problems.add("guide_formula_text", place, text=text[:40])
    return found


def _formula(entries: Fields, key: str, known: Iterable[str]) -> None:
    """Note at its character what is no formula, and the names it asks for in vain."""
    scalar = entries.scalar(key)
    if scalar is None:
        return
    start = scalar.place
    at = Place(start.file, start.line, start.column + (0 if scalar.plain else 1))
    try:
        formula = Formula(scalar.value)
    except InvalidFormula as refused:
        place = Place(at.file, at.line, at.column + refused.column - 1)
        entries.problems.add("guide_formula", place, text=scalar.value[:60])
        return
    names = sorted(known)
    for asked in sorted(formula.names - set(names)):
        column = at.column + max(0, scalar.value.find(f"{{{asked}}}"))
        entries.problems.add("guide_unknown_name", Place(at.file, at.line, column), name=asked, known=", ".join(names))


def _no_circle(columns: Sequence[Column], items: Sequence[Fields]) -> None:
    """Note the first column whose formula comes back to itself."""
    asked: dict[str, set[str]] = {}
    for column in columns:
        try:
            asked[column.code] = set(Formula(column.formula).names) if column.formula else set()
        except InvalidFormula:
            return  # said already
    done: set[str] = set()
    while ready := {code for code, names in asked.items() if code not in done and not (names & asked.keys()) - done}:
        done |= ready
    for column, item in zip(columns, items, strict=True):
        if column.code not in done:
            item.problems.add("guide_circle", item.place("formula"), name=column.code)
            return


def _limit(entries: Fields, key: str, count: int, most: int) -> None:
    if count > most:
        entries.problems.add("guide_many", entries.place(key), key=key, count=count, most=most)


def _once(entries: Fields, codes: Iterable[str], key: str) -> None:
    seen: set[str] = set()
    for code in codes:
        if code and code in seen:
            entries.problems.add("duplicate_entry", entries.place(key), value=code)
        seen.add(code)
