"""Our worker and the beat: services of `tutor local`, deployments of Kubernetes. In development tasks run at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jinja2
from tutor import hooks

HEARTBEAT = "/tmp/nassij-worker"  # noqa: S108 - inside a container
SCHEDULE = "/tmp/nassij-beat"  # noqa: S108


@jinja2.pass_context
def worker_command(context: jinja2.runtime.Context) -> Iterator[str]:
    """The arguments of our worker; those of the platform's own, but for the queue."""
    yield from ("celery", "--app=lms.celery", "worker", "--loglevel=info", "--hostname=nassij.%h")
    yield f"--queues={context['NASSIJ_CELERY_QUEUE']}"
    yield f"--concurrency={context['NASSIJ_WORKER_CONCURRENCY']}"
    # One report draws 140 MB; a child that has done a hundred jobs is made anew.
    yield from ("--max-tasks-per-child=100", "--prefetch-multiplier=1", "--without-gossip", "--without-mingle")


def beat_command() -> Iterator[str]:
    """The arguments of the beat, of which there is one. A restart starts what is due again, which is safe."""
    yield from (
        "celery",
        "--app=lms.celery",
        "beat",
        "--loglevel=info",
        f"--schedule={SCHEDULE}",
        "--pidfile=",
        "--max-interval=60",
    )


def alive(file: str, minutes: int) -> list[str]:
    """A health check that costs nothing: the file is younger than so many minutes."""
    return ["sh", "-c", f"find {file}* -mmin -{minutes} 2>/dev/null | grep -q ."]


VARIABLES: list[tuple[str, Any]] = [
    ("nassij_worker_command", worker_command),
    ("nassij_beat_command", beat_command),
    ("nassij_worker_alive", alive(HEARTBEAT, 2)),
    ("nassij_beat_alive", alive(SCHEDULE, 10)),
    ("NASSIJ_HEARTBEAT_FILE", HEARTBEAT),
]
hooks.Filters.ENV_TEMPLATE_VARIABLES.add_items(VARIABLES)
hooks.Filters.ENV_TEMPLATE_TARGETS.add_item(("nassij/k8s/", "plugins"))
