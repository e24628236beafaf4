"""The settings of LMS and Studio, run over stand-ins for the platform: what they set, what they add to, what they leave alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tutor.projects import ROOT, Project
from tests.tutor.test_matrix import S3

Rendered = Callable[..., Project]
STUB = Path(__file__).parent / "platform_stub.py"


def run(project: Project, service: str, *without: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(STUB), service, str(project.env), *without]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def settings(project: Project, service: str, *without: str) -> dict[str, Any]:
    done = run(project, service, *without)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_beat_starts_ours_beside_the_platforms(rendered: Rendered) -> None:
    found = settings(rendered(NASSIJ_TIDY_MINUTES=7), "lms")["CELERYBEAT_SCHEDULE"]
    assert set(found) == {"refresh-saml-metadata", "nassij_tidy", "nassij_send_reminders"}
    assert found["nassij_tidy"] == {
        "task": "nassij.common.run_upkeep",
        "args": ["nassij_tidy"],
        "schedule": "0:07:00",
        "options": {"queue": "nassij", "expires": 420},
    }


def test_the_beat_starts_all_that_the_suite_expects(rendered: Rendered) -> None:
    """Each app says what must run; read as text, because the suite is not installed here."""
    sources = [path.read_text("utf-8") for path in ROOT.glob("**/apps.py") if ".venv" not in path.parts]
    expected = {command for text in sources for command in re.findall(r"upkeep\.expect\(\s*\"(\w+)\"", text)}
    assert len(expected) >= 2
    assert set(settings(rendered(), "lms")["CELERYBEAT_SCHEDULE"]) == {"refresh-saml-metadata", *expected}


def test_a_release_without_a_schedule_or_queues_gets_on(rendered: Rendered) -> None:
    found = settings(rendered(), "lms", "CELERYBEAT_SCHEDULE", "EXPLICIT_QUEUES", "STORAGES")
    assert set(found["CELERYBEAT_SCHEDULE"]) == {"nassij_tidy", "nassij_send_reminders"}


def test_studio_starts_nothing(rendered: Rendered) -> None:
    assert set(settings(rendered(), "cms")["CELERYBEAT_SCHEDULE"]) == {"refresh-saml-metadata"}


@pytest.mark.parametrize("service", ["lms", "cms"])
def test_lists_of_the_platform_are_left_whole(rendered: Rendered, service: str) -> None:
    found = settings(rendered(), service)
    assert found["LIBRARY_ENABLED_BLOCKS"] == ["html", "problem"]  # the suite adds to it, nothing here replaces it
    assert found["EXPLICIT_QUEUES"] == {"theirs": {"queue": "theirs"}}
    assert found["STORAGES"] == {"default": {"BACKEND": "files"}, "staticfiles": {"BACKEND": "theirs"}}
    assert found["LANGUAGE_CODE"] == "ar"
    assert found["NASSIJ_CELERY_QUEUE"] == "nassij"


@pytest.mark.parametrize("service", ["lms", "cms"])
def test_two_buckets(rendered: Rendered, service: str) -> None:
    found = settings(rendered(**S3), service)
    public, private = found["STORAGES"]["default"], found["NASSIJ_PRIVATE_STORAGE"]
    assert found["STORAGES"]["staticfiles"] == {"BACKEND": "theirs"}
    assert public["OPTIONS"]["bucket_name"] == "public" and not public["OPTIONS"]["querystring_auth"]
    assert private["OPTIONS"]["bucket_name"] == "private" and private["OPTIONS"]["querystring_auth"]
    assert private["OPTIONS"]["default_acl"] == "private"
    assert public["OPTIONS"]["endpoint_url"] == "https://s3.internal"
    assert found["OPENEDX_LEARNING"]["MEDIA"]["OPTIONS"]["bucket_name"] == "private"
    if service == "lms":
        assert found["GRADES_DOWNLOAD"]["STORAGE_KWARGS"]["bucket_name"] == "private"
        assert found["PROFILE_IMAGE_BACKEND"]["options"]["bucket_name"] == "public"


@pytest.mark.parametrize("https", [False, True])
def test_the_look_comes_from_this_site(rendered: Rendered, https: bool) -> None:
    found = settings(rendered(ENABLE_HTTPS=https), "lms")
    static = f"{'https' if https else 'http'}://local.openedx.io/static/nassij/"
    assert found["MFE_CONFIG"]["PARAGON_THEME_URLS"]["core"]["urls"] == {"brandOverride": static + "brand.css"}
    assert found["FRONTEND_SITE_CONFIG"]["theme"] == {"core": {"url": static + "brand.css"}}
    assert found["MFE_CONFIG"]["LOGO_URL"] == found["LOGO_URL"] == static + "mark.svg"
    assert found["MFE_CONFIG"]["LMS_BASE_URL"]  # what was there is still there
    files = Path(__file__).parents[2] / "nassij/common/static/nassij"
    text = json.dumps(found)
    assert all((files / name).is_file() for name in ("brand.css", "mark.svg", "mark-white.svg", "icon.svg"))
    assert text.count(static) >= 8


def test_the_platforms_own_look_stays_where_ours_is_not_wanted(rendered: Rendered) -> None:
    found = settings(rendered(NASSIJ_LOOK=False), "lms")
    assert "PARAGON_THEME_URLS" not in found["MFE_CONFIG"] and "theme" not in found["FRONTEND_SITE_CONFIG"]
    assert "LOGO_URL" not in found


def test_a_mistake_in_a_patch_is_found(project: Project) -> None:
    """The negative control."""
    file = project.env / "apps/openedx/settings/lms/production.py"
    file.write_text(file.read_text("utf-8") + "\nCELERYBEAT_SCHEDULE.update(NOT_DEFINED)\n", "utf-8")
    done = run(project, "lms")
    assert done.returncode != 0 and "NOT_DEFINED" in done.stderr
