"""What a browser gets of a block's files: asked of a real web server, which does all it can do wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from xblock.core import XBlock

from governance_assessment.instruments.loading import load_instrument_file
from governance_assessment.management.commands.nassij_load_instruments import own_files
from nassij.common.selfcheck import Service
from nassij.operations.checks import served
from nassij.operations.http import get

from .conftest import Ask
from .platform import InMemory, InMemoryStudio

pytestmark = pytest.mark.django_db
Answer = tuple[int, str, bytes]


class WebServer:
    """Serves what was collected, as the platform's own does; `wrong` changes the answers to some addresses."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.wrong: dict[str, Answer] = {}

    def answer(self, path: str) -> Answer:
        for part, answer in self.wrong.items():
            if part in path:
                return answer
        kind = "text/css" if path.endswith(".css") else "text/javascript"
        if path.startswith("/static/xblock/resources/xblocks/"):
            opened = XBlock.load_class("nassij_lesson").open_local_resource(path.split("/xblocks/")[1])
            return 200, kind, opened.read()
        found = finders.find(path.removeprefix("/static/"))
        return (200, kind, open(found, "rb").read()) if found else (404, "text/html", b"not found")


@pytest.fixture
def server(settings: Any) -> Iterator[WebServer]:
    told = WebServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append((self.headers["Host"], self.path))
            status, kind, body = told.answer(urlsplit(self.path).path)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        settings.LMS_ROOT_URL = settings.CMS_ROOT_URL = f"http://127.0.0.1:{running.server_port}"
        yield told
        running.shutdown()


@pytest.fixture(autouse=True)
def lms(monkeypatch: pytest.MonkeyPatch) -> InMemory:
    for path in own_files():
        load_instrument_file(path, publish=True)
    there = InMemory()
    resource = "/static/xblock/resources/xblocks/{}"

    def block(user: Any, usage: Any, *, staff: bool = False, known: Callable[..., Any] = there.block) -> Any:
        found = known(user, usage, staff=staff)
        found.runtime.local_resource_url = lambda block, uri: resource.format(uri)
        return found

    there.block = block  # type: ignore[method-assign]
    monkeypatch.setattr(served, "Lms", lambda: there)
    return there


def test_each_file_is_served(ask: Ask, server: WebServer) -> None:
    found = ask("static")
    assert found.is_well
    assert {one.details["files"][0].rpartition("/")[0] for one in found}
    paths = {urlsplit(path).path for _host, path in server.asked}
    assert {
        "/static/nassij/nassij.css",
        "/static/nassij/send.js",
        "/static/xblock/resources/xblocks/js/lesson.js",
        "/static/xblock/resources/xblocks/js/governance.js",
    } <= paths


def test_studio_asks_for_its_own(ask: Ask, server: WebServer, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.SERVICE_VARIANT = "cms"
    studio = InMemoryStudio()
    monkeypatch.setattr(served, "SelfCheckStudio", lambda: studio)
    for bench in studio.benches.values():
        bench.local_resource_url = lambda block, uri: f"/static/xblock/resources/xblocks/{uri}"
    known = studio.block

    def block(user: Any, usage: Any, *, staff: bool = False) -> Any:
        found = known(user, usage, staff=staff)
        found.runtime.local_resource_url = lambda block, uri: f"/static/xblock/resources/xblocks/{uri}"
        return found

    studio.block = block  # type: ignore[method-assign]
    assert ask("static", Service.CMS).is_well
    paths = {urlsplit(path).path for _host, path in server.asked}
    assert "/static/nassij/studio.css" in paths
    assert "/static/xblock/resources/xblocks/js/governance_studio.js" in paths


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((404, "text/html", b"not found"), "404"),
        ((500, "text/html", b""), "500"),
        ((200, "text/html", b"<html>the page of an error</html>"), "text/html"),
        ((200, "text/javascript", b"function NassijLesson() { /* last year's */ }"), "another version"),
    ],
)
def test_a_file_that_is_not_there(ask: Ask, server: WebServer, answer: Answer, words: str) -> None:
    server.wrong["js/lesson.js"] = answer
    failure = ask("static").failure
    assert failure.message.startswith("nassij_lesson")
    assert words in failure.message
    assert "collectstatic" in failure.remedy
    assert len(failure.details["wrong"]) == 1


def test_an_empty_style(ask: Ask, server: WebServer) -> None:
    server.wrong["nassij.css"] = (200, "text/css", b"")
    assert all("empty" in found.message for found in ask("static"))


def test_a_site_that_cannot_be_reached(ask: Ask, server: WebServer, settings: Any) -> None:
    settings.LMS_ROOT_URL = "http://127.0.0.1:9"
    found = ask("static")
    assert all("--address" in one.remedy for one in found) and not found.is_well


def test_another_address_is_asked_by_the_sites_name(ask: Ask, server: WebServer, settings: Any) -> None:
    here, settings.LMS_ROOT_URL = settings.LMS_ROOT_URL, "https://lms.nassij.ma"
    assert ask("static", address=here).is_well
    assert {host for host, _path in server.asked} == {"lms.nassij.ma"}


def test_other_addresses_than_http_are_not_opened() -> None:
    assert "not a web address" in get("file:///etc/passwd", site="https://nassij.ma").error


def test_a_site_without_an_address(ask: Ask, settings: Any) -> None:
    settings.LMS_ROOT_URL = None
    assert "LMS_ROOT_URL" in ask("static").failure.remedy


def test_debug_proves_nothing(ask: Ask, server: WebServer, settings: Any) -> None:
    settings.DEBUG = True
    assert "DEBUG" in ask("static").warning.message


def test_without_the_course(ask: Ask, server: WebServer, lms: InMemory) -> None:
    lms.settings = None
    assert "cms nassij_selfcheck" in ask("static").failure.remedy


def test_a_block_that_breaks(ask: Ask, server: WebServer, lms: InMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lms, "student_view", lambda user, usage: 1 / 0)
    assert all("cannot be shown" in found.message for found in ask("static"))


def test_a_block_without_files(ask: Ask, server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    import re

    monkeypatch.setattr(served, "OURS", re.compile("/nowhere/"))
    assert all("no style" in found.message for found in ask("static"))
