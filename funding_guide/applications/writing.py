"""Changing application files. Every function asks who may; who saves second is told, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nassij.associations.api import Access, Action, members, require
from nassij.common.audit import record
from nassij.common.errors import Conflict, NotFound, Unprocessable
from nassij.common.idempotency import retrying

from ..calls.library import call_version, current_call
from ..data import ApplicationState
from ..domain import Document
from ..models import Application, ApplicationDocument
from ..models.applications import DOCUMENT_FIELDS, PROJECT_FIELDS
from .reading import find, slot

Result = TypeVar("Result")
FARTHEST = 10
"""Years before and after today in which a day of a document lies."""


def open_application(*, user_id: int | None, association_uuid: UUID, slug: str) -> UUID:
    """Begin the file of an association for the call as it is shown; the one it has already, if it has. Returns its uuid.

    Checks permissions: who prepares its files. Raises `NotFound`, `Forbidden`.
    """
    access = require(user_id=user_id, action=Action.EDIT_APPLICATIONS, association_uuid=association_uuid)
    shown = current_call(slug)
    place = slot(access.association_id, slug)

    def begin() -> UUID:
        with transaction.atomic():
            stored, made = Application.objects.get_or_create(
                open_slot=place,
                defaults={
                    "association_id": access.association_id,
                    "association_uuid": access.association_uuid,
                    "call_slug": slug,
                    "call_version": shown.call.version,
                    "call_hash": shown.content_hash,
                },
            )
            if made:
                _note(access, stored, "begun")
            return stored.uuid

    return retrying(begin)


def change_project(*, user_id: int | None, uuid: UUID, values: Mapping[str, Any], revision: int) -> None:
    """Keep the figures of the project. Raises `NotFound`, `Forbidden`, `Conflict` (somebody was faster, or it was sent)."""

    def change(access: Access, row: Application) -> None:
        if _write(row, {name: values[name] for name in PROJECT_FIELDS}, revision):
            _note(access, row, "project_changed")

    _changing(user_id, uuid, change)


def change_document(*, user_id: int | None, uuid: UUID, code: str, values: Mapping[str, Any], revision: int) -> None:
    """Keep what is said of a document. Raises `NotFound`, `Forbidden`, `Conflict`, `Unprocessable` with `fields`."""

    def change(access: Access, row: Application) -> None:
        document = call_version(row.call_slug, row.call_version)[0].call.document(code)
        if document is None:
            raise NotFound()
        wrong = _problems(values, document, access, timezone.localdate())
        if wrong:
            raise Unprocessable(fields=wrong)
        stored, _made = ApplicationDocument.objects.select_for_update().get_or_create(application=row, code=code)
        if _write(stored, {name: values[name] for name in DOCUMENT_FIELDS}, revision):
            _note(access, row, "document_changed", document=code)

    _changing(user_id, uuid, change)


def follow_call(*, user_id: int | None, uuid: UUID) -> None:
    """Take over the text of the call that is shown now; what was said of its documents stays. Raises as the others."""

    def change(access: Access, row: Application) -> None:
        shown = current_call(row.call_slug)
        if shown.content_hash != row.call_hash:
            row.call_version, row.call_hash = shown.call.version, shown.content_hash
            row.save(update_fields=["call_version", "call_hash", "updated_at"])
            _note(access, row, "call_followed", version=shown.call.version)

    _changing(user_id, uuid, change)


def move(*, user_id: int | None, uuid: UUID, state: ApplicationState) -> None:
    """Mark the file as sent, dropped, or again as being prepared. Twice is once. Raises `NotFound`, `Forbidden`, `Conflict`."""
    access = _may_edit(user_id, uuid)

    def change() -> None:
        with transaction.atomic():
            row = Application.objects.select_for_update().get(uuid=uuid)
            if row.state == state:
                return
            row.state = state
            row.open_slot = None if state == ApplicationState.DROPPED else slot(row.association_id, row.call_slug)
            row.revision += 1
            row.save()
            _note(access, row, f"now_{state}")

    try:
        retrying(change)
    except IntegrityError as error:
        raise Conflict(
            _("Your association has begun another file for this call in the meantime."),
            code="another_file",
            remedy=_("Go on with that one: it is in the list of your files."),
        ) from error


def _may_edit(user_id: int | None, uuid: UUID) -> Access:
    return require(user_id=user_id, action=Action.EDIT_APPLICATIONS, association_id=find(uuid).association_id)


def _changing(user_id: int | None, uuid: UUID, change: Callable[[Access, Application], None]) -> None:
    """Run `change` on a file that is being prepared, in one transaction, for who may."""
    access = _may_edit(user_id, uuid)

    def once() -> None:
        with transaction.atomic():
            row = Application.objects.select_for_update().get(uuid=uuid)
            if row.state != ApplicationState.PREPARING:
                raise Conflict(
                    _("This file is no longer being prepared."),
                    code="not_preparing",
                    remedy=_("Nothing was changed. Take it up again first, on its page."),
                )
            change(access, row)

    retrying(once)


def _write(row: models.Model, values: Mapping[str, Any], revision: int) -> bool:
    """Store the values over the revision they were made from; whether anything changed. Raises `Conflict`."""
    stored: Any = row
    differing = {name: value for name, value in values.items() if getattr(stored, name) != value}
    if not differing:
        return False
    if stored.revision != revision:
        raise Conflict(
            _("Somebody changed this in the meantime."),
            code="stale",
            remedy=_("Look at both versions below, then save the one that is right. Nothing was changed."),
            stored={name: getattr(stored, name) for name in differing},
            revision=stored.revision,
        )
    for name, value in differing.items():
        setattr(stored, name, value)
    stored.revision += 1
    stored.save()
    return True


def _problems(values: Mapping[str, Any], document: Document, access: Access, today: date) -> dict[str, Any]:
    """What is wrong with what is said of a document: field to message."""
    wrong: dict[str, Any] = {}
    for name in ("issued_on", "expires_on", "due_on"):
        day = values[name]
        if day is not None and abs(day.year - today.year) > FARTHEST:
            wrong[name] = _("Is this the right year?")
    issued_on, expires_on = values["issued_on"], values["expires_on"]
    if issued_on is not None and issued_on > today and "issued_on" not in wrong:
        wrong["issued_on"] = _("Write a day that is past.")
    elif issued_on is not None and expires_on is not None and expires_on < issued_on:
        wrong["expires_on"] = _("A document cannot end before it begins.")
    if values["is_set_aside"] and document.required:
        wrong["is_set_aside"] = _("The call asks for this document: it cannot be left out.")
    elif values["is_set_aside"] and values["is_held"]:
        wrong["is_set_aside"] = _("It is there already: mark one of the two.")
    owner = values["owner_id"]
    if owner is not None and owner not in {person.user_id for person in members(association_id=access.association_id)}:
        wrong["owner_id"] = _("Choose a member of your association.")
    return wrong


def _note(access: Access, row: Application, what: str, **details: Any) -> None:
    record(
        actor_id=access.user_id,
        action=f"funding.application.{what}",
        object_type="funding_application",
        object_uuid=row.uuid,
        association_uuid=row.association_uuid,
        details={"call": row.call_slug, **details},
    )
