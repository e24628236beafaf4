"""The packages go into the image without any network: the same command, in a network namespace without an interface.

The environment has what the platform's image has (requirements/platform.txt) of all the suite stands on, and nothing else.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tutor.projects import BIN, ROOT
from tools import tutor_wheels
from tutornassij import wheels

INSTALL = ("pip", "install", "--no-index", "--find-links", "{folder}", "-r", "{folder}/requirements.txt")


def uv(*words: str, offline: bool = False, check: bool = True) -> subprocess.CompletedProcess[str]:
    prefix = ["unshare", "--map-root-user", "--net"] if offline else []
    done = subprocess.run([*prefix, str(BIN / "uv"), *words], capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real ones, as `make tutor-wheels` builds them."""
    folder = tmp_path_factory.mktemp("packages") / wheels.FOLDER
    tutor_wheels.build(folder)
    return folder


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python 3.12 with what the platform has."""
    venv = tmp_path_factory.mktemp("image") / "venv"
    here = sys.executable if sys.version_info[:2] == (3, 12) else tutor_wheels.PYTHON
    uv("venv", "--quiet", "--no-python-downloads", "--python", here, str(venv))
    uv("pip", "install", "--quiet", "--python", str(venv / "bin/python"), "-r", str(tutor_wheels.PLATFORM))
    return venv


def install(packages: Path, image: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    words = [word.format(folder=packages) for word in INSTALL]
    return uv(*words, "--python", str(image / "bin/python"), offline=True, check=check)


def test_the_command_is_the_dockerfiles() -> None:
    patch = (ROOT / "tutor_plugin/tutornassij/patches/openedx-dockerfile-post-python-requirements").read_text("utf-8")
    assert "$PIP_COMMAND " + " ".join(INSTALL[1:]).format(folder="/nassij-dist") in patch


def test_the_packages_are_whole(packages: Path) -> None:
    assert list(wheels.problems(packages)) == []
    names = {path.name.split("-")[0] for path in packages.glob("*.whl")}
    locked = {
        name.replace("-", "_").lower()
        for name in re.findall(r"^([\w.-]+)==", tutor_wheels.LOCK.read_text("utf-8"), re.M)
    }
    assert names == locked | {"openedx_nassij"}
    for compiled in {path.name.split("-")[0] for path in packages.glob("*manylinux*.whl")}:
        tags = " ".join(path.name for path in packages.glob(f"{compiled}-*.whl"))
        assert "x86_64" in tags and "aarch64" in tags


def test_the_lock_is_what_the_platform_lacks(tmp_path: Path) -> None:
    """Of all the suite needs, resolved under the platform's versions, it has what the platform has not: no more, no less."""
    command = ["pip", "compile", "--quiet", "--no-header", "--no-annotate", "--python-version", tutor_wheels.PYTHON]
    command += [
        "--python-platform",
        "x86_64-manylinux_2_28",
        "-c",
        str(tutor_wheels.PLATFORM),
        "-c",
        str(tutor_wheels.LOCK),
    ]
    needed = uv(*command, str(ROOT / "requirements/base.in")).stdout
    pattern = re.compile(r"^([A-Za-z][\w.-]*)", re.M)
    has = {name.lower() for name in pattern.findall(tutor_wheels.PLATFORM.read_text("utf-8"))}
    lacks = {name.lower() for name in pattern.findall(needed)} - has
    assert lacks == {name.lower() for name in re.findall(r"^([\w.-]+)==", tutor_wheels.LOCK.read_text("utf-8"), re.M)}


def test_there_is_no_network_in_there(tmp_path: Path) -> None:
    """The negative control: what the namespace of these tests cannot reach."""
    words = ["pip", "install", "--no-cache", "--target", str(tmp_path), "mdurl"]
    assert uv(*words).returncode == 0
    done = uv(*words, "--reinstall", offline=True, check=False)
    assert done.returncode != 0 and "mdurl" in done.stderr


def test_a_missing_package_is_named(packages: Path, image: Path, tmp_path: Path) -> None:
    folder = tmp_path / "incomplete"
    shutil.copytree(packages, folder)
    for path in folder.glob("xlsxwriter-*"):
        path.unlink()
    done = install(folder, image, check=False)
    assert done.returncode != 0 and "xlsxwriter" in done.stderr.lower()


def test_an_altered_package_is_refused(packages: Path, image: Path, tmp_path: Path) -> None:
    folder = tmp_path / "altered"
    shutil.copytree(packages, folder)
    with next(folder.glob("mdurl-*.whl")).open("ab") as wheel:
        wheel.write(b"\0")
    done = install(folder, image, check=False)
    assert done.returncode != 0 and "hash" in done.stderr.lower()


SEEN = """
from importlib.metadata import entry_points
import django
from django.conf import settings
settings.configure(INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"])
django.setup()
for group in ("xblock.v1", "lms.djangoapp", "cms.djangoapp"):
    for point in entry_points(group=group):
        if point.name.startswith("nassij"):
            point.load()
            print(group, point.name)
"""


def entry_points_seen(image: Path) -> list[str]:
    """Those of ours, each of which could be loaded."""
    seen = subprocess.run([image / "bin/python", "-I", "-c", SEEN], capture_output=True, text=True, check=False)
    assert seen.returncode == 0, seen.stderr
    return seen.stdout.splitlines()


def test_it_installs_and_its_entry_points_are_seen(packages: Path, image: Path) -> None:
    before = uv("pip", "freeze", "--python", str(image / "bin/python")).stdout.splitlines()
    assert entry_points_seen(image) == []
    install(packages, image)
    after = uv("pip", "freeze", "--python", str(image / "bin/python")).stdout.splitlines()
    assert set(before) <= set(after)  # nothing of the platform was changed
    uv("pip", "check", "--python", str(image / "bin/python"))
    found = entry_points_seen(image)
    assert "xblock.v1 nassij_governance" in found and "xblock.v1 nassij_lesson" in found
    assert {"lms.djangoapp nassij_operations", "cms.djangoapp nassij_operations"} <= set(found)
