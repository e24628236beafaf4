"""System checks: settings that would fail later, in front of a person, are named at start."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.utils.module_loading import import_string
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from nassij.common.conf import setting

KNOWN_LANGUAGES = ("ar", "fr", "en")
CONTACT_KEYS = {"name", "phone", "mail", "messaging", "hours"}
_WEB_ADDRESS = re.compile(r"https?://[^\s/]+")


@register(Tags.compatibility)
def check_settings(**_: Any) -> list[CheckMessage]:
    """What is malformed: an error, at every start."""
    return [*_languages(), *_contact(), *_course_runs(), *_functions(), *_numbers(), *_storage()]


@register(Tags.compatibility, deploy=True)
def check_what_people_are_owed(**_: Any) -> list[CheckMessage]:
    """What a site for real people must say: a warning of `check --deploy`."""
    missing = {
        "NASSIJ_CONTACT": "the contact centre shown on every page",
        "NASSIJ_DATA_CONTROLLER": "who is responsible for the data (law 09-08, article 5)",
        "NASSIJ_CNDP_REFERENCE": "the reference of the CNDP receipt (law 09-08, article 5)",
        "NASSIJ_MAIL_FROM": "the sender of our mails",
    }
    return [
        Warning(f"{name} is empty: {what}.", id=f"nassij.W00{number}")
        for number, (name, what) in enumerate(missing.items(), start=1)
        if not setting(name)
    ]


def _languages() -> list[CheckMessage]:
    given = setting("NASSIJ_LANGUAGES")
    if isinstance(given, (list, tuple)) and given and set(given) <= set(KNOWN_LANGUAGES):
        return []
    return [Error("NASSIJ_LANGUAGES must be a list of ar, fr, en, the default first.", id="nassij.E001")]


def _contact() -> list[CheckMessage]:
    given = setting("NASSIJ_CONTACT")
    if not isinstance(given, Mapping) or set(given) - CONTACT_KEYS:
        return [Error(f"NASSIJ_CONTACT must be a mapping of {', '.join(sorted(CONTACT_KEYS))}.", id="nassij.E002")]
    if given.get("messaging") and not _WEB_ADDRESS.match(str(given["messaging"])):
        return [Error("NASSIJ_CONTACT['messaging'] must be a web address (https://…).", id="nassij.E003")]
    return []


def _course_runs() -> list[CheckMessage]:
    runs = setting("NASSIJ_COURSE_RUNS")
    if not isinstance(runs, Mapping) or not all(isinstance(languages, Mapping) for languages in runs.values()):
        hint = '{"internal-governance": {"ar": "course-v1:Org+Course+run"}}'
        return [Error("NASSIJ_COURSE_RUNS must map courses to languages to course keys.", hint=hint, id="nassij.E004")]
    keys = [key for languages in runs.values() for key in languages.values() if key]
    return [
        Error(f"NASSIJ_COURSE_RUNS: {key!r} is not a course key.", id="nassij.E005")
        for key in keys
        if not _is_course(key)
    ]


def _is_course(key: Any) -> bool:
    try:
        CourseKey.from_string(str(key))
    except InvalidKeyError:
        return False
    return True


def _functions() -> list[CheckMessage]:
    path = setting("NASSIJ_USER_LANGUAGE")
    if not path:
        return []
    try:
        import_string(path)
    except ImportError:
        return [Error(f"NASSIJ_USER_LANGUAGE: {path!r} cannot be imported.", id="nassij.E006")]
    return []


def _numbers() -> list[CheckMessage]:
    wrong = [
        name
        for name in ("NASSIJ_JOB_SECONDS", "NASSIJ_UPLOAD_MAX_BYTES")
        if isinstance(value := setting(name), bool) or not isinstance(value, int) or value <= 0
    ]
    return [Error(f"{name} must be a whole number above zero.", id="nassij.E007") for name in wrong]


def _storage() -> list[CheckMessage]:
    given = setting("NASSIJ_PRIVATE_STORAGE")
    if not given:
        return []
    try:
        import_string(given["BACKEND"])
    except (ImportError, KeyError, TypeError):
        hint = '{"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": "/srv/nassij"}}'
        return [Error("NASSIJ_PRIVATE_STORAGE must name a storage that can be imported.", hint=hint, id="nassij.E008")]
    return []
