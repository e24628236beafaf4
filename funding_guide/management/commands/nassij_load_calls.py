"""Load funding calls: the models that come with the suite, or the files given, and publish them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from funding_guide.calls.loading import OWN_FILES, load_call_file, planned, read_call
from nassij.common.errors import Conflict, NassijError


class Command(BaseCommand):
    """Idempotent: what is loaded already is left alone, so it can run at every start of a site."""

    help = "Load funding calls (YAML or JSON) and publish them; a file that is loaded already writes nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="files of calls; the suite's own models by default")
        parser.add_argument("--draft", action="store_true", help="store without publishing")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["files"] or sorted(OWN_FILES.glob("*.yaml")):
            try:
                if options["dry_run"]:
                    call = read_call(path.read_bytes(), path.name)
                    self.stdout.write(f"{call.slug} {call.version}: {planned(call)} (dry run)")
                    continue
                loaded = load_call_file(path, publish=not options["draft"])
            except Conflict as error:
                if options["files"] or error.code != "version_not_after":
                    raise CommandError(f"{path}: {error.message} {error.remedy}") from error
                self.stdout.write(f"{path.stem}: skipped, a newer version is shown")
                continue
            except OSError as error:
                raise CommandError(f"{path}: {error.strerror or error}") from error
            except NassijError as error:
                raise CommandError(
                    "\n".join([f"{path}: {error.message}", *_places(error), str(error.remedy)])
                ) from error
            self.stdout.write(f"{loaded.slug} {loaded.version}: {loaded.outcome}")


def _places(error: NassijError) -> list[str]:
    """One line per problem: where, what."""
    return [
        f"  line {found['line'] or '?'}  {found['path'] or '/'}  {found['text']}"
        for found in error.extra.get("problems", ())
    ]
