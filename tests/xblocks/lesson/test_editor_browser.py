"""The editor of a lesson in a real Chromium: lessons written in French and Arabic, by keyboard too, with pictures."""

from __future__ import annotations

import json
import mimetypes
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import translation
from playwright.sync_api import Browser, FilePayload, Locator, Page, Route, expect
from webob import Request

from tests.xblocks.lesson.samples import LESSON, Bench, make_block, reloaded
from tests.xblocks.lesson.test_studio import FRENCH as ALL_KINDS
from tests.xblocks.lesson.test_studio import KINDS
from xblocks.lesson.model import Lesson, SelfCheck, TextStep

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[3]
SCREENSHOTS = ROOT / "var/screenshots"
SITE = "http://studio.test"
FILES = {"/static/nassij/": ROOT / "nassij/common/static/nassij", "/resources/": ROOT / "xblocks/public"}
START = """
window.notified = []; window.harmed = 0;
addEventListener("DOMContentLoaded", () => {
  const host = document.querySelector("[data-init]"), element = { 0: host, length: 1 };
  const runtime = { handlerUrl: (given, name) => { if (given !== element) throw "wrong element"; return "/handler/" + name; },
                    notify: (name, data) => notified.push([name, data]) };
  window[host.dataset.init](runtime, element, JSON.parse(host.dataset.args));
});"""
# Studio's own rules for words we might use too ("_drawer.scss", Teak).
PLATFORM = ".picker { position: fixed; display: none } .picker-cover { display: none }"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"><script>parent.harmed = 1</script>'
    '<path d="M0 0h300v100z" onclick="parent.harmed = 1"/></svg>'
)


def until(page: Page, true: str) -> None:
    """Wait for an expression to hold; Playwright's own way evaluates a string, which the policy forbids."""
    for _ in range(100):
        if page.evaluate(true):
            return
        page.wait_for_timeout(50)
    raise AssertionError(true)


class Studio:
    """A page with the editor in it, as Studio serves it, under a strict content security policy; with the course's files."""

    def __init__(self, page: Page, language: str, lesson: Lesson = LESSON, *, width: int = 900) -> None:
        self.page, self.language = page, language
        self.block = make_block(lesson, Bench(staff=True))
        self.files: dict[str, bytes] = {
            "gov2-s1-u1_path.svg": SVG.encode(),
            "heavy.png": b"\x89PNG\r\n\x1a\n" + b"0" * 340_000,
        }
        self.errors: list[str] = []
        self.policy = "default-src 'self'"
        page.set_viewport_size({"width": width, "height": 900})
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.route(f"{SITE}/**", self.serve)

    def open(self) -> None:
        self.page.goto(f"{SITE}/unit")
        self.page.locator("[data-summary]:not(:empty)").wait_for()

    def serve(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE).split("?")[0]
        file = next(
            (folder / path.removeprefix(start) for start, folder in FILES.items() if path.startswith(start)), None
        )
        if path.startswith("/handler/"):
            self.handle(route, path.removeprefix("/handler/"))
        elif path == "/unit":
            policy = {"Content-Security-Policy": self.policy}
            route.fulfill(body=self.html(), content_type="text/html; charset=utf-8", headers=policy)
        elif path == "/platform.css":
            route.fulfill(body=PLATFORM, content_type="text/css")
        elif path == "/start.js":
            route.fulfill(body=START, content_type="text/javascript")
        elif path == "/assets/":
            self.assets(route)
        elif file is not None:
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(path)[0])
        else:
            content = self.files.get(path.rpartition("/")[2].rpartition("@")[2])
            known = {"Content-Length": str(len(content or b""))}
            route.fulfill(
                status=200 if content else 404, body=content or b"", headers=known, content_type="image/svg+xml"
            )

    def assets(self, route: Route) -> None:
        """Studio's own list of files, and its upload."""
        if route.request.method == "POST":
            sent = Request.blank("/", method="POST", body=route.request.post_data_buffer or b"")
            sent.content_type = route.request.headers["content-type"]
            given = sent.POST["file"]
            self.files[given.filename] = given.file.read()
            route.fulfill(json={"asset": {"portable_url": f"/static/{given.filename}"}, "msg": "done"})
            return
        assets = [
            {"display_name": name, "portable_url": f"/static/{name}", "file_size": len(content)}
            for name, content in self.files.items()
        ]
        route.fulfill(json={"assets": assets, "end": len(assets), "totalCount": len(assets)})

    def handle(self, route: Route, name: str) -> None:
        sent = Request.blank("/", method="POST", body=route.request.post_data_buffer or b"")
        sent.content_type = "application/json"
        block = reloaded(self.block)
        with translation.override(self.language):
            reply = block.runtime.handle(block, name, sent)
        route.fulfill(status=reply.status_code, body=reply.body, content_type=reply.content_type)

    def html(self) -> str:
        with translation.override(self.language):
            fragment = reloaded(self.block).studio_view()
        links = "".join(
            f'<link rel="stylesheet" href="{r.data}">' for r in fragment.resources if r.mimetype == "text/css"
        )
        links += '<link rel="stylesheet" href="/platform.css">'
        scripts = "".join(f'<script src="{r.data}"></script>' for r in fragment.resources if r.mimetype != "text/css")
        given = fragment.json_init_args | {"files": {"kind": "course", "url": "/assets/"}}
        args = json.dumps(given).replace("&", "&amp;").replace('"', "&quot;")
        return (
            f'<!doctype html><html lang="{self.language}"><meta name="viewport" content="width=device-width"><title>t</title>'
            f"<head>{links}</head><body><main><h1>t</h1><div data-init='{fragment.js_init_fn}' data-args=\"{args}\">"
            f'{fragment.content}</div></main>{scripts}<script src="/start.js"></script></body></html>'
        )

    # What is looked at

    def step(self, number: int) -> Locator:
        return self.page.locator(".step").nth(number - 1)

    def unfold(self, number: int) -> Locator:
        self.step(number).locator(".opens").click()
        return self.step(number)

    def save(self) -> None:
        self.page.locator("[data-save]").click()
        until(self.page, "notified.some(([name, data]) => name === 'save' && data.state === 'end')")

    def save_refused(self) -> None:
        self.page.locator("[data-save]").click()
        until(self.page, "notified.at(-1)[0] === 'error'")

    @property
    def saved(self) -> Lesson:
        return reloaded(self.block).lesson

    def check(self) -> None:
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()
        assert self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert self.errors == []
        for control in self.page.locator(
            "button:visible, select:visible, input:not([type=checkbox], [type=radio]):visible"
        ).all():
            box = control.bounding_box()
            assert box and box["height"] >= 43.5, control.evaluate("e => e.outerHTML")

    def picture(self, name: str) -> None:
        if os.environ.get("NASSIJ_SCREENSHOTS"):
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=SCREENSHOTS / f"editor-{name}.png", full_page=True)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


FRENCH = Lesson(title="Leçon", language="fr")
PATH = "![Six étapes](/static/path.svg)"


def field(card: Locator, path: str) -> Locator:
    return card.locator(f"[data-path='{path}']").locator("input, textarea, select").first


def test_a_trainer_writes_a_lesson_in_french(page: Page) -> None:
    """With a picture of their own; what is missing is marked, what is wrong is said at its field, nothing is lost."""
    studio = Studio(page, "fr", FRENCH, width=900)
    page.goto(f"{SITE}/unit")
    page.locator("[data-add=text]").click()
    card = studio.step(1)
    expect(card.locator("[data-path=title] .chip")).to_have_text("à écrire")
    field(card, "title").fill("Convoquer l’assemblée")
    field(card, "body").fill("Les statuts disent **qui** convoque.")
    expect(card.locator("[data-preview] strong")).to_have_text("qui")
    expect(card.locator(".chip")).to_have_count(0)
    expect(card.locator(".opens")).to_contain_text("Convoquer l’assemblée")

    card.locator("[data-path=body] button").click()
    files = card.locator(".files button")
    expect(files).to_have_count(2)
    page.locator(".choosing [type=file]").set_input_files(
        [{"name": "Mon schéma.svg", "mimeType": "image/svg+xml", "buffer": SVG.encode()}]
    )
    expect(card.locator(".choosing [role=status]")).to_contain_text("<script>")
    card.locator(".choosing .go").click()
    expect(card.locator(".choosing [role=alert]")).to_have_text("Dites d’abord ce que montre l’image.")
    card.locator(".choosing label", has_text="pour qui ne la voit pas").locator("input").fill("Six étapes")
    studio.picture("fr-900-picture")
    studio.check()
    card.locator(".choosing .go").click()
    assert field(card, "body").input_value().endswith("![Six étapes](/static/Mon-sch-ma.svg)")
    assert b"script" not in studio.files["Mon-sch-ma.svg"] and b"onclick" not in studio.files["Mon-sch-ma.svg"]

    card.locator("[data-add=self-check]").click()
    check = studio.step(2)
    field(check, "question").fill("Qui convoque ?")
    for number, (text, feedback) in enumerate((("Le président", "C’est écrit."), ("Le caïd", "Non : les statuts."))):
        field(check, f"choices.{number}.text").fill(text)
        field(check, f"choices.{number}.feedback").fill(feedback)
    studio.save_refused()
    problem = page.locator(".problems li")
    expect(problem).to_have_count(2)
    expect(problem.first.locator("button")).to_have_text("Temps nécessaire, en minutes")
    expect(check.locator("[data-path=choices] .field-note").first).to_contain_text("Marquez la bonne.")
    problem.last.locator("button").click()
    assert page.evaluate("document.activeElement.name") == "choices.0.text"
    studio.errors.clear()  # the refusal is the point
    studio.check()
    check.locator("[data-path='choices.0.correct'] input").check()
    page.locator("[data-about-first] [name=minutes]").fill("5")
    page.locator("details.more summary").click()
    page.locator("#" + str(page.locator(".more [data-path=objectives] button").get_attribute("id"))).click()
    assert page.evaluate("document.activeElement.closest('[data-path]').dataset.path") == "objectives.0"
    page.keyboard.type("Convoquer à temps.")
    expect(page.locator("[data-summary]")).to_have_text("Rien ne manque.")
    studio.check()
    studio.picture("fr-900")
    studio.save()

    saved = studio.saved
    assert (saved.minutes, saved.objectives) == (5, ("Convoquer à temps.",))
    assert saved.steps[0].title == "Convoquer l’assemblée"
    assert isinstance(saved.steps[1], SelfCheck)
    assert [choice.correct for choice in saved.steps[1].choices] == [True, False]
    told = [(name, data.get("state")) for name, data in page.evaluate("notified")]
    assert told == [("save", "start"), ("error", None), ("save", "start"), ("save", "end")]


def test_a_trainer_writes_a_lesson_in_arabic_on_a_phone(page: Page) -> None:
    """What is still in French is marked; steps are copied, moved and deleted, and all of it undone."""
    studio = Studio(page, "ar", width=360)
    studio.open()
    studio.check()
    studio.picture("ar-360")
    card = studio.unfold(1)
    field(card, "title").fill("Pourquoi une assemblée générale")
    expect(card.locator("[data-path=title] .chip")).to_be_visible()
    expect(card.locator(".chips")).to_contain_text("ربما لم يترجم بعد")
    field(card, "title").fill("لماذا نجتمع")
    expect(card.locator(".chips .chip")).to_have_count(0)
    assert card.locator("[data-preview]").get_attribute("dir") == "rtl"
    studio.unfold(2)
    studio.check()
    studio.picture("ar-360-check")
    studio.unfold(2)

    titles = page.locator(".step [data-title]")
    expect(titles).to_have_text(["لماذا نجتمع", "تحققوا", "كيف", "ماذا يكتب في المحضر؟"])
    studio.step(3).locator("[id$=-copy]").click()
    studio.step(1).locator("[id$=-down]").click()
    studio.step(5).locator("[id$=-remove]").click()
    expect(titles).to_have_text(["تحققوا", "لماذا نجتمع", "كيف", "كيف"])
    expect(page.locator("[data-spoken]")).not_to_be_empty()
    for _ in range(3):
        page.locator("[data-undo]").click()
    expect(titles).to_have_text(["لماذا نجتمع", "تحققوا", "كيف", "ماذا يكتب في المحضر؟"])
    page.locator("[data-redo]").click()
    expect(titles).to_have_count(5)
    studio.save()
    saved = studio.saved
    assert [step.title for step in saved.steps] == ["لماذا نجتمع", "تحققوا", "كيف", "كيف", ""]
    assert len({step.id for step in saved.steps}) == 5
    assert saved.steps[2].id == "how" and saved.steps[4] == LESSON.steps[3]


def test_a_lesson_is_written_with_the_keyboard_alone(page: Page) -> None:
    studio = Studio(page, "fr", FRENCH)
    page.goto(f"{SITE}/unit")
    press = page.keyboard.press

    def reach(selector: str) -> None:
        for _ in range(60):
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            press("Tab")
        raise AssertionError(selector)

    reach("[name=minutes]")
    page.keyboard.type("4")
    reach("[data-add=text]")
    press("Enter")
    page.keyboard.type("Un")
    press("Tab")
    page.keyboard.type("Premier.")
    reach(".step [data-add=text]")
    press("Enter")
    page.keyboard.type("Deux")
    press("Tab")
    page.keyboard.type("Second.")
    page.locator(".step .opens").nth(1).focus()
    press("Alt+ArrowUp")
    expect(page.locator(".step [data-title]")).to_have_text(["Deux", "Un"])
    assert page.evaluate("document.activeElement.textContent.includes('Deux')")
    press("Control+z")
    expect(page.locator(".step [data-title]")).to_have_text(["Un", "Deux"])
    press("Control+y")
    expect(page.locator(".step [data-title]")).to_have_text(["Deux", "Un"])
    press("Control+s")
    until(page, "notified.some(([name, data]) => name === 'save' && data.state === 'end')")

    assert [(step.title, step.body) for step in studio.saved.steps] == [("Deux", "Second."), ("Un", "Premier.")]


def test_text_and_cards_say_the_same_and_turning_loses_nothing(page: Page) -> None:
    studio = Studio(page, "fr")
    studio.open()
    card = studio.unfold(1)
    field(card, "body").fill("")  # unfinished: the text shows it, and the way back is open
    page.locator("[data-tab=text]").click()
    area = page.locator("textarea[name=source]")
    expect(area).to_be_visible()
    source = area.input_value()
    assert "## لماذا {#why}" in source
    studio.check()
    studio.picture("fr-900-text")
    page.locator("[data-tab=cards]").click()
    expect(page.locator(".step")).to_have_count(4)

    page.locator("[data-tab=text]").click()
    area.fill(source.replace("{#how}", ""))
    page.locator("[data-tab=cards]").click()
    problem = page.locator(".problems li", has_text="Ligne")
    expect(problem.first).to_be_visible()
    expect(area).to_be_visible()
    problem.last.locator("button").click()
    selected = page.evaluate("(t => t.value.slice(t.selectionStart, t.selectionEnd))(document.activeElement)")
    assert selected.startswith("## كيف")
    area.fill(source.replace("{#why}", "{#why}\n\nنص جديد"))
    page.locator("[data-tab=text]").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-panel=cards]")).to_be_visible()
    expect(field(studio.step(1), "body")).to_have_value("نص جديد")
    page.locator("[data-undo]").click()
    expect(field(studio.step(1), "body")).to_have_value("")
    page.locator("[data-redo]").click()
    studio.save()
    assert studio.saved.steps == (TextStep("why", "لماذا", "نص جديد"), *LESSON.steps[1:])


def test_two_authors_see_both_versions_and_choose(page: Page) -> None:
    studio = Studio(page, "fr", width=700)
    studio.open()
    field(studio.unfold(1), "title").fill("العنوان عندي")
    other = reloaded(studio.block)
    theirs = Lesson.from_data(LESSON.to_data() | {"minutes": 9}, title=LESSON.title)
    other.content = theirs.to_data()
    other.save()
    studio.save_refused()
    note = page.locator("[data-said] .note")
    expect(note.locator(".both")).to_have_count(2)
    expect(note).to_contain_text("العنوان عندي")
    expect(note).to_contain_text("لماذا")
    assert studio.saved == theirs
    studio.errors.clear()
    studio.check()
    studio.picture("fr-700-both")
    note.locator("button.ghost").click()
    expect(page.locator("[name=minutes]")).to_have_value("9")
    page.locator("[data-undo]").click()  # mine is not gone
    expect(page.locator("[name=minutes]")).to_have_value("6")
    expect(page.locator(".step [data-title]").first).to_have_text("العنوان عندي")
    studio.save()
    assert studio.saved.steps[0].title == "العنوان عندي"


def test_leaving_with_changes_asks_first_and_a_lost_page_gives_them_back(page: Page) -> None:
    studio = Studio(page, "fr")
    studio.open()
    page.locator("[name=title]").fill("Perdu ?")
    page.locator("[data-cancel]").click()
    assert page.evaluate("notified") == []
    page.locator("[data-said] button").nth(1).click()
    until(page, "Object.keys(localStorage).length === 1")
    studio.open()
    expect(page.locator("[name=title]")).to_have_value(LESSON.title)
    page.locator("[data-said] button").first.click()
    expect(page.locator("[name=title]")).to_have_value("Perdu ?")
    page.locator("[data-cancel]").click()
    page.locator("[data-said] button").first.click()
    assert page.evaluate("[notified.at(-1)[0], Object.keys(localStorage).length]") == ["cancel", 0]
    assert studio.saved == LESSON


def test_what_is_written_while_the_rest_is_saved_is_not_lost(page: Page) -> None:
    """The reply is slow; the author writes on. What was sent is saved, what was not is kept and said to be unsaved."""
    studio = Studio(page, "fr")
    studio.open()
    held: list[Route] = []
    page.route(f"{SITE}/handler/studio_save", lambda route: held.append(route))
    title = page.locator("[name=title]")
    title.fill("Envoyé")
    page.locator("[data-save]").click()
    until_held(page, held)
    title.fill("Envoyé, puis changé")
    studio.handle(held.pop(), "studio_save")
    expect(page.locator(".state")).to_have_text(
        "C’est enregistré, sauf ce que vous avez écrit entre-temps. Enregistrez de nouveau."
    )
    assert studio.saved.title == "Envoyé"
    assert ["save", "end"] not in page.evaluate("notified.map(([name, data]) => [name, data.state])")
    until(page, "Object.values(localStorage).some((kept) => kept.includes('puis changé'))")
    page.locator("[data-cancel]").click()
    expect(page.locator("[data-said] .note")).to_contain_text("changements non enregistrés")
    page.locator("[data-save]").click()
    until_held(page, held)
    studio.handle(held.pop(), "studio_save")  # no conflict with one's own first half
    until(page, "notified.some(([name, data]) => name === 'save' && data.state === 'end')")
    assert studio.saved.title == "Envoyé, puis changé"
    assert page.evaluate("Object.keys(localStorage).length") == 0


def until_held(page: Page, held: list[Route]) -> None:
    for _ in range(100):
        if held:
            return
        page.wait_for_timeout(50)
    raise AssertionError("nothing was sent")


def test_a_choice_never_gets_the_id_of_a_deleted_one(page: Page) -> None:
    """Also when the editor was opened again in between: answers of learners hang on it."""
    studio = Studio(page, "fr")
    had = {choice.id for choice in LESSON.checks[0].choices}
    for _ in range(2):
        studio.open()
        card = studio.unfold(2)
        card.locator("[data-path='choices.2'] .tools button").last.click()
        card.locator("[id$=choices-add]").click()
        field(card, "choices.2.text").fill("نص")
        field(card, "choices.2.feedback").fill("نص")
        studio.save()
        check = studio.saved.checks[0]
        new = {choice.id for choice in check.choices} - {"a", "b"}
        assert len(new) == 1 and not new & had
        had |= new


def test_a_file_is_looked_at_before_it_is_sent(page: Page) -> None:
    studio = Studio(page, "fr", ALL_KINDS)
    studio.open()
    card = studio.unfold(3)
    card.locator("[data-path=file] button").click()
    device, told = card.locator(".choosing [type=file]"), card.locator(".choosing [role=status]")
    assert ".pdf" in str(device.get_attribute("accept")) and ".html" not in str(device.get_attribute("accept"))
    before = set(studio.files)
    for name, content, said in (
        ("page.html", b"<script>1</script>", "d’un type"),
        ("page.svg", SVG.encode(), "d’un type"),
        ("form.pdf", b"MZ\x90\0", "ne correspond pas à son nom"),
        ("long.pdf", b"%PDF-" + b"0" * 10_100_000, "pèse 10,1 Mo"),
    ):
        device.set_input_files([{"name": name, "mimeType": "application/pdf", "buffer": content}])
        expect(told).to_contain_text(said)
        assert set(studio.files) == before
    studio.errors.clear()  # the refusals are the point
    studio.check()
    studio.picture("fr-900-file-refused")
    device.set_input_files([{"name": "Modèle de PV.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}])
    expect(field(card, "file")).to_have_value("/static/Mod-le-de-PV.pdf")
    assert studio.files["Mod-le-de-PV.pdf"] == b"%PDF-1.7"
    studio.unfold(2).locator("[data-path=captions] button").click()
    assert studio.step(2).locator(".choosing [type=file]").get_attribute("accept") == ".vtt"


def test_heavy_and_missing_pictures_are_marked(page: Page) -> None:
    body = "![a](/static/heavy.png)\n\n![b](/static/gone.png)"
    studio = Studio(page, "fr", Lesson(title="x", language="fr", minutes=1, steps=(TextStep("a", "Titre", body),)))
    studio.open()
    expect(studio.step(1).locator(".chips")).to_contain_text("lourd : 340 ko")
    expect(studio.step(1).locator(".chips")).to_contain_text("image introuvable")
    studio.unfold(1)
    expect(studio.step(1).locator("[data-preview] .note")).to_have_count(2)


def noise(side: int) -> bytes:
    """A PNG that no packing makes small."""
    rows = b"".join(b"\0" + os.urandom(3 * side) for _ in range(side))

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_a_heavy_picture_is_made_smaller_before_it_is_uploaded(page: Page) -> None:
    studio = Studio(page, "fr")
    studio.files["plan.webp"] = b"RIFF"  # a file of that name is there: it is not overwritten
    studio.open()
    card = studio.unfold(1)
    card.locator("[data-path=body] button").click()
    photo: FilePayload = {"name": "plan.png", "mimeType": "image/png", "buffer": noise(400)}
    assert len(photo["buffer"]) > 400_000
    page.locator(".choosing [type=file]").set_input_files([photo])
    expect(card.locator(".choosing [role=status]")).to_contain_text("Image allégée : de 481 à")
    name = next(name for name in studio.files if name.startswith("plan-"))
    assert name.endswith(".webp") and studio.files[name].startswith(b"RIFF")
    assert len(studio.files[name]) <= 100_000 and studio.files["plan.webp"] == b"RIFF"


def test_every_kind_of_step_has_its_card(page: Page) -> None:
    """Each on a phone, in Arabic; what a question asks for follows its kind, and nothing typed is lost by trying another."""
    studio = Studio(page, "ar", ALL_KINDS, width=360)
    studio.open()
    for number in range(1, len(KINDS) + 1):
        card = studio.unfold(number)
        expect(card.locator("[data-preview] section").first).to_be_visible()
        studio.picture(f"ar-360-{KINDS[number - 1].id}")
    studio.check()
    number = [step.id for step in KINDS].index("check-number") + 1
    card = studio.unfold(number)
    expect(field(card, "tolerance")).to_have_value("0.5")
    field(card, "kind").select_option("order")
    expect(card.locator("[data-path=tolerance]")).to_have_count(0)
    assert page.evaluate("document.activeElement.name") == "kind"
    field(card, "kind").select_option("number")
    expect(field(card, "tolerance")).to_have_value("0.5")

    media = studio.unfold([step.id for step in KINDS].index("media") + 1)
    media.locator("[data-path=light] button").click()
    media.locator("[data-path=light] .files button", has_text="heavy.png").click()
    expect(field(media, "light")).to_have_value("/static/heavy.png")
    expect(media.locator("[name='light.size']")).to_have_value("340")
    expect(media.locator("[data-path=light] .field-note")).to_be_visible()  # no video
    page.locator("[data-undo]").click()
    expect(media.locator("[name='light.size']")).to_have_value("900")
    studio.save()
    assert studio.saved == ALL_KINDS


HOSTILE = [
    "<img src=x onerror='parent.harmed=1;harmed=1'>",
    "<script>harmed=1</script>",
    "[x](javascript:harmed=1)",
    "![x](x' onerror='harmed=1)",
    "<svg onload=harmed=1>",
    "<iframe srcdoc='<script>parent.harmed=1</script>'></iframe>",
    "<a href='&#106;avascript:harmed=1'>x</a>",
    "<form action=javascript:harmed=1><button autofocus onfocus=harmed=1>",
]


def test_hostile_texts_stay_inactive_in_cards_and_preview(page: Page) -> None:
    hostile = "\n\n".join(HOSTILE)
    steps = (
        TextStep("a", HOSTILE[0], hostile),
        SelfCheck("b", question=HOSTILE[1], choices=LESSON.checks[0].choices, title=HOSTILE[4]),
    )
    studio = Studio(page, "fr", Lesson(title=HOSTILE[0], language="fr", minutes=1, steps=steps))
    studio.policy = "default-src 'self' 'unsafe-inline'"  # nothing else may stop them
    studio.open()
    for number in (1, 2):
        studio.unfold(number)
        expect(studio.step(number).locator("[data-preview] section")).to_have_count(number)
        for link in studio.step(number).locator("[data-preview] a").all():
            link.click()
    page.wait_for_timeout(200)
    assert page.evaluate("harmed") == 0
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"harmed=1\">')")
    until(page, "harmed === 1")  # the positive control: here it would have been noticed
