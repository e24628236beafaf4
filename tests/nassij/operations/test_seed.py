"""What a new site starts with, in a platform made of doubles: written once, never twice, never over what an operator chose."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from governance_assessment import guards
from nassij.associations.models import Association, CoachAssignment, CoordinatorAssignment, Membership
from nassij.operations.management.commands import nassij_seed
from nassij.operations.seeding import people, platform

pytestmark = pytest.mark.django_db

PASSWORD = "a long password"


class Config:
    """One row of `DarkLangConfig`, as the platform's model answers."""

    def __init__(self, released_languages: str = "", enabled: bool = False, **others: Any) -> None:
        self.enabled, self.released_languages = enabled, released_languages
        self.enable_beta_languages, self.beta_languages = (
            others.get("enable_beta_languages", False),
            others.get("beta_languages", ""),
        )

    @property
    def released_languages_list(self) -> list[str]:
        return sorted(code.strip() for code in self.released_languages.lower().split(",") if code.strip())


@pytest.fixture
def rows(modules: Callable[..., None]) -> list[Config]:
    """The rows there are; the last is in force."""
    rows: list[Config] = []

    class DarkLangConfig:
        class objects:
            @staticmethod
            def create(**values: Any) -> None:
                rows.append(Config(**values))

        @staticmethod
        def current() -> Config:
            return rows[-1] if rows else Config()

    modules(**{"openedx.core.djangoapps.dark_lang.models": {"DarkLangConfig": DarkLangConfig}})
    return rows


class Switches(dict[str, SimpleNamespace]):
    """The platform's waffle switches, by name; counts what is written."""

    written = 0

    def get_or_create(self, *, name: str, defaults: dict[str, Any]) -> tuple[SimpleNamespace, bool]:
        if name in self:
            return self[name], False
        self.written += 1
        self[name] = SimpleNamespace(**defaults)
        return self[name], True


@pytest.fixture(autouse=True)
def switches(monkeypatch: pytest.MonkeyPatch) -> Switches:
    made = Switches()
    monkeypatch.setattr(platform.waffle, "get_waffle_switch_model", lambda: SimpleNamespace(_default_manager=made))
    return made


def seed(*options: str) -> str:
    said = StringIO()
    call_command("nassij_seed", *options, "--lang", "en", stdout=said)
    return said.getvalue()


def test_a_second_run_writes_nothing(
    rows: list[Config], switches: Switches, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # the worker makes the guides
        first = seed("--demo", "--demo-password", PASSWORD)
    assert "a worker makes and publishes it" in first
    assert "languages: released ar, fr, en" in first and "completion: switched on" in first
    with CaptureQueriesContext(connection) as queries:
        second = seed("--demo", "--demo-password", "another password")
    assert "made" not in second
    assert "languages: released already" in second and "invented people: there already" in second
    assert [each["sql"] for each in queries if re.match("INSERT|UPDATE|DELETE", each["sql"])] == []
    assert (len(rows), switches.written) == (1, 1)


def test_what_was_released_stays_released(rows: list[Config]) -> None:
    rows.append(Config("es,en", enabled=True))
    assert "released ar, fr, en, es" in seed()
    assert rows[-1].released_languages == "ar,fr,en,es"


def test_an_operators_decision_about_completion_stays(rows: list[Config], switches: Switches) -> None:
    switches["completion.enable_completion_tracking"] = SimpleNamespace(active=False)
    assert "completion: off, and left so" in seed()
    assert switches.written == 0


def test_nobody_is_invented_unasked(rows: list[Config], switches: Switches) -> None:
    seed()
    assert not get_user_model().objects.exists()
    assert switches["completion.enable_completion_tracking"].active


def test_a_database_that_refuses_to_guard_does_not_stop_it(
    rows: list[Config], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "submitted results: guarded" in seed()

    def refuse(*_: Any) -> int:
        raise DatabaseError("no such right")

    monkeypatch.setattr(guards, "install", refuse)
    assert "submitted results: guarded" not in seed()
    said = capsys.readouterr().err
    assert "no such right" in said and "log_bin_trust_function_creators" in said


@pytest.mark.parametrize(("code", "goes_on"), [(3, True), (1, False)])
def test_a_guide_that_is_left_as_it_is_does_not_stop_it(
    rows: list[Config], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: int, goes_on: bool
) -> None:
    def load(name: str, *_: Any, **__: Any) -> None:
        if name == "nassij_load_guides":
            raise CommandError("a newer one is shown", returncode=code)

    monkeypatch.setattr(nassij_seed, "call_command", load)
    if goes_on:
        assert "submitted results: guarded" in seed()
        assert "a newer one is shown" in capsys.readouterr().err
    else:
        with pytest.raises(CommandError, match="newer"):
            seed()


def test_invented_people_can_sign_in_and_belong_together(rows: list[Config]) -> None:
    seed("--demo", "--demo-password", PASSWORD)
    users = {user.username: user for user in get_user_model().objects.all()}
    assert set(users) == {each.username for each in people.PEOPLE}
    assert all(user.check_password(PASSWORD) and user.email.endswith("@nassij.invalid") for user in users.values())
    assert Membership.active.count() == 3
    assert CoachAssignment.active.get().user == users["nassij_coach"]
    assert CoordinatorAssignment.active.get().user == users["nassij_coordinator"]


def test_somebody_real_keeps_their_account(rows: list[Config]) -> None:
    get_user_model().objects.create_user("nassij_coach", email="nadia@example.org", password="hers")
    with pytest.raises(CommandError, match="nassij_coach"):
        seed("--demo", "--demo-password", PASSWORD)
    assert get_user_model().objects.count() == 1
    assert not Association.objects.exists()


def test_a_password_is_asked_for_before_anything_is_written(rows: list[Config]) -> None:
    with pytest.raises(CommandError, match="--demo-password"):
        seed("--demo", "--demo-password", "short")
    assert rows == []


def test_without_a_platform_it_says_where_to_run_it() -> None:
    with pytest.raises(CommandError, match=r"manage\.py lms nassij_seed"):
        seed()
