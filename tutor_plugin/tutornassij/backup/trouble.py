"""What goes wrong is told to a person: one sentence, what to do next, and a code for programs."""

from __future__ import annotations

REBUILD, NOT_UNDONE = "restore.rebuild", "restore.not_undone"
"""Codes of a restore after which the site is not as it was: its data are in place, or still lie beside."""


class Trouble(Exception):
    """Stops a command. `code` never changes, the sentences may."""

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy
