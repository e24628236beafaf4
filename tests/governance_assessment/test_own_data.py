"""An association's own data of a round: whole, exact, in a published form, and nobody else's."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

import governance_assessment
from governance_assessment import api
from governance_assessment.domain import result_to_data, score
from governance_assessment.domain.answers import parse_answers
from governance_assessment.reports.workbook import workbook
from tests.governance_assessment.helpers import ALL_FALSE, coach_says, fill, level, save, set_profile
from tests.governance_assessment.plans import add
from tests.governance_assessment.test_permissions import ALLOWED, PEOPLE

pytestmark = pytest.mark.django_db
SCHEMAS = Path(governance_assessment.__file__).parent / "schema"
HOSTILE = ('=HYPERLINK("http://evil")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", "http://evil.example")


@pytest.fixture
def validated(full_round, instrument, president, member, coach, association):
    """Two members, one of whom says something in confidence; hostile text wherever people may write."""
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3, "1.1": {"kind": "level", "level": 3, "comment": HOSTILE[0]}})
    fill(member, opened, instrument, {"*": 3, "1.1": {"kind": "level", "level": 3, "comment": "سر بيني وبين نفسي"}})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    for text in HOSTILE:
        add(president, association, title=text, what=text, note=text, proof=text)
    coach_says(coach, opened, "2.3", {"kind": "no_evidence", "comment": HOSTILE[1]})
    return api.validate_round(user_id=coach.pk, round_uuid=opened.uuid, confirm_rest=True, remark=HOSTILE[2])


def data(user: Any, opened: Any, language: str = "ar") -> api.OwnData:
    return api.own_data(user_id=user.pk, round_uuid=opened.uuid, language=language)


def book_of(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.mark.parametrize("which", ["full_round", "submitted", "validated"])
def test_it_is_as_its_schema_says(which: str, president, request: pytest.FixtureRequest) -> None:
    schema = json.loads((SCHEMAS / "round-data-1.schema.json").read_text("utf-8"))
    answers = json.loads((SCHEMAS / "answers-1.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    document = data(president, request.getfixturevalue(which)).document
    jsonschema.validate(document, schema)
    for result in document["results"]:
        jsonschema.validate(result["answers"], answers)
    assert len(document["results"]) == {"full_round": 0, "submitted": 1, "validated": 2}[which]


def test_who_has_it_can_compute_it_again(validated, president, instrument) -> None:
    for result in data(president, validated).document["results"]:
        answers = parse_answers(result["answers"])
        assert result_to_data(score(instrument, answers)) == result["scores"]
        assert Fraction(result["scores"]["overall"]["score"]) > 0


def test_one_s_own_answers_are_in_it_and_nobody_else_s(validated, president, member, coach) -> None:
    of_president, of_member, of_coach = (data(person, validated) for person in (president, member, coach))
    assert "سر بيني" in json.dumps(of_member.document, ensure_ascii=False)
    for other in (of_president, of_coach):
        assert "سر بيني" not in json.dumps(other.document, ensure_ascii=False)
    assert (
        of_coach.document["mine"] == [] and len(of_president.document["mine"]) == len(of_member.document["mine"]) > 30
    )
    for other, sheets in ((of_president, 5), (of_coach, 4)):
        book = book_of(workbook(other))
        assert len(book.sheetnames) == sheets
        assert "سر بيني" not in "".join(str(cell) for page in book for row in page.values for cell in row)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_no_cell_is_computed_and_none_is_a_link(language: str, validated, president) -> None:
    book = book_of(workbook(data(president, validated, language)))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert {"=HYPERLINK", "+1+1"} <= {str(cell.value)[:10] for cell in cells} | {str(cell.value)[:4] for cell in cells}
    assert all(bool(page.sheet_view.rightToLeft) is (language == "ar") for page in book)


def test_the_workbook_holds_both_words_and_the_exact_score(validated, president) -> None:
    book = book_of(workbook(data(president, validated, "fr")))
    answers = {row[0]: row for row in list(book.worksheets[0].values)[1:]}
    assert answers["2.3"][4:6] == (3, "Structuré") and answers["2.3"][8:10] == (1, "Rien ne le montre")
    scores = list(book.worksheets[1].values)[1:]
    assert len(scores) == 18
    for row in scores:
        assert abs(Fraction(row[4]) - Fraction(str(row[3]))) <= Fraction(1, 20)
        assert isinstance(row[5], int | float) and 0 <= row[5] <= 1
    assert book.worksheets[1]["F2"].number_format == "0%"
    assert "Aucun document déclaré" in answers["1.1"]


def url(opened: Any, rest: str) -> str:
    return f"/nassij/governance/rounds/{opened.uuid}/{rest}"


@pytest.mark.parametrize("who", PEOPLE)
def test_who_gets_it(who: str, submitted, association, client) -> None:
    person = PEOPLE[who](association)
    if person is not None:
        client.force_login(person)
    answers = [client.get(url(submitted, name)) for name in ("data.xlsx", "data.json")]
    expected = 302 if person is None else 200 if who in ALLOWED else 404
    assert [answer.status_code for answer in answers] == [expected] * 2
    if expected == 404:
        assert not any("جمعية الأمل" in answer.content.decode() for answer in answers)


def test_downloads_are_attachments_with_a_name_people_know(submitted, president, client) -> None:
    client.force_login(president)
    for name, kind in (("data.xlsx", "spreadsheetml"), ("data.json", "application/json")):
        response = client.get(url(submitted, name))
        assert kind in response.headers["Content-Type"]
        assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in response.headers["Cache-Control"]
    assert json.loads(response.content)["schema"] == "round-data-1"


def test_the_form_of_the_json_is_published(client) -> None:
    response = client.get("/nassij/governance/round-data-1.schema.json")
    assert json.loads(response.content)["$id"] == "urn:nassij:schema:round-data:1"


def test_it_asks_the_same_few_queries_whatever_is_in_it(validated, president, django_assert_num_queries) -> None:
    with django_assert_num_queries(8):
        data(president, validated)


def test_while_members_answer_it_holds_ones_own_answers_and_no_result(full_round, president, member, coach) -> None:
    save(president, full_round, "2.1", level(2))
    save(member, full_round, "2.1", level(4))
    save(member, full_round, "2.2", level(4))

    own, others = data(president, full_round), data(coach, full_round)

    assert [(answer["indicator"], answer["level"]) for answer in own.document["mine"]] == [("2.1", 2)]
    assert others.document["mine"] == own.document["results"] == others.document["results"] == []
    for found in (own, others):
        rows = [row for sheet in book_of(workbook(found)).worksheets for row in sheet.iter_rows(values_only=True)]
        assert not any("2.2" in row for row in rows)
