"""`manage.py lms nassij_load_guides`: make and publish the reference guides of the suite, only what changed.

Exit codes: 0 every guide is as its source says; 1 sources to correct, nothing was looked at; 3 a guide was left as it is.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from course_content.compiler import SOURCES, check
from funding_guide import api as funding
from nassij.common.errors import NassijError
from nassij.common.terminal import LANGUAGES, preferred_language

CORRECT, LEFT = 1, 3
OUTCOMES = {
    funding.Outcome.PUBLISHED: gettext_lazy("made and published"),
    funding.Outcome.REMADE: gettext_lazy("its files were made anew"),
    funding.Outcome.UNCHANGED: gettext_lazy("unchanged, nothing written"),
}
PLANS = {
    **OUTCOMES,
    funding.Outcome.PUBLISHED: gettext_lazy("would be made and published"),
    funding.Outcome.REMADE: gettext_lazy("its files would be made anew"),
}
QUEUED = {
    **OUTCOMES,
    funding.Outcome.PUBLISHED: gettext_lazy("a worker makes and publishes it"),
    funding.Outcome.REMADE: gettext_lazy("a worker makes its files anew"),
}


class Command(BaseCommand):
    """Idempotent: a second run writes nothing, so it can run at every start of a site."""

    help = "Make and publish the reference guides of the suite. Exit code 3: a guide was left as it is."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
        parser.add_argument(
            "--only", action="append", default=[], metavar="CODE", help="only this guide (may be repeated)"
        )
        parser.add_argument("--background", action="store_true", help="let a worker make the files")
        parser.add_argument(
            "--sources", type=Path, default=SOURCES, metavar="DIR", help="folder with guides/ and facts.yaml"
        )
        parser.add_argument("--lang", choices=LANGUAGES, default=preferred_language(), help="language of the messages")

    def handle(self, *args: Any, **options: Any) -> None:
        with override(options["lang"]):
            guides = self._guides(options["sources"])
            unknown = set(options["only"]) - {guide.code for guide in guides}
            if unknown:
                message = _("There is no guide %(code)s.") % {"code": ", ".join(sorted(unknown))}
                raise CommandError(message, returncode=CORRECT)
            act, said = funding.load, OUTCOMES
            if options["dry_run"]:
                act, said = funding.planned, PLANS
            elif options["background"]:
                act, said = funding.load_in_background, QUEUED
            is_left = False
            for guide in guides:
                if options["only"] and guide.code not in options["only"]:
                    continue
                try:
                    told = str(said[act(guide)])
                except NassijError as refused:
                    told, is_left = f"{refused.message} {refused.remedy}", True
                self.stdout.write(f"{guide.code} {guide.version}: {told}")
            if is_left:
                raise CommandError(_("A guide was left as it is. Do what its line says."), returncode=LEFT)

    def _guides(self, sources: Path) -> Any:
        """Everything is read before anything is written."""
        try:
            checked = check(sources)
        except OSError as error:
            message = _("The sources could not be read: %(detail)s. Correct the rights on them.")
            raise CommandError(message % {"detail": error}, returncode=CORRECT) from error
        for problem in checked.problems:
            self.stderr.write(problem.line(_))
        if checked.problems:
            message = _("%(count)s to correct; nothing was written.") % {"count": len(checked.problems)}
            raise CommandError(message, returncode=CORRECT)
        return checked.guides
