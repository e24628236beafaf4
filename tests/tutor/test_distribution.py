"""What is handed out: both wheels are the same bytes from the same commit; the plugin, installed, does what the checkout does."""

from __future__ import annotations

import os
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tutor.projects import BIN, ROOT, Project, small_wheels
from tests.tutor.test_render import digests
from tools import wheels as our_wheels

PLUGIN = ROOT / "tutor_plugin"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_wheels(tmp_path_factory.mktemp("packages")) / "nassij-dist"


@pytest.fixture(scope="module")
def plugin(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return our_wheels.plugin(tmp_path_factory.mktemp("plugin"), packages)


@pytest.fixture
def private_files() -> Iterator[None]:
    """Somebody whose new files nobody else may read."""
    before = os.umask(0o077)
    yield
    os.umask(before)


def test_the_same_commit_gives_the_same_suite(tmp_path: Path, private_files: None) -> None:
    """Also a minute later, in another folder, and whatever the rights of new files are."""
    first, again = our_wheels.suite(tmp_path / "first"), our_wheels.suite(tmp_path / "a folder with another name")
    assert first.read_bytes() == again.read_bytes()


def test_the_same_commit_gives_the_same_plugin(
    plugin: Path, packages: Path, tmp_path: Path, private_files: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = our_wheels.plugin(tmp_path / "again", packages)
    assert again.read_bytes() == plugin.read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    other = our_wheels.plugin(tmp_path / "other", packages)
    assert other.read_bytes() != plugin.read_bytes()  # so the comparison sees a difference of a time


def test_the_plugin_holds_every_file_of_its_sources(plugin: Path) -> None:
    command = ["git", "ls-files", "-z", "--", "tutornassij"]
    tracked = subprocess.run(command, cwd=PLUGIN, check=True, capture_output=True, text=True).stdout.split("\0")
    with zipfile.ZipFile(plugin) as archive:
        names = set(archive.namelist())
    assert {name for name in tracked if name and (PLUGIN / name).is_file()} <= names
    for language in ("ar", "fr"):
        assert f"tutornassij/locale/{language}/LC_MESSAGES/messages.mo" in names
    assert "tutornassij/packages/nassij-dist/requirements.txt" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_installed_it_renders_what_the_checkout_renders(plugin: Path, project: Project, tmp_path: Path) -> None:
    place = tmp_path / "installed"
    command = [BIN / "uv", "pip", "install", "--quiet", "--no-deps", "--target", place, plugin]
    subprocess.run([*command, "--python", BIN / "python"], check=True)
    before = digests(project.env)
    installed = {"PYTHONPATH": str(place), "NASSIJ_WHEELS": ""}
    project.tutor("config", "save", "--clean", **installed)
    assert digests(project.env) == before
    assert f"{place}/tutornassij" in project.python("import tutornassij; print(tutornassij.__file__)", **installed)


def test_without_packages_there_is_no_plugin(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="make tutor-wheels"):
        our_wheels.plugin(tmp_path, tmp_path / "nothing")
