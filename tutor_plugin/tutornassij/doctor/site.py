"""What the checks look at: the project folder, its settings, what Docker answers and what the network says; each asked once."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import socket
import ssl
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from tutornassij import refusal

SECONDS = 10
"""How long Docker and the network may take to answer one question."""


class Docker:
    """The engine, through its command. Every question has an answer: None when there is no engine, or when it says no."""

    def __init__(self, root: Path, project: str = "") -> None:
        self.root, self.project = root, project

    @cached_property
    def data_folder(self) -> Path | None:
        """Where the engine keeps images, and with that: whether there is an engine."""
        answer = self._ask("info", "--format", "{{.DockerRootDir}}")
        return Path(answer.strip()) if answer and answer.strip() else None

    @property
    def answers(self) -> bool:
        return self.data_folder is not None

    def image(self, tag: str) -> Mapping[str, Any] | None:
        """What the engine knows of an image; None when it has no such image."""
        answer = self._ask("image", "inspect", tag)
        found = json.loads(answer) if answer else []
        return found[0] if found else None

    @cached_property
    def running(self) -> frozenset[str]:
        """The services of the project that are running now."""
        files = [self.root / "env/local" / name for name in ("docker-compose.yml", "docker-compose.prod.yml")]
        chosen = [part for path in files if path.exists() for part in ("-f", str(path))]
        answer = self._ask(
            "compose", *chosen, "--project-name", self.project, "ps", "--services", "--filter", "status=running"
        )
        return frozenset((answer or "").split())

    def _ask(self, *command: str) -> str | None:
        if shutil.which("docker") is None:
            return None
        try:
            done = subprocess.run(["docker", *command], capture_output=True, text=True, timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout if done.returncode == 0 else None


class Network:
    """What the rest of the world sees of the names of this site."""

    def addresses(self, host: str) -> Sequence[str]:
        """The addresses of a name; empty when it has none."""
        try:
            return sorted({str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)})
        except (OSError, UnicodeError):
            return ()

    def certificate(self, host: str, port: int = 443) -> datetime:
        """When the certificate that `host` shows runs out. Raises `ssl.SSLError` (not trusted) and `OSError` (no answer)."""
        with (
            socket.create_connection((host, port), timeout=SECONDS) as line,
            ssl.create_default_context().wrap_socket(line, server_hostname=host) as secure,
        ):
            certificate = secure.getpeercert() or {}
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)


@dataclass(frozen=True)
class Plugins:
    """What Tutor knows of its plugins. `error` says why ours is not loaded, where it is known."""

    installed: Mapping[str, str] = field(default_factory=dict)
    enabled: tuple[str, ...] = ()
    loaded: tuple[str, ...] = ()
    error: str = ""


@dataclass
class Site:
    """`config` is complete and rendered; empty when it cannot be read (`problem` says why). `user` is config.yml alone."""

    root: Path
    mode: str = "local"
    config: dict[str, Any] = field(default_factory=dict)
    user: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    known: frozenset[str] = frozenset()
    """Names of our settings; empty when the plugin is not loaded."""
    plugins: Plugins = field(default_factory=Plugins)
    network: Network = field(default_factory=Network)
    offline: bool = False

    @property
    def env(self) -> Path:
        return self.root / "env"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def config_path(self) -> Path:
        return self.root / "config.yml"

    @cached_property
    def docker(self) -> Docker:
        return Docker(self.root, str(self.config.get("LOCAL_PROJECT_NAME", "")))

    @cached_property
    def compose(self) -> Mapping[str, Any]:
        """The services as rendered for `tutor local`."""
        return self._services("local/docker-compose.yml", "local/docker-compose.prod.yml")

    def rendered(self, path: str) -> str:
        """A file of the rendered environment; empty when it is not there."""
        try:
            return (self.env / path).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    @cached_property
    def deployments(self) -> Mapping[str, Any]:
        """The deployments of ours that `tutor k8s` would apply: those in the files that the kustomization names."""
        from tutor import serialize

        named = (serialize.load(self.rendered("kustomization.yml")) or {}).get("resources") or ()
        ours = [str(path) for path in named if str(path).startswith("plugins/nassij/")]
        found = [one for path in ours for one in serialize.load_all(self.rendered(path)) if one]
        return {one["metadata"]["name"]: one for one in found if one.get("kind") == "Deployment"}

    def _services(self, *paths: str) -> Mapping[str, Any]:
        from tutor import serialize

        services: dict[str, Any] = {}
        for path in paths:
            services.update((serialize.load(self.rendered(path)) or {}).get("services") or {})
        return services


def open_site(root: Path, *, mode: str = "local", offline: bool = False) -> Site:
    """The site of a project folder, as far as it can be read: a broken one is what the doctor is for."""
    from tutor import config as tutor_config
    from tutor import exceptions

    site = Site(root, mode=mode, offline=offline)
    if not site.config_path.exists():
        site.plugins = plugins_of({})
        return site
    # Tutor tells its alerts to the terminal; here each of them is a finding, or the report would say it twice.
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        try:
            site.user = tutor_config.get_user(str(root))
            site.config = tutor_config.load_full(str(root))
        except (exceptions.TutorError, OSError, ValueError, TypeError, AttributeError) as error:
            site.problem = f"{type(error).__name__}: {error}"
        except Exception as error:  # PyYAML's own, which has no base class of Python's
            site.problem = f"{type(error).__name__}: {error}"
    site.plugins = plugins_of(site.user)
    if "nassij" in site.plugins.loaded:
        site.known = frozenset(name for name in tutor_config.load_defaults() if name.startswith("NASSIJ_"))
    return site


def plugins_of(user: Mapping[str, Any]) -> Plugins:
    """What Tutor found and loaded, and why it did not load ours: it skips a plugin that fails, and says so only in passing."""
    from tutor import hooks
    from tutor import plugins as tutor_plugins

    installed = dict(tutor_plugins.iter_info())
    broken = refusal.broken()
    loaded = tuple(name for name in tutor_plugins.iter_loaded() if not (broken and name == "nassij"))
    enabled = user.get("PLUGINS")
    return Plugins(
        installed={name: info or "" for name, info in installed.items()},
        enabled=tuple(enabled) if isinstance(enabled, list) else (),
        loaded=loaded,
        error="" if "nassij" in loaded else broken or import_error(hooks),
    )


def import_error(hooks: Any) -> str:
    """Why our plugin cannot be imported; empty when it can. What an import registers by the way is taken back."""
    import importlib
    import traceback

    try:
        with hooks.Contexts.app("nassij").enter():
            importlib.import_module("tutornassij.plugin")
    except Exception as error:  # whatever it is, it is the answer
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error} ({where.filename}:{where.lineno})"
    finally:
        hooks.clear_all(context=hooks.Contexts.app("nassij").name)
    return ""
