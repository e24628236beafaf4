"""The entry points as the platform reads them."""

from importlib.metadata import entry_points

import pytest
from django.apps import apps
from django.urls import reverse
from edx_django_utils.plugins import get_plugin_apps, get_plugin_url_patterns
from xblock.core import XBlock

APPS = {
    "nassij.common",
    "nassij.associations",
    "governance_assessment",
    "funding_guide",
    "xblocks",
    "course_content",
    "nassij.operations",
}


@pytest.mark.parametrize("service", ["lms.djangoapp", "cms.djangoapp"])
def test_both_services_get_every_app(service: str) -> None:
    found = {name.rsplit(".apps.", 1)[0] for name in get_plugin_apps(service)}
    assert found >= APPS


def test_pages_exist_in_the_lms_only() -> None:
    assert len(get_plugin_url_patterns("lms.djangoapp")) == 5
    assert get_plugin_url_patterns("cms.djangoapp") == []


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("nassij_associations:home", "/nassij/"),
        ("nassij_governance:home", "/nassij/governance/"),
        ("nassij_funding:funding", "/nassij/funding/"),
        ("nassij_common:privacy", "/nassij/privacy/"),
        ("nassij_courses:stopped", "/nassij/courses/stopped/"),
    ],
)
def test_pages_live_below_nassij(name: str, path: str) -> None:
    assert reverse(name) == path


def test_labels_and_tables_carry_our_prefix() -> None:
    ours = [config for config in apps.get_app_configs() if config.name in APPS]
    assert len(ours) == len(APPS)
    for config in ours:
        assert config.label.startswith("nassij_")
        for model in config.get_models(include_auto_created=True):
            assert model._meta.db_table.startswith("nassij_"), model


@pytest.mark.parametrize("block_type", ["nassij_lesson", "nassij_governance"])
def test_blocks_load_by_their_type(block_type: str) -> None:
    block_class = XBlock.load_class(block_type)
    assert block_class.__module__.startswith("xblocks.")
    # One level below the package: the platform's two ways to static files agree only there.
    assert block_class.__module__.count(".") == 1
    assert not getattr(block_class, "has_children", False)


def test_no_entry_point_of_ours_clashes() -> None:
    for group in ("xblock.v1", "lms.djangoapp", "cms.djangoapp"):
        names = [point.name for point in entry_points(group=group)]
        ours = [
            point.name
            for point in entry_points(group=group)
            if point.value.split(".")[0] in {"nassij", "xblocks", "governance_assessment", "funding_guide"}
        ]
        assert all(names.count(name) == 1 for name in ours)


def test_libraries_may_use_our_blocks_and_keep_theirs() -> None:
    from types import SimpleNamespace

    from xblocks.settings.common import plugin_settings

    settings = SimpleNamespace(LIBRARY_ENABLED_BLOCKS=["html", "nassij_lesson"])
    plugin_settings(settings)
    plugin_settings(settings)
    assert settings.LIBRARY_ENABLED_BLOCKS == ["html", "nassij_lesson", "nassij_governance"]
    bare = SimpleNamespace()
    plugin_settings(bare)
    assert vars(bare) == {}
