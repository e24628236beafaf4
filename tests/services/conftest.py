"""A real worker on a real Redis, beside the tests' MariaDB."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def real_queue() -> Iterator[None]:
    """Tasks go to Redis instead of running at once."""
    from tests.worker import app

    assert os.environ.get("NASSIJ_TEST_REDIS"), "run these through `python -m tools.with_services …`"
    app.conf.task_always_eager = False
    with app.connection_for_write() as broker:
        broker.default_channel.client.flushdb()
    yield
    app.conf.task_always_eager = True


class Worker:
    """A Celery worker process on the test database."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        environment = {**os.environ, "NASSIJ_TEST_DB_NAME": str(connection.settings_dict["NAME"])}
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "tests.worker",
            "worker",
            "--concurrency",
            "1",
            "--loglevel",
            "INFO",
        ]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def kill(self) -> None:
        """As the kernel does when memory runs out: the whole process group, at once."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=30)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()


@pytest.fixture
def worker(tmp_path: Path, transactional_db: None) -> Iterator[Worker]:
    started = Worker(tmp_path / "worker.log")
    started.start()
    yield started
    started.stop()


def eventually(condition: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether `condition` becomes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False
