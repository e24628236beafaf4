"""`manage.py nassij_send_reminders`: hand over what is due in the action plans; run it every quarter of an hour."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from governance_assessment.plan.reminders import AT_ONCE, hand_over_due
from nassij.common import outbox, upkeep


class Command(BaseCommand):
    """One line of output, exit status 0 when everything that is due has been handed over."""

    help = (
        "Hand the reminders that are due over to the mail queue, one mail a day for each person. Safe at any time, also twice "
        "at once or after a kill."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=AT_ONCE, help=f"people per transaction (default: {AT_ONCE})")

    def handle(self, *args: Any, **options: Any) -> None:
        again = outbox.send_stale()
        done = hand_over_due(at_once=max(1, options["people"]))
        upkeep.ran("nassij_send_reminders")
        self.stdout.write(
            f"reminders handed over: {done.mailed} in {done.mails} mails; not wanted: {done.not_wanted}; "
            f"no longer members: {done.not_a_member}; mails sent again: {again}"
        )
