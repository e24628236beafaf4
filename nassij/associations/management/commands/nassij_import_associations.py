"""`nassij_import_associations FILE [--apply]`: the dry run of a table, and its import, without the pages."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError, CommandParser

from nassij.associations import queries
from nassij.associations.imports import applying, table
from nassij.associations.imports.plan import Plan, Status, build
from nassij.associations.models import AssociationImport
from nassij.common.errors import NassijError


class Command(BaseCommand):
    """Show what an import would do; with --apply, do it. Exit code 1 when a row has an error."""

    help = "Show what a CSV or XLSX table of associations and people would change; with --apply, change it."

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE and --apply."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--apply", action="store_true", help="Import the associations whose rows have no error.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, show, and perhaps apply."""
        path: Path = options["file"]
        try:
            read = table.read(SimpleUploadedFile(path.name, path.read_bytes()))
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except NassijError as error:
            raise CommandError(f"{error.message} {error.remedy}") from error
        for header in read.ignored:
            self.stderr.write(f"column left out: {header}")
        plan = build(read.rows, queries.whole_scope())
        self._show(plan)
        if options["apply"]:
            run = AssociationImport.objects.create(
                file_name=read.upload.name[:191], sha256=read.upload.sha256, rows=read.rows
            )
            counts = applying.apply_import(run, actor_id=None)
            applying.close_import(run, counts)
            self.stdout.write(f"applied: {counts['associations']} associations (import {run.uuid})")
        if plan.counts["error"]:
            raise CommandError(f"{plan.counts['error']} rows need correction.", returncode=1)

    def _show(self, plan: Plan) -> None:
        for row in plan.rows:
            if row.status is Status.SAME:
                continue
            self.stdout.write(f"row {row.row}: {row.status.value}: {row.name}")
            for issue in row.issues:
                self.stdout.write(f"    {issue.column}: {issue.message} {issue.remedy}")
            for change in row.changes:
                self.stdout.write(f"    {change.column}: {change.before or ''} -> {change.after}")
        counts = plan.counts
        self.stdout.write(", ".join(f"{status.value}: {counts[status.value]}" for status in Status))
