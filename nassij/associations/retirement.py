"""When a person's account is retired: every row of this app lets go of them.

Tenures end and lose the person, so that an association's history keeps its shape ("a treasurer until March") without a name.
Invitations to their address and rows of unfinished imports that name them are deleted.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from nassij.associations.journal import note
from nassij.associations.models import (
    AssociationImport,
    CoachAssignment,
    CoordinatorAssignment,
    ImportChange,
    Invitation,
    Membership,
    Tenure,
)
from nassij.associations.people import normalise_email

# Each with what the audit trail calls it.
TENURES: dict[type[Tenure], str] = {
    Membership: "membership",
    CoachAssignment: "coach_assignment",
    CoordinatorAssignment: "coordinator_assignment",
}


def retire_user(user_id: int, *, former_emails: Iterable[str] = (), former_usernames: Iterable[str] = ()) -> None:
    """Detach a person everywhere in this app. Idempotent.

    `former_emails` and `former_usernames`: what the account was called before the platform replaced it; the present ones are
    looked up here. No permission is checked: the platform's retirement calls it.
    """
    present = get_user_model()._default_manager.filter(pk=user_id).values_list("email", "username").first() or ("", "")
    emails = {normalise_email(email) for email in (*former_emails, present[0]) if email}
    usernames = {name for name in (*former_usernames, present[1]) if name}
    now = timezone.now()
    with transaction.atomic():
        for model in TENURES:
            rows = model._default_manager.filter(user_id=user_id)
            ending = rows.filter(**{f"{model.end_field}__isnull": True})
            _note_ended(ending)
            ending.update(**{model.end_field: now})
            rows.update(user=None, active_slot=None)
        Invitation.objects.filter(email__in=emails).delete()
        Invitation.objects.filter(invited_by_id=user_id).update(invited_by=None)
        _forget_in_imports(emails, usernames)
        AssociationImport.objects.filter(owner_id=user_id).update(owner=None, rows=[])
        _forget_in_changes(str(user_id))


def _note_ended(rows: QuerySet[Any]) -> None:
    """The trail says that a membership or an assignment ended with its account, without whose it was."""
    place = () if rows.model is CoordinatorAssignment else ("association__uuid",)
    for row_uuid, *association_uuid in rows.values_list("uuid", *place):
        note(
            "account_retired",
            actor_id=None,
            association_uuid=association_uuid[0] if association_uuid else None,
            object_type=TENURES[rows.model],
            object_uuid=row_uuid,
        )


def _forget_in_imports(emails: set[str], usernames: set[str]) -> None:
    """Delete unfinished imports that name the person: their owner uploads the table again without them."""
    for run in AssociationImport.objects.filter(state=AssociationImport.State.READY):
        named = {(row.get("person_email", ""), row.get("person_username", "")) for row in run.rows}
        if any(normalise_email(email) in emails or username in usernames for email, username in named):
            run.delete()


def _forget_in_changes(member: str) -> None:
    """Take the account's number out of what imports remember; an undo then knows the association without the person."""
    for change in ImportChange.objects.all().iterator(chunk_size=500):
        held = [state for state in (change.before, change.after) if state and member in state["members"]]
        for state in held:
            del state["members"][member]
        if held:
            change.save(update_fields=["before", "after"])


def on_retirement(sender: Any, user_id: int, **kwargs: Any) -> None:
    """Receiver of `nassij.common.retirement.retiring`, which the platform's own retirement sends."""
    emails, usernames = _former_names(user_id)
    retire_user(user_id, former_emails=emails, former_usernames=usernames)


def _former_names(user_id: int) -> tuple[list[str], list[str]]:
    """What the account was called: the platform has replaced its address and name by the time it tells us."""
    try:
        statuses = (
            apps.get_app_config("user_api").get_model("UserRetirementStatus")._default_manager.filter(user_id=user_id)
        )
    except LookupError:  # not on the platform
        return [], []
    known: list[Any] = list(statuses)
    return [row.original_email for row in known], [row.original_username for row in known]
