"""The lesson in a real Chromium, with its script: one step at a time, feedback in place, off line and back, and in Studio."""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect
from webob import Request

from tests.xblocks.lesson.samples import LESSON, Bench, make_block, reloaded

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[3]
SITE = "http://lesson.test"
FILES = {"/static/nassij/": ROOT / "nassij/common/static/nassij", "/resources/": ROOT / "xblocks/public"}
START = """
window.notified = [];
addEventListener("DOMContentLoaded", () => {
  const host = document.querySelector("[data-init]");
  const runtime = { handlerUrl: (element, name) => { if (element !== host) throw "wrong element"; return "/handler/" + name; },
                    notify: (name, data) => notified.push([name, data]) };
  window[host.dataset.init](runtime, host, JSON.parse(host.dataset.args));
});"""
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"><title>t</title><path d="M0 0h300v100z"/></svg>'
)


class Site:
    """One page with the block on it, as the platform serves it, under a strict content security policy."""

    def __init__(self, page: Page, runtime: Bench, view: str = "student_view") -> None:
        self.page, self.view = page, view
        self.block = make_block(LESSON, runtime)
        self.offline = False
        self.answers = 0
        self.errors: list[str] = []
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.route(f"{SITE}/**", self.serve)

    def open(self) -> None:
        self.page.goto(f"{SITE}/unit")

    def serve(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE).split("?")[0]
        file = next(
            (folder / path.removeprefix(start) for start, folder in FILES.items() if path.startswith(start)), None
        )
        if path.startswith("/handler/"):
            self.handle(route, path.removeprefix("/handler/"))
        elif path == "/unit":
            policy = {"Content-Security-Policy": "default-src 'self'"}
            route.fulfill(body=self.html(), content_type="text/html; charset=utf-8", headers=policy)
        elif path == "/start.js":
            route.fulfill(body=START, content_type="text/javascript")
        elif file is not None:
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(path)[0])
        else:
            route.fulfill(body=PICTURE, content_type="image/svg+xml")

    def handle(self, route: Route, name: str) -> None:
        if self.offline:
            route.abort("internetdisconnected")
            return
        sent = route.request
        self.answers += name == "answer"
        request = Request.blank(
            "/", method="POST", body=sent.post_data_buffer or b"", headers={"Content-Type": "application/json"}
        )
        block = reloaded(self.block)
        reply = block.runtime.handle(block, name, request)
        route.fulfill(status=reply.status_code, body=reply.body, content_type=reply.content_type)

    def html(self) -> str:
        fragment = getattr(reloaded(self.block), self.view)({"csrf_token": "t"})
        links = "".join(
            f'<link rel="stylesheet" href="{r.data}">' for r in fragment.resources if r.mimetype == "text/css"
        )
        scripts = "".join(f'<script src="{r.data}"></script>' for r in fragment.resources if r.mimetype != "text/css")
        args = json.dumps(fragment.json_init_args).replace("&", "&amp;").replace('"', "&quot;")
        return (
            '<!doctype html><html lang="ar" dir="rtl"><meta name="viewport" content="width=device-width"><title>t</title>'
            f"<head>{links}</head><body><main><h1>t</h1><div data-init='{fragment.js_init_fn}' data-args=\"{args}\">"
            f'{fragment.content}</div></main>{scripts}<script src="/start.js"></script></body></html>'
        )

    def shown(self) -> list[str]:
        """The ids of the steps in view ("end" for the end)."""
        found = self.page.locator("[data-step]:visible, [data-end]:visible").all()
        return [each.get_attribute("data-step") or "end" for each in found]

    def check_axe(self) -> None:
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()
        assert self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert self.errors == []


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def choose(page: Page, text: str) -> None:
    page.locator("label:visible", has_text=text).click()


def test_a_learner_goes_through_the_lesson(phone: Page) -> None:
    site = Site(phone, Bench())
    site.open()
    go = phone.locator("[data-go]")
    assert site.shown() == ["why"]
    site.check_axe()
    go.click()
    expect(phone.locator("[data-position]")).to_have_text(re.compile("2.*4"))
    assert site.shown() == ["quorum"]
    assert phone.evaluate("document.activeElement.tagName") == "H3"
    go.click()  # nothing chosen: said, not sent
    expect(phone.locator("[data-feedback]:visible .note")).to_be_visible()
    assert site.answers == 0
    choose(phone, "السلطة المحلية")
    go.click()
    expect(phone.locator("[data-feedback]:visible")).to_contain_text("FEEDBACK-B")
    site.check_axe()
    choose(phone, "النظام الأساسي")
    expect(phone.locator("[data-feedback]:visible")).to_have_count(0)
    go.click()
    expect(phone.locator("[data-feedback]:visible")).to_contain_text("FEEDBACK-A")
    go.click()
    assert site.shown() == ["how"]
    go.click()
    phone.locator("[data-skip]").click()
    assert site.shown() == ["end"]
    expect(phone.locator("[data-missing] li:visible")).to_have_count(1)
    expect(phone.locator("[data-complete]")).to_be_hidden()
    site.check_axe()
    phone.locator("[data-missing] li:visible a").click()
    assert site.shown() == ["minutes"]
    choose(phone, "عدد الحاضرين")
    choose(phone, "نتيجة التصويت")
    go.click()
    expect(phone.locator("[data-feedback]:visible")).to_contain_text("FEEDBACK-E")
    expect(phone.locator("[data-step=minutes] fieldset[disabled]")).to_have_count(1)
    go.click()
    expect(phone.locator("[data-complete]")).to_be_visible()
    assert site.block.runtime.completions[-1] == 1.0


def test_it_opens_where_it_was_left(phone: Page) -> None:
    site = Site(phone, Bench())
    site.open()
    phone.locator("[data-go]").click()
    phone.locator("[data-skip]").click()
    expect(phone.locator(".state")).to_have_attribute("data-state", "saved")
    site.open()
    assert site.shown() == ["how"]
    phone.locator("[data-previous]").click()
    assert site.shown() == ["quorum"]


def test_an_answer_given_off_line_is_kept_and_sent_once(phone: Page) -> None:
    site = Site(phone, Bench())
    site.open()
    phone.locator("[data-go]").click()
    expect(phone.locator(".state")).to_have_attribute("data-state", "saved")
    site.offline = True
    choose(phone, "الرئيس")
    phone.locator("[data-go]").click()
    expect(phone.locator(".state")).to_have_attribute("data-state", "waiting")
    phone.locator("[data-go]").click()
    assert site.shown() == ["how"], "one can go on meanwhile"
    site.offline = False
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.locator(".state")).to_have_attribute("data-state", "saved")
    phone.locator("[data-previous]").click()
    expect(phone.locator("[data-feedback]:visible")).to_contain_text("FEEDBACK-C")
    assert reloaded(site.block).progress["answers"]["quorum"]["tries"] == site.answers == 1


def test_what_was_done_off_line_outlives_the_page(phone: Page) -> None:
    site = Site(phone, Bench())
    site.open()
    site.offline = True
    go = phone.locator("[data-go]")
    go.click()
    choose(phone, "الرئيس")
    go.click()
    expect(phone.locator(".state")).to_have_attribute("data-state", "waiting")
    expect(phone.locator("[data-feedback]:visible .note")).to_be_visible()
    context = phone.context
    phone.close(run_before_unload=False)

    again = Site(context.new_page(), Bench())
    again.block = site.block
    again.open()
    assert again.shown() == ["quorum"]
    expect(again.page.locator(".state")).to_have_attribute("data-state", "saved")
    expect(again.page.locator("[data-feedback]:visible")).to_contain_text("FEEDBACK-C")
    progress = reloaded(again.block).progress
    assert (progress["visited"], progress["answers"]["quorum"]["tries"]) == (["quorum", "why"], 1)
    assert again.page.evaluate("Object.keys(localStorage)") == []
    again.open()
    assert again.answers == 1


def test_an_answer_to_a_part_that_is_gone_is_given_back(phone: Page) -> None:
    site = Site(phone, Bench())
    site.open()
    site.offline = True
    phone.locator("[data-go]").click()
    choose(phone, "الرئيس")
    phone.locator("[data-go]").click()
    expect(phone.locator(".state")).to_have_attribute("data-state", "waiting")
    kept = phone.evaluate(
        "() => Object.entries(localStorage).map(([key, text]) => [key, text.replaceAll('quorum', 'gone')])"
    )
    phone.evaluate("kept => kept.forEach(([key, text]) => localStorage.setItem(key, text))", kept)
    phone.goto("about:blank")
    site.offline = False
    site.open()
    note = phone.locator(".page > .note.critical")
    expect(note).to_contain_text("الرئيس")
    site.errors.clear()  # the refusal is the point
    site.check_axe()
    note.locator("button").click()
    expect(note).to_have_count(0)
    assert phone.evaluate("Object.keys(localStorage)") == []


def test_controls_can_be_hit_with_a_thumb_and_by_keyboard(phone: Page) -> None:
    site = Site(phone, Bench())
    site.open()
    phone.locator("[data-go]").focus()
    phone.keyboard.press("Enter")
    for control in phone.locator("button:visible, label:visible, summary:visible").all():
        box = control.bounding_box()
        assert box and box["height"] >= 43.5 and box["width"] >= 43.5
    phone.keyboard.press("Tab")
    phone.keyboard.press("Space")
    phone.keyboard.press("Enter")
    expect(phone.locator("[data-feedback]:visible")).to_contain_text("FEEDBACK-A")


def test_without_script_all_is_there(chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = context.new_page()
    site = Site(page, Bench())
    site.open()
    assert site.shown() == ["why", "quorum", "how", "minutes", "end"]
    assert page.locator("form button:visible").count() == 3
    assert not page.locator("[data-act]").is_visible()
    context.close()
