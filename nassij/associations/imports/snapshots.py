"""An association's state as an import sees it: to know whether someone touched it since, and to put it back.

Plain JSON without a name or an address: members by account number, invitations by their own uuid.
"""

from typing import Any

from nassij.associations import profile
from nassij.associations.models import Association, Invitation, Membership

Snapshot = dict[str, Any]


def snapshot(association: Association) -> Snapshot:
    """The present state. Three queries."""
    members = Membership.active.filter(association=association, user__isnull=False).order_by("user_id")
    invitations = Invitation.objects.filter(association=association).order_by("pk")
    values = {name: getattr(association, name) for name in profile.FIELDS}
    return {
        "profile": {**values, "fields": list(values["fields"])},
        "members": {str(row.user_id): [row.role, row.is_lead] for row in members},
        "invitations": {str(row.uuid): [row.role, row.is_lead] for row in invitations},
        "cohorts": sorted(association.places.values_list("cohort_id", flat=True)),
    }
