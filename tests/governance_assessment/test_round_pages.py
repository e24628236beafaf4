"""A round's page in every state: what moves it on, what is missing, the result in its order, and how it came there."""

import re

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from governance_assessment import api
from governance_assessment.models import Round
from nassij.associations.api import Role
from tests.governance_assessment.helpers import ALL_FALSE, coach_says, fill, level, save, set_profile, settle
from tests.nassij.associations import factories

pytestmark = pytest.mark.django_db
UNIT = "/courses/course-v1:Nassij+GOV2+en/jump_to_id/gov2-s1-u6"
RUNS = {"internal-governance": {"en": "course-v1:Nassij+GOV2+en"}}
MOVES = ("start_discussion", "back_to_answers", "submit", "close")


def client_of(user, language="en"):
    client = Client(headers={"accept-language": language})
    if user is not None:
        client.force_login(user)
    return client


def address(name, opened):
    return reverse(f"nassij_governance:{name}", kwargs={"round_uuid": opened.uuid})


def page(user, opened, language="en"):
    response = client_of(user, language).get(address("round", opened))
    assert response.status_code == 200
    return response.content.decode()


def press(user, name, opened, **body):
    return client_of(user).post(address(name, opened), body)


def offered(html, opened):
    return {name for name in MOVES if f'action="{address(name, opened)}"' in html}


@pytest.fixture
def answered(full_round, instrument, president, member):
    """The president has answered everything with 3, a member two questions, one of them otherwise."""
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    save(member, opened, "1.1", level(3))
    save(member, opened, "2.1", level(1))
    return opened


@pytest.fixture
def validated(submitted, coach):
    coach_says(coach, submitted, "2.1", level(1, comment="لم نجد المحضر"))
    coach_says(coach, submitted, "2.2", {"kind": "no_evidence"})
    coach_says(coach, submitted, "3.1", level(2))
    coach_says(coach, submitted, "2.3", level(3, comment="محضر واضح"))
    return api.validate_round(
        user_id=coach.pk, round_uuid=submitted.uuid, remark="عمل جيد", confirm_rest=True, step=submitted.step
    )


# --- What moves it on -----------------------------------------------------------------------------------


def test_who_leads_sees_how_many_have_answered_and_opens_the_discussion(answered, president):
    html = page(president, answered)

    assert "1 of 2 members have answered everything" in html
    assert "2 have begun." in html
    assert "Not everyone has finished yet." in html
    assert offered(html, answered) == {"start_discussion"}
    moved = press(president, "start_discussion", answered, step=answered.step)
    assert moved.url == address("discussion", answered)
    assert Round.objects.get().state == "consensus"


def test_who_agree_on_nothing_may_discuss_all_the_more(full_round, president, member):
    save(president, full_round, "2.1", level(3))
    save(member, full_round, "2.1", level(1))

    assert offered(page(president, full_round), full_round) == {"start_discussion"}


def test_alone_in_an_association_one_submits_at_once(full_round, instrument, president):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})

    html = page(president, opened)

    assert offered(html, opened) == {"start_discussion", "submit"}
    assert press(president, "submit", opened, step=opened.step).url == address("round", opened)
    assert Round.objects.get().state == "submitted"


def test_a_member_moves_nothing(answered, president, member):
    assert offered(page(member, answered), answered) == set()
    for name in MOVES:
        assert press(member, name, answered).status_code == 403
    assert Round.objects.get().state == "draft"


REFUSED = {
    "treasurer": (lambda association: factories.make_member(association, role=Role.TREASURER), 403),
    "member": (factories.make_member, 403),
    "coach": (factories.make_coach, 403),
    "coordinator": (lambda association: factories.make_coordinator(association), 403),
    "operator": (lambda association: factories.make_user(is_superuser=True), 403),
    "former": (factories.make_former_member, 404),
    "stranger": (lambda association: factories.make_member(factories.make_association(), role=Role.PRESIDENT), 404),
    "nobody": (lambda association: None, 302),
}


@pytest.mark.parametrize("who", REFUSED)
def test_nobody_else_moves_it_in_any_state(who, answered, association, president, coach):
    """Every move in every state, pressed by whoever does not lead: nothing moves."""
    make, status = REFUSED[who]
    person = make(association)
    steps = [
        lambda: None,
        lambda: api.start_discussion(user_id=president.pk, round_uuid=answered.uuid),
        lambda: settle(president, answered, "2.1", level(2)),
        lambda: api.submit_round(user_id=president.pk, round_uuid=answered.uuid),
        lambda: api.validate_round(user_id=coach.pk, round_uuid=answered.uuid, confirm_rest=True),
    ]
    for step in steps:
        step()
        before = Round.objects.get()
        for name in MOVES:
            assert press(person, name, answered, step=before.step).status_code == status
        assert (Round.objects.get().state, Round.objects.get().step) == (before.state, before.step)


@override_settings(NASSIJ_COURSE_RUNS=RUNS)
def test_while_members_answer_what_is_missing_leads_to_the_course(answered, president):
    refused = press(president, "submit", answered)

    html = refused.content.decode()
    assert refused.status_code == 422
    assert f'href="{UNIT}"' in html
    assert f'href="{UNIT}"' in page(president, answered)
    refused = press(president, "submit", unfinished(president, answered))
    assert f'<li><a href="{UNIT}">' in refused.content.decode()


def unfinished(user, opened):
    """Nobody has an answer to 3.4 any more."""
    save(user, opened, "3.4", {"kind": "skipped"}, revision=1)
    return opened


def test_before_they_talk_a_page_shows_only_what_its_reader_said(answered, instrument, association, president, member):
    """The member said "starting" of 2.1, the president 3 of everything: neither page knows of the other."""
    title = instrument.indicator("2.1").title.in_language("en")
    lead = page(president, answered)
    assert "This is what your own answers give." in lead
    assert "1 point stands in the way of submitting" in lead
    assert "Where members differ is seen by everyone at once" in lead
    assert "To talk about together" not in lead
    assert instrument.indicator("1.2").title.in_language("en") in lead
    assert "To talk about together" not in page(member, answered)
    refused = press(president, "submit", answered, step=answered.step).content.decode()
    assert "The members gave different answers to some questions." in refused
    assert f">{title}</a>" not in refused
    for person in (factories.make_coach(association), factories.make_member(association)):
        html = page(person, answered)
        assert "The answers are still closed" in html
        assert "have begun" in html or "has answered everything" in html
        assert "nassij-radar" not in html
        assert title not in html


@pytest.mark.parametrize(
    ("language", "own", "closed"),
    [
        ("ar", "هذا ما تعطيه أجوبتكم أنتم وحدها.", "الأعضاء يجيبون، كل واحد على حدة."),
        ("fr", "Voici ce que donnent vos propres réponses.", "Les membres répondent, chacun de son côté."),
    ],
)
def test_whose_answers_these_are_is_said_in_every_language(language, own, closed, answered, coach, president):
    assert own in page(president, answered, language)
    assert closed in page(coach, answered, language)
    assert own not in page(coach, answered, language)


def test_while_they_discuss_what_is_missing_leads_to_its_point(answered, president, member):
    opened = api.start_discussion(user_id=president.pk, round_uuid=answered.uuid)
    html = page(president, opened)

    assert "1 point still to settle" in html
    assert f'href="{address("discussion", opened)}?look=2.1#q-2.1"' in html
    assert offered(html, opened) == {"back_to_answers"}
    refused = press(president, "submit", opened, step=opened.step)
    assert refused.status_code == 422
    assert f'href="{address("discussion", opened)}?look=2.1#q-2.1"' in refused.content.decode()
    settle(president, opened, "2.1", level(2))
    assert offered(page(president, opened), opened) == {"back_to_answers", "submit"}


def test_back_to_the_answers_and_forth(answered, president):
    opened = api.start_discussion(user_id=president.pk, round_uuid=answered.uuid)
    moved = press(president, "back_to_answers", opened, step=opened.step)

    assert moved.url == address("round", opened)
    assert Round.objects.get().state == "draft"


def test_a_page_that_is_behind_is_told_where_the_round_is_now(answered, association, president):
    lead = factories.make_member(association, is_lead=True)
    api.start_discussion(user_id=lead.pk, round_uuid=answered.uuid)
    api.back_to_answers(user_id=lead.pk, round_uuid=answered.uuid)

    refused = press(president, "start_discussion", answered, step=0)

    html = refused.content.decode()
    assert refused.status_code == 409
    assert "Now: Members are answering." in html
    assert Round.objects.get().state == "draft"
    assert press(president, "start_discussion", answered, step="x").status_code == 400


def test_a_move_pressed_twice_is_one_move(answered, president):
    for _ in range(3):
        assert press(president, "start_discussion", answered, step=0).status_code == 302

    assert Round.objects.get().step == 1


def test_what_is_worth_a_second_look_asks_and_does_not_block(full_round, instrument, president):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    html = page(president, opened)

    assert "Worth a second look before you submit" in html
    assert "Every question has the same level." in html
    assert "A high level, and no document is named that shows it." in html
    assert press(president, "submit", opened).status_code == 302


def test_what_waits_for_the_coach_says_so(submitted, president):
    html = page(president, submitted)

    assert "it waits for the coach" in html
    assert offered(html, submitted) == set()


def test_a_validated_round_is_closed_by_who_leads_it(validated, president, member, coach):
    assert offered(page(member, validated), validated) == set()
    assert offered(page(president, validated), validated) == {"close"}
    assert press(coach, "close", validated).status_code == 403
    assert press(president, "close", validated, step=validated.step).status_code == 302
    assert "Closed" in page(president, validated)


def test_a_reopened_round_says_why(submitted, president, coach):
    opened = api.reopen_round(user_id=coach.pk, round_uuid=submitted.uuid, reason="ناقشوا النقطة 2.1 من جديد")

    html = page(president, opened)

    assert "This round was reopened." in html
    assert "ناقشوا النقطة 2.1 من جديد" in html
    assert offered(html, opened) == {"back_to_answers", "submit"}


# --- The result -----------------------------------------------------------------------------------------


def test_the_order_of_a_result(validated, president):
    html = page(president, validated)
    marks = (
        "nassij-radar",
        "<table",
        "عمل جيد",
        "critical point",
        "Your strengths",
        "To improve",
        "Three next steps",
        "The overall level",
        "out of 100",
        "How is this computed?",
        "No decision on subsidies rests on it.",
    )
    assert [html.index(mark) for mark in marks] == sorted(html.index(mark) for mark in marks)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_both_words_stand_side_by_side(language, validated, president):
    html = page(president, validated, language)

    said = {
        "ar": "تختلف نتائج المواكبة في 3 أسئلة",
        "fr": "Sur 3 questions",
        "en": "On 3 questions the coach found",
    }
    assert said[language] in html
    assert "لم نجد المحضر" in html
    assert "محضر واضح" in html
    assert html.count('<th scope="col">') == 3
    assert not re.search(r"style=|<style| on\w+=", html)


def test_what_nothing_shows_says_so(validated, president):
    assert "nothing shows it, so it counts as “Starting”" in page(president, validated)


def test_a_coach_who_agrees_with_everything(submitted, coach, president):
    found = api.validate_round(user_id=coach.pk, round_uuid=submitted.uuid, confirm_rest=True)

    assert "The coach found every answer as you gave it." in page(president, found)


def test_the_next_steps_are_added_to_the_plan_in_one_tap(submitted, president, member):
    html = page(president, submitted)
    take = reverse("nassij_governance:plan_take", kwargs={"uuid": submitted.association_uuid})
    assert html.count(f'action="{take}"') == 3
    assert take not in page(member, submitted)
    code, start = re.search(
        r'name="indicator" value="([^"]+)"><input[^>]*name="from_level" value="(\d*)"', html
    ).groups()
    assert client_of(president).post(take, {"indicator": code, "from_level": start}).status_code == 302

    after = page(president, submitted)
    assert after.count(f'action="{take}"') == 2
    assert "In the plan" in after


def test_what_nobody_knows_is_found_out_first_where_it_is_critical(full_round, instrument, president):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3, "4.1": {"kind": "dont_know"}, "2.1": 1})

    def steps():
        result = api.result(user_id=president.pk, round_uuid=opened.uuid, language="en")
        return [(step.found.indicator_code, step.found.find_out) for step in api.first_steps(result)]

    assert steps() == []  # nothing is recommended before it is submitted
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    assert steps()[:2] == [("2.1", False), ("4.1", True)]


def test_a_coach_sees_by_name_what_members_still_discuss(answered, instrument, president, coach):
    opened = api.start_discussion(user_id=president.pk, round_uuid=answered.uuid)

    assert instrument.indicator("2.1").title.in_language("en") in page(coach, opened)
    assert "To talk about together" in page(coach, opened)
    assert "To talk about together" not in page(president, opened)


def test_an_older_round_recommends_nothing_that_is_over(submitted, instrument, association, president):
    following = api.open_round(user_id=president.pk, association_id=association.id, kind="full")
    fill(president, following, instrument, {"*": 4})
    api.submit_round(user_id=president.pk, round_uuid=following.uuid)

    assert "Three next steps" not in page(president, submitted)


def test_the_round_before_is_a_line_and_a_change_on_equal_questions(submitted, instrument, association, president):
    following = api.open_round(user_id=president.pk, association_id=association.id, kind="full")
    fill(president, following, instrument, {"*": 4})
    html = page(president, following)

    assert "nassij-radar-before" in html
    assert "Dashed line: round 1" in html
    assert "The change is counted on the 43 questions" in html
    assert '<bdi dir="ltr">+33.3</bdi>' in html
    assert "nassij-radar-before" not in page(president, submitted)


def test_a_round_nobody_has_answered_is_no_empty_page(full_round, president):
    html = page(president, full_round)

    assert "The answers are still closed" in html
    assert "Give your answers: then you see here what they give." in html
    assert offered(html, full_round) == set()


def test_the_way_here_in_words_without_names(submitted, president, coach):
    api.reopen_round(user_id=coach.pk, round_uuid=submitted.uuid, reason="سبب")
    html = page(president, submitted)
    lines = re.search(r"How this round came here.*?</ol>", html, re.S).group(0)

    assert "Opened" in lines
    assert re.search(r"Submitted ·.*The president \(you\)", lines)
    assert re.search(r"Reopened ·.*The coach", lines)
    assert coach.username not in html


def test_a_coach_sees_the_result_and_no_single_answers(answered, president, coach):
    opened = api.start_discussion(user_id=president.pk, round_uuid=answered.uuid)
    html = page(coach, opened)

    assert address("discussion", opened) not in html
    assert "/nassij/governance/instruments/gov-ma/#q-2.1" in html


def test_the_page_costs_the_same_whatever_the_number_of_members(
    validated, association, president, django_assert_max_num_queries
):
    client = client_of(president)
    client.get(address("round", validated))
    with django_assert_max_num_queries(12):
        client.get(address("round", validated))


# --- The list, the rules --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_how_it_is_computed_is_open_to_everyone(language):
    response = client_of(None, language).get(reverse("nassij_governance:scoring"))

    assert response.status_code == 200
    assert "r_wg" in response.content.decode()


def test_the_list_says_what_comes_next_and_leads_there(answered, president, member):
    home = reverse("nassij_governance:home")
    assert "Every member answers." in client_of(member).get(home).content.decode()
    opened = api.start_discussion(user_id=president.pk, round_uuid=answered.uuid)
    html = client_of(member).get(home).content.decode()

    assert "Talk about what differs." in html
    assert f'href="{address("discussion", opened)}"' in html


def test_participation_counts_members_who_are_there(answered, instrument, association, president, member):
    third = factories.make_member(association, role=Role.TREASURER)
    fill(third, answered, instrument, {"*": 2})

    def counted():
        found = api.participation(user_id=member.pk, round_uuid=answered.uuid)
        return found.members, found.begun, found.complete

    assert counted() == (3, 3, 2)
    from nassij.associations.api import leave

    leave(user_id=third.pk, association_id=association.id)
    assert counted() == (2, 2, 1)


# --- What a first look must find -------------------------------------------------------------------------


def test_with_everything_settled_submitting_comes_first_and_the_round_is_not_called_a_result(
    answered, association, president
):
    opened = api.start_discussion(user_id=president.pk, round_uuid=answered.uuid)
    before = page(president, opened)
    assert "Look at the result together, then submit the round." not in before
    settle(president, opened, "2.1", level(2))
    html = page(president, opened)

    assert "Look at the result together, then submit the round." in html
    assert html.index('id="submit"') < html.index('id="moves"')
    assert html.count('id="submit"') == 1
    assert f"<h1>Round 1 · <bdi>{association.name}</bdi></h1>" in html
    title = re.search("<title>(.*?)</title>", html, re.DOTALL).group(1)
    assert "Round 1" in title
    assert association.name in title
    assert "Result of the self-assessment" not in html


def test_waiting_for_the_coach_an_empty_plan_is_not_what_one_begins_with(submitted, president):
    below = "begin with the first recommended step below."
    html = page(president, submitted)
    assert below in html
    assert "<h1>Result of the self-assessment</h1>" in html

    add = re.search(
        r'<form method="post" action="([^"]+/take/)">.*?name="indicator" value="([^"]+)".*?value="(\d*)"',
        html,
        re.DOTALL,
    )
    client_of(president).post(add.group(1), {"indicator": add.group(2), "from_level": add.group(3)})
    after = page(president, submitted)
    assert below not in after
    assert "begin with the first step of the plan." in after


def test_the_list_of_rounds_promises_nothing_that_may_not_be_there(submitted, president):
    html = client_of(president).get(reverse("nassij_governance:home")).content.decode()
    assert "<p>The coach looks at it next.</p>" in html


def test_the_list_of_rounds_leads_to_the_plan_from_the_newest_result(
    full_round, instrument, association, president, coach
):
    home, plan = reverse("nassij_governance:home"), reverse("nassij_governance:plan", kwargs={"uuid": association.uuid})
    assert plan not in client_of(president).get(home).content.decode()

    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    api.validate_round(user_id=coach.pk, round_uuid=opened.uuid, confirm_rest=True)
    api.close_round(user_id=president.pk, round_uuid=opened.uuid)
    api.open_round(user_id=president.pk, association_id=association.id, kind="express")
    html = client_of(president).get(home).content.decode()

    assert html.count(f'href="{plan}"') == 1
    newer, older = html.split("<article")[1:3]
    assert plan in older and plan not in newer
    assert client_of(president).get(plan).status_code == 200


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_coachs_remark_has_a_direction_of_its_own(language, validated, president, coach):
    isolated = r"<blockquote><b>[^<]+</b> <span dir=\"auto\">عمل جيد</span></blockquote>"
    assert re.search(isolated, page(president, validated, language))
    assert re.search(isolated, client_of(coach, language).get(address("coach_round", validated)).content.decode())
