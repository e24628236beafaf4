"""Does each block work? Shown to a learner and answered in the LMS, shown to an author in Studio; nothing of it stays."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nassij.common.errors import NassijError
from nassij.common.selfcheck import CMS, LMS, Asked, BlockSample, Finding, check, failed, ok, samples
from nassij.operations.account import NotOurs, account, undone, untold
from nassij.operations.course import DIGEST, course_key, digest, usage_key
from nassij.operations.lms import Lms
from nassij.operations.studio import SelfCheckStudio

log = logging.getLogger(__name__)


@check("course", title=gettext_lazy("The hidden course of the self-check is there"), on=CMS)
def course(asked: Asked) -> Iterator[Finding]:
    """Made or brought up to date, when it has to be."""
    key, written = course_key(), SelfCheckStudio().make_course(course_key(), samples())
    message = _("Written: %(key)s.") if written else _("There, nothing written: %(key)s.")
    yield ok(message % {"key": key}, course=str(key), written=written)


@check("blocks", title=gettext_lazy("A learner meets each block, and it takes an answer"), on=LMS)
def blocks(asked: Asked) -> Iterator[Finding]:
    """Rendered and answered through the platform's runtime by the account of the self-check."""
    lms, key = Lms(), course_key()
    missing = course_missing(lms)
    if missing:
        yield missing
        return
    try:
        learner = account()
    except NotOurs as error:
        yield name_taken(error)
        return
    lms.enrol(learner, key)
    lms.forget(learner, key)
    for sample in samples().values():
        with untold(), undone():
            found = _answered(lms, learner, sample)
        yield found
    left = lms.forget(learner, key)
    if left:
        yield failed(
            _("The self-check left %(rows)s rows behind; they are deleted now.") % {"rows": left},
            _("Use a database that can undo a transaction (InnoDB), for LMS and Studio."),
        )


@check("studio", title=gettext_lazy("An author meets each block in Studio"), on=CMS)
def studio(asked: Asked) -> Iterator[Finding]:
    """Preview and form of each block, through Studio's runtime."""
    there = SelfCheckStudio()
    there.make_course(course_key(), samples())
    try:
        person = account()
    except NotOurs as error:
        yield name_taken(error)
        return
    for sample in samples().values():
        with undone():
            found = _authored(there, person, sample)
        yield found


def course_missing(lms: Lms) -> Finding | None:
    """What to say where the hidden course is not there, or not as this version of the suite wants it."""
    key, remedy = course_key(), _("Run first: ./manage.py cms nassij_selfcheck")
    made_of = lms.made_of(key)
    if made_of is None:
        return failed(_("The hidden course %(key)s is not there.") % {"key": key}, remedy)
    if made_of.get(DIGEST) != digest(samples()):
        return failed(_("The hidden course %(key)s is that of another version.") % {"key": key}, remedy)
    return None


def name_taken(error: NotOurs) -> Finding:
    """What to say where somebody has the name of the account."""
    return failed(
        _("Somebody else has an account called %(name)s.") % {"name": error},
        _("Rename that account in the Django admin of the LMS; the self-check makes its own."),
    )


def _answered(lms: Lms, learner: Any, sample: BlockSample) -> Finding:
    usage, words = usage_key(course_key(), sample.block_type), {"block": sample.block_type}
    remedy = _("Read the whole error in the log of this command; if it names the database, apply the migrations first.")
    try:
        payload = sample.prepare(learner.pk)
        page = lms.student_view(learner, usage)
    except Exception as error:  # whatever the platform or the block makes of it
        message = _("%(block)s cannot be shown: %(error)s") % {**words, "error": described(error)}
        return failed(message, str(error.remedy) if isinstance(error, NassijError) else remedy)
    if sample.shows not in page.content:
        return failed(_("%(block)s is shown, but not as it should be.") % words, remedy, shown=page.content[:500])
    try:
        status, reply = lms.handle(learner, usage, sample.handler, payload)
    except Exception as error:  # as above
        return failed(_("%(block)s takes no answer: %(error)s") % {**words, "error": described(error)}, remedy)
    if status != 200 or not sample.accepts(reply):
        return failed(_("%(block)s took an answer wrongly.") % words, remedy, status=status, reply=reply)
    return ok(_("%(block)s: shown, answered, and forgotten.") % words, block=sample.block_type)


def _authored(there: SelfCheckStudio, person: Any, sample: BlockSample) -> Finding:
    words = {"block": sample.block_type}
    remedy = _("Read the whole error in the log of this command; if it names the database, apply the migrations first.")
    try:
        preview, form = there.views(person, usage_key(course_key(), sample.block_type))
    except Exception as error:  # whatever the platform or the block makes of it
        return failed(_("%(block)s cannot be edited: %(error)s") % {**words, "error": described(error)}, remedy)
    if sample.shows_author not in preview.content:
        return failed(_("%(block)s is shown, but not as it should be.") % words, remedy, shown=preview.content[:500])
    if sample.shows_form not in form.content:
        return failed(_("%(block)s offers its author no form.") % words, remedy, shown=form.content[:500])
    return ok(_("%(block)s: preview and form.") % words, block=sample.block_type)


def described(error: Exception) -> str:
    """The error being handled in one line; the whole of it goes to the log."""
    log.exception("the self-check met an error")
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
