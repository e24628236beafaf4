"""Each check of what is installed, and something wrong that makes it fail."""

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints, PackageNotFoundError, distribution
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from xblock.core import XBlock

from nassij import __version__
from nassij.common.selfcheck import Service
from nassij.operations.checks import installation

from .conftest import Ask

LESSON = EntryPoint("nassij_lesson", "xblocks.lesson_block:LessonBlock", "xblock.v1")
ROUND = EntryPoint("nassij_governance", "xblocks.governance_block:GovernanceBlock", "xblock.v1")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`installed(*entry points, version=…)`: what the environment says of our distribution."""

    def say(*points: EntryPoint, version: str = __version__) -> None:
        metadata = SimpleNamespace(version=version, entry_points=EntryPoints(points))
        monkeypatch.setattr(installation, "distribution", lambda name: metadata)

    return say


@pytest.mark.parametrize("service", list(Service))
def test_all_is_loaded(ask: Ask, service: Service) -> None:
    assert ask("entry_points", service).is_well


def test_the_package_is_not_installed(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(installation, "distribution", missing)
    assert "openedx-nassij" in ask("entry_points").failure.message


def test_metadata_of_another_version(ask: Ask, installed: Any) -> None:
    installed(LESSON, ROUND, version="0.0.1")
    assert "0.0.1" in ask("entry_points").failure.message


def test_a_block_that_is_not_announced(ask: Ask, installed: Any) -> None:
    installed(LESSON)
    assert "nassij_governance" in ask("entry_points").failure.message


def test_a_block_without_a_sample(ask: Ask, installed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(LESSON, ROUND)
    monkeypatch.setattr(installation, "samples", lambda: {"nassij_governance": None})
    assert "nassij_lesson" in ask("entry_points").failure.message


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (EntryPoint("nassij_extra", "nassij.gone.apps:Gone", "lms.djangoapp"), "ModuleNotFoundError"),
        (EntryPoint("nassij_extra", "tests.lms:StudentConfig2", "lms.djangoapp"), "AttributeError"),
        (
            EntryPoint("nassij_extra", "django.contrib.sites.apps:SitesConfig", "lms.djangoapp"),
            "not an app of this service",
        ),
        (EntryPoint("nassij_lesson", "xblocks.gone:Gone", "xblock.v1"), "ModuleNotFoundError"),
    ],
)
def test_a_part_that_does_not_load(ask: Ask, installed: Any, broken: EntryPoint, words: str) -> None:
    installed(*[point for point in (LESSON, ROUND) if point.name != broken.name], broken)
    assert words in ask("entry_points").failure.message


def test_another_package_took_the_name_of_a_block(ask: Ask, installed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(LESSON, ROUND)
    known = XBlock.load_class
    other = type("Other", (XBlock,), {})
    monkeypatch.setattr(XBlock, "load_class", lambda name: other if name == "nassij_lesson" else known(name))
    assert "another package" in ask("entry_points").failure.message


def test_the_installed_distribution_is_asked() -> None:
    assert {"nassij_lesson", "nassij_governance"} <= set(distribution(installation.DISTRIBUTION).entry_points.names)


@pytest.mark.django_db
def test_migrations(ask: Ask) -> None:
    assert ask("migrations").is_well
    MigrationRecorder(connection).record_unapplied("nassij_common", "0003_upkeep_runs")
    failure = ask("migrations").failure
    assert failure.details["waiting"] == ["nassij_common.0003_upkeep_runs"]
    assert "migrate" in failure.remedy


def test_settings(ask: Ask, settings: Any) -> None:
    assert ask("settings").is_well
    settings.NASSIJ_CONTACT = {"telephone": "+212"}
    assert "nassij.E002" in ask("settings").failure.message
