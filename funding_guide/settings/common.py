"""Defaults of funding_guide; each is a `NASSIJ_*` setting an operator may set."""

from typing import Any

DEFAULTS: dict[str, Any] = {
    # Bytes of a file of funding calls that is brought in.
    "NASSIJ_CALLS_MAX_BYTES": 1024 * 1024,
}


def plugin_settings(settings: Any) -> None:
    """Add the defaults that the platform's settings do not have yet."""
    for name, value in DEFAULTS.items():
        if not hasattr(settings, name):
            setattr(settings, name, value)
