"""The coach's layer: beside the association's, never over it; validated, reopened, closed."""

import pytest

from governance_assessment import api
from governance_assessment.models import CoachAnswer, ConsensusAnswer, Round, Snapshot
from nassij.associations.api import Standing, standing_of
from nassij.common.audit import events_for
from nassij.common.errors import BadInput, Conflict, Forbidden, NotFound, NotSignedIn, Unprocessable
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

pytestmark = pytest.mark.django_db
NOTHING = {"kind": "no_evidence"}


def validation(user, opened, language="ar"):
    return api.validation(user_id=user.pk, round_uuid=opened.uuid, language=language)


def item(user, opened, code):
    return next(found for found in validation(user, opened).items if found.code == code)


def validate(user, opened, **more):
    return api.validate_round(user_id=user.pk, round_uuid=opened.uuid, **more)


def reopen(user, opened, **more):
    return api.reopen_round(user_id=user.pk, round_uuid=opened.uuid, **{"reason": "وثيقة ناقصة", **more})


def result(user, opened):
    return api.result(user_id=user.pk, round_uuid=opened.uuid, language="ar")


def test_the_coach_sees_what_was_submitted(submitted, coach):
    found = validation(coach, submitted)

    assert len(found.items) == len(found.missing) == 43
    assert found.missing == tuple(entry.code for entry in found.items)
    first = found.items[0]
    assert (first.answer.level, first.answer.evidence, first.answer.origin) == (3, "declared", "sole")
    assert (first.coach, first.revision, first.agrees, first.checks) == (None, 0, None, ())
    assert [check.code for check in found.items[1].checks] == ["level_without_evidence"]
    assert [check.code for check in found.checks] == ["same_level"]
    assert found.may_save
    assert found.moves == {api.Move.VALIDATE, api.Move.REOPEN}


def test_a_word_stands_beside_and_overwrites_nothing(submitted, coach, president):
    before = list(Snapshot.objects.values()), list(ConsensusAnswer.objects.order_by("id").values())

    saved = coach_says(coach, submitted, "2.1", level(2, evidence="seen", comment=" المحضر غير موقع "))
    coach_says(coach, submitted, "2.2", level(3, evidence="verified"))
    coach_says(coach, submitted, "2.3", NOTHING)

    assert (saved.answer.level, saved.answer.comment, saved.answer.revision) == (2, "المحضر غير موقع", 1)
    assert (item(coach, submitted, "2.1").coach, item(coach, submitted, "2.1").agrees) == (saved.answer, False)
    assert item(coach, submitted, "2.2").agrees
    assert item(coach, submitted, "2.3").coach.kind == "no_evidence"
    assert len(validation(coach, submitted).missing) == 40
    assert before == (list(Snapshot.objects.values()), list(ConsensusAnswer.objects.order_by("id").values()))
    assert result(president, submitted).validated is None


def test_other_apps_are_told_the_levels_of_the_last_word(submitted, association, coach):
    assert standing_of(association_id=association.id).levels["2.1"] == 3
    coach_says(coach, submitted, "2.1", level(2))
    validate(coach, submitted, confirm_rest=True)

    found = standing_of(association_id=association.id)
    assert (found.levels["2.1"], found.levels["2.2"]) == (2, 3)
    assert standing_of(association_id=factories.make_association().id) == Standing()


def test_a_change_of_mind_is_a_further_row(submitted, coach):
    coach_says(coach, submitted, "2.1", level(2))
    coach_says(coach, submitted, "2.1", NOTHING, revision=1)

    assert list(CoachAnswer.objects.values_list("kind", "level", "revision")) == [
        ("level", 2, 1),
        ("no_evidence", None, 2),
    ]
    assert item(coach, submitted, "2.1").revision == 2


def test_two_coaches_do_not_overwrite_each_other_unseen(submitted, association, coach):
    other = factories.make_coach(association)
    coach_says(coach, submitted, "2.1", level(2))

    with pytest.raises(Conflict) as refused:
        coach_says(other, submitted, "2.1", level(4))

    assert refused.value.code == "stale_revision"
    assert (refused.value.extra["yours"]["level"], refused.value.extra["stored"]["level"]) == (4, 2)
    assert coach_says(other, submitted, "2.1", level(2)).answer.revision == 1
    assert coach_says(other, submitted, "2.1", level(4), revision=1).answer.revision == 2


def test_a_repeated_delivery_is_one_word(submitted, coach):
    same = operation()
    replies = [coach_says(coach, submitted, "2.1", level(2), operation_id=same) for _ in range(3)]

    assert {reply.answer for reply in replies} == {replies[0].answer}
    assert [reply.replayed for reply in replies] == [False, True, True]
    assert CoachAnswer.objects.count() == 1
    with pytest.raises(Unprocessable):
        coach_says(coach, submitted, "2.2", level(2), operation_id=same)


REFUSED = [
    ("2.1", level(5), Unprocessable, "level_out_of_scale"),
    ("2.1", level("3"), BadInput, "bad_level"),
    ("2.1", {"kind": "dont_know"}, BadInput, "unknown_answer_kind"),
    ("2.1", {"kind": "no_evidence", "level": 1}, BadInput, "level_without_choice"),
    ("2.1", {"kind": "no_evidence", "evidence": "seen"}, BadInput, "evidence_without_evidence"),
    ("2.1", level(3, evidence="heard"), BadInput, "bad_evidence"),
    ("2.1", level(3, evidence=["seen"]), BadInput, "bad_evidence"),
    ("2.1", level(3, sure=True), BadInput, "bad_answer"),
    ("2.1", level(3, comment="a" * 2001), BadInput, "text_too_long"),
    ("2.5", {"kind": "not_applicable"}, Unprocessable, "reason_required"),
    ("1.1", {"kind": "not_applicable", "reason": "no"}, Unprocessable, "critical_not_applicable"),
    ("9.9", level(1), Unprocessable, "unknown_indicator"),
    ("9.9", NOTHING, Unprocessable, "unknown_indicator"),
    (None, level(1), BadInput, "unknown_indicator"),
]


@pytest.mark.parametrize(("code", "answer", "error", "machine_code"), REFUSED)
def test_what_is_no_word_is_refused(code, answer, error, machine_code, submitted, coach):
    with pytest.raises(error) as refused:
        coach_says(coach, submitted, code, answer)

    assert refused.value.code == machine_code
    assert not CoachAnswer.objects.exists()


@pytest.mark.parametrize("envelope", [{"operation_id": "x"}, {"revision": -1}, {"revision": True}])
def test_a_malformed_envelope_is_refused(envelope, submitted, coach):
    with pytest.raises(BadInput):
        coach_says(coach, submitted, "2.1", level(2), **envelope)


# --- Validating -----------------------------------------------------------------------------------------


def test_every_question_needs_the_coachs_word(submitted, coach):
    coach_says(coach, submitted, "2.1", level(2))

    with pytest.raises(Unprocessable) as refused:
        validate(coach, submitted)

    assert refused.value.code == "incomplete"
    assert len(refused.value.extra["indicators"]) == 42
    assert Round.objects.get().state == "submitted"
    assert Snapshot.objects.count() == 1


def test_the_rest_is_confirmed_only_when_said_and_is_marked(submitted, coach, president):
    coach_says(coach, submitted, "2.1", level(1, evidence="seen"))
    coach_says(coach, submitted, "2.3", NOTHING)
    before = Snapshot.objects.values().get()

    validated = validate(coach, submitted, confirm_rest=True, remark=" أحسنتم ")

    assert (validated.state, validated.is_open) == ("validated", False)
    assert Snapshot.objects.filter(layer="self").values().get() == before
    snapshot = Snapshot.objects.get(layer="validated")
    assert (snapshot.answers["2.1"], snapshot.answers["2.3"], snapshot.answers["2.2"]) == (1, 1, 3)
    assert snapshot.details["2.3"] == {"kind": "no_evidence", "evidence": "none", "comment": "", "together": False}
    assert snapshot.details["1.1"] == {"kind": "level", "evidence": "declared", "comment": "", "together": True}
    assert (snapshot.submitted_by_id, snapshot.remark, snapshot.is_intact) == (coach.pk, "أحسنتم", True)
    assert CoachAnswer.objects.filter(together=True).count() == 41
    assert events_for(object_uuid=submitted.uuid)[0].action == "round.coach_confirmed_rest"
    shown = result(president, submitted)
    assert shown.scores == before["result"]
    assert shown.validated == snapshot.result
    assert (shown.scores["overall"]["label"], shown.validated["overall"]["label"]) == (3, 2)
    assert (shown.remark, shown.validated_at) == ("أحسنتم", snapshot.submitted_at)
    assert shown.validated_details["2.3"]["kind"] == "no_evidence"


def test_confirming_the_rest_does_not_speak_where_the_association_does_not_know(
    full_round, instrument, president, coach
):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3, "4.2": {"kind": "dont_know"}})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    assert validation(coach, opened).to_say == ("4.2",)

    with pytest.raises(Unprocessable) as refused:
        validate(coach, opened, confirm_rest=True)
    assert refused.value.extra["indicators"] == ["4.2"]
    assert not CoachAnswer.objects.exists()

    coach_says(coach, opened, "4.2", NOTHING)
    validate(coach, opened, confirm_rest=True)
    shown = result(president, opened)
    assert (shown.scores["overall"]["label"], shown.validated["overall"]["label"]) == (None, 2)


def test_not_applicable_is_confirmed_with_its_reason(full_round, instrument, president, coach):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3, "2.5": {"kind": "not_applicable", "reason": "حديثة"}})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)

    validate(coach, opened, confirm_rest=True)

    assert Snapshot.objects.get(layer="validated").answers["2.5"] == {"not_applicable": "حديثة"}


def test_validating_three_times_is_validating_once(submitted, coach):
    for _ in range(3):
        assert validate(coach, submitted, confirm_rest=True, step=1).state == "validated"
    assert validate(coach, submitted, confirm_rest=True).state == "validated"

    assert Snapshot.objects.filter(layer="validated").count() == 1
    with pytest.raises(Conflict):
        coach_says(coach, submitted, "2.1", level(1))
    with pytest.raises(BadInput):
        validate(coach, submitted, confirm_rest="yes")


def test_nothing_is_validated_before_it_is_submitted(full_round, coach):
    for attempt in (
        lambda: validation(coach, full_round),
        lambda: coach_says(coach, full_round, "2.1", level(2)),
        lambda: validate(coach, full_round, confirm_rest=True),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert refused.value.code == "round_moved"


def test_the_coachs_page_costs_four_queries(submitted, coach, django_assert_num_queries):
    coach_says(coach, submitted, "2.1", level(2))
    with django_assert_num_queries(4):
        validation(coach, submitted)


# --- Reopening and closing ------------------------------------------------------------------------------


def test_a_reopened_round_is_discussed_again_and_keeps_what_was_frozen(submitted, association, president, coach):
    validate(coach, submitted, confirm_rest=True)
    frozen = list(Snapshot.objects.order_by("id").values())

    reopened = reopen(coach, submitted)

    assert (reopened.state, reopened.submitted_at, reopened.validated_at) == ("consensus", None, None)
    last = api.history(user_id=president.pk, round_uuid=submitted.uuid)[-1]
    assert (last.from_state, last.standing, last.reason) == ("validated", "coach", "وثيقة ناقصة")
    assert "وثيقة" not in str(events_for(object_uuid=submitted.uuid)[0].details)
    settle(president, submitted, "2.1", level(2), revision=1)
    api.submit_round(user_id=president.pk, round_uuid=submitted.uuid)
    assert list(Snapshot.objects.order_by("id").values())[:2] == frozen
    assert list(Snapshot.objects.order_by("id").values_list("layer", "number")) == [
        ("self", 1),
        ("validated", 1),
        ("self", 2),
    ]
    assert result(president, submitted).validated is None
    assert result(president, submitted).details["2.1"]["origin"] == "settled"


def test_a_coachs_word_stands_after_a_reopening_where_nothing_changed(submitted, president, coach):
    coach_says(coach, submitted, "2.1", level(2))
    coach_says(coach, submitted, "2.2", level(2))
    reopen(coach, submitted)
    settle(president, submitted, "2.1", level(2), revision=1)
    api.submit_round(user_id=president.pk, round_uuid=submitted.uuid)

    changed, same = item(coach, submitted, "2.1"), item(coach, submitted, "2.2")
    assert (changed.coach.stands, changed.agrees, changed.revision) == (False, None, 1)
    assert (same.coach.stands, same.agrees) == (True, False)
    assert "2.1" in validation(coach, submitted).missing
    assert "2.2" not in validation(coach, submitted).missing
    assert coach_says(coach, submitted, "2.1", level(2), revision=1).answer.revision == 2
    validate(coach, submitted, confirm_rest=True)
    assert Snapshot.objects.get(layer="validated").answers["2.1"] == 2


def test_what_was_agreed_outlives_the_answers_it_rests_on(submitted, president, coach, association):
    from governance_assessment.retirement import retire_user

    lead = factories.make_member(association, is_lead=True)
    retire_user(president.pk)
    reopen(coach, submitted)

    again = api.submit_round(user_id=lead.pk, round_uuid=submitted.uuid)

    assert again.state == "submitted"
    first, second = Snapshot.objects.order_by("number")
    assert first.answers == second.answers


@pytest.mark.parametrize("reason", ["", "  \u202e ", None])
def test_reopening_needs_a_reason(reason, submitted, coach):
    with pytest.raises(BadInput) as refused:
        reopen(coach, submitted, reason=reason)
    assert refused.value.code == "reason_required"
    assert Round.objects.get().state == "submitted"


def test_only_the_newest_round_is_reopened(submitted, association, president, coach):
    api.open_round(user_id=president.pk, association_id=association.id)

    with pytest.raises(Conflict) as refused:
        reopen(coach, submitted)

    assert refused.value.code == "newer_round"
    assert Round.objects.get(pk=submitted.id).state == "submitted"


def test_also_when_the_newer_round_is_submitted_itself(submitted, instrument, association, president, coach):
    opened = api.open_round(user_id=president.pk, association_id=association.id)
    fill(president, set_profile(president, opened, ALL_FALSE), instrument.express(), {"*": 4})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)

    with pytest.raises(Conflict) as refused:
        reopen(coach, submitted)

    assert refused.value.code == "newer_round"
    assert api.history(user_id=coach.pk, round_uuid=submitted.uuid)[-1].to_state == "submitted"


def test_a_round_waiting_for_its_coach_may_still_be_validated_when_the_next_is_open(
    submitted, association, president, coach
):
    api.open_round(user_id=president.pk, association_id=association.id)

    assert validate(coach, submitted, confirm_rest=True).state == "validated"


def test_the_next_round_closes_a_validated_one(submitted, association, president, coach):
    validate(coach, submitted, confirm_rest=True)

    following = api.open_round(user_id=president.pk, association_id=association.id)

    assert (following.number, following.state) == (2, "draft")
    assert Round.objects.get(pk=submitted.id).state == "closed"
    with pytest.raises(Conflict):
        reopen(coach, submitted)


def test_a_validated_round_is_closed_by_its_association(submitted, president, coach):
    with pytest.raises(Conflict):
        api.close_round(user_id=president.pk, round_uuid=submitted.uuid)
    validate(coach, submitted, confirm_rest=True)

    closed = api.close_round(user_id=president.pk, round_uuid=submitted.uuid)

    assert closed.state == "closed"
    assert result(president, submitted).validated is not None
    assert result(president, submitted).moves == frozenset()
    with pytest.raises(Conflict):
        reopen(coach, submitted)


# --- The desk -------------------------------------------------------------------------------------------


def make_submitted(instrument, coach=None):
    association = factories.make_association()
    lead = factories.make_member(association, is_lead=True)
    coach = factories.make_coach(association, coach)
    opened = set_profile(lead, api.open_round(user_id=lead.pk, association_id=association.id), ALL_FALSE)
    fill(lead, opened, instrument.express(), {"*": 3})
    return coach, api.submit_round(user_id=lead.pk, round_uuid=opened.uuid)


def test_the_desk_says_who_waits_and_since_when(submitted, instrument, association, coach):
    _coach, second = make_submitted(instrument, coach)
    coach_says(coach, submitted, "2.1", level(2))
    coach_says(coach, submitted, "2.1", level(3), revision=1)

    waiting = api.waiting_rounds(user_id=coach.pk, language="fr")

    assert [found.round_uuid for found in waiting] == [submitted.uuid, second.uuid]
    first = waiting[0]
    assert (first.association_name, first.province_name, first.kind, first.state) == (
        association.name,
        "Province de Chichaoua",
        "full",
        "submitted",
    )
    assert (first.since, first.looked_at, first.indicators) == (submitted.submitted_at, 1, 43)
    validate(coach, submitted, confirm_rest=True)
    assert [found.round_uuid for found in api.waiting_rounds(user_id=coach.pk, language="fr")] == [second.uuid]


def test_the_desk_is_ones_own(submitted, association, president):
    for person in (
        president,
        factories.make_coach(factories.make_association()),
        factories.make_coordinator(association),
        factories.make_user(is_superuser=True),
    ):
        assert api.waiting_rounds(user_id=person.pk, language="ar") == ()
    with pytest.raises(NotSignedIn):
        api.waiting_rounds(user_id=None, language="ar")


@pytest.mark.parametrize("number", [1, 12])
def test_the_desk_costs_the_same_for_one_and_for_many(number, instrument, coach, django_assert_num_queries):
    for _ in range(number):
        make_submitted(instrument, coach)

    with django_assert_num_queries(6):
        assert len(api.waiting_rounds(user_id=coach.pk, language="ar")) == number


# --- People who go --------------------------------------------------------------------------------------


def test_retirement_takes_the_names_of_the_second_layer_too(submitted, president, coach):
    from governance_assessment.models import Transition
    from governance_assessment.retirement import retire_user

    reopen(coach, submitted)
    settle(president, submitted, "2.1", level(2), revision=1)
    api.submit_round(user_id=president.pk, round_uuid=submitted.uuid)
    coach_says(coach, submitted, "2.1", level(2))
    validate(coach, submitted, confirm_rest=True)
    before = [(found.result, found.fingerprint) for found in Snapshot.objects.order_by("id")]

    for person in (president, coach, coach):
        retire_user(person.pk)

    assert not Snapshot.objects.exclude(submitted_by=None).exists()
    assert not ConsensusAnswer.objects.exclude(settled_by=None).exists()
    assert not CoachAnswer.objects.exclude(coach=None).exists()
    assert not Transition.objects.exclude(actor=None).exists()
    assert [(found.result, found.fingerprint) for found in Snapshot.objects.order_by("id")] == before
    assert all(found.is_intact for found in Snapshot.objects.all())
    assert CoachAnswer.objects.count() == 43


def test_the_suites_own_retirement_reaches_these_tables(submitted, president):
    from nassij.common.retirement import retire

    retire(user_id=president.pk)

    assert Snapshot.objects.get().submitted_by_id is None


def test_a_deleted_account_leaves_what_was_submitted(submitted, president, coach):
    validate(coach, submitted, confirm_rest=True)
    for person in (president, coach):
        person.delete()

    assert Snapshot.objects.count() == 2
    assert all(found.is_intact and found.submitted_by_id is None for found in Snapshot.objects.all())


def test_members_of_another_association_find_nothing(submitted):
    stranger = factories.make_coach(factories.make_association())
    with pytest.raises(NotFound):
        validation(stranger, submitted)
    with pytest.raises(NotFound):
        coach_says(stranger, submitted, "2.1", level(2))


def test_the_associations_own_do_not_validate(submitted, president, association):
    for person in (president, factories.make_coordinator(association), factories.make_user(is_superuser=True)):
        with pytest.raises(Forbidden):
            validate(person, submitted, confirm_rest=True)
        with pytest.raises(Forbidden):
            coach_says(person, submitted, "2.1", level(2))
    with pytest.raises(Forbidden):
        validation(president, submitted)
    assert not validation(factories.make_coordinator(association), submitted).may_save


def test_an_answer_delivered_again_after_validation_still_gets_its_reply(full_round, instrument, president, coach):
    opened = set_profile(president, full_round, ALL_FALSE)
    same = operation()
    save(president, opened, "1.1", level(3), operation_id=same)
    fill(president, opened, instrument, {"*": 3, "1.1": level(3)})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    validate(coach, opened, confirm_rest=True)

    assert save(president, opened, "1.1", level(3), operation_id=same).replayed
