"""`tutor local|dev|k8s do …`: what is done inside the containers. At init once more without harm, or by hand with options."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from tutor import hooks

from tutornassij.i18n import _

hooks.Filters.ENV_TEMPLATE_FILTERS.add_item(("nassij_quote", lambda value: shlex.quote(str(value))))
TASKS = Path(__file__).parent / "tasks"

for _service in ("mysql", "lms", "cms"):
    hooks.Filters.CLI_DO_INIT_TASKS.add_item((_service, (TASKS / f"{_service}.sh").read_text("utf-8")))


def verbatim(command: Sequence[str]) -> str:
    """A shell line as a template that renders to exactly it: Tutor renders the scripts of jobs, and arguments may hold braces."""
    return "{{ " + json.dumps(shlex.join(command), ensure_ascii=False) + " }}"


def job(name: str, summary: str, *calls: tuple[str, ...]) -> click.Command:
    """A `do` command that hands its arguments, `--help` too, to commands of the suite; `calls`: service, command, options."""

    @click.command(
        name=name,
        help=summary,
        context_settings={"ignore_unknown_options": True, "help_option_names": []},
        add_help_option=False,
    )
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def run(arguments: tuple[str, ...]) -> Iterable[tuple[str, str]]:
        for service, command, *options in calls:
            yield service, verbatim(["./manage.py", service, command, *options, *arguments])

    return run


hooks.Filters.CLI_DO_COMMANDS.add_items(
    [
        job(
            "nassij-seed",
            _("Languages, questionnaire, guides, funding calls: what a site starts with."),
            ("lms", "nassij_seed"),
        ),
        job("nassij-import-courses", _("Bring the courses into Studio."), ("cms", "nassij_import_courses")),
        job("nassij-load-guides", _("Make and publish the reference guides."), ("lms", "nassij_load_guides")),
        job("nassij-create-association", _("Create an association."), ("lms", "nassij_create_association")),
        job("nassij-import-associations", _("Import associations and people."), ("lms", "nassij_import_associations")),
        # Studio first: it makes the hidden course that the LMS then looks at. From a job's container the site's own
        # name may lead nowhere, so the static files are asked of the service.
        job(
            "nassij-selfcheck",
            _("Does this site work?"),
            ("cms", "nassij_selfcheck", "--address", "http://cms:8000"),
            ("lms", "nassij_selfcheck", "--address", "http://lms:8000"),
        ),
    ]
)
