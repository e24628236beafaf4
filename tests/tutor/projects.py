"""A Tutor project in a folder of its own; the real `tutor` runs on it, with a `docker` that only writes down its calls."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.tutor import zygote
from tutornassij import wheels

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]
DOCKER = Path(__file__).parent / "docker_double.py"


def small_wheels(folder: Path) -> Path:
    """A set of packages as `make tutor-wheels` lays it, of a few bytes: what most tests need of it is that it is whole."""
    inside = folder / wheels.FOLDER
    inside.mkdir(parents=True)
    lines = []
    for name, version in (("openedx-nassij", "9.9.9"), ("typst", "0.15.2")):
        content = f"{name} {version}".encode()
        (inside / f"{name.replace('-', '_')}-{version}-py3-none-any.whl").write_bytes(content)
        lines.append(f"{name}=={version} \\\n    --hash=sha256:{hashlib.sha256(content).hexdigest()}\n")
    (inside / wheels.MANIFEST).write_text("".join(lines), "utf-8")
    return folder


SECRETS: dict[str, object] = {}
"""What Tutor drew for the first project of this run. The others take it over: a key of its own costs each of them seconds."""


@dataclass(frozen=True)
class Project:
    """`root` is TUTOR_ROOT. Nothing outside of it is read or written: plugins, home and packages for the image are there too."""

    root: Path

    @classmethod
    def make(cls, root: Path, **settings: object) -> Project:
        """A project with the plugin enabled and `settings` saved."""
        root.mkdir(parents=True, exist_ok=True)
        made = cls(root)
        small_wheels(made.wheels)
        made.config_file.write_text(yaml.safe_dump({"PLUGINS": ["mfe", "nassij"], **SECRETS, **settings}), "utf-8")
        made.tutor("config", "save")
        if not SECRETS:
            kept = made.config
            SECRETS.update({name: kept[name] for name in kept if name not in {"PLUGINS", *settings}})
        return made

    def copy(self, root: Path) -> Project:
        """The same project elsewhere, to be changed."""
        shutil.copytree(self.root, root, ignore=shutil.ignore_patterns("shims", "docker-calls.jsonl"))
        return Project(root)

    @property
    def env(self) -> Path:
        return self.root / "env"

    @property
    def config_file(self) -> Path:
        return self.root / "config.yml"

    @property
    def wheels(self) -> Path:
        return self.root / "wheels"

    @property
    def docker_log(self) -> Path:
        return self.root / "docker-calls.jsonl"

    @property
    def config(self) -> dict[str, Any]:
        """config.yml: what is kept, which is less than what is in force."""
        return yaml.safe_load(self.config_file.read_text("utf-8"))

    def environment(self, **more: str) -> dict[str, str]:
        shims = self.root / "shims"
        if not shims.exists():
            shims.mkdir()
            shim = shims / "docker"
            shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{DOCKER}" "$@"\n', "utf-8")
            shim.chmod(0o755)
        kept = {name: os.environ[name] for name in ("TZ", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ}
        return {
            **kept,
            "PATH": f"{shims}:{BIN}:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(self.root / "home"),
            "LANG": "C.UTF-8",
            "TUTOR_ROOT": str(self.root),
            "TUTOR_PLUGINS_ROOT": str(self.root / "plugins"),
            "NASSIJ_DOCKER_LOG": str(self.docker_log),
            "NASSIJ_WHEELS": str(self.wheels),
            **more,
        }

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """`tutor …`, whatever becomes of it. In a process of its own when Python itself is to start otherwise."""
        if "PYTHONPATH" not in environment:
            return zygote.run(list(command), self.environment(**environment), self.root)
        return subprocess.run(
            [str(BIN / "tutor"), *command],
            env=self.environment(**environment),
            cwd=self.root,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    def python(self, program: str, **environment: str) -> str:
        """What a Python program prints, in the environment that `tutor` would run in."""
        command, given = [sys.executable, "-c", program], self.environment(**environment)
        return subprocess.run(command, env=given, cwd=self.root, capture_output=True, text=True, check=True).stdout

    def tutor(self, *command: str, **environment: str) -> str:
        """`tutor …` that must succeed; what it printed."""
        done = self.run(*command, **environment)
        assert done.returncode == 0, (
            f"tutor {' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
        )
        return done.stdout

    def refused(self, *command: str, **environment: str) -> str:
        """`tutor …` that must not succeed; what it said."""
        done = self.run(*command, **environment)
        assert done.returncode != 0, f"tutor {' '.join(command)} went on:\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stderr

    def value(self, name: str) -> Any:
        """A setting as it is in force."""
        return yaml.safe_load(self.tutor("config", "printvalue", name))

    def calls(self) -> list[dict[str, Any]]:
        """What `docker` was asked, in order: {"argv": […], "script": …}."""
        if not self.docker_log.exists():
            return []
        return [json.loads(line) for line in self.docker_log.read_text("utf-8").splitlines()]
