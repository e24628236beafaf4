"""`python -m tutornassij doctor` (also `tutor-nassij doctor`): our commands when Tutor could not load the plugin.

Tutor skips a plugin that cannot be imported, and the commands it would bring with it; then this is the only way to ask why.
Nothing here imports `tutornassij.plugin`.
"""

from __future__ import annotations

import os
from pathlib import Path

import appdirs  # type: ignore[import-untyped]
import click
from tutor.__about__ import __app__

from tutornassij.backup.commands import backup, restore, verify
from tutornassij.bundle.command import bundle
from tutornassij.clean.command import clean
from tutornassij.doctor.command import doctor
from tutornassij.i18n import _

COMMANDS: tuple[click.Command, ...] = (doctor, backup, verify, restore, bundle, clean)


@click.group(name="tutor-nassij", help=_("Look after a Nassij site, even when Tutor does not load the plugin."))
@click.option(
    "-r",
    "--root",
    envvar="TUTOR_ROOT",
    type=click.Path(resolve_path=True, path_type=Path),
    default=appdirs.user_data_dir(appname=__app__),
    help=_("The project's folder (TUTOR_ROOT)"),
)
@click.pass_context
def main(context: click.Context, root: Path) -> None:
    """What Tutor does before any of its commands: look for plugins and load those that are enabled."""
    from tutor import hooks
    from tutor.commands import cli  # noqa: F401 - Tutor's own commands bring what its templates use
    from tutor.commands.context import Context

    context.obj = Context(str(root))
    os.environ["TUTOR_ROOT"] = str(root)
    hooks.Actions.CORE_READY.do()
    if (root / "config.yml").exists():
        try:
            hooks.Actions.PROJECT_ROOT_READY.do(str(root))
        except Exception as error:  # settings that cannot be read are a finding of the doctor's
            click.echo(f"{type(error).__name__}: {error}", err=True)


for _command in COMMANDS:
    main.add_command(_command)

if __name__ == "__main__":
    main(prog_name="tutor-nassij")
