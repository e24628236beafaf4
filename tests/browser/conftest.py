"""A real Chromium on a real demo site: started once, with a database of its own."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from demo.people import PASSWORD
from tools.with_services import free_port

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "var/screenshots"
PHONE, DESK = 360, 1280
# A member on a bad day: small controls are what a tired thumb misses. Links inside running text are exempt (WCAG 2.5.8).
SMALL_CONTROLS = """() => [
    ...document.querySelectorAll('button, select, summary, a.go, a.ghost, input:not([type=hidden]), nav a')
  ]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest('.visually-hidden, .skip'))
  .map(e => [e, (e.matches('input[type=radio], input[type=checkbox]') ? e.closest('label') || e : e).getBoundingClientRect()])
  .filter(([e, box]) => box.height < 43.5 || box.width < 43.5)
  .map(([e, box]) => `${e.outerHTML.slice(0, 120)} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
SPILLED = """() => [...document.querySelectorAll('a, button, summary, th, h1, h2, h3, .chip')]
  .filter(e => e.checkVisibility() && !e.closest('.visually-hidden, .skip'))
  .filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1)
  .map(e => e.outerHTML.slice(0, 120))"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demo site that runs for the whole session."""
    data = tmp_path_factory.mktemp("demo")
    with demo_site(data) as address:
        yield address


def prepared(data: Path) -> Path:
    """A demo's data as its first start leaves it, made once for all the sites of a run; `data` is where one of them will live."""
    shared = data.parent.parent if "PYTEST_XDIST_WORKER" in os.environ else data.parent
    made = shared / "demo-prepared"
    with (shared / "demo-prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            making = shared / "demo-preparing"
            environment = {**os.environ, "NASSIJ_DEMO_DATA": str(making)}
            environment.pop("DJANGO_SETTINGS_MODULE", None)
            command = [sys.executable, "-m", "demo", "--port", str(free_port()), "--prepare-only"]
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
            making.rename(made)
    return made


@contextmanager
def demo_site(data: Path) -> Iterator[str]:
    """A demo site with a database of its own in `data`; its address."""
    if not (data / "db.sqlite3").exists():
        shutil.copytree(prepared(data), data, dirs_exist_ok=True)
    port = free_port()
    environment = {**os.environ, "NASSIJ_DEMO_DATA": str(data)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    log = (data / "site.log").open("wb")
    command = [sys.executable, "-m", "demo", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process, data / "site.log")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


def wait_for(address: str, process: subprocess.Popen, log: Path, seconds: int = 120) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address + "/login/", timeout=5).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the demo did not start:\n{log.read_text('utf-8')}")
            time.sleep(0.2)


@dataclass
class Visitor:
    """A person with a browser: signed in or not, in one language, on one width."""

    page: Page
    context: BrowserContext
    site: str
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        response = self.page.goto(self.site + path)
        assert response is not None
        assert response.status < 400, f"{path}: {response.status}"
        return self.page

    def check(self, name: str) -> None:
        """Nothing a person would stumble over on the page that is open, once it has arrived whole."""
        self.page.wait_for_load_state()
        assert self.faults == [], f"{name}: {self.faults}"
        found = Axe().run(self.page, options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        assert self.page.evaluate(SMALL_CONTROLS) == [], name
        assert self.page.evaluate(SPILLED) == [], f"{name}: words run over what stands beside them"
        assert self.page.evaluate(OVERFLOW) <= 0, f"{name}: wider than the screen"

    def picture(self, name: str) -> None:
        """A screenshot to look at, when `NASSIJ_SCREENSHOTS` is set."""
        if os.environ.get("NASSIJ_SCREENSHOTS"):
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


@pytest.fixture
def visitor(chromium: Browser, site: str) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors; each has a browser profile of its own. Errors in the console and refused loads are its faults."""
    contexts: list[BrowserContext] = []

    def make(
        username: str | None = None,
        *,
        language: str = "ar",
        width: int = PHONE,
        javascript: bool = True,
        dark: bool = False,
    ) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": 740},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            locale={"ar": "ar-MA", "fr": "fr-MA", "en": "en"}[language],
        )
        contexts.append(context)
        page = context.new_page()
        made = Visitor(page, context, site)
        page.on("console", lambda message: note(made, message))
        page.on("pageerror", lambda error: made.faults.append(str(error)))
        page.on("requestfailed", lambda request: note_failure(made, request))
        page.on(
            "request",
            lambda request: request.url.startswith((site, "data:")) or made.faults.append(f"other host: {request.url}"),
        )
        if username:
            sign_in(made, username)
        context.add_cookies([{"name": "django_language", "value": language, "url": site}])
        return made

    yield make
    for context in contexts:
        context.close()


def note(visitor: Visitor, message: ConsoleMessage) -> None:
    if message.type == "error":
        visitor.faults.append(message.text)


def note_failure(visitor: Visitor, request: Request) -> None:
    """What could not be loaded; a request given up because the person went on to another page is none."""
    if request.failure != "net::ERR_ABORTED":
        visitor.faults.append(f"failed: {request.url} ({request.failure})")


def note_host(visitor: Visitor, url: str) -> None:
    if not url.startswith((visitor.site, "data:")):
        visitor.faults.append(f"another host: {url}")


def sign_in(visitor: Visitor, username: str) -> None:
    """Through the form, as a person does."""
    page = visitor.go("/login/")
    page.fill("#id_username", username)
    page.fill("#id_password", PASSWORD)
    page.click("form.card button.go")
    page.wait_for_url(visitor.site + "/")
