"""`manage.py lms nassij_seed [--demo --demo-password …]`: what a new site starts with; safe at every start.

One command and not four, because each start of the platform costs a quarter of a minute.
"""

from __future__ import annotations

import argparse
import os
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import override

from nassij.common.conf import setting
from nassij.common.terminal import LANGUAGES, preferred_language
from nassij.operations.seeding import people, platform

PASSWORD_VARIABLE = "NASSIJ_DEMO_PASSWORD"  # noqa: S105 - the name of a variable
SHORTEST = 8
A_GUIDE_WAS_LEFT = 3


class Command(BaseCommand):
    """Idempotent: a second run writes nothing."""

    help = "Release the languages, switch completion on, load what comes with the suite, guard results; --demo: invented people."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="also invented people and their association")
        parser.add_argument(
            "--demo-password",
            default=os.environ.get(PASSWORD_VARIABLE, ""),
            metavar="PASSWORD",
            help=f"of the invented people; ${PASSWORD_VARIABLE} without it",
        )
        parser.add_argument("--lang", choices=LANGUAGES, default=preferred_language(), help="language of the messages")

    def handle(self, *args: Any, **options: Any) -> None:
        with override(options["lang"]):
            password = options["demo_password"]
            if options["demo"] and len(password) < SHORTEST:
                message = _("Give the invented people a password of %(least)s characters or more: --demo-password")
                raise CommandError(message % {"least": SHORTEST})
            try:
                self.stdout.write(platform.release(setting("NASSIJ_LANGUAGES")))
            except ImportError as error:
                raise CommandError(_("There is no LMS here. Run it there: ./manage.py lms nassij_seed")) from error
            self.stdout.write(platform.remember_completion())
            call_command("nassij_load_instruments", stdout=self.stdout)
            call_command("nassij_load_calls", stdout=self.stdout)
            self._load_guides()
            self._guard()
            if options["demo"]:
                self._invent(password)

    def _load_guides(self) -> None:
        """Their files are the worker's business: it has the folders they belong in, which the container of a job may not have."""
        try:
            call_command("nassij_load_guides", background=True, lang=translation.get_language(), stdout=self.stdout)
        except CommandError as error:
            if error.returncode != A_GUIDE_WAS_LEFT:
                raise
            self.stderr.write(str(error))

    def _guard(self) -> None:
        """Once more after the migrations, which the database may have refused it; a site works without."""
        try:
            call_command("nassij_guard_snapshots", stdout=StringIO())
        except CommandError as error:
            self.stderr.write(str(error))
        else:
            self.stdout.write(_("submitted results: guarded by the database"))

    def _invent(self, password: str) -> None:
        try:
            self.stdout.write(people.invent(password))
        except people.NotOurs as error:
            message = _("Somebody else has these accounts: %(names)s. Nothing was written for the invented people.")
            raise CommandError(message % {"names": error}) from error
