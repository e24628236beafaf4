"""`bundle`: what a site without Internet needs, and scripts that refuse a bundle that was damaged on the way."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tutor.projects import Project
from tutornassij.backup.trouble import Trouble
from tutornassij.bundle import command, packages
from tutornassij.bundle.images import images

DOCKER = """#!/bin/sh
echo "$*" >> "$LOG"
if [ "$1" = save ]; then printf 'images' > "$3"; fi
"""


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """A folder with one real wheel."""
    folder = tmp_path / "links"
    folder.mkdir()
    with zipfile.ZipFile(folder / "tiny-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "")
        wheel.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        wheel.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("tiny-1.0.dist-info/RECORD", "")
    return folder


@pytest.fixture
def bundle(rendered: Callable[..., Project], wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle of a rendered project, with one small package in place of Tutor's many."""
    monkeypatch.setattr(packages, "requirements", lambda enabled: ["tiny==1.0"])
    monkeypatch.setattr(command, "names", lambda enabled: ["tiny"])
    folder = tmp_path / "the bundle"
    command.collect(rendered().root, folder, wheels)
    return folder


def test_every_image_that_is_rendered_is_in_it(rendered: Callable[..., Project], bundle: Path) -> None:
    listed = (bundle / "images.txt").read_text("utf-8").splitlines()
    text = (rendered().env / "local/docker-compose.yml").read_text("utf-8")
    assert listed == images(rendered().env) and len(listed) > 4
    assert {line.split("image:")[1].strip() for line in text.splitlines() if "image:" in line} <= set(listed)
    assert [path.name for path in (bundle / "wheels").iterdir()] == ["tiny-1.0-py3-none-any.whl"]


def run(script: Path, log: Path) -> subprocess.CompletedProcess[str]:
    shims = log.parent / "shims"
    shims.mkdir(exist_ok=True)
    (shims / "docker").write_text(DOCKER, "utf-8")
    (shims / "docker").chmod(0o755)
    environment = {"PATH": f"{shims}:/usr/bin:/bin", "LOG": str(log), "VENV": str(log.parent / "venv")}
    return subprocess.run(["sh", str(script)], env=environment, capture_output=True, text=True, check=False)


def test_it_is_saved_carried_and_loaded(bundle: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    early = run(bundle / "load.sh", log)
    assert early.returncode == 1 and "save.sh first" in early.stderr
    assert run(bundle / "save.sh", log).returncode == 0
    python = tmp_path / "venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "python $*" >> "$LOG"\n', "utf-8")
    python.chmod(0o755)
    loaded = run(bundle / "load.sh", log)
    assert loaded.returncode == 0, loaded.stderr
    calls = log.read_text("utf-8")
    assert "load --input images.tar.partial" in calls
    assert "python -m pip install --quiet --no-index --find-links wheels tiny" in calls
    assert not list(bundle.glob("*.partial"))


@pytest.mark.parametrize("name", ["images.tar.gz", "images.txt", "wheels/tiny-1.0-py3-none-any.whl"])
def test_damage_on_the_way_stops_it(bundle: Path, tmp_path: Path, name: str) -> None:
    log = tmp_path / "log"
    assert run(bundle / "save.sh", log).returncode == 0
    log.unlink()
    (bundle / name).write_bytes((bundle / name).read_bytes()[:-1])
    done = run(bundle / "load.sh", log)
    assert done.returncode == 1 and "damaged" in done.stderr and not log.exists(), "nothing was loaded"


def test_a_package_that_is_not_there_leaves_no_bundle(
    rendered: Callable[..., Project], wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "requirements", lambda enabled: ["tiny==2.0"])
    with pytest.raises(Trouble) as trouble:
        command.collect(rendered().root, tmp_path / "out", wheels)
    assert trouble.value.code == "bundle.wheels"
    assert not list(tmp_path.glob("out*"))


def test_a_folder_that_is_not_empty_is_left_alone(rendered: Callable[..., Project], wheels: Path) -> None:
    with pytest.raises(Trouble) as trouble:
        command.collect(rendered().root, wheels, wheels)
    assert trouble.value.code == "bundle.not_empty" and len(list(wheels.iterdir())) == 1


def test_nothing_rendered(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as trouble:
        images(tmp_path)
    assert trouble.value.code == "bundle.not_rendered"


def test_the_versions_that_are_installed_here() -> None:
    wanted = packages.requirements(["nassij"])
    assert any(one.startswith("tutor==") for one in wanted)
    assert any(one.endswith("tutor_plugin") or one.startswith("tutor-contrib-nassij==") for one in wanted)
