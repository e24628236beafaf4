"""Defaults of nassij.associations; each is a `NASSIJ_*` setting an operator may set."""

from typing import Any

DEFAULTS: dict[str, Any] = {
    # Wrong join codes a person may try in one window, and how long the window is.
    "NASSIJ_JOIN_ATTEMPTS": 5,
    "NASSIJ_JOIN_WINDOW_MINUTES": 15,
    # An import: rows of one file, bytes of one file, and for how many days it can be undone.
    "NASSIJ_IMPORT_MAX_ROWS": 5000,
    "NASSIJ_IMPORT_MAX_BYTES": 5 * 1024 * 1024,
    "NASSIJ_IMPORT_UNDO_DAYS": 30,
}


def plugin_settings(settings: Any) -> None:
    """Add the defaults that the platform's settings do not have yet."""
    for name, value in DEFAULTS.items():
        if not hasattr(settings, name):
            setattr(settings, name, value)
