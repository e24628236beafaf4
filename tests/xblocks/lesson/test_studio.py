"""The editor's server side: what it shows it can save again; what is wrong is said with its place; learners are kept out."""

from __future__ import annotations

import base64
import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from django.utils import translation
from hypothesis import given, settings
from lxml import etree
from webob import Request

from course_content.pictures import picture_problems
from course_content.problems import Problems
from tests.xblocks.lesson.samples import LESSON, Bench, LibraryRuntime, call, lessons, library_ids, make_block, reloaded
from xblocks.lesson import files, pictures
from xblocks.lesson.draft import differences, read_draft, to_draft
from xblocks.lesson.forms import ABOUT, STEPS
from xblocks.lesson.marks import in_other_script, marks
from xblocks.lesson.model import (
    CHECK_KINDS,
    STEP_TYPES,
    Choice,
    FieldPractice,
    File,
    FileStep,
    Lesson,
    MediaStep,
    Reflection,
    SelfCheck,
    TextStep,
)
from xblocks.lesson.source import FormValues, read_lesson
from xblocks.lesson.source_writer import write_lesson

CHECKED = """```self-check {#q}
question: "?"
choices:
  - {id: a, text: "TEXT", correct: true,
     feedback: "FEEDBACK"}
  - {id: b, text: "b", feedback: "c"}
```"""


def author() -> Bench:
    return Bench(staff=True)


def args_of(block: Any) -> dict[str, Any]:
    given: dict[str, Any] = block.studio_view().json_init_args
    return given


def cards_of(block: Any) -> dict[str, Any]:
    """What the editor sends when nothing was changed."""
    args = args_of(block)
    return {"version": args["version"], "lesson": copy.deepcopy(args["lesson"])}


def text_of(block: Any) -> dict[str, Any]:
    """The same from its text."""
    args = args_of(block)
    source = call(block, "studio_text", {"lesson": args["lesson"]}).json["source"]
    about = {name: args["lesson"][name] for name in ("title", "language", "minutes")}
    return {"version": args["version"], "source": source, **about}


# Saving


@pytest.mark.parametrize("form", [cards_of, text_of])
def test_saving_unchanged_changes_nothing(form) -> None:
    block = make_block(LESSON, author())
    reply = call(block, "studio_save", form(block))
    assert reply.status_code == 200, reply.text
    assert reloaded(block).lesson == LESSON
    assert reply.json["version"] == args_of(reloaded(block))["version"]


def with_unknown(lesson: Lesson) -> Lesson:
    """`lesson` with an attribute of a newer version on each part that may have one."""
    steps = []
    for step in lesson.steps:
        if isinstance(step, SelfCheck):
            step = replace(step, choices=tuple(replace(one, extra={"x_c": one.id}) for one in step.choices))
        steps.append(replace(step, extra={"x_s": step.id}))
    return replace(lesson, extra={"x_new": "1"}, steps=tuple(steps))


@pytest.mark.parametrize("form", [cards_of, text_of])
@pytest.mark.parametrize("lesson", ["all kinds", "course"])
def test_unknown_attributes_survive_an_edit(form, lesson) -> None:
    """Of the lesson, its steps and their choices, wherever they went."""
    stored = with_unknown(FRENCH if lesson == "all kinds" else LESSON)
    block = make_block(stored, author())
    sent = form(block)
    (sent if "source" in sent else sent["lesson"])["title"] = "عنوان جديد"
    if "lesson" in sent:
        sent["lesson"]["steps"].reverse()
    assert call(block, "studio_save", sent).status_code == 200
    after = reloaded(block).lesson
    assert after == replace(stored, title="عنوان جديد", steps=stored.steps[:: -1 if "lesson" in sent else 1])
    call(reloaded(block), "studio_save", cards_of(reloaded(block)))
    assert reloaded(block).lesson == after


def test_unknown_attributes_are_taken_from_no_form_and_go_to_no_other_kind() -> None:
    block = make_block(with_unknown(LESSON), author())
    sent = cards_of(block)
    first = sent["lesson"]["steps"][0]
    sent["lesson"]["steps"][0] = {
        "type": "reflection",
        "id": first["id"],
        "title": "",
        "prompt": "x",
        "extra": {"x": "1"},
    }
    sent["lesson"]["steps"].append({**first, "id": "copy", "extra": {"onload": "1"}})
    assert call(block, "studio_save", sent).status_code == 200
    steps = reloaded(block).lesson.steps
    assert (steps[0].extra, steps[-1].extra, steps[1].extra) == ({}, {}, {"x_s": "quorum"})


def test_a_first_lesson_needs_no_front_matter() -> None:
    block = make_block(Lesson(title="x"), author())
    body = {"title": "درس", "language": "ar", "minutes": 5, "source": "## خطوة {#one}\n\nنص."}
    reply = call(block, "studio_save", body | {"version": args_of(block)["version"]})
    assert (reply.json["title"], reply.json["steps"]) == ("درس", 1)
    assert reloaded(block).lesson.steps[0].body == "نص."


@pytest.mark.parametrize("form", [cards_of, text_of])
def test_titles_keep_the_no_break_spaces_of_french(form) -> None:
    block = make_block(LESSON, author())
    sent = form(block)
    (sent if "source" in sent else sent["lesson"])["title"] = "  Que faire\u202f? «\u00a0Oui\u00a0»\n \tet après "
    assert call(block, "studio_save", sent).status_code == 200
    assert reloaded(block).display_name == "Que faire\u202f? «\u00a0Oui\u00a0» et après"


def test_what_somebody_else_saved_meanwhile_is_shown_and_not_overwritten() -> None:
    block = make_block(LESSON, author())
    mine, theirs = cards_of(block), cards_of(block)
    theirs["lesson"]["steps"][0]["title"] = "عنوانهم"
    theirs["lesson"]["minutes"] = 9
    assert call(block, "studio_save", theirs).status_code == 200
    mine["lesson"]["steps"][0]["title"] = "عنواني"
    refused = call(reloaded(block), "studio_save", mine)
    assert (refused.status_code, refused.json["code"]) == (409, "saved_meanwhile")
    assert refused.json["theirs"] == theirs["lesson"]
    parts = {each["part"]: (each["mine"], each["theirs"]) for each in refused.json["differences"]}
    assert set(parts) == {"about", "step"}
    assert "عنواني" in parts["step"][0] and "عنوانهم" in parts["step"][1]
    assert "minutes: 9" in parts["about"][1]
    assert reloaded(block).lesson.steps[0].title == "عنوانهم"

    mine["version"] = refused.json["version"]  # seen both, and chosen
    assert call(reloaded(block), "studio_save", mine).status_code == 200
    assert reloaded(block).lesson.steps[0].title == "عنواني"


def test_a_save_that_arrives_twice_is_no_conflict() -> None:
    """The answer to the first may have been lost on the way."""
    block = make_block(LESSON, author())
    sent = cards_of(block)
    sent["lesson"]["title"] = "مرتين"
    assert call(block, "studio_save", sent).status_code == 200
    assert call(reloaded(block), "studio_save", sent).status_code == 200


def test_differences_name_steps_added_deleted_and_moved() -> None:
    moved = replace(LESSON, steps=LESSON.steps[::-1])
    assert [each["part"] for each in differences(LESSON, moved)] == ["order"]
    shorter = replace(LESSON, steps=LESSON.steps[1:])
    assert [(each["part"], bool(each["mine"]), bool(each["theirs"])) for each in differences(LESSON, shorter)] == [
        ("step", True, False)
    ]
    assert differences(LESSON, LESSON) == []


# What is wrong


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
def test_what_is_wrong_in_the_text_is_said_with_its_line_and_nothing_is_saved(changes, field, line, code) -> None:
    block = make_block(LESSON, author())
    for handler in ("studio_save", "studio_cards"):
        reply = call(block, handler, text_of(block) | changes)
        assert (reply.status_code, reply.json["code"]) == (422, "lesson_invalid")
        first = reply.json["problems"][0]
        assert (first["field"], first["line"], first["code"]) == (field, line, code)
        assert first["message"] and first["remedy"]
    assert reloaded(block).lesson == LESSON


TEXT, CHECK = LESSON.steps[0].to_data(), LESSON.steps[1].to_data()


def choices(**change: Any) -> list[dict[str, Any]]:
    return [CHECK["choices"][0] | change, *CHECK["choices"][1:]]


@pytest.mark.parametrize(
    ("about", "steps", "step", "field", "code"),
    [
        ({"title": "\u00a0"}, [TEXT], -1, "title", "missing_key"),
        ({"title": "x" * 201}, [TEXT], -1, "title", "too_large"),
        ({"language": "de"}, [TEXT], -1, "language", "unknown_language"),
        ({"minutes": ""}, [TEXT], -1, "minutes", "not_a_number"),
        ({"minutes": 601}, [TEXT], -1, "minutes", "not_a_number"),
        ({"checked_on": "soon"}, [TEXT], -1, "checked_on", "not_a_date"),
        ({"checked_on": ""}, [TEXT], -1, "checked_on", "not_checked"),
        ({"objectives": ["ok", "<b>x</b>"]}, [TEXT], -1, "objectives.1", "raw_html"),
        ({"sources": [{"text": "a"}, {"text": "", "statement": "b"}]}, [TEXT], -1, "sources.1.text", "empty_value"),
        ({"guide": {"code": "G 5", "title": "x"}}, [TEXT], -1, "guide.code", "bad_code"),
        ({}, [], -1, "steps", "no_steps"),
        ({}, [TEXT] * 101, -1, "steps", "too_many_steps"),
        ({}, [TEXT | {"title": ""}], 0, "title", "step_without_title"),
        ({}, [TEXT | {"body": " \n"}], 0, "body", "step_without_text"),
        ({}, [TEXT | {"body": "a\n\n<script>x</script>"}], 0, "body", "raw_html"),
        ({}, [TEXT | {"body": "a\n\n## b {#c}\n\nd"}], 0, "body", "step_in_text"),
        ({}, [TEXT | {"body": "a\n\n```self-check {#c}\nquestion: x\n```"}], 0, "body", "step_in_text"),
        ({}, [TEXT | {"body": "![a](http://e.org/x.png)"}], 0, "body", "picture_place"),
        ({}, [TEXT | {"body": "```\nopen"}], 0, "body", "unclosed_fence"),
        ({}, [TEXT | {"body": "a\n\n```\nopen"}], 0, "body", "unclosed_fence"),
        ({}, [TEXT | {"id": "Not One"}], 0, "title", "bad_code"),
        ({}, [TEXT, TEXT], 1, "id", "duplicate_step"),
        ({}, [TEXT, CHECK | {"question": ""}], 1, "question", "empty_value"),
        ({}, [CHECK | {"tries": 21}], 0, "tries", "not_a_number"),
        ({}, [CHECK | {"kind": "guess"}], 0, "", "unknown_block"),
        ({}, [CHECK | {"choices": CHECK["choices"][:1]}], 0, "choices", "check_few_choices"),
        ({}, [CHECK | {"choices": choices(correct=False)}], 0, "choices", "check_no_answer"),
        ({}, [CHECK | {"choices": choices(feedback="")}], 0, "choices.0.feedback", "check_no_feedback"),
        ({}, [CHECK | {"choices": choices(text="<i>x")}], 0, "choices.0.text", "raw_html"),
        ({}, [CHECK | {"choices": choices(id="b")}], 0, "choices", "duplicate_choice"),
        ({}, [{"type": "quiz", "id": "q"}], 0, "", "unknown_block"),
        ({}, [7], 0, "", "unknown_block"),
    ],
)
def test_what_is_wrong_in_the_cards_is_said_with_step_and_field(about, steps, step, field, code) -> None:
    block = make_block(LESSON, author())
    sent = cards_of(block)
    sent["lesson"] |= {**about, "steps": steps}
    with translation.override("fr"):
        reply = call(block, "studio_save", sent)
    assert (reply.status_code, reply.json["code"]) == (422, "lesson_invalid"), reply.text
    found = reply.json["problems"]
    assert (step, field, code) in [(each["step"], each["field"], each["code"]) for each in found]
    assert all(each["message"] and each["remedy"] and "%(" not in each["message"] for each in found)
    assert reloaded(block).lesson == LESSON


@pytest.mark.parametrize("lesson", [None, [], "x", {}, {"steps": "x"}, {"steps": [[[]]], "objectives": {"a": 1}}])
def test_a_draft_of_another_shape_is_refused_without_a_fault(lesson) -> None:
    block = make_block(LESSON, author())
    for handler in ("studio_save", "studio_text"):
        assert call(block, handler, {"lesson": lesson, "version": ""}).status_code in (200, 400, 422)
    assert call(block, "studio_preview", {"language": "ar", "steps": [lesson], "about": lesson}).status_code == 200
    assert reloaded(block).lesson == LESSON


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\ud800", "\u202e", "\uffff"])
def test_characters_that_xml_cannot_carry_are_cleaned_on_the_way_in(bad: str) -> None:
    block = make_block(LESSON, author())
    step = {"type": "text", "id": "one", "title": f"U{bad}n", "body": f"Te{bad}xte."}
    source = f"## U{bad}n {{#one}}\n\nTe{bad}xte."
    cards = {"lesson": {"title": f"d{bad}rs", "language": "fr", "minutes": 5, "steps": [step]}}
    for sent in (cards, {"title": f"d{bad}rs", "language": "fr", "minutes": 5, "source": source}):
        block = make_block(LESSON, author())
        reply = call(block, "studio_save", sent | {"version": args_of(block)["version"]})
        assert reply.status_code == 200, reply.text
        after = reloaded(block)
        assert (after.display_name, after.lesson.steps) == ("drs", (TextStep("one", "Un", "Texte."),))
        after.add_xml_to_node(etree.Element("unknown"))


def test_a_megabyte_is_refused() -> None:
    block = make_block(LESSON, author())
    assert call(block, "studio_save", text_of(block) | {"source": "x" * 1_000_000}).status_code == 413


# Who may

HANDLERS = ("studio_save", "studio_preview", "studio_text", "studio_cards", "studio_picture", "studio_file")


def test_learners_neither_see_nor_send_the_form() -> None:
    block = make_block(LESSON)
    assert "<textarea" not in block.studio_view().content
    for handler in HANDLERS:
        assert call(block, handler, {"title": "mine"}).status_code == 403
    assert reloaded(block).lesson == LESSON


@override_settings(SERVICE_VARIANT="cms")
def test_studio_lets_its_authors_save_and_nobody_else() -> None:
    block = make_block(LESSON, runtime=Bench(writes=True))
    assert call(block, "studio_save", cards_of(block)).status_code == 200
    for writes in (False, None):
        stranger = make_block(LESSON, runtime=Bench(writes=writes))
        for handler in HANDLERS:
            assert call(stranger, handler, {"title": "mine"}).status_code == 403
        assert "<textarea" not in stranger.studio_view().content


def test_studio_answers_learners_handlers_to_its_authors_only() -> None:
    """It runs handlers for everyone who is signed in; the LMS has asked who may read."""
    seen = {"seen": [], "here": LESSON.steps[0].id}
    strangers = [make_block(LESSON, runtime=Bench(writes=writes)) for writes in (False, None)]
    authors = [make_block(LESSON, Bench(writes=True)), make_block(LESSON, LibraryRuntime(), library_ids())]
    for variant, refused in (("cms", strangers), ("lms", []), ("", [])):
        with override_settings(SERVICE_VARIANT=variant):
            for block in strangers + authors:
                status = 403 if block in refused else 200
                assert call(block, "visit", seen).status_code == status
                for handler in ("handout", "student_view_user_state"):
                    assert block.handle(handler, Request.blank("/")).status_code == status


@override_settings(SERVICE_VARIANT="cms")
def test_an_author_writes_in_a_content_library() -> None:
    """With the services of its runtime only."""
    block = make_block(LESSON, LibraryRuntime(), library_ids())
    sent = cards_of(block)
    assert preview(block, steps=sent["lesson"]["steps"])["steps"][0]["html"]
    sent["lesson"]["steps"].reverse()
    assert call(block, "studio_save", sent).status_code == 200
    assert reloaded(block).lesson == replace(LESSON, steps=LESSON.steps[::-1])


@override_settings(SERVICE_VARIANT="lms")
def test_the_lms_keeps_no_change_of_content() -> None:
    """Its course staff are told so; the platform's field data would answer with a fault."""
    block = make_block(LESSON, author())
    for handler in HANDLERS:
        assert call(block, handler, cards_of(block)).status_code == 403


# Preview and marks


def preview(block: Any, language: str = "ar", **sent: Any) -> dict[str, Any]:
    reply = call(block, "studio_preview", {"language": language, "steps": [], **sent})
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json
    return found


def test_a_step_is_previewed_as_the_learner_gets_it() -> None:
    """In the lesson's language whatever the author's, with the course's pictures; the key only below it."""
    block = make_block(LESSON, author())
    with translation.override("fr"):
        text, check, picture, _many = preview(block, steps=[step.to_data() for step in LESSON.steps])["steps"]
    assert '<bdi dir="ltr">1-58-376</bdi>' in text["html"] and text["direction"] == "rtl"
    shown, key = check["html"].split("<section")[1:]
    assert "FEEDBACK" not in shown and "FEEDBACK-B" in key and "جواب صحيح" in key
    assert 'src="/asset-v1:Nassij+GOV2+ar' in picture["html"] or 'src="/static/' in picture["html"]
    assert not any(step["marks"] or step["problems"] for step in (text, check, picture))


@override_settings(SERVICE_VARIANT="cms")
def test_pictures_have_their_address_in_studio_too() -> None:
    """Studio gives its handlers no service that knows it."""
    bench = Bench(writes=True)
    bench._services.pop("replace_urls", None)
    html = preview(make_block(LESSON, bench), steps=[LESSON.steps[2].to_data()])["steps"][0]["html"]
    assert 'src="/asset-v1:Nassij+GOV2+ar+type@asset+block@gov2-s1-u1_path.svg"' in html


def test_a_step_that_is_wrong_is_previewed_harmless() -> None:
    block = make_block(LESSON, author())
    step = TEXT | {"title": "<img src=x onerror=1>", "body": "<script>x</script>\n\n[a](javascript:1)"}
    shown = preview(block, steps=[step])["steps"][0]
    assert {each["code"] for each in shown["problems"]} >= {"raw_html"}
    assert not etree.HTML(shown["html"]).xpath("//script | //*[@onerror] | //a[starts-with(@href, 'javascript')]")


def test_a_text_that_no_page_takes_leaves_the_other_steps_their_preview() -> None:
    steps = [TEXT | {"body": "x" * 60_000}, TEXT | {"body": "une phrase"}]
    heavy, plain = preview(make_block(LESSON, author()), steps=steps)["steps"]
    assert [each["code"] for each in heavy["problems"]] == ["text_too_heavy"] and heavy["html"] == ""
    assert "une phrase" in plain["html"]


def test_texts_that_are_missing_or_in_another_script_are_marked() -> None:
    block = make_block(LESSON, author())
    french = TEXT | {"title": "", "body": "Une assemblée générale se prépare."}
    found = preview(
        block, steps=[french], about=to_draft(LESSON) | {"title": "", "objectives": ["Préparer une réunion"]}
    )
    assert found["steps"][0]["marks"] == [["title", "empty"], ["body", "script"]]
    assert found["about"]["marks"] == [["title", "empty"], ["objectives.0", "script"]]
    assert preview(block, language="fr", steps=[french])["steps"][0]["marks"] == [["title", "empty"]]


@pytest.mark.parametrize(
    ("text", "language", "other"),
    [
        ("Une assemblée générale", "ar", True),
        ("اجتماع الجمعية العامة", "fr", True),
        ("الجمع العام (assemblée générale)", "ar", False),
        ("RIB, SARL", "ar", False),
        ("انظر https://www.finances.gov.ma/fr/vous-orientez", "ar", False),
        ("![شكل](/static/gov2-s1-u1_a-very-long-name.svg)", "ar", False),
        ("", "ar", False),
    ],
)
def test_another_script_is_told_by_most_letters(text: str, language: str, other: bool) -> None:
    assert in_other_script(text, language) is other


def test_a_course_lesson_has_no_marks() -> None:
    draft = to_draft(LESSON)
    assert list(marks(ABOUT, draft, "ar")) == []


def check_of(kind: str, *choices: Choice, **more: str) -> SelfCheck:
    return SelfCheck(f"check-{kind}", "Question ?", choices, kind=kind, **more)


KINDS = (
    TextStep("text", "Titre", "Texte."),
    MediaStep(
        "media",
        "Titre",
        File("/static/a.mp4", 9_000_000),
        "Le même en texte.",
        minutes=4,
        light=File("/static/b.mp4", 900_000),
        captions=File("/static/c.vtt"),
    ),
    FileStep("file", "Titre", File("/static/d.pdf", 120_500), "À remplir."),
    check_of("single", Choice("a", "Un", "Oui.", correct=True), Choice("b", "Deux", "Non.")),
    check_of("multiple", Choice("a", "Un", "Oui.", correct=True), Choice("b", "Deux", "Oui.", correct=True)),
    check_of("order", Choice("a", "Un", "D’abord."), Choice("b", "Deux", "Ensuite.")),
    check_of("match", Choice("a", "Un", "Oui.", match="1"), Choice("b", "Deux", "Oui.", match="2")),
    check_of("number", Choice("a", "12.5", "Oui.", correct=True), tolerance="0.5", unit="dirhams", otherwise="Non."),
    Reflection("reflection", "", "Pensez-y."),
    FieldPractice("practice", "Chez vous", "Faites-le."),
)
FRENCH = Lesson(title="Leçon", language="fr", minutes=9, steps=KINDS, scored=True)


@pytest.mark.parametrize("form", [cards_of, text_of])
def test_every_kind_of_step_is_saved_as_it_was(form) -> None:
    assert {step.type_name for step in KINDS} == set(STEP_TYPES)
    assert {step.kind for step in KINDS if isinstance(step, SelfCheck)} == set(CHECK_KINDS)
    block = make_block(FRENCH, author())
    reply = call(block, "studio_save", form(block))
    assert reply.status_code == 200, reply.text
    assert reloaded(block).lesson == FRENCH


@pytest.mark.parametrize("step", KINDS, ids=lambda step: step.id)
def test_every_kind_of_step_has_a_form_that_asks_for_all_of_it(step: Any) -> None:
    """What a form does not ask for, saving from the cards would lose."""
    data = step.to_data()
    form = STEPS[step.type_name]
    assert {"type", "id", *(field.name for field in form.fields)} == set(data)
    for field in form.fields:
        if field.kind == "list":
            assert {"id", *(one.name for one in field.fields)} == set(data[field.name][0])
    assert {field.name for field in ABOUT} | {"code", "steps"} == set(to_draft(LESSON))


@pytest.mark.parametrize("step", KINDS, ids=lambda step: step.id)
def test_every_kind_of_step_has_a_preview_and_an_empty_form(step: Any) -> None:
    block = make_block(FRENCH, author())
    shown, blank = preview(block, language="fr", steps=[step.to_data(), {"type": step.type_name, "id": "new"}])["steps"]
    assert step.title in shown["html"] and not (shown["marks"] or shown["problems"])
    assert "<section" in blank["html"] and "empty" in [mark for _path, mark in blank["marks"]]


@pytest.mark.parametrize(
    ("number", "change", "field", "code"),
    [
        (1, {"file": {"src": "/static/a.exe", "size": 5_000_000}}, "file", "file_kind"),
        (1, {"file": {"src": "https://e.org/a.mp4", "size": 5}, "light": None}, "file", "file_place"),
        (1, {"light": {"src": "javascript:x//.mp4", "size": 5}}, "light", "file_place"),
        (2, {"file": {"src": "data:text/html,x.pdf", "size": 5}}, "file", "file_place"),
        (2, {"file": {"src": "/static/a\u202efdp.exe", "size": 5}}, "file", "file_kind"),
        (1, {"file": {"src": "/static/a.mp4", "size": 0}}, "file", "file_without_size"),
        (1, {"file": {"src": "/static/a.mp4", "size": 60_000_000}}, "file", "file_too_heavy"),
        (1, {"light": {"src": "/static/b.mp4", "size": 0}}, "light", "file_without_size"),
        (1, {"light": None}, "light", "media_without_light"),
        (1, {"transcript": ""}, "transcript", "empty_value"),
        (1, {"minutes": 0}, "minutes", "not_a_number"),
        (2, {"file": None}, "file", "empty_value"),
        (2, {"file": "x"}, "file", "empty_value"),
        (
            6,
            {"choices": [choice.to_data() | {"match": "1"} for choice in KINDS[6].choices]},
            "choices",
            "check_one_half",
        ),
        (7, {"choices": [KINDS[7].choices[0].to_data() | {"text": "x"}]}, "choices.0.text", "not_a_decimal"),
        (7, {"otherwise": ""}, "otherwise", "check_no_otherwise"),
        (8, {"prompt": ""}, "prompt", "empty_value"),
    ],
)
def test_what_is_wrong_in_other_kinds_is_said_at_its_field(number, change, field, code) -> None:
    block = make_block(FRENCH, author())
    sent = cards_of(block)
    sent["lesson"]["steps"][number] |= change
    found = call(block, "studio_save", sent).json["problems"]
    assert [(each["step"], each["field"], each["code"]) for each in found] == [(number, field, code)]


# Pictures


def picture(content: bytes, name: str) -> Any:
    block = make_block(LESSON, author())
    sent = {"name": name, "size": len(content), "content": base64.b64encode(content).decode()}
    return call(block, "studio_picture", sent)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">%s</svg>'


LED_OUT = [
    b"<?xml-stylesheet href='http://e.org/x.css'?>",
    rb"<style>@\69mport 'http://e.org'; path { fill: u\72l(http://e.org) }</style>",
    b"<style>x<tspan/>@import 'http://e.org'</style>",
    b"<style>@imp<!-- -->ort 'http://e.org'</style>",
    b"<style>@imp<?x?>ort 'http://e.org'</style>",
    b"<style>path { fill: url( http://e.org) }</style>",
    b"""<path style="fill:image-set('http://e.org/a.png' 1x)" d="M0 0"/>""",
    b"""<path style="fill:-webkit-image-set('http://e.org/a.png' 1x)" d="M0 0"/>""",
    rb'<path fill="u\72l(http://e.org)" d="M0 0"/>',
    b'<g xml:base="http://e.org/"/>',
]


def compiler_finds(content: bytes, folder: Path) -> set[str]:
    """The codes of what is wrong with a picture in the sources of a course."""
    path = folder / "a.svg"
    path.write_bytes(content)
    problems = Problems("a.svg")
    picture_problems(path, problems)
    return {problem.code for problem in problems.sorted()}


def test_what_stands_before_a_picture_does_not_come_along() -> None:
    harm = b'<?xml-stylesheet href="http://e.org/x.css"?><!-- e.org -->'
    reply = picture(harm + SVG % b'<path d="M0 0h2" />', "a.svg")
    assert reply.json["removed"] == ["<?xml-stylesheet>"]
    assert reply.json["svg"].encode() == SVG % b'<path d="M0 0h2" />'


def test_a_clean_picture_keeps_all_of_it_and_gets_a_name_for_the_course() -> None:
    clean = SVG % (
        b'<style>path { fill: url(#a) }</style><path d="M0 0h1v1z" style="stroke: url( \'#b\')" /><text>\xd8\xb4 &lt;</text>'
    )
    reply = picture(b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- drawn -->" + clean, "../مخطط Mon plan.SVG")
    assert reply.json == {"name": "Mon-plan.svg", "svg": clean.decode(), "removed": []}
    assert picture(b"\x89PNG\r\n\x1a\n", "شكل.png").json == {"name": "picture.png"}
    assert picture(b"\xff\xd8\xff", "a.JPEG").json == {"name": "a.jpg"}


@pytest.mark.parametrize(
    "harm",
    [
        b"<script>alert(1)</script>",
        b'<path onload="alert(1)" d="M0 0"/>',
        b'<a href="javascript:alert(1)"><path d="M0 0"/></a>',
        b'<use href="https://e.org/x.svg#a"/>',
        b"<style>@import url(https://e.org/x.css)</style>",
        b'<foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="alert(1)"/></foreignObject>',
        b'<image href="data:image/svg+xml;base64,AA=="/>',
        b'<path style="fill: url(https://e.org/x)" d="M0 0"/>',
        b'<style xmlns="http://www.w3.org/1999/xhtml">x</style>',
        b'<set attributeName="onload" to="alert(1)"/>',
        *LED_OUT,
    ],
)
def test_what_could_harm_is_taken_out_of_an_svg(harm: bytes, tmp_path: Path) -> None:
    reply = picture(SVG % (harm + b'<path d="M0 0h2"/>'), "a.svg")
    assert reply.json["removed"]
    cleaned = reply.json["svg"].encode()
    assert b"M0 0h2" in cleaned
    assert pictures.cleaned_svg(cleaned) == (cleaned, ())
    assert not compiler_finds(cleaned, tmp_path)
    assert compiler_finds(SVG % harm, tmp_path), "one rule for both"
    assert not any(word in cleaned for word in (b"alert", b"e.org", b"data:", b"xhtml"))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"GIF89a", "a.gif"),
        (b"GIF89a", "a.png"),
        (b"<html/>", "a.svg"),
        (b"<svg", "a.svg"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>', "a.svg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"RIFF\x24\x08\x00\x00WAVEfmt ", "sound.webp"),
        (b"\n\x89PNG\r\n\x1a\n", "a.png"),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes, name: str) -> None:
    reply = picture(content, name)
    assert (reply.status_code, reply.json["code"]) == (422, "picture_kind")
    assert reply.json["remedy"]


def given_file(name: str, head: bytes, use: str = "file", size: int = 0) -> Any:
    block = make_block(LESSON, author())
    sent = {"use": use, "name": name, "size": size or len(head), "content": base64.b64encode(head).decode()}
    return call(block, "studio_file", sent)


PDF, ZIP = b"%PDF-1.7\n", b"PK\x03\x04\x14\0"


@pytest.mark.parametrize(
    ("use", "name", "head", "kept"),
    [
        ("file", "Modèle de PV.PDF", PDF, "Mod-le-de-PV.pdf"),
        ("file", "محضر.docx", ZIP, "file.docx"),
        ("file", "../../a.b.ods", ZIP, "a.b.ods"),
        ("file", "a.csv", "\ufeffالاسم;المبلغ".encode(), "a.csv"),
        ("file", "a.txt", "a\tb".encode("utf-16"), "a.txt"),
        ("file", "a.rtf", b"{\\rtf1", "a.rtf"),
        ("file", "a.ics", b"BEGIN:VCALENDAR", "a.ics"),
        ("file", "a.jpeg", b"\xff\xd8\xff", "a.jpg"),
        ("video", "a.mp4", b"\0\0\0 ftypisom", "a.mp4"),
        ("video", "a.webm", b"\x1a\x45\xdf\xa3", "a.webm"),
        ("audio", "a.mp3", b"ID3\x04", "a.mp3"),
        ("audio", "a.opus", b"OggS\0", "a.opus"),
        ("audio", "a.wav", b"RIFF\0\0\0\0WAVEfmt ", "a.wav"),
        ("captions", "a.vtt", b"\xef\xbb\xbfWEBVTT\n", "a.vtt"),
    ],
)
def test_a_file_for_learners_gets_a_name_for_the_course(use, name, head, kept) -> None:
    assert given_file(name, head, use).json == {"name": kept}


@pytest.mark.parametrize(
    ("use", "name", "head", "size", "code"),
    [
        *(
            ("file", f"a.{ending}", PDF, 0, "file_kind")
            for ending in ("html", "svg", "js", "exe", "php", "docm", "pdf.exe")
        ),
        ("file", "pdf", PDF, 0, "file_kind"),
        ("file", "a.pdf\u202e", b"MZ\x90", 0, "file_content"),
        ("file", "a.pdf", b"<!doctype html>", 0, "file_content"),
        ("file", "a.txt", b"\n <script>", 0, "file_content"),
        ("file", "a.csv", b"\xef\xbb\xbf<html>", 0, "file_content"),
        ("file", "a.csv", b"\x7fELF\0", 0, "file_content"),
        ("file", "a.zip", b"", 0, "file_content"),
        ("file", "a.pdf", PDF, 10_000_001, "file_too_heavy"),
        ("file", "a.mp4", b"\0\0\0 ftypisom", 0, "file_kind"),
        ("video", "a.mp3", b"ID3", 0, "file_kind"),
        ("video", "a.mp4", b"\0\0\0 ftypisom", 50_000_001, "file_too_heavy"),
        ("audio", "a.mp3", b"ID3", 15_000_001, "file_too_heavy"),
        ("captions", "a.vtt", b"<html>", 0, "file_content"),
    ],
)
def test_what_is_no_file_for_learners_is_refused_before_it_is_sent(use, name, head, size, code) -> None:
    for language in ("ar", "fr"):
        with translation.override(language):
            reply = given_file(name, head, use, size)
        assert (reply.status_code, reply.json["code"]) == (422, code), reply.text
        assert reply.json["detail"] and reply.json["remedy"] and "%(" not in reply.text
    if code == "file_too_heavy":
        assert (
            f"{size // 1_000_000},0 Mo" in reply.json["detail"]
            and f"{size // 1_000_000} Mo au plus" in reply.json["detail"]
        )


@pytest.mark.parametrize(
    "change", [{"use": "page"}, {"use": None}, {"size": "1"}, {"size": True}, {"content": "é"}, {"content": 5}]
)
def test_a_file_that_is_not_described_is_refused_without_a_fault(change) -> None:
    sent = {"use": "file", "name": "a.pdf", "size": 9, "content": base64.b64encode(PDF).decode()}
    reply = call(make_block(LESSON, author()), "studio_file", sent | change)
    assert (reply.status_code, reply.json["code"]) == (400, "bad_file")


def test_every_ending_a_file_may_have_is_known_by_its_content() -> None:
    """An ending added without its beginning would be refused for ever."""
    known = {*files._BEGINNINGS, *pictures.KINDS}
    assert {ending for endings in files.UPLOADS.values() for ending in endings} <= known


@override_settings(SERVICE_VARIANT="cms")
def test_files_come_from_the_course_or_the_library_and_elsewhere_from_nowhere() -> None:
    """The course's address is Studio's own name for it, which the tests' site does not have."""
    assert args_of(make_block(LESSON, Bench(writes=True)))["files"] == {}
    library = make_block(LESSON, LibraryRuntime(), library_ids())
    assert args_of(library)["files"] == {
        "kind": "library",
        "url": f"/api/libraries/v2/blocks/{library.scope_ids.usage_id}/assets/",
    }
    with override_settings(SERVICE_VARIANT="lms"):
        assert args_of(make_block(LESSON, author()))["files"] == {}


# Both ways


@settings(max_examples=150, deadline=None)
@given(lessons)
def test_what_the_writer_writes_and_the_reader_takes_is_stable(lesson: Lesson) -> None:
    """A lesson that came through the form once comes through it unchanged ever after, by its text and by its cards."""
    form = FormValues(title=lesson.title, minutes=max(1, lesson.minutes))
    first = read_lesson(write_lesson(lesson, for_form=True), file="s", language=lesson.language, form=form).lesson
    if first is not None:
        again = read_lesson(write_lesson(first, for_form=True), file="s", language=lesson.language, form=form)
        assert again.lesson == first, [problem.line() for problem in again.problems]


@settings(max_examples=150, deadline=None)
@given(lessons)
def test_cards_that_are_taken_come_back_the_same(lesson: Lesson) -> None:
    taken, _findings = read_draft(to_draft(lesson))
    if taken is not None:
        again, findings = read_draft(to_draft(taken))
        assert again == taken, findings
