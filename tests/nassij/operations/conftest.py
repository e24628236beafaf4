"""How the tests ask one check, and pretend to be in a platform."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from django.utils.translation import override

from nassij.common import selfcheck
from nassij.common.selfcheck import Asked, Finding, Outcome, Service

Ask = Callable[..., "Found"]


class Found(tuple[Finding, ...]):
    """What a check found."""

    def of(self, outcome: Outcome) -> list[Finding]:
        return [found for found in self if found.outcome is outcome]

    @property
    def is_well(self) -> bool:
        return {found.outcome for found in self} == {Outcome.OK}

    @property
    def failure(self) -> Finding:
        """The only failure there is; it says what to do."""
        (failure,) = self.of(Outcome.FAILED)
        assert failure.message and failure.remedy
        return failure

    @property
    def warning(self) -> Finding:
        (warning,) = self.of(Outcome.WARNED)
        assert warning.message and warning.remedy
        return warning


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def ask() -> Ask:
    """`ask("storage", service=Service.LMS)` -> what that check finds there."""

    def asking(name: str, service: Service = Service.LMS, **given: Any) -> Found:
        return Found(selfcheck.perform(selfcheck.checks()[name], Asked(service, **given)).findings)

    return asking


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`modules(**{"a.b.c": {"name": value}})`: modules of the platform that hold what the checks ask of them."""

    def install(**there: dict[str, Any]) -> None:
        parents = {".".join(name.split(".")[:depth]) for name in there for depth in range(1, len(name.split(".")))}
        for name in sorted(parents | set(there)):
            if name in there or name not in sys.modules:
                module = ModuleType(name)
                vars(module).update(there.get(name, {}))
                monkeypatch.setitem(sys.modules, name, module)

    return install
