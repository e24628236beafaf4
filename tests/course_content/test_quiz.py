"""Quizzes: written as self-checks, graded by the platform as problems of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree
from olxcleaner import validate

from course_content.compiler import BuiltRun, build, check
from tests.course_content.samples import SVG, Sources, with_quiz

OURS = ["nassij_lesson", "nassij_governance"]


@pytest.fixture
def quiz(sources: Sources) -> Sources:
    with_quiz(sources)
    return sources


def built(sources: Sources, out: Path) -> dict[str, BuiltRun]:
    return {run.language: run for run in build(check(sources.root), out)}


def xml(path: Path) -> etree._Element:
    return etree.parse(str(path)).getroot()


def test_each_question_is_a_problem_of_the_platform(quiz: Sources, tmp_path: Path) -> None:
    folder = built(quiz, tmp_path / "out")["ar"].folder
    vertical = xml(folder / "vertical/smp-s1-q1.xml")
    names = [node.get("url_name") for node in vertical.findall("problem")]
    assert names == ["smp-s1-q1-first", "smp-s1-q1-second"]

    problem = xml(folder / "problem/smp-s1-q1-first.xml")
    assert dict(problem.attrib) == {
        "url_name": "smp-s1-q1-first",
        "display_name": "سؤال؟",
        "max_attempts": "2",
        "weight": "1.0",
        "showanswer": "finished",
        "rerandomize": "never",
    }
    root = problem[0]
    assert (root.get("lang"), root.get("dir")) == ("ar", "rtl")
    response = root.find("multiplechoiceresponse")
    assert response.findtext("label") == "سؤال؟"
    choices = response.find("choicegroup").findall("choice")
    assert [(choice.get("name"), choice.get("correct"), choice.text) for choice in choices] == [
        ("a", "true", "YES"),
        ("b", "false", "NO"),
    ]
    assert [choice.findtext("choicehint") for choice in choices] == ["WELL DONE", "LOOK AGAIN"]


def test_several_right_answers_are_a_problem_of_boxes(quiz: Sources, tmp_path: Path) -> None:
    problem = xml(built(quiz, tmp_path / "out")["fr"].folder / "problem/smp-s1-q1-second.xml")
    assert problem.get("max_attempts") == "1"
    assert problem.get("display_name") == "Leçon : une"  # the question has no title of its own
    choices = problem.findall(".//choiceresponse/checkboxgroup/choice")
    assert [choice.get("correct") for choice in choices] == ["true", "true", "false"]
    assert {hint.get("selected") for choice in choices for hint in choice.findall("choicehint")} == {"true"}


def test_a_quiz_counts(quiz: Sources, tmp_path: Path) -> None:
    """What makes the platform grade it: a subsection of its own, of a kind that the policy knows."""
    quiz.edit("course.yaml", "org: Nassij", "org: Nassij\npass_mark: 60")
    for language, run in built(quiz, tmp_path / "out").items():
        chapter = xml(run.folder / "chapter/s1-first.xml")
        names = [node.get("url_name") for node in chapter]
        assert names == ["s1-first-lessons", "smp-s1-q1-graded", "smp-s1-q1-after"]
        subsections = [xml(run.folder / f"sequential/{name}.xml") for name in names]
        assert [node.get("graded") for node in subsections] == [None, "true", None]
        policy = json.loads((run.folder / f"policies/{language}/grading_policy.json").read_text("utf-8"))
        (kind,) = policy["GRADER"]
        assert (kind["type"], kind["min_count"], kind["weight"]) == (subsections[1].get("format"), 1, 1.0)
        assert policy["GRADE_CUTOFFS"] == {"Pass": 0.6}


def test_olxcleaner_finds_nothing_in_a_course_with_a_quiz_and_an_end(quiz: Sources, tmp_path: Path) -> None:
    quiz.edit("course.yaml", "org: Nassij", "org: Nassij\nend: 2028-12-31")
    for run in built(quiz, tmp_path / "out").values():
        _, errors, _ = validate(str(run.folder), allowed_xblocks=OURS)
        assert [error.description for error in errors.errors] == []


def test_the_index_leads_to_the_page_of_the_quiz(quiz: Sources, tmp_path: Path) -> None:
    built(quiz, tmp_path / "out")
    entry = json.loads((tmp_path / "out/unit_index.json").read_text("utf-8"))["smp-s1-q1"]["fr"]
    assert entry["unit_usage"] == entry["block_usage"] == "block-v1:Nassij+SMP1+fr+type@vertical+block@smp-s1-q1"


def test_an_edited_question_changes_no_id(quiz: Sources, tmp_path: Path) -> None:
    before = built(quiz, tmp_path / "one")["fr"].folder
    path = quiz.section / "u3-quiz/fr.md"
    path.write_text(path.read_text("utf-8").replace("Question ?", "Quelle question ?").replace("YES", "OUI"), "utf-8")
    after = built(quiz, tmp_path / "two")["fr"].folder

    def ids(folder: Path) -> list[tuple[str, list[str]]]:
        return [
            (path.name, [str(node.get("name")) for node in xml(path).iter("choice")])
            for path in sorted((folder / "problem").iterdir())
        ]

    assert ids(before) == ids(after)


def test_a_question_keeps_its_pictures_and_its_marks(quiz: Sources, tmp_path: Path) -> None:
    (quiz.section / "u3-quiz/assets").mkdir()
    (quiz.section / "u3-quiz/assets/way.svg").write_text(SVG, "utf-8")
    for language in ("ar", "fr"):
        path = quiz.section / f"u3-quiz/{language}.md"
        text = path.read_text("utf-8").replace('"LOOK AGAIN"', '"See **this**:\\n\\n![a way](assets/way.svg)"')
        path.write_text(text.replace('"NO"', '"[07-09]{.ltr} & <3"'), "utf-8")
    folder = built(quiz, tmp_path / "out")["ar"].folder
    choice = xml(folder / "problem/smp-s1-q1-first.xml").findall(".//choice")[1]
    assert choice.find("bdi").get("dir") == "ltr" and choice.find("bdi").tail == " & <3"
    assert choice.find("choicehint/strong").text == "this"
    assert choice.find("choicehint/img").get("src") == "/static/smp-s1-q1_way.svg"
    assert (folder / "static/smp-s1-q1_way.svg").exists()
