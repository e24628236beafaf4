"""The budget workbook, filled in and computed by a second reader: sums, shares, caps and quotations."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest

from funding_guide.guides.making import budgets
from nassij.common.documents.cells import looks_like_formula
from tests.funding_guide.guides.samples import ours
from tests.funding_guide.guides.sheets import Computed


class Budget:
    """The workbook in one language, to be filled in by name."""

    def __init__(self, language: str = "fr") -> None:
        self.sheet: Any = openpyxl.load_workbook(
            io.BytesIO(budgets.workbook_xlsx(ours("G2"), "budget", language))
        ).active
        self.source = ours("G2").workbooks[0].sheets[0]
        self.language = language
        titles = [column.title[language] for column in self.source.columns]
        self.header = next(
            row for row in range(1, 30) if [cell.value for cell in self.sheet[row]][: len(titles)] == titles
        )
        self.columns = {
            column.code: openpyxl.utils.get_column_letter(number)
            for number, column in enumerate(self.source.columns, start=1)
        }
        self.beside = openpyxl.utils.get_column_letter(len(titles) + 1)

    def figure(self, code: str, value: float) -> None:
        title = next(figure.title[self.language] for figure in self.source.figures if figure.code == code)
        self.sheet[f"B{self.row(title)}"] = value

    def row(self, text: str) -> int:
        return next(row for row in range(1, self.sheet.max_row + 1) if self.sheet[f"A{row}"].value == text)

    def line(self, block: str, number: int = 1, **values: Any) -> int:
        title = next(each.title[self.language] for each in self.source.blocks if each.code == block)
        row = self.row(title) + number
        for code, value in values.items():
            self.sheet[f"{self.columns[code]}{row}"] = value
        return row

    def said(self) -> tuple[str, list[str]]:
        """The state, and what stands in red above the table."""
        computed = Computed(self.sheet)
        state = self.header - len(self.source.checks) - 2
        above = [computed.value(f"A{row}") for row in range(state + 1, self.header)]
        return computed.value(f"A{state}"), [text for text in above if text]

    def beside_row(self, row: int) -> str:
        return str(Computed(self.sheet).value(f"{self.beside}{row}"))

    def total(self, code: str) -> Any:
        return Computed(self.sheet).value(f"{self.columns[code]}{self.sheet.max_row}")


def filled(language: str = "fr") -> Budget:
    budget = Budget(language)
    budget.line("staff", 1, item="Formatrice", quantity=6, unit_cost=800, requested=4000, own=800, quotation="D1")
    budget.line("activities", 2, item="Salle", quantity=6, unit_cost=300, requested=1000, in_kind=800)
    budget.line("administration", 1, item="Papier", quantity=2, unit_cost=150.25, requested=200.5, other=100)
    return budget


def test_sums_of_lines_blocks_and_the_whole_are_right() -> None:
    budget = filled()
    assert [budget.total(code) for code in ("total", "requested", "own", "other", "in_kind")] == [
        4800 + 1800 + 300.5,
        5200.5,
        800,
        100,
        800,
    ]
    assert budget.said() == ("Rien à signaler", [])


def test_an_empty_table_says_nothing_and_shows_it_before_it_is_computed() -> None:
    budget = Budget()
    assert budget.said() == ("Rien à signaler", [])
    made = budgets.workbook_xlsx(ours("G2"), "budget", "fr")
    shown: Any = openpyxl.load_workbook(io.BytesIO(made), data_only=True).active
    computed = Computed(budget.sheet)
    formulas = [cell for row in budget.sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(formulas) > 70
    for cell in formulas:
        assert (shown[cell.coordinate].value or 0) == (computed.value(cell.coordinate) or 0), cell.coordinate


@pytest.mark.parametrize(
    ("figure", "value", "check"),
    [
        ("cap", 5200, "over_cap"),
        ("own_least", 0.24, "own_too_low"),
        ("admin_most", 0.04, "admin_too_high"),
    ],
)
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_what_the_call_limits_is_said_above_the_table(figure: str, value: float, check: str, language: str) -> None:
    budget = filled(language)
    budget.figure(figure, value)
    message = next(each.message[language] for each in budget.source.checks if each.code == check)
    assert budget.said()[1] == [message]
    other = filled(language)
    other.figure(figure, {"cap": 5200.5, "own_least": 0.23, "admin_most": 0.05}[figure])
    assert other.said()[1] == []


def test_a_line_whose_sources_are_not_its_cost_is_pointed_out_beside_it_and_above() -> None:
    budget = filled()
    row = budget.line("staff", 1, requested=3999.5)
    assert budget.beside_row(row) == "Les sources ne font pas le total de la ligne."
    state, above = budget.said()
    assert state == "Voyez ce qui est en rouge"
    assert above == ["La somme des sources n’égale pas le total du projet."]


def test_a_quotation_is_asked_for_from_the_amount_on() -> None:
    budget = filled()
    budget.figure("quotation_from", 1800)
    assert budget.beside_row(budget.line("staff", 1)) == ""
    assert budget.beside_row(budget.line("activities", 2)) == "Inscrivez le numéro du devis."
    assert budget.beside_row(budget.line("administration", 1)) == ""
    budget.line("activities", 2, quotation="   ")
    assert budget.beside_row(budget.line("activities", 2)) == "Inscrivez le numéro du devis."
    budget.line("activities", 2, quotation="D2")
    assert budget.said()[0] == "Rien à signaler"


def test_a_line_without_a_name_is_pointed_out() -> None:
    budget = Budget()
    row = budget.line("audit", 1, quantity=1, unit_cost=10, requested=10)
    assert budget.beside_row(row) == "Nommez cette ligne."


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_only_the_open_cells_can_be_written_to_and_arabic_is_right_to_left(language: str) -> None:
    budget = Budget(language)
    assert budget.sheet.protection.sheet
    assert bool(budget.sheet.sheet_view.rightToLeft) is (language == "ar")
    computed = {column.code for column in budget.source.columns if column.formula}
    row = budget.line("staff", 1)
    for code, letter in budget.columns.items():
        assert budget.sheet[f"{letter}{row}"].protection.locked is (code in computed)
    assert budget.sheet[f"{budget.beside}{row}"].protection.locked
    rules = {str(rule.sqref): rule.type for rule in budget.sheet.data_validations.dataValidation}
    assert set(rules.values()) == {"list", "decimal"}


def test_no_text_is_a_formula_and_no_formula_leaves_the_sheet() -> None:
    for language in ("ar", "fr"):
        budget = Budget(language)
        for row in budget.sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert not re.search(r"[!\[]|HYPERLINK|WEBSERVICE|http", cell.value)
                    assert len(cell.value) < 8000 and all(
                        len(text) <= 255 for text in re.findall(r'"([^"]*)"', cell.value)
                    )
                elif isinstance(cell.value, str):
                    assert not looks_like_formula(cell.value)


def test_the_same_workbook_has_the_same_bytes() -> None:
    made = [budgets.workbook_xlsx(ours("G2"), "budget", "ar") for _ in range(2)]
    assert made[0] == made[1]
