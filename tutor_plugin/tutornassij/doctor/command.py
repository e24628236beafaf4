"""`tutor nassij doctor`, and `python -m tutornassij doctor` for when Tutor could not load the plugin at all."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from tutornassij.i18n import LANGUAGES, _, speak


@click.command(help=_("Say whether this installation is well, and what to do where it is not"))
@click.option(
    "--mode", type=click.Choice(["local", "k8s"]), default="local", show_default=True, help=_("how the site runs")
)
@click.option(
    "--fix", is_flag=True, help=_("mend what can be mended without risk (modes of files, leftovers of builds)")
)
@click.option("--strict", is_flag=True, help=_("a warning too makes the exit code 1"))
@click.option("--offline", is_flag=True, help=_("do not ask the network for names and certificates"))
@click.option("--json", "as_json", is_flag=True, help=_("for programs; the schema is in docs/operations/doctor.rst"))
@click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), default=None, help=_("of the answer, instead of the terminal's")
)
@click.pass_obj
def doctor(
    context: object, mode: str, fix: bool, strict: bool, offline: bool, as_json: bool, language: str | None
) -> None:
    """Exit codes: 0 all is well, 1 something is to be mended."""
    from tutornassij.doctor import report
    from tutornassij.doctor.checks import CHECKS
    from tutornassij.doctor.findings import examine
    from tutornassij.doctor.site import open_site

    if language:
        speak(language)
    site = open_site(Path(context.root), mode=mode, offline=offline)  # type: ignore[attr-defined]
    results = []
    for result in examine(CHECKS, site, fix=fix):
        results.append(result)
        if not as_json:
            click.echo("\n".join(report.lines(result)))
    if as_json:
        click.echo(json.dumps(report.as_json(results, site), ensure_ascii=False, indent=2))
    else:
        click.echo(report.last_line(results))
    sys.exit(report.exit_code(results, strict=strict))
