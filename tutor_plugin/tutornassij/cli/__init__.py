"""`tutor nassij …`: what an operator does on the machine that runs Tutor. Each command is a module here, named in `COMMANDS`."""

from __future__ import annotations

import click
from tutor import hooks

from tutornassij.backup.commands import backup, restore, verify
from tutornassij.bundle.command import bundle
from tutornassij.clean.command import clean
from tutornassij.doctor.command import doctor
from tutornassij.i18n import _

COMMANDS: tuple[click.Command, ...] = (doctor, backup, verify, restore, bundle, clean)


@click.group(name="nassij", help=_("Look after a Nassij site."))
def nassij() -> None:
    """The group; it only holds the commands together."""


for _command in COMMANDS:
    nassij.add_command(_command)

hooks.Filters.CLI_COMMANDS.add_item(nassij)
