"""What funding_guide adapts once the operator's configuration has been read."""

from typing import Any


def plugin_settings(settings: Any) -> None:
    """Nothing depends on the operator's values here."""
