"""`manage.py nassij_instrument`: instrument versions as files: export, check, store as a draft, publish, retire."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from governance_assessment.cli.change_words import grouped, size_text
from governance_assessment.cli.messages import LANGUAGES
from governance_assessment.instruments import files, loading
from governance_assessment.instruments.drafts import save_draft
from governance_assessment.models import InstrumentVersion
from nassij.common.errors import NassijError

MAX_BYTES = 4 * 1024 * 1024


class Command(BaseCommand):
    """Exit status 0 when it was done, 1 otherwise; then stderr has one line for each problem, with its line or cell."""

    help = (
        "Export a version as YAML or XLSX, check such a file, store it as a draft, publish a draft, retire a version."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--lang", choices=LANGUAGES, default="ar", help="language of messages (default: %(default)s)"
        )
        commands = parser.add_subparsers(dest="command", required=True)
        export = commands.add_parser("export", help="write a version to a file (.yaml or .xlsx)")
        export.add_argument("slug")
        export.add_argument("version")
        export.add_argument("file", type=Path)
        for name, text in (("check", "say what storing a file would change"), ("draft", "store a file as a draft")):
            commands.add_parser(name, help=text).add_argument("file", type=Path)
        for name, text in (("publish", "publish a draft"), ("retire", "take a version out of use")):
            named = commands.add_parser(name, help=text)
            named.add_argument("slug")
            named.add_argument("version")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["lang"]):
            try:
                getattr(self, f"_{options['command']}")(options)
            except OSError as error:
                raise CommandError(f"{error.filename}: {error.strerror}") from error
            except NassijError as error:
                raise CommandError("\n".join(self._lines(error, options))) from error

    def _export(self, options: dict[str, Any]) -> None:
        version, file = self._find(options), options["file"]
        file.write_bytes(files.as_workbook(version) if file.suffix == ".xlsx" else files.as_yaml(version))
        self.stdout.write(str(file))

    def _check(self, options: dict[str, Any]) -> files.DryRun:
        with options["file"].open("rb") as file:
            found = files.dry_run(file.read(MAX_BYTES + 1), options["file"].name)
        language = options["lang"]
        for part in found.draft.completeness:
            self.stdout.write(f"{part.language}: {part.percent} %")
        for path, missing_language, cell in found.missing:
            self.stdout.write(f"{options['file']}: {cell or path} {missing_language}: …")
        for size, texts in grouped(found.compatibility.changes, language):
            for text in texts:
                self.stdout.write(f"{size_text(size, language)}: {text}")
        return found

    def _draft(self, options: dict[str, Any]) -> None:
        instrument = (found := self._check(options)).draft.instrument
        stored = InstrumentVersion.objects.filter(slug=instrument.slug, version=instrument.version).first()
        save_draft(found.draft, actor_id=None, version_id=stored.pk if stored else None)
        self.stdout.write(f"{instrument.slug} {instrument.version}: draft")

    def _publish(self, options: dict[str, Any]) -> None:
        loading.publish(self._find(options).pk, actor_id=None)
        self.stdout.write(f"{options['slug']} {options['version']}: published")

    def _retire(self, options: dict[str, Any]) -> None:
        loading.retire(slug=options["slug"], version=options["version"])
        self.stdout.write(f"{options['slug']} {options['version']}: retired")

    def _find(self, options: dict[str, Any]) -> InstrumentVersion:
        found = InstrumentVersion.objects.filter(slug=options["slug"], version=options["version"]).first()
        if found is None:
            raise loading.unknown()
        return found

    def _lines(self, error: NassijError, options: dict[str, Any]) -> list[str]:
        name = options.get("file") or f"{options['slug']} {options['version']}"
        problems = error.extra.get("problems", ())
        places = [(found.get("cell") or (f"{found['line']}" if found.get("line") else ""), found) for found in problems]
        return [
            *(f"{name}:{place}: {found['text']} ({found['path']})" for place, found in places),
            f"{name}: {error.message} {error.remedy}",
        ]
