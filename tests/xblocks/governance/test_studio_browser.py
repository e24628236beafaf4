"""The author's form in a real browser, as Studio opens it and as a content library does: in a sandboxed frame of another site,
without a language, with a jQuery object for the element. What the frame tells its page closes the window there, or not.
"""

from __future__ import annotations

import json
import mimetypes
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import translation
from playwright.sync_api import Browser, Frame, Page, Route, expect
from webob import Request

from governance_assessment.api import InstrumentData
from governance_assessment.domain import parse_instrument
from governance_assessment.domain.documents import load_yaml
from tests.governance_assessment.helpers import INSTRUMENT_FILE
from tests.xblocks.governance.runtimes import LIBRARY_KEY, in_library
from xblocks.governance_block import GovernanceBlock

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[3]
SCREENSHOTS = ROOT / "var/screenshots"
STUDIO, AUTHORING = "http://studio.test", "http://authoring.test"
FILES = {
    "/static/nassij/": ROOT / "nassij/common/static/nassij",
    "/xblock/resource/nassij_governance/": ROOT / "xblocks/public",
}
# What the template for libraries does, as far as a block sees it: a runtime that posts what it is told to the page around.
EMBEDDED = """
addEventListener("DOMContentLoaded", () => {
  const host = document.querySelector("[data-init]");
  const asJQuery = { 0: host, length: 1 };
  const given = host.dataset.jquery ? asJQuery : host;
  window[host.dataset.init]({
    handlerUrl: (element, name) => { if (element !== given) throw "wrong element"; return `/handler/${name}/`; },
    notify: (eventName, data) => parent.postMessage({ type: "xblock-event", eventName, data }, "*"),
  }, given, JSON.parse(host.dataset.args));
});"""
AROUND = """<!doctype html><html lang="en"><head><title>Authoring</title><script src="/around.js"></script></head><body>
<iframe title="Editor" src="{studio}/embed" width="100%" height="700"
 sandbox="allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-same-origin allow-scripts"></iframe>
</body></html>"""
FOCUSED = "() => (e => e.name || (e.hasAttribute('data-reading') ? 'reading' : e.className))(document.activeElement)"
LISTENS = """window.told = [];
addEventListener("message", ({ data }) => data.type === "xblock-event" && told.push([data.eventName, data.data]));"""


class Editor:
    """An authoring page with the block's form in its frame."""

    def __init__(self, page: Page, language: str, *, jquery: bool = True) -> None:
        self.page, self.language, self.jquery = page, language, jquery
        self.block = in_library(SimpleNamespace(pk=7), usage=LIBRARY_KEY, is_staff=True)
        self.errors: list[str] = []
        self.saves = 0
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.route("**/*", self.serve)
        page.goto(f"{AUTHORING}/editor")
        self.frame.locator("form").wait_for()

    @property
    def frame(self) -> Frame:
        return next(frame for frame in self.page.frames if frame.url.startswith(STUDIO))

    def told(self) -> list[Any]:
        return self.page.evaluate("told")

    def serve(self, route: Route) -> None:
        site, path = route.request.url.split("/", 3)[2], "/" + route.request.url.split("/", 3)[3].split("?")[0]
        file = next(
            (place / path.removeprefix(start) for start, place in FILES.items() if path.startswith(start)), None
        )
        if site == "authoring.test":
            body, kind = (LISTENS, "text/javascript") if path == "/around.js" else (AROUND, "text/html")
            route.fulfill(body=body.replace("{studio}", STUDIO), content_type=kind)
        elif path.startswith("/handler/"):
            self.saves += 1
            sent = Request.blank("/", method="POST", body=route.request.post_data_buffer or b"")
            sent.content_type = "application/json"
            with translation.override(self.language):
                reply = self.block.handle(path.split("/")[2], sent)
            route.fulfill(status=reply.status_code, body=reply.body, content_type=reply.content_type)
        elif path == "/embed":
            policy = {"Content-Security-Policy": "default-src 'self'"}
            route.fulfill(body=self.embedded(), content_type="text/html; charset=utf-8", headers=policy)
        elif path == "/embedded.js":
            route.fulfill(body=EMBEDDED, content_type="text/javascript")
        else:
            assert file is not None, path
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(path)[0])

    def embedded(self) -> str:
        """The frame: its document has no language and no direction, as in a library."""
        with translation.override(self.language):
            fragment = self.block.studio_view()
        links = "".join(
            f'<link rel="stylesheet" href="{r.data}">' for r in fragment.resources if r.mimetype == "text/css"
        )
        scripts = "".join(f'<script src="{r.data}"></script>' for r in fragment.resources if r.mimetype != "text/css")
        args = json.dumps(fragment.json_init_args).replace("&", "&amp;").replace('"', "&quot;")
        jquery = " data-jquery='1'" if self.jquery else ""
        return (
            f"<!doctype html><html><head><title>x</title>{links}</head><body><div data-init='{fragment.js_init_fn}'{jquery}"
            f' data-args="{args}">{fragment.content}</div>{scripts}<script src="/embedded.js"></script></body></html>'
        )

    def check(self) -> None:
        """Nothing wrong with the form; that the document around has no language and no landmark is the library's."""
        rules = {
            name: {"enabled": False}
            for name in ("html-has-lang", "landmark-one-main", "page-has-heading-one", "region")
        }
        found = Axe().run(self.page, options={"rules": rules})
        assert found.violations_count == 0, found.generate_report()
        assert self.errors == []
        over = self.frame.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0
        for control in self.frame.locator("button:visible, select:visible, input:visible, a.ghost:visible").all():
            box = control.bounding_box()
            assert box and box["height"] >= 43.5

    def picture(self, name: str) -> None:
        if os.environ.get("NASSIJ_SCREENSHOTS"):
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            self.frame.locator("body").screenshot(path=SCREENSHOTS / f"studio-{name}.png")


@pytest.fixture(autouse=True)
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The questionnaire without a database: Playwright answers requests in a context that has no connection."""
    instrument = parse_instrument(load_yaml(INSTRUMENT_FILE.read_bytes()))
    found = InstrumentData(slug="gov-ma", version="0.1.0", content_hash="", instrument=instrument)
    monkeypatch.setattr(GovernanceBlock, "instruments", lambda block: (found,))


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 900, "height": 900})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("fr", 900), ("en", 640)])
def test_an_author_sets_the_block_in_a_library(language: str, width: int, page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    editor = Editor(page, language)
    form = editor.frame.locator("form")
    root = editor.frame.locator(".nassij-governance-studio")
    assert (root.get_attribute("lang"), root.get_attribute("dir")) == (language, "rtl" if language == "ar" else "ltr")
    expect(form.locator("[data-reading]")).to_have_attribute("href", "/nassij/governance/instruments/gov-ma/")
    editor.check()
    editor.picture(f"{language}-{width}")

    form.locator("[name=display_name]").fill("  ")
    form.locator("[data-save]").click()
    problem = form.locator("p.note.critical[id]")
    expect(problem).to_have_count(1)
    field = form.locator("[name=display_name]")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_attribute("aria-describedby", str(problem.get_attribute("id")))
    assert [name for name, _data in editor.told()] == ["save", "error"]
    assert all(editor.told()[1][1].values())
    editor.errors.clear()  # the refused request is the point
    editor.check()
    editor.picture(f"{language}-{width}-refused")

    field.fill("تقييمنا الذاتي")
    form.locator("[name=round_kind]").select_option("full")
    form.locator("[name=show]").select_option("questions")
    form.locator("[data-save]").click()
    page.wait_for_function("told.some(([name, data]) => name === 'save' && data.state === 'end')")
    assert [(name, data.get("state")) for name, data in editor.told()] == [
        ("save", "start"),
        ("error", None),
        ("save", "start"),
        ("save", "end"),
    ]
    expect(problem).to_have_count(0)
    expect(field).not_to_have_attribute("aria-invalid", "true")
    assert (editor.block.display_name, editor.block.round_kind, editor.block.show) == (
        "تقييمنا الذاتي",
        "full",
        "questions",
    )
    assert editor.saves == 2


def test_cancelling_is_told_and_saves_nothing(page: Page) -> None:
    editor = Editor(page, "ar")
    editor.frame.locator("[name=round_kind]").select_option("full")
    editor.frame.locator("[data-cancel]").click()
    page.wait_for_function("told.length === 1")

    assert editor.told() == [["cancel", {}]]
    assert (editor.saves, editor.block.round_kind) == (0, "express")


def test_the_form_is_filled_in_with_the_keyboard_alone(page: Page) -> None:
    """In Studio the element is a DOM node; Enter in the title saves, once."""
    editor = Editor(page, "fr", jquery=False)
    editor.frame.locator("[name=display_name]").focus()
    order = []
    for _ in range(7):
        order.append(editor.frame.evaluate(FOCUSED))
        page.keyboard.press("Tab")
    assert order == ["display_name", "instrument_slug", "reading", "round_kind", "show", "ghost", "go"]
    editor.frame.locator("[name=round_kind]").focus()
    page.keyboard.press("End")
    editor.frame.locator("[name=display_name]").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("told.some(([name, data]) => name === 'save' && data.state === 'end')")

    assert editor.saves == 1
    assert editor.block.round_kind == "full"


def test_choosing_a_questionnaire_says_what_it_is(page: Page) -> None:
    """One that is gone is said to be; the link goes with the choice."""
    editor = Editor(page, "en")
    editor.block.instrument_slug = "gone"
    page.reload()
    editor.frame.locator("form").wait_for()
    about, link = editor.frame.locator("[data-about][aria-live]"), editor.frame.locator("[data-reading]")
    expect(about).to_contain_text("not in use on this site")
    expect(link).to_be_hidden()
    editor.frame.locator("[name=instrument_slug]").select_option("gov-ma")
    expect(about).to_contain_text("Number of questions: 48, of which 18")
    expect(link).to_be_visible()
