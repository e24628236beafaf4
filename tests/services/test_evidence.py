"""Documents with real processes: killed while they attach and remove, and many hands with one file."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import override_settings

from governance_assessment import api
from governance_assessment.models import EvidenceFile
from nassij.associations.api import Role
from nassij.common import private_files
from nassij.common.errors import Conflict, NassijError, Unprocessable
from tests.governance_assessment.helpers import ALL_TRUE, INSTRUMENT_FILE, fill, set_profile
from tests.governance_assessment.test_concurrency import HANDS, at_once
from tests.nassij.associations import factories
from tests.services.conftest import ROOT, eventually

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def president():
    return factories.make_user()


@pytest.fixture
def opened(president, tmp_path):
    api.load_instrument_file(INSTRUMENT_FILE, publish=True)
    association = factories.make_association()
    factories.make_member(association, president, role=Role.PRESIDENT)
    with override_settings(MEDIA_ROOT=str(tmp_path / "media"), NASSIJ_PRIVATE_STORAGE={}):
        yield api.open_round(user_id=president.pk, association_id=association.id, kind="full")


def attach(user, opened, content: bytes, code="1.1"):
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.7\n%" + content + b"\n%%EOF\n")
    return api.add_evidence(user_id=user.pk, round_uuid=opened.uuid, indicator_code=code, file=file)


def stored(tmp_path: Path) -> set[str]:
    root = tmp_path / "media-private/nassij"
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def present() -> set[str]:
    return set(EvidenceFile.objects.filter(removed_at=None).values_list("path", flat=True))


def test_killed_again_and_again_no_row_is_without_its_file_and_no_file_stays(opened, president, tmp_path):
    environment = {
        **os.environ,
        "NASSIJ_TEST_DB_NAME": str(connection.settings_dict["NAME"]),
        "NASSIJ_TEST_MEDIA": str(tmp_path / "media"),
    }
    call = [
        sys.executable,
        "-m",
        "tests.services.keep_evidence",
        "--round",
        str(opened.uuid),
        "--user",
        str(president.pk),
    ]
    chance = random.Random(11)
    for start in range(0, 8):
        process = subprocess.Popen(
            [*call, "--files", "150", "--from", str(start * 1000)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
        )
        before = EvidenceFile.objects.count()
        assert eventually(lambda: EvidenceFile.objects.count() > before, seconds=60)  # noqa: B023
        time.sleep(chance.uniform(0, 0.3))
        assert process.poll() is None, "it is killed in the middle of its work"
        process.kill()
        process.wait(timeout=30)
        assert present() <= stored(tmp_path), "a row always has its file"

    private_files.sweep(older_than=timedelta(0))
    assert stored(tmp_path) == present()
    for row in EvidenceFile.objects.filter(removed_at=None):
        assert len(private_files.read(row.path)) == row.size


def test_many_hands_with_the_same_file_make_one(opened, president, tmp_path):
    added = at_once(lambda _: attach(president, opened, b"same"), range(HANDS))

    assert {found.file.uuid for found in added} == {EvidenceFile.objects.get().uuid}
    assert [found.replayed for found in added].count(False) == 1
    assert stored(tmp_path) == present()


def test_many_hands_never_pass_the_limit(opened, president, tmp_path):
    added = at_once(lambda number: attach(president, opened, str(number).encode()), range(HANDS * 2))

    refused = [found for found in added if isinstance(found, Exception)]
    assert len(refused) == HANDS * 2 - 5 and {type(error) for error in refused} == {Unprocessable}
    assert stored(tmp_path) == present() and len(present()) == 5


def test_submitting_beside_uploads_freezes_exactly_what_there_is(opened, president, tmp_path):
    instrument = api.published_instrument(slug="gov-ma").instrument
    # Every question concerns this association: what is attached to one that does not is no part of the answers that freeze.
    fill(president, set_profile(president, opened, ALL_TRUE), instrument, {"*": 3})
    codes = [indicator.code for indicator in instrument.all_indicators()][:HANDS]

    def act(number):
        if number == HANDS // 2:
            return api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
        return attach(president, opened, b"x", code=codes[number])

    done = at_once(act, range(HANDS))
    assert {type(found) for found in done if isinstance(found, Exception)} <= {Conflict}
    assert not isinstance(done[HANDS // 2], NassijError)
    details = api.result(user_id=president.pk, round_uuid=opened.uuid, language="ar").details
    frozen = {code: beside["files"] for code, beside in details.items() if "files" in beside}
    assert frozen == {row.indicator_code: [row.sha256] for row in EvidenceFile.objects.all()}
    assert stored(tmp_path) == present()
