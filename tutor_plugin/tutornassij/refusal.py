"""When this site must not go on: one sentence that says why and what to do, and a non-zero exit.

Tutor skips a plugin that cannot be imported and goes on, which would deploy a stock LMS without a word. So whatever is wrong is
said when the configuration is loaded: by every command that renders, builds or starts. Commands that look or repair still work.
"""

from __future__ import annotations

import click
from tutor import hooks
from tutor.exceptions import TutorError
from tutor.types import Config

REPAIRING = frozenset({"nassij", "tutor-nassij", "plugins", "printroot", "printvalue", "edit", "patches"})
"""Commands (or groups) that must work on a site that is refused."""


_broken: list[str] = []


def broken() -> str:
    """Why the plugin could not be loaded, though Tutor takes it for loaded; empty when all is well."""
    return "; ".join(_broken)


def command_path() -> tuple[str, ...]:
    """The names of the running command: ("tutor", "local", "launch")."""
    context, names = click.get_current_context(silent=True), []
    while context is not None:
        names.append(context.info_name or "")
        context = context.parent
    return tuple(reversed(names))


def refuse(*reasons: str) -> None:
    """Stop, unless the command that runs is one that repairs."""
    if reasons and not REPAIRING.intersection(command_path()):
        raise TutorError("Nassij: " + "\n        ".join(reasons))


def refuse_always(reason: str) -> None:
    """From now on."""
    _broken.append(reason)

    @hooks.Actions.CONFIG_LOADED.add()
    def _refuse(_config: Config) -> None:
        refuse(reason)
