"""The pages outside courses: whole without script, closed to strangers, in three languages."""

import re

import pytest
from django.test import Client

from governance_assessment.models import Round
from nassij.associations.api import Relation, next_steps
from tests.governance_assessment.helpers import ALL_FALSE, fill, save, set_profile
from tests.nassij.associations import factories

pytestmark = pytest.mark.django_db


def visit(user, path, language="en", method="get"):
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    if user is not None:
        client.force_login(user)
    return getattr(client, method)(path)


def round_url(opened, tail=""):
    return f"/nassij/governance/rounds/{opened.uuid}/{tail}"


@pytest.fixture
def ready_round(full_round, instrument, president):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3, "2.1": 1})
    return opened


def test_my_rounds_and_nobody_elses(ready_round, association, member):
    stranger = factories.make_member(factories.make_association())

    assert association.name in visit(member, "/nassij/governance/").content.decode()
    page = visit(stranger, "/nassij/governance/").content.decode()
    assert association.name not in page
    assert "No association of yours has begun" in page


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_result_page(language, ready_round, instrument, president):
    response = visit(president, round_url(ready_round), language)

    page = response.content.decode()
    assert response.status_code == 200
    assert "nassij-radar" in page
    assert instrument.indicator("2.1").title.in_language(language) in page
    assert not re.search(r"style=|<style| on\w+=", page)


def test_the_order_of_the_result_leads_with_the_profile(ready_round, president):
    page = visit(president, round_url(ready_round)).content.decode()
    places = [
        page.index(mark) for mark in ("nassij-radar", "<table", "critical point", "Your strengths", "The overall level")
    ]

    assert places == sorted(places)
    assert "No decision on subsidies rests on it." in page


@pytest.mark.parametrize("person", ["stranger", "former"])
def test_a_round_of_others_does_not_exist(person, ready_round, association):
    who = (
        factories.make_former_member(association)
        if person == "former"
        else factories.make_member(factories.make_association())
    )

    for method, tail in (("get", ""), ("post", "submit/")):
        response = visit(who, round_url(ready_round, tail), method=method)
        assert response.status_code == 404
        assert association.name not in response.content.decode()


def test_a_visitor_signs_in_first(ready_round):
    for path in ("/nassij/governance/", round_url(ready_round)):
        assert visit(None, path).status_code == 302


def test_a_member_does_not_submit_and_the_president_does(ready_round, member, president):
    assert "Submit the round" not in visit(member, round_url(ready_round)).content.decode()
    assert visit(member, round_url(ready_round, "submit/"), method="post").status_code == 403
    assert visit(president, round_url(ready_round, "submit/")).status_code == 405

    assert "Submit the round" in visit(president, round_url(ready_round)).content.decode()
    assert visit(president, round_url(ready_round, "submit/"), method="post").status_code == 302
    assert Round.objects.get().state == "submitted"
    assert "Submit the round" not in visit(president, round_url(ready_round)).content.decode()


def test_what_is_still_to_do_is_named_with_links(full_round, instrument, president):
    save(president, full_round, "1.1", {"kind": "dont_know"})
    response = visit(president, round_url(full_round, "submit/"), method="post")

    page = response.content.decode()
    assert response.status_code == 422
    assert "Some questions have no answer yet." in page
    assert 'href="/nassij/governance/instruments/gov-ma/#q-8.6"' in page
    assert Round.objects.get().state == "draft"


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_questionnaire_is_open_to_read_and_print(language, instrument):
    response = visit(None, "/nassij/governance/instruments/gov-ma/", language)

    page = response.content.decode()
    assert response.status_code == 200
    assert page.count('id="q-') == 48
    for indicator in instrument.all_indicators():
        assert indicator.levels[0][1].in_language(language).split("'")[0] in page


def test_an_unknown_questionnaire_is_not_found(instrument):
    assert visit(None, "/nassij/governance/instruments/other/").status_code == 404


def test_the_home_page_of_associations_says_where_the_round_stands(ready_round, association, member):
    own = Relation(association_id=association.id, is_member=True)
    lines = next_steps(relations=[own], language="en")[association.id]

    assert [line.url for line in lines] == [round_url(ready_round)]


EXPRESS = "/courses/course-v1:Nassij+GOV2+{}/jump_to_id/gov2-s1-u5"
RUNS = {"internal-governance": {code: f"course-v1:Nassij+GOV2+{code}" for code in ("ar", "fr")}}


@pytest.mark.parametrize(
    ("language", "button"), [("ar", "ابدؤوا التقييم الذاتي"), ("fr", "Commencer l’auto-évaluation")]
)
def test_who_has_no_round_yet_is_led_to_where_it_begins(language, button, instrument, association, member, settings):
    settings.NASSIJ_COURSE_RUNS = RUNS
    go = f'<a class="go" href="{EXPRESS.format(language)}">{button}</a>'
    for address in ("/nassij/governance/", "/nassij/", f"/nassij/associations/{association.uuid}/"):
        assert go in visit(member, address, language).content.decode(), address

    settings.NASSIJ_COURSE_RUNS = {}
    assert "jump_to_id" not in visit(member, "/nassij/governance/", language).content.decode()


def test_who_accompanies_an_association_does_not_begin_for_it(instrument, association):
    accompanied = Relation(association_id=association.id, as_coach=True)
    assert next_steps(relations=[accompanied], language="ar")[association.id] == []
