"""What this app can say of itself in the site's self-check: are the courses there, and are they those of this version?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from opaque_keys.edx.keys import CourseKey

from course_content.compiler import SOURCES
from course_content.compiler import check as read_sources
from course_content.importing.runs import CompiledRun, compiled_runs
from course_content.importing.studio import NotInStudio, Studio
from course_content.models import ImportedRun
from nassij.common.links import course_run
from nassij.common.selfcheck import CMS, PLATFORM, Asked, Finding, check, failed, ok, warned


@check("courses", title=gettext_lazy("The courses are there"), on=PLATFORM)
def courses(asked: Asked) -> Iterator[Finding]:
    """Each run of our sources has been imported, is still on the platform, and links find it."""
    imported = {row.course_key: row for row in ImportedRun.objects.all()}
    # Asked for by name, as an app's models: no module of the platform is needed for it.
    overviews: Any = apps.get_model("course_overviews.CourseOverview")  # type: ignore[misc]
    runs, to_correct = _runs()
    if to_correct:
        yield failed(
            _("The sources of the courses cannot all be read: %(count)s to correct.") % {"count": to_correct},
            _("Run: python -m course_content check; it names each place and its remedy."),
        )
    there = {
        str(key) for key in overviews.objects.filter(id__in=[run.key for run in runs]).values_list("id", flat=True)
    }
    for run in runs:
        yield _run(run, imported.get(str(run.key)), str(run.key) in there)


@check("advanced_modules", title=gettext_lazy("Trainers find the blocks in Studio"), on=CMS)
def advanced_modules(asked: Asked) -> Iterator[Finding]:
    """Each imported course offers the blocks it is made of to its authors (Advanced Module List)."""
    try:
        store = Studio().store
    except NotInStudio:  # installed, but not set up
        return
    for key in ImportedRun.objects.exclude(digest="").order_by("course_key").values_list("course_key", flat=True):
        course = store.get_course(CourseKey.from_string(key))
        if course is None:
            continue  # the check of the courses says so
        used = {name.partition("@")[0] for name in _blocks_of(key)}
        missing = sorted(name for name in used if name.startswith("nassij_") and name not in course.advanced_modules)
        if missing:
            yield failed(
                _("%(course)s does not offer its authors: %(blocks)s.") % {"course": key, "blocks": ", ".join(missing)},
                _("In Studio, under Settings, Advanced Settings, add them to the Advanced Module List of the course."),
            )
        else:
            yield ok(_("%(course)s offers them.") % {"course": key}, course=key)


def _runs() -> tuple[list[CompiledRun], int]:
    """The runs that this version has, compiled; and how many mistakes keep others from being among them."""
    checked = read_sources(SOURCES)
    return compiled_runs(checked.courses), len(checked.problems)


def _run(run: CompiledRun, row: ImportedRun | None, is_there: bool) -> Finding:
    words = {"course": str(run.key)}
    bring = _("Run: ./manage.py cms nassij_import_courses")
    if row is None or not row.digest:
        return failed(_("%(course)s has not been imported.") % words, bring, **words)
    if row.started_at is not None:
        return failed(_("The import of %(course)s was cut short.") % words, bring, **words)
    if not is_there:
        return failed(
            _("%(course)s was imported, but is no longer on the platform.") % words, bring + " --force", **words
        )
    if row.digest != run.digest:
        message = _("%(course)s is not that of this version: it was edited in Studio, or not imported since.")
        return warned(message % words, bring, **words)
    if course_run(run.course, run.language) != str(run.key):
        remedy = _("Add it to NASSIJ_COURSE_RUNS in LMS and Studio, under %(code)s, %(language)s: %(course)s")
        message = _("%(course)s is there, but results and guides do not link to its units.")
        return warned(message % words, remedy % {**words, "code": run.course, "language": run.language}, **words)
    return ok(_("%(course)s: %(units)s units.") % {**words, "units": run.units}, **words)


def _blocks_of(key: str) -> list[str]:
    return list(ImportedRun.objects.values_list("content", flat=True).get(course_key=key)["blocks"])
