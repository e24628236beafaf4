"""What a lesson tells the event log: where a learner came to and whether an answer was right, never which one it was."""

from __future__ import annotations

from typing import Any

from django.test import override_settings

from tests.xblocks.lesson.samples import (
    LESSON,
    Bench,
    LibraryRuntime,
    answer,
    call,
    library_ids,
    make_block,
    post_form,
    reloaded,
)
from xblocks.lesson.model import SelfCheck

KEY = "nassij.lesson."


def told(runtime: Any) -> list[tuple[Any, ...]]:
    return [
        (name.removeprefix(KEY), *(value for field, value in data.items() if field != "usage_key"))
        for name, data in runtime.events
    ]


def a_check() -> SelfCheck:
    return LESSON.checks[0]


def wrong_and_right(check: SelfCheck) -> tuple[tuple[str, ...], tuple[str, ...]]:
    right = tuple(choice.id for choice in check.choices if choice.correct)
    return tuple(choice.id for choice in check.choices if not choice.correct)[:1], right


def test_a_lesson_read_to_its_end() -> None:
    runtime = Bench()
    block = make_block(runtime=runtime)
    first, *others = [step for step in LESSON.steps if not step.answerable]
    for _ in range(2):  # a repeated delivery tells nothing
        call(block, "visit", {"seen": [first.id], "here": first.id})
    for number, check in enumerate(LESSON.checks):
        bad, good = wrong_and_right(check)
        answer(block, check.id, *(good if check.tries == 1 else bad), operation=f"operation-{number}a")
        if check.tries != 1:
            answer(block, check.id, *good, operation=f"operation-{number}b")
            answer(block, check.id, *good, operation=f"operation-{number}b")
    call(block, "visit", {"seen": [step.id for step in others], "here": ""})
    call(block, "visit", {"seen": [step.id for step in others], "here": first.id})

    events = told(runtime)
    assert events[:2] == [("started",), ("step.reached", first.id)]
    assert events.count(("started",)) == events.count(("completed",)) == 1
    assert events[-1] == ("completed",)
    assert [event[1] for event in events if event[0] == "step.reached"] == [first.id, *(step.id for step in others)]
    for check in LESSON.checks:
        tries = [event[2:] for event in events if event[:2] == ("self_check.answered", check.id)]
        assert tries == ([(True, 1)] if check.tries == 1 else [(False, 1), (True, 2)])


def test_an_answer_without_script_is_told_too() -> None:
    runtime = Bench()
    block = make_block(runtime=runtime)
    check = a_check()
    fields = [("check", check.id), *(("choices", chosen) for chosen in wrong_and_right(check)[0])]
    post_form(block, "answer_form", [*fields, ("operation_id", "operation-form")])

    assert told(runtime) == [("started",), ("self_check.answered", check.id, False, 1)]


def test_events_name_the_block_and_no_choice() -> None:
    runtime = Bench()
    block = make_block(runtime=runtime)
    check = a_check()
    answer(block, check.id, *wrong_and_right(check)[1])

    assert {data["usage_key"] for _name, data in runtime.events} == {str(block.scope_ids.usage_id)}
    assert {field for _name, data in runtime.events for field in data} == {"usage_key", "step", "success", "tries"}


def test_rendering_a_library_and_studio_tell_nothing() -> None:
    runtime = Bench(writes=True)
    block = make_block(runtime=runtime)
    block.student_view()
    reloaded(block).author_view()
    with override_settings(SERVICE_VARIANT="cms"):
        call(block, "visit", {"seen": [], "here": LESSON.steps[0].id})
    assert runtime.published == []
    library = LibraryRuntime()
    call(make_block(runtime=library, ids=library_ids()), "visit", {"seen": [], "here": LESSON.steps[0].id})
    assert library.published == []
