"""The whole list of hostile texts in every text of a lesson: page, Studio's preview and handout, judged in Chromium."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from django.utils import translation
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Page, expect
from webob import Request

from nassij.common.text import clean_text
from tests.nassij.common.test_text import HOSTILE
from tests.xblocks.lesson.hostile_pages import Ground
from tests.xblocks.lesson.samples import Bench, make_block
from tests.xblocks.lesson.test_editor_browser import Studio
from xblocks.lesson import markdown
from xblocks.lesson.model import (
    Choice,
    FieldPractice,
    File,
    FileStep,
    Guide,
    Lesson,
    MediaStep,
    Reflection,
    SelfCheck,
    Source,
    Step,
    TextStep,
)
from xblocks.lesson.progress import Attempt, CheckRecord, Note, Progress

pytestmark = pytest.mark.browser
CLEAN = list(map(clean_text, HOSTILE))
TOGETHER = 12  # texts in one lesson
VIEWS = ("page", "preview", "handout")
ANSWERED = {"single": ("b",), "multiple": ("a", "b"), "order": ("b", "a"), "match": ("a:b", "b:a"), "number": ("7",)}


@pytest.fixture
def ground(chromium: Browser) -> Iterator[Ground]:
    context = chromium.new_context()
    context.set_default_timeout(60_000)
    yield Ground(context)
    context.close()


def lesson_of(texts: list[str]) -> Lesson:
    """Each text in every place an author has for one, as the editor and OLX let it in."""

    def steps(number: int, text: str) -> Iterator[Step]:
        links = f"[{text}]({text})\n\n![{text}](<{text}> '{text}')"
        file = File(text, 7)
        choices = tuple(Choice(name, text, text, correct=name == "a", match=text) for name in "ab")
        yield TextStep(f"text-{number}", text, f"{text}\n\n| {text} |\n| --- |\n| {text} |\n\n{links}")
        yield MediaStep(f"media-{number}", text, file, text, "video", 3, file, file)
        yield FileStep(f"file-{number}", text, file, text)
        for kind in ANSWERED:
            yield SelfCheck(f"{kind}-{number}", text, choices, kind, text, otherwise=text, unit=text)
        yield Reflection(f"think-{number}", text, text)
        yield FieldPractice(f"do-{number}", text, text)

    return Lesson(
        title=texts[0],
        language="en",
        minutes=5,
        checked_on=texts[0],
        objectives=tuple(texts),
        steps=tuple(step for number, text in enumerate(texts) for step in steps(number, text)),
        practice=tuple(texts),
        sources=tuple(Source(text, text, "A1.13", text, to_confirm=True) for text in texts),
        guide=Guide("G5", texts[0]),
    )


def told(lesson: Lesson) -> Progress:
    """All of it answered, and the learner's own texts hostile too: each the title of its step."""
    notes = {step.id: Note(step.title, ("operation-1",)) for step in lesson.steps if step.written}
    records = {
        check.id: CheckRecord(1, False, (Attempt("operation-1", ANSWERED[check.kind]),)) for check in lesson.checks
    }
    return Progress(records=records, notes=notes)


def shown(lesson: Lesson, view: str) -> str:
    block = make_block(lesson, Bench(staff=True))
    block.progress = told(lesson).to_data()
    with translation.override("en"):
        if view == "handout":
            return block.handle("handout", Request.blank("/")).text
        return block.student_view({"csrf_token": "t"}).content if view == "page" else block.author_view().content


def in_lessons() -> Iterator[Lesson]:
    for start in range(0, len(CLEAN), TOGETHER):
        yield lesson_of(CLEAN[start : start + TOGETHER])


@pytest.fixture
def not_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of text as their authors wrote them: what every page would show if nothing was cleaned."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    monkeypatch.setattr(parser, "validateLink", lambda url: True)
    monkeypatch.setattr(markdown, "block_html", lambda text: SafeString(parser.render(text)))


def test_hostile_texts_do_nothing_on_any_page(ground: Ground) -> None:
    pages = {f"{view} {number}": shown(lesson, view) for number, lesson in enumerate(in_lessons()) for view in VIEWS}
    assert ground.harm(pages) == ({}, {})


def test_the_same_texts_harm_where_they_are_not_cleaned(ground: Ground, not_cleaned: None) -> None:
    """The positive control: on each of the three pages the judge above notices what the cleaning takes away."""
    views = itertools.cycle(VIEWS)
    pages = {
        f"{view} {number}": shown(Lesson("t", "en", steps=(TextStep("let-through", "t", text),)), view)
        for number, (view, text) in enumerate(zip(views, CLEAN, strict=False))
    }
    happened, possible = ground.harm(pages)
    for view in VIEWS:
        of, did, noticed = (
            sum(name.startswith(view) for name in names)
            for names in (pages, happened, happened.keys() | possible.keys())
        )
        assert did > 0.4 * of and noticed > 0.7 * of
    assert {"alert", "asked"} == {what.split()[0] for found in happened.values() for what in found}


def in_the_editor(page: Page, ground: Ground) -> list[tuple[list[str], list[str]]]:
    """(what happened, what could happen) in the preview of each of two steps with all the texts, by the editor's real script."""
    by_fence = sorted(CLEAN, key=lambda text: "```" in text)  # what comes after an open one would be code
    choices = tuple(Choice(f"c{number}", text, text) for number, text in enumerate(CLEAN))
    steps = (TextStep("text", "t", "\n\n".join(by_fence)), SelfCheck("check", "q", choices, "multiple"))
    studio = Studio(page, "fr", Lesson("t", "fr", minutes=1, steps=steps))
    studio.policy = "default-src 'self' 'unsafe-inline'"  # nothing else may stop them
    studio.open()
    found = []
    for number in (1, 2):
        studio.step(number).locator(".opens").evaluate("button => button.click()")  # however much covers it
        expect(page.locator("[data-preview] section").first).to_be_visible()
        (could,) = ground.judged(page, "[...document.querySelectorAll('[data-preview]')]")
        found.append(([what for _place, what in ground.touched(page, "[data-preview]")], could))
    return found


def test_hostile_texts_do_nothing_in_the_previews_of_the_editor(ground: Ground) -> None:
    assert in_the_editor(ground.context.new_page(), ground) == [([], []), ([], [])]


def test_the_same_texts_harm_in_the_previews_where_they_are_not_cleaned(ground: Ground, not_cleaned: None) -> None:
    for did, could in in_the_editor(ground.context.new_page(), ground):
        assert len(did) > 50 and len(could) > 100
