"""The self-check as tests, on the site as it is: what holds there, and that looking leaves nothing behind."""

from __future__ import annotations

import json
import os
import warnings
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command

from nassij.common.selfcheck import Asked, Outcome, Service, checks, perform, samples, service

HERE = service()
ASKED = Asked(HERE, os.environ.get("NASSIJ_SELFCHECK_ADDRESS", ""))


@pytest.fixture(scope="session", autouse=True)
def hidden_course() -> None:
    """Made first, in Studio; the LMS's own test says when it is not there."""
    if HERE is Service.CMS:
        perform(checks()["course"], ASKED)


@pytest.mark.parametrize("name", [name for name, check in checks().items() if HERE in check.on])
def test_check(name: str) -> None:
    findings = perform(checks()[name], ASKED).findings
    for found in findings:
        if found.outcome is Outcome.WARNED:
            warnings.warn(f"{name}: {found.message} → {found.remedy}", stacklevel=1)
    wrong = [found for found in findings if found.outcome not in (Outcome.OK, Outcome.WARNED)]
    told = "\n".join(f"{found.outcome}: {found.message}\n  → {found.remedy}\n  {found.details}" for found in wrong)
    assert not wrong, f"\n{told}"


def rows() -> dict[str, int]:
    """How many rows the tables have that learning, associations and mails write to."""
    counted = [config for config in apps.get_app_configs() if config.label.startswith("nassij_")]
    models: list[Any] = [model for config in counted for model in config.get_models()]
    for name in ("courseware.StudentModule", "completion.BlockCompletion", "auth.User", "student.CourseEnrollment"):
        models.append(apps.get_model(name))
    return {model._meta.label: model._base_manager.count() for model in models}


@pytest.mark.parametrize(
    "name", [name for name in ("blocks", "studio", "static", "course") if HERE in checks()[name].on]
)
def test_looking_leaves_nothing_behind(name: str) -> None:
    perform(checks()[name], ASKED)  # the account is made once
    before = rows()
    perform(checks()[name], ASKED)
    assert rows() == before


def test_each_block_is_looked_at() -> None:
    name = "studio" if HERE is Service.CMS else "blocks"
    looked = {found.details.get("block") for found in perform(checks()[name], ASKED).findings}
    assert looked == set(samples())


def test_the_command_says_the_same() -> None:
    out, code = StringIO(), 0
    try:
        call_command(
            "nassij_selfcheck", "--json", "--lang", "en", "--only=entry_points", "--only=migrations", stdout=out
        )
    except SystemExit as end:
        code = int(str(end.code))
    told = json.loads(out.getvalue())
    assert told["service"] == HERE.value
    assert code == (1 if told["totals"]["failed"] else 0)
