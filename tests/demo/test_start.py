"""`make demo` from outside: it starts, says one clear line when it cannot, starts again quickly, and stops whole."""

from __future__ import annotations

import html
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.browser.conftest import demo_site, wait_for
from tools.with_services import free_port

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
ROOT = Path(__file__).parents[2]


def command(port: int, *more: str) -> list[str]:
    return [sys.executable, "-m", "demo", "--port", str(port), *more]


def environment(data: Path) -> dict[str, str]:
    return {**os.environ, "NASSIJ_DEMO_DATA": str(data), "DJANGO_SETTINGS_MODULE": "demo.settings"}


def run(data: Path, port: int, *more: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        command(port, *more), cwd=ROOT, env=environment(data), capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("prepared")
    result = run(data, free_port(), "--prepare-only")
    assert result.returncode == 0, result.stdout + result.stderr
    return data


def test_a_second_preparation_changes_nothing(prepared: Path) -> None:
    courses = {path: path.stat().st_mtime_ns for path in (prepared / "courses").rglob("*") if path.is_file()}
    assert courses
    result = run(prepared, free_port(), "--prepare-only")
    assert result.returncode == 0, result.stderr
    assert {path: path.stat().st_mtime_ns for path in courses} == courses


def test_a_busy_port_is_one_clear_line(prepared: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run(prepared, taken.getsockname()[1])
    assert result.returncode == 2
    assert len(result.stderr.strip().splitlines()) == 1
    assert "PORT=" in result.stderr


def test_a_broken_database_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "db.sqlite3").write_bytes(b"this is not a database, whatever its name says" * 100)
    result = run(tmp_path, free_port())
    assert result.returncode == 2
    assert len(result.stderr.strip().splitlines()) == 1
    assert str(tmp_path) in result.stderr


def test_an_unknown_python_is_one_clear_line() -> None:
    result = subprocess.run(
        ["tools/environment.sh", "demo", "3.99"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert result.returncode == 2
    assert result.stderr.startswith("nassij: Python 3.99 was not found")
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.fixture
def served(prepared: Path, tmp_path: Path) -> Iterator[tuple[str, EmailMessage]]:
    """The address of a site whose database was prepared for another port, and the first mail it sends: the coach's."""
    data = Path(shutil.copytree(prepared, tmp_path / "moved"))
    with demo_site(data) as address:
        yield address, first_mail(data / "mail")


def test_links_in_a_mail_lead_to_this_site_and_its_pages_change_their_language(
    served: tuple[str, EmailMessage],
) -> None:
    address, mail = served
    texts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    links = re.findall(r"https?://[^\s<>\"]+", "\n".join([*texts, mail["List-Unsubscribe"]]))
    assert any("/validation/" in link for link in links)
    assert {re.match(r"https?://[^/]+", link).group(0) for link in links} == {address}  # type: ignore[union-attr]
    assert mail["Content-Language"] == "fr"  # the coach reads French; what the mail is about happened in Arabic
    assert all("Bonjour" in text for text in texts)

    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    browser.addheaders = [("Accept-Language", mail["Content-Language"])]
    link = next(link for link in links if "/mail/off/" in link)
    page = read(browser, link)
    assert '<html lang="fr" dir="ltr">' in page
    token, path = (hidden(page, name) for name in ("csrfmiddlewaretoken", "next"))
    assert link == address + path
    for language, direction in (("ar", "rtl"), ("fr", "ltr")):
        form = {"csrfmiddlewaretoken": token, "next": path, "language": language}
        page = read(browser, f"{address}/nassij/language/", urlencode(form).encode())
        assert f'<html lang="{language}" dir="{direction}">' in page
        assert hidden(page, "next") == path, "the same page in the other language"


def first_mail(folder: Path, seconds: int = 60) -> EmailMessage:
    """The mail that the worker writes into a file once it runs; the line of dashes ends it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for path in sorted(folder.glob("*.log")):
            text, ending, _rest = path.read_bytes().partition(b"\n" + b"-" * 79)
            if ending:
                return message_from_bytes(text, policy=policy.default)
        time.sleep(0.1)
    pytest.fail("the demo sent no mail")


def read(browser: urllib.request.OpenerDirector, address: str, body: bytes | None = None) -> str:
    with browser.open(address, body, timeout=30) as answer:
        return answer.read().decode()


def hidden(page: str, name: str) -> str:
    """The value of the first hidden field of this name."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found, name
    return html.unescape(found.group(1))


def test_ctrl_c_stops_the_site_and_its_worker(prepared: Path, tmp_path: Path) -> None:
    port = free_port()
    log = tmp_path / "site.log"
    data = Path(shutil.copytree(prepared, tmp_path / "copy"))
    with log.open("wb") as output:
        site = subprocess.Popen(
            command(port),
            cwd=ROOT,
            env=environment(data),
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=hear_ctrl_c,
        )
    wait_for(f"http://127.0.0.1:{port}", site, log)
    workers = children(site.pid)
    assert workers, "no worker was started"
    site.send_signal(signal.SIGINT)
    assert site.wait(timeout=30) == 0
    assert "Stopped." in log.read_text("utf-8")
    assert "Traceback" not in log.read_text("utf-8")
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


def hear_ctrl_c() -> None:
    """As from a terminal: what a shell starts in the background ignores Ctrl-C, and its children would too."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def children(parent: int) -> list[int]:
    """The processes whose parent is `parent` (Linux)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8").rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found
