"""Projects to look at: each rendered once in a run, and a `docker` that writes down what it is asked and starts nothing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.tutor.projects import Project
from tests.tutor.saved_site import ADMIN, PASSWORD, MariaDB, SavedSite
from tools.with_services import mariadb


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


@pytest.fixture(scope="session")
def mariadb_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDB]:
    """A real MariaDB of this run's own, with a password that is hard to pass on."""
    with mariadb(tmp_path_factory.mktemp("mariadb")) as port:
        client = ["mariadb", "--protocol=tcp", "--host=127.0.0.1", f"--port={port}", "--user=root", "-e"]
        literal = PASSWORD.replace("\\", "\\\\").replace("'", "''")
        account = f"CREATE USER {ADMIN}@localhost IDENTIFIED BY '{literal}'"
        subprocess.run([*client, f"{account}; GRANT ALL ON *.* TO {ADMIN}@localhost WITH GRANT OPTION"], check=True)
        yield MariaDB(port)


@pytest.fixture(scope="session")
def saved_project(tmp_path_factory: pytest.TempPathFactory, mariadb_server: MariaDB) -> SavedSite:
    return SavedSite.make(tmp_path_factory.mktemp("saved") / "project", mariadb_server)


@pytest.fixture
def site(saved_project: SavedSite) -> SavedSite:
    """A site full of data, without a backup. Rendered once in a run: saving changes nothing in what is rendered."""
    for folder in ("backups", "data", "mongo"):
        shutil.rmtree(saved_project.project.root / folder, ignore_errors=True)
    saved_project.fill()
    saved_project.project.docker_log.unlink(missing_ok=True)
    return saved_project
