"""What the measurements rest on, and those figures that do not depend on a clock: they hold in every run of the tests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks import ledger, ours_lesson
from benchmarks.ours_lesson import EVERY_KIND, every_kind, reader, visitor
from benchmarks.report import Row, Section, as_text, describe_machine, missed
from benchmarks.weight import weigh
from xblocks.lesson.model import CHECK_KINDS, MEDIA_KINDS, STEP_TYPES

BUDGET = 8 * 1024


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_lesson_that_is_measured_has_a_step_of_every_kind(language: str) -> None:
    lesson = every_kind(language)
    assert len(lesson.steps) == len(EVERY_KIND) == 12
    assert {step.type_name for step in lesson.steps} == set(STEP_TYPES)
    assert {check.kind for check in lesson.checks} == set(CHECK_KINDS)
    assert {step.kind for step in lesson.steps if step.type_name == "media"} == set(MEDIA_KINDS)


def test_a_kind_that_is_nowhere_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours_lesson, "EVERY_KIND", (*EVERY_KIND, ("a song", lambda step: False)))
    with pytest.raises(RuntimeError, match="a song"):
        every_kind("ar")


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_lesson_of_every_kind_asks_and_weighs_little(language: str) -> None:
    subject = reader(language).subject
    account = ledger.open_new()
    page = subject.page()
    assert account.lookups <= 5
    found = weigh([page])
    assert found.gzip <= BUDGET and not found.foreign and not found.jquery
    public = weigh([visitor(language).page("public_view")])
    assert not [asset for asset in public.assets if asset.is_script]


def test_what_is_sent_is_accepted() -> None:
    """A refusal would cost little and prove nothing."""
    found = reader()
    kinds = {name.removeprefix("self-check: ") for name, _handler, _body in found.sends if ":" in name}
    assert kinds == set(CHECK_KINDS)
    for _name, handler, body in found.sends:
        found.subject.remember(handler, body())


def report_of(*rows: Row) -> str:
    return as_text(describe_machine([]), [Section("S", rows)], 0.5)


def test_a_slow_machine_is_told_from_a_goal_missed() -> None:
    slow, gap = Row("time", 3.0, 2.0, scaled=1.5), Row("other", 3.0, 2.0, scaled=2.5)
    counted = Row("count", 3, 2)
    assert missed([Section("S", [slow, gap, counted, replace(slow, ours=1.0)])]) == ["S: other", "S: count"]
    assert "slow" in report_of(slow) and "All goals reached" not in report_of(slow) and "MISSED" not in report_of(slow)
    assert "2 goals MISSED" in report_of(slow, gap, counted)
    assert "All goals reached." in report_of(Row("time", 1.0, 2.0, scaled=0.5))
