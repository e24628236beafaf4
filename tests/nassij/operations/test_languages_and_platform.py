"""Languages, switches and lists: what the platform has to be told, and what is said where it was not."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import waffle
from django.apps import apps

from nassij.common.selfcheck import Outcome, Service

from .conftest import Ask

Language = namedtuple("Language", "code name")
Modules = Callable[..., None]


@pytest.fixture
def released(modules: Modules) -> Callable[..., None]:
    def release(*codes: str) -> None:
        languages = [Language(code, code) for code in codes]
        modules(**{"openedx.core.djangoapps.lang_pref.api": {"released_languages": lambda: languages}})

    return release


def test_languages(ask: Ask, released: Callable[..., None]) -> None:
    released("ar", "en", "fr-ca")
    assert ask("languages").is_well


def test_a_language_that_cannot_be_chosen(ask: Ask, released: Callable[..., None]) -> None:
    released("ar", "en")
    failure = ask("languages").failure
    assert "fr" in failure.message
    assert "ar,fr,en" in failure.remedy


def test_another_language_of_the_site(ask: Ask, released: Callable[..., None], settings: Any) -> None:
    released("ar", "en", "fr")
    settings.LANGUAGE_CODE = "en"
    assert "LANGUAGE_CODE" in ask("languages").failure.remedy


@pytest.mark.parametrize("service", list(Service))
def test_catalogs(ask: Ask, service: Service) -> None:
    assert ask("catalogs", service).is_well


def test_catalogs_that_are_not_compiled(ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(apps.get_app_config("nassij_common"), "path", str(tmp_path))
    failure = ask("catalogs").failure
    assert "nassij_common (ar), nassij_common (fr)" in failure.message


def test_catalogs_that_are_not_read(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apps.get_app_config("nassij_blocks"), "verbose_name", "Nassij: something that no catalog has")
    assert "nassij_blocks (ar), nassij_blocks (fr)" in ask("catalogs").failure.message


@pytest.mark.parametrize("service", [Service.LMS, Service.CMS])
def test_completion(ask: Ask, monkeypatch: pytest.MonkeyPatch, service: Service) -> None:
    asked = []
    monkeypatch.setattr(waffle, "switch_is_active", lambda name: asked.append(name) or True)
    assert ask("completion", service).is_well
    assert asked == ["completion.enable_completion_tracking"]
    monkeypatch.setattr(waffle, "switch_is_active", lambda name: False)
    assert (
        "waffle_switch --create completion.enable_completion_tracking on" in ask("completion", service).failure.remedy
    )


def test_blocks_that_are_switched_off(ask: Ask, modules: Modules) -> None:
    for name, is_well in [("poll", True), ("nassij_lesson", False)]:
        block = SimpleNamespace(name=name)
        modules(**{"common.djangoapps.xblock_django.api": {"disabled_xblocks": lambda block=block: [block]}})
        assert ask("disabled_blocks").is_well is is_well
    assert "nassij_lesson" in ask("disabled_blocks").failure.message


def test_libraries(ask: Ask, settings: Any) -> None:
    settings.LIBRARY_ENABLED_BLOCKS = ["html", "nassij_lesson", "nassij_governance"]
    assert ask("libraries", Service.CMS).is_well
    settings.LIBRARY_ENABLED_BLOCKS = ["html", "nassij_lesson"]
    assert "nassij_governance" in ask("libraries", Service.CMS).failure.message
    assert [found.outcome for found in ask("libraries", Service.LMS)] == [Outcome.NOT_HERE]


def test_a_platform_without_such_a_list(ask: Ask) -> None:
    assert ask("libraries", Service.CMS).is_well
