"""Projects to look at: each rendered once in a run, and a `docker` that writes down what it is asked and starts nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.tutor.projects import Project


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Project]]:
    """`rendered(ENABLE_HTTPS=True, …)`: a saved project, shared by all tests that ask for the same: look, don't touch."""
    cache: dict[str, Project] = {}

    def project(**settings: object) -> Project:
        key = repr(sorted(settings.items()))
        if key not in cache:
            cache[key] = Project.make(tmp_path_factory.mktemp("project"), **settings)
        return cache[key]

    yield project


@pytest.fixture
def project(rendered: Callable[..., Project], tmp_path: Path) -> Project:
    """A saved project of this test's own, with nothing set."""
    return rendered().copy(tmp_path / "project")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A skipped test is a hole nobody sees."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
