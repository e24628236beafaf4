"""The pages: who sees what, verdicts in three languages, and what an association says of itself."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from funding_guide.calls import library, loading
from funding_guide.facts.facts import FIELDS, change_facts
from funding_guide.models import FundingFacts
from nassij.associations.api import Role, Standing, register_standing
from nassij.common.models import AuditEvent
from tests.funding_guide.domain.builders import call, document, rule
from tests.nassij.associations import factories

pytestmark = pytest.mark.django_db
TITLE = {"fr": "Appel de la commune"}


@pytest.fixture(autouse=True)
def _published() -> None:
    library._kept.clear()
    loading.store(
        call(
            opens_on="2020-01-01",
            closes_on="2090-01-01",
            fields=["sport"],
            amounts={"maximum": 30000, "own_percent": 10},
            rules=[
                rule("receipt", because={"fr": "Article 3 : récépissé"}),
                rule("age_at_least", "age", years=2),
                rule("no_conflict_of_interest", "conflict"),
                rule("any_of", "way", rules=[rule("bank_account", "bank"), rule("public_utility", "utility")]),
            ],
            documents=[
                document("letter", kind="sign", guide="G1", copies=2),
                document("plan", required=False, valid_months=3),
            ],
        ),
        publish=True,
    )


@pytest.fixture
def association() -> Any:
    return factories.make_association(fields=["sport", "youth"])


@pytest.fixture
def treasurer(association: Any) -> Any:
    return factories.make_member(association, role=Role.TREASURER)


def client_of(user: Any, language: str = "en") -> Client:
    cache.clear()
    client = Client(headers={"accept-language": language})
    if user is not None:
        client.force_login(user)
    return client


def address(name: str, association: Any = None, **arguments: Any) -> str:
    more = {"uuid": association.uuid} if association else {}
    return reverse(f"nassij_funding:{name}", kwargs={**more, **arguments})


CALL = {"slug": "commune-2027"}
EMPTY = {"revision": "0", "founded_on": "", "receipt": "", "receipt_on": "", "bank_account": "", "public_utility": ""}


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return found.group(1)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_visitor_reads_the_conditions_without_an_answer(language: str) -> None:
    visitor = client_of(None, language)
    listed, shown = visitor.get(address("funding")), visitor.get(address("call", **CALL))
    assert listed.status_code == shown.status_code == 200
    assert TITLE["fr"] in listed.content.decode()
    text = shown.content.decode()
    assert 'id="conditions"' in text and 'id="answer"' not in text and "%(" not in text


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_member_is_told_what_is_known_and_what_is_not(language: str, treasurer: Any, association: Any) -> None:
    text = client_of(treasurer, language).get(address("call", **CALL)).content.decode()
    assert association.shown_name in text
    answer = {"ar": "لا يمكننا الجواب بعد", "fr": "Impossible de répondre", "en": "We cannot say yet"}[language]
    assert answer in text and "%(" not in text and "Article 3" in text
    assert address("facts", association) in text, "each open question leads to where it is answered"
    assert "{'" not in text


def test_facts_and_figures_change_the_answer(treasurer: Any, association: Any) -> None:
    client = client_of(treasurer)
    url = address("facts", association)
    sent = {
        **EMPTY,
        "founded_on": "2019-05-01",
        "receipt": "final",
        "receipt_on": "2019-07-01",
        "bank_account": "yes",
        "councils": ["none"],
    }
    answered = client.post(url, sent)
    assert answered.status_code == 302
    figures = {"for": str(association.uuid), "requested": "20000", "total": "25000", "own": "5000"}
    yes = client.get(address("call", **CALL), figures).content.decode()
    assert "your association may apply" in yes
    dear = client.get(address("call", **CALL), {**figures, "requested": "٣٠٠٠١"}).content.decode()
    assert "Not yet: 1 point to mend" in dear and "MAD\xa030,001" in dear
    assert "2 conditions" not in dear
    client.post(url, {**sent, "revision": "1", "councils": ["commune"]})
    assert "cannot apply" in client.get(address("call", **CALL), figures).content.decode()
    assert AuditEvent.objects.filter(action="funding.facts.changed", association_uuid=association.uuid).count() == 2


def test_figures_that_are_none_are_marked(treasurer: Any) -> None:
    answered = client_of(treasurer).get(address("call", **CALL), {"requested": "-3", "months": "many"})
    assert answered.status_code == 422
    assert answered.content.decode().count('class="errors"') == 2


def test_what_stays_open_stays_unknown(treasurer: Any, association: Any) -> None:
    client = client_of(treasurer)
    client.post(address("facts", association), {**EMPTY, "receipt": "none", "councils": []})
    stored = FundingFacts.objects.get()
    assert (stored.councils, stored.bank_account, stored.accounts, stored.founded_on) == (None, None, {}, None)


def test_the_second_of_two_is_shown_both_versions(treasurer: Any, association: Any) -> None:
    client, url = client_of(treasurer), address("facts", association)
    client.post(url, {**EMPTY, "receipt": "final"})
    refused = client.post(url, {**EMPTY, "receipt": "none"})
    text = refused.content.decode()
    assert refused.status_code == 409
    assert "The final receipt" in text and "None yet" in text and hidden(text, "revision") == "1"
    assert FundingFacts.objects.get().receipt == "final"
    assert client.post(url, {**EMPTY, "receipt": "none", "revision": "1"}).status_code == 302
    assert client.post(url, {**EMPTY, "receipt": "none", "revision": "0"}).status_code == 302, "sent twice is the same"


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"founded_on": "2999-01-01"}, "founded_on"),
        ({"founded_on": "0001-01-01"}, "founded_on"),
        ({"founded_on": "2020-01-01", "receipt_on": "2019-12-31"}, "receipt_on"),
        ({"receipt_on": "2999-01-01"}, "receipt_on"),
        ({"receipt": "forged"}, "receipt"),
        ({"councils": ["none", "commune"]}, "councils"),
    ],
)
def test_a_wrong_fact_is_marked_and_nothing_is_kept(wrong: Any, field: str, treasurer: Any, association: Any) -> None:
    answered = client_of(treasurer).post(address("facts", association), {**EMPTY, **wrong})
    assert answered.status_code == 422
    assert f'id="id_{field}_error"' in answered.content.decode()
    assert not FundingFacts.objects.exists()


def test_years_the_form_no_longer_asks_about_stay(treasurer: Any, association: Any) -> None:
    FundingFacts.objects.create(
        association_id=association.id, association_uuid=association.uuid, accounts={"2001": True}
    )
    client_of(treasurer).post(address("facts", association), {**EMPTY, "receipt": "final"})
    assert FundingFacts.objects.get().accounts == {"2001": True}


PEOPLE = {
    "president": 302,
    "secretary": 302,
    "treasurer": 302,
    "lead": 302,
    "member": 403,
    "coach": 403,
    "coordinator": 403,
    "operator": 403,
    "former member": 404,
    "member elsewhere": 404,
}


def person(kind: str, association: Any) -> Any:
    match kind:
        case "lead":
            return factories.make_member(association, is_lead=True)
        case "coach":
            return factories.make_coach(association)
        case "coordinator":
            return factories.make_coordinator(association)
        case "operator":
            return factories.make_user(is_superuser=True)
        case "former member":
            return factories.make_former_member(association)
        case "member elsewhere":
            return factories.make_member(factories.make_association())
        case _:
            return factories.make_member(association, role=Role(kind))


@pytest.mark.parametrize("kind", PEOPLE)
def test_who_may_read_and_who_may_write(kind: str, association: Any) -> None:
    client, url = client_of(person(kind, association)), address("facts", association)
    read = client.get(url).status_code
    written = client.post(url, {**EMPTY, "receipt": "final"}).status_code
    chosen = client.get(address("call", **CALL), {"for": str(association.uuid)}).status_code
    assert (read, written, chosen) == ((404,) * 3 if PEOPLE[kind] == 404 else (200, PEOPLE[kind], 200))
    assert FundingFacts.objects.exists() == (PEOPLE[kind] == 302)


def test_nobody_is_led_to_another_site(treasurer: Any, association: Any) -> None:
    for bad in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        answered = client_of(treasurer).post(
            address("facts", association) + f"?next={bad}", {**EMPTY, "next": bad, "receipt": "final"}
        )
        assert answered["Location"].startswith("/nassij/funding/"), bad


def test_an_old_text_and_a_withdrawn_one_say_so(treasurer: Any) -> None:
    loading.store(call(version="2.0.0", opens_on="2020-01-01", closes_on="2090-01-01"), publish=True)
    client, old = client_of(treasurer), address("call_version", version="1.0.0", **CALL)
    text = client.get(old).content.decode()
    assert "older text" in text and address("call", **CALL) in text
    assert client.get(address("call_version", version="2.0.0", **CALL)).status_code == 302
    loading.withdraw(slug="commune-2027", version="2.0.0", actor_id=None)
    assert "withdrawn" in client.get(address("call_version", version="2.0.0", **CALL)).content.decode()
    assert client.get(address("call", **CALL)).status_code == 404
    for unknown in ("9.9.9", "..", "%00"):
        assert client.get(f"/nassij/funding/calls/commune-2027/versions/{unknown}/").status_code == 404


def test_the_list_costs_the_same_for_one_call_and_for_forty(
    treasurer: Any, django_assert_max_num_queries: Any, association: Any
) -> None:
    client = client_of(treasurer)
    for number in range(40):
        loading.store(call(slug=f"call-{number}", closes_on="2090-02-01"), publish=True)
    client.get(address("funding"))
    with django_assert_max_num_queries(8):
        assert client.get(address("funding")).status_code == 200


def test_a_script_in_a_call_is_shown_as_text(treasurer: Any) -> None:
    bad = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    loading.store(
        call(
            slug="bad",
            closes_on="2090-01-01",
            title={"fr": bad},
            summary={"fr": bad},
            contact={"fr": bad},
            rules=[rule("receipt", because={"fr": bad})],
            documents=[{"code": "a", "kind": "copy", "title": {"fr": bad}, "note": {"fr": bad}}],
        ),
        publish=True,
    )
    client = client_of(treasurer)
    for url in (address("funding"), address("call", slug="bad")):
        text = client.get(url).content.decode()
        assert "<script>alert" not in text and "<img src=x" not in text and "&lt;script&gt;" in text


def test_a_call_in_another_language_says_so(treasurer: Any) -> None:
    html = client_of(treasurer, "ar").get(address("call", **CALL)).content.decode()
    assert '<h1 lang="fr" dir="ltr">Appel de la commune</h1>' in html
    assert "<h1>Appel de la commune</h1>" in client_of(treasurer, "fr").get(address("call", **CALL)).content.decode()


def test_figures_that_do_not_add_up_are_named_where_they_stand(treasurer: Any) -> None:
    asked = {"requested": "25.000", "own": "10 000", "total": "30.000,00"}
    response = client_of(treasurer).get(address("call", **CALL), asked)
    html = response.content.decode()
    assert response.status_code == 422 and "more than this: correct one of the three" in html
    assert "Nothing was saved" not in html
    html = client_of(treasurer).get(address("call", **CALL), asked | {"own": "٥٠٠٠"}).content.decode()
    assert "correct one of the three" not in html and "MAD 25,000" not in html


def test_of_met_alternatives_only_the_met_one_is_shown(treasurer: Any, association: Any) -> None:
    change_facts(
        user_id=treasurer.pk,
        association_uuid=association.uuid,
        values=dict.fromkeys(FIELDS) | {"receipt": "", "accounts": {}, "bank_account": True, "public_utility": False},
        revision=0,
    )
    html = client_of(treasurer).get(address("call", **CALL)).content.decode()
    assert "recognition takes a decree" not in html


def test_an_old_address_keeps_the_association(treasurer: Any, association: Any) -> None:
    old = address("call_version", **CALL, version="1.0.0") + f"?for={association.uuid}"
    assert client_of(treasurer).get(old).headers["Location"].endswith(f"?for={association.uuid}")


def test_the_self_assessment_answers_a_rule_about_governance(treasurer: Any, association: Any) -> None:
    loading.store(
        call(slug="levels", rules=[rule("governance_at_least", indicators=["2.1", "2.2"], level=2)]), publish=True
    )
    forget = register_standing(
        lambda found: Standing({"2.1": 3}, frozenset({"2.2"})) if found == association.id else Standing()
    )
    try:
        html = client_of(treasurer).get(address("call", slug="levels")).content.decode()
        other = factories.make_member(factories.make_association())
        nothing = client_of(other).get(address("call", slug="levels")).content.decode()
    finally:
        forget()
    assert "1 condition met" in html and "does not answer yet" not in html
    assert "does not answer yet" in nothing
