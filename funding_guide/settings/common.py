"""Defaults of funding_guide; each is a `NASSIJ_*` setting an operator may set."""

from typing import Any

DEFAULTS: dict[str, Any] = {}


def plugin_settings(settings: Any) -> None:
    """Add the defaults that the platform's settings do not have yet."""
    for name, value in DEFAULTS.items():
        if not hasattr(settings, name):
            setattr(settings, name, value)
