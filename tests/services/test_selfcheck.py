"""The self-check's round trip through a real queue: with a worker, and without one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from nassij.common import selfcheck
from nassij.common.models import Job
from nassij.common.selfcheck import Asked, Outcome, Service
from tests.services.conftest import Worker

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def private(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of private files, which the worker is told too."""
    settings.NASSIJ_PRIVATE_STORAGE = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "private")},
    }
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.services.settings")
    monkeypatch.setenv("NASSIJ_TEST_PRIVATE", str(tmp_path / "private"))
    return tmp_path / "private"


def look(seconds: float) -> selfcheck.Finding:
    with override("en"):
        (found,) = selfcheck.perform(selfcheck.checks()["worker"], Asked(Service.LMS, seconds=seconds)).findings
    assert not Job.objects.exists()
    return found


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_worker_takes_the_job(private: Path, worker: Worker) -> None:
    found = look(60)
    assert found.outcome is Outcome.OK, found
    assert found.details["queue"] == "celery"
    assert files(private) == []


def test_nobody_takes_the_job(private: Path) -> None:
    found = look(1)
    assert found.outcome is Outcome.FAILED
    assert "queue celery" in found.message and "-Q celery" in found.remedy
    assert files(private) == []


def test_a_worker_that_was_stopped(private: Path, worker: Worker) -> None:
    assert look(60).outcome is Outcome.OK
    worker.stop()
    assert look(1).outcome is Outcome.FAILED


def test_a_worker_that_sees_other_files(private: Path, worker: Worker, settings: Any, tmp_path: Path) -> None:
    settings.NASSIJ_PRIVATE_STORAGE = {
        **settings.NASSIJ_PRIVATE_STORAGE,
        "OPTIONS": {"location": str(tmp_path / "elsewhere")},
    }
    found = look(60)
    assert found.outcome is Outcome.FAILED
    assert "does not see the private files" in found.message
