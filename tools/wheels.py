"""Our wheels, the same bytes from the same commit: `python -m tools.wheels suite|plugin` builds one into dist/.

Each is built from a copy of what git tracks, so that nothing an older build left over gets in, and its files have the time of the
commit (SOURCE_DATE_EPOCH goes before). The backend is that of this environment: no index is asked.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("nassij", "xblocks", "governance_assessment", "funding_guide", "course_content")
SUITE = (*PACKAGES, "requirements/base.in", "setup.py", "pyproject.toml", "README.md", "LICENSE")
PLUGIN = ("tutor_plugin",)
FOR_THE_IMAGE = Path("tutor_plugin/tutornassij/packages/nassij-dist")
"""What git does not track and the plugin carries all the same: made by `tools.tutor_wheels`."""


def suite(target: Path) -> Path:
    """`openedx-nassij`"""
    return _build(SUITE, Path(), target)


def plugin(target: Path, packages: Path = ROOT / FOR_THE_IMAGE) -> Path:
    """`tutor-contrib-nassij`, with the packages for the image in it."""
    if not (packages / "requirements.txt").is_file():
        sys.exit("The packages for the image are not there yet: make tutor-wheels")
    more = {path: FOR_THE_IMAGE / path.name for path in packages.iterdir()}
    return _build(PLUGIN, Path("tutor_plugin"), target, {**more, ROOT / "LICENSE": Path("tutor_plugin/LICENSE")})


def _build(names: tuple[str, ...], project: Path, target: Path, more: dict[Path, Path] | None = None) -> Path:
    """The wheel of `project`, made of the tracked files below `names` and of `more` (source: place in the copy)."""
    listed = _git("ls-files", "-z", "--", *names).split("\0")
    files = {ROOT / name: Path(name) for name in listed if name and (ROOT / name).is_file()}
    with tempfile.TemporaryDirectory() as folder:
        copy, made = Path(folder) / "sources", Path(folder) / "made"
        for source, place in {**files, **(more or {})}.items():
            (copy / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy / place)
            (copy / place).chmod(0o644)
        when = os.environ.get("SOURCE_DATE_EPOCH") or _git("log", "-1", "--format=%ct").strip()
        command = [
            sys.executable,
            "-m",
            "build",
            "--wheel",
            "--no-isolation",
            "--outdir",
            str(made),
            str(copy / project),
        ]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": when}
        # The rights of new files are in the archive, so they are not the caller's.
        done = subprocess.run(command, env=environment, umask=0o022, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"The wheel could not be built:\n{done.stdout}{done.stderr}")
        wheel = next(made.glob("*.whl"))
        target.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copyfile(wheel, target / wheel.name))


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The wheels are built from a git checkout: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    kinds = {"suite": suite, "plugin": plugin}
    if len(sys.argv) != 2 or sys.argv[1] not in kinds:
        sys.exit("usage: python -m tools.wheels suite|plugin")
    print(kinds[sys.argv[1]](ROOT / "dist"))
