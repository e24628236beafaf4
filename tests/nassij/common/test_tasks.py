"""Where tasks go, what a timer may start, and a worker's sign of life."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from celery import Celery, Task
from celery.app.routes import Router

from nassij.common import heartbeat, tasks
from nassij.common.models import UpkeepRun

EVERY_TASK = (tasks.run_job, tasks.send_mail, tasks.run_upkeep)


@pytest.mark.parametrize("task", EVERY_TASK, ids=lambda task: task.name)
@pytest.mark.parametrize(("queue", "expected"), [("slow", "slow"), ("", "theirs")])
def test_every_message_goes_to_the_operators_queue(
    task: Any, queue: str, expected: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the platform has a route of its own for it; without a named queue that route holds."""
    settings.NASSIJ_CELERY_QUEUE = queue
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(Task, "apply_async", lambda self, *args, **options: sent.append(options))
    task.delay("x")
    app = Celery(set_as_current=False)
    router = Router([lambda *_, **__: {"queue": "theirs"}], app.amqp.queues, create_missing=True, app=app)
    assert router.route(sent[0], task.name)["queue"].name == expected
    task.apply_async(("x",), queue="mine")
    assert sent[1]["queue"] == "mine"


@pytest.mark.django_db
def test_a_timer_starts_what_the_suite_named_and_nothing_else() -> None:
    tasks.run_upkeep("nassij_tidy")
    assert UpkeepRun.objects.get().command == "nassij_tidy"
    with pytest.raises(ValueError, match="flush"):
        tasks.run_upkeep("flush")


def test_a_heartbeat_touches_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "alive"
    monkeypatch.setenv(heartbeat.VARIABLE, str(file))
    heartbeat.beat()
    first = file.stat().st_mtime_ns
    time.sleep(0.02)
    heartbeat.beat()
    assert file.stat().st_mtime_ns > first


def test_without_a_file_nothing_is_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[Any] = []
    monkeypatch.setattr(heartbeat.heartbeat_sent, "connect", lambda *args, **_: connected.append(args))
    monkeypatch.delenv(heartbeat.VARIABLE, raising=False)
    heartbeat.connect()
    assert connected == []
    monkeypatch.setenv(heartbeat.VARIABLE, "x")
    heartbeat.connect()
    assert connected == [(heartbeat.beat,)]
