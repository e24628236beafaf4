"""Answers and visits: judged, kept once, refused with a message; nothing changes when refused."""

from typing import Any

import pytest
from django.test import override_settings
from django.utils import translation
from django.utils.translation import trans_real
from webob import Request
from xblock.exceptions import InvalidScopeError
from xblock.fields import UserScope
from xblock.runtime import KeyValueStore

from tests.xblocks.lesson.samples import (
    LESSON,
    Bench,
    Counting,
    ReplaceUrls,
    answer,
    call,
    course_ids,
    make_block,
    post_form,
    reloaded,
)
from xblocks.lesson.model import Choice, Lesson, SelfCheck


def state(block):
    return reloaded(block).progress


def test_an_answer_is_judged_and_kept() -> None:
    block = make_block()
    reply = answer(block, "quorum", "b")
    assert reply.status_code == 200
    assert (reply.json["outcome"], reply.json["solved"], reply.json["closed"]) == ("wrong", False, False)
    assert "FEEDBACK-B" in reply.json["html"] and "FEEDBACK-A" not in reply.json["html"]
    assert reply.json["missing"] == ["why", "how", "minutes"]
    assert state(block)["answers"]["quorum"]["tries"] == 1


def test_pictures_in_feedback_have_their_addresses_in_the_course() -> None:
    choices = (Choice("a", "A", "![x](/static/x.svg)", correct=True), Choice("b", "B", "no"))
    block = make_block(Lesson(title="t", steps=(SelfCheck("q", "?", choices),)))
    assert 'src="/static/x.svg"' in answer(block, "q", "a").json["html"]
    block.runtime._services["replace_urls"] = ReplaceUrls()
    reply = answer(block, "q", "a", operation="operation-2")
    assert 'src="/asset-v1:Nassij+GOV2+ar/x.svg"' in reply.json["html"]


def test_three_deliveries_of_one_answer_count_once() -> None:
    block = make_block()
    replies = [answer(reloaded(block), "minutes", "c", operation="same-operation").json for _ in range(3)]
    assert replies[0] == replies[1] == replies[2]
    assert state(block)["answers"]["minutes"]["tries"] == 1


def test_the_last_try_delivered_again_gets_its_reply_not_a_refusal() -> None:
    block = make_block()
    answer(block, "minutes", "c", operation="operation-1")
    first = answer(reloaded(block), "minutes", "a", operation="operation-2")
    again = answer(reloaded(block), "minutes", "a", operation="operation-2")
    assert first.json == again.json and again.json["closed"] is True
    refused = answer(reloaded(block), "minutes", "b", operation="operation-3")
    assert (refused.status_code, refused.json["code"]) == (409, "no_tries_left")


def test_an_operation_with_another_answer_is_refused() -> None:
    block = make_block()
    answer(block, "quorum", "a", operation="operation-1")
    before = state(block)
    refused = answer(reloaded(block), "quorum", "b", operation="operation-1")
    assert (refused.status_code, refused.json["code"]) == (422, "operation_reused")
    assert state(block) == before


def test_completion_grows_to_one() -> None:
    runtime = Bench()
    block = make_block(runtime=runtime)
    call(block, "visit", {"seen": ["why"], "here": "quorum"})
    answer(block, "quorum", "b", operation="operation-1")
    call(block, "visit", {"seen": ["how"], "here": "minutes"})
    assert runtime.completions[-1] == 0.75
    answer(block, "minutes", "a", "b", operation="operation-2")
    assert runtime.completions == [0.25, 0.5, 0.75, 1.0]
    assert call(block, "student_view_user_state", {}).json["fraction"] == 1.0


def test_it_resumes_at_the_last_step() -> None:
    block = make_block()
    call(block, "visit", {"seen": ["why", "quorum"], "here": "how"})
    assert reloaded(block).student_view().json_init_args["here"] == "how"


BAD_ANSWERS = [
    ({"check": "gone", "choices": ["a"], "operation_id": "operation-1"}, "unknown_part"),
    ({"check": "why", "choices": ["a"], "operation_id": "operation-1"}, "unknown_part"),
    ({"check": ["quorum"], "choices": ["a"], "operation_id": "operation-1"}, "unknown_part"),
    ({"check": "quorum", "choices": ["z"], "operation_id": "operation-1"}, "unknown_part"),
    ({"check": "quorum", "choices": "a", "operation_id": "operation-1"}, "bad_choices"),
    ({"check": "quorum", "choices": [1], "operation_id": "operation-1"}, "bad_choices"),
    ({"check": "quorum", "operation_id": "operation-1"}, "bad_choices"),
    ({"check": "quorum", "choices": [], "operation_id": "operation-1"}, "nothing_chosen"),
    ({"check": "quorum", "choices": ["a", "b"], "operation_id": "operation-1"}, "too_many_chosen"),
    ({"check": "quorum", "choices": ["a"]}, "bad_operation_id"),
    ({"check": "quorum", "choices": ["a"], "operation_id": "short"}, "bad_operation_id"),
    ({"check": "quorum", "choices": ["a"], "operation_id": "\ud800" * 10}, "bad_operation_id"),
    ([], "not_an_object"),
    (b"{", "malformed_json"),
    (b"\xff\xfe", "malformed_json"),
    (b"[" * 100_000, "body_too_large"),
    (b" " * 5_000_000, "body_too_large"),
]


@pytest.mark.parametrize(("body", "code"), BAD_ANSWERS)
def test_a_bad_answer_is_refused_and_changes_nothing(body, code) -> None:
    runtime = Bench()
    block = make_block(runtime=runtime)
    reply = call(block, "answer", body)
    assert 400 <= reply.status_code < 500
    assert reply.content_type == "application/problem+json"
    assert reply.json["code"] == code and reply.json["detail"] and reply.json["remedy"]
    assert state(block) == {} and runtime.published == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"seen": "why", "here": ""}, "bad_visit"),
        ({"seen": [1], "here": ""}, "bad_visit"),
        ({"seen": [], "here": 3}, "bad_visit"),
    ],
)
def test_a_bad_visit_is_refused_and_changes_nothing(body, code) -> None:
    block = make_block()
    reply = call(block, "visit", body)
    assert (reply.status_code, reply.json["code"]) == (400, code)
    assert state(block) == {}


@pytest.mark.parametrize("handler", ["answer", "visit"])
def test_a_get_is_refused(handler: str) -> None:
    assert call(make_block(), handler, {}, method="GET").status_code == 405


@pytest.mark.parametrize("handler", ["answer", "visit", "student_view_user_state"])
def test_visitors_get_nothing_and_leave_nothing(handler: str) -> None:
    block = make_block(runtime=Bench(user_id=None))
    body = {"check": "quorum", "choices": ["a"], "operation_id": "operation-1", "seen": ["why"], "here": "why"}
    assert call(block, handler, body).status_code == 401
    for form in ("answer_form", "read_form"):
        assert (
            post_form(block, form, [("check", "quorum"), ("choices", "a"), ("operation_id", "operation-1")]).status_code
            == 401
        )
    assert block.progress == {}


def test_the_message_is_in_the_persons_language(monkeypatch) -> None:
    french = trans_real.translation("fr")._catalog._catalogs[0]
    monkeypatch.setitem(french, "This part of the lesson is not there any more.", "Cette partie n’existe plus.")
    with translation.override("fr"):
        assert answer(make_block(), "gone", "a").json["detail"] == "Cette partie n’existe plus."


def test_a_lesson_that_cannot_be_read_is_a_problem_not_a_traceback() -> None:
    block = make_block()
    block.content = {"schema": 99}
    block.__dict__.pop("lesson", None)
    assert answer(block, "quorum", "a").json["code"] == "lesson_unreadable"
    assert post_form(block, "read_form", []).status_code == 422


FORM = [("check", "quorum"), ("choices", "b"), ("operation_id", "operation-1")]


def test_a_form_without_script_goes_back_to_its_page() -> None:
    block = make_block()
    reply = post_form(block, "answer_form", FORM, Referer="http://lms.test/unit/1?a=b")
    assert reply.status_code == 303
    assert reply.location.endswith(f"/unit/1?a=b#{block.uid}-quorum")
    assert "FEEDBACK-B" in reloaded(block).student_view().content


@pytest.mark.parametrize("referer", ["", "https://evil.test/x", "javascript:alert(1)", "http://evil.test//lms.test"])
def test_from_an_unknown_page_it_answers_with_a_page_of_its_own(referer: str) -> None:
    reply = post_form(make_block(), "answer_form", FORM, Referer=referer)
    assert (reply.status_code, reply.content_type) == (200, "text/html")
    assert '<html lang="ar" dir="rtl">' in reply.text and "FEEDBACK-B" in reply.text


def test_a_referer_cannot_lead_away() -> None:
    reply = post_form(make_block(), "answer_form", FORM, Referer="http://lms.test//evil.test/")
    assert reply.location.startswith(("/evil.test/", "http://lms.test/evil.test/"))


def test_a_bad_form_gets_the_page_with_what_to_do() -> None:
    block = make_block()
    reply = post_form(block, "answer_form", [("check", "quorum"), ("operation_id", "operation-1")])
    assert reply.status_code == 400
    assert 'role="alert"' in reply.text
    assert state(block) == {}
    assert post_form(block, "answer_form", [("choices", "x" * 70_000)]).status_code == 413
    assert call(block, "answer_form", {}, method="GET").status_code == 405


def test_reading_without_script_is_said_with_one_button() -> None:
    runtime = Bench()
    block = make_block(runtime=runtime)
    assert post_form(block, "read_form", []).status_code == 200
    assert runtime.completions == [0.5]
    assert set(state(block)["visited"]) == {step.id for step in LESSON.steps if not step.answerable}


@override_settings(SERVICE_VARIANT="cms")
@pytest.mark.parametrize("kept_for", [None, 7])
def test_studio_keeps_learners_progress_in_its_preview_only(kept_for: int | None) -> None:
    """Its editor opens the block for nobody, in a store that refuses what belongs to a person (seen on Teak)."""

    class Content(Counting):
        def set(self, key: KeyValueStore.Key, value: Any) -> None:
            if key.scope.user is UserScope.ONE and kept_for is None:
                raise InvalidScopeError(key)
            super().set(key, value)

    block = make_block(LESSON, Bench(writes=True, store=Content()), course_ids(kept_for))
    sent = {
        "visit": {"seen": ["why"], "here": "why"},
        "answer": {"check": "quorum", "choices": ["a"], "operation_id": "operation-1"},
    }
    for handler, body in sent.items():
        reply = call(block, handler, body)
        assert reply.status_code == (200 if kept_for else 403)
        assert bool(kept_for) != (reply.json.get("code") == "kept_for_nobody")
    form = {"check": "quorum", "choices": "a", "operation_id": "operation-2"}
    assert post_form(block, "answer_form", form).status_code == (200 if kept_for else 403)
    assert block.handle("handout", Request.blank("/")).status_code == 200
