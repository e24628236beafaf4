"""A Tutor project in a folder of its own; the real `tutor` runs on it, with a `docker` that only writes down its calls."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

BIN = Path(sys.executable).parent
DOCKER = Path(__file__).parent / "docker_double.py"


@dataclass(frozen=True)
class Project:
    """`root` is TUTOR_ROOT. Nothing outside of it is read or written: plugins, home and Docker's settings are there too."""

    root: Path

    @classmethod
    def make(cls, root: Path, **settings: object) -> Project:
        """A project with the plugin enabled and `settings` saved."""
        root.mkdir(parents=True, exist_ok=True)
        made = cls(root)
        made.tutor("plugins", "enable", "nassij")
        sets = [part for name, value in settings.items() for part in ("--set", f"{name}={json.dumps(value)}")]
        made.tutor("config", "save", *sets)
        return made

    @property
    def env(self) -> Path:
        return self.root / "env"

    @property
    def docker_log(self) -> Path:
        return self.root / "docker-calls.jsonl"

    @property
    def config(self) -> dict[str, Any]:
        """config.yml: what is kept, which is less than what is in force."""
        return yaml.safe_load((self.root / "config.yml").read_text("utf-8"))

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
            **more,
        }

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """`tutor …`, whatever becomes of it."""
        return subprocess.run(
            [str(BIN / "tutor"), *command],
            env=self.environment(**environment),
            cwd=self.root,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    def tutor(self, *command: str, **environment: str) -> str:
        """`tutor …` that must succeed; what it printed."""
        done = self.run(*command, **environment)
        assert done.returncode == 0, (
            f"tutor {' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
        )
        return done.stdout

    def value(self, name: str) -> Any:
        """A setting as it is in force."""
        return yaml.safe_load(self.tutor("config", "printvalue", name))

    def calls(self) -> list[dict[str, Any]]:
        """What `docker` was asked, in order: {"argv": […], "script": …}."""
        if not self.docker_log.exists():
            return []
        return [json.loads(line) for line in self.docker_log.read_text("utf-8").splitlines()]
