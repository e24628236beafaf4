"""The audit trail: what was done to an association's things, by whom, when. Checks no permission: ask first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from nassij.common.canonical import as_json
from nassij.common.models import AuditEvent


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the trail; `actor_id` is None for the system and for people who left the platform."""

    at: datetime
    actor_id: int | None
    action: str
    object_type: str
    object_uuid: UUID | None
    association_uuid: UUID | None
    details: dict[str, Any]


def record(
    *,
    actor_id: int | None,
    action: str,
    object_type: str = "",
    object_uuid: UUID | None = None,
    association_uuid: UUID | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add a line, in the caller's transaction. `action` as `app.verb`; `details` codes and counts, no names (one query)."""
    AuditEvent.objects.create(
        actor_id=actor_id,
        action=action,
        object_type=object_type,
        object_uuid=object_uuid,
        association_uuid=association_uuid,
        details=as_json(details or {}),
    )


def events_for(
    *,
    association_uuid: UUID | None = None,
    object_uuid: UUID | None = None,
    actions: Collection[str] | None = None,
    offset: int = 0,
    limit: int = 100,
) -> tuple[Event, ...]:
    """The newest lines first, about an association, an object, or both; only these `actions`, when given (one query)."""
    if association_uuid is None and object_uuid is None:
        raise ValueError("name an association or an object")
    wanted = {"association_uuid": association_uuid, "object_uuid": object_uuid}
    rows = AuditEvent.objects.filter(**{name: value for name, value in wanted.items() if value is not None})
    if actions is not None:
        rows = rows.filter(action__in=actions)
    fields = list(Event.__dataclass_fields__)
    return tuple(Event(**row) for row in rows.order_by("-at", "-pk").values(*fields)[offset : offset + limit])
