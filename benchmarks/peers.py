"""The peers: the blocks that course teams reach for today, with content of the size ours has where they can hold it."""

from __future__ import annotations

from types import SimpleNamespace

from drag_and_drop_v2 import drag_and_drop_v2

from benchmarks.harness import Subject

PACKAGES = (
    "xblock-poll",
    "xblock-drag-and-drop-v2",
    "xblock-problem-builder",
    "edx-submissions",
    "xblock-free-text-response",
)


# A flag of the platform, off by default; without the platform the look for it fails.
drag_and_drop_v2.get_grading_ignore_decoys_waffle_flag = lambda: SimpleNamespace(is_enabled=lambda course_key: False)


def problem_builder(questions: int) -> Subject:
    """`questions` multiple-choice questions of five choices in one mentoring block, answered all at once (its only way)."""
    choices = "".join(
        f'<pb-choice value="c{n}">Level {n}: what this answer means, in a sentence</pb-choice>' for n in range(5)
    )
    mcqs = "".join(
        f'<pb-mcq name="q{n}" question="Question {n}: does the association do this, and how well?" '
        f"""correct_choices='["c4"]'>{choices}</pb-mcq>"""
        for n in range(questions)
    )
    return Subject(
        f"problem-builder {questions}",
        f'<problem-builder max_attempts="0">{mcqs}</problem-builder>',
        handler="submit",
        answer=lambda: {f"q{n}": {"value": "c2"} for n in range(questions)},
    )


def peers() -> list[Subject]:
    """All of them, and last the cheapest thing a block can do."""
    return [
        Subject(
            "poll",
            '<poll private_results="true" max_submissions="0"/>',
            handler="vote",
            answer=lambda: {"choice": "R"},
        ),
        Subject(
            "survey",
            '<survey private_results="true" max_submissions="0"/>',
            handler="vote",
            answer=lambda: {"enjoy": "Y", "recommend": "Y", "learn": "N"},
        ),
        Subject(
            "drag-and-drop-v2",
            "<drag-and-drop-v2/>",
            handler="drop_item",
            answer=lambda: {"val": 0, "zone": "top", "x_percent": "33%", "y_percent": "11%"},
        ),
        Subject(
            "free-text",
            "<freetextresponse/>",
            handler="submit",
            answer=lambda: {"student_answer": "An answer of a few words."},
        ),
        problem_builder(3),
        problem_builder(30),
        Subject("helloworld", "<helloworld_demo/>"),
    ]
