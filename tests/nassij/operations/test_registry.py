"""What holds for every check: silence and a crash are failures, and nothing passes where it cannot be looked at."""

from __future__ import annotations

from importlib.metadata import entry_points

import pytest

from nassij.common import selfcheck
from nassij.common.selfcheck import Asked, Check, Outcome, Service, ok

PLATFORM_ONLY = {
    "languages", "completion", "disabled_blocks", "libraries", "upkeep", "course", "blocks", "studio", "static", "courses",
    "advanced_modules",
}  # fmt: skip
ANYWHERE = {
    "entry_points",
    "migrations",
    "settings",
    "catalogs",
    "contact",
    "mail",
    "storage",
    "cache",
    "worker",
    "instrument",
}


def look(run, on=selfcheck.ANYWHERE, service=Service.LMS):
    return selfcheck.perform(Check("tried", "Tried", run, on), Asked(service)).findings


def test_a_check_that_breaks_has_failed() -> None:
    (found,) = look(lambda asked: 1 / 0)
    assert found.outcome is Outcome.FAILED
    assert "ZeroDivisionError" in found.message and found.remedy


def test_what_it_found_before_it_broke_is_told() -> None:
    def half(asked):
        yield ok("the first half")
        raise ValueError("the second")

    assert [found.outcome for found in look(half)] == [Outcome.OK, Outcome.FAILED]


def test_a_check_that_says_nothing_has_failed() -> None:
    (found,) = look(lambda asked: [])
    assert found.outcome is Outcome.FAILED and found.remedy


def test_elsewhere_is_said_and_not_passed() -> None:
    called = []
    for service, words in [(Service.NONE, "Open edX"), (Service.CMS, "./manage.py lms nassij_selfcheck --only tried")]:
        (found,) = look(lambda asked: called.append(1) or [ok("")], selfcheck.LMS, service)
        assert found.outcome is Outcome.NOT_HERE
        assert words in found.message
    assert called == []


def test_each_name_once() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        selfcheck.check("storage", title="again")(lambda asked: [])
    sample = next(iter(selfcheck.samples().values()))
    with pytest.raises(ValueError, match="two samples"):
        selfcheck.register_sample(selfcheck.BlockSample(**{name: getattr(sample, name) for name in sample.__slots__}))


def test_what_needs_a_platform_is_known() -> None:
    found = selfcheck.checks()
    assert set(found) == PLATFORM_ONLY | ANYWHERE
    assert {name for name, one in found.items() if Service.NONE not in one.on} == PLATFORM_ONLY


def test_each_of_our_blocks_has_a_sample() -> None:
    ours = {point.name for point in entry_points(group="xblock.v1") if point.name.startswith("nassij_")}
    assert ours == set(selfcheck.samples())


@pytest.mark.parametrize(
    ("installed", "service"),
    [
        ((), Service.NONE),
        (("lms.djangoapps.courseware",), Service.LMS),
        (("lms.djangoapps.courseware", "cms.djangoapps.contentstore"), Service.CMS),  # Studio has some apps of the LMS
    ],
)
def test_where_we_are(monkeypatch: pytest.MonkeyPatch, installed, service) -> None:
    monkeypatch.setattr(selfcheck.apps, "is_installed", lambda name: name in installed)
    assert selfcheck.service() is service
