"""Defaults of governance_assessment; each is a `NASSIJ_*` setting an operator may set."""

from typing import Any

DEFAULTS: dict[str, Any] = {
    # Documents that show an answer: how many for one indicator, and bytes of all those of a round together. One file is bounded
    # by NASSIJ_UPLOAD_MAX_BYTES.
    "NASSIJ_EVIDENCE_FILES_PER_INDICATOR": 5,
    "NASSIJ_EVIDENCE_ROUND_BYTES": 60 * 1024 * 1024,
    # Bytes of an answer sheet that comes back; ours have twenty thousand.
    "NASSIJ_SHEET_MAX_BYTES": 1024 * 1024,
}


def plugin_settings(settings: Any) -> None:
    """Add the defaults that the platform's settings do not have yet."""
    for name, value in DEFAULTS.items():
        if not hasattr(settings, name):
            setattr(settings, name, value)
