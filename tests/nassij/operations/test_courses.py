"""The hidden course, and the courses people come for: there, complete, and found missing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

import course_content.selfchecks
from course_content.models import ImportedRun
from nassij.common.selfcheck import Outcome, Service, samples
from nassij.operations.course import DIGEST, course_files, course_key
from nassij.operations.studio import SelfCheckStudio
from tests.course_content import platform_double
from tests.course_content.platform_double import Platform
from tests.lms.student.models import CourseOverview

from .conftest import Ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch, modules: Any) -> Platform:
    modules(
        **{
            "cms.djangoapps.contentstore.utils": {"load_services_for_studio": None},
            "cms.djangoapps.contentstore.views.preview": {"get_preview_fragment": None},
            "edx_django_utils.cache": {"RequestCache": None},
        }
    )
    return platform_double.install(monkeypatch)


# The hidden course


def test_it_is_made_once(ask: Ask, platform: Platform) -> None:
    assert "Written" in ask("course", Service.CMS)[0].message
    writes = platform.store.writes
    assert "nothing written" in ask("course", Service.CMS)[0].message
    assert platform.store.writes == writes
    root = platform.store.get_course(course_key())
    assert root is not None
    assert root.fields["invitation_only"] is True
    assert root.fields["catalog_visibility"] == "none"
    seen = platform.learners_see(str(course_key()))
    assert {"nassij_lesson@selfcheck", "nassij_governance@selfcheck"} <= set(seen)
    assert not ImportedRun.objects.exists()  # not one of the courses: in no list, no statistics


def test_another_version_brings_it_up_to_date(platform: Platform) -> None:
    studio = SelfCheckStudio()
    assert studio.make_course(course_key(), {"nassij_lesson": samples()["nassij_lesson"]})
    assert studio.make_course(course_key(), samples())
    assert not studio.make_course(course_key(), samples())
    root = platform.store.get_course(course_key())
    assert root is not None and root.advanced_modules == ["nassij_governance", "nassij_lesson"]


def test_the_key_is_the_operators(settings: Any, platform: Platform) -> None:
    settings.NASSIJ_SELFCHECK_COURSE = "course-v1:Other+SC+1"
    assert SelfCheckStudio().make_course(course_key(), samples())
    assert [str(key) for key in platform.store.index] == ["course-v1:Other+SC+1"]


def test_its_files_remember_what_they_were_made_of() -> None:
    text = course_files(course_key(), samples())["policies/permanent/policy.json"]
    assert DIGEST in text and '"start": "2020' in text


# The courses people come for


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[Any]:
    """Our runs, all imported and on the platform, as links want them."""
    monkeypatch.setattr(course_content.selfchecks, "apps", SimpleNamespace(get_model=lambda name: CourseOverview))
    found, to_correct = course_content.selfchecks._runs()
    assert to_correct == 0
    monkeypatch.setattr(course_content.selfchecks, "_runs", lambda: (found, to_correct))
    settings.NASSIJ_COURSE_RUNS = {}
    for run in found:
        settings.NASSIJ_COURSE_RUNS.setdefault(run.course, {})[run.language] = str(run.key)
        CourseOverview.objects.create(id=run.key)
        content = {"blocks": {"course": ["x", "x"], "nassij_lesson@a": ["x", "x"], "problem@b": ["x", "x"]}}
        ImportedRun.objects.create(course_key=str(run.key), digest=run.digest, content=content)
    return found


def test_the_courses_are_there(ask: Ask, runs: list[Any]) -> None:
    found = ask("courses")
    assert found.is_well and len(found) == len(runs) >= 2
    assert ask("courses", Service.CMS).is_well


def test_sources_that_cannot_be_read(ask: Ask, runs: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course_content.selfchecks, "_runs", lambda: (runs, 2))
    assert "course_content check" in ask("courses").failure.remedy


def test_a_course_that_was_not_imported(ask: Ask, runs: list[Any]) -> None:
    ImportedRun.objects.filter(course_key=str(runs[0].key)).delete()
    failure = ask("courses").failure
    assert failure.message == f"{runs[0].key} has not been imported."
    assert "nassij_import_courses" in failure.remedy


def test_an_import_that_was_cut_short(ask: Ask, runs: list[Any]) -> None:
    ImportedRun.objects.filter(course_key=str(runs[0].key)).update(started_at=timezone.now())
    assert "cut short" in ask("courses").failure.message


def test_a_course_that_was_deleted(ask: Ask, runs: list[Any]) -> None:
    CourseOverview.objects.filter(id=runs[0].key).delete()
    failure = ask("courses").failure
    assert "no longer on the platform" in failure.message and "--force" in failure.remedy


def test_a_course_of_an_older_version(ask: Ask, runs: list[Any]) -> None:
    ImportedRun.objects.filter(course_key=str(runs[0].key)).update(digest="older")
    assert "not that of this version" in ask("courses").warning.message


def test_a_course_that_links_do_not_find(ask: Ask, runs: list[Any], settings: Any) -> None:
    settings.NASSIJ_COURSE_RUNS = {}
    found = ask("courses")
    assert len(found.of(Outcome.WARNED)) == len(runs)
    assert all("NASSIJ_COURSE_RUNS" in one.remedy for one in found)


def test_what_studio_offers_to_authors(ask: Ask, runs: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    modules = {str(run.key): ["nassij_lesson", "poll"] for run in runs}
    there = SimpleNamespace(get_course=lambda key: SimpleNamespace(advanced_modules=modules[str(key)]))
    monkeypatch.setattr(course_content.selfchecks, "Studio", lambda: SimpleNamespace(store=there))
    assert ask("advanced_modules", Service.CMS).is_well
    modules[str(runs[0].key)] = ["poll"]
    failure = ask("advanced_modules", Service.CMS).failure
    assert failure.message == f"{runs[0].key} does not offer its authors: nassij_lesson."
    assert "Advanced Module List" in failure.remedy


def test_without_an_imported_course_there_is_nothing_to_offer(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course_content.selfchecks, "Studio", lambda: SimpleNamespace(store=None))
    assert "nothing to look at" in ask("advanced_modules", Service.CMS).failure.message


def test_a_questionnaire(ask: Ask) -> None:
    from governance_assessment import api
    from governance_assessment.management.commands.nassij_load_instruments import own_files

    assert "nassij_load_instruments" in ask("instrument").failure.remedy
    api.load_instrument_file(own_files()[0], publish=True)
    assert ask("instrument").is_well
    api.retire(slug="gov-ma", version=ask("instrument")[0].details["published"]["gov-ma"])
    assert not ask("instrument").is_well
