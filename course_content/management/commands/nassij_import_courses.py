"""`manage.py cms nassij_import_courses`: bring the courses of the suite into Studio, only where something changed.

Exit codes: 0 all runs are as their sources say; 1 nothing was looked at (sources or settings to correct, or no Studio here);
3 a run was left as it is, because its authors edited it or it is not ours; 4 the platform did not take a run.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from course_content.compiler import SOURCES, check
from course_content.importing.importer import Change, Edit, Outcome, Result, import_run
from course_content.importing.runs import BadKey, CompiledRun, SharedKey, compiled_runs
from course_content.importing.studio import NotInStudio, Studio
from nassij.common.links import course_run
from nassij.common.terminal import LANGUAGES, preferred_language

CORRECT, LEFT, FAILED = 1, 3, 4
SHOWN_EDITS = 20
THERE = (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.EDITED)

OUTCOMES = {
    Outcome.CREATED: gettext_lazy("imported, new"),
    Outcome.UPDATED: gettext_lazy("imported, updated"),
    Outcome.UNCHANGED: gettext_lazy("unchanged, nothing written"),
    Outcome.EDITED: gettext_lazy("left as it is: it was edited in Studio since the last import"),
    Outcome.FOREIGN: gettext_lazy("left as it is: it was there before, not imported by this command"),
    Outcome.BUSY: gettext_lazy("left as it is: another import of it began less than 15 minutes ago"),
    Outcome.OTHER_CASE: gettext_lazy("not imported: a course is there whose key differs in capital letters only"),
    Outcome.UNREADABLE: gettext_lazy("not imported: the platform cannot read it"),
    Outcome.FAILED: gettext_lazy("not imported: the platform failed, the course is as it was before"),
}
DRY_OUTCOMES = {
    **OUTCOMES,
    Outcome.CREATED: gettext_lazy("would be imported, new"),
    Outcome.UPDATED: gettext_lazy("would be updated"),
}
CHANGES = {
    Change.ADDED: pgettext_lazy("an edit in Studio", "added"),
    Change.CHANGED: pgettext_lazy("an edit in Studio", "changed"),
    Change.REMOVED: pgettext_lazy("an edit in Studio", "removed"),
}


class Command(BaseCommand):
    """Idempotent: a second run writes nothing, so it can run at every start of a site."""

    help = "Import the courses of the suite into Studio. Exit code 3: a run was left as its authors edited it; 4: it failed."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
        parser.add_argument(
            "--only", action="append", default=[], metavar="CODE", help="only this course (may be repeated)"
        )
        parser.add_argument("--force", action="store_true", help="also over what was edited in Studio")
        parser.add_argument("--sources", type=Path, default=SOURCES, metavar="DIR", help="folder with courses/")
        parser.add_argument("--lang", choices=LANGUAGES, default=preferred_language(), help="language of the messages")

    def handle(self, *args: Any, **options: Any) -> None:
        with override(options["lang"]):
            runs = self._runs(options["sources"], options["only"])
            try:
                studio = Studio()
            except NotInStudio as error:
                message = _("There is no Studio here. Run it in Studio: ./manage.py cms nassij_import_courses")
                raise CommandError(message, returncode=CORRECT) from error
            results = []
            for run in runs:
                result = import_run(run, studio, force=options["force"], dry_run=options["dry_run"])
                self._show(result, dry_run=options["dry_run"])
                results.append(result)
            self._name_the_runs(result.run for result in results if result.outcome in THERE)
            self._finish({result.outcome for result in results})

    def _runs(self, sources: Path, only: Sequence[str]) -> list[CompiledRun]:
        """The runs to import; everything is read and compiled before the platform is touched."""
        try:
            checked = check(sources, only)
        except OSError as error:
            message = _("The sources could not be read: %(detail)s. Correct the rights on them.")
            raise CommandError(message % {"detail": error}, returncode=CORRECT) from error
        for problem in checked.problems:
            self.stderr.write(problem.line(_))
        if checked.problems:
            message = _("%(count)s to correct; nothing was written.") % {"count": len(checked.problems)}
            raise CommandError(message, returncode=CORRECT)
        try:
            return compiled_runs(checked.courses)
        except SharedKey as error:
            message = _("Two courses would be imported into %(key)s. Correct NASSIJ_COURSE_RUNS; nothing was written.")
            raise CommandError(message % {"key": error}, returncode=CORRECT) from error
        except BadKey as error:
            message = _(
                "%(key)s cannot be the key of a course. Correct NASSIJ_COURSE_RUNS or NASSIJ_COURSE_ORG; nothing was written."
            )
            raise CommandError(message % {"key": error}, returncode=CORRECT) from error

    def _show(self, result: Result, *, dry_run: bool) -> None:
        said = (DRY_OUTCOMES if dry_run else OUTCOMES)[result.outcome]
        self.stdout.write(f"{result.run.key}  {result.run.course} ({result.run.language}): {said}")
        for reason in result.reasons:
            self.stdout.write(f"    {' '.join(reason.split())}")
        if not result.edits:
            return
        if result.outcome in (Outcome.CREATED, Outcome.UPDATED):
            self.stdout.write(
                "  " + (_("These edits would be overwritten:") if dry_run else _("These edits were overwritten:"))
            )
        else:
            self.stdout.write("  " + _("Edited in Studio since the last import:"))
        names = _user_names(edit.by for edit in result.edits)
        for edit in result.edits[:SHOWN_EDITS]:
            self.stdout.write("    " + _edit_line(edit, names))
        if len(result.edits) > SHOWN_EDITS:
            self.stdout.write("    " + _("and %(count)s more") % {"count": len(result.edits) - SHOWN_EDITS})

    def _name_the_runs(self, runs: Iterable[CompiledRun]) -> None:
        """Links to units work only for runs that `NASSIJ_COURSE_RUNS` names: say what to write there."""
        missing: dict[str, dict[str, str]] = {}
        for run in runs:
            if not course_run(run.course, run.language):
                missing.setdefault(run.course, {})[run.language] = str(run.key)
        if missing:
            self.stdout.write(_("So that links lead to these runs, add to NASSIJ_COURSE_RUNS in LMS and Studio:"))
            self.stdout.write("    " + json.dumps(missing, ensure_ascii=False))

    def _finish(self, outcomes: set[Outcome]) -> None:
        if outcomes & {Outcome.UNREADABLE, Outcome.FAILED, Outcome.OTHER_CASE}:
            message = _("Not every course could be imported. Correct what is named above, then run the command again.")
            raise CommandError(message, returncode=FAILED)
        if outcomes & {Outcome.EDITED, Outcome.FOREIGN}:
            message = _(
                "Courses were left as they are. To keep what was edited, export it from Studio first;"
                " to overwrite it, run the command with --force."
            )
            raise CommandError(message, returncode=LEFT)
        if Outcome.BUSY in outcomes:
            message = _("Wait until the other import has ended; if it was stopped, run the command with --force.")
            raise CommandError(message, returncode=LEFT)


def _edit_line(edit: Edit, names: dict[int, str]) -> str:
    line = f"{CHANGES[edit.change]}: {edit.title} ({edit.name})"
    if edit.on is not None:
        line += f", {timezone.localtime(edit.on):%Y-%m-%d %H:%M}"
    if edit.by in names:
        line += f", {names[edit.by]}"
    return line


def _user_names(ids: Iterable[int | None]) -> dict[int, str]:
    model = get_user_model()
    wanted = {user_id for user_id in ids if user_id is not None and user_id > 0}
    return {user.pk: user.get_username() for user in model.objects.filter(pk__in=wanted)}
