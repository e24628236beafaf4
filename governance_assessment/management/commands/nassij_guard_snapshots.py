"""`nassij_guard_snapshots`: have the database itself refuse changes to what was submitted or published."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from governance_assessment import guards


class Command(BaseCommand):
    """Creates the triggers that a migration could not; running it again does nothing."""

    help = "Creates the triggers that keep submitted results and published instruments as they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, help="Alias of the database (default: %(default)s)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            created = guards.install(connections[options["database"]])
        except DatabaseError as error:
            raise CommandError(f"The triggers could not be created: {error}\n{guards.HINT}") from error
        self.stdout.write(f"created {created}" if created else "unchanged")
