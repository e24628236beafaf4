"""Defaults of nassij.operations; each is a `NASSIJ_*` setting an operator may set."""

from typing import Any

DEFAULTS: dict[str, Any] = {
    # The hidden course in which the self-check renders and answers each block; made by `manage.py cms nassij_selfcheck`.
    "NASSIJ_SELFCHECK_COURSE": "course-v1:Nassij+SelfCheck+permanent",
}


def plugin_settings(settings: Any) -> None:
    """Add the defaults that the platform's settings do not have yet."""
    for name, value in DEFAULTS.items():
        if not hasattr(settings, name):
            setattr(settings, name, value)
