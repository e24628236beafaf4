"""`python -m course_content preview` as a trainer uses it: both languages in view, a file saved, the new text there by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OVERFLOW, ROOT, SCREENSHOTS, SMALL_CONTROLS
from tests.course_content.samples import Sources

pytestmark = pytest.mark.browser


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[tuple[str, Sources]]:
    """The address of a preview, in French, of sources that may be changed."""
    sources = Sources(tmp_path / "sources")
    command = [sys.executable, "-m", "course_content", "preview", "--sources", str(sources.root)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    process = subprocess.Popen(
        [*command, "--port", "0", "--lang", "fr"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "http://127.0.0.1:" in line
        yield next(word for word in line.split() if word.startswith("http")).rstrip("/"), sources
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def desk(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_a_trainer_writes_and_looks(preview: tuple[str, Sources], desk: Page) -> None:
    address, sources = preview
    faults: list[str] = []
    desk.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    desk.goto(address)
    desk.get_by_role("link", name="Leçon : une").click()
    arabic, french = (desk.frame_locator(f"iframe[lang={language}]") for language in ("ar", "fr"))
    expect(arabic.get_by_role("heading", name="درس: أول")).to_be_visible()
    expect(french.get_by_role("heading", name="Leçon : une")).to_be_visible()

    french.get_by_role("button", name="Suivant").click()
    french.get_by_label("YES").check()
    french.get_by_role("button", name="Vérifier").click()
    expect(french.get_by_text("WELL DONE")).to_be_visible()

    sources.edit("fr.md", 'title: "Leçon : une"', 'title: "Leçon : la première"')
    expect(french.get_by_role("heading", name="Leçon : la première")).to_be_visible(timeout=20_000)
    sources.edit("fr.md", "minutes: 5", "minutes: cinq")
    expect(desk.get_by_role("alert")).to_contain_text("fr.md:6:10", timeout=20_000)
    expect(arabic.get_by_role("heading", name="درس: أول")).to_be_visible()

    found = Axe().run(desk, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    assert desk.evaluate(SMALL_CONTROLS) == [] and desk.evaluate(OVERFLOW) <= 0
    assert faults == []
    if os.environ.get("NASSIJ_SCREENSHOTS"):
        desk.screenshot(path=SCREENSHOTS / "preview.png")
