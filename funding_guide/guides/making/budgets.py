"""Workbooks to fill in as XLSX: open cells to write in, the rest computed and closed, checks that speak up by themselves.

Programs that show a workbook without computing it (a phone's preview) find the value of each formula for the empty table.
"""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from nassij.common.documents.workbooks import address, created
from nassij.common.documents.xlsx import sheet_name
from nassij.common.text import clean_text, direction

from ..source import Column, Figure, Guide, Kind, Sheet, Words
from .contents import words

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMATS = {
    Kind.MONEY: "#,##0.00",
    Kind.NUMBER: "#,##0.##",
    Kind.PERCENT: "0.##%",
    Kind.DATE: "dd/mm/yyyy",
    Kind.TEXT: "@",
}
_COMPUTED = "#,##0.00;-#,##0.00;;@"
"""Nothing is shown as nothing: an empty table is not full of zeros."""
_CHECK_WIDTH = 46


def workbook_xlsx(guide: Guide, code: str, language: str) -> bytes:
    """The workbook in `language`; the same input gives the same bytes."""
    workbook = next(item for item in guide.workbooks if item.code == code)
    buffer = BytesIO()
    day = date.fromisoformat(guide.valid_from)
    with override(language), created(buffer, title=words(workbook.title, language)) as book:
        book.set_properties(
            {
                "title": clean_text(words(workbook.title, language)),
                "author": "Nassij",
                "created": datetime(day.year, day.month, day.day),
            }
        )
        book.set_calc_mode("auto")
        for sheet in workbook.sheets:
            _SheetWriter(book, sheet, language).write(f"{guide.code} · {guide.version}")
    return buffer.getvalue()


class _SheetWriter:
    """Writes one sheet from top to bottom; where everything stands is settled before the first cell is written."""

    def __init__(self, book: Any, sheet: Sheet, language: str) -> None:
        self.book, self.sheet, self.language = book, sheet, language
        self.formulas = sheet.formulas()
        self.places = {column.code: number for number, column in enumerate(sheet.columns)}
        self.beside = len(sheet.columns)  # the column of what row checks say
        self.figures = {figure.code: 3 + number for number, figure in enumerate(sheet.figures)}
        self.state = 4 + len(sheet.figures)
        self.header = self.state + 2 + len(sheet.checks)
        self.first: dict[str, int] = {}
        self.sums: dict[str, int] = {}
        row = self.header + 1
        for block in sheet.blocks:
            self.first[block.code] = row + 1
            self.sums[block.code] = row + 1 + block.rows
            row = self.sums[block.code] + 1
        self.total = row
        self.page = book.add_worksheet(sheet_name(self._words(sheet.title)))
        self.looks = self._looks()

    def write(self, footer: str) -> None:
        page = self.page
        if direction(self.language) == "rtl":
            page.right_to_left()
        page.protect("", {"format_columns": True, "format_rows": True})
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_footer(f"&C{footer} · &P / &N")
        for number, column in enumerate(self.sheet.columns):
            page.set_column(number, number, column.width)
        page.set_column(self.beside, self.beside, _CHECK_WIDTH)
        self._text(0, 0, self._words(self.sheet.title), "title")
        self._text(1, 0, self._words(self.sheet.intro), "quiet")
        for figure in self.sheet.figures:
            self._figure(figure)
        self._head()
        self._blocks()
        self._checks()
        page.repeat_rows(self.header)
        page.freeze_panes(self.header + 1, 1)

    def _figure(self, figure: Figure) -> None:
        row = self.figures[figure.code]
        self._text(row, 0, self._words(figure.title), "label")
        if figure.value:
            self.page.write_number(row, 1, figure.value, self.looks[f"open {figure.kind}"])
        else:
            self.page.write_blank(row, 1, None, self.looks[f"open {figure.kind}"])
        self._only(row, row, 1, figure.kind, ())
        if figure.note:
            self._text(row, 2, self._words(figure.note), "quiet")

    def _head(self) -> None:
        for number, column in enumerate(self.sheet.columns):
            self._text(self.header, number, self._words(column.title), "header")
            if column.note:
                self.page.write_comment(self.header, number, clean_text(self._words(column.note)), {"author": "Nassij"})
        # Translators: the column in which a budget table says what is to be looked at.
        self._text(self.header, self.beside, _("To look at"), "header")

    def _blocks(self) -> None:
        for block in self.sheet.blocks:
            first, last = self.first[block.code], self.sums[block.code] - 1
            for place in range(self.beside + 1):
                self._text(first - 1, place, self._words(block.title) if place == 0 else "", "block")
            for row in range(first, last + 1):
                for column in self.sheet.columns:
                    self._cell(row, column)
                self._formula(row, self.beside, *self._row_check(row), "alert")
            for column in self.sheet.columns:
                self._only(
                    first, last, self.places[column.code], column.kind, column.choices, computed=bool(column.formula)
                )
            self._sum_row(
                self.sums[block.code], _("Sum: %(part)s") % {"part": self._words(block.title)}, "sum", block.code
            )
        self._sum_row(self.total, _("Total"), "total", None)

    def _cell(self, row: int, column: Column) -> None:
        place = self.places[column.code]
        if column.formula:
            formula = self.formulas[column.formula]
            written = formula.written(lambda name: self._in_row(name, row))
            self._formula(row, place, written, formula.computed(self._given()), "computed")
        else:
            self.page.write_blank(row, place, None, self.looks[f"open {column.kind}"])

    def _sum_row(self, row: int, label: str, look: str, block: str | None) -> None:
        for place in range(self.beside + 1):
            self._text(row, place, label if place == 0 else "", look)
        for column in self.sheet.columns:
            if not column.is_summed:
                continue
            place = self.places[column.code]
            if block is not None:
                inside = f"{address(self.first[block], place)}:{address(self.sums[block] - 1, place)}"
            else:
                inside = ",".join(address(self.sums[each.code], place) for each in self.sheet.blocks)
            self._formula(row, place, f"SUM({inside})", 0, look)

    def _checks(self) -> None:
        """What stands above the table: whether there is something to look at, then each thing that the sums say."""
        messages = []
        for number, check in enumerate(self.sheet.checks):
            formula = self.formulas[check.when]
            row = self.state + 1 + number
            message = self._words(check.message)
            shown = message if formula.computed(self._given()) else ""
            written = f'IF({formula.written(self._in_sheet)},{_quoted(message)},"")'
            self._formula(row, 0, written, shown, "alert")
            messages.append(shown)
        beside = f"{address(self.header + 1, self.beside)}:{address(self.total, self.beside)}"
        above = f"{address(self.state + 1, 0)}:{address(self.state + len(messages), 0)}"
        count = "+".join(f'COUNTIF({cells},"?*")' for cells in ([beside, above] if messages else [beside]))
        well, look = _("Nothing to point out"), _("Look at what is in red")
        written = f"IF(({count})=0,{_quoted(well)},{_quoted(look)})"
        self._formula(self.state, 0, written, look if any(messages) else well, "state")

    def _row_check(self, row: int) -> tuple[str, str]:
        """The formula of the first check that has something to say about a row, and what it says to an empty one."""
        written, shown = '""', ""
        for check in reversed(self.sheet.row_checks):
            formula = self.formulas[check.when]
            message = self._words(check.message)
            written = f"IF({formula.written(lambda name: self._in_row(name, row))},{_quoted(message)},{written})"
            shown = message if formula.computed(self._given()) else shown
        return written, shown

    # Where a name of a formula stands

    def _in_row(self, name: str, row: int) -> str:
        return self._figure_cell(name) if name in self.figures else address(row, self.places[name])

    def _in_sheet(self, name: str) -> str:
        if name in self.figures:
            return self._figure_cell(name)
        block, _dot, column = name.rpartition(".")
        return address(self.sums[block] if block else self.total, self.places[column])

    def _figure_cell(self, name: str) -> str:
        return f"$B${self.figures[name] + 1}"

    def _given(self) -> dict[str, Any]:
        """The values of an empty table."""
        return {figure.code: figure.value for figure in self.sheet.figures}

    # Cells

    def _formula(self, row: int, place: int, written: str, value: Any, look: str) -> None:
        self.page.write_formula(row, place, f"={written}", self.looks[look], value)

    def _text(self, row: int, place: int, text: str, look: str) -> None:
        if text:
            self.page.write_string(row, place, clean_text(text), self.looks[look])
        else:
            self.page.write_blank(row, place, None, self.looks[look])

    def _only(
        self, first: int, last: int, place: int, kind: Kind, choices: tuple[Words, ...], *, computed: bool = False
    ) -> None:
        """Let a cell take what its column is for, and say so."""
        rule: dict[str, Any] | None = None
        if kind == Kind.CHOICE:
            rule = {"validate": "list", "source": [clean_text(self._words(choice)) for choice in choices]}
            rule["error_message"] = _("Choose one of the list.")
        elif kind.is_figure and not computed:
            rule = {
                "validate": "decimal",
                "criteria": ">=",
                "value": 0,
                "error_message": _("Write a number, 0 or more."),
            }
        elif kind == Kind.DATE:
            rule = {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1)}
            rule["error_message"] = _("Write a date, for example 31/12/2026.")
        if rule is not None:
            self.page.data_validation(first, place, last, place, rule)

    def _words(self, texts: Words) -> str:
        return words(texts, self.language)

    def _looks(self) -> dict[str, Any]:
        is_rtl = direction(self.language) == "rtl"
        base = {"font_name": "Noto Naskh Arabic" if is_rtl else "Noto Sans", "font_size": 11, "valign": "top"}
        base |= {"reading_order": 2 if is_rtl else 1, "align": "right" if is_rtl else "left"}
        figure = {**base, "align": "left" if is_rtl else "right"}
        made = {
            "title": {**base, "bold": True, "font_size": 16, "font_color": "#0F5C5C"},
            "quiet": {**base, "font_color": "#566267"},
            "label": {**base, "bold": True},
            "state": {**base, "bold": True, "font_size": 12},
            "alert": {**base, "bold": True, "font_color": "#A32D22"},
            "header": {**base, "bold": True, "text_wrap": True, "bg_color": "#E8F1F0", "border": 1},
            "block": {**base, "bold": True, "bg_color": "#F4EFE4"},
            "computed": {**figure, "num_format": _COMPUTED, "border": 4, "bg_color": "#F4F4F2"},
            "sum": {**figure, "num_format": _COMPUTED, "bold": True, "top": 1, "bg_color": "#F4F4F2"},
            "total": {**figure, "num_format": _COMPUTED, "bold": True, "top": 6, "bg_color": "#E8F1F0"},
        }
        for kind in Kind:
            shape = figure if kind.is_figure else {**base, "text_wrap": True}
            made[f"open {kind}"] = {
                **shape,
                "locked": False,
                "border": 1,
                "border_color": "#B9B2A3",
                "num_format": _FORMATS.get(kind, "@"),
            }
        return {name: self.book.add_format(look) for name, look in made.items()}


def _quoted(text: str) -> str:
    return '"' + clean_text(text).replace('"', '""') + '"'
