"""The language of workbooks: what it means, how it is written down, and all that it is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding_guide.guides.formulas import MAX_LENGTH, Formula, InvalidFormula

VALUES = {"a": 7, "b": 2.5, "zero": 0, "name": "x", "blank": "  "}
MEANT: list[tuple[str, Any]] = [
    ("{a} * {b} + 1", 18.5),
    ("1 + {a} * {b}", 18.5),
    ("({a} + 1) * 2", 16),
    ("10 - 3 - 2", 5),
    ("8 / 4 / 2", 1),
    ("-{a} + 10", 3),
    ("2 - -3", 5),
    ("{a} / {zero}", 0),
    ("{missing} + 1", 1),
    ("{name} + 1", 1),
    ("{a} > {b}", True),
    ("{a} <= 6.99", False),
    ("{a} <> 7", False),
    ("AND({a} > 1, {b} > 1, NOT({zero} > 0))", True),
    ("OR({a} > 9, {b} > 9)", False),
    ("IF({a} > 5, 1, 2)", 1),
    ("MIN({a}, {b}, 4)", 2.5),
    ("MAX({a}, {b})", 7),
    ("ABS({b} - {a})", 4.5),
    ("ROUND(2.345, 2)", 2.35),
    ("ROUND(-2.5, 0)", -3),
    ("EMPTY({blank})", True),
    ("EMPTY({missing})", True),
    ("EMPTY({name})", False),
]


@pytest.mark.parametrize(("text", "value"), MEANT)
def test_a_formula_means_what_arithmetic_says(text: str, value: Any) -> None:
    assert Formula(text).computed(VALUES) == pytest.approx(value)


def test_it_is_written_with_its_order_in_brackets_and_no_division_by_zero() -> None:
    formula = Formula("AND({a} - {b} * 2 >= 0.01, EMPTY({c})) / {blocks.a}".replace("blocks", "staff"))
    assert formula.written(lambda name: {"a": "$A$1", "b": "B2", "c": "C3", "staff.a": "D4"}[name]) == (
        'IF((D4)=0,0,(AND((($A$1-(B2*2))>=0.01),(TRIM(C3)="")))/(D4))'
    )
    assert formula.names == {"a", "b", "c", "staff.a"}


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1),
        ("{a} +", 6),
        ("{a} {b}", 5),
        ("=1+1", 1),
        ("'x'", 1),
        ('HYPERLINK("http://x", 1)', 11),
        ("WEBSERVICE({a})", 1),
        ("SUM({a})", 1),
        ("A1 + 1", 1),
        ("{a} & {b}", 5),
        ("[other.xlsx]S!A1", 1),
        ("{A}", 1),
        ("{a.b.c}", 1),
        ("NOT({a}, {b})", 13),
        ("EMPTY(1)", 8),
        ("1 < 2 < 3", 7),
        ("(1", 3),
        ("1;2", 2),
        ("1e9", 2),
        ("٣ + 1", 1),
    ],
)
def test_what_is_no_formula_is_refused_at_its_character(text: str, column: int) -> None:
    with pytest.raises(InvalidFormula) as refused:
        Formula(text)
    assert refused.value.column == column


@pytest.mark.parametrize("text", ["(" * 400 + "1" + ")" * 400, "-" * 400 + "1", "1+" * MAX_LENGTH + "1"])
def test_a_formula_without_end_is_refused_at_once(text: str) -> None:
    with pytest.raises(InvalidFormula):
        Formula(text)


@given(st.text(alphabet="{}ab.12 +-*/()<>=,ANDIF\"'!$:é٣", max_size=60))
def test_any_text_is_a_formula_or_is_refused(text: str) -> None:
    try:
        formula = Formula(text)
    except InvalidFormula as refused:
        assert 1 <= refused.column <= MAX_LENGTH
        return
    written = formula.written(lambda name: "Z9")
    assert not set(written) & set("{}!$:'") and not written.startswith("=")


NUMBERS = st.integers(-1000, 1000)


@given(a=NUMBERS, b=NUMBERS, c=NUMBERS, first=st.sampled_from("+-*"), second=st.sampled_from("+-*"))
def test_operators_bind_as_everywhere_else(a: int, b: int, c: int, first: str, second: str) -> None:
    formula = Formula(f"{{a}} {first} {{b}} {second} {{c}}")
    expected = eval(f"a {first} b {second} c", {}, {"a": a, "b": b, "c": c})
    assert formula.computed({"a": a, "b": b, "c": c}) == expected
    written = formula.written(lambda name: f"({ {'a': a, 'b': b, 'c': c}[name] })")
    assert eval(written) == expected
