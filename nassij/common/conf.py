"""The suite's settings, with their defaults where the plugin settings were not applied (a bare workbench, a script)."""

from typing import Any

from django.conf import settings

from nassij.common.settings.common import DEFAULTS


def setting(name: str) -> Any:
    """The value of `NASSIJ_…`; the names and meanings are in `nassij.common.settings.common`."""
    return getattr(settings, name, DEFAULTS[name])
