"""The model, its JSON, and judging an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.xblocks.lesson.samples import LESSON, MINUTES, QUORUM, lessons
from xblocks.lesson.grading import PARTLY, RIGHT, WRONG, grade, missed
from xblocks.lesson.model import Lesson, LessonError, is_code
from xblocks.lesson.progress import NoTriesLeft, OperationReused, Progress, is_open_book, tries_left


@given(lessons)
def test_json_gives_the_same_lesson_again(lesson: Lesson) -> None:
    assert Lesson.from_data(lesson.to_data(), title=lesson.title) == lesson


def test_an_empty_mapping_is_an_empty_lesson() -> None:
    assert Lesson.from_data({}, title="درس") == Lesson(title="درس")


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"schema": 2}, "newer"),
        ({"schema": "x"}, "newer"),
        ({"steps": [{"type": "hologram", "id": "s"}]}, "hologram"),
        ({"steps": [{"type": "text", "id": "s"}]}, "title"),
        ({"steps": [{"type": "self-check", "id": "s", "kind": "guess"}]}, "guess"),
        ({"steps": 3}, "int"),
        ([], "list"),
        ({"schema": "²"}, "newer"),
        ({"minutes": "ten"}, "ten"),
        ({"minutes": float("inf")}, "infinity"),
        ({"steps": [{"type": "self-check", "id": "s", "question": "q", "choices": [], "tries": "x"}]}, "x"),
        ({"extra": "ab"}, "dictionary"),
    ],
)
def test_what_cannot_be_read_is_named(data: dict, named: str) -> None:
    with pytest.raises(LessonError, match=named):
        Lesson.from_data(data, title="x")


@pytest.mark.parametrize("bad", ["", "A", "a_b", "-a", "a-", "a--b", "درس", "a" * 81])
def test_codes_are_kebab_case_ascii(bad: str) -> None:
    assert not is_code(bad)
    assert is_code("gov2-s1-u1")


@pytest.mark.parametrize(
    ("check", "chosen", "outcome"),
    [
        (QUORUM, ["a"], RIGHT),
        (QUORUM, ["b"], WRONG),
        (MINUTES, ["a", "b"], RIGHT),
        (MINUTES, ["a"], PARTLY),
        (MINUTES, ["a", "b", "c"], PARTLY),
        (MINUTES, ["c"], WRONG),
        (MINUTES, [], WRONG),
        (MINUTES, ["a", "b", "gone"], RIGHT),
    ],
)
def test_verdicts(check, chosen, outcome) -> None:
    assert grade(check, chosen).outcome == outcome


def test_missed_are_the_right_choices_not_picked() -> None:
    assert [choice.id for choice in missed(MINUTES, grade(MINUTES, ["a", "c"]))] == ["b"]


def test_the_parts_done_make_the_fraction() -> None:
    progress = Progress()
    assert progress.fraction(LESSON) == 0.0
    progress = progress.visit(LESSON, frozenset({"why", "gone"}), "quorum")
    assert (progress.fraction(LESSON), progress.resume_at(LESSON)) == (0.25, "quorum")
    progress, _ = progress.answer(QUORUM, ("b",), "op-1")
    progress = progress.visit(LESSON, frozenset({"how"}), "minutes")
    assert [step.id for step in progress.missing(LESSON)] == ["minutes"]
    progress, _ = progress.answer(MINUTES, ("c",), "op-2")
    assert progress.fraction(LESSON) == 1.0
    assert Progress().fraction(Lesson(title="empty")) == 0.0


def test_seeing_a_check_is_not_answering_it() -> None:
    progress = Progress().visit(LESSON, frozenset({"quorum"}), "quorum")
    assert progress.fraction(LESSON) == 0.0


def test_tries_run_out_and_open_the_book() -> None:
    progress = Progress()
    assert tries_left(QUORUM, progress.record(QUORUM)) is None
    for number in (1, 2):
        assert not is_open_book(MINUTES, progress.record(MINUTES))
        progress, _ = progress.answer(MINUTES, ("c",), f"op-{number}")
    assert is_open_book(MINUTES, progress.record(MINUTES))
    with pytest.raises(NoTriesLeft):
        progress.answer(MINUTES, ("a",), "op-3")


def test_a_limited_check_closes_once_solved() -> None:
    progress, _ = Progress().answer(MINUTES, ("a", "b"), "op-1")
    assert tries_left(MINUTES, progress.record(MINUTES)) == 0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 6)), max_size=30))
def test_a_delivery_repeated_in_any_order_counts_once(deliveries: list[tuple[str, int]]) -> None:
    """Each operation brings one fixed answer; whatever comes again changes nothing and gets the same verdict."""
    progress, verdicts = Progress(), {}
    for _, number in deliveries:
        chosen = ("abc"[number % 3],)
        progress, verdict = progress.answer(QUORUM, chosen, f"op-{number}")
        assert verdicts.setdefault(number, verdict) == verdict
    assert progress.record(QUORUM).tries == len({number for _, number in deliveries})


def test_an_operation_with_another_answer_is_refused() -> None:
    progress, _ = Progress().answer(QUORUM, ("a",), "op-1")
    with pytest.raises(OperationReused):
        progress.answer(QUORUM, ("b",), "op-1")


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["visited", "answers", "tries", "attempts"]), inner)
    ),
    max_leaves=20,
)


@given(junk)
def test_any_stored_state_can_be_read(state: object) -> None:
    progress = Progress.from_data(state)
    assert 0.0 <= progress.fraction(LESSON) <= 1.0
    assert Progress.from_data(progress.to_data()) == progress
