"""Reading application files. Every function asks who may."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from nassij.associations.api import Access, Action, MemberData, members, require
from nassij.common.errors import NassijError, NotFound

from ..calls.library import call_version, calls_with, current_call
from ..calls.pages import now_in_morocco
from ..data import ApplicationState
from ..domain import Call, Held, Project, Readiness, assess, readiness
from ..facts.facts import profile_of
from ..models import Application, ApplicationDocument
from ..models.applications import PROJECT_FIELDS
from .data import DocumentData, FileData, FileLine

NOTHING = ApplicationDocument().values()


def find(uuid: UUID) -> Application:
    """The row; one query. Raises `NotFound`. Asks no permission."""
    found = Application.objects.filter(uuid=uuid).first()
    if found is None:
        raise NotFound()
    return found


def file(*, user_id: int | None, uuid: UUID) -> FileData:
    """A file with everything its page shows. Checks permissions: who may see the association's files.

    Nine queries at most. Raises `NotSignedIn`, `NotFound`, `Forbidden`.
    """
    row = find(uuid)
    access = require(user_id=user_id, action=Action.VIEW_APPLICATIONS, association_id=row.association_id)
    published, _status = call_version(row.call_slug, row.call_version)
    shown = _version_shown(row.call_slug)
    people = members(association_id=row.association_id)
    rows = {stored.code: stored for stored in row.documents.all()}
    call = published.call
    state = _readiness(call, rows.values())
    return FileData(
        uuid=row.uuid,
        access=access,
        state=ApplicationState(row.state),
        call=call,
        newer=shown if shown and shown != call.version else "",
        is_gone=not shown,
        project=project_of(row),
        values={name: getattr(row, name) for name in PROJECT_FIELDS},
        revision=row.revision,
        documents=_documents(state, rows, people, access),
        readiness=state,
        assessment=assess(call, profile_of(access, [call]), project_of(row), now_in_morocco()),
        members=people,
        may_edit=access.may(Action.EDIT_APPLICATIONS),
    )


def files_of(access: Access) -> list[FileLine]:
    """The files of an association that were not dropped, the newest first; one query once warm. The caller has asked who may."""
    if not access.may(Action.VIEW_APPLICATIONS):
        return []
    said = {
        f"documents__{name}": name
        for name in ("code", "is_held", "is_signed", "is_set_aside", "issued_on", "expires_on")
    }
    rows = Application.objects.filter(association_id=access.association_id).exclude(state=ApplicationState.DROPPED)
    found: dict[UUID, tuple[str, str, list[ApplicationDocument]]] = {}
    for row in rows.values("uuid", "state", "call_hash", *said):
        documents = found.setdefault(row["uuid"], (row["state"], row["call_hash"], []))[2]
        if row["documents__code"] is not None:
            documents.append(ApplicationDocument(**{name: row[column] for column, name in said.items()}))
    known = calls_with(call_hash for _state, call_hash, _documents in found.values())
    return [
        FileLine(uuid, known[call_hash], ApplicationState(state), _readiness(known[call_hash], documents))
        for uuid, (state, call_hash, documents) in found.items()
        if call_hash in known
    ]


def open_file(access: Access, slug: str) -> UUID | None:
    """The file the association has for a call; one query. The caller has asked who may."""
    if not access.may(Action.VIEW_APPLICATIONS):
        return None
    return (
        Application.objects.filter(open_slot=slot(access.association_id, slug)).values_list("uuid", flat=True).first()
    )


def slot(association_id: int, slug: str) -> str:
    """What one association has only once."""
    return f"{association_id}:{slug}"


def project_of(row: Application) -> Project:
    """The figures of the project as the rules see them."""
    return Project(field=row.field or None, requested=row.requested, own=row.own, total=row.total, months=row.months)


def _version_shown(slug: str) -> str:
    try:
        return current_call(slug).call.version
    except NassijError:
        return ""


def _readiness(call: Call, rows: Iterable[ApplicationDocument]) -> Readiness:
    stored = {row.code: row for row in rows}
    held = {
        code: Held(is_signed=row.is_signed, issued_on=row.issued_on, expires_on=row.expires_on)
        for code, row in stored.items()
        if row.is_held
    }
    aside = frozenset(code for code, row in stored.items() if row.is_set_aside and not row.is_held)
    return readiness(call, held, now_in_morocco().date(), aside)


def _documents(
    state: Readiness, rows: Mapping[str, ApplicationDocument], people: Iterable[MemberData], access: Access
) -> tuple[DocumentData, ...]:
    names = {person.user_id: person.name for person in people}
    found = []
    for standing in state.standings:
        row = rows.get(standing.document.code)
        values: Mapping[str, Any] = row.values() if row else NOTHING
        found.append(
            DocumentData(
                standing=standing,
                values=values,
                revision=row.revision if row else 0,
                owner_name=names.get(values["owner_id"], ""),
                is_mine=values["owner_id"] is not None and values["owner_id"] == access.user_id,
            )
        )
    return tuple(found)
