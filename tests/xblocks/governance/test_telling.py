"""What the block tells the platform: each event once, with codes, never with what somebody said; and completion."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import override_settings

from governance_assessment import api
from nassij.common import tracking
from tests.governance_assessment.helpers import ALL_FALSE, fill, level, operation, save, set_profile
from tests.nassij.associations import factories
from tests.xblocks.governance.runtimes import COURSE_KEY, LIBRARY_KEY, get, in_library, post_form, post_json
from tests.xblocks.governance.test_handlers import form_of, payload

pytestmark = pytest.mark.django_db
WORDS = "what only they say"


@pytest.fixture(autouse=True)
def another_day() -> None:
    cache.clear()


def names(block: Any) -> list[str]:
    return [name.removeprefix("nassij.governance.") for name, _data in block.runtime.events]


def in_course(user: Any, **fields: Any) -> Any:
    return in_library(user, usage=COURSE_KEY, **fields)


def codes_of(instrument: Any) -> list[str]:
    return [found.code for found in instrument.express().all_indicators() if not found.applies_if]


def test_opening_the_questions_is_told_once_however_often_they_are_loaded(express_round, member):
    blocks = [in_course(member) for _ in range(3)]
    for block in blocks:
        block.student_view()

    assert [names(block) for block in blocks] == [["assessment.opened"], [], []]
    ((_name, data),) = blocks[0].runtime.events
    assert data == {
        "usage_key": COURSE_KEY,
        "round_uuid": str(express_round.uuid),
        "round_number": 1,
        "round_kind": "express",
        "instrument": "gov-ma",
    }


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (level(3, comment=WORDS, evidence="declared", sure=False), "level"),
        ({"kind": "dont_know", "comment": WORDS}, "dont_know"),
        ({"kind": "not_applicable", "reason": WORDS}, "not_applicable"),
    ],
)
def test_of_an_answer_its_question_and_its_kind_are_told_and_nothing_else(answer, kind, express_round, member):
    block = in_course(member)
    body = payload(express_round, "2.3", answer)
    assert [post_json(block, "answer", body).status_code for _ in range(2)] == [
        200,
        200,
    ]  # the second is a repeated delivery

    assert block.runtime.events == [
        (
            "nassij.governance.answer.saved",
            {"usage_key": COURSE_KEY, "round_uuid": str(express_round.uuid), "indicator_code": "2.3", "kind": kind},
        )
    ]


def test_a_refused_answer_is_not_told(express_round, member):
    block = in_course(member)

    assert post_json(block, "answer", payload(express_round, revision=5)).status_code == 409
    assert block.runtime.published == []


def test_of_a_form_only_what_changed_is_told(express_round, member):
    save(member, express_round, "1.1", level(3))
    block = in_course(member)
    form = form_of(block, **{"a-2.3": "dont_know", "a-4.2": "2"})
    block.runtime.published.clear()
    for _ in range(2):
        post_form(block, "sheet_form", form)

    told = [
        (data["indicator_code"], data["kind"]) for name, data in block.runtime.events if name.endswith("answer.saved")
    ]
    assert told == [("2.3", "dont_know"), ("4.2", "level")]


def test_a_result_is_told_once_for_each_state_of_the_round(express_round, instrument, president):
    opened = set_profile(president, express_round, ALL_FALSE)
    fill(president, opened, instrument.express(), {"*": 3})
    block = in_course(president)
    for _ in range(2):
        get(block, "result", "part")
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    for _ in range(2):
        block.student_view()

    viewed = [data["state"] for name, data in block.runtime.events if name.endswith("result.viewed")]
    assert viewed == ["draft", "submitted"]


def test_no_event_carries_what_somebody_said_or_who(express_round, instrument, association, president):
    opened = set_profile(president, express_round, ALL_FALSE)
    block = in_course(president)
    block.student_view()
    for code in codes_of(instrument):
        post_json(block, "answer", payload(opened, code, level(4, comment=WORDS), complete=True))
    get(block, "result", "part")

    assert set(names(block)) == {"assessment.opened", "answer.saved", "answers.completed", "result.viewed"}
    text = str(block.runtime.events)
    for word in (
        WORDS,
        association.name,
        str(association.uuid),
        president.username,
        president.email,
        "'level': ",
        "4,",
    ):
        assert word not in text
    for name, data in block.runtime.events:
        tracking.checked(name, data)


def test_nothing_is_told_where_there_is_no_learner(express_round, instrument, member):
    opened = set_profile(member, express_round, ALL_FALSE)
    blocks = [in_library(member, usage=LIBRARY_KEY), in_course(None)]
    with override_settings(SERVICE_VARIANT="cms"):
        studio = in_course(member, is_staff=True)
        studio.student_view()
        studio.author_view()
        post_json(studio, "answer", payload(opened, complete=True))
    for block in blocks:
        block.student_view()
        block.author_view()
        block.public_view()
        post_json(block, "answer", payload(opened, revision=1))
        get(block, "result")

    assert [block.runtime.published for block in (studio, *blocks)] == [[], [], []]


def test_an_event_that_is_not_in_the_table_is_a_fault(express_round, member):
    block = in_course(member)
    for name, data in (
        ("nassij.governance.unknown", {}),
        ("nassij.governance.answer.saved", {"round_uuid": "x", "indicator_code": "1.1", "kind": "level", "level": 3}),
        ("nassij.governance.answer.saved", {"round_uuid": "x"}),
    ):
        with pytest.raises(ValueError, match="does not carry"):
            block.track(name, **data)


# --- Completion -----------------------------------------------------------------------------------------------------


def test_answers_from_the_outbox_complete_the_block_whenever_they_come(express_round, instrument, member):
    """The phone was off: all come at once and in order, each perhaps twice; the last says that no question is left."""
    opened = set_profile(member, express_round, ALL_FALSE)
    codes = codes_of(instrument)
    kept = [payload(opened, code, complete=code == codes[-1]) for code in codes]
    block = in_course(member)
    for body in kept:
        for _ in range(2):
            assert post_json(block, "answer", body).status_code == 200

    assert block.runtime.completions == [1.0]
    assert names(block).count("answers.completed") == 1


def test_what_was_answered_elsewhere_completes_the_block_when_it_is_opened(express_round, instrument, member):
    opened = set_profile(member, express_round, ALL_FALSE)
    fill(member, opened, instrument.express(), {"*": 3})
    block = in_course(member)
    for _ in range(3):
        block.student_view()

    assert block.runtime.completions == [1.0]
    assert block.told_round == str(opened.uuid)


def test_the_form_without_script_completes_the_block(express_round, instrument, member):
    opened = set_profile(member, express_round, ALL_FALSE)
    block = in_course(member)
    codes = codes_of(instrument)
    half = form_of(block, **{f"a-{code}": "3" for code in codes[:-1]})
    assert post_form(block, "sheet_form", half).status_code == 200
    assert block.runtime.completions == []
    whole = form_of(block, **{f"a-{codes[-1]}": "dont_know"})
    assert post_form(block, "sheet_form", whole).status_code == 200
    assert post_form(block, "sheet_form", form_of(block)).status_code == 200

    assert block.runtime.completions == [1.0]
    assert opened.uuid is not None


def test_a_profile_that_leaves_no_question_open_completes_the_block(express_round, instrument, member):
    fill(member, express_round, instrument.express(), dict.fromkeys(codes_of(instrument), 3))
    block = in_course(member)
    block.student_view()
    assert block.runtime.completions == []
    body = payload(express_round, answers=ALL_FALSE)

    assert post_json(block, "profile", body).status_code == 200
    assert post_json(block, "profile", body).status_code == 200
    assert block.runtime.completions == [1.0]


def test_a_later_round_is_told_and_takes_no_completion_back(express_round, instrument, president):
    block = in_course(president)
    opened = set_profile(president, express_round, ALL_FALSE)
    fill(president, opened, instrument.express(), {"*": 3})
    block.student_view()
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    again = api.open_round(user_id=president.pk, association_id=opened.association_id)
    block.student_view()
    again = set_profile(president, again, ALL_FALSE)
    fill(president, again, instrument.express(), {"*": 3})
    block.student_view()

    assert block.runtime.completions == [1.0]
    assert names(block).count("answers.completed") == 2


def test_a_block_that_only_shows_the_result_is_complete_with_it(express_round, association, member):
    block = in_course(member, show="result")
    block.student_view()
    block.student_view()

    assert block.runtime.completions == [1.0]
    assert names(block) == ["result.viewed"]


def test_a_coach_who_looks_completes_nothing(express_round, association):
    block = in_course(factories.make_coach(association), chosen_association=association.id)
    block.student_view()

    assert block.runtime.completions == []


def test_a_self_assessment_has_no_grade(express_round, instrument, member):
    block = in_course(member)
    set_profile(member, express_round, ALL_FALSE)
    for code in codes_of(instrument):
        post_json(block, "answer", payload(express_round, code, complete=True, operation_id=operation()))

    assert not getattr(block, "has_score", False)
    assert not hasattr(block, "max_score")
    assert "grade" not in {name for name, _data in block.runtime.published}
    assert (type(block).completion_mode, getattr(type(block), "has_custom_completion", False)) == ("completable", True)


def test_the_mobile_app_learns_what_is_asked_and_nothing_that_was_said(express_round, instrument, member):
    save(member, express_round, "1.1", level(4, comment=WORDS))
    block = in_course(member, round_kind="express")
    data = block.student_view_data()

    assert data["indicators"] == [found.code for found in instrument.express().all_indicators()]
    assert {"instrument", "kind", "show", "version", "title", "indicators"} == set(data)
    assert WORDS not in str(data)
