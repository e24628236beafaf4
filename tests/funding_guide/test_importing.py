"""Calls from files: YAML, JSON, CSV and XLSX, looked at before, stored all or none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from funding_guide.calls import importing, loading
from funding_guide.calls.tables import columns
from funding_guide.models import CallVersion
from nassij.common.errors import BadInput, NassijError, TooLarge, Unprocessable
from tests.funding_guide.domain.builders import data, rule

pytestmark = pytest.mark.django_db
ROW = {name: value for name, value in importing.EXAMPLE.items() if value}


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


def file(content: bytes, name: str = "calls.yaml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def table(*rows: dict[str, Any]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    names = list(dict.fromkeys(name for row in rows for name in row))
    book.active.append(names)
    for row in rows:
        book.active.append([row.get(name) for name in names])
    target = BytesIO()
    book.save(target)
    return file(target.getvalue(), "calls.xlsx")


def plan(file: Any) -> list[importing.Planned]:
    return importing.plan_file(file)


def read(row: dict[str, Any]) -> Any:
    (found,) = plan(table(row))
    assert found.problems == (), found.problems
    return found.call


def mistakes(row: dict[str, Any]) -> list[str]:
    (found,) = plan(table(row))
    assert found.call is None
    return [problem["where"] for problem in found.problems]


def test_the_template_is_a_call_that_can_be_loaded() -> None:
    (found,) = plan(file(importing.template(), "nassij-calls.xlsx"))
    model = loading.read_call((loading.OWN_FILES / "commune-grant.yaml").read_bytes(), "")
    assert found.call is not None and found.outcome == "created" and not found.call.is_model
    assert found.call.languages == ("ar", "fr") and found.call.amounts.maximum == 30000
    assert [document.code for document in found.call.documents] == [document.code for document in model.documents]
    assert "en" not in found.call.documents[0].title
    assert {"age_at_least", "receipt", "bank_account"} <= {rule.kind for rule in found.call.rules}


def test_a_row_says_what_its_model_does_not() -> None:
    call = read(
        ROW | {"bank_account": "no", "final_receipt": "نعم", "maximum": "50.000,50 درهم", "closes_on": "15/03/2027"}
    )
    assert str(call.amounts.maximum) == "50000.5" and str(call.closes_on) == "2027-03-15"
    assert [rule.provisional_accepted for rule in call.rules if rule.kind == "receipt"] == [False]
    assert "bank_account" not in {rule.kind for rule in call.rules}
    assert read(ROW | {"provinces": "safi، chichaoua"}).territory.provinces == {"safi", "chichaoua"}


def test_what_a_spreadsheet_makes_of_days_and_numbers_is_read() -> None:
    call = read(ROW | {"closes_on": date(2027, 3, 1), "maximum": 30000.0, "age_years": 2, "own_percent": 12.5})
    assert str(call.closes_on) == "2027-03-01" and call.amounts.maximum == 30000
    assert str(call.amounts.own_percent) == "12.5"
    assert [rule.years for rule in call.rules if rule.kind == "age_at_least"] == [2]


@pytest.mark.parametrize(
    "changes, columns_named",
    [
        ({"closes_on": "soon"}, ["closes_on"]),
        ({"slug": "../../x"}, ["slug"]),
        ({"version": "1"}, ["version"]),
        ({"title_fr": "x" * 700}, ["title_fr"]),
        ({"like": "nothing-of-this-name"}, ["like"]),
        ({"like": "../windows/commune-grant"}, ["like"]),
        ({"provinces": "agadir"}, ["provinces"]),
        ({"closes_on": "2026-01-01"}, ["closes_on"]),
        ({"age_years": "two"}, ["age_years"]),
        ({"age_years": 99}, ["age_years"]),
    ],
)
def test_a_mistake_is_named_with_its_column(changes: dict[str, Any], columns_named: list[str]) -> None:
    named = mistakes(ROW | changes)
    assert set(columns_named) <= set(named), named
    assert not CallVersion.objects.exists()


def test_a_csv_of_excel_is_read() -> None:
    text = ";".join(ROW) + "\r\n" + ";".join(ROW.values()) + "\r\n"
    (found,) = plan(file(text.encode("cp1256", "replace"), "calls.csv"))
    assert found.call is not None and found.call.title["ar"].startswith("مثال")


def test_a_formula_is_text_that_is_refused() -> None:
    row = ROW | {"maximum": "=1+1", "title_fr": "=HYPERLINK(1)"}
    text = ";".join(row) + "\r\n" + ";".join(row.values()) + "\r\n"
    (found,) = plan(file(text.encode(), "calls.csv"))
    assert [problem["where"] for problem in found.problems] == ["maximum"]


def test_all_of_a_file_or_nothing() -> None:
    found = plan(table(ROW, ROW | {"slug": "other-call", "closes_on": "never"}, ROW))
    assert [one.call is not None for one in found] == [True, False, False]
    assert "twice" in found[2].problems[0]["text"]
    text = importing.as_text(plan(table(ROW, ROW | {"slug": "second"})))
    broken = json.loads(text)
    broken[1]["closes_on"] = "2026-01-01"
    with pytest.raises(BadInput):
        importing.store_text(json.dumps(broken), actor_id=None)
    assert not CallVersion.objects.exists()
    assert [kept.outcome for kept in importing.store_text(text, actor_id=None)] == ["created", "created"]
    assert [one.outcome for one in plan(table(ROW))] == ["unchanged"]
    assert not CallVersion.objects.exclude(status="draft").exists()


def test_a_list_of_calls_in_yaml_and_json() -> None:
    two = [data(), data(slug="second", rules=[rule("age_at_least")])]
    for name, text in (("a.yaml", yaml.safe_dump(two)), ("a.json", json.dumps(two, indent=1))):
        first, second = plan(file(text.encode(), name))
        assert first.call is not None and second.call is None
        assert second.problems[0]["where"].startswith("line ")


@pytest.mark.parametrize(
    "name, content",
    [
        ("a.yaml", b"- [\n"),
        ("a.yaml", b"a: &x [*x]"),
        ("a.yaml", b""),
        ("a.yaml", b"[]"),
        ("a.json", b'{"a": 1, "a": 2}'),
        ("a.yaml", b"x: " + b"y" * 2_000_000),
        ("a.xlsx", b"PK\x03\x04 nothing"),
        ("a.csv", b"one;two\r\n1;2\r\n"),
        ("a.csv", b"slug;slug\r\n1;2\r\n"),
        ("a.pdf", b"%PDF-1.7 x"),
        ("a.exe", b"MZ\x00\x00"),
    ],
)
def test_what_is_no_file_of_calls_is_refused_in_words(name: str, content: bytes) -> None:
    try:
        found = plan(file(content, name))
    except (BadInput, TooLarge, Unprocessable) as refused:
        assert refused.message and refused.remedy
    else:
        assert all(one.call is None for one in found)


def test_a_table_has_an_end() -> None:
    rows = [ROW | {"slug": f"call-{number}"} for number in range(101)]
    with pytest.raises(NassijError):
        plan(table(*rows))
    assert len(columns()) == len(set(columns()))
