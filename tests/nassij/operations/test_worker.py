"""The timer, and what is said of a worker that does not do its work. A real worker: `tests/services/test_selfcheck.py`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.core.management import call_command
from django.utils import timezone

from nassij import __version__
from nassij.common.models import Job, UpkeepRun
from nassij.common.selfcheck import Outcome, Service
from nassij.operations.checks.worker import _judged

from .conftest import Ask

HERE = "0123456789abcdef"
COMMANDS = ("nassij_tidy", "nassij_send_reminders")


def test_in_a_platform_jobs_may_not_run_in_the_page(ask: Ask) -> None:
    assert current_app.conf.task_always_eager
    assert "CELERY_ALWAYS_EAGER" in ask("worker", Service.LMS).failure.remedy
    assert [found.outcome for found in ask("worker", Service.NONE)] == [Outcome.NOT_HERE]


def test_a_broker_that_is_away(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(current_app.conf, "task_always_eager", False)
    monkeypatch.setitem(current_app.conf, "broker_url", "redis://127.0.0.1:9/0")
    failure = ask("worker").failure
    assert "cannot be reached" in failure.message
    assert failure.details["queue"] == "celery"


RESULT = {"read": HERE, "version": __version__}


@pytest.mark.parametrize(
    ("state", "code", "result", "words"),
    [
        (Job.State.QUEUED, "", None, "No worker took a job from the queue nassij"),
        (Job.State.RUNNING, "", None, "did not end it"),
        (Job.State.FAILED, "unknown_job_kind", None, "does not know this version"),
        (Job.State.FAILED, "file_missing", None, "does not see the private files"),
        (Job.State.FAILED, "internal_error", None, "internal_error"),
        (Job.State.DONE, "", {**RESULT, "read": "else"}, "does not see the private files"),
        (Job.State.DONE, "", {**RESULT, "version": "0.0.1"}, "runs version 0.0.1"),
    ],
)
def test_a_worker_that_does_not_do_its_work(state: str, code: str, result: Any, words: str) -> None:
    found = _judged(Job(state=state, error_code=code, result=result), HERE, "nassij", 30.0)
    assert found.outcome is Outcome.FAILED
    assert words in found.message and found.remedy
    assert found.details == {"queue": "nassij", "seconds": 30.0}


def test_a_worker_that_does() -> None:
    assert _judged(Job(state=Job.State.DONE, result=RESULT), HERE, "nassij", 0.4).outcome is Outcome.OK


@pytest.mark.django_db
def test_commands_that_never_ran(ask: Ask) -> None:
    found = ask("upkeep")
    assert {failure.details["command"] for failure in found.of(Outcome.FAILED)} == set(COMMANDS)
    assert all("has never run" in failure.message and "./manage.py lms" in failure.remedy for failure in found)


@pytest.mark.django_db
def test_commands_that_run(ask: Ask) -> None:
    for name in COMMANDS:
        call_command(name)
    assert ask("upkeep").is_well
    assert ask("upkeep", Service.CMS).is_well


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "hours"), [("nassij_tidy", 1), ("nassij_send_reminders", 2)])
def test_a_timer_that_has_stopped(ask: Ask, name: str, hours: float) -> None:
    for command in COMMANDS:
        call_command(command)
    run = UpkeepRun.objects.filter(command=name)
    run.update(at=timezone.now() - timedelta(hours=hours, minutes=-1))
    assert ask("upkeep").is_well
    run.update(at=timezone.now() - timedelta(hours=hours, minutes=1))
    assert f"{name} ran last {hours}.0 hours ago" in ask("upkeep").failure.message
