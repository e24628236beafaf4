"""`manage.py lms|cms nassij_selfcheck`: does this site work? Each finding with what to do about it.

Exit codes: 0 all is well; 1 something failed; 3 nothing failed, but there is no platform here (`docs/operations/selfcheck.rst`).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from nassij.common.selfcheck import Asked, Check, Checked, checks, perform, service
from nassij.common.terminal import LANGUAGES, preferred_language
from nassij.operations.report import as_json, exit_code, last_line, lines

USAGE = 2
FIRST = ("entry_points", "migrations", "settings", "course")
"""What the others stand on: shown first, and the hidden course made before it is used."""


class Command(BaseCommand):
    """Run in the LMS and in Studio, at any time: it takes away again what it writes, but for its hidden course and account."""

    help = "Look whether this site works, and say what to do where it does not. Exit code 1: something failed."
    requires_system_checks: list[str] = []  # what they find is among the findings

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
        parser.add_argument(
            "--only", action="append", default=[], metavar="CHECK", help="only this check (may be repeated)"
        )
        parser.add_argument("--list", action="store_true", help="name the checks and end")
        parser.add_argument("--strict", action="store_true", help="a warning counts as a failure")
        parser.add_argument(
            "--address", default="", metavar="URL", help="ask this server for static files, by the site's name"
        )
        parser.add_argument("--seconds", type=float, default=30, help="how long to wait for a worker (default: 30)")
        parser.add_argument("--lang", choices=LANGUAGES, default=preferred_language(), help="language of the findings")

    def handle(self, *args: Any, **options: Any) -> None:
        with override(options["lang"]):
            wanted = self._wanted(options["only"])
            if options["list"]:
                for found in wanted:
                    self.stdout.write(f"{found.name:20} {found.title}")
                return
            asked = Asked(service(), options["address"], options["seconds"])
            results = [self._look(one, asked, show=not options["json"]) for one in wanted]
            if options["json"]:
                self.stdout.write(
                    json.dumps(as_json(results, asked.service), ensure_ascii=False, indent=2, default=str)
                )
            else:
                self.stdout.write(last_line(results, asked.service))
            code = exit_code(results, asked.service, strict=options["strict"])
            if code:
                raise SystemExit(code)

    def _wanted(self, only: Sequence[str]) -> list[Check]:
        known = checks()
        unknown = [name for name in only if name not in known]
        if unknown:
            words = {"names": ", ".join(unknown), "known": ", ".join(known)}
            raise CommandError(_("No such check: %(names)s. There are: %(known)s.") % words, returncode=USAGE)
        ordered = {name: known[name] for name in FIRST} | dict(known)
        return [found for name, found in ordered.items() if not only or name in only]

    def _look(self, one: Check, asked: Asked, *, show: bool) -> Checked:
        """Shown as soon as it is known: a worker that is waited for takes half a minute."""
        result = perform(one, asked)
        if show:
            for line in lines(result):
                self.stdout.write(line)
            self.stdout.flush()
        return result
