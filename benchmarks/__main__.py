"""`python -m benchmarks`: measure, print the table, say which goals are missed. See README.md beside this file."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import warnings
from pathlib import Path


def main() -> int:
    arguments = _arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    warnings.simplefilter("ignore")  # the peers' own deprecations
    logging.disable(logging.CRITICAL)

    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks import ledger, peers, report

    call_command("migrate", verbosity=0)
    ledger.keep_account()
    from benchmarks.figures import sections

    found, speed = sections(arguments.samples)
    machine = report.describe_machine(["openedx-nassij", "Django", "XBlock", *peers.PACKAGES])
    print(report.as_text(machine, found, speed))
    if arguments.json:
        arguments.json.write_text(report.as_json(machine, found, speed) + "\n", "utf-8")
    return 1 if arguments.strict and report.missed(found) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description="Our figures beside the peers', in one run.")
    parser.add_argument("--samples", type=int, default=200, help="runs of each case (default: 200)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a goal is missed")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
