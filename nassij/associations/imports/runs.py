"""Imports as a person handles them: upload, look, apply, undo. Every function checks who may."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nassij.associations import problems
from nassij.associations.access import require_import
from nassij.associations.imports import table
from nassij.associations.imports.plan import Plan, build
from nassij.associations.models import AssociationImport
from nassij.common import jobs
from nassij.common.errors import Conflict
from nassij.common.models import Job

APPLY, UNDO = "associations.import", "associations.import_undo"
FORGET_AFTER = timedelta(days=7)
"""An upload that was neither applied nor discarded names people: it is forgotten after this."""


def upload(*, user_id: int | None, file: Any) -> tuple[AssociationImport, list[str]]:
    """Keep a table for checking; also the headers that were not recognised. Checks `require_import`.

    Raises `BadInput`, `TooLarge` or `Unprocessable` for what is no such table.
    """
    require_import(user_id=user_id)
    read = table.read(file)
    forget_abandoned()
    run = AssociationImport.objects.create(
        owner_id=user_id, file_name=read.upload.name[:191], sha256=read.upload.sha256, rows=read.rows
    )
    return run, read.ignored


def mine(*, user_id: int | None) -> list[AssociationImport]:
    """A person's own imports, newest first, without their rows. Checks `require_import`."""
    require_import(user_id=user_id)
    return list(AssociationImport.objects.filter(owner_id=user_id).defer("rows")[:20])


def get(*, user_id: int | None, uuid: UUID) -> AssociationImport:
    """One of a person's own imports. Checks `require_import`; raises `NotFound` for anyone else's."""
    require_import(user_id=user_id)
    run = AssociationImport.objects.filter(owner_id=user_id, uuid=uuid).first()
    if run is None:
        raise problems.unknown_import()
    return run


def dry_run(run: AssociationImport, *, user_id: int | None) -> Plan:
    """What the import would do now. Checks `require_import`."""
    return build(run.rows, require_import(user_id=user_id))


def start_apply(*, user_id: int | None, uuid: UUID) -> Job:
    """Let the worker apply an import. Checks; raises `Conflict` for one that was applied already."""
    run = get(user_id=user_id, uuid=uuid)
    if run.state != AssociationImport.State.READY:
        raise Conflict(
            _("This import was already applied."),
            code="already_applied",
            remedy=_("Upload the table again to see what is left."),
        )
    return jobs.start(kind=APPLY, subject=str(run.uuid), owner_id=user_id)


def start_undo(*, user_id: int | None, uuid: UUID) -> Job:
    """Let the worker undo an import. Checks; raises `Conflict` for one that is not applied, or too old."""
    run = get(user_id=user_id, uuid=uuid)
    if not may_undo(run):
        raise Conflict(
            _("This import cannot be undone."),
            code="cannot_undo",
            remedy=_("It was not applied, was undone already, or is too old: correct the associations one by one."),
        )
    return jobs.start(kind=UNDO, subject=str(run.uuid), owner_id=user_id)


def may_undo(run: AssociationImport) -> bool:
    """Whether an import can still be undone."""
    until = undo_until(run)
    return until is not None and timezone.now() < until


def undo_until(run: AssociationImport) -> datetime | None:
    """Until when an applied import can be undone; None for one that is not applied."""
    if run.state != AssociationImport.State.APPLIED or run.applied_at is None:
        return None
    return run.applied_at + timedelta(days=settings.NASSIJ_IMPORT_UNDO_DAYS)


def discard(*, user_id: int | None, uuid: UUID) -> None:
    """Delete an import that was not applied. Checks; one that was applied stays, for its undo."""
    with transaction.atomic():
        run = get(user_id=user_id, uuid=uuid)
        if run.state == AssociationImport.State.READY:
            run.delete()


def last_job(*, uuid: UUID) -> Job | None:
    """The newest job that applies or undoes an import, if it is still at work or has failed; its success shows in the state.

    Does not check: ask `get` too, after this, so that the state is not older than the job.
    """
    job = Job.objects.filter(kind__in=(APPLY, UNDO), subject=str(uuid)).order_by("-pk").first()
    return job if job is not None and job.state != Job.State.DONE else None


def forget_abandoned() -> None:
    """Delete what was uploaded long ago and never applied."""
    old = AssociationImport.objects.filter(
        state=AssociationImport.State.READY, created_at__lt=timezone.now() - FORGET_AFTER
    )
    old.delete()
