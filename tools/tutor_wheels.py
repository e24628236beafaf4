"""The wheels for the image: `python -m tools.tutor_wheels lock|build` (in the environment `tools/environment.sh tutor`).

`lock` resolves the suite under the versions the platform has (requirements/platform.txt) and writes what it lacks, with hashes,
to requirements/image.txt. `build` makes the suite's wheel (`tools.wheels`), fetches the others for amd64 and arm64, checks them
against the lock, and lays all of them with a `requirements.txt` into the Tutor plugin. The same commit gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import wheels

ROOT = wheels.ROOT
PLATFORM = ROOT / "requirements/platform.txt"
LOCK = ROOT / "requirements/image.txt"
TARGET = ROOT / wheels.FOR_THE_IMAGE
PYTHON = "3.12"
"""Of Tutor 22's image."""
MACHINES = ("x86_64", "aarch64")
BIN = Path(sys.executable).parent


def lock() -> None:
    """Write requirements/image.txt. Fails when one of our ranges does not accept what the platform has."""
    named = re.findall(r"^([A-Za-z][A-Za-z0-9._-]*)", PLATFORM.read_text("utf-8"), re.MULTILINE)
    command = [str(BIN / "uv"), "pip", "compile", "--quiet", "--upgrade", "--no-header", "--generate-hashes"]
    command += ["--python-version", PYTHON, "--python-platform", "x86_64-manylinux_2_28"]
    command += ["-c", str(PLATFORM), str(ROOT / "requirements/base.in"), "-o", str(LOCK)]
    command += [part for name in named for part in ("--no-emit-package", name)]
    if subprocess.run(command, check=False, cwd=ROOT).returncode:
        sys.exit(
            f"A range of requirements/base.in does not accept what the platform has ({PLATFORM.relative_to(ROOT)}): see above."
        )


def build(target: Path = TARGET) -> None:
    """Fill the folder anew; a wheel that cannot be had for both machines stops it with one line."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        suite = wheels.suite(Path(name))
        others = fetch(Path(name))
        for old in target.iterdir():
            old.unlink()
        for path in [suite, *others]:
            shutil.copyfile(path, target / path.name)
    (target / "requirements.txt").write_text(manifest(target), "utf-8")
    size = sum(path.stat().st_size for path in target.iterdir())
    print(f"{len(others) + 1} wheels, {size / 1e6:.1f} MB, in {target}")


def fetch(made: Path) -> list[Path]:
    """The libraries of the lock, checked by pip against its hashes; pure ones once, compiled ones for each machine."""
    for machine in MACHINES:
        platforms = [f"manylinux_2_{minor}_{machine}" for minor in (28, 17, 12)] + [f"manylinux2014_{machine}"]
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--only-binary", ":all:", "--require-hashes", "--python-version", PYTHON, "--dest", str(made)]
        command += [part for tag in platforms for part in ("--platform", tag)]
        done = subprocess.run([*command, "-r", str(LOCK)], capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"Not every library of {LOCK.relative_to(ROOT)} has a wheel for {machine}:\n{done.stderr}")
    return sorted(path for path in made.glob("*.whl") if not path.name.startswith("openedx_nassij-"))


def manifest(folder: Path) -> str:
    """A requirements file that names each wheel with its sha256; `uv pip install` checks them."""
    found: dict[tuple[str, str], list[str]] = {}
    for name in sorted(path.name for path in folder.glob("*.whl")):
        project, version = name.split("-")[:2]
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        found.setdefault((project.replace("_", "-").lower(), version), []).append(digest)
    return "".join(
        f"{project}=={version}" + "".join(f" \\\n    --hash=sha256:{digest}" for digest in digests) + "\n"
        for (project, version), digests in sorted(found.items())
    )


if __name__ == "__main__":
    actions = {"lock": lock, "build": build}
    if len(sys.argv) != 2 or sys.argv[1] not in actions:
        sys.exit("usage: python -m tools.tutor_wheels lock|build")
    actions[sys.argv[1]]()
