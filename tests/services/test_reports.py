"""Reports with real processes: a worker killed at every single step, and one killed by the clock."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from governance_assessment import api
from governance_assessment.models import MadeFile
from nassij.associations.api import Role
from nassij.common import private_files
from nassij.common.models import Job
from tests.governance_assessment.helpers import INSTRUMENT_FILE
from tests.governance_assessment.plans import submit
from tests.nassij.associations import factories
from tests.services.conftest import ROOT, Worker, eventually

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings) -> Path:
    """Where private files are, for this process and for those started from here on."""
    monkeypatch.setenv("NASSIJ_TEST_PRIVATE", str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.services.settings")
    options = {"location": str(tmp_path)}
    settings.NASSIJ_PRIVATE_STORAGE = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": options,
    }
    return tmp_path / "nassij/made"


@pytest.fixture
def submitted(transactional_db: None) -> tuple[int, api.RoundData]:
    """The president, and the round they submitted."""
    api.load_instrument_file(INSTRUMENT_FILE, publish=True)
    association = factories.make_association()
    president = factories.make_member(association, role=Role.PRESIDENT)
    opened = api.open_round(user_id=president.pk, association_id=association.id, kind="full")
    submit(president, opened, api.published_instrument(slug="gov-ma").instrument)
    return president.pk, opened


def files(place: Path) -> set[str]:
    return {path.name for path in place.iterdir()} if place.is_dir() else set()


def test_killed_at_any_step_there_is_one_report_and_no_file_without_a_row(
    place: Path, submitted: tuple[int, api.RoundData]
) -> None:
    user_id, opened = submitted
    environment = {**os.environ, "NASSIJ_TEST_DB_NAME": str(connection.settings_dict["NAME"])}
    command = [sys.executable, "-m", "tests.services.make_reports", str(user_id), str(opened.uuid)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=540, check=False)
    times = [line.split() for line in done.stdout.splitlines()]
    assert done.returncode == 0 and len(times) > 20, done.stderr
    assert {died for _step, died, _state in times[:-1]} == {"9"} and times[-1][1] == "0", times
    assert {state for _step, _died, state in times} == {"done"}, times
    row = MadeFile.objects.get()
    assert api.report_file(user_id=user_id, round_uuid=opened.uuid, language="fr").file.path == row.path
    private_files.sweep(older_than=timedelta(0))
    assert files(place) == {Path(row.path).name}
    assert private_files.read(row.path).startswith(b"%PDF-")
    assert Job.objects.filter(state="done").count() == len(times)


def test_a_worker_killed_while_it_prints_makes_it_after_all(
    place: Path, submitted: tuple[int, api.RoundData], worker: Worker
) -> None:
    user_id, opened = submitted
    jobs = {
        language: api.start_report(user_id=user_id, round_uuid=opened.uuid, language=language)
        for language in ("ar", "fr", "en")
    }
    assert eventually(lambda: Job.objects.exclude(state=Job.State.QUEUED).exists())
    worker.kill()
    worker.start()
    assert eventually(lambda: Job.objects.filter(state=Job.State.DONE).count() == 3, seconds=120)
    assert Job.objects.count() == len(jobs) == MadeFile.objects.count()
    private_files.sweep(older_than=timedelta(0))
    assert files(place) == {Path(path).name for path in MadeFile.objects.values_list("path", flat=True)}
