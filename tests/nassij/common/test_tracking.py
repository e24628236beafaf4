"""Events of pages and apis: after the commit, once, only where there is a log and somebody who learns."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction

from nassij.common import tracking

NAME = "nassij.governance.report.downloaded"
DATA = {"round_uuid": "x", "report": "result", "format": "pdf", "language": "ar"}
TABLE = Path(__file__).parents[3] / "docs/reference/events.rst"


class Log:
    """The platform's tracker, as far as we use it."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []

    def emit(self, name: str, data: dict[str, Any]) -> None:
        self.events.append((name, data))


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    made = Log()
    monkeypatch.setattr(tracking, "tracker", made)
    return made


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_did_not_happen(log: Log) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        tracking.emit(NAME, **DATA)
        raise RuntimeError
    assert log.events == []
    with transaction.atomic():
        tracking.emit(NAME, **DATA)
        assert log.events == []
    assert log.events == [(NAME, DATA)]


@pytest.mark.django_db(transaction=True)
def test_a_log_that_is_away_breaks_nothing(log: Log, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def away(name: str, data: object) -> None:
        raise OSError("no log")

    monkeypatch.setattr(log, "emit", away)
    with transaction.atomic():
        tracking.emit(NAME, **DATA)
    assert "no log" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_without_the_platform_and_in_studio_nothing_is_told(
    log: Log, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SERVICE_VARIANT = "cms"
    tracking.emit(NAME, **DATA)
    assert log.events == []
    settings.SERVICE_VARIANT = "lms"
    monkeypatch.setattr(tracking, "tracker", None)
    tracking.emit(NAME, **DATA)


def test_an_event_carries_exactly_what_stands_in_the_table(log: Log) -> None:
    for bad in ({**DATA, "level": 3}, {"round_uuid": "x"}):
        with pytest.raises(ValueError, match="does not carry"):
            tracking.emit(NAME, **bad)
    with pytest.raises(ValueError, match="does not carry"):
        tracking.emit("nassij.unknown")


def test_what_a_page_shows_again_is_told_once_a_day() -> None:
    cache.clear()
    assert [tracking.first_time("result.viewed", who, "round") for who in (1, 1, 2, 1)] == [True, False, True, False]


def test_a_cache_that_is_away_breaks_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object) -> bool:
        raise OSError

    monkeypatch.setattr(tracking.cache, "add", away)
    assert tracking.first_time("result.viewed", 1) is True


def test_the_reference_tells_every_event_with_its_fields() -> None:
    text = TABLE.read_text("utf-8")
    told = {}
    for name, rest in re.findall(r"^``(nassij\.[a-z_.]+)``\n((?: .*\n|\n)+)", text, re.MULTILINE):
        fields = re.search(r"Carries: (.*?)\.\n", rest, re.DOTALL)
        told[name] = set(re.findall(r"``([a-z_]+)``", fields[1])) if fields else set()

    assert told == {name: set(fields) for name, fields in tracking.EVENTS.items()}
