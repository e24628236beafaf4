"""`tutor nassij clean`; after `tutor plugins disable nassij` it is `python -m tutornassij clean`: Tutor no longer knows us."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from tutornassij.i18n import LANGUAGES, _, ngettext, speak


@click.command(help=_("Remove what the plugin left in env/; never data, backups or settings"))
@click.option("--dry-run", is_flag=True, help=_("only show what would be removed"))
@click.option("--json", "as_json", is_flag=True, help=_("for programs"))
@click.option("--lang", type=click.Choice(LANGUAGES), default=None, help=_("language of the answer"))
@click.pass_obj
def clean(context: Any, dry_run: bool, as_json: bool, lang: str | None) -> None:
    """Exit code 0, also when there was nothing."""
    from tutornassij.clean.leftovers import leftovers, remove

    if lang:
        speak(lang)
    env = Path(context.root) / "env"
    found = list(leftovers(env))
    names = [str(path.relative_to(env)) for path in found]
    if not dry_run:
        remove(found, env)
    if as_json:
        click.echo(json.dumps({"schema": 1, "removed": [] if dry_run else names, "found": names}, indent=2))
        return
    for name in names:
        click.echo(f"env/{name}")
    number = len(names)
    words = (
        ngettext("%(number)d file would be removed.", "%(number)d files would be removed.", number)
        if dry_run
        else ngettext("%(number)d file was removed.", "%(number)d files were removed.", number)
    )
    click.echo(words % {"number": number} + " " + _("Data, backups and settings were not touched."))
