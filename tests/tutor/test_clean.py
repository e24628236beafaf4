"""`clean`: what is ours in env/ goes when nothing renders it any more; what is anybody's stays."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.tutor.projects import Project

OURS = ("plugins/nassij/old/left.sh", "build/openedx/nassij-dist/nassij-0.1-py3-none-any.whl")
THEIRS = ("plugins/mfe/left.sh", "build/openedx/requirements/private.txt")


def littered(project: Project) -> dict[Path, bytes]:
    """Leftovers of ours and files of others; what must not change."""
    for name in (*OURS, *THEIRS):
        path = project.env / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("left", "utf-8")
    for name in ("data/lms/file", "backups/20261127T100000Z/manifest.json"):
        path = project.root / name
        path.parent.mkdir(parents=True)
        path.write_text("kept", "utf-8")
    return kept(project)


def kept(project: Project) -> dict[Path, bytes]:
    ours = {project.env / name for name in OURS}
    folders = (project.env, project.root / "data", project.root / "backups")
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {path: path.read_bytes() for path in [*files, project.root / "config.yml"] if path not in ours}


def test_leftovers_go_and_nothing_else(project: Project) -> None:
    before = littered(project)
    shown = json.loads(project.tutor("nassij", "clean", "--dry-run", "--json"))
    assert sorted(shown["found"]) == sorted(OURS) and shown["removed"] == []
    assert all((project.env / name).exists() for name in OURS), "only shown"
    assert sorted(json.loads(project.tutor("nassij", "clean", "--json"))["removed"]) == sorted(OURS)
    assert not any((project.env / name).exists() for name in OURS)
    assert not (project.env / "plugins/nassij/old").exists(), "nor the folder that is empty then"
    assert kept(project) == before
    assert json.loads(project.tutor("nassij", "clean", "--json"))["found"] == []


def test_a_link_is_not_followed(project: Project, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("kept", "utf-8")
    folder = project.env / "plugins/nassij"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "link").symlink_to(outside)
    project.tutor("nassij", "clean")
    assert (outside / "precious").read_text("utf-8") == "kept"


def test_after_the_plugin_is_disabled(project: Project) -> None:
    """Tutor knows no `tutor nassij` then."""
    before = littered(project)
    project.tutor("plugins", "disable", "nassij")
    assert project.run("nassij", "clean").returncode != 0
    done = subprocess.run(
        [sys.executable, "-m", "tutornassij", "clean", "--lang", "en"],
        env=project.environment(),
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "files were removed." in done.stdout, done.stdout + done.stderr
    assert not any((project.env / Path(name).parent).exists() for name in OURS), "what was rendered is a leftover now"
    assert all((project.env / name).exists() for name in THEIRS)
    assert {path for path in before if path.parts[-1] in ("file", "manifest.json")} <= set(kept(project))
