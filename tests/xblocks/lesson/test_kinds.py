"""The kinds of step beyond texts and choices: judged, kept, shown, printed and reported; nobody's answer is given away."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html
from xblock.scorable import Score

from tests.xblocks.lesson.samples import (
    Bench,
    LibraryRuntime,
    answer,
    call,
    library_ids,
    make_block,
    post_form,
    reloaded,
)
from tests.xblocks.lesson.test_blocks import WRITTEN
from xblocks.lesson.grading import PARTLY, RIGHT, WRONG, grade, missed
from xblocks.lesson.model import (
    Choice,
    FieldPractice,
    File,
    Lesson,
    MediaStep,
    Reflection,
    SelfCheck,
    Source,
    TextStep,
)
from xblocks.lesson.progress import NoRoomLeft, Progress
from xblocks.lesson.report import rows as report_rows
from xblocks.lesson.shuffling import halves, key, mixed

STEPS = {step.id: step for _source, step in WRITTEN}
LESSON = Lesson("Leçon", "fr", minutes=5, steps=tuple(STEPS.values()))
PATH, WHO, QUORUM = (STEPS[name] for name in ("path", "who", "quorum"))
ORDINARY, RARE = (key(WHO, half) for half in ("l’assemblée ordinaire", "l’assemblée extraordinaire"))
PAIRS = (f"a:{ORDINARY}", f"b:{RARE}", f"c:{ORDINARY}")


def in_order(*ids: str) -> tuple[str, ...]:
    return tuple(key(PATH, name) for name in ids)


def page(block: Any, view: str = "student_view") -> Any:
    return lxml_html.fromstring(getattr(block, view)({"csrf_token": "T"}).content)


def block_of(lesson: Lesson = LESSON, **bench: Any) -> Any:
    return make_block(lesson, Bench(**bench))


def wrote(block: Any, step: str, text: str, operation: str = "operation-1", base: str = "") -> Any:
    return call(reloaded(block), "write", {"step": step, "text": text, "base": base, "operation_id": operation})


# Judging


@pytest.mark.parametrize(
    ("check", "given_answer", "outcome", "right"),
    [
        (PATH, ("a", "b", "c"), RIGHT, "abc"),
        (PATH, ("b", "a", "c"), PARTLY, "ac"),
        (PATH, ("c", "a", "b"), PARTLY, "ab"),
        (PATH, ("c", "b", "a"), WRONG, "a"),
        (PATH, ("a", "b"), PARTLY, "ab"),
        (PATH, ("a", "b", "gone", "c"), RIGHT, "abc"),
        (PATH, (), WRONG, ""),
        (WHO, PAIRS, RIGHT, "abc"),
        (WHO, (f"a:{RARE}", *PAIRS[1:]), PARTLY, "bc"),
        (WHO, (f"a:{RARE}", f"b:{ORDINARY}", f"c:{RARE}"), WRONG, ""),
        (WHO, ("a:gone", *PAIRS[1:]), PARTLY, "bc"),
        (QUORUM, ("20",), RIGHT, "a"),
        (QUORUM, ("٢٠",), RIGHT, "a"),
        (QUORUM, ("20,5",), RIGHT, "a"),
        (QUORUM, ("21",), WRONG, ""),
        (QUORUM, ("400",), WRONG, ""),
        (QUORUM, ("",), WRONG, ""),
    ],
)
def test_verdicts(check: SelfCheck, given_answer: tuple[str, ...], outcome: str, right: str) -> None:
    verdict = grade(check, given_answer)
    assert verdict.outcome == outcome
    assert "".join(sorted(part.choice.id for part in verdict.parts if part.right)) == right
    assert (missed(check, verdict) == ()) is (outcome == RIGHT)


def test_a_number_that_is_a_known_mistake_gets_its_own_feedback() -> None:
    assert [part.choice.id for part in grade(QUORUM, ("21",)).parts] == ["b"]
    assert grade(QUORUM, ("7",)).parts == ()


def test_a_figure_that_may_part_thousands_is_right_in_either_reading() -> None:
    money = SelfCheck("m", "?", (Choice("a", "50000", "f", correct=True),), "number")
    assert all(grade(money, (typed,)).correct for typed in ("50.000", "50 000", "50,000", "٥٠٬٠٠٠", "50000"))


@given(st.permutations("abcdef"))
def test_of_an_order_as_much_as_possible_is_right(order: list[str]) -> None:
    check = SelfCheck("o", "?", tuple(Choice(name, name, "f") for name in "abcdef"), "order")
    verdict = grade(check, order)
    kept = [part.choice.id for part in verdict.parts if part.right]
    assert kept == sorted(kept) and kept
    assert verdict.correct is (order == sorted(order))


def test_what_is_to_be_ordered_or_paired_is_shown_mixed_and_the_same_to_all() -> None:
    for number in range(30):
        check = replace(PATH, id=f"path-{number}")
        assert [choice for _key, choice in mixed(check)] != list(check.choices)
        assert mixed(check) == mixed(check)
    assert set(halves(WHO).values()) == {"l’assemblée ordinaire", "l’assemblée extraordinaire"}


# Answering


@pytest.mark.parametrize(
    ("check", "choices", "outcome"),
    [
        ("path", in_order("a", "b", "c"), "right"),
        ("path", in_order("b", "a", "c"), "partly"),
        ("path", [f"{name}:{place}" for place, name in enumerate(in_order("a", "b", "c"), start=1)], "right"),
        ("who", PAIRS, "right"),
        ("who", (f"a:{RARE}", *PAIRS[1:]), "partly"),
        ("quorum", ["\u202b٢٠"], "wrong"),
        ("quorum", ["٢٠"], "right"),
    ],
)
def test_an_answer_of_each_kind_is_judged_kept_and_shown_again(check: str, choices: Any, outcome: str) -> None:
    block = block_of()
    reply = answer(block, check, *choices)
    if choices == ["\u202b٢٠"]:
        assert (reply.status_code, reply.json["code"]) == (400, "not_a_number")
        return
    assert (reply.status_code, reply.json["outcome"]) == (200, outcome)
    root = page(reloaded(block))
    section = root.xpath(f".//section[@data-step='{check}']")[0]
    assert section.xpath(".//*[@data-feedback]/div")
    if check == "quorum":
        assert section.xpath("string(.//input[@name='choices']/@value)") == "٢٠"
    else:
        assert len(section.xpath(".//option[@selected]")) == 3
    again = answer(reloaded(block), check, *choices)
    assert again.json == reply.json and reloaded(block).progress["answers"][check]["tries"] == 1


@pytest.mark.parametrize(
    ("check", "choices", "code"),
    [
        ("path", in_order("a", "b"), "incomplete"),
        ("path", [*in_order("a", "b"), in_order("a")[0]], "incomplete"),
        ("path", ["a", "b", "c"], "unknown_part"),
        ("path", [f"{name}:1" for name in in_order("a", "b", "c")], "incomplete"),
        ("path", [f"{name}:x" for name in in_order("a", "b", "c")], "incomplete"),
        ("who", PAIRS[:2], "incomplete"),
        ("who", ["a:gone", *PAIRS[1:]], "unknown_part"),
        ("who", ["z:gone"], "unknown_part"),
        ("who", ["", "", ""], "nothing_chosen"),
        ("quorum", ["vingt"], "not_a_number"),
        ("quorum", ["20", "21"], "not_a_number"),
        ("quorum", [" "], "nothing_chosen"),
        ("think", ["a"], "unknown_part"),
    ],
)
def test_half_an_answer_is_refused_with_what_to_do(check: str, choices: Any, code: str) -> None:
    block = block_of()
    reply = answer(block, check, *choices)
    assert (reply.status_code, reply.json["code"]) == (400, code)
    assert reply.json["detail"] and reply.json["remedy"] and reloaded(block).progress == {}


def test_a_form_without_script_answers_each_kind() -> None:
    block = block_of()
    fields = [("choices", f"{name}:{place}") for place, name in enumerate(in_order("a", "b", "c"), start=1)]
    sent = [("check", "path"), *fields, ("operation_id", "operation-1")]
    assert post_form(block, "answer_form", sent).status_code == 200
    sent = [("step", "do-it"), ("text", "Relu à cinq."), ("base", ""), ("operation_id", "operation-2")]
    reply = post_form(reloaded(block), "write_form", sent, Referer="http://lms.test/unit")
    assert reply.status_code == 303 and reply.location.endswith(f"/unit#{block.uid}-do-it")
    root = page(reloaded(block))
    assert root.xpath("string(.//section[@data-step='do-it']//textarea)").strip() == "Relu à cinq."
    assert root.xpath("string(.//section[@data-step='path']//*[@data-feedback])").strip().startswith("✓")


def test_no_page_tells_an_order_a_pair_or_a_value() -> None:
    block = block_of()
    for view in ("student_view", "public_view", "author_view", "studio_view"):
        root = page(block, view)
        rows = root.xpath(".//section[@data-step='path']//*[@data-item]/@data-item")
        assert rows in ([name for name, _choice in mixed(PATH)], [])
        text = lxml_html.tostring(root, encoding="unicode")
        assert "La moitié de 40." not in text and "Elle vient en premier." not in text and 'value="20"' not in text
    data = json.dumps([block.student_view_data(), block.index_dictionary()], ensure_ascii=False)
    assert "La moitié" not in data and "correct" not in data and '"a:' not in data
    steps = {step["id"]: step for step in block.student_view_data()["steps"]}
    assert [choice["id"] for choice in steps["path"]["choices"]] == [name for name, _choice in mixed(PATH)]
    assert "choices" not in steps["quorum"] and len(steps["who"]["halves"]) == 2
    words = block.index_dictionary()["content"]["lesson"]
    for telling in ([choice.text for choice in PATH.choices], list(WHO.halves)):
        assert sorted(telling, key=words.index) == sorted(telling) != telling


def test_no_wrong_try_tells_where_a_part_belongs() -> None:
    block = block_of(replace(LESSON, steps=(replace(PATH, tries=3),)))
    told = answer(block, "path", *in_order("c", "b", "a")).json["html"]
    assert "data-choice" not in told and not any(f'"{choice.id}"' in told for choice in PATH.choices)
    state = call(reloaded(block), "student_view_user_state", {}).json
    assert state["checks"]["path"]["chosen"] == list(in_order("c", "b", "a"))


def test_the_right_order_is_shown_once_the_tries_are_used_up() -> None:
    lesson = replace(LESSON, steps=(replace(PATH, tries=1), replace(WHO, tries=1), replace(QUORUM, tries=1)))
    block = make_block(lesson, Bench())
    assert "Le bon ordre" in answer(block, "path", *in_order("c", "b", "a")).json["html"]
    wrong = (f"a:{RARE}", *PAIRS[1:])
    assert "Les bonnes paires" in answer(reloaded(block), "who", *wrong, operation="operation-2").json["html"]
    told = answer(reloaded(block), "quorum", "7", operation="operation-3").json["html"]
    assert "Divisez 40 par deux." in told and "La moitié de 40." in told
    assert len(page(reloaded(block)).xpath(".//fieldset[@disabled]")) == 3


def test_a_crafted_order_is_refused_and_no_fault_of_ours() -> None:
    block = block_of()
    for sent in ([f"{name}:{place}" for name, place in zip(in_order("a", "b", "c"), "123", strict=True)] + ["zz:x"],):
        reply = answer(block, "path", *sent)
        assert (reply.status_code, reply.json["code"]) == (400, "incomplete")


def test_a_visit_to_a_step_that_is_gone_keeps_the_others() -> None:
    block = block_of()
    reply = call(block, "visit", {"seen": ["watch", "gone"], "here": "gone"})
    assert reply.status_code == 200 and "watch" not in reply.json["missing"]


def test_an_answer_without_words_in_it_ends_no_report() -> None:
    block = block_of()
    block.progress = {"answers": {"quorum": {"tries": 1, "attempts": [["operation-1", []]]}}}
    assert list(report_rows(block.lesson, block.learner_progress)) == []


# Texts of one's own


def test_a_thought_is_kept_for_the_learner_and_a_practice_is_missing_until_it_is_told() -> None:
    block = block_of()
    assert "do-it" in wrote(block, "think", "Jamais.").json["missing"]
    reply = wrote(block, "do-it", "Relu en réunion.\r\nQuorum: 1/3\u202e")
    assert reply.json["text"] == "Relu en réunion.\nQuorum: 1/3" and not reply.json["merged"]
    assert not {"think", "do-it"} & set(reply.json["missing"])
    assert {"do-it"} <= set(wrote(block, "do-it", "", "operation-2", "operation-1").json["missing"])


def test_a_text_delivered_three_times_is_kept_once_and_an_old_one_never_comes_back() -> None:
    block = block_of()
    replies = [wrote(block, "think", "Une", "operation-1").json for _ in range(3)]
    assert replies[0] == replies[1] == replies[2]
    wrote(block, "think", "Deux", "operation-2", "operation-1")
    assert wrote(block, "think", "Une", "operation-1").json["text"] == "Deux"


def test_a_text_written_in_two_places_is_kept_from_both() -> None:
    block = block_of()
    wrote(block, "think", "Du téléphone", "operation-1")
    reply = wrote(block, "think", "De l’ordinateur", "operation-2", "")
    assert reply.json["text"] == "Du téléphone\n\nDe l’ordinateur" and reply.json["merged"]
    # What one version says may stand within the other, as letters: it is compared by paragraphs.
    twice = Progress().write(STEPS["think"], "oui", "operation-1", ()).write(STEPS["think"], "Le bouillon", "op-2", ())
    assert twice.note(STEPS["think"]).text == "oui\n\nLe bouillon"
    assert (
        twice.write(STEPS["think"], "Le bouillon", "operation-3", ()).note(STEPS["think"]).text == "oui\n\nLe bouillon"
    )
    longer = "١" * 1900 + "\n\n" + "٢" * 1900 + "."
    assert wrote(block, "think", longer, "operation-4", reply.json["version"]).json["text"] == longer
    sent = [("step", "think"), ("text", "ا" * 8000), ("base", "operation-4"), ("operation_id", "operation-5")]
    assert post_form(reloaded(block), "write_form", sent, Referer="http://lms.test/unit").status_code == 303
    progress = Progress()
    for number in range(4):
        progress = progress.write(STEPS["think"], f"{number}" * 1990, f"operation-{number}", ())
    with pytest.raises(NoRoomLeft):
        progress.write(STEPS["think"], "5" * 1990, "operation-5", ())


def test_a_text_is_written_over_any_version_its_page_wrote_itself() -> None:
    """The middle one of three never arrived: the last is not put together with the first, which it was made from."""
    block = block_of()
    wrote(block, "think", "Une", "operation-1")
    reply = wrote(block, "think", "Trois", "operation-3", "operation-1 operation-2")
    assert (reply.json["text"], reply.json["merged"], reply.json["version"]) == ("Trois", False, "operation-3")
    # Neither is one whose first version was refused taken for another page's.
    assert wrote(block, "do-it", "Fait", "operation-5", "operation-4").json["merged"] is False


def test_two_texts_put_together_are_a_version_nobody_has_seen() -> None:
    """A page that has not shown them yet writes on over its own: the other's words stay."""
    block = block_of()
    wrote(block, "think", "Autre", "operation-1")
    wrote(block, "think", "Mien", "operation-2", "")
    reply = wrote(block, "think", "Mien, plus loin", "operation-3", "operation-2")
    assert "Autre" in reply.json["text"] and reply.json["text"].endswith("Mien, plus loin")
    seen = wrote(block, "think", "Les deux", "operation-4", reply.json["version"])
    assert seen.json["text"] == "Les deux"


def test_what_was_refused_without_script_stands_in_its_place_again() -> None:
    block = block_of()
    wrote(block, "think", "Avant", "operation-1")
    typed = "سطر طويل <b>" + "ا" * 8000
    wrote(block, "think", "D’ailleurs", "operation-3", "operation-1")
    sent = [("step", "think"), ("text", typed), ("base", "operation-1"), ("operation_id", "operation-2")]
    page = post_form(reloaded(block), "write_form", sent)
    assert 'name="base" value="operation-1"' in page.text, "what another page wrote since is not what this one saw"
    assert page.status_code == 400
    assert "سطر طويل &lt;b&gt;" in page.text and "ا" * 8000 in page.text and "سطر طويل <b>" not in page.text
    assert reloaded(block).learner_progress.note(STEPS["think"]).text == "D’ailleurs"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"step": "gone", "text": "x"}, "unknown_part"),
        ({"step": "quorum", "text": "x"}, "unknown_part"),
        ({"step": ["think"], "text": "x"}, "unknown_part"),
        ({"step": "think", "text": None}, "bad_text"),
        ({"step": "think", "text": "x" * 8001}, "text_too_long"),
        ({"step": "think", "text": "x", "operation_id": "no"}, "bad_operation_id"),
    ],
)
def test_a_bad_text_is_refused_and_changes_nothing(body: dict[str, Any], code: str) -> None:
    block = block_of()
    reply = call(block, "write", {"operation_id": "operation-1", **body})
    assert (reply.status_code, reply.json["code"]) == (400, code)
    assert reloaded(block).progress == {}


def test_visitors_write_nothing_and_see_no_form() -> None:
    block = block_of(user_id=None)
    assert wrote(block, "think", "x").status_code == 401
    assert not page(block).xpath(".//form|.//textarea|.//select")


def test_what_a_learner_writes_is_inert() -> None:
    block = block_of()
    attack = "</textarea><script>alert(1)</script>\"' &amp;"
    wrote(block, "think", attack)
    root = page(reloaded(block))
    assert not root.xpath(".//script")
    assert root.xpath("string(.//section[@data-step='think']//textarea)").strip() == attack


# Files


def test_nothing_is_loaded_before_it_is_asked_for_and_its_weight_is_said() -> None:
    for view in ("student_view", "public_view"):
        section = page(block_of(), view).xpath(".//section[@data-step='watch']")[0]
        assert not section.xpath(".//video|.//audio|.//source|.//iframe")
        text = " ".join(section.text_content().split())
        assert "Vidéo · 4 minutes · 6,2\xa0Mo" in text or "Vidéo · 4 minutes · 6,2 Mo" in text
        assert "850 Ko" in text and "Puis les présents." in text
        links = section.xpath(".//a[@data-play]/@href")
        assert links == ["assets/minutes-light.mp4", "assets/minutes.mp4"]
    file = page(block_of()).xpath(".//section[@data-step='template']")[0]
    assert file.xpath("string(.//a[@download]/@href)") == "assets/template.docx"
    assert "Word" in file.text_content() and "48 Ko" in file.text_content()


@pytest.mark.parametrize(
    "src", ["https://evil.test/x.mp4", "//evil.test/x.mp4", "javascript:alert(1)", "data:text/html,x"]
)
def test_a_file_from_elsewhere_is_not_linked(src: str) -> None:
    media = MediaStep("m", "t", File(src, 10), "texte", captions=File(src))
    block = block_of(Lesson("t", "fr", steps=(media, replace(STEPS["template"], file=File(src)))))
    assert src not in block.student_view().content and "texte" in block.student_view().content
    assert src not in json.dumps(block.student_view_data())


# The handout


def test_the_handout_has_everything_to_read_blanks_to_fill_and_no_answer() -> None:
    block = block_of(replace(LESSON, language="ar", checked_on="2026-11-23"))
    wrote(block, "think", "SECRET")
    reply = block.runtime.handle(reloaded(block), "handout", SimpleNamespace(method="GET"))
    assert (reply.status_code, reply.content_type) == (200, "text/html")
    root = lxml_html.fromstring(reply.text)
    assert (root.get("lang"), root.get("dir")) == ("ar", "rtl")
    text = root.text_content()
    for shown in (
        "Quand avez-vous relu vos statuts",
        "Puis les présents.",
        "La convocation",
        "40 adhérents",
        "نونبر 2026",
    ):
        assert shown in text
    for kept in ("SECRET", "Elle vient en premier.", "La moitié de 40."):
        assert kept not in text
    assert not root.xpath(".//script|.//form|.//input|.//button|.//video")
    assert len(root.xpath(".//*[contains(@class, 'blank')]")) >= 3 + 3 + 1 + 6
    assert root.xpath(".//section")


# Grade and report


def test_a_lesson_that_counts_gives_a_point_for_each_check_solved() -> None:
    runtime = Bench()
    block = make_block(replace(LESSON, scored=True), runtime)
    assert (block.has_score, block.max_score(), block.has_submitted_answer()) == (True, 3.0, False)
    answer(block, "path", *in_order("c", "b", "a"), operation="operation-1")
    answer(reloaded(block), "path", *in_order("a", "b", "c"), operation="operation-2")
    assert [grade["value"] for grade in grades(runtime)] == [0.0, 1.0]
    assert grades(runtime)[-1] == {"value": 1.0, "max_value": 3.0, "only_if_higher": None}
    fresh = reloaded(block)
    assert fresh.overridden_score is None, "what the platform tells back was given by nobody"
    assert fresh.get_score() == fresh.calculate_score() == Score(1.0, 3.0)
    fresh.rescore(only_if_higher=False)
    assert runtime.published[-1][1]["only_if_higher"] is False


def test_points_given_by_course_staff_stand_until_the_answers_are_scored_again() -> None:
    runtime = Bench()
    block = make_block(replace(LESSON, scored=True), runtime)
    answer(block, "path", *in_order("a", "b", "c"), operation="operation-1")
    overriding = reloaded(block)
    given = 0.0
    assert overriding.weight is None and 0 <= given <= overriding.max_score()  # as the platform's task asks
    overriding.set_score(Score(given, 3.0))
    overriding.publish_grade()
    overriding.save()
    assert runtime.published[-1] == ("grade", {"value": 0.0, "max_value": 3.0, "only_if_higher": None})
    answer(reloaded(block), "path", *in_order("a", "b", "c"), operation="operation-2")
    assert grades(runtime)[-1]["value"] == 0.0
    scored = reloaded(block)
    assert (scored.get_score(), scored.calculate_score()) == (Score(0.0, 3.0), Score(1.0, 3.0))
    scored.rescore(only_if_higher=True)
    scored.save()
    assert grades(runtime)[-1]["value"] == 1.0 and reloaded(block).get_score() == Score(1.0, 3.0)
    # More than the answers give: only scoring them again whatever comes of it takes it away; never more than there is to be had.
    for only_if_higher, value in ((True, 3.0), (False, 1.0)):
        scored = reloaded(block)
        scored.set_score(Score(30.0, 30.0))
        scored.rescore(only_if_higher)
        assert grades(runtime)[-1] == {"value": value, "max_value": 3.0, "only_if_higher": only_if_higher}
    root = etree.Element("nassij_lesson")
    scored.set_score(Score(2.0, 3.0))
    scored.add_xml_to_node(root)
    assert "overridden_score" not in root.attrib


def grades(runtime: Bench) -> list[dict[str, Any]]:
    return [data for name, data in runtime.published if name == "grade"]


def test_a_lesson_that_does_not_count_tells_no_grade() -> None:
    runtime = Bench()
    block = make_block(LESSON, runtime)
    answer(block, "path", *in_order("a", "b", "c"))
    assert "grade" not in [name for name, _data in runtime.published]
    assert (block.has_score, block.max_score(), block.allows_rescore()) == (False, None, False)
    with pytest.raises(TypeError):
        block.rescore(only_if_higher=False)
    with pytest.raises(ValueError, match="answered"):
        make_block(replace(LESSON, scored=True)).rescore(only_if_higher=True)
    assert not make_block(Lesson("t", scored=True, steps=(TextStep("a", "b", "c"),))).has_score
    library = LibraryRuntime()
    answer(make_block(replace(LESSON, scored=True), library, library_ids()), "path", *in_order("a", "b", "c"))
    assert library.published == []


def test_the_report_has_answers_and_practice_and_no_thought() -> None:
    block = block_of()
    answer(block, "path", *in_order("b", "a", "c"), operation="operation-1")
    answer(reloaded(block), "who", *PAIRS, operation="operation-2")
    answer(reloaded(block), "quorum", "21", operation="operation-3")
    wrote(block, "think", "SECRET", "operation-4")
    wrote(block, "do-it", "=cmd|' /C calc'!A0", "operation-5")
    states = [SimpleNamespace(username="amina", state={"progress": reloaded(block).progress})]
    states.append(SimpleNamespace(username="nobody", state=None))
    told = list(reloaded(block).generate_report_data(iter(states)))
    assert [name for name, _row in told] == ["amina"] * 4
    text = json.dumps(told, ensure_ascii=False)
    assert "SECRET" not in text and "La convocation" in text and "21 adhérents" in text
    assert "'=cmd" in text
    assert len(list(block.generate_report_data(iter(states), 2))) == 2


def test_the_app_gets_the_learners_own_texts() -> None:
    block = block_of()
    wrote(block, "think", "Jamais.")
    assert call(reloaded(block), "student_view_user_state", {}).json["notes"] == {"think": "Jamais.", "do-it": ""}


def test_a_reflection_is_done_when_it_was_read() -> None:
    lesson = Lesson("t", steps=(Reflection("r", "", "?"), FieldPractice("p", "", "?")))
    progress = Progress().visit(lesson, frozenset({"r", "p"}), "")
    assert [step.id for step in progress.missing(lesson)] == ["p"]
    assert (
        Progress.from_data(progress.write(lesson.steps[1], "fait", "operation-1", ()).to_data()).missing(lesson) == ()
    )


def test_the_handout_asks_for_its_pictures_at_once_and_cuts_no_number() -> None:
    """A lazy picture is not printed; a law's number turned round or cut at a line's end is another number."""
    texts = ("Dahir n° 1-58-376, art. 5", "الظهير [1-58-376]{.ltr}", "[1-2](https://a.ma/1-58-376)", "12-a, 2026-11-23")
    lesson = Lesson("t", "fr", steps=(TextStep("a", "t", "![p](/static/p.svg)"),), sources=tuple(map(Source, texts)))
    block = make_block(lesson, Bench())
    page = block.runtime.handle(reloaded(block), "handout", SimpleNamespace(method="GET")).text
    assert "<img" in page and "lazy" not in page
    assert "lazy" in block.student_view().content
    assert page.count('<bdi dir="ltr">1-58-376</bdi>') == 2 and '<bdi dir="ltr"><bdi' not in page
    assert '<a href="https://a.ma/1-58-376"><bdi dir="ltr">1-2</bdi></a>' in page
    assert "12-a, <bdi" in page
