"""Runs a rendered settings file of LMS or Studio over stand-ins for the platform, and prints what came of it as JSON.

    python platform_stub.py lms|cms ENV_FOLDER [without NAME …]

The stand-ins have what Tutor's own settings touch; they prove that our lines run and what they set, not that the platform
likes it.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml


def module(name: str, **there: Any) -> None:
    parts = name.split(".")
    for depth in range(1, len(parts) + 1):
        sys.modules.setdefault(".".join(parts[:depth]), ModuleType(".".join(parts[:depth])))
    vars(sys.modules[name]).update(there)


def platform(service: str, tokens: dict[str, Any]) -> dict[str, Any]:
    """The names that `lms.envs.production` offers."""
    return {
        **tokens,
        "ENV_TOKENS": tokens,
        "FEATURES": {},
        "MODULESTORE": {"default": {"OPTIONS": {"stores": [{"OPTIONS": {}}, {"OPTIONS": {}}]}}},
        "INSTALLED_APPS": ["lms.djangoapps.coursewarehistoryextended"],
        "DATABASE_ROUTERS": ["openedx.core.lib.django_courseware_routers.StudentModuleHistoryExtendedRouter"],
        "VIDEO_IMAGE_SETTINGS": {"STORAGE_KWARGS": {}},
        "VIDEO_TRANSCRIPTS_SETTINGS": {"STORAGE_KWARGS": {}},
        "LOGGING": {"handlers": {}, "loggers": {"tracking": {}}},
        "JWT_AUTH": {},
        "CACHES": {},
        "STORAGES": {"default": {"BACKEND": "files"}, "staticfiles": {"BACKEND": "theirs"}},
        "PROFILE_IMAGE_BACKEND": {"options": {}},
        "REGISTRATION_EXTRA_FIELDS": {},
        "LIBRARY_ENABLED_BLOCKS": ["html", "problem"],
        "CELERYBEAT_SCHEDULE": {"refresh-saml-metadata": {"task": "theirs"}},
        "EXPLICIT_QUEUES": {"theirs": {"queue": "theirs"}},
        "IDA_LOGOUT_URI_LIST": [],
        "CSRF_TRUSTED_ORIGINS": [],
        "DATA_DIR": "/openedx/data",
        "STATIC_ROOT": "/openedx/staticfiles",
        "TEMPLATES": [{"DIRS": []}],
        "LOGIN_REDIRECT_WHITELIST": [],
    }


def main(service: str, env: Path, without: list[str]) -> None:
    tokens = yaml.safe_load((env / f"apps/openedx/config/{service}.env.yml").read_text("utf-8"))
    names = {name: value for name, value in platform(service, tokens).items() if name not in without}
    module(f"{service}.envs.production", **names)
    module("xmodule.modulestore.modulestore_settings", update_module_store_settings=lambda *_, **__: None)
    module("codejail.jail_code", configure=lambda *_, **__: None)
    module("django.utils.deprecation")
    sys.modules["codejail"].jail_code = sys.modules["codejail.jail_code"]  # type: ignore[attr-defined]
    os.makedirs = lambda *_, **__: None  # type: ignore[assignment]
    file = env / f"apps/openedx/settings/{service}/production.py"
    found: dict[str, Any] = {"__name__": "settings"}
    exec(compile(file.read_text("utf-8"), str(file), "exec"), found)
    print(json.dumps({name: value for name, value in found.items() if name.isupper()}, default=str))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
