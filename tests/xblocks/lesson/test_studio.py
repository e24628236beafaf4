"""The Studio form: what it shows it can save again; what is wrong is said line by line; learners are kept out."""

import pytest
from django.test import override_settings
from hypothesis import given, settings
from lxml import etree
from lxml import html as lxml_html

from tests.xblocks.lesson.samples import LESSON, Bench, call, lessons, make_block, reloaded
from xblocks.lesson.model import Lesson, TextStep
from xblocks.lesson.source import FormValues, read_lesson
from xblocks.lesson.source_writer import write_lesson

CHECKED = """```self-check {#q}
question: "?"
choices:
  - {id: a, text: "TEXT", correct: true,
     feedback: "FEEDBACK"}
  - {id: b, text: "b", feedback: "c"}
```"""


def form_of(block) -> dict:
    root = lxml_html.fromstring(block.studio_view().content)
    return {
        "title": root.xpath("string(.//input[@name='title']/@value)"),
        "language": root.xpath("string(.//option[@selected]/@value)"),
        "minutes": root.xpath("string(.//input[@name='minutes']/@value)"),
        "source": root.xpath("string(.//textarea)").removeprefix("\n"),
    }


def author() -> Bench:
    return Bench(staff=True)


def test_saving_the_form_unchanged_changes_nothing() -> None:
    block = make_block(LESSON, author())
    reply = call(block, "studio_save", form_of(block))
    assert reply.status_code == 200, reply.text
    assert reloaded(block).lesson == LESSON


def test_unknown_attributes_survive_an_edit() -> None:
    lesson = Lesson(**{**{name: getattr(LESSON, name) for name in LESSON.__slots__}, "extra": {"x_new": "1"}})
    block = make_block(lesson, author())
    call(block, "studio_save", form_of(block) | {"title": "عنوان جديد"})
    assert reloaded(block).lesson == lesson.titled("عنوان جديد")


def test_a_first_lesson_needs_no_front_matter() -> None:
    block = make_block(Lesson(title="x"), author())
    body = {"title": "درس", "language": "ar", "minutes": 5, "source": "## خطوة {#one}\n\nنص."}
    assert call(block, "studio_save", body).json == {"title": "درس", "steps": 1}
    assert reloaded(block).lesson.steps[0].body == "نص."


def test_titles_keep_the_no_break_spaces_of_french() -> None:
    block = make_block(LESSON, author())
    title = "  Que faire\u202f? «\u00a0Oui\u00a0»\n \tet après "
    assert call(block, "studio_save", form_of(block) | {"title": title}).status_code == 200
    assert reloaded(block).display_name == "Que faire\u202f? «\u00a0Oui\u00a0» et après"


@pytest.mark.parametrize(
    ("changes", "field", "line", "code"),
    [
        ({"title": " "}, "title", 1, "missing_key"),
        ({"title": "\u00a0\u202f"}, "title", 1, "missing_key"),
        ({"title": "x" * 201}, "title", 1, "too_large"),
        ({"language": "de"}, "language", 1, "unknown_language"),
        ({"language": None}, "language", 1, "unknown_language"),
        ({"minutes": "soon"}, "minutes", 1, "not_a_number"),
        ({"minutes": True}, "minutes", 1, "not_a_number"),
        ({"minutes": 0}, "minutes", 1, "not_a_number"),
        ({"source": ""}, "source", 1, "no_steps"),
        ({"source": 5}, "source", 1, "no_steps"),
        ({"source": "text\n\n## a {#b}\n\nc"}, "source", 1, "text_before_step"),
        ({"source": "---\nobjectives: x\n---\n## a {#b}\n\nc"}, "source", 2, "not_a_list"),
        ({"source": "---\nfacts: [A1]\n---\n## a {#b}\n\nc"}, "source", 2, "facts_unavailable"),
        ({"source": "---\ntitle: other\n---\n## a {#b}\n\nc"}, "source", 2, "set_twice"),
        ({"source": "---\nminutes: 9\n---\n## a {#b}\n\nc"}, "source", 2, "set_twice"),
        ({"source": "## a {#b}\n\n<b>c</b>"}, "source", 3, "raw_html"),
        ({"source": CHECKED.replace("FEEDBACK", "![](/static/x.svg)")}, "source", 5, "picture_without_description"),
        ({"source": CHECKED.replace("FEEDBACK", "![x](http://e.org/x.svg)")}, "source", 5, "picture_place"),
        ({"source": CHECKED.replace("TEXT", "a ![x](/static/x.svg)")}, "source", 4, "picture_in_line"),
        ({"source": "## a {#b}\n\n" + "word " * 10_001}, "source", 1, "text_too_heavy"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_nothing_is_saved(changes, field, line, code) -> None:
    block = make_block(LESSON, author())
    reply = call(block, "studio_save", form_of(block) | changes)
    assert (reply.status_code, reply.json["code"]) == (422, "lesson_invalid")
    first = reply.json["problems"][0]
    assert (first["field"], first["line"], first["code"]) == (field, line, code)
    assert first["message"] and first["remedy"]
    assert reloaded(block).lesson == LESSON


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\ud800", "\u202e", "\uffff"])
def test_characters_that_xml_cannot_carry_are_cleaned_on_the_way_in(bad: str) -> None:
    block = make_block(LESSON, author())
    body = {"title": f"d{bad}rs", "language": "fr", "minutes": 5, "source": f"## U{bad}n {{#one}}\n\nTe{bad}xte."}
    assert call(block, "studio_save", body).status_code == 200
    assert (reloaded(block).display_name, reloaded(block).lesson.steps) == ("drs", (TextStep("one", "Un", "Texte."),))
    reloaded(block).add_xml_to_node(etree.Element("unknown"))


def test_a_megabyte_is_refused() -> None:
    block = make_block(LESSON, author())
    assert call(block, "studio_save", form_of(block) | {"source": "x" * 1_000_000}).status_code == 413


def test_learners_neither_see_nor_send_the_form() -> None:
    block = make_block(LESSON)
    assert "<textarea" not in block.studio_view().content
    assert call(block, "studio_save", {"title": "mine"}).status_code == 403
    assert reloaded(block).lesson == LESSON


@override_settings(SERVICE_VARIANT="cms")
def test_studio_lets_its_authors_save_and_nobody_else() -> None:
    block = make_block(LESSON, runtime=Bench(writes=True))
    assert call(block, "studio_save", form_of(block)).status_code == 200
    for writes in (False, None):
        stranger = make_block(LESSON, runtime=Bench(writes=writes))
        assert call(stranger, "studio_save", {"title": "mine"}).status_code == 403
        assert "<textarea" not in stranger.studio_view().content


@override_settings(SERVICE_VARIANT="lms")
def test_the_lms_keeps_no_change_of_content() -> None:
    """Its course staff are told so; the platform's field data would answer with a fault."""
    block = make_block(LESSON, author())
    assert call(block, "studio_save", form_of(block)).status_code == 403


@settings(max_examples=150, deadline=None)
@given(lessons)
def test_what_the_writer_writes_and_the_reader_takes_is_stable(lesson: Lesson) -> None:
    """A lesson that came through the form once comes through it unchanged ever after."""
    form = FormValues(title=lesson.title, minutes=max(1, lesson.minutes))
    first = read_lesson(write_lesson(lesson, for_form=True), file="s", language=lesson.language, form=form).lesson
    if first is not None:
        again = read_lesson(write_lesson(first, for_form=True), file="s", language=lesson.language, form=form)
        assert again.lesson == first, [problem.line() for problem in again.problems]
