"""What all tests share: no skipped test goes unseen; one Chromium for all that need one; a word on what needs a platform."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM_FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_configure(config: pytest.Config) -> None:
    """Shared tasks belong to the tests' own Celery app, which runs them at once unless a test starts a worker."""
    from tests.worker import app

    app.set_default()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="fail the run when any test was skipped")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the database, so that no list of folders has to say which tests run on both."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & {
            "db",
            "transactional_db",
            "django_db_serialized_rollback",
        }:
            item.add_marker("database")


NEEDS_A_PLATFORM = Path(__file__).parent / "openedx"
NEEDS_TUTOR = Path(__file__).parent / "tutor"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Not collected here, so not skipped either: `tests/openedx` is for whoever has a running Open edX, and told at the end;
    `tests/tutor` has an environment of its own, and `tools/test.sh` runs it there."""
    return True if collection_path in (NEEDS_A_PLATFORM, NEEDS_TUTOR) else None


def pytest_terminal_summary(terminalreporter, exitstatus, config) -> None:
    asked = [(config.invocation_params.dir / argument.partition("::")[0]).resolve() for argument in config.args]
    if any(path in NEEDS_A_PLATFORM.parents for path in asked):
        terminalreporter.write_line("not run: tests/openedx needs a running Open edX (docs/operations/selfcheck.rst)")
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped and config.getoption("--no-skips"):
        terminalreporter.write_line(f"FAILED: {len(skipped)} tests were skipped, and none may be", red=True, bold=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--no-skips") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session", autouse=True)
def emptying_the_database_is_allowed() -> Iterator[None]:
    """A test with real transactions empties every table afterwards, which the guards refuse; `flush` brings them back."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    from governance_assessment import guards

    empty = BaseDatabaseOperations.execute_sql_flush

    def without_guards(operations: BaseDatabaseOperations, statements: list[str]) -> None:
        guards.remove(operations.connection)
        empty(operations, statements)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BaseDatabaseOperations, "execute_sql_flush", without_guards)
        yield


@pytest.fixture(scope="session", autouse=True)
def a_text_of_an_instrument_is_parsed_once() -> Iterator[None]:
    """Parsing is pure and slow, and most tests ask for the same instrument: what it gives is kept from test to test."""
    from governance_assessment.domain import parse_instrument
    from governance_assessment.instruments import library
    from nassij.common.canonical import digest

    kept: dict[str, Any] = {}

    def parse(content: Any) -> Any:
        key = digest(content)
        if key not in kept:
            kept[key] = parse_instrument(content)
        return kept[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(library, "parse_instrument", parse)
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this machine; Playwright starts only once in a run."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=15_000)  # a busy machine is no fault of the page
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert executable, "Chromium is not installed: tools/system_packages.sh installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
