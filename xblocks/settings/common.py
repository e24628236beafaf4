"""Lets trainers use the blocks in content libraries too."""

from typing import Any

BLOCK_TYPES = ("nassij_lesson", "nassij_governance")


def plugin_settings(settings: Any) -> None:
    """Add our types to the ones Studio allows in libraries; the list is the platform's and is added to, never replaced."""
    enabled = getattr(settings, "LIBRARY_ENABLED_BLOCKS", None)
    if enabled is not None:
        settings.LIBRARY_ENABLED_BLOCKS = [*enabled, *(name for name in BLOCK_TYPES if name not in enabled)]
