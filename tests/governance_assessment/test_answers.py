"""Saving answers: once, in order, never silently over another."""

from unittest.mock import patch

import pytest

from governance_assessment import api
from governance_assessment.answers import answering
from governance_assessment.models import RespondentAnswer
from nassij.common.errors import BadInput, Conflict, NassijError, Unprocessable
from tests.governance_assessment.helpers import ALL_FALSE, fill, level, operation, save, set_profile

pytestmark = pytest.mark.django_db


def sheet(user, association, kind="full"):
    return api.sheet(user_id=user.pk, association_id=association.id, kind=kind, language="ar")


def test_an_answer_is_kept_with_all_it_says(full_round, association, member):
    saved = save(member, full_round, "2.1", level(3, comment=" نعم\u202e ", sure=False, evidence="declared"))

    assert not saved.replayed
    stored = sheet(member, association).answers["2.1"]
    assert stored == saved.answer
    assert (stored.level, stored.comment, stored.sure, stored.evidence, stored.revision) == (
        3,
        "نعم",
        False,
        "declared",
        1,
    )


def test_a_change_of_mind_is_a_new_row_and_the_old_one_stays(full_round, association, member):
    save(member, full_round, "2.1", level(3))
    save(member, full_round, "2.1", {"kind": "dont_know"}, revision=1)

    assert sheet(member, association).answers["2.1"].kind == "dont_know"
    assert list(RespondentAnswer.objects.values_list("level", "revision")) == [(3, 1), (None, 2)]


@pytest.mark.parametrize("times", [2, 3])
def test_a_repeated_delivery_gets_the_same_reply_and_changes_nothing(full_round, member, times):
    same = operation()
    replies = [save(member, full_round, "2.1", level(2), operation_id=same) for _ in range(times)]

    assert {reply.answer for reply in replies} == {replies[0].answer}
    assert [reply.replayed for reply in replies] == [False] + [True] * (times - 1)
    assert RespondentAnswer.objects.count() == 1


def test_a_delivery_repeated_after_a_later_answer_still_gets_its_own_reply(full_round, association, member):
    first, second = operation(), operation()
    before = save(member, full_round, "2.1", level(2), operation_id=first)
    save(member, full_round, "2.1", level(4), revision=1, operation_id=second)

    again = save(member, full_round, "2.1", level(2), operation_id=first)

    assert again.answer == before.answer
    assert again.replayed
    assert sheet(member, association).answers["2.1"].level == 4


def test_a_delivery_repeated_after_submission_still_gets_its_reply(full_round, instrument, association, president):
    profiled = set_profile(president, full_round, ALL_FALSE)
    same = operation()
    before = save(president, profiled, "1.1", level(3), operation_id=same)
    fill(president, profiled, instrument, {"*": 3, "1.1": level(3)})
    api.submit_round(user_id=president.pk, round_uuid=full_round.uuid)

    assert save(president, profiled, "1.1", level(3), operation_id=same).answer == before.answer


@pytest.mark.parametrize(("code", "answer"), [("2.1", level(4)), ("2.2", level(2))])
def test_an_operation_id_used_for_something_else_is_refused(full_round, member, code, answer):
    same = operation()
    save(member, full_round, "2.1", level(2), operation_id=same)

    with pytest.raises(Unprocessable) as refused:
        save(member, full_round, code, answer, operation_id=same)

    assert refused.value.code == "operation_reused"
    assert RespondentAnswer.objects.count() == 1


def test_an_answer_to_an_old_version_comes_back_with_both_versions(full_round, association, member):
    save(member, full_round, "2.1", level(2))

    with pytest.raises(Conflict) as refused:
        save(member, full_round, "2.1", level(4))

    assert refused.value.code == "stale_revision"
    assert refused.value.extra["yours"]["level"] == 4
    assert refused.value.extra["stored"]["level"] == 2
    assert refused.value.extra["revision"] == 1
    assert sheet(member, association).answers["2.1"].level == 2


def test_two_members_do_not_meet_each_others_revisions(full_round, association, president, member):
    save(president, full_round, "2.1", level(2))
    save(member, full_round, "2.1", level(4))

    assert sheet(president, association).answers["2.1"].level == 2
    assert sheet(member, association).answers["2.1"].level == 4


REFUSED = [
    ("9.9", level(1), Unprocessable, "unknown_indicator"),
    ("", level(1), BadInput, "unknown_indicator"),
    (None, level(1), BadInput, "unknown_indicator"),
    ("1.1", level(0), Unprocessable, "level_out_of_scale"),
    ("1.1", level(5), Unprocessable, "level_out_of_scale"),
    ("1.1", level(10**40), Unprocessable, "level_out_of_scale"),
    ("1.1", level("3"), BadInput, "bad_level"),
    ("1.1", level(True), BadInput, "bad_level"),
    ("1.1", {"kind": "level"}, BadInput, "bad_level"),
    ("1.1", {"kind": "dont_know", "level": 2}, BadInput, "level_without_choice"),
    ("1.1", {"kind": "maybe"}, BadInput, "unknown_answer_kind"),
    ("1.1", {}, BadInput, "unknown_answer_kind"),
    ("1.1", ["level", 3], BadInput, "bad_answer"),
    ("1.1", level(3, validated=True), BadInput, "bad_answer"),
    ("1.1", level(3, comment=7), BadInput, "bad_comment"),
    ("1.1", level(3, comment="a" * 2001), BadInput, "text_too_long"),
    ("1.1", level(3, sure="yes"), BadInput, "bad_sure"),
    ("1.1", level(3, evidence="verified"), BadInput, "bad_evidence"),
    ("1.1", {"kind": "not_applicable", "reason": "no"}, Unprocessable, "critical_not_applicable"),
    ("2.5", {"kind": "not_applicable"}, Unprocessable, "reason_required"),
    ("2.5", {"kind": "not_applicable", "reason": " \u202a "}, Unprocessable, "reason_required"),
]


@pytest.mark.parametrize(("code", "answer", "error", "machine_code"), REFUSED)
def test_what_is_no_answer_is_refused_and_nothing_changes(full_round, member, code, answer, error, machine_code):
    with pytest.raises(error) as refused:
        save(member, full_round, code, answer)

    assert refused.value.code == machine_code
    assert not RespondentAnswer.objects.exists()


@pytest.mark.parametrize(
    "envelope", [{"operation_id": "short"}, {"operation_id": None}, {"revision": -1}, {"revision": "0"}]
)
def test_a_malformed_envelope_is_refused(full_round, member, envelope):
    with pytest.raises(BadInput):
        save(member, full_round, "1.1", level(2), **envelope)


def test_not_applicable_with_a_reason_is_an_answer(full_round, association, member):
    save(member, full_round, "2.5", {"kind": "not_applicable", "reason": "جمعية حديثة"})

    assert sheet(member, association).answers["2.5"].reason == "جمعية حديثة"


def test_an_express_round_takes_only_its_own_indicators(express_round, member):
    with pytest.raises(Unprocessable) as refused:
        save(member, express_round, "1.4", level(2))

    assert refused.value.code == "unknown_indicator"


def test_a_sheet_stores_what_is_good_and_names_what_is_not(full_round, instrument, association, member):
    saved = fill(
        member,
        full_round,
        instrument,
        {"1.1": 2, "1.2": 9, "2.5": {"kind": "not_applicable"}, "3.1": {"kind": "skipped"}},
    )

    assert saved.saved.keys() == {"1.1"}
    assert {code: problem.code for code, problem in saved.problems.items()} == {
        "1.2": "level_out_of_scale",
        "2.5": "reason_required",
    }
    assert sheet(member, association).answers.keys() == {"1.1"}


def test_a_sheet_sent_twice_writes_once(full_round, instrument, member):
    for _ in range(2):
        assert not fill(member, full_round, instrument, {"1.1": 2, "1.3": 4}).problems

    assert RespondentAnswer.objects.count() == 2


def send_sheet(member, opened, answers, operation_id, revisions=None):
    return api.save_sheet(
        user_id=member.pk,
        association_id=opened.association_id,
        round_uuid=opened.uuid,
        answers=answers,
        revisions=revisions or {},
        operation_id=operation_id,
    )


def test_a_sheet_delivered_again_after_another_phone_changed_an_answer_refuses_nothing(full_round, association, member):
    said = {"1.1": level(1), "1.3": level(2)}
    first = send_sheet(member, full_round, said, "sheet-of-the-morning")
    save(member, full_round, "1.1", level(4), revision=1)

    again = send_sheet(member, full_round, said, "sheet-of-the-morning")
    other = send_sheet(member, full_round, said, "sheet-of-the-evening")

    assert (first.problems, again.problems) == ({}, {})
    assert again.saved["1.1"].level == 4
    assert other.problems["1.1"].code == "stale_revision"  # somebody who says it now is asked
    assert sheet(member, association).answers["1.1"].level == 4
    assert RespondentAnswer.objects.count() == 3


def test_a_sheet_delivered_again_after_submission_gets_its_reply(full_round, instrument, association, president):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    said = {"1.1": level(1)}
    send_sheet(president, opened, said, "sheet-of-the-morning", {"1.1": 1})
    submitted = api.submit_round(user_id=president.pk, round_uuid=opened.uuid)

    assert send_sheet(president, submitted, said, "sheet-of-the-morning", {"1.1": 1}).problems == {}
    for late in ({"1.1": level(2)}, {"1.1": level(1), "1.3": level(1)}, {}):
        with pytest.raises(Conflict) as refused:
            send_sheet(president, submitted, late, "sheet-of-the-morning", {"1.1": 1})
        assert refused.value.code == "round_not_open"


def test_a_sheet_does_not_overwrite_what_it_has_not_seen(full_round, instrument, association, member):
    save(member, full_round, "1.1", level(4))

    saved = fill(member, full_round, instrument, {"1.1": 2, "1.3": 3})

    assert saved.problems["1.1"].code == "stale_revision"
    assert sheet(member, association).answers["1.1"].level == 4
    assert sheet(member, association).answers["1.3"].level == 3


def test_a_flood_of_changes_ends(full_round, member, monkeypatch):
    monkeypatch.setattr("governance_assessment.answers.answering.MAX_REVISIONS", 2)
    save(member, full_round, "1.1", level(1))
    save(member, full_round, "1.1", level(2), revision=1)

    with pytest.raises(NassijError) as refused:
        save(member, full_round, "1.1", level(3), revision=2)

    assert refused.value.code == "too_many_revisions"


def test_a_flood_of_whole_sheets_ends_too(full_round, member, monkeypatch):
    monkeypatch.setattr("governance_assessment.answers.answering.MAX_REVISIONS", 2)

    def send(number, revision):
        return api.save_sheet(
            user_id=member.pk,
            association_id=full_round.association_id,
            round_uuid=full_round.uuid,
            answers={"1.1": level(number)},
            revisions={"1.1": revision},
            operation_id=operation(),
        )

    send(1, 0)
    send(2, 1)
    refused = send(3, 2)

    assert refused.problems["1.1"].code == "too_many_revisions"
    assert refused.saved["1.1"].level == 2
    assert send(2, 2).problems == {}


@pytest.mark.parametrize("revision", [True, -1, "0", None, 1.0, 10**30])
def test_a_profile_needs_a_revision_too(revision, full_round, member):
    with pytest.raises(BadInput) as refused:
        api.set_profile(
            user_id=member.pk,
            association_id=full_round.association_id,
            round_uuid=full_round.uuid,
            answers=ALL_FALSE,
            revision=revision,
        )
    assert refused.value.code == "bad_revision"


def test_a_person_who_leaves_the_platform_takes_their_answers_along(full_round, instrument, president, member):
    save(president, full_round, "1.1", level(2))
    save(member, full_round, "1.1", level(2))

    assert api.forget_respondent(member.pk) == 1
    assert api.forget_respondent(member.pk) == 0
    assert RespondentAnswer.objects.get().respondent_id == president.pk


def test_the_questions_of_a_save_are_built_once(full_round, association, member, president):
    """And for whom they were built first does not matter later."""
    save(member, full_round, "2.1", level(3))
    built = AssertionError("built again")
    with (
        patch.object(answering._ROUND_AND_LATEST, "build", side_effect=built),
        patch.object(answering._HOLD, "build", side_effect=built),
    ):
        assert save(president, full_round, "2.1", level(1)).answer.revision == 1
        assert save(president, full_round, "2.2", level(2)).answer.revision == 1
        assert save(member, full_round, "2.1", level(4), revision=1).answer.revision == 2
    assert {code: answer.level for code, answer in sheet(member, association).answers.items()} == {"2.1": 4}
    assert {code: answer.level for code, answer in sheet(president, association).answers.items()} == {
        "2.1": 1,
        "2.2": 2,
    }
