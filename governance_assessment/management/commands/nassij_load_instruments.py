"""Load the instruments that come with the suite, or the files given, and publish them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance_assessment.domain.changes import version_key
from governance_assessment.instruments.library import INSTRUMENTS
from governance_assessment.instruments.loading import load_instrument_file
from nassij.common.errors import Conflict, NassijError


class Command(BaseCommand):
    """Idempotent: what is loaded already is left alone, so it can run at every start of a site."""

    help = "Load instruments (YAML) and publish them; a file that is loaded already writes nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="*", type=Path, help="instrument files; all that come with the suite by default"
        )
        parser.add_argument("--draft", action="store_true", help="store without publishing")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["files"] or own_files():
            self._load(path, publish=not options["draft"], may_be_older=not options["files"])

    def _load(self, path: Path, *, publish: bool, may_be_older: bool) -> None:
        """`may_be_older`: a site that published newer versions of its own still starts, and keeps them in use."""
        try:
            loaded = load_instrument_file(path, publish=publish)
        except Conflict as error:
            if not (may_be_older and error.code == "version_not_after"):
                raise CommandError(f"{path}: {error.message}\n{error.remedy}") from error
            self.stdout.write(f"{path.parent.name} {path.stem}: skipped, a newer version has been published")
            return
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}") from error
        except NassijError as error:
            raise CommandError("\n".join([f"{path}: {error.message}", *_places(error), str(error.remedy)])) from error
        self.stdout.write(f"{loaded.slug} {loaded.version}: {loaded.outcome}")


def own_files() -> list[Path]:
    """The files of the suite, the versions of each instrument in the order of their numbers."""
    return sorted(INSTRUMENTS.glob("*/*.yaml"), key=lambda path: (path.parent.name, version_key(path.stem)))


def _places(error: NassijError) -> list[str]:
    """One line per problem: where, what."""
    return [
        f"  line {found['line'] or '?'}  {found['path'] or '/'}  {found['code']} {found['params'] or ''}".rstrip()
        for found in error.extra.get("problems", ())
    ]
