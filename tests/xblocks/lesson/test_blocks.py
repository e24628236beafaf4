"""The blocks of a source: every kind as a trainer writes it, there and back, and every mistake at its place with a remedy."""

from __future__ import annotations

import pytest

from xblocks.lesson.files import document_kind, media_type, read_size
from xblocks.lesson.model import (
    Choice,
    FieldPractice,
    File,
    FileStep,
    Lesson,
    MediaStep,
    Reflection,
    SelfCheck,
    Step,
)
from xblocks.lesson.source import FormValues, read_lesson
from xblocks.lesson.source_writer import write_lesson

FORM = FormValues("Leçon", 5)

MEDIA = """```media {#watch}
title: Écrire le procès-verbal
kind: video
minutes: 4
file: assets/minutes.mp4
size: 6.2 MB
light: assets/minutes-light.mp4
light_size: 850 Ko
captions: assets/minutes.fr.vtt
transcript: |
  D’abord **la date**.

  Puis les présents.
```"""
FILE = """```file {#template}
title: Le modèle de procès-verbal
file: assets/template.docx
size: 48 KB
text: À remplir pendant l’assemblée.
```"""
ORDER = """```self-check {#path}
question: Dans quel ordre ?
kind: order
choices:
  - {id: a, text: La convocation, feedback: Elle vient en premier.}
  - {id: b, text: Le vote, feedback: Après le débat.}
  - {id: c, text: La déclaration, feedback: Dans le mois.}
```"""
MATCH = """```self-check {#who}
question: Qui décide ?
kind: match
choices:
  - {id: a, text: Le budget, match: l’assemblée ordinaire, feedback: Chaque année.}
  - {id: b, text: Les statuts, match: l’assemblée extraordinaire, feedback: Rarement.}
  - {id: c, text: Le bureau, match: l’assemblée ordinaire, feedback: Élu par tous.}
```"""
NUMBER = """```self-check {#quorum}
question: 40 adhérents, quorum de la moitié ?
kind: number
unit: adhérents
tolerance: 0.5
choices:
  - {id: a, text: 20, correct: true, feedback: La moitié de 40.}
  - {id: b, text: 21, feedback: La moitié suffit.}
otherwise: Divisez 40 par deux.
tries: 3
```"""
REFLECTION = """```reflection {#think}
title: Et chez vous ?
prompt: |
  Quand avez-vous relu vos statuts ?
```"""
PRACTICE = """```field-practice {#do-it}
prompt: Relisez l’article sur le quorum avec votre bureau.
```"""

WRITTEN: list[tuple[str, Step]] = [
    (
        MEDIA,
        MediaStep(
            "watch",
            "Écrire le procès-verbal",
            File("assets/minutes.mp4", 6_200_000),
            "D’abord **la date**.\n\nPuis les présents.",
            "video",
            4,
            File("assets/minutes-light.mp4", 850_000),
            File("assets/minutes.fr.vtt"),
        ),
    ),
    (
        FILE,
        FileStep(
            "template",
            "Le modèle de procès-verbal",
            File("assets/template.docx", 48_000),
            "À remplir pendant l’assemblée.",
        ),
    ),
    (
        ORDER,
        SelfCheck(
            "path",
            "Dans quel ordre ?",
            (
                Choice("a", "La convocation", "Elle vient en premier."),
                Choice("b", "Le vote", "Après le débat."),
                Choice("c", "La déclaration", "Dans le mois."),
            ),
            "order",
        ),
    ),
    (
        MATCH,
        SelfCheck(
            "who",
            "Qui décide ?",
            (
                Choice("a", "Le budget", "Chaque année.", match="l’assemblée ordinaire"),
                Choice("b", "Les statuts", "Rarement.", match="l’assemblée extraordinaire"),
                Choice("c", "Le bureau", "Élu par tous.", match="l’assemblée ordinaire"),
            ),
            "match",
        ),
    ),
    (
        NUMBER,
        SelfCheck(
            "quorum",
            "40 adhérents, quorum de la moitié ?",
            (Choice("a", "20", "La moitié de 40.", correct=True), Choice("b", "21", "La moitié suffit.")),
            "number",
            tries=3,
            tolerance="0.5",
            unit="adhérents",
            otherwise="Divisez 40 par deux.",
        ),
    ),
    (REFLECTION, Reflection("think", "Et chez vous ?", "Quand avez-vous relu vos statuts ?")),
    (PRACTICE, FieldPractice("do-it", "", "Relisez l’article sur le quorum avec votre bureau.")),
]


def read(source: str, *, in_form: bool = True):
    return read_lesson(source, file="s", language="fr", form=FORM if in_form else None)


@pytest.mark.parametrize(("source", "step"), WRITTEN, ids=[step.id for _source, step in WRITTEN])
def test_a_block_becomes_its_step_and_is_written_so_that_it_does_again(source: str, step: Step) -> None:
    reading = read(source)
    assert [problem.line() for problem in reading.problems] == []
    assert reading.lesson is not None and reading.lesson.steps == (step,)
    assert read(write_lesson(reading.lesson, for_form=True)).lesson == reading.lesson


def test_all_kinds_in_one_lesson_that_counts() -> None:
    lesson = Lesson("Leçon", "fr", minutes=5, scored=True, steps=tuple(step for _source, step in WRITTEN))
    assert read(write_lesson(lesson, for_form=True)).lesson == lesson


def test_the_files_of_a_lesson_are_told_with_their_places() -> None:
    files = [(file.src, place.line, place.column) for file, place in read(f"{MEDIA}\n\n{FILE}").files]
    assert files == [
        ("assets/minutes.mp4", 5, 7),
        ("assets/minutes-light.mp4", 7, 8),
        ("assets/minutes.fr.vtt", 9, 11),
        ("assets/template.docx", 18, 7),
    ]


# (code, the block, what is replaced in it, by what, line and column)
WRONG = [
    ("media_kind", MEDIA, "kind: video", "kind: film", 3, 7),
    ("file_place", MEDIA, "assets/minutes.mp4", "https://example.org/minutes.mp4", 5, 7),
    ("file_place", FILE, "assets/template.docx", "assets/../secret.docx", 3, 7),
    ("file_place", FILE, "assets/template.docx", "javascript:alert(1)//.pdf", 3, 7),
    ("file_kind", MEDIA, "assets/minutes.mp4", "assets/minutes.exe", 5, 7),
    ("file_kind", MEDIA, "minutes.fr.vtt", "minutes.fr.srt", 9, 11),
    ("file_kind", FILE, "template.docx", "template.html", 3, 7),
    ("not_a_size", MEDIA, "850 Ko", "small", 8, 13),
    ("file_without_size", FILE, "size: 48 KB\n", "", 3, 7),
    ("file_too_heavy", MEDIA, "6.2 MB", "60 MB", 5, 7),
    ("file_too_heavy", FILE, "48 KB", "11 MB", 3, 7),
    ("media_without_light", MEDIA, "light: assets/minutes-light.mp4\nlight_size: 850 Ko\n", "", 5, 7),
    ("light_not_lighter", MEDIA, "850 Ko", "7 MB", 5, 7),
    ("media_without_transcript", MEDIA, MEDIA[MEDIA.index("transcript:") : MEDIA.rindex("```")], "", 2, 1),
    ("empty_value", MEDIA, MEDIA[MEDIA.index(" |") : MEDIA.rindex("```")], "\n", 10, 1),
    ("missing_key", MEDIA, "minutes: 4\n", "", 2, 1),
    ("block_layout", REFLECTION, REFLECTION[REFLECTION.index("\n") :], "\n- a\n```", 1, 1),
    ("missing_key", PRACTICE, "prompt", "promt", 2, 1),
    ("check_few_choices", ORDER, ORDER[ORDER.index("  - {id: b") : ORDER.rindex("```")], "", 5, 3),
    ("unknown_key", ORDER, "text: Le vote,", "text: Le vote, correct: true,", 6, 28),
    ("check_one_half", MATCH, "extraordinaire", "ordinaire", 5, 3),
    ("missing_key", MATCH, "match: l’assemblée extraordinaire, ", "", 6, 5),
    ("not_a_decimal", NUMBER, "text: 21", "text: vingt", 8, 19),
    ("not_a_decimal", NUMBER, "tolerance: 0.5", "tolerance: -1", 5, 12),
    ("check_no_answer", NUMBER, "correct: true, ", "", 7, 3),
    ("check_no_otherwise", NUMBER, "otherwise: Divisez 40 par deux.\n", "", 2, 1),
    ("unit_too_long", NUMBER, "unit: adhérents", f"unit: {'x' * 41}", 4, 7),
    ("check_no_feedback", ORDER, ", feedback: Après le débat.", "", 6, 5),
    ("unknown_key", ORDER, "kind: order", "kind: order\ntolerance: 1", 4, 1),
    ("raw_html", REFLECTION, "Quand", "<b>Quand</b>", 3, 9),
    ("picture_place", PRACTICE, "prompt: ", "prompt: |\n  ![x](https://example.org/x.svg)\n\n  ", 2, 9),
]
CODES = frozenset(code for code, *_rest in WRONG)


@pytest.mark.parametrize(
    ("code", "source", "old", "new", "line", "column"), WRONG, ids=[f"{n}-{case[0]}" for n, case in enumerate(WRONG)]
)
def test_what_is_wrong_is_found_at_its_place(
    code: str, source: str, old: str, new: str, line: int, column: int
) -> None:
    assert old in source
    reading = read(source.replace(old, new, 1))
    found = [problem for problem in reading.problems if problem.code == code]
    assert found, [problem.line() for problem in reading.problems]
    assert (found[0].place.line, found[0].place.column) == (line, column)
    assert found[0].message() and found[0].remedy() and reading.lesson is None


def test_in_a_course_file_sizes_are_measured_not_asked_for() -> None:
    source = f"---\ncode: a\ntitle: A\nobjectives: [b]\nminutes: 3\n---\n\n{FILE.replace('size: 48 KB', '')}"
    reading = read(source, in_form=False)
    assert reading.problems == () and reading.files[0][0] == File("assets/template.docx")


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("6200000", 6_200_000),
        ("6.2 MB", 6_200_000),
        ("6,2 Mo", 6_200_000),
        ("850 KB", 850_000),
        ("1.8M", 1_800_000),
        *((text, None) for text in ("", "MB", "-1", "1 GB", "1.2.3", "9" * 12)),
    ],
)
def test_sizes_as_people_write_them(text: str, size: int | None) -> None:
    assert read_size(text) == size


def test_kinds_of_files() -> None:
    assert media_type("video", "/static/a.MP4") == "video/mp4" and media_type("audio", "a.exe") == ""
    assert (document_kind("a.xlsx"), document_kind("/static/a.xyz"), document_kind("a")) == ("Excel", "XYZ", "")
