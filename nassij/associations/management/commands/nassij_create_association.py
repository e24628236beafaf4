"""`nassij_create_association NAME --province CODE [--president USERNAME] …`: one association, for an operator."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from nassij.associations import api, codes, reference
from nassij.associations.models import Association
from nassij.common.errors import NassijError


class Command(BaseCommand):
    """Create an association and print its uuid and join code."""

    help = "Create an association; prints its uuid and its join code."

    def add_arguments(self, parser: CommandParser) -> None:
        """NAME and the profile."""
        parser.add_argument("name")
        parser.add_argument("--province", required=True, choices=sorted(reference.provinces()))
        parser.add_argument("--name-fr", default="")
        parser.add_argument("--commune", default="")
        parser.add_argument("--field", action="append", default=[], choices=sorted(reference.fields()), dest="fields")
        parser.add_argument("--founded-year", type=int)
        parser.add_argument(
            "--president", metavar="USERNAME", help="Its president, who also leads the self-assessment."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Create it."""
        president = None
        if options["president"]:
            president = get_user_model()._default_manager.filter(username=options["president"]).first()
            if president is None:
                raise CommandError(f"There is no account called {options['president']}.")
        try:
            made = api.create_association(
                name=options["name"],
                province=options["province"],
                name_fr=options["name_fr"],
                commune=options["commune"],
                fields=tuple(options["fields"]),
                founded_year=options["founded_year"],
                president_id=president.pk if president else None,
            )
        except NassijError as error:
            details = "".join(f"\n  {name}: {message}" for name, message in error.extra.get("fields", {}).items())
            raise CommandError(f"{error.message} {error.remedy}{details}") from error
        code = Association.objects.values_list("join_code", flat=True).get(pk=made.id)
        self.stdout.write(f"{made.uuid}\t{codes.shown(code)}")
