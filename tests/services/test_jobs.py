"""Jobs on a real worker: done once, seen while they run, safe when the worker is killed."""

import os
import signal
import time
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model

import tests.services.kinds  # noqa: F401 - registers the kind in this process too
from nassij.common import jobs
from nassij.common.models import AuditEvent, Job
from tests.services.conftest import Worker, eventually

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner() -> int:
    return get_user_model().objects.create_user("owner").pk


def state_of(job: Job) -> str:
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def test_a_job_is_done_by_the_worker_and_watched_on_its_way(owner: int, worker: Worker) -> None:
    job = jobs.start(kind="tests.slow_count", owner_id=owner, params={"to": 15})
    assert eventually(lambda: 0 < Job.objects.get(pk=job.pk).progress < 100)
    assert eventually(lambda: state_of(job) == Job.State.DONE)
    assert Job.objects.get(pk=job.pk).result == {"counted": 15}


def test_the_same_work_asked_for_twice_is_done_once(owner: int, worker: Worker) -> None:
    first = jobs.start(kind="tests.slow_count", owner_id=owner, params={"to": 10})
    second = jobs.start(kind="tests.slow_count", owner_id=owner, params={"to": 10})
    assert first.pk == second.pk
    assert eventually(lambda: state_of(first) == Job.State.DONE)
    assert AuditEvent.objects.filter(action="tests_counted").count() == 1


def test_a_message_delivered_twice_changes_nothing(owner: int, worker: Worker) -> None:
    job = jobs.start(kind="tests.slow_count", owner_id=owner, params={"to": 3})
    assert eventually(lambda: state_of(job) == Job.State.DONE)
    finished = Job.objects.get(pk=job.pk).finished
    from nassij.common.tasks import run_job

    run_job.delay(str(job.uuid))
    last = jobs.start(kind="tests.slow_count", owner_id=owner, params={"to": 1})
    assert eventually(lambda: state_of(last) == Job.State.DONE)
    assert Job.objects.get(pk=job.pk).finished == finished
    assert AuditEvent.objects.filter(action="tests_counted").count() == 2


def test_a_killed_worker_loses_nothing_and_doubles_nothing(owner: int, worker: Worker) -> None:
    job = jobs.start(kind="tests.slow_count", owner_id=owner, params={"to": 30})
    assert eventually(lambda: Job.objects.get(pk=job.pk).done > 0)
    worker.kill()
    assert state_of(job) == Job.State.RUNNING
    worker.start()
    assert eventually(lambda: state_of(job) == Job.State.DONE, seconds=120)
    assert AuditEvent.objects.filter(action="tests_counted").count() == 1
    assert Job.objects.get(pk=job.pk).attempts == 2


def test_a_worker_shows_that_it_lives_and_a_hanging_one_does_not(
    worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The health check of the worker's container: a file that grows old when the worker's own loop stands still."""
    worker.stop()
    file = tmp_path / "alive"
    monkeypatch.setenv("NASSIJ_HEARTBEAT_FILE", str(file))
    worker.start()
    assert eventually(file.exists)
    seen = file.stat().st_mtime
    assert eventually(lambda: file.stat().st_mtime > seen, seconds=15)
    assert worker.process is not None
    os.killpg(worker.process.pid, signal.SIGSTOP)
    time.sleep(1)
    seen = file.stat().st_mtime
    time.sleep(5)
    assert file.stat().st_mtime == seen
    os.killpg(worker.process.pid, signal.SIGCONT)
    assert eventually(lambda: file.stat().st_mtime > seen, seconds=15)
