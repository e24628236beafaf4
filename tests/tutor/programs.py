"""The real programs that read what is rendered: each says what is wrong, or nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import yaml

from tests.tutor.projects import BIN, Project

KUBERNETES = ("1.32", "1.34", "1.36")
"""Three minors that are supported somewhere; the schemas come with kubernetes-validate."""
COMPOSE = {
    "local": ("local/docker-compose.yml", "local/docker-compose.prod.yml", "local/docker-compose.jobs.yml"),
    "dev": (
        "local/docker-compose.yml",
        "dev/docker-compose.yml",
        "local/docker-compose.jobs.yml",
        "dev/docker-compose.jobs.yml",
    ),
}
UPSTREAMS_OWN = "DL3020"
"""Tutor's Dockerfile adds a repository with ADD, which the rule is not made for."""


def run(*command: str | Path, text: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": "/nonexistent", **environment}
    return subprocess.run(
        [str(word) for word in command], input=text, env=given, capture_output=True, text=True, check=False
    )


def compose(project: Project, mode: str) -> str:
    files = [part for name in COMPOSE[mode] for part in ("-f", project.env / name)]
    done = run(BIN / "docker-compose", "--project-name", "nassij", *files, "config", "--quiet")
    return done.stderr if done.returncode else ""


def kustomized(env: Path) -> list[dict]:
    """Every Kubernetes object of the project, as `tutor k8s start` would apply it."""
    done = run(BIN / "kubectl", "kustomize", env)
    assert done.returncode == 0, done.stderr
    return [each for each in yaml.safe_load_all(done.stdout) if each]


def kubernetes(objects: list[dict], minor: str) -> str:
    done = run(BIN / "kubernetes-validate", "--strict", "-k", minor, "--quiet", "-", text=yaml.safe_dump_all(objects))
    return done.stdout + done.stderr if done.returncode else ""


def caddy(file: Path, port: str = ":80") -> str:
    done = run(BIN / "caddy", "validate", "--adapter", "caddyfile", "--config", file, default_site_port=port)
    return done.stderr if done.returncode else ""


def dockerfile(file: Path) -> str:
    done = run(BIN / "hadolint", "--failure-threshold", "error", "--ignore", UPSTREAMS_OWN, file)
    return done.stdout + done.stderr if done.returncode else ""
