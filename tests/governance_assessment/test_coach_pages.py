"""The coach's pages, without a script: the desk, validating question by question, finishing, reopening, the trail."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance_assessment import api
from governance_assessment.models import CoachAnswer, Round, Snapshot, Transition
from governance_assessment.validation.desk import QUIET_AFTER
from nassij.associations.api import Relation, Role, access, end_coach, next_steps
from nassij.common.retirement import retire
from tests.governance_assessment.helpers import ALL_FALSE, coach_says, fill, level, save, set_profile, settle
from tests.nassij.associations import factories

pytestmark = pytest.mark.django_db
DESK = "/nassij/governance/desk/"
HOME, LIST = "/nassij/", "/nassij/associations/"


def client_of(user: Any, language: str = "en") -> Client:
    cache.clear()
    client = Client(headers={"accept-language": language})
    if user is not None:
        client.force_login(user)
    return client


def page(name: str, opened: Any, **more: str) -> str:
    return reverse(f"nassij_governance:coach_{name}", kwargs={"round_uuid": opened.uuid, **more})


def of(opened: Any, code: str) -> str:
    return page("indicator", opened, code=code)


def text_of(response: Any) -> str:
    return response.content.decode()


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return found.group(1)


def say(client: Client, opened: Any, code: str, answer: str, **more: Any) -> Any:
    """Send the form of one question as a browser would."""
    newest = Snapshot.objects.filter(round_id=opened.id, layer="self").order_by("id").last()
    sent = {"answer": answer, "evidence": "none", "comment": "", "reason": "", "revision": "0"}
    sent |= {"submission": str(newest.uuid), **more}
    return client.post(of(opened, code), sent)


def make_accompanied(number: int, coach: Any, instrument: Any = None) -> list[Any]:
    """That many associations of a coach; with an instrument, each has submitted an express round."""
    made = []
    for _ in range(number):
        association = factories.make_association()
        made.append(association)
        factories.make_coach(association, coach)
        if instrument is not None:
            lead = factories.make_member(association, is_lead=True)
            opened = api.open_round(user_id=lead.pk, association_id=association.id)
            Round.objects.filter(pk=opened.id).update(
                state="submitted", open_slot=None, submitted_at=timezone.now(), step=1
            )
    return made


# --- The desk -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_desk_says_who_waits_how_long_and_how_far(language, submitted, association, coach):
    Round.objects.filter(pk=submitted.id).update(submitted_at=timezone.now() - timedelta(days=9))
    coach_says(coach, submitted, "2.1", level(2))

    response = client_of(coach, language).get(DESK)

    html = text_of(response)
    assert response.status_code == 200
    assert f'<html lang="{language}"' in html
    assert f'href="{page("round", submitted)}"' in html
    assert re.search(r'<progress max="43" value="1"', html)
    assert {"ar": "إقليم شيشاوة", "fr": "Province de Chichaoua", "en": "Chichaoua"}[language] in html
    assert not re.search(r"style=|<style| on\w+=", html)
    if language == "en":
        assert "1 round waits for you" in html
        assert "for 9 days" in html
        assert "1 of 43 looked at" in html


def test_the_longest_waiting_comes_first(submitted, instrument, coach):
    make_accompanied(1, coach, instrument)
    second = Round.objects.exclude(pk=submitted.id).get()
    Round.objects.filter(pk=second.pk).update(submitted_at=timezone.now() - timedelta(days=30))

    html = text_of(client_of(coach).get(DESK))

    assert html.index(str(second.uuid)) < html.index(str(submitted.uuid))


def test_the_quiet_ones_come_first_and_are_to_be_called(instrument, coach, association, president):
    """Never begun, silent for long, alive: in this order; a round validated needs no call."""
    alive = api.open_round(user_id=president.pk, association_id=association.id)
    save(president, alive, "1.1", level(2))
    silent, never = factories.make_association("الصامتة"), factories.make_association("لم تبدأ")
    for one in (silent, never):
        factories.make_coach(one, coach)
    lead = factories.make_member(silent, is_lead=True)
    opened = api.open_round(user_id=lead.pk, association_id=silent.id)
    Round.objects.filter(pk=opened.id).update(created_at=timezone.now() - QUIET_AFTER - timedelta(days=1))

    lines = api.desk(user_id=coach.pk, language="en").accompanied

    assert [(line.association_name, line.is_quiet) for line in lines] == [
        ("لم تبدأ", True),
        ("الصامتة", True),
        (association.name, False),
    ]
    html = text_of(client_of(coach).get(DESK))
    assert html.count("Call them") == 2
    assert "2 may need a call" in html
    assert "Nothing since" in html
    save(lead, opened, "1.1", level(2))
    assert not api.desk(user_id=coach.pk, language="en").accompanied[1].is_quiet


def test_a_line_says_where_the_newest_round_stands(submitted, association, president, coach):
    line = api.desk(user_id=coach.pk, language="en").accompanied[0]
    assert (line.state, line.since) == ("submitted", Transition.objects.get().at)
    api.validate_round(user_id=coach.pk, round_uuid=submitted.uuid, confirm_rest=True)
    assert "Validated on" in text_of(client_of(coach).get(DESK))
    api.open_round(user_id=president.pk, association_id=association.id)
    line = api.desk(user_id=coach.pk, language="en").accompanied[0]
    assert (line.number, line.state, line.is_quiet) == (2, "draft", False)


@pytest.mark.parametrize("number", [1, 30, 600])
def test_who_accompanies_pays_the_same_queries_at_any_size(number, instrument, coach, django_assert_num_queries):
    """Rounds wait for the coach, the coach's own association has not begun: each has its line on the home page and the list."""
    accompanied = make_accompanied(number, coach, instrument)
    coordinator = factories.make_coordinator(*accompanied, factories.make_association())
    for user, page, queries in (
        (coach, DESK, 7),  # session and account, and never more than eight of its own
        (coordinator, DESK, 6),
        (coach, HOME, 9),
        (coordinator, HOME, 10),
        (coach, LIST, 8),
        (coordinator, LIST, 9),
    ):
        client = client_of(user)
        client.get(page)
        cache.clear()
        with django_assert_num_queries(queries):
            html = text_of(client.get(page))
        if page == DESK:
            assert html.count('class="card next"') == (min(number, 30) if user == coach else 0)
            assert html.count('class="tall"') == min(number + 1, 50)


def test_the_list_has_pages(instrument, coach):
    make_accompanied(60, coach)
    html = text_of(client_of(coach).get(DESK + "?page=2"))
    assert html.count("<li class") == 11  # with the one the coach has anyway
    assert 'rel="prev"' in html


def test_the_desk_is_ones_own(submitted, association, coach):
    former = factories.make_coach(association)
    end_coach(association_id=association.id, user_id=former.pk)
    for person in (former, factories.make_member(factories.make_association())):
        html = text_of(client_of(person).get(DESK))
        assert association.name not in html
        assert "You accompany no association as a coach yet." in html
    assert client_of(None).get(DESK).status_code == 302


def test_a_coach_is_led_to_the_desk(submitted, association, president, coach):
    assert client_of(coach).get("/nassij/governance/").headers["Location"] == DESK
    assert f'href="{DESK}"' in text_of(client_of(coach).get("/nassij/"))
    assert DESK not in text_of(client_of(president).get("/nassij/"))
    both = factories.make_member(association)
    factories.make_coach(factories.make_association(), both)
    assert f'href="{DESK}"' in text_of(client_of(both).get("/nassij/governance/"))


def test_home_says_that_a_round_waits_for_its_coach_and_only_to_the_coach(submitted, association, coach, president):
    def urls(user):
        found = access(user_id=user.pk, association_id=association.id)
        relation = found.relation if found else Relation(association_id=association.id)
        return [line.url for line in next_steps(relations=[relation], language="en")[association.id]]

    assert page("round", submitted) in urls(coach)
    for person in (
        president,
        factories.make_coordinator(association),
        factories.make_coach(factories.make_association()),
    ):
        assert page("round", submitted) not in urls(person)


# --- One question ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_question_shows_what_was_said_every_level_and_what_would_show_it(language, submitted, instrument, coach):
    html = text_of(client_of(coach, language).get(of(submitted, "2.5")))

    indicator = instrument.indicator("2.5")
    for _number, words in indicator.levels:
        assert words.in_language(language).split("'")[0] in html
    for words in indicator.evidence:
        assert words.in_language(language).split("'")[0] in html
    assert html.count('type="radio"') == 4 + 2
    assert 'name="answer" value="3" checked' not in html, "no choice is made for anybody"
    assert not re.search(r"style=|<style| on\w+=", html)
    if language == "en":
        assert "the association's answer" in html
        assert "A high level, and no document is named that shows it." in html
        assert "One respondent" in html


def test_the_side_list_is_open_where_one_is_and_says_how_far_each_area_is(submitted, coach):
    coach_says(coach, submitted, "2.1", level(2))
    html = text_of(client_of(coach).get(of(submitted, "2.5")))
    side = html[html.index('<nav class="all"') :]
    assert side.count("<details") == 8
    assert side.count("<details open") == 1
    opened = side[side.index("<details open") :]
    assert "1 of " in opened[: opened.index("</summary>")]
    assert f'href="{of(submitted, "2.5")}" aria-current="page"' in opened[: opened.index("</details>")]


def test_a_critical_question_always_applies(submitted, coach):
    assert 'value="not_applicable"' not in text_of(client_of(coach).get(of(submitted, "1.1")))
    assert say(client_of(coach), submitted, "1.1", "not_applicable", reason="x").status_code == 422


def test_a_settled_answer_carries_its_note(full_round, instrument, president, member, coach):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    fill(member, opened, instrument, {"*": 3, "2.1": 1})
    api.start_discussion(user_id=president.pk, round_uuid=opened.uuid)
    settle(president, opened, "2.1", level(2), note="اتفقنا بعد نقاش")
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)

    html = text_of(client_of(coach).get(of(opened, "2.1")))

    assert "Settled in discussion" in html
    assert "اتفقنا بعد نقاش" in html


def test_saving_leads_to_the_next_and_after_the_last_to_the_end(submitted, instrument, coach):
    client = client_of(coach)
    first = say(client, submitted, "1.1", "2", evidence="seen", comment="وثيقة واضحة")
    assert (first.status_code, first.headers["Location"]) == (302, of(submitted, "1.2"))
    word = CoachAnswer.objects.get()
    assert (word.level, word.evidence, word.comment, word.coach_id) == (2, "seen", "وثيقة واضحة", coach.pk)
    html = text_of(client.get(of(submitted, "1.1")))
    assert 'value="2" checked' in html
    assert "وثيقة واضحة" in html
    assert hidden(html, "revision") == "1"

    codes = [item.code for item in api.validation(user_id=coach.pk, round_uuid=submitted.uuid, language="en").items]
    assert say(client, submitted, codes[-1], "3").headers["Location"] == of(submitted, "1.2"), "what was left out"
    for code in codes[1:-2]:
        coach_says(coach, submitted, code, level(3))
    end = say(client, submitted, codes[-2], "no_evidence", evidence="declared")
    assert end.headers["Location"] == page("round", submitted) + "#finish"
    assert CoachAnswer.objects.get(indicator_code=codes[-2]).evidence == "none"


def test_the_same_form_sent_three_times_is_one_word(submitted, coach):
    client = client_of(coach)
    for _ in range(3):
        assert say(client, submitted, "2.1", "2").status_code == 302
    assert CoachAnswer.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"answer": ""}, 400),
        ({"answer": "99"}, 422),
        ({"answer": "9" * 5000}, 400),
        ({"answer": "not_applicable"}, 422),
        ({"answer": "no_evidence", "evidence": "seen"}, 400),
        ({"answer": "3", "evidence": "heard"}, 400),
        ({"answer": "3", "comment": "a" * 2001}, 400),
        ({"answer": "3", "revision": "x"}, 400),
        ({"answer": "3", "revision": str(10**30)}, 400),
    ],
)
def test_what_cannot_be_stored_is_said_and_what_was_typed_stays(sent, status, submitted, coach):
    sent = {"comment": "ملاحظتي", **sent}
    response = say(client_of(coach), submitted, "2.5", **sent)

    assert response.status_code == status
    assert not CoachAnswer.objects.exists()
    if not sent.get("revision") and len(sent["comment"]) < 100 and len(sent["answer"]) < 100:
        assert "ملاحظتي" in text_of(response)


def test_two_coaches_both_words_are_shown_and_one_chooses(submitted, association, coach):
    other = client_of(factories.make_coach(association))
    say(client_of(coach), submitted, "2.1", "2", comment="الأولى")

    refused = say(other, submitted, "2.1", "4", comment="الثانية")

    html = text_of(refused)
    assert refused.status_code == 409
    assert "الأولى" in html
    assert "الثانية" in html
    assert 'value="4" checked' in html
    assert hidden(html, "revision") == "1"
    assert f'href="{of(submitted, "2.2")}"' in html, "keeping the other's goes on"
    assert CoachAnswer.objects.count() == 1
    assert say(other, submitted, "2.1", "4", comment="الثانية", revision="1").status_code == 302
    assert list(CoachAnswer.objects.values_list("level", flat=True)) == [2, 4]


def test_a_revision_of_a_word_that_is_not_stored_is_refused_with_the_form(submitted, coach):
    answer = say(client_of(coach), submitted, "2.1", "4", revision="7", comment="باق")

    assert answer.status_code == 409
    assert "باق" in text_of(answer)
    assert say(client_of(coach), submitted, "2.1", "4", revision=hidden(text_of(answer), "revision")).status_code == 302


def test_a_word_on_a_submission_before_is_shown_the_new_answer(submitted, president, coach):
    coaches = client_of(coach)
    old = text_of(coaches.get(of(submitted, "1.2")))
    sent = {name: hidden(old, name) for name in ("revision", "submission")}
    step = hidden(text_of(coaches.get(page("round", submitted))), "step")
    api.reopen_round(user_id=coach.pk, round_uuid=submitted.uuid, reason="وثيقة ناقصة")
    settle(president, submitted, "1.2", level(1), revision=1)
    api.submit_round(user_id=president.pk, round_uuid=submitted.uuid)

    answer = say(coaches, submitted, "1.2", "3", comment="باق", **sent)

    assert answer.status_code == 409
    html = text_of(answer)
    assert "The association has submitted again since you opened this page." in html
    assert "باق" in html
    assert "Yours" not in html
    assert not CoachAnswer.objects.exists()
    assert finish(coaches, submitted, step=step, confirm_rest="yes").status_code == 409
    assert not CoachAnswer.objects.exists()
    assert hidden(html, "submission") != sent["submission"]
    sent = {name: hidden(html, name) for name in ("revision", "submission")}
    assert say(coaches, submitted, "1.2", "1", **sent).status_code == 302
    assert say(coaches, submitted, "1.3", "1", submission="").status_code == 400


def test_a_widened_round_keeps_showing_what_was_submitted(express_round, instrument, association, president, coach):
    opened = set_profile(president, express_round, ALL_FALSE)
    express = api.published_instrument(slug="gov-ma", kind="express").instrument
    fill(president, opened, express, {"*": 3})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    coaches = client_of(coach)
    before = list(Snapshot.objects.values())
    api.reopen_round(user_id=coach.pk, round_uuid=opened.uuid, reason="وثيقة ناقصة")
    api.back_to_answers(user_id=president.pk, round_uuid=opened.uuid)
    widened = api.open_round(user_id=president.pk, association_id=association.id, kind="full")
    assert (widened.uuid, widened.kind) == (opened.uuid, "full")

    asked = [item.code for item in api.validation(user_id=coach.pk, round_uuid=opened.uuid, language="ar").items]
    assert 0 < len(asked) < len(list(instrument.all_indicators()))
    assert coaches.get(page("round", opened)).status_code == 200
    assert coaches.get(page("trail", opened)).status_code == 200
    assert coaches.get(of(opened, asked[0])).status_code == 200
    step = {"step": str(widened.step)}
    assert coaches.post(page("reopen", opened), {"reason": "x", **step}).status_code == 409
    assert finish(coaches, opened, **step).status_code == 409
    assert coaches.get(DESK).status_code == 200
    assert api.own_data(user_id=president.pk, round_uuid=opened.uuid, language="ar").document["results"]

    fill(president, widened, instrument, {code: 2 for code in all_codes(instrument) if code not in asked})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    again = api.validation(user_id=coach.pk, round_uuid=opened.uuid, language="ar")
    assert len(again.items) > len(asked)
    assert coaches.get(page("round", opened)).status_code == 200
    assert list(Snapshot.objects.order_by("id").values())[:1] == before


def all_codes(instrument: Any) -> list[str]:
    return [indicator.code for indicator in instrument.all_indicators()]


def test_a_word_that_no_longer_stands_asks_to_look_again(submitted, president, coach):
    coach_says(coach, submitted, "2.1", level(2))
    api.reopen_round(user_id=coach.pk, round_uuid=submitted.uuid, reason="x")
    html = text_of(client_of(coach).get(page("round", submitted)))
    assert "The association is discussing this round again." in html
    assert "Validate the round" not in html
    settle(president, submitted, "2.1", level(2), revision=1)
    api.submit_round(user_id=president.pk, round_uuid=submitted.uuid)

    client = client_of(coach)
    assert "The association has changed its answer since you looked." in text_of(client.get(of(submitted, "2.1")))
    assert "answer changed: look again" in text_of(client.get(page("round", submitted)))


def test_a_round_that_moved_meanwhile_leads_back_to_its_page(submitted, coach):
    api.validate_round(user_id=coach.pk, round_uuid=submitted.uuid, confirm_rest=True)
    response = say(client_of(coach), submitted, "2.1", "1")
    assert response.headers["Location"] == page("round", submitted)
    assert CoachAnswer.objects.filter(together=False).count() == 0


# --- The whole ------------------------------------------------------------------------------------------


def finish(client: Client, opened: Any, **more: Any) -> Any:
    return client.post(page("validate", opened), {"step": "1", **more})


def test_finishing_names_and_links_what_is_missing(submitted, instrument, coach):
    coach_says(coach, submitted, "2.1", level(2))

    refused = finish(client_of(coach), submitted, remark="عمل جيد")

    html = text_of(refused)
    alert = html[html.index('role="alert"') : html.index("with-finish")]
    assert refused.status_code == 422
    assert alert.count("<li>") == 42
    assert f'href="{of(submitted, "2.2")}"' in alert
    assert of(submitted, "2.1") not in alert
    assert "عمل جيد" in html
    assert Round.objects.get().state == "submitted"


def test_the_rest_is_confirmed_only_when_ticked(submitted, association, coach):
    client = client_of(coach)
    say(client, submitted, "2.1", "1")
    html = text_of(client.get(page("round", submitted)))
    assert "For the 42 questions on which I said nothing: it is as the association said." in html
    assert "1 differs" in html
    assert 'id="confirm_rest" value="yes">' in html

    for _ in range(3):
        assert finish(client, submitted, confirm_rest="yes", remark="أحسنتم").status_code == 302

    assert Snapshot.objects.filter(layer="validated").count() == 1
    after = text_of(client.get(page("round", submitted)))
    assert "أحسنتم" in after
    assert "Validate the round" not in after
    assert "Reopen the round" in after


def test_both_answers_stay_visible_for_ever_and_nothing_can_be_changed(submitted, association, president, coach):
    client = client_of(coach)
    say(client, submitted, "2.1", "1", comment="لا محضر")
    finish(client, submitted, confirm_rest="yes")
    api.close_round(user_id=president.pk, round_uuid=submitted.uuid)

    for person in (coach, factories.make_coordinator(association), factories.make_user(is_superuser=True)):
        html = text_of(client_of(person).get(of(submitted, "2.1")))
        assert 'type="radio"' not in html
        assert '<span class="chip">Association</span>' in html
        assert '<span class="chip done">Coach</span>' in html
        assert "لا محضر" in html
        assert "confirmed together" in text_of(client_of(person).get(of(submitted, "2.2")))


def test_where_the_association_does_not_know_only_the_coach_can_say(full_round, instrument, president, coach):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3, "4.2": {"kind": "dont_know"}})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    client = client_of(coach)

    html = text_of(client.get(page("round", opened)))
    assert "only your word helps:" in html
    assert "42 questions" in html

    refused = finish(client, opened, confirm_rest="yes")
    assert refused.status_code == 422
    alert = text_of(refused)
    alert = alert[alert.index('role="alert"') : alert.index("with-finish")]
    assert re.findall(r'href="([^"]+)"', alert) == [of(opened, "4.2")]
    assert "The association does not know" in text_of(client.get(of(opened, "4.2")))
    say(client, opened, "4.2", "2")
    html = text_of(client.get(page("round", opened)))
    assert '<li class="filled">' in html
    assert '<li class="differs">' not in html, "who does not know has said nothing that could differ"


def test_the_page_costs_the_same_whatever_was_said(submitted, coach, django_assert_num_queries):
    client = client_of(coach)
    client.get(page("round", submitted))
    for said in range(2):
        if said:
            for item in api.validation(user_id=coach.pk, round_uuid=submitted.uuid, language="en").items:
                coach_says(coach, submitted, item.code, level(2))
        cache.clear()
        with django_assert_num_queries(9):  # four, the history's three, session and account
            client.get(page("round", submitted))
        with django_assert_num_queries(10):  # four, the documents' four
            client.get(of(submitted, "2.1"))


def test_reopening_says_why(submitted, association, coach):
    client = client_of(coach)
    refused = client.post(page("reopen", submitted), {"step": "1", "reason": " "})
    assert refused.status_code == 400
    assert "Say why this round is reopened." in text_of(refused)
    for _ in range(2):
        assert client.post(page("reopen", submitted), {"step": "1", "reason": "وثيقة ناقصة"}).status_code == 302
    html = text_of(client.get(page("round", submitted)))
    assert Round.objects.get().state == "consensus"
    assert "Reopened" in html
    assert "وثيقة ناقصة" in html
    assert "The coach" in html


def test_a_coordinator_reopens_and_does_not_validate(submitted, association):
    coordinator = client_of(factories.make_coordinator(association))
    html = text_of(coordinator.get(page("round", submitted)))
    assert "Validate the round" not in html
    assert "Reopen the round" in html
    assert 'type="radio"' not in text_of(coordinator.get(of(submitted, "2.1")))
    assert finish(coordinator, submitted, confirm_rest="yes").status_code == 403
    assert say(coordinator, submitted, "2.1", "1").status_code == 403
    assert coordinator.post(page("reopen", submitted), {"step": "1", "reason": "x"}).status_code == 302


def test_an_older_round_is_not_reopened(submitted, association, president, coach):
    api.open_round(user_id=president.pk, association_id=association.id)
    refused = client_of(coach).post(page("reopen", submitted), {"step": "1", "reason": "لماذا"})
    assert refused.status_code == 409
    assert "لماذا" in text_of(refused)


def test_a_coordinator_who_leads_an_association_closes_its_round(submitted, association, coach):
    api.validate_round(user_id=coach.pk, round_uuid=submitted.uuid, confirm_rest=True)
    both = factories.make_coordinator(association, user=factories.make_member(association, is_lead=True))
    assert "Close the round" in text_of(client_of(both).get(page("round", submitted)))
    assert "Close the round" not in text_of(client_of(coach).get(page("round", submitted)))
    close = reverse("nassij_governance:close", kwargs={"round_uuid": submitted.uuid})
    assert client_of(coach).post(close, {"step": "2"}).status_code == 403
    assert client_of(both).post(close, {"step": "2"}).status_code == 302
    assert Round.objects.get().state == "closed"


def test_the_result_leads_those_who_accompany_to_the_validation(submitted, association, president, coach):
    result = reverse("nassij_governance:round", kwargs={"round_uuid": submitted.uuid})
    for person in (coach, factories.make_coordinator(association), factories.make_user(is_superuser=True)):
        html = text_of(client_of(person).get(result))
        assert f'href="{page("round", submitted)}"' in html
        assert f'href="{page("trail", submitted)}"' in html
    assert page("round", submitted) not in text_of(client_of(president).get(result))


# --- The trail ------------------------------------------------------------------------------------------


def test_the_trail_tells_who_did_what_and_never_what_members_said(
    full_round, instrument, association, president, member, coach
):
    opened = set_profile(president, full_round, ALL_FALSE)
    secret = {"kind": "level", "level": 1, "comment": "سر العضو"}
    fill(president, opened, instrument, {"*": 3})
    fill(member, opened, instrument, {"*": 3, "2.1": secret})
    api.start_discussion(user_id=president.pk, round_uuid=opened.uuid)
    settle(president, opened, "2.1", level(2))
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    coach_says(coach, opened, "2.1", level(1))
    api.validate_round(user_id=coach.pk, round_uuid=opened.uuid, confirm_rest=True)

    for person in (coach, factories.make_coordinator(association), factories.make_user(is_superuser=True)):
        html = text_of(client_of(person).get(page("trail", opened)))
        for sentence in ("opened", "discussion began", "settled:", "submitted", "gave a word:", "validated"):
            assert sentence in html
        assert "said” · <b>42 answers</b>" in html
        assert president.username in html
        assert "The president" in html
        assert "سر العضو" not in html
        assert member.username not in html
    for person in (president, member):
        assert client_of(person).get(page("trail", opened)).status_code == 403


def test_the_trail_has_pages_at_the_same_cost(submitted, coach, django_assert_num_queries):
    for revision in range(60):
        coach_says(coach, submitted, "2.1", level(1 + revision % 2), revision=revision)
    client = client_of(coach)
    first = text_of(client.get(page("trail", submitted)))
    assert first.count("gave a word") == 50
    assert 'href="?page=2"' in first
    cache.clear()
    with django_assert_num_queries(7):
        second = text_of(client.get(page("trail", submitted) + "?page=2"))
    assert second.count("gave a word") == 10
    assert "The round was submitted." in second
    assert 'rel="next"' not in second
    for odd in ("0", "-1", "x", "9" * 30):
        assert client.get(page("trail", submitted) + f"?page={odd}").status_code == 200


def test_what_somebody_gone_did_stays_without_a_name(submitted, president, coach):
    retire(user_id=president.pk)
    html = text_of(client_of(coach).get(page("trail", submitted)))
    assert "The president" in html
    assert president.username not in html


# --- Who gets in ----------------------------------------------------------------------------------------

OUTSIDE = {
    "stranger": lambda association: factories.make_member(factories.make_association(), role=Role.PRESIDENT),
    "coach elsewhere": lambda association: factories.make_coach(factories.make_association()),
    "coordinator elsewhere": lambda association: factories.make_coordinator(factories.make_association()),
    "former member": factories.make_former_member,
    "former coach": lambda association: former_coach(association),
}
PAGES = [("get", "round"), ("get", "indicator"), ("get", "trail"), ("post", "indicator"), ("post", "validate"),
         ("post", "reopen")]  # fmt: skip


def former_coach(association):
    coach = factories.make_coach(association)
    end_coach(association_id=association.id, user_id=coach.pk)
    return coach


@pytest.mark.parametrize(("method", "name"), PAGES)
@pytest.mark.parametrize("who", [*OUTSIDE, "member", "president", "nobody"])
def test_nobody_else_gets_in(who, method, name, submitted, association, president, member):
    inside = {"member": member, "president": president, "nobody": None}
    person = inside[who] if who in inside else OUTSIDE[who](association)
    url = page(name, submitted, **({"code": "2.1"} if name == "indicator" else {}))
    sent = {"answer": "1", "revision": "0", "step": "1", "reason": "x", "confirm_rest": "yes"}

    response = getattr(client_of(person), method)(url, sent if method == "post" else None)

    expected = 302 if person is None else 403 if who in inside else 404
    assert response.status_code == expected
    if person is not None:
        assert association.name not in text_of(response)
    assert Round.objects.get(pk=submitted.id).state == "submitted"
    assert not CoachAnswer.objects.exists()


def test_a_question_that_is_not_asked_does_not_exist(submitted, coach):
    for code in ("9.9", "9.1 ", "<b>"):
        assert client_of(coach).get(of(submitted, code)).status_code == 404


def test_a_round_never_submitted_has_nothing_to_validate(full_round, coach):
    assert client_of(coach).get(page("round", full_round)).status_code == 409
    assert client_of(coach).get(page("trail", full_round)).status_code == 200


def test_who_coordinates_is_led_to_where_the_rounds_stand(submitted, association):
    person = factories.make_coordinator(association)
    client = client_of(person)
    assert client.get("/nassij/governance/").headers["Location"] == DESK
    html = text_of(client.get(DESK))
    assert "Associations of my cohorts" in html
    assert "waits for its coach" in html
    assert "Begin to validate" not in html
    assert "Nobody waits for you" not in html
    assert client.get(page("round", submitted)).status_code == 200
    assert DESK in text_of(client.get("/nassij/"))


def test_saving_without_a_choice_says_what_to_choose_and_keeps_what_was_written(submitted, coach):
    page = text_of(client_of(coach).get(of(submitted, "2.1")))
    sent = {"revision": "0", "submission": hidden(page, "submission"), "comment": "لا محضر"}
    refused = client_of(coach).post(of(submitted, "2.1"), sent)
    assert refused.status_code == 400
    html = text_of(refused)
    assert "Say what you found: a level, or “nothing shows it”." in html
    assert "لا محضر" in html


def test_validating_without_the_box_names_the_box(submitted, coach):
    refused = finish(client_of(coach), submitted)
    assert refused.status_code == 422
    assert '<a href="#confirm_rest">Or tick “as the association said” below.</a>' in text_of(refused)
