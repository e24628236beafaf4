"""Many hands at once, on a real server: nothing is lost, nothing is doubled, nothing is overwritten unseen."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from governance_assessment import api
from governance_assessment.models import CoachAnswer, ConsensusAnswer, RespondentAnswer, Round, Snapshot, Transition
from nassij.associations.api import Role
from nassij.common.errors import Conflict, NassijError
from nassij.common.models import OutgoingMail
from tests.governance_assessment.helpers import (
    ALL_FALSE,
    coach_says,
    fill,
    level,
    operation,
    save,
    set_profile,
    settle,
)
from tests.nassij.associations import factories

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
HANDS = 8


def at_once(work, arguments):
    """`work` of each argument, in threads that start together; exceptions are results."""

    def run(argument):
        try:
            return work(argument)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(run, arguments))


def test_one_delivery_many_times_at_once_is_one_answer(full_round, member):
    same = operation()
    replies = at_once(lambda _: save(member, full_round, "1.1", level(3), operation_id=same), range(HANDS))

    assert {reply.answer for reply in replies} == {replies[0].answer}
    assert [reply.replayed for reply in replies].count(False) == 1
    assert RespondentAnswer.objects.count() == 1


def test_two_devices_at_once_never_overwrite_each_other(full_round, member):
    replies = at_once(lambda number: save(member, full_round, "1.1", level(1 + number % 4)), range(HANDS))

    assert sum(not isinstance(reply, Exception) for reply in replies) == 1
    assert {type(reply) for reply in replies if isinstance(reply, Exception)} == {Conflict}
    assert RespondentAnswer.objects.count() == 1


def test_many_members_at_once_lose_nothing(full_round, instrument, association):
    people = [factories.make_member(association) for _ in range(HANDS)]
    codes = [indicator.code for indicator in instrument.all_indicators()]
    work = [(person, code) for code in codes for person in people]

    replies = at_once(lambda pair: save(pair[0], full_round, pair[1], level(2)), work)

    assert not [reply for reply in replies if isinstance(reply, Exception)]
    assert RespondentAnswer.objects.count() == len(work)


def test_opening_at_once_opens_one_round(instrument, association):
    people = [factories.make_member(association) for _ in range(HANDS)]

    replies = at_once(lambda person: api.open_round(user_id=person.pk, association_id=association.id), people)

    assert {reply.uuid for reply in replies} == {Round.objects.get().uuid}


def test_submitting_and_answering_at_once_leaves_no_answer_after_the_snapshot(full_round, instrument, president):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})

    def act(number):
        if number % 2:
            return api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
        return save(president, opened, "1.1", level(4), revision=1)

    at_once(act, range(HANDS))

    stored = RespondentAnswer.objects.filter(indicator_code="1.1").order_by("-revision").first()
    assert Snapshot.objects.get().answers["1.1"] == stored.level


# --- Discussed, submitted, validated, reopened -----------------------------------------------------------


@pytest.fixture
def leads(association, president):
    """Everyone who may settle and submit: the president and seven leads, each delivering everything three times."""
    return [president, *(factories.make_member(association, is_lead=True) for _ in range(HANDS - 1))]


@pytest.fixture
def discussed(full_round, instrument, president):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    return api.start_discussion(user_id=president.pk, round_uuid=opened.uuid)


def three_times(people):
    """Each person with an operation id of their own, three times, mixed."""
    return [(person, f"operation-of-{person.pk}", number) for _ in range(3) for number, person in enumerate(people)]


def only_refusals(replies):
    """Whatever went wrong was said to a person, never a fault."""
    faults = [reply for reply in replies if isinstance(reply, Exception) and not isinstance(reply, NassijError)]
    assert not faults, faults


def test_leads_settling_at_once_never_overwrite_each_other(discussed, leads):
    replies = at_once(
        lambda work: settle(work[0], discussed, "2.1", level(1 + work[2] % 4), operation_id=work[1]),
        three_times(leads),
    )

    only_refusals(replies)
    assert {type(reply) for reply in replies} <= {api.SettledAnswer, Conflict}
    row = ConsensusAnswer.objects.get()
    settled = [reply for reply in replies if isinstance(reply, api.SettledAnswer)]
    assert row.revision == 1
    assert {(reply.answer.level, reply.answer.revision) for reply in settled} == {(row.level, 1)}
    assert len(settled) % 3 == 0  # each delivery of one person got the same reply


def test_submitting_at_once_freezes_one_snapshot(discussed, leads):
    replies = at_once(lambda work: api.submit_round(user_id=work[0].pk, round_uuid=discussed.uuid), three_times(leads))

    assert {reply.state for reply in replies} == {"submitted"}
    assert Snapshot.objects.count() == 1
    assert Transition.objects.filter(to_state="submitted").count() == 1
    assert ConsensusAnswer.objects.count() == len(Snapshot.objects.get().answers)


def test_settling_and_submitting_at_once_freezes_what_was_settled(discussed, leads):
    def act(work):
        person, same, number = work
        if number % 2:
            return api.submit_round(user_id=person.pk, round_uuid=discussed.uuid, step=1)
        return settle(person, discussed, "2.1", level(2), operation_id=same)

    replies = at_once(act, three_times(leads))

    only_refusals(replies)
    settled = any(isinstance(reply, api.SettledAnswer) for reply in replies)
    assert Snapshot.objects.get().answers["2.1"] == (2 if settled else 3)
    assert ConsensusAnswer.objects.get(indicator_code="2.1").level == (2 if settled else 3)


def test_submitting_while_members_answer_loses_no_answer(full_round, instrument, association, president):
    """The snapshot holds what was said before it; whoever came later was told."""
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    people = [factories.make_member(association) for _ in range(HANDS)]

    def act(number):
        if number == HANDS // 2:
            return api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
        return save(people[number % HANDS], opened, "1.1", level(3))

    replies = at_once(act, range(HANDS))

    only_refusals(replies)
    stored = sum(isinstance(reply, api.SavedAnswer) for reply in replies)
    assert RespondentAnswer.objects.filter(indicator_code="1.1").count() == stored + 1
    assert Snapshot.objects.get().respondents <= stored + 1


def test_validating_while_it_is_reopened_ends_in_one_of_both(submitted, association, coach):
    coaches = [coach, *(factories.make_coach(association) for _ in range(HANDS - 1))]

    def act(work):
        person, same, number = work
        if number % 3 == 0:
            return api.reopen_round(user_id=person.pk, round_uuid=submitted.uuid, reason="x", step=1)
        if number % 3 == 1:
            return api.validate_round(user_id=person.pk, round_uuid=submitted.uuid, confirm_rest=True, step=1)
        return coach_says(person, submitted, "2.1", level(1), operation_id=same)

    replies = at_once(act, three_times(coaches))

    only_refusals(replies)
    found = Round.objects.get()
    validated = Snapshot.objects.filter(layer="validated")
    assert (found.state, validated.count()) in [("consensus", 0), ("validated", 1)]
    assert Transition.objects.filter(number=2).count() == 1
    said = CoachAnswer.objects.filter(indicator_code="2.1", together=False)
    assert said.count() <= 1
    if validated:
        assert validated.get().answers["2.1"] == (1 if said else 3)
    assert (found.open_slot is None) == (found.state == "validated")


def test_reopening_and_opening_the_next_at_once_leaves_one_round_open(submitted, association, president, coach):
    def act(number):
        if number % 2:
            return api.open_round(user_id=president.pk, association_id=association.id)
        return api.reopen_round(user_id=coach.pk, round_uuid=submitted.uuid, reason="x", step=1)

    only_refusals(at_once(act, range(HANDS)))

    assert Round.objects.exclude(open_slot=None).count() == 1
    assert Round.objects.filter(state__in=["draft", "consensus"]).count() == 1


def test_coaches_at_once_never_overwrite_each_other(submitted, association, coach):
    coaches = [coach, *(factories.make_coach(association) for _ in range(HANDS - 1))]
    replies = at_once(
        lambda work: coach_says(work[0], submitted, "2.1", level(1 + work[2] % 4), operation_id=work[1]),
        three_times(coaches),
    )

    only_refusals(replies)
    row = CoachAnswer.objects.get()
    stored = {(reply.answer.level, reply.answer.revision) for reply in replies if not isinstance(reply, Exception)}
    assert stored == {(row.level, 1)}


def test_coaches_on_their_pages_at_once_validate_once_and_mail_each_person_once(submitted, association, coach):
    """Every coach presses every button: who is late is told so, and each person gets one mail of each move."""
    coaches = [coach, *(factories.make_coach(association) for _ in range(HANDS - 1))]
    factories.make_member(association, role=Role.TREASURER)
    OutgoingMail.objects.all().delete()
    where = {"round_uuid": submitted.uuid}
    word = reverse("nassij_governance:coach_indicator", kwargs={**where, "code": "2.1"})
    done = reverse("nassij_governance:coach_validate", kwargs=where)
    seen = str(Snapshot.objects.get(layer="self").uuid)

    def act(work):
        person, _same, number = work
        client = Client()
        client.force_login(person)
        sent = {"answer": str(1 + number % 4), "evidence": "none", "revision": "0", "submission": seen}
        said = client.post(word, sent)
        return said.status_code, client.post(done, {"confirm_rest": "yes", "step": "1"}).status_code

    replies = at_once(act, three_times(coaches))

    assert not [reply for reply in replies if isinstance(reply, Exception)], replies
    assert {said for said, _done in replies} <= {302, 409}
    assert {done for _said, done in replies} <= {302, 409}
    assert Snapshot.objects.filter(layer="validated").count() == 1
    assert CoachAnswer.objects.filter(indicator_code="2.1").count() == 1
    told = list(OutgoingMail.objects.values_list("to_user_id", flat=True))
    assert len(told) == len(set(told)) == 2
