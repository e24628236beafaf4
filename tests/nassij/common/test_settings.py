"""Settings: defaults where the platform has none, named errors where they are wrong, languages and links made of them."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import override_settings
from django.utils import translation

from nassij.common import checks, conf, links, locale
from nassij.common.settings import common

RUNS = {"internal-governance": {"ar": "course-v1:Nassij+GOV2+ar", "fr": ""}}


def test_defaults_fill_gaps_and_replace_nothing() -> None:
    settings = SimpleNamespace(NASSIJ_LANGUAGES=("fr",))
    common.plugin_settings(settings)
    assert settings.NASSIJ_LANGUAGES == ("fr",)
    assert set(common.DEFAULTS) <= set(vars(settings))
    assert all(name.startswith("NASSIJ_") for name in common.DEFAULTS)


def test_defaults_hold_without_plugin_settings(settings: Any) -> None:
    del settings.NASSIJ_JOB_SECONDS
    assert conf.setting("NASSIJ_JOB_SECONDS") == 900
    with pytest.raises(KeyError):
        conf.setting("NASSIJ_NONE")


def test_the_defaults_pass_the_checks() -> None:
    assert checks.check_settings() == []
    call_command("check")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("NASSIJ_LANGUAGES", ("de",), "E001"),
        ("NASSIJ_LANGUAGES", (), "E001"),
        ("NASSIJ_LANGUAGES", "ar", "E001"),
        ("NASSIJ_CONTACT", {"telephone": "1"}, "E002"),
        ("NASSIJ_CONTACT", "05", "E002"),
        ("NASSIJ_CONTACT", {"messaging": "javascript:alert(1)"}, "E003"),
        ("NASSIJ_COURSE_RUNS", ["x"], "E004"),
        ("NASSIJ_COURSE_RUNS", {"a": "course-v1:A+B+c"}, "E004"),
        ("NASSIJ_COURSE_RUNS", {"a": {"ar": "nonsense"}}, "E005"),
        ("NASSIJ_USER_LANGUAGE", "no.such.function", "E006"),
        ("NASSIJ_JOB_SECONDS", 0, "E007"),
        ("NASSIJ_UPLOAD_MAX_BYTES", "10M", "E007"),
        ("NASSIJ_PRIVATE_STORAGE", {"BACKEND": "no.such.Storage"}, "E008"),
        ("NASSIJ_PRIVATE_STORAGE", "/srv/files", "E008"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: Any, code: str) -> None:
    with override_settings(**{name: value}):
        found = checks.check_settings()
    assert [message.id for message in found] == [f"nassij.{code}"] and name in found[0].msg


def test_a_site_for_real_people_is_told_what_it_owes_them() -> None:
    assert {message.id for message in checks.check_what_people_are_owed()} == {f"nassij.W00{n}" for n in (1, 2, 3, 4)}
    complete = {
        "NASSIJ_CONTACT": {"phone": "1"},
        "NASSIJ_DATA_CONTROLLER": "x",
        "NASSIJ_CNDP_REFERENCE": "y",
        "NASSIJ_MAIL_FROM": "a@b.ma",
    }
    with override_settings(**complete):
        assert checks.check_what_people_are_owed() == []


@override_settings(NASSIJ_COURSE_RUNS=RUNS)
def test_a_unit_is_linked_where_its_course_runs() -> None:
    assert links.unit_url("gov2-s1-u1", "ar") == "/courses/course-v1:Nassij+GOV2+ar/jump_to_id/gov2-s1-u1"
    assert links.course_url("internal-governance", "ar") == "/courses/course-v1:Nassij+GOV2+ar/course/"
    assert links.unit_url("gov2-<x>/..", "ar") == "/courses/course-v1:Nassij+GOV2+ar/jump_to_id/gov2-%3Cx%3E%2F.."


@override_settings(NASSIJ_COURSE_RUNS=RUNS)
@pytest.mark.parametrize(
    ("unit", "language"), [("gov2-s1-u1", "fr"), ("gov2-s1-u1", "en"), ("other-s1", "ar"), ("", "ar")]
)
def test_a_missing_run_gives_no_link(unit: str, language: str) -> None:
    assert links.unit_url(unit, language) is None
    assert links.course_url("none", language) is None


@pytest.mark.parametrize(
    ("code", "expected"), [("ar", "ar"), ("fr-CA", "fr"), ("FR_ma", "fr"), ("de", None), ("", None), (None, None)]
)
def test_languages_we_speak(code: str | None, expected: str | None) -> None:
    assert locale.spoken(code) == expected


def test_the_active_language_is_one_of_ours() -> None:
    with translation.override("fr-ca"):
        assert locale.active_language() == "fr"
    with translation.override("de"):
        assert locale.active_language() == "ar"
    with translation.override(None):
        assert locale.active_language() == "ar"


def french_for_seven(user_id: int) -> str | None:
    return {7: "fr-FR", 8: "de"}.get(user_id)


def test_the_language_of_a_person() -> None:
    assert locale.language_of(None) == locale.language_of(7) == "ar"
    with override_settings(NASSIJ_USER_LANGUAGE="tests.nassij.common.test_settings.french_for_seven"):
        assert [locale.language_of(user) for user in (7, 8, 9)] == ["fr", "ar", "ar"]


@pytest.mark.parametrize(("stored", "expected"), [("fr", "fr"), (None, "ar")])
def test_the_platforms_preference_is_read_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, stored: str | None, expected: str
) -> None:
    asked: dict[str, Any] = {}

    class Preferences:
        objects = None

        def filter(self, **query: Any) -> "Preferences":
            asked.update(query)
            return self

        def values_list(self, *fields: str, flat: bool) -> "Preferences":
            return self

        def first(self) -> str | None:
            return stored

    Preferences.objects = Preferences()  # type: ignore[assignment]
    monkeypatch.setattr(locale.apps, "get_model", lambda name: Preferences)
    assert locale.language_of(7) == expected
    assert asked == {"user_id": 7, "key": "pref-lang"}


@pytest.mark.django_db(transaction=True)
def test_migrations_go_back_and_forth() -> None:
    executor = MigrationExecutor(connection)
    latest = [node for node in executor.loader.graph.leaf_nodes() if node[0] == "nassij_common"]
    try:
        executor.migrate([("nassij_common", None)])
        assert not [name for name in connection.introspection.table_names() if name.startswith("nassij_common")]
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(latest)
    assert "nassij_common_job" in connection.introspection.table_names()


@pytest.mark.django_db
def test_the_models_have_their_migrations() -> None:
    call_command("makemigrations", "nassij_common", check=True, dry_run=True, verbosity=0)
