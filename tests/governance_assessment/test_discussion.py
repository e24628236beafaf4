"""Discussing and settling: what differs is shown without names, and settled once."""

import pytest

from governance_assessment import api
from governance_assessment.models import ConsensusAnswer, RespondentAnswer, Snapshot, Transition
from nassij.common.audit import events_for
from nassij.common.errors import BadInput, Conflict, Forbidden, NotFound, Unprocessable
from tests.governance_assessment.helpers import ALL_FALSE, fill, level, operation, save, set_profile, settle
from tests.nassij.associations import factories

pytestmark = pytest.mark.django_db


def discussion(user, opened, language="ar"):
    return api.discussion(user_id=user.pk, round_uuid=opened.uuid, language=language)


def item(user, opened, code):
    return next(found for found in discussion(user, opened).items if found.code == code)


@pytest.fixture
def answered(full_round, instrument, president):
    """The president has answered everything with 3."""
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    return opened


def discuss(user, opened):
    return api.start_discussion(user_id=user.pk, round_uuid=opened.uuid)


def test_before_the_discussion_nobody_sees_what_others_answered(answered, president, member):
    save(member, answered, "2.1", level(1, comment="سر"))

    found = discussion(president, answered)

    assert (found.items, found.is_shown, found.respondents) == ((), False, 2)
    assert found.unsettled == ("2.1",)
    assert not found.may_settle
    assert found.moves == {api.Move.START_DISCUSSION, api.Move.SUBMIT}


def test_answers_stand_side_by_side_counted_and_without_names(answered, association, president, member):
    third = factories.make_member(association)
    save(member, answered, "2.1", level(1, comment="لم ينعقد الجمع", sure=False))
    save(third, answered, "2.1", level(4, comment="انعقد في موعده"))
    save(member, answered, "2.2", level(2))
    save(member, answered, "2.3", {"kind": "dont_know"})
    discuss(president, answered)

    found = discussion(member, answered)
    first = found.items[0]

    assert [entry.code for entry in found.items[:4]] == ["2.1", "2.3", "2.2", "1.1"]
    assert found.to_discuss == ("2.1", "2.3")
    assert found.unsettled == ("2.1", "2.2", "2.3")
    assert [(dots.level, dots.count) for dots in first.dots] == [(1, 1), (2, 0), (3, 1), (4, 1)]
    assert (first.voices, first.not_sure, first.agreement.median, first.agreement.range) == (3, 1, 3, 3)
    assert set(first.comments) == {"لم ينعقد الجمع", "انعقد في موعده"}
    assert first.mine.level == 1
    assert (item(member, answered, "2.2").suggested_level, item(member, answered, "2.1").suggested_level) == (2, None)
    assert [(dots.kind, dots.count) for dots in item(member, answered, "2.3").dots][-1] == ("dont_know", 1)
    assert item(member, answered, "1.1").answer.origin == "sole"
    shown = repr(found)
    for person in (president, member, third):
        assert person.username not in shown
        assert f"respondent_id={person.pk}" not in shown
    assert not found.may_settle


def test_between_two_people_a_comment_stays_with_its_author(answered, president, member):
    save(member, answered, "2.1", level(1, comment="بيني وبينك"))
    discuss(president, answered)

    assert item(president, answered, "2.1").comments == ()
    assert item(member, answered, "2.1").comments == ("بيني وبينك",)
    assert discussion(president, answered).comments_from == 3


def test_a_person_cannot_be_followed_by_the_order_of_comments(answered, instrument, association, president):
    people = [factories.make_member(association) for _ in range(3)]
    for number, person in enumerate(people):
        fill(person, answered, instrument, {"*": {**level(3), "comment": f"صوت {number}"}})
    discuss(president, answered)

    assert len({found.comments for found in discussion(president, answered).items}) > 3


def test_what_the_profile_excludes_is_not_discussed(answered, president, member):
    discuss(president, answered)

    assert "5.3" not in {found.code for found in discussion(member, answered).items}


def test_the_discussion_costs_four_queries(answered, instrument, association, president, django_assert_num_queries):
    for _ in range(5):
        fill(factories.make_member(association), answered, instrument, {"*": 2})
    discuss(president, answered)
    settle(president, answered, "1.1", level(2))

    with django_assert_num_queries(4):
        discussion(president, answered)


# --- Settling -------------------------------------------------------------------------------------------


def test_the_lead_settles_and_says_why(answered, instrument, president, member):
    save(member, answered, "2.1", level(1, evidence="declared"))
    discuss(president, answered)

    settled = settle(president, answered, "2.1", level(2), note=" انعقد متأخرا\u202e ")

    assert (settled.answer.level, settled.answer.note, settled.answer.revision) == (2, "انعقد متأخرا", 1)
    assert (settled.answer.origin, settled.answer.evidence) == ("settled", "declared")
    found = item(member, answered, "2.1")
    assert (found.answer, found.revision) == (settled.answer, 1)
    row = ConsensusAnswer.objects.get()
    assert row.settled_by_id == president.pk
    submitted = api.submit_round(user_id=president.pk, round_uuid=answered.uuid)
    snapshot = Snapshot.objects.get()
    assert (submitted.state, snapshot.answers["2.1"], snapshot.answers["2.2"]) == ("submitted", 2, 3)
    assert snapshot.details["2.1"] == {"origin": "settled", "evidence": "declared", "note": "انعقد متأخرا"}
    assert list(RespondentAnswer.objects.filter(indicator_code="2.1").values_list("level", flat=True)) == [3, 1]


def test_a_delivery_repeated_gets_the_same_reply_and_changes_nothing(answered, president):
    discuss(president, answered)
    same = operation()
    replies = [settle(president, answered, "2.1", level(2), operation_id=same) for _ in range(3)]

    assert {reply.answer for reply in replies} == {replies[0].answer}
    assert [reply.replayed for reply in replies] == [False, True, True]
    settle(president, answered, "2.1", level(4), revision=1)
    assert settle(president, answered, "2.1", level(2), operation_id=same).answer == replies[0].answer
    assert ConsensusAnswer.objects.get().level == 4
    with pytest.raises(Unprocessable) as refused:
        settle(president, answered, "2.1", level(1), operation_id=same)
    assert refused.value.code == "operation_reused"


def test_an_old_version_comes_back_with_both(answered, association, president):
    lead = factories.make_member(association, is_lead=True)
    discuss(president, answered)
    settle(president, answered, "2.1", level(2))

    with pytest.raises(Conflict) as refused:
        settle(lead, answered, "2.1", level(4), note="نعم")

    assert refused.value.code == "stale_revision"
    assert refused.value.extra["revision"] == 1
    assert (refused.value.extra["yours"]["level"], refused.value.extra["yours"]["note"]) == (4, "نعم")
    assert refused.value.extra["stored"]["level"] == 2
    assert settle(lead, answered, "2.1", level(2)).answer.revision == 1  # the same said twice is no conflict
    assert settle(lead, answered, "2.1", level(4), revision=1).answer.revision == 2


REFUSED = [
    ("2.1", {"kind": "skipped"}, BadInput, "nothing_settled"),
    ("2.1", level(3, comment="x"), BadInput, "bad_answer"),
    ("2.1", level(3, evidence="verified"), BadInput, "bad_evidence"),
    ("2.1", level(9), Unprocessable, "level_out_of_scale"),
    ("1.1", {"kind": "not_applicable", "reason": "no"}, Unprocessable, "critical_not_applicable"),
    ("2.5", {"kind": "not_applicable"}, Unprocessable, "reason_required"),
    ("9.9", level(1), Unprocessable, "unknown_indicator"),
    ("2.1", None, BadInput, "bad_answer"),
]


@pytest.mark.parametrize(("code", "answer", "error", "machine_code"), REFUSED)
def test_what_is_no_settlement_is_refused(code, answer, error, machine_code, answered, president):
    discuss(president, answered)
    with pytest.raises(error) as refused:
        settle(president, answered, code, answer)

    assert refused.value.code == machine_code
    assert not ConsensusAnswer.objects.exists()


def test_nothing_is_settled_outside_the_discussion(answered, president):
    with pytest.raises(Conflict) as refused:
        settle(president, answered, "2.1", level(2))
    assert (refused.value.code, refused.value.extra["state"]) == ("round_moved", "draft")
    api.submit_round(user_id=president.pk, round_uuid=answered.uuid)
    with pytest.raises(Conflict):
        settle(president, answered, "2.1", level(2))


def test_a_question_nobody_answered_may_be_settled(answered, instrument, president):
    fill(president, answered, instrument, {})
    save(president, answered, "3.4", {"kind": "skipped"}, revision=1)
    discuss(president, answered)
    assert discussion(president, answered).unsettled == ("3.4",)

    settle(president, answered, "3.4", {"kind": "dont_know"})

    assert discussion(president, answered).unsettled == ()
    assert api.submit_round(user_id=president.pk, round_uuid=answered.uuid).state == "submitted"


def test_every_settlement_is_in_the_audit_trail(answered, president):
    discuss(president, answered)
    settle(president, answered, "2.1", level(2), note="اسم شخص")

    event = events_for(object_uuid=answered.uuid)[0]
    assert (event.action, event.actor_id) == ("round.settled", president.pk)
    assert event.details == {"indicator": "2.1", "kind": "level", "level": 2, "revision": 1}


def test_settling_counts_in_the_result_at_once(answered, president, member):
    save(member, answered, "2.1", level(1))
    discuss(president, answered)
    result = api.result(user_id=president.pk, round_uuid=answered.uuid, language="ar")
    assert (result.open, result.can_submit, result.can_answer) == (("2.1",), True, False)

    settle(president, answered, "2.1", level(1))

    found = api.result(user_id=president.pk, round_uuid=answered.uuid, language="ar")
    assert found.open == ()
    assert found.scores["overall"]["label"] == 2  # 2.1 is critical, and at the lowest level now


# --- Back to the answers --------------------------------------------------------------------------------


def test_while_a_round_is_discussed_nobody_answers(answered, president):
    discuss(president, answered)

    with pytest.raises(Conflict):
        save(president, answered, "2.1", level(1), revision=1)


def test_what_was_settled_stands_until_somebody_answers_again(answered, president, member):
    save(member, answered, "2.1", level(1))
    save(member, answered, "2.2", level(1))
    discuss(president, answered)
    settle(president, answered, "2.1", level(2))
    settle(president, answered, "2.2", level(2))
    api.back_to_answers(user_id=president.pk, round_uuid=answered.uuid)

    save(member, answered, "2.1", level(3), revision=1)
    submitted = api.submit_round(user_id=president.pk, round_uuid=answered.uuid)

    snapshot = Snapshot.objects.get()
    assert (submitted.state, snapshot.answers["2.1"], snapshot.answers["2.2"]) == ("submitted", 3, 2)
    assert (snapshot.details["2.1"]["origin"], snapshot.details["2.2"]["origin"]) == ("unanimous", "settled")
    assert ConsensusAnswer.objects.get(indicator_code="2.1").revision == 2
    assert ConsensusAnswer.objects.count() == len(snapshot.answers)


def test_a_moved_round_remembers_how(answered, association, president):
    lead = factories.make_member(association, is_lead=True)
    for move in (api.start_discussion, api.back_to_answers, api.submit_round):
        move(user_id=lead.pk, round_uuid=answered.uuid)

    moves = api.history(user_id=president.pk, round_uuid=answered.uuid)
    assert [(move.from_state, move.to_state, move.standing, move.mine) for move in moves] == [
        ("draft", "consensus", "lead", False),
        ("consensus", "draft", "lead", False),
        ("draft", "submitted", "lead", False),
    ]
    assert [move.number for move in moves] == [1, 2, 3]
    assert Transition.objects.filter(actor=lead).count() == 3


def test_a_repeated_move_is_known_by_its_step(answered, president):
    """Each delivered three times, also after the round has moved on."""
    deliveries = [(api.start_discussion, 0), (api.back_to_answers, 1), (api.start_discussion, 2)]
    for move, step in deliveries:
        for _ in range(3):
            api.history(user_id=president.pk, round_uuid=answered.uuid)
            move(user_id=president.pk, round_uuid=answered.uuid, step=step)
        for earlier, seen in deliveries[: deliveries.index((move, step))]:
            earlier(user_id=president.pk, round_uuid=answered.uuid, step=seen)

    assert [found.to_state for found in api.history(user_id=president.pk, round_uuid=answered.uuid)] == [
        "consensus",
        "draft",
        "consensus",
    ]
    with pytest.raises(Conflict) as refused:
        api.submit_round(user_id=president.pk, round_uuid=answered.uuid, step=2)
    assert (refused.value.code, refused.value.extra["step"]) == ("round_moved", 3)
    for step in (-1, "3", True):
        with pytest.raises(BadInput):
            api.submit_round(user_id=president.pk, round_uuid=answered.uuid, step=step)


def test_who_accompanies_sees_no_single_answers(answered, association, president):
    discuss(president, answered)
    for person in (
        factories.make_coach(association),
        factories.make_coordinator(association),
        factories.make_user(is_superuser=True),
    ):
        with pytest.raises(Forbidden):
            discussion(person, answered)
    with pytest.raises(NotFound):
        discussion(factories.make_former_member(association), answered)
