"""Every kind of step in a real Chromium, in Arabic on a phone: by thumb and by keyboard, off line and back."""

from __future__ import annotations

import io
import os
import re
import wave
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.xblocks.lesson.samples import Bench, make_block, reloaded
from tests.xblocks.lesson.test_browser import Site, phone
from xblocks.lesson.model import Choice, FieldPractice, File, FileStep, Lesson, MediaStep, Reflection, SelfCheck
from xblocks.lesson.shuffling import mixed

__all__ = ["phone"]
pytestmark = pytest.mark.browser

PATH = SelfCheck(
    "path",
    "رتبوا محطات الجمع العام",
    (
        Choice("a", "الاستدعاء مع جدول الأعمال", "FEEDBACK-A"),
        Choice("b", "ورقة الحضور والنصاب", "FEEDBACK-B"),
        Choice("c", "التصويت على كل قرار", "FEEDBACK-C"),
        Choice("d", "التصريح داخل الشهر", "FEEDBACK-D"),
    ),
    "order",
)
WHO = SelfCheck(
    "who",
    "من يقرر؟",
    (
        Choice("a", "التقرير المالي", "FEEDBACK-E", match="الجمع العام العادي"),
        Choice("b", "تغيير النظام الأساسي", "FEEDBACK-F", match="الجمع العام الاستثنائي"),
    ),
    "match",
)
QUORUM = SelfCheck(
    "quorum",
    "40 منخرطا، والنصاب هو النصف. كم يلزم؟",
    (Choice("a", "20", "FEEDBACK-G", correct=True),),
    "number",
    unit="منخرطا",
    otherwise="FEEDBACK-H",
)
MEDIA = MediaStep(
    "listen",
    "المحضر بالصوت",
    File("/static/full.wav", 6_200_000),
    "نص التسجيل.",
    "audio",
    4,
    File("/static/light.wav", 1_800_000),
)
LESSON = Lesson(
    "الجمع العام",
    steps=(
        PATH,
        WHO,
        QUORUM,
        MEDIA,
        FileStep("form", "نموذج المحضر", File("/static/minutes.docx", 48_000), "املؤوه أثناء الجمع."),
        Reflection("think", "", "متى قرأتم نظامكم الأساسي؟"),
        FieldPractice("do", "", "اقرؤوا فصل النصاب مع المكتب."),
    ),
)


def sound() -> bytes:
    """A fifth of a second of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * 1600)
    return out.getvalue()


class Kinds(Site):
    """The page of a lesson with every kind of step."""

    def __init__(self, page: Page, lesson: Lesson = LESSON) -> None:
        super().__init__(page, Bench())
        self.block = make_block(lesson, self.block.runtime)
        self.fetched: list[str] = []
        page.on("request", lambda request: self.fetched.append(request.url))
        page.route("**/*.wav", lambda route: route.fulfill(body=sound(), content_type="audio/wav"))
        self.open()

    def picture(self, name: str) -> None:
        if os.environ.get("NASSIJ_SCREENSHOTS"):
            folder = Path("var/screenshots")
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"lesson-{name}.png", full_page=True)


def items(page: Page) -> list[str]:
    return [item.get_attribute("data-item") or "" for item in page.locator("[data-step=path] [data-item]").all()]


def press(button: Locator) -> None:
    """By keyboard: reached, then Enter."""
    button.focus()
    button.press("Enter")


def put_in_order(page: Page) -> None:
    """By the buttons alone, one step up at a time."""
    names = {choice.id: name for name, choice in mixed(PATH)}
    for place, choice in enumerate("abcd"):
        while items(page).index(names[choice]) > place:
            up = page.locator(f"[data-item='{names[choice]}'] button").first
            press(up)
            expect(up).to_be_focused()


def test_a_learner_answers_every_kind_by_keyboard(phone: Page) -> None:
    site = Kinds(phone)
    go = phone.locator("[data-go]")
    expect(phone.locator("[data-step=path] select:visible")).to_have_count(0)
    for button in phone.locator("[data-step=path] button:visible").all():
        box = button.bounding_box()
        assert box and box["width"] >= 43.5 and box["height"] >= 43.5
    site.check_axe()
    site.picture("order-360-ar")
    press(go)
    expect(phone.locator("[data-feedback]:visible .note")).to_be_visible()
    site.check_axe()
    put_in_order(phone)
    expect(phone.locator("[data-feedback]:visible")).to_have_count(0)
    press(go)
    expect(phone.locator("[data-feedback]:visible")).to_contain_text("FEEDBACK-D")
    press(go)

    press(go)  # nothing chosen yet
    expect(phone.locator("[data-feedback]:visible .note")).to_be_visible()
    expect(phone.locator("[data-step=who] select").first).to_be_focused()
    for select, half in zip(phone.locator("[data-step=who] select").all(), ("العادي", "الاستثنائي"), strict=True):
        select.select_option(label=f"الجمع العام {half}")
    site.check_axe()
    site.picture("match-360-ar")
    press(go)
    expect(phone.locator("[data-feedback]:visible")).to_contain_text("FEEDBACK-E")
    press(go)

    field = phone.locator("[data-step=quorum] [name=choices]")
    field.fill("١٩")
    field.press("Enter")
    expect(phone.locator("[data-feedback]:visible")).to_contain_text("FEEDBACK-H")
    field.fill("٢٠")
    press(go)
    expect(phone.locator("[data-feedback]:visible")).to_contain_text("FEEDBACK-G")
    site.check_axe()
    site.picture("number-360-ar")
    tries = {name: record["tries"] for name, record in reloaded(site.block).progress["answers"].items()}
    assert tries["who"] == 1 and tries["quorum"] == 2 and tries["path"] == 2


def open_at(phone: Page, step: str) -> Kinds:
    """The lesson, opened at one of its steps."""
    number = [each.id for each in LESSON.steps].index(step)
    return Kinds(phone, replace(LESSON, steps=LESSON.steps[number:]))


def test_a_recording_is_loaded_when_asked_for_the_light_one_first(phone: Page) -> None:
    site = open_at(phone, "listen")
    site.check_axe()
    site.picture("media-360-ar")
    assert not [url for url in site.fetched if ".wav" in url]
    phone.locator("[data-play]").first.click()
    expect(phone.locator("audio")).to_have_attribute("src", re.compile("light.wav$"))
    expect(phone.locator("[data-step=listen] details")).to_be_visible()
    phone.wait_for_function("document.querySelector('audio').readyState > 0")
    assert next(url.rsplit("/", 1)[1] for url in site.fetched if ".wav" in url) == "light.wav"
    assert "full.wav" not in "".join(site.fetched)
    site.check_axe()


def test_what_cannot_be_played_can_be_read(phone: Page) -> None:
    site = open_at(phone, "listen")
    phone.route("**/*.wav", lambda route: route.fulfill(status=404, body="", content_type="text/plain"))
    phone.locator("[data-play]").first.click()
    expect(phone.locator("[data-step=listen] details")).to_have_attribute("open", "")
    expect(phone.locator("[data-step=listen] .note.critical")).to_be_visible()
    expect(phone.locator("[data-play]").first).to_be_visible()
    site.errors.clear()  # the failure is the point


def test_what_one_writes_is_kept_off_line_and_sent_once(phone: Page) -> None:
    site = open_at(phone, "form")
    go = phone.locator("[data-go]")
    site.picture("file-360-ar")
    go.click()
    site.check_axe()
    expect(phone.locator(".state")).to_have_attribute("data-state", "saved")
    site.offline = True
    phone.locator("[data-step=think] textarea").fill("لم نقرأه منذ سنتين")
    go.click()
    phone.locator("[data-step=do] textarea").fill("قرأناه معا")
    site.picture("practice-360-ar")
    go.click()
    assert site.shown() == ["end"]
    expect(phone.locator(".state")).to_have_attribute("data-state", "waiting")
    site.offline = False
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.locator(".state")).to_have_attribute("data-state", "saved", timeout=40_000)
    notes = reloaded(site.block).progress["notes"]
    assert {name: (note["text"], len(note["operations"])) for name, note in notes.items()} == {
        "think": ("لم نقرأه منذ سنتين", 1),
        "do": ("قرأناه معا", 1),
    }
    expect(phone.locator("[data-complete]")).to_be_visible()


def test_an_order_given_off_line_outlives_the_page(phone: Page) -> None:
    site = Kinds(phone)
    site.offline = True
    put_in_order(phone)
    given = items(phone)
    phone.locator("[data-go]").click()
    expect(phone.locator(".state")).to_have_attribute("data-state", "waiting")
    phone.goto("about:blank")
    site.offline = False
    site.open()
    expect(phone.locator("[data-step=path] [data-feedback]")).to_contain_text("FEEDBACK-A")
    assert items(phone) == given
    assert reloaded(site.block).progress["answers"]["path"]["tries"] == 1
    site.open()
    assert items(phone) == given and site.answers == 1


def test_a_text_written_in_two_tabs_is_kept_from_both(phone: Page) -> None:
    site = open_at(phone, "think")
    first = phone.locator("[data-step=think] textarea")
    first.fill("من الهاتف")
    block = reloaded(site.block)
    block.progress = block.learner_progress.write(LESSON.steps[5], "من الحاسوب", "operation-other", ()).to_data()
    block.save()
    phone.locator("[data-go]").click()
    phone.locator("[data-previous]").click()
    expect(first).to_have_value("من الحاسوب\n\nمن الهاتف")
    expect(phone.locator("[data-feedback]:visible .note")).to_be_visible()


def test_a_refused_text_stays_until_a_later_one_is_kept(phone: Page) -> None:
    """Too long: it stays in its field and on the phone, also across a reload, and the step is not done."""
    site = open_at(phone, "do")
    field, long = phone.locator("[data-step=do] textarea"), "كلمة " * 1700
    field.fill(long)
    phone.locator("[data-go]").click()
    expect(phone.locator(".state")).to_have_attribute("data-state", "refused")
    told = phone.locator(".note.critical", has_text="كلمة")
    expect(told).to_be_visible()
    expect(phone.locator("[data-missing]")).to_be_visible()
    site.open()
    expect(told).to_be_visible()
    field = phone.locator("[data-step=do] textarea")
    assert field.input_value() == long
    show(phone, "do")
    expect(phone.locator("[data-step=do] [data-count]")).to_have_text(str(len(long)))
    field.fill("قرأناه معا")
    phone.locator("[data-go]").click()
    expect(phone.locator(".state")).to_have_attribute("data-state", "saved")
    expect(told).to_have_count(0)
    assert reloaded(site.block).progress["notes"]["do"]["text"] == "قرأناه معا"
    site.open()
    expect(phone.locator("[data-step=do] textarea")).to_have_value("قرأناه معا")
    expect(told).to_have_count(0)
    site.errors.clear()  # the refusals are the point


def test_the_text_after_a_refused_one_is_not_put_together_with_the_first(phone: Page) -> None:
    site = open_at(phone, "think")
    field, go = phone.locator("[data-step=think] textarea"), phone.locator("[data-go]")
    for text, state in (("أول", "saved"), ("ثان " * 2100, "refused"), ("ثالث", "saved")):
        show(phone, "think")
        field.fill(text)
        go.click()
        expect(phone.locator(".state")).to_have_attribute("data-state", state)
    assert reloaded(site.block).progress["notes"]["think"]["text"] == "ثالث"
    site.errors.clear()


def test_what_is_typed_while_two_texts_come_back_together_loses_neither(phone: Page) -> None:
    site = open_at(phone, "think")
    field, go = phone.locator("[data-step=think] textarea"), phone.locator("[data-go]")
    block = reloaded(site.block)
    block.progress = block.learner_progress.write(LESSON.steps[5], "من الحاسوب", "operation-other", ()).to_data()
    block.save()
    site.offline = True
    field.fill("من الهاتف")
    go.click()
    show(phone, "think")
    field.fill("من الهاتف، بقية")
    site.offline = False
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.locator(".state")).to_have_attribute("data-state", "saved", timeout=40_000)
    expect(field).to_have_value("من الهاتف، بقية")
    go.click()
    expect(phone.locator(".state")).to_have_attribute("data-state", "saved")
    kept = reloaded(site.block).progress["notes"]["think"]["text"]
    assert "من الحاسوب" in kept and "من الهاتف، بقية" in kept


def test_a_text_whose_step_was_taken_away_is_given_back_to_be_copied(phone: Page) -> None:
    site = open_at(phone, "do")
    phone.locator("[data-step=do] textarea").fill("قرأناه معا")
    site.block.content = replace(LESSON, steps=LESSON.steps[:-1]).to_data()
    site.block.save()
    phone.locator("[data-go]").click()
    note = phone.locator(".note.critical", has_text="قرأناه معا")
    expect(note).to_be_visible()
    site.open()
    expect(note).to_be_visible()
    note.locator("button").click()
    expect(note).to_have_count(0)
    site.open()
    expect(note).to_have_count(0)
    site.errors.clear()


@pytest.mark.parametrize("step", ["think", "do"])
def test_what_was_only_typed_outlives_a_killed_page_and_is_no_answer(step: str, phone: Page) -> None:
    """The phone put away in the middle of a sentence: the words are there again, off line too, and nobody has read them."""
    site = open_at(phone, step)
    field = phone.locator(f"[data-step={step}] textarea")
    field.press_sequentially("لم نقر")
    for offline in (False, True):
        phone.goto("about:blank")
        site.offline = offline
        site.open()
        expect(field).to_have_value("لم نقر")
        expect(phone.locator(f"[data-step={step}] [data-feedback]")).to_contain_text("على هذا الهاتف")
        expect(phone.locator("[data-go]")).to_have_text("احفظ وتابع")
    site.offline = False
    assert step not in (reloaded(site.block).progress or {}).get("notes", {})
    assert 1.0 not in site.block.runtime.completions
    site.picture(f"draft-{step}-360-ar")
    field.press_sequentially("أه")
    phone.locator("[data-go]").click()
    expect(phone.locator(".state")).to_have_attribute("data-state", "saved")
    assert reloaded(site.block).progress["notes"][step]["text"] == "لم نقرأه"
    phone.goto("about:blank")
    site.open()
    assert phone.evaluate("Object.keys(localStorage)") == []
    site.errors.clear()


def test_a_draft_that_is_taken_back_does_not_come_again(phone: Page) -> None:
    site = open_at(phone, "think")
    field = phone.locator("[data-step=think] textarea")
    for text in ("لم نقر", ""):
        field.fill(text)
        phone.goto("about:blank")
        site.open()
        expect(field).to_have_value(text)
    assert phone.evaluate("Object.keys(localStorage)") == []


def test_drafts_of_two_tabs_are_both_there(phone: Page) -> None:
    site = open_at(phone, "think")
    second = phone.context.new_page()
    other = Kinds(second)
    other.block = site.block
    for page, text in ((phone, "أول"), (second, "ثان")):
        page.locator("[data-step=think] textarea").evaluate("(field, text) => { field.value = text; }", text)
    phone.goto("about:blank")
    second.goto("about:blank")
    second.close()
    site.open()
    expect(phone.locator("[data-step=think] textarea")).to_have_value("أول\n\nثان")
    show(phone, "think")
    phone.locator("[data-go]").click()
    expect(phone.locator(".state")).to_have_attribute("data-state", "saved")
    assert reloaded(site.block).progress["notes"]["think"]["text"] == "أول\n\nثان"
    assert phone.evaluate("Object.keys(localStorage)") == []


ANSWERS = {
    "off line": None,
    "broken": (502, "<h1>Bad gateway</h1>"),
    "conflict": (409, '{"code": "no_room_left", "detail": "كتبتم أيضا في صفحة أخرى."}'),
    "refused": (400, '{"code": "text_too_long", "detail": "هذا النص طويل جدا."}'),
    "signed out": (401, "{}"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_was_sent_in_vain_outlives_a_killed_page(name: str, phone: Page) -> None:
    """Whatever the server says meanwhile: the words stand in their field, and arrive in the end."""
    site, status = open_at(phone, "think"), ANSWERS[name]

    def fail(route: Route) -> None:
        if status is None:
            route.abort("internetdisconnected")
        else:
            route.fulfill(
                status=status[0], body=status[1], content_type="application/json" if "{" in status[1] else "text/html"
            )

    phone.route("**/handler/write", fail)
    field = phone.locator("[data-step=think] textarea")
    field.press_sequentially("لم نقرأه")
    phone.locator("[data-go]").click()
    for _ in range(2):
        phone.goto("about:blank")
        site.open()
        expect(field).to_have_value("لم نقرأه")
    assert "think" not in (reloaded(site.block).progress or {}).get("notes", {})
    phone.goto("about:blank")
    phone.unroute("**/handler/write")
    site.open()
    expect(phone.locator(".state")).to_have_attribute("data-state", "saved")
    expect(field).to_have_value("لم نقرأه")
    assert reloaded(site.block).progress["notes"]["think"]["text"] == "لم نقرأه"
    site.open()
    expect(phone.locator(".note.critical")).to_have_count(0)
    site.errors.clear()


def test_a_text_is_kept_also_when_one_goes_back(phone: Page) -> None:
    site = open_at(phone, "form")
    phone.locator("[data-go]").click()
    phone.locator("[data-step=think] textarea").fill("لم نقرأه")
    phone.locator("[data-previous]").click()
    expect(phone.locator(".state")).to_have_attribute("data-state", "saved")
    assert reloaded(site.block).progress["notes"]["think"]["text"] == "لم نقرأه"


def test_the_limit_is_seen_while_typing_and_nothing_is_cut(phone: Page) -> None:
    """Characters, not the halves a script counts: a sign beyond the first plane is one."""
    site = open_at(phone, "think")
    field, count = phone.locator("[data-step=think] textarea"), phone.locator("[data-step=think] [data-count]")
    expect(count).to_have_text("0")
    expect(count.locator("..")).to_have_text("0 / 8000")
    text = "ا" * 7990 + "🌿" * 10
    field.evaluate(
        "(field, text) => { field.focus(); document.execCommand('insertText', false, text); }", text + "زيادة"
    )
    expect(count).to_have_text("8005")
    assert field.input_value() == text + "زيادة"
    field.fill(text)
    expect(count).to_have_text("8000")
    site.check_axe()
    phone.locator("[data-go]").click()
    expect(phone.locator(".state")).to_have_attribute("data-state", "saved")
    assert reloaded(site.block).progress["notes"]["think"]["text"] == text


def test_a_refused_text_of_another_tab_is_not_forgotten_with_ones_own(phone: Page) -> None:
    """Two pages of one phone: the words of the first stay to be copied, until they are let go of there."""
    site = open_at(phone, "think")
    phone.locator("[data-step=think] textarea").fill("أول " * 2100)
    phone.locator("[data-go]").click()
    expect(phone.locator(".state")).to_have_attribute("data-state", "refused")
    second = phone.context.new_page()
    other = Kinds(second)
    other.block = site.block
    kept = second.evaluate("Object.entries({...localStorage})")
    second.evaluate("localStorage.clear()")  # the second tab was open before the first one wrote
    other.open()
    show(second, "think")
    second.locator("[data-step=think] textarea").fill("ثان " * 2100)
    second.locator("[data-go]").click()
    expect(second.locator(".state")).to_have_attribute("data-state", "refused")
    second.evaluate("kept => kept.forEach(([key, value]) => localStorage.setItem(key, value))", kept)
    second.close()
    site.open()
    expect(phone.locator(".note.critical")).to_have_count(2)
    show(phone, "think")
    phone.locator("[data-step=think] textarea").fill("ثالث")
    phone.locator("[data-go]").click()
    expect(phone.locator(".note.critical")).to_have_count(1)
    expect(phone.locator(".note.critical")).to_contain_text("أول")
    assert reloaded(site.block).progress["notes"]["think"]["text"] == "ثالث"
    site.errors.clear()


def show(page: Page, step: str) -> None:
    """Back to a step, as often as it takes."""
    while not page.locator(f"[data-step={step}]").is_visible():
        page.locator("[data-previous]").click()
