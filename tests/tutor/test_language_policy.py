"""The language policy on a live Caddy: what a browser gets and what LMS and Studio are told, step by step."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.tutor.projects import BIN, Project

HOST, STUDIO = "local.openedx.io", "studio.local.openedx.io"
PREFERENCE, MARK = "openedx-language-preference", "nassij-default-language"
FRENCH_BROWSER = {"Accept-Language": "fr-FR,fr;q=0.9,en;q=0.8"}


class Echo(BaseHTTPRequestHandler):
    """LMS and Studio: answer with the headers they were sent."""

    def do_GET(self) -> None:
        body = json.dumps(dict(self.headers)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextmanager
def caddy(project: Project, folder: Path) -> Iterator[Callable[..., tuple[dict[str, str], SimpleCookie]]]:
    """The site's two Caddyfiles on this machine, before an LMS and a Studio that only echo."""
    echo = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=echo.serve_forever, daemon=True).start()
    behind = f"127.0.0.1:{echo.server_address[1]}"
    mfe, front = free_port(), free_port()
    pages = folder / "pages"
    (pages / "learning").mkdir(parents=True)
    (pages / "learning/index.html").write_text("a page", "utf-8")
    outer = (project.env / "apps/caddy/Caddyfile").read_text("utf-8")
    inner = (project.env / "plugins/mfe/apps/mfe/Caddyfile").read_text("utf-8")
    outer = (
        outer.replace('"lms:8000"', f'"{behind}"')
        .replace('"cms:8000"', f'"{behind}"')
        .replace('"mfe:8002"', f'"127.0.0.1:{mfe}"')
    )
    inner = (
        inner.replace(":8002 {", f"http://:{mfe} {{").replace("/openedx/dist", str(pages)).replace("lms:8000", behind)
    )
    # Without its port Caddy would want a certificate, which is none of our business here.
    outer = re.sub(r"^(\S+)\{\$default_site_port\}", rf"http://\1:{front}", outer, flags=re.MULTILINE)
    both = "{\n    admin off\n    auto_https off\n" + outer.split("{", 1)[1] + "\n" + inner
    file = folder / "Caddyfile"
    file.write_text(both, "utf-8")
    environment = {"HOME": str(folder), "PATH": os.environ["PATH"]}
    with (folder / "caddy.log").open("wb") as log:
        process = subprocess.Popen(
            [BIN / "caddy", "run", "--adapter", "caddyfile", "--config", file], env=environment, stdout=log, stderr=log
        )

    def ask(host: str, path: str = "/", **headers: str) -> tuple[dict[str, str], SimpleCookie]:
        """What the page says, and the cookies it sets."""
        line = http.client.HTTPConnection("127.0.0.1", front, timeout=10)
        line.request("GET", path, headers={"Host": host, **headers})
        answer = line.getresponse()
        cookies = SimpleCookie()
        for value in answer.headers.get_all("Set-Cookie") or []:
            cookies.load(value)
        body = answer.read()
        return (json.loads(body) if body.startswith(b"{") else {"page": body.decode()}), cookies

    try:
        for _attempt in range(100):
            try:
                ask(HOST)
                break
            except OSError:
                assert process.poll() is None, (folder / "caddy.log").read_text("utf-8")
                time.sleep(0.1)
        yield ask
    finally:
        process.terminate()
        process.wait(timeout=20)
        echo.shutdown()
        echo.server_close()


@pytest.fixture(scope="module")
def forced(
    rendered: Callable[..., Project], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., tuple]]:
    with caddy(rendered(), tmp_path_factory.mktemp("forced")) as ask:
        yield ask


MFE = f"apps.{HOST}"
DEFAULT = {"Cookie": f"sessionid=1; {PREFERENCE}=ar; {MARK}=ar"}


def test_a_micro_frontend_gets_the_default_language(forced: Callable[..., tuple]) -> None:
    page, cookies = forced(MFE, "/learning/x", **FRENCH_BROWSER)
    assert page == {"page": "a page"}
    assert {name: morsel.value for name, morsel in cookies.items()} == {PREFERENCE: "ar", MARK: "ar"}
    assert all(morsel["domain"] == HOST and morsel["path"] == "/" for morsel in cookies.values())
    assert not any(morsel["secure"] for morsel in cookies.values())


def test_whoever_has_chosen_keeps_it(forced: Callable[..., tuple]) -> None:
    _page, cookies = forced(MFE, "/learning/x", Cookie=f"{PREFERENCE}=fr; {MARK}=ar")
    assert not cookies
    for host in (HOST, STUDIO):
        told, _ = forced(host, Cookie=f"{PREFERENCE}=fr; {MARK}=ar", **FRENCH_BROWSER)
        assert f"{PREFERENCE}=fr" in told["Cookie"]
        assert told["Accept-Language"] == FRENCH_BROWSER["Accept-Language"]


@pytest.mark.parametrize("host", [HOST, STUDIO])
def test_a_default_is_no_choice(forced: Callable[..., tuple], host: str) -> None:
    """Else the platform would store it at sign-in, over what this person chose on another machine."""
    told, _ = forced(host, **DEFAULT, **FRENCH_BROWSER)
    assert PREFERENCE not in told["Cookie"]
    assert "sessionid=1" in told["Cookie"]
    assert "Accept-Language" not in told  # so LANGUAGE_CODE holds


def test_somebody_new_in_the_lms_reads_the_sites_language(forced: Callable[..., tuple]) -> None:
    told, _ = forced(HOST, **FRENCH_BROWSER)
    assert "Accept-Language" not in told


def test_programs_say_themselves_what_they_want(forced: Callable[..., tuple]) -> None:
    told, _ = forced(HOST, Authorization="JWT x", **FRENCH_BROWSER)
    assert told["Accept-Language"] == FRENCH_BROWSER["Accept-Language"]


def test_the_browser_decides_where_the_operator_says_so(rendered: Callable[..., Project], tmp_path: Path) -> None:
    """The negative control: without the policy nothing of this happens."""
    with caddy(rendered(NASSIJ_LANGUAGE_POLICY="browser"), tmp_path) as ask:
        _page, cookies = ask(MFE, "/learning/x", **FRENCH_BROWSER)
        assert not cookies
        told, _ = ask(HOST, **DEFAULT, **FRENCH_BROWSER)
        assert f"{PREFERENCE}=ar" in told["Cookie"]
        assert told["Accept-Language"] == FRENCH_BROWSER["Accept-Language"]


def test_with_https_the_cookie_stays_on_https(rendered: Callable[..., Project]) -> None:
    text = (rendered(ENABLE_HTTPS=True).env / "plugins/mfe/apps/mfe/Caddyfile").read_text("utf-8")
    assert text.count("SameSite=Lax; Secure") == 2
