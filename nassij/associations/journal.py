"""How this app writes to the audit trail: one line per change, with its association, never with a person's address.

`nassij.common.audit` and not django-simple-history: one append-only table for the whole suite says who did what and when across
apps, needs no request middleware, and does not copy personal data into shadow tables that a retirement would have to clean too.
"""

from typing import Any
from uuid import UUID

from nassij.common import audit


def note(
    action: str,
    *,
    actor_id: int | None,
    association_uuid: UUID | None,
    object_type: str,
    object_uuid: UUID | None,
    **details: Any,
) -> None:
    """One change, inside the caller's transaction: it is recorded exactly when it happens."""
    audit.record(
        actor_id=actor_id,
        action=f"associations.{action}",
        object_type=object_type,
        object_uuid=object_uuid,
        association_uuid=association_uuid,
        details=details,
    )
