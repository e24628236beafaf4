"""`python -m benchmarks.reports [--reports 600] [--round full|express]`: reports of a round by one worker, one after another.

Each is another one: an action of the plan changes, the language goes round. Printed are the CPU time of a whole job (reading,
printing, keeping) and of the printing alone, the memory of the process on its way, and the size of the files. Needs nothing but
the suite, so it runs in any of its environments.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

LANGUAGES = ("ar", "fr", "en")
GOALS = {"printing": 40, "memory": 150, "size": 120}


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.reports", description="Reports made by one worker.")
    parser.add_argument("--reports", type=int, default=600, help="how many (default: 600)")
    parser.add_argument("--round", choices=("full", "express"), default="full", help="48 questions (default) or 18")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        settings.NASSIJ_PRIVATE_STORAGE = {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder},
        }
        measured = Measured(arguments.reports, arguments.round)
        files = len([path for path in Path(folder).rglob("*") if path.is_file()])
    measured.show()
    print(f"files kept       {files:8} of {arguments.reports} made, one for each language")
    return 0


class Measured:
    """The reports of one round, made and measured."""

    def __init__(self, count: int, kind: str) -> None:
        from governance_assessment import api
        from governance_assessment.reports import made
        from nassij.common import jobs

        jobs._send = lambda job: None  # the worker's part is done here, at once
        self.printing: list[float] = []
        made.pdf.render = self.timed(made.pdf.render)  # type: ignore[assignment]
        president, opened, change = a_round(kind)
        self.whole: dict[str, list[float]] = {language: [] for language in LANGUAGES}
        self.sizes: dict[str, int] = {}
        self.memory = {0: memory()}
        for number in range(count):
            language = LANGUAGES[number % len(LANGUAGES)]
            change(number)
            job = api.start_report(user_id=president, round_uuid=opened.uuid, language=language)
            start = time.process_time()
            jobs.run(str(job.uuid))
            self.whole[language].append(time.process_time() - start)
            found = api.report_file(user_id=president, round_uuid=opened.uuid, language=language)
            self.sizes[language] = max(found.file.size, self.sizes.get(language, 0))
            if number + 1 in (1, 50, count // 2, count):
                self.memory[number + 1] = memory()

    def timed(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            start = time.process_time()
            try:
                return work(*args, **kwargs)
            finally:
                self.printing.append(time.process_time() - start)

        return run

    def show(self) -> None:
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        print(
            f"printing, ms CPU {1000 * median(self.printing):8.1f} (goal {GOALS['printing']}), median; Arabic:", end=" "
        )
        print(f"{1000 * median(self.printing[:: len(LANGUAGES)]):.1f}")
        for language, times in self.whole.items():
            print(f"whole job, {language}    {1000 * median(times):8.1f}")
        print(f"memory, MB       {max(self.memory.values()):8} (goal {GOALS['memory']}); after so many:", end=" ")
        print(", ".join(f"{number}: {found}" for number, found in self.memory.items()))
        sizes = ", ".join(f"{language}: {-(-size // 1024)}" for language, size in self.sizes.items())
        print(f"largest file, KB {-(-max(self.sizes.values()) // 1024):8} (goal {GOALS['size']}); {sizes}")


def a_round(kind: str) -> tuple[int, Any, Callable[[int], None]]:
    """A round of 48 or 18 questions with the coach's word beside each, a plan of five actions, and how to change one."""
    from governance_assessment import api
    from governance_assessment.models import PlanItem
    from nassij.associations.api import Role
    from tests.governance_assessment.helpers import ALL_TRUE, INSTRUMENT_FILE, fill, set_profile
    from tests.governance_assessment.plans import ANSWERS, add
    from tests.nassij.associations import factories

    api.load_instrument_file(INSTRUMENT_FILE, publish=True)
    association = factories.make_association("جمعية الأمل للتنمية والتضامن")
    president = factories.make_member(association, role=Role.PRESIDENT)
    coach = factories.make_coach(association)
    opened = api.open_round(user_id=president.pk, association_id=association.id, kind=kind)
    opened = set_profile(president, opened, ALL_TRUE)
    answers = {"*": 3, **ANSWERS, "2.1": 2, "2.3": 2}
    fill(president, opened, api.published_instrument(slug="gov-ma").instrument, answers)
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    api.validate_round(user_id=coach.pk, round_uuid=opened.uuid, confirm_rest=True, remark="عمل جيد، واصلوا.")
    items = [add(president, association, owner_id=president.pk) for _ in range(5)]

    def change(number: int) -> None:
        PlanItem.objects.filter(pk=items[0].pk).update(title=f"إجراء رقم {number}")

    return president.pk, opened, change


def memory() -> int:
    """Resident memory of this process, MB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024**2


if __name__ == "__main__":
    sys.exit(main())
