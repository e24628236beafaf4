"""What learners, visitors and authors see, in the workbench and in a library runtime with its services only."""

import json
import re
import time

import pytest
from django.conf import settings as django_settings
from django.test import override_settings
from lxml import html as lxml_html

from tests.xblocks.lesson.samples import (
    LESSON,
    Bench,
    LibraryRuntime,
    ReplaceUrls,
    answer,
    call,
    library_ids,
    make_block,
    reloaded,
)
from xblocks.lesson.model import Lesson, TextStep

VIEWS = ("student_view", "public_view", "author_view", "studio_view")


def page(block, view="student_view", context=None):
    return lxml_html.fromstring(getattr(block, view)(context).content)


def test_the_root_says_its_language_and_direction() -> None:
    root = page(make_block())
    assert (root.get("class").split()[0], root.get("lang"), root.get("dir")) == ("nassij", "ar", "rtl")
    french = page(make_block(Lesson(title="Leçon", language="fr", steps=(TextStep("s", "Un", "Texte"),))))
    assert (french.get("lang"), french.get("dir")) == ("fr", "ltr")


def test_every_step_is_readable_and_answerable_without_script() -> None:
    root = page(make_block(), context={"csrf_token": "TOKEN"})
    assert [section.get("data-step") for section in root.findall(".//section[@data-step]")] == [
        "why",
        "quorum",
        "how",
        "minutes",
    ]
    assert not root.xpath(".//section[@hidden]")
    form = root.xpath(".//section[@data-step='quorum']//form")[0]
    assert (form.get("method"), form.get("action")) == ("post", f"/handler/answer_form#{root.get('id')}-quorum")
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input[@type='hidden']")}
    assert fields["csrfmiddlewaretoken"] == "TOKEN" and fields["check"] == "quorum"
    assert re.fullmatch(r"[A-Za-z0-9-]{8,64}", fields["operation_id"])
    assert form.xpath("count(.//input[@type='radio'])") == 3
    assert root.xpath("count(.//section[@data-step='minutes']//input[@type='checkbox'])") == 3
    assert form.xpath(".//button[@data-submit]")


def test_the_token_of_a_form_comes_from_the_request_where_the_view_gives_none(rf, monkeypatch) -> None:
    request = rf.get("/")
    monkeypatch.setattr("crum.get_current_request", lambda: request)
    token = page(make_block()).xpath("string(.//input[@name='csrfmiddlewaretoken'][1]/@value)")
    assert len(token) >= 32


def test_markdown_pictures_and_tables() -> None:
    root = page(make_block())
    assert root.xpath("string(.//bdi[@dir='ltr'])") == "1-58-376"
    assert root.xpath(".//div[@class='scroll'][@tabindex='0']//table")
    figure = root.find(".//figure")
    assert figure.find("img").get("alt") == "ست محطات"
    assert figure.findtext("figcaption") == "من الاستدعاء إلى التصريح"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("| a |\n| - |", "Table – Qui fait **quoi**"),
        ("### Les «\u00a0rôles\u00a0»\n\nx\n\n| a |\n| - |", "Table – Les «\u00a0rôles\u00a0»"),
    ],
)
def test_a_table_is_named_after_the_nearest_heading(body: str, named: str) -> None:
    lesson = Lesson(title="t", language="en", steps=(TextStep("a", "Qui fait **quoi**", body),))
    assert page(make_block(lesson)).xpath("string(.//div[@class='scroll']/@aria-label)") == named.replace("*", "")


def test_search_words_keep_the_no_break_spaces_of_french() -> None:
    lesson = Lesson(title="t", language="fr", steps=(TextStep("a", "Que faire\u202f?", "«\u00a0Oui\u00a0»\n\n*non*"),))
    assert make_block(lesson).index_dictionary()["content"]["lesson"] == "Que faire\u202f? «\u00a0Oui\u00a0» non"


def test_static_names_go_through_the_platforms_service_when_it_is_there() -> None:
    runtime = Bench()
    assert page(make_block(runtime=runtime)).find(".//img").get("src") == "/static/gov2-s1-u1_path.svg"
    runtime._services["replace_urls"] = ReplaceUrls()
    assert page(make_block(runtime=runtime)).find(".//img").get("src") == "/asset-v1:Nassij+GOV2+ar/gov2-s1-u1_path.svg"


def test_no_inline_script_or_style() -> None:
    for view in VIEWS:
        content = getattr(make_block(runtime=Bench(staff=True)), view)(None).content
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", content)


def test_scripts_and_styles_are_the_shared_ones_and_its_own() -> None:
    fragment = make_block().student_view()
    urls = [resource.data for resource in fragment.resources]
    assert [url.split("?")[0] for url in urls] == [
        f"{django_settings.STATIC_URL}nassij/nassij.css",
        f"{django_settings.STATIC_URL}nassij/send.js",
        "/resources/js/lesson.js",
    ]
    assert fragment.js_init_fn == "NassijLesson" and fragment.json_init_args["here"] == "why"


@pytest.mark.parametrize("view", VIEWS)
def test_answers_do_not_reach_a_learner_before_an_answer(view: str) -> None:
    block = make_block()
    assert not block.viewer.is_staff
    fragment = getattr(block, view)(None)
    everything = fragment.content + json.dumps(fragment.json_init_args or {})
    assert "FEEDBACK-" not in everything and "correct" not in everything


def test_answers_are_not_in_data_for_the_app_or_for_search() -> None:
    block = make_block()
    for given in (block.student_view_data(), block.index_dictionary(), call(block, "student_view_user_state", {}).json):
        text = json.dumps(given, ensure_ascii=False)
        assert "FEEDBACK-" not in text and "correct" not in text


def test_after_an_answer_only_the_feedback_on_what_was_chosen_is_there() -> None:
    block = make_block()
    answer(block, "quorum", "b")
    content = reloaded(block).student_view().content
    assert "FEEDBACK-B" in content
    assert "FEEDBACK-A" not in content and "FEEDBACK-C" not in content
    checked = lxml_html.fromstring(content).xpath(".//section[@data-step='quorum']//input[@checked]/@value")
    assert checked == ["b"]


def test_the_book_opens_when_no_try_is_left() -> None:
    block = make_block()
    answer(block, "minutes", "c", operation="operation-1")
    assert "FEEDBACK-D" not in reloaded(block).student_view().content
    answer(block, "minutes", "a", operation="operation-2")
    root = page(reloaded(block))
    assert "FEEDBACK-E" in root.text_content()
    assert root.xpath(".//section[@data-step='minutes']//fieldset[@disabled]")
    assert not root.xpath(".//section[@data-step='minutes']//button")


def test_visitors_read_without_forms_or_state() -> None:
    anonymous = make_block(runtime=Bench(user_id=None))
    for view in ("student_view", "public_view"):
        root = page(anonymous, view)
        assert "من يقرر النصاب؟" in root.text_content() and "النظام الأساسي" in root.text_content()
        assert not root.xpath(".//form|.//input|.//button")


def test_authors_see_the_key() -> None:
    root = page(make_block(runtime=Bench(staff=True)), "author_view")
    assert "FEEDBACK-A" in root.text_content() and "FEEDBACK-C" in root.text_content()


@override_settings(SERVICE_VARIANT="cms")
@pytest.mark.parametrize(("writes", "shown"), [(True, True), (False, False), (None, False)])
def test_studio_shows_the_key_to_who_may_write_to_the_course(writes: bool | None, shown: bool) -> None:
    """Studio answers everyone who is signed in; only its own service knows the authors of a course."""
    assert ("FEEDBACK-A" in make_block(runtime=Bench(writes=writes)).author_view().content) is shown


def test_the_end_names_what_is_missing_and_links_to_it() -> None:
    block = make_block()
    call(block, "visit", {"seen": ["why"], "here": "quorum"})
    root = page(reloaded(block))
    missing = root.xpath(".//li[@data-for][not(@hidden)]/a/@href")
    assert missing == [f"#{root.get('id')}-{step}" for step in ("quorum", "how", "minutes")]
    assert all(root.xpath(f".//*[@id='{href[1:]}']") for href in missing)
    assert root.xpath(".//*[@data-complete][@hidden]")


def test_the_end_says_what_to_do_the_guide_and_the_sources() -> None:
    text = page(make_block()).xpath("string(.//*[@data-end])")
    for expected in ("اقرؤوا نظامكم الأساسي معا.", "عدة الجمع العام", "الفصل 5", "نونبر 2026"):
        assert expected in text


@override_settings(NASSIJ_CONTACT={"phone": "+212 5 24 00 00 00"})
def test_the_contact_centre_stands_beside_what_is_to_be_confirmed() -> None:
    root = page(make_block())
    assert root.xpath(".//*[@data-end]//a[@href='tel:+212524000000']")
    assert root.xpath("count(.//span[contains(@class, 'attention')])") == 1


def test_an_empty_lesson_says_so() -> None:
    block = Bench().construct_xblock_from_class(type(make_block()), make_block().scope_ids)
    assert page(block).xpath(".//p[@class='note']")
    assert block.student_view_data()["steps"] == []


def test_a_lesson_that_cannot_be_read_is_said_to_be_so() -> None:
    learner, author = make_block(), make_block(runtime=Bench(staff=True))
    for block in (learner, author):
        block.content = {"schema": 99}
    for view in ("student_view", "public_view", "author_view"):
        assert page(learner, view).xpath(".//*[@role='alert']")
        assert "99" not in getattr(learner, view)().content
    assert "newer" in author.studio_view().content and "newer" in author.author_view().content
    assert learner.student_view_data() == {} and learner.index_dictionary()["content"]["lesson"] == ""


def test_hostile_texts_are_inert() -> None:
    attack = '<script>alert(1)</script><img src=x onerror=alert(1)>[x](javascript:alert(1))"><svg onload=alert(1)>'
    lesson = Lesson(
        title=attack,
        steps=(TextStep("s", attack, attack), *(step for step in LESSON.steps if step.id == "quorum")),
        objectives=(attack,),
        practice=(attack,),
    )
    for view in VIEWS:
        root = page(make_block(lesson, Bench(staff=True)), view)
        assert not root.xpath(".//script|.//svg|.//img[@onerror]|.//a[starts-with(@href, 'javascript')]")


def test_data_for_the_mobile_app() -> None:
    data = make_block().student_view_data({})
    assert [step["id"] for step in data["steps"]] == ["why", "quorum", "how", "minutes"]
    assert "<figure>" in data["steps"][2]["html"]
    assert data["steps"][1]["choices"][0] == {"id": "a", "html": "النظام الأساسي"}
    assert json.dumps(data)


def test_search_gets_plain_words() -> None:
    index = make_block().index_dictionary()
    assert index["content"]["display_name"] == "الجمع العام"
    assert "1-58-376" in index["content"]["lesson"] and "<" not in index["content"]["lesson"]


def test_views_work_on_phones_and_completion_is_the_blocks_own() -> None:
    block = make_block()
    assert block.has_support(block.student_view, "multi_device") and block.has_support(
        block.public_view, "multi_device"
    )
    assert block.has_custom_completion and block.completion_mode == "completable"
    assert not block.has_children


@pytest.mark.parametrize("view", VIEWS)
def test_a_library_runtime_offers_all_that_is_needed(view: str) -> None:
    runtime = LibraryRuntime()
    block = make_block(runtime=runtime, ids=library_ids())
    assert "/asset-v1:Nassij+GOV2+ar/gov2-s1-u1_path.svg" in runtime.render(block, view).content
    assert runtime.asked <= set(LibraryRuntime.SERVICES)
    reply = answer(block, "quorum", "a")
    assert reply.status_code == 200 and reply.json["outcome"] == "right"
    assert runtime.published == [], "a library is no course: completion has no place to go"


def test_a_page_of_twelve_steps_is_cheap() -> None:
    """At most five field look-ups; the time is the benchmark's, here only a bound no machine should miss."""
    steps = tuple(
        type(step)(**{**{name: getattr(step, name) for name in step.__slots__}, "id": f"{step.id}-{number}"})
        for number in range(3)
        for step in LESSON.steps
    )
    runtime = Bench()
    block = make_block(Lesson(**{**{n: getattr(LESSON, n) for n in LESSON.__slots__}, "steps": steps}), runtime)
    fresh = reloaded(block)
    runtime.store.lookups = 0
    fresh.student_view({"csrf_token": "t"})
    assert runtime.store.lookups <= 5
    started = time.process_time()
    for _ in range(20):
        reloaded(block).student_view({"csrf_token": "t"})
    assert (time.process_time() - started) / 20 < 0.02
