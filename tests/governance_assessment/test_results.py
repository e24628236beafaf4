"""Results: every worked example through the database, what is not counted, and what submission freezes."""

import gzip
from dataclasses import replace
from fractions import Fraction

import pytest
from django.template.loader import render_to_string

from governance_assessment import api
from governance_assessment.domain.results import ProvisionalCode
from governance_assessment.models import ConsensusAnswer, Round, Snapshot
from nassij.common.errors import BadInput, Conflict, Forbidden, Unprocessable
from tests.governance_assessment.helpers import ALL_FALSE, ALL_TRUE, fill, level, operation, save, set_profile, settle
from tests.nassij.associations import factories

pytestmark = pytest.mark.django_db

DIMENSIONS = {"D1": 4, "D2": 3, "D3": 2, "D4": 3, "D5": 2, "D6": 2, "D7": 3, "D8": 1}
# Section 3 of the method: (answers, profile, score, band, label, indicators named by the caps or the reasons).
WORKED = {
    "all at 4": ({"*": 4}, ALL_TRUE, "100", 4, 4, set()),
    "all at 3": ({"*": 3}, ALL_TRUE, "200/3", 3, 3, set()),
    "all at 2": ({"*": 2}, ALL_FALSE, "100/3", 2, 2, set()),
    "2.2 at 1": ({"*": 4, "2.2": 1}, ALL_TRUE, "673/7", 4, 2, {"2.2"}),
    "1.1 at 1": ({"*": 4, "1.1": 1}, ALL_FALSE, None, 4, 1, {"1.1"}),
    "three critical at 1": ({"*": 3, "2.1": 1, "2.2": 1, "4.2": 1}, ALL_FALSE, None, 3, 1, {"2.1", "2.2", "4.2"}),
    "3.4 unanswered": ({"*": 3, "3.4": {"kind": "skipped"}}, ALL_FALSE, "200/3", 3, None, {"D3"}),
    "4.2 not known": ({"*": 3, "4.2": {"kind": "dont_know"}}, ALL_FALSE, "200/3", 3, None, {"4.2", "D4"}),
    "a profile": (DIMENSIONS, ALL_FALSE, None, 3, 3, set()),
}
DISPLAYED = {"1.1 at 1": "95.9", "three critical at 1": "58.5", "a profile": "55.7"}


def by_dimension(instrument, answers):
    if "D1" not in answers:
        return answers
    return {i.code: answers[s.code] for s in instrument.sections for i in s.all_indicators()}


def concerned_only(instrument, answers, profile):
    skip = {i.code for i in instrument.all_indicators() if i.applies_if and not profile[i.applies_if]}
    return {code: answer for code, answer in answers.items() if code not in skip}


def result(user, opened, language="ar"):
    return api.result(user_id=user.pk, round_uuid=opened.uuid, language=language)


@pytest.mark.parametrize("name", WORKED)
def test_every_worked_example(name, full_round, instrument, president):
    answers, profile, score, band, label, named = WORKED[name]
    opened = set_profile(president, full_round, profile)
    fill(president, opened, instrument, concerned_only(instrument, by_dimension(instrument, answers), profile))

    overall = result(president, opened).scores["overall"]

    if score is not None:
        assert Fraction(overall["score"]) == Fraction(score)
    else:
        assert overall["score_display"] == DISPLAYED[name]
    assert (overall["band"], overall["label"]) == (band, label)
    causes = {
        code
        for cause in overall["caps"] + overall["provisional"]
        for code in cause.get("indicators", cause.get("codes", []))
    }
    assert causes == named


def test_respondents_who_differ_are_to_talk_and_not_counted(full_round, instrument, association, president, member):
    save(president, full_round, "2.1", level(2))
    save(member, full_round, "2.1", level(4))
    save(member, full_round, "2.2", level(3))
    api.start_discussion(user_id=president.pk, round_uuid=full_round.uuid)

    found = result(president, full_round)

    assert found.open == ("2.1",)
    assert found.respondents == 2
    levels = {
        leaf["code"]: leaf["level"] for section in found.scores["overall"]["sections"] for leaf in section["indicators"]
    }
    assert levels["2.1"] is None
    assert levels["2.2"] == 3


def own_part(found):
    return (found.basis, found.scores, found.open, found.checks, found.previous)


@pytest.mark.parametrize("who", ["president", "member", "coach", "coordinator", "operator", "absent"])
def test_what_another_member_answers_changes_nothing_that_is_seen_before_they_talk(
    who, full_round, association, president, member
):
    """The president and a member have answered; then the treasurer says the same, something else, something new."""
    others = {
        "president": lambda: president,
        "member": lambda: member,
        "coach": lambda: factories.make_coach(association),
        "coordinator": lambda: factories.make_coordinator(association),
        "operator": lambda: factories.make_user(is_superuser=True),
        "absent": lambda: factories.make_member(association),
    }
    person, treasurer = others[who](), factories.make_member(association)
    save(president, full_round, "2.1", level(2))
    save(member, full_round, "2.1", level(2))
    before = result(person, full_round)
    for code, said in (("2.1", 4), ("2.2", 4), ("1.1", 1)):
        save(treasurer, full_round, code, level(said))
        assert own_part(result(person, full_round)) == own_part(before)

    after = result(person, full_round)

    assert (before.respondents, after.respondents) == (2, 3)  # that somebody answers is no secret
    assert after.basis == ("own" if who in ("president", "member") else "nothing")
    levels = [leaf["level"] for part in after.scores["overall"]["sections"] for leaf in part["indicators"]]
    assert [found for found in levels if found is not None] == ([2] if after.basis == "own" else [])
    assert result(treasurer, full_round).open == ()
    api.start_discussion(user_id=president.pk, round_uuid=full_round.uuid)
    discussed = result(person, full_round)
    assert (discussed.basis, discussed.open) == ("association", ("2.1",))


def test_who_alone_has_answered_sees_it_as_the_associations_and_nobody_else_sees_it(
    full_round, instrument, president, member
):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})

    own, others = result(president, opened), result(member, opened)

    assert (own.basis, own.still_open, bool(own.checks)) == ("association", 0, True)
    assert (others.basis, others.still_open, others.checks) == ("nothing", 0, ())
    assert others.scores["overall"]["score"] is None


def test_what_was_settled_is_closed_again_when_members_go_back_to_their_answers(full_round, president, member, coach):
    save(president, full_round, "2.1", level(2))
    save(member, full_round, "2.1", level(4))
    opened = api.start_discussion(user_id=president.pk, round_uuid=full_round.uuid)
    settle(president, opened, "2.1", level(3))
    api.back_to_answers(user_id=president.pk, round_uuid=full_round.uuid)

    bases = [result(person, full_round).basis for person in (president, member, coach)]

    assert bases == ["own", "own", "nothing"]
    own = next(leaf for leaf in result(member, full_round).scores["overall"]["sections"][1]["indicators"])
    assert own["level"] == 4


def test_submission_freezes_the_answers_and_the_result(
    full_round, instrument, president, member, django_capture_on_commit_callbacks
):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3, "2.5": {"kind": "not_applicable", "reason": "حديثة"}})
    save(member, opened, "1.1", level(3, evidence="declared"))
    alone = result(president, opened)  # the member agrees, so the president's own answers give the same
    live = alone.scores
    assert (alone.basis, alone.still_open) == ("own", 0)

    submitted = api.submit_round(user_id=president.pk, round_uuid=opened.uuid)

    assert submitted.state == "submitted"
    snapshot = Snapshot.objects.get()
    assert snapshot.result == live
    assert (snapshot.respondents, snapshot.engine_version, snapshot.instrument_hash) == (2, "1", opened.instrument_hash)
    assert snapshot.profile == ALL_FALSE
    assert snapshot.answers["2.5"] == {"not_applicable": "حديثة"}
    origins = dict(ConsensusAnswer.objects.values_list("indicator_code", "origin"))
    assert (origins["1.1"], origins["2.1"]) == ("unanimous", "sole")
    assert ConsensusAnswer.objects.get(indicator_code="1.1").evidence == "declared"


def test_a_frozen_result_is_read_and_not_computed_again(full_round, instrument, president, monkeypatch):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    monkeypatch.setattr("governance_assessment.results.outcome.score", lambda *_: pytest.fail("computed again"))

    assert result(president, opened).is_final


def test_after_submission_nothing_can_be_answered(full_round, instrument, president):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)

    for attempt in (
        lambda: save(president, opened, "1.1", level(1), revision=1),
        lambda: fill(president, opened, instrument, {"1.1": 1}),
        lambda: set_profile(president, opened, ALL_TRUE),
        lambda: api.widen_round(user_id=president.pk, association_id=opened.association_id, round_uuid=opened.uuid),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert refused.value.code == "round_not_open"
    assert Snapshot.objects.get().answers["1.1"] == 3


def test_submitting_twice_is_submitting_once(full_round, instrument, president):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})

    for _ in range(2):
        assert api.submit_round(user_id=president.pk, round_uuid=opened.uuid).state == "submitted"
    assert Snapshot.objects.count() == 1


def test_an_unfinished_round_names_what_is_missing(full_round, instrument, president):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3, "3.4": {"kind": "skipped"}})

    with pytest.raises(Unprocessable) as refused:
        api.submit_round(user_id=president.pk, round_uuid=opened.uuid)

    assert (refused.value.code, refused.value.extra["indicators"]) == ("incomplete", ["3.4"])
    assert Round.objects.get().state == "draft"
    assert not Snapshot.objects.exists()
    assert not ConsensusAnswer.objects.exists()


def test_a_round_whose_members_differ_is_not_submitted(full_round, instrument, president, member):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    save(member, opened, "2.1", level(1))

    with pytest.raises(Unprocessable) as refused:
        api.submit_round(user_id=president.pk, round_uuid=opened.uuid)

    # While the answers are closed only how many: which ones would show what the other said.
    assert (refused.value.code, refused.value.extra) == ("to_discuss", {"count": 1})
    api.start_discussion(user_id=president.pk, round_uuid=opened.uuid)
    with pytest.raises(Unprocessable) as refused:
        api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    assert refused.value.extra["indicators"] == ["2.1"]


def test_the_next_round_is_opened_by_who_may_submit(full_round, instrument, association, president, member):
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)

    with pytest.raises(Forbidden):
        api.open_round(user_id=member.pk, association_id=association.id, kind="express")
    following = api.open_round(user_id=president.pk, association_id=association.id, kind="express")

    assert (following.number, following.kind, following.is_draft) == (2, "express", True)
    assert dict(following.profile) == {}


def test_two_people_opening_at_once_share_one_round(instrument, association, president, member):
    first = api.open_round(user_id=member.pk, association_id=association.id)
    second = api.open_round(user_id=president.pk, association_id=association.id)

    assert first == second
    assert Round.objects.count() == 1


def test_another_association_has_a_round_of_its_own(full_round, instrument):
    other = factories.make_association()
    someone = factories.make_member(other)

    assert api.open_round(user_id=someone.pk, association_id=other.id).uuid != full_round.uuid


def test_widening_keeps_what_was_answered(express_round, instrument, association, member):
    save(member, express_round, "1.1", level(3))

    widened = api.open_round(user_id=member.pk, association_id=association.id, kind="full")

    assert (widened.uuid, widened.kind) == (express_round.uuid, "full")
    sheet = api.sheet(user_id=member.pk, association_id=association.id, kind="full", language="fr")
    assert sheet.answers["1.1"].level == 3
    assert (sheet.progress.applicable, len(sheet.progress.missing)) == (48, 47)
    save(member, widened, "1.4", level(2))


def test_an_express_window_on_a_full_round_shows_its_eighteen(full_round, association, member):
    sheet = api.sheet(user_id=member.pk, association_id=association.id, kind="express", language="ar")

    assert sheet.round.kind == "full"
    assert sheet.progress.applicable == 18


def test_the_profile_decides_what_concerns_the_association(full_round, association, president, member):
    opened = set_profile(member, full_round, {**ALL_TRUE, "has_employees": False})

    sheet = api.sheet(user_id=president.pk, association_id=association.id, kind="full", language="ar")

    assert sheet.progress.applicable == 47
    assert "5.3" not in sheet.progress.missing
    assert opened.profile_revision == 1


def test_a_profile_said_twice_is_one_and_a_different_one_is_a_conflict(full_round, president, member):
    set_profile(president, full_round, ALL_TRUE)
    assert set_profile(member, full_round, ALL_TRUE).profile_revision == 1

    with pytest.raises(Conflict) as refused:
        set_profile(member, full_round, ALL_FALSE)

    assert refused.value.extra["stored"] == ALL_TRUE
    assert refused.value.extra["yours"] == ALL_FALSE
    assert refused.value.extra["revision"] == 1


@pytest.mark.parametrize("answers", [{"unknown": True}, {"has_employees": "yes"}, ["has_employees"], None])
def test_what_is_no_profile_is_refused(full_round, president, answers):
    with pytest.raises(BadInput):
        set_profile(president, full_round, answers)
    assert Round.objects.get().profile == {}


def test_the_words_of_a_result_are_in_its_language(full_round, instrument, president):
    opened = set_profile(president, full_round, ALL_TRUE)
    fill(president, opened, instrument, {"*": 4, "2.2": 1})

    shown = {
        language: api.result_context(
            result(president, opened, language), card_url=lambda code: f"#{code}", element_id="r"
        )
        for language in ("ar", "fr", "en")
    }

    assert [point.url for point in shown["ar"]["critical"]] == ["#2.2"]
    assert {language: page["figure"] for language, page in shown.items()} == {"ar": "96,1", "fr": "96,1", "en": "96.1"}
    assert (shown["en"]["label"], shown["en"]["band"], shown["en"]["is_capped"]) == ("Building", "Exemplary", True)
    assert shown["fr"]["label"] == "En construction"
    assert shown["ar"]["rows"][0].start == 100 - shown["ar"]["rows"][0].bar
    assert shown["fr"]["rows"][0].start == 0
    assert shown["en"]["rows"][0].title == "Internal democracy and governing bodies"


def test_what_an_overall_level_lacks_is_said_once(full_round, instrument, president):
    opened = set_profile(president, full_round, ALL_TRUE)
    fill(president, opened, instrument, {"1.1": {"kind": "dont_know"}, "2.1": 3})
    page = api.result_context(result(president, opened, "en"), card_url=lambda code: f"#{code}", element_id="r")

    shown = render_to_string("nassij_governance/_result.html", page)

    assert shown.count("There is no overall level yet.") == 1
    assert [reason.sentence.split()[0] for reason in page["lacking"]] == ["Critical", "Areas"]
    assert "#1.1" in [point.url for point in page["lacking"][0].points]
    named = [point.title for reason in page["lacking"] for point in reason.points]
    assert len(named) == len(set(named)) < 25, "its questions beside an area that is named"


def test_questions_are_named_where_every_area_has_enough(full_round, instrument, president):
    opened = set_profile(president, full_round, ALL_TRUE)
    fill(president, opened, instrument, {"*": 3})
    found = result(president, opened, "en")
    overall = {**found.scores["overall"], "provisional": [{"code": "below_completeness", "codes": ["2.4"]}]}

    page = api.result_context(
        replace(found, scores={**found.scores, "overall": overall}), card_url=lambda code: f"#{code}", element_id="r"
    )

    assert page["no_level"]
    assert [(reason.sentence, [point.url for point in reason.points]) for reason in page["lacking"]] == [
        ("Questions that still lack an answer:", ["#2.4"])
    ]


def test_there_are_words_for_whatever_a_level_can_lack(full_round, instrument, president):
    opened = set_profile(president, full_round, ALL_TRUE)
    fill(president, opened, instrument, {"*": 3})
    found = result(president, opened, "en")
    for code in ProvisionalCode:
        overall = {**found.scores["overall"], "provisional": [{"code": str(code), "codes": ["1.1"]}]}
        page = api.result_context(
            replace(found, scores={**found.scores, "overall": overall}), card_url=str, element_id="r"
        )
        assert page["lacking"][0].sentence


def test_the_chart_is_small_and_carries_its_words(full_round, instrument, president):
    opened = set_profile(president, full_round, ALL_TRUE)
    fill(president, opened, instrument, {"*": 3})

    chart = api.result_context(result(president, opened), card_url=str, element_id="radar")["chart"]

    assert 'aria-labelledby="radar-t radar-d"' in chart
    assert "style=" not in chart
    assert len(gzip.compress(chart.encode())) < 1100


def test_a_deliverys_operation_may_be_reused_by_another_person(full_round, president, member):
    same = operation()
    save(president, full_round, "1.1", level(2), operation_id=same)

    assert not save(member, full_round, "1.1", level(3), operation_id=same).replayed
