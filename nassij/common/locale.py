"""Which language to speak: to the person in front of the page, and to a person who is not here."""

from functools import lru_cache
from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from nassij.common.conf import setting

PREFERENCE = "pref-lang"


def default_language() -> str:
    """The first of `NASSIJ_LANGUAGES`."""
    return str(setting("NASSIJ_LANGUAGES")[0])


def active_language() -> str:
    """The language of the running request or `translation.override`, when we speak it; else the default."""
    return spoken(get_language()) or default_language()


def language_of(user_id: int | None) -> str:
    """The language this person chose, for mails and jobs that run without a request; else the default.

    `NASSIJ_USER_LANGUAGE` may name a function that knows; without it the LMS's preference `pref-lang` is read (one query), where
    there is an LMS.
    """
    if user_id is None:
        return default_language()
    path = setting("NASSIJ_USER_LANGUAGE")
    chosen = _imported(path)(user_id) if path else _platform_preference(user_id)
    return spoken(chosen) or default_language()


def spoken(code: str | None) -> str | None:
    """The language of ours that `code` (`fr`, `fr-CA`, `ar_MA`, …) means; None when we do not speak it."""
    base = (code or "").replace("_", "-").split("-")[0].lower()
    return base if base in setting("NASSIJ_LANGUAGES") else None


def remember(user_id: int, language: str) -> None:
    """Keep the language a person chose as the LMS's preference, where there is one: each reply puts the cookie back to that."""
    preferences = _preferences()
    if preferences is not None:
        preferences.objects.update_or_create(user_id=user_id, key=PREFERENCE, defaults={"value": language})


def _platform_preference(user_id: int) -> str | None:
    preferences = _preferences()
    if preferences is None:
        return None
    value = preferences.objects.filter(user_id=user_id, key=PREFERENCE).values_list("value", flat=True).first()
    return str(value) if value else None


def _preferences() -> Any:
    """The platform's model of what people prefer; None where there is no LMS."""
    try:
        return apps.get_model("user_api.UserPreference")  # type: ignore[misc]
    except LookupError:
        return None


@lru_cache(maxsize=4)
def _imported(path: str) -> Any:
    return import_string(path)
