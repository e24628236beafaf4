"""The page of a discussion, without a script: what differs first, the lead's forms, and what happens when they do not fit."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from governance_assessment import api
from governance_assessment.discussion.words import discussion_summary
from governance_assessment.models import ConsensusAnswer
from tests.governance_assessment.helpers import ALL_FALSE, fill, level, operation, save, set_profile, settle
from tests.nassij.associations import factories

pytestmark = pytest.mark.django_db
SECRET = "ملاحظة سرية"


def client_of(user, language="en"):
    client = Client(headers={"accept-language": language})
    if user is not None:
        client.force_login(user)
    return client


def address(name, opened):
    return reverse(f"nassij_governance:{name}", kwargs={"round_uuid": opened.uuid})


def page_of(user, opened, language="en", query=""):
    return client_of(user, language).get(address("discussion", opened) + query)


def card(html, code):
    """The part of the page about one indicator."""
    found = re.search(rf'<section[^>]*id="q-{re.escape(code)}".*?</section>', html, re.S)
    assert found, code
    return found.group(0)


def post(user, opened, code, answer, **more):
    body = {
        "indicator": code,
        "answer": answer,
        "reason": "",
        "note": "",
        "revision": "0",
        "operation_id": operation(),
        **more,
    }
    return client_of(user).post(address("settle", opened), body)


@pytest.fixture
def differing(full_round, instrument, association, president, member):
    """Three answered: 2.1 far apart, 2.2 by one level, 3.1 by nobody, the rest the same; being discussed."""
    opened = set_profile(president, full_round, ALL_FALSE)
    third = factories.make_member(association)
    fill(president, opened, instrument, {"*": 3, "3.1": None})
    fill(third, opened, instrument, {"*": 3, "3.1": None})
    fill(
        member,
        opened,
        instrument,
        {"*": 3, "2.1": level(1, comment=SECRET, evidence="declared"), "2.2": 2, "3.1": None},
    )
    return api.start_discussion(user_id=president.pk, round_uuid=opened.uuid)


def test_what_is_far_apart_comes_first_then_the_rest_folded(differing, president):
    html = page_of(president, differing).content.decode()
    places = [html.index(f'id="q-{code}"') for code in ("2.1", "2.2", "3.1", "1.1")]

    assert places == sorted(places)
    assert html.index("Talk about these first") < places[0] < html.index("Where you differ a little") < places[1]
    assert html.index("Nobody has answered these") < places[2] < html.index('<details class="agreed">') < places[3]
    assert "0 of 3 points settled" in html
    assert "about 5 minutes" in html


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_each_answer_stands_with_its_text_and_who_gave_it_in_words(language, differing, instrument, member):
    html = card(page_of(member, differing, language).content.decode(), "2.1")

    for _number, text in instrument.indicator("2.1").levels:
        assert text.in_language(language)[:25].split("'")[0] in html
    assert html.count("●") == 3
    assert {"ar": "عضوان", "fr": "2 membres", "en": "2 members"}[language] in html
    assert {"ar": "جوابكم", "fr": "votre réponse", "en": "your own answer"}[language] in html
    assert SECRET in html
    assert not re.search(r"style=|<style| on\w+=", html)


def test_how_far_apart_is_said_in_words(differing, president):
    html = card(page_of(president, differing).content.decode(), "2.1")

    assert "Starting to Established: 2 levels" in html
    assert re.search(r"In the middle</dt><dd>Established", html)
    assert "r_wg" in html


def test_names_stay_hidden(differing, president, member):
    html = page_of(president, differing).content.decode()

    assert member.username not in html
    assert "Names are not shown." in html


def test_the_lower_of_two_neighbours_is_chosen_beforehand_and_nothing_where_people_are_apart(differing, president):
    html = page_of(president, differing).content.decode()

    assert re.search(r'value="2" checked', card(html, "2.2"))
    assert "suggested" in card(html, "2.2")
    assert not re.search(r'type="radio"[^>]* checked', card(html, "2.1"))
    assert re.search(r'name="document" value="yes" checked', card(html, "2.1"))
    assert not re.search(r'name="document" value="yes" checked', card(html, "2.2"))


def test_a_member_reads_the_same_and_has_nothing_to_press(differing, member):
    html = page_of(member, differing).content.decode()

    assert address("settle", differing) not in html
    assert "<textarea" not in html
    assert "The president or the lead of the self-assessment writes down the common answer" in html
    assert post(member, differing, "2.1", "2").status_code == 403
    assert not ConsensusAnswer.objects.exists()


def test_settling_leads_to_the_next_point_and_back_to_the_same_when_changed(differing, president):
    first = post(president, differing, "2.1", "2", note="انعقد متأخرا", document="yes")
    assert first.url == f"{address('discussion', differing)}?saved=2.1#q-2.2"
    html = client_of(president).get(first.url.split("#")[0]).content.decode()
    assert "1 of 3 points settled" in html
    assert "Saved:" in card(html, "2.2")
    assert "انعقد متأخرا" in card(html, "2.1")

    changed = post(president, differing, "2.1", "1", revision="1")
    assert changed.url.endswith("?saved=2.1#q-2.1")
    assert post(president, differing, "3.1", "dont_know").url.endswith("#q-2.2")
    assert post(president, differing, "2.2", "2").url.endswith("#settled")
    last = page_of(president, differing, query="?saved=2.2").content.decode()
    assert "Every point has its answer" in last
    assert "To the result, to submit" in last


def test_what_all_agree_on_is_opened_one_by_one_and_may_be_changed(differing, president):
    html = page_of(president, differing).content.decode()
    assert "<form" not in card(html, "1.1")
    opened = page_of(president, differing, query="?look=1.1").content.decode()
    assert "<form" in card(opened, "1.1")
    assert '<details class="agreed" open>' in opened

    assert post(president, differing, "1.1", "2").url.endswith("?saved=1.1#q-1.1")
    assert ConsensusAnswer.objects.get().level == 2


def test_a_delivery_repeated_is_one_answer(differing, president):
    for _ in range(3):
        assert post(president, differing, "2.1", "2", operation_id="settle-the-same").url.endswith("?saved=2.1#q-2.2")

    assert ConsensusAnswer.objects.get().revision == 1


REFUSED = [
    ({"answer": ""}, 400, "Choose the answer you agreed on."),
    ({"answer": "nonsense"}, 400, "Choose one of the answers offered."),
    ({"answer": "9"}, 422, "Choose one of the levels."),
    ({"answer": "not_applicable"}, 422, "Say in a few words why this does not apply"),
    ({"answer": "2", "operation_id": ""}, 400, "operation id"),
]


@pytest.mark.parametrize(("body", "status", "said"), REFUSED)
def test_what_does_not_fit_stands_at_its_point_with_what_was_typed(body, status, said, differing, president):
    response = post(president, differing, "2.5", **{"answer": "2", "note": "كتبته بنفسي", **body})

    assert response.status_code == status
    html = card(response.content.decode(), "2.5")
    assert said in html
    assert 'role="alert"' in html
    assert "كتبته بنفسي" in html
    assert not ConsensusAnswer.objects.exists()


@pytest.mark.parametrize("body", [{"indicator": "9.9"}, {"indicator": ""}, {"revision": "x"}, {"revision": ""}])
def test_a_form_that_is_none_of_ours_is_refused(body, differing, president):
    assert post(president, differing, "2.2", "2", **body).status_code in (400, 422)
    assert not ConsensusAnswer.objects.exists()


def test_two_who_settle_see_both_versions_and_choose(differing, association, president):
    lead = factories.make_member(association, is_lead=True)
    settle(president, differing, "2.1", level(2), note="نسخة الرئيسة")

    refused = post(lead, differing, "2.1", "3", note="نسختي")

    assert refused.status_code == 409
    html = card(refused.content.decode(), "2.1")
    assert "Somebody settled this answer in the meantime." in html
    assert re.search(r"Stored now:.*نسخة الرئيسة.*Yours:.*نسختي", html, re.S)
    assert 'name="revision" value="1"' in html
    assert re.search(r'value="3" checked', html)
    assert "Keep mine" in html
    assert post(lead, differing, "2.1", "3", note="نسختي", revision="1").status_code == 302
    assert ConsensusAnswer.objects.get().note == "نسختي"


def test_a_round_that_moved_meanwhile_is_explained(differing, president):
    api.back_to_answers(user_id=president.pk, round_uuid=differing.uuid)

    refused = post(president, differing, "2.1", "2")

    html = refused.content.decode()
    assert refused.status_code == 409
    assert "Now: Members are answering." in html
    assert "What you wrote was not saved." in html


def test_before_the_answers_are_closed_nobody_sees_them(full_round, president, member):
    save(member, full_round, "2.1", level(1, comment=SECRET))

    html = page_of(president, full_round).content.decode()

    assert "The members are still answering." in html
    assert SECRET not in html
    assert "●" not in html


def test_after_submission_the_page_stays_to_read(differing, president, member):
    for code, answer in (("2.1", 2), ("2.2", 2), ("3.1", 1)):
        settle(president, differing, code, level(answer))
    api.submit_round(user_id=president.pk, round_uuid=differing.uuid)

    html = page_of(president, differing).content.decode()

    assert "The discussion is over" in html
    assert address("settle", differing) not in html
    assert "See the result" in html


def test_where_two_answered_a_note_is_only_ones_own(full_round, instrument, president, member):
    fill(president, full_round, instrument, {"*": 3})
    save(member, full_round, "2.1", level(1, comment=SECRET))
    api.start_discussion(user_id=president.pk, round_uuid=full_round.uuid)

    assert SECRET not in page_of(president, full_round).content.decode()
    assert SECRET in page_of(member, full_round).content.decode()


PEOPLE = {
    "coach": (factories.make_coach, 403),
    "coordinator": (lambda association: factories.make_coordinator(association), 403),
    "operator": (lambda association: factories.make_user(is_superuser=True), 403),
    "former": (factories.make_former_member, 404),
    "stranger": (lambda association: factories.make_member(factories.make_association()), 404),
}


@pytest.mark.parametrize("who", PEOPLE)
def test_single_answers_are_for_members(who, differing, association):
    make, status = PEOPLE[who]
    person = make(association)

    assert page_of(person, differing).status_code == status
    assert post(person, differing, "2.1", "2").status_code == status
    assert not ConsensusAnswer.objects.exists()


def test_a_visitor_signs_in_first(differing):
    assert page_of(None, differing).status_code == 302
    answer = post(None, differing, "2.1", "2")
    assert answer.url.endswith(
        f"?next={address('discussion', differing)}"
    )  # not the form's own address: it cannot be opened


def test_the_language_may_be_switched_after_a_refusal(differing, president):
    refused = post(president, differing, "2.1", "").content.decode()
    here = re.search(r'name="next" value="([^"]+)"', refused).group(1)

    client = client_of(president)
    switched = client.post("/nassij/language/", {"language": "fr", "next": here}, follow=True)

    assert switched.status_code == 200
    assert "Ce que les membres ont dit" in switched.content.decode()


def test_the_page_costs_the_same_for_three_members_and_for_nine(
    differing, instrument, association, president, django_assert_max_num_queries
):
    client = client_of(president)
    client.get(address("discussion", differing))
    with django_assert_max_num_queries(6):
        client.get(address("discussion", differing))


def test_a_summary_names_the_first_points_with_who_said_what(differing, member):
    found = api.discussion(user_id=member.pk, round_uuid=differing.uuid, language="en")

    summary = discussion_summary(found)

    assert (summary.done, summary.total, summary.minutes, summary.more) == (0, 3, 5, 0)
    assert summary.points[0].said == "Starting: 1 member · Established: 2 members"
    assert summary.points[2].said == "No answer"
