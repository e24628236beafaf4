"""Load on a server: `python -m tools.with_services python -m benchmarks.load many|pace|reminders`. See ../README.md.

Exit code 1 when an answer was lost, doubled or altered, or a reminder missed; figures fail nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def main() -> int:
    arguments = _arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    if os.environ.get("NASSIJ_TEST_DB") != "mariadb":
        print("nassij: start this through `python -m tools.with_services`", file=sys.stderr)
        return 2

    import django

    django.setup()
    from django.db import connection

    database = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    os.environ["NASSIJ_TEST_DB_NAME"] = database
    print(f"load before: {_load()}")
    is_fine = {"many": many, "pace": pace, "reminders": reminders}[arguments.what](arguments, database)
    print(f"load after: {_load()}")
    return 0 if is_fine else 1


def many(arguments: argparse.Namespace, database: str) -> bool:
    """Answers from many worker processes as fast as they can, a third of them delivered twice."""
    from tests.services import saving

    chance = random.Random(arguments.seed)
    phones, codes = saving.make_phones(20, 10)
    stories = saving.said(phones, codes, arguments.answers // len(phones), chance)
    queues = saving.dealt(stories, arguments.workers, repeated=0.33, chance=chance)
    with tempfile.TemporaryDirectory() as folder:
        replies, seconds = saving.deliver_all(queues, Path(folder), database)
    found = saving.count(stories, replies)
    print(
        f"{found.sent} answers in {found.deliveries} deliveries by {arguments.workers} processes in {seconds:.0f} s "
        f"({found.deliveries / seconds:.0f} a second); stored {found.stored}, lost {len(found.lost)}, doubled "
        f"{len(found.doubled)}, altered {len(found.altered)}, refused {len(found.refused)}, another reply "
        f"{len(found.other_reply)}, failures before a retry {dict(found.failures)}"
    )
    return found.is_clean


def pace(arguments: argparse.Namespace, database: str) -> bool:
    """Answers at a steady pace over HTTP to two worker processes, with a database that flushes at every commit."""
    from django.db import connection

    from benchmarks.load import pace as paced
    from tests.services import saving

    with connection.cursor() as cursor:
        cursor.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 1")
    chance = random.Random(arguments.seed)
    wanted = arguments.rate * arguments.seconds
    phones, codes = saving.make_phones(60, 5)
    stories = saving.said(phones, codes, -(-wanted // len(phones)), chance)
    # Round and round the phones: a phone's next answer comes when its last one is long stored.
    deliveries = [story[number] for number in range(len(stories[0])) for story in stories][:wanted]
    cookies = paced.signed_in({phone.user_id for phone in phones})
    with paced.sites(arguments.workers, database) as ports:
        paced.play(deliveries[:50], cookies, ports, 20)  # templates, instrument, catalogs: as in a worker that has run
        done = paced.play(deliveries[50:], cookies, ports, arguments.rate)
    took = sorted(done.milliseconds)
    sent = deliveries[50:]
    print(
        f"{len(sent)} answers at {arguments.rate} a second on {arguments.workers} worker processes: median "
        f"{took[len(took) // 2]:.1f} ms, p95 {took[int(len(took) * 0.95)]:.1f} ms, p99 {took[int(len(took) * 0.99)]:.1f} ms, "
        f"longest {took[-1]:.0f} ms; faults {len(done.faults)} {done.faults[:3]}"
    )
    from governance_assessment.models import RespondentAnswer

    return not done.faults and RespondentAnswer.objects.count() == len(deliveries)


def reminders(arguments: argparse.Namespace, database: str) -> bool:
    """`nassij_send_reminders` once, with so many due."""
    from benchmarks.load.reminders import make_due
    from governance_assessment.models import DueReminder
    from nassij.common.models import OutgoingMail

    make_due(arguments.due, in_each=10)
    begin = time.monotonic()
    command = [sys.executable, "-m", "tests.services.send_reminders"]
    run = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - begin
    waiting, mails = DueReminder.objects.filter(handed_at=None).count(), OutgoingMail.objects.count()
    print(f"{run.stdout.strip()}{run.stderr[-500:]}")
    print(f"{arguments.due} due, handed over by one process in {seconds:.0f} s; still waiting {waiting}; mails {mails}")
    return run.returncode == 0 and waiting == 0 and mails == arguments.due


def _load() -> str:
    return " ".join(f"{number:.1f}" for number in os.getloadavg()) + f" on {os.cpu_count()} processors"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.load", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    what: Any = parser.add_subparsers(dest="what", required=True)
    command = what.add_parser("many", help=many.__doc__)
    command.add_argument("--answers", type=int, default=10_000)
    command.add_argument("--workers", type=int, default=8)
    command = what.add_parser("pace", help=pace.__doc__)
    command.add_argument("--rate", type=int, default=120)
    command.add_argument("--seconds", type=int, default=60)
    command.add_argument("--workers", type=int, default=2)
    command = what.add_parser("reminders", help=reminders.__doc__)
    command.add_argument("--due", type=int, default=60_000)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
