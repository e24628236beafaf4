"""Running a script where the data are, with its input or output as a stream: in a container of Docker Compose, or in a pod.

A script gets what is secret as the first line of its input, in `$SECRET`: neither a list of processes nor the description of a
container shows it. What follows that line is the script's own input.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Protocol

from tutornassij.backup.streams import pipe
from tutornassij.backup.trouble import Trouble
from tutornassij.i18n import _

READ_SECRET = "IFS= read -r SECRET\n"  # the variable's name, not a secret  # noqa: S105
POD_SECONDS = 6 * 3600
STOP_SECONDS = 600


class Containers(Protocol):
    """`service` is one of our job services: mysql, lms, nassij-mongodb, nassij-files."""

    def command(self, service: str, script: str) -> list[str]: ...

    def stop(self) -> None:
        """Stop whatever writes, and leave the databases running."""

    def start(self) -> None:
        """Start the site."""


class Compose:
    """`tutor local`."""

    def __init__(self, root: Path, config: Mapping[str, Any]) -> None:
        from tutor.commands.local import LocalTaskRunner

        runner = LocalTaskRunner(str(root), dict(config))
        base = [path for path in runner.docker_compose_files if Path(path).exists()]
        jobs = [path for path in runner.docker_compose_job_files if Path(path).exists()]
        self._base = ["docker", "compose", *_files(base), "--project-name", runner.project_name]
        self._jobs = ["docker", "compose", *_files([*base, *jobs]), "--project-name", runner.project_name]

    def command(self, service: str, script: str) -> list[str]:
        return [*self._jobs, "run", "--rm", "-T", f"{service}-job", "sh", "-e", "-c", script]

    def stop(self) -> None:
        listed = said([*self._base, "config", "--services"]).split()
        writers = [name for name in listed if name not in ("mysql", "mongodb", "redis", "meilisearch", "permissions")]
        said([*self._base, "stop", *writers])

    def start(self) -> None:
        said([*self._base, "up", "-d", "--remove-orphans"])


class Pods:
    """`tutor k8s`: a pod for each service, made from the job that Tutor renders for it, so that it may what that job may.

    Jobs themselves cannot be used: what they print is a log, which no dump survives.
    """

    def __init__(self, root: Path, config: Mapping[str, Any]) -> None:
        self._root, self._config = root, config
        self._kubectl = ["kubectl", "--namespace", str(config["K8S_NAMESPACE"])]
        self._pods: dict[str, str] = {}

    def command(self, service: str, script: str) -> list[str]:
        pod = self._pods.get(service) or self._create(service)
        return [*self._kubectl, "exec", "--stdin", pod, "--", "sh", "-e", "-c", script]

    def stop(self) -> None:
        stopped = []
        for name, replicas in self._scale().items():
            if replicas:
                said([*self._kubectl, "annotate", "--overwrite", f"deployment/{name}", f"nassij/replicas={replicas}"])
                said([*self._kubectl, "scale", "--replicas=0", f"deployment/{name}"])
                stopped.append(name)
        for name in stopped:  # a pod that ends still writes what it has begun
            gone = ["wait", "--for=delete", "pod", "-l", f"app.kubernetes.io/name={name}"]
            said([*self._kubectl, *gone, f"--timeout={STOP_SECONDS}s"])

    def start(self) -> None:
        for found in self._deployments():
            name, before = found["metadata"]["name"], found["metadata"].get("annotations", {}).get("nassij/replicas")
            if before:
                said([*self._kubectl, "scale", f"--replicas={before}", f"deployment/{name}"])
                said([*self._kubectl, "annotate", f"deployment/{name}", "nassij/replicas-"])

    def close(self) -> None:
        for pod in self._pods.values():
            with contextlib.suppress(Trouble):
                said([*self._kubectl, "delete", "pod", pod, "--wait=false", "--ignore-not-found"])
        self._pods.clear()

    def _scale(self) -> dict[str, int]:
        kept = ("mysql", "mongodb", "redis", "meilisearch", "caddy")
        return {
            found["metadata"]["name"]: int(found["spec"].get("replicas", 1))
            for found in self._deployments()
            if found["metadata"]["name"] not in kept
        }

    def _deployments(self) -> list[dict[str, Any]]:
        answer = said([*self._kubectl, "get", "deployments", "-l", "app.kubernetes.io/managed-by=tutor", "-o", "json"])
        return list(json.loads(answer)["items"])

    def _create(self, service: str) -> str:
        from tutor import serialize

        rendered = said(["kubectl", "kustomize", str(self._root / "env")])
        jobs = [one for one in serialize.load_all(rendered) if one.get("kind") == "Job"]
        job = next((one for one in jobs if one["metadata"]["name"] == f"{service}-job"), None)
        if job is None:
            raise Trouble(
                "backup.not_rendered",
                _("The job %(name)s is not rendered.") % {"name": f"{service}-job"},
                _("Run: tutor config save"),
            )
        name, spec = f"nassij-{service.removeprefix('nassij-')}-{uuid.uuid4().hex[:8]}", job["spec"]["template"]["spec"]
        spec["containers"][0] |= {"command": ["sleep", str(POD_SECONDS)], "args": [], "stdin": True}
        spec |= {"restartPolicy": "Never", "activeDeadlineSeconds": POD_SECONDS, "terminationGracePeriodSeconds": 1}
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}
        self._pods[service] = name
        said([*self._kubectl, "apply", "-f", "-"], json.dumps(pod))
        said([*self._kubectl, "wait", "--for=condition=Ready", f"pod/{name}", "--timeout=300s"])
        return name


@contextlib.contextmanager
def containers(root: Path, config: Mapping[str, Any], mode: str) -> Iterator[Containers]:
    """Where the services of this site run."""
    if mode == "local":
        yield Compose(root, config)
        return
    pods = Pods(root, config)
    try:
        yield pods
    finally:
        pods.close()


def _files(paths: list[str]) -> list[str]:
    return [part for path in paths for part in ("-f", path)]


@contextlib.contextmanager
def output_of(where: Containers, service: str, script: str, secret: str = "") -> Iterator[IO[bytes]]:
    """What a script writes. At the end its exit code counts: raises `Trouble` with the last it said."""
    with _running(where.command(service, READ_SECRET + script), stdout=subprocess.PIPE) as process:
        with pipe(process.stdin) as given:
            given.write(f"{secret}\n".encode())
        yield pipe(process.stdout)


@contextlib.contextmanager
def input_of(where: Containers, service: str, script: str, secret: str = "") -> Iterator[IO[bytes]]:
    """What a script reads. At the end its exit code counts."""
    command = where.command(service, READ_SECRET + script)
    with _running(command, stdout=subprocess.DEVNULL) as process, pipe(process.stdin) as given:
        given.write(f"{secret}\n".encode())
        given.flush()
        yield given


def ask(where: Containers, service: str, script: str, secret: str = "") -> str:
    """What a short script says. A name of a file may have any bytes in it; they go back as they came."""
    with output_of(where, service, script, secret) as output:
        return output.read().decode(errors="surrogateescape")


def said(command: list[str], given: str = "") -> str:
    """What a command says. Raises `Trouble` with the last of its complaints."""
    with _running(command, stdout=subprocess.PIPE) as process:
        with pipe(process.stdin) as sink:
            sink.write(given.encode())
        return pipe(process.stdout).read().decode()


@contextlib.contextmanager
def _running(command: list[str], stdout: int) -> Iterator[subprocess.Popen[bytes]]:
    """A process with a pipe to it. What it complains of goes to a file: a pipe nobody reads would stop it."""
    if shutil.which(command[0]) is None:
        raise Trouble("backup.program", _("%(name)s is not installed.") % {"name": command[0]})
    with tempfile.TemporaryFile() as complaints:
        broken: BaseException | None = None
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=stdout, stderr=complaints) as process:
            try:
                yield process
                _close(process)
            except BrokenPipeError as error:  # it ended before it had read everything: it says why
                broken = error
            except BaseException:
                process.kill()
                raise
        if process.returncode or broken:
            complaints.seek(0)
            words = complaints.read().decode(errors="replace").strip().splitlines()
            raise Trouble(
                "backup.command",
                _("%(what)s failed: %(error)s") % {"what": _what(command), "error": " / ".join(words[-3:])},
                _("Is the site started (tutor local start -d), and can its databases be reached?"),
            )


def _close(process: subprocess.Popen[bytes]) -> None:
    """Both ends, so that it can end: who stops reading early does not wait for the rest."""
    for end in (process.stdin, process.stdout):
        if end is not None:
            end.close()


def _what(command: list[str]) -> str:
    """A command as a person recognises it; the script itself is long."""
    shown = [part for part in command if not part.startswith("/") and part not in ("-f", "sh", "-e", "-c")]
    return " ".join(part for part in shown if "\n" not in part)[:120]
