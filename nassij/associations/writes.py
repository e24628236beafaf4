"""Changes to associations and their members. Each is one transaction, locks the association first and leaves an audit line;
what the database gives up on (a deadlock, a lock held for long) is tried again inside.

Functions with an obligatory `actor_id` check what that person may do. Those where `actor_id` may be None do not check: they are
for commands, imports and tests, whose callers have checked.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from nassij.associations import people, problems, profile, throttle
from nassij.associations.access import require
from nassij.associations.codes import new_join_code, normalise
from nassij.associations.data import Action, AssociationData, MemberData, MembershipData, Role
from nassij.associations.journal import note
from nassij.associations.models import Association, CoachAssignment, Invitation, Membership, membership_slot
from nassij.associations.reads import association_data, member_data, membership_data
from nassij.common.idempotency import retried


@retried
def create_association(
    *, name: str, province: str, president_id: int | None = None, actor_id: int | None = None, **details: Any
) -> AssociationData:
    """A new association; `details` are the other values of its profile. Does not check permissions. Raises `BadInput`."""
    values = _checked({"name": name, "province": province, **details})
    with transaction.atomic():
        row = Association.objects.create(**values)
        note(
            "association_created",
            actor_id=actor_id,
            association_uuid=row.uuid,
            object_type="association",
            object_uuid=row.uuid,
        )
        if president_id is not None:
            add_member(
                association_id=row.pk, user_id=president_id, role=Role.PRESIDENT, is_lead=True, actor_id=actor_id
            )
    return association_data(row)


@retried
def update_association(*, actor_id: int | None, association_uuid: UUID, changes: Mapping[str, Any]) -> AssociationData:
    """Change an association's profile. Checks `edit_association`. Raises `BadInput` with the fields that cannot be kept."""
    allowed = require(user_id=actor_id, action=Action.EDIT_ASSOCIATION, association_uuid=association_uuid)
    with transaction.atomic():
        row = locked(allowed.association_id)
        return association_data(apply_profile(row, changes, actor_id=actor_id))


def apply_profile(row: Association, changes: Mapping[str, Any], *, actor_id: int | None) -> Association:
    """Write the values that differ onto a locked row, with one audit line saying which. Does not check permissions."""
    current = {name: getattr(row, name) for name in profile.FIELDS}
    values = _checked({**current, **changes})
    differing = sorted(name for name, value in values.items() if value != current[name])
    if differing:
        for name in differing:
            setattr(row, name, values[name])
        row.save(update_fields=differing)
        note(
            "association_changed",
            actor_id=actor_id,
            association_uuid=row.uuid,
            object_type="association",
            object_uuid=row.uuid,
            fields=differing,
        )
    return row


@retried
def rotate_join_code(*, actor_id: int | None, association_id: int) -> str:
    """Replace the join code: the old one stops working at once. Checks `view_join_code` (who sees it may renew it)."""
    require(user_id=actor_id, action=Action.VIEW_JOIN_CODE, association_id=association_id)
    with transaction.atomic():
        row = locked(association_id)
        row.join_code = new_join_code()
        row.save(update_fields=["join_code"])
        note(
            "join_code_renewed",
            actor_id=actor_id,
            association_uuid=row.uuid,
            object_type="association",
            object_uuid=row.uuid,
        )
    return row.join_code


def join_code(*, actor_id: int | None, association_id: int) -> str:
    """The present join code, ten digits. Checks `view_join_code`."""
    require(user_id=actor_id, action=Action.VIEW_JOIN_CODE, association_id=association_id)
    return Association.objects.values_list("join_code", flat=True).get(pk=association_id)


def join(*, user_id: int | None, code: str) -> tuple[MembershipData, bool]:
    """Make a person a member by join code; also whether they are new. Joining twice changes nothing.

    The permission is to know the code. Raises `NotSignedIn`, `BadInput` for a wrong code, 429 after too many wrong ones.
    """
    if user_id is None:
        raise problems.not_signed_in()
    throttle.count_attempt(user_id)
    found = Association.current.filter(join_code=normalise(code)).first()
    if found is None:
        raise problems.wrong_code()
    throttle.take_back(user_id)
    row, is_new = add_member(association_id=found.pk, user_id=user_id, actor_id=user_id)
    row.association = found
    return membership_data(row), is_new


@retried
def add_member(
    *,
    association_id: int,
    user_id: int,
    role: Role = Role.MEMBER,
    is_lead: bool = False,
    actor_id: int | None = None,
) -> tuple[Membership, bool]:
    """Make a person an active member; also whether they are new. An active membership is returned as it is.

    Does not check permissions. Raises `Conflict` for the association's own coach.
    """
    with transaction.atomic():
        association = locked(association_id)
        active = _active_of(association_id, user_id)
        if active is not None:
            return active, False
        if CoachAssignment.active.filter(association_id=association_id, user_id=user_id).exists():
            raise problems.coach_and_member()
        try:
            with transaction.atomic():
                row = Membership.objects.create(
                    association=association, user_id=user_id, role=role.value, is_lead=is_lead
                )
        except IntegrityError:  # another request was faster on a database that does not lock rows
            faster = _active_of(association_id, user_id)
            if faster is None:
                raise
            return faster, False
        _note_member("member_joined", row, association, actor_id, role=role.value, is_lead=is_lead)
    return row, True


@retried
def set_member(
    *, actor_id: int | None, association_id: int, membership_uuid: UUID, role: Role, is_lead: bool
) -> MemberData:
    """Change a member's role, or who leads. Checks `manage_members`. Raises `NotFound`, `Conflict` for the last president."""
    require(user_id=actor_id, action=Action.MANAGE_MEMBERS, association_id=association_id)
    with transaction.atomic():
        association = locked(association_id)
        row = _active_member(association_id, membership_uuid)
        change_role(row, association, role=role, is_lead=is_lead, actor_id=actor_id)
    return member_data(row)


def change_role(row: Membership, association: Association, *, role: Role, is_lead: bool, actor_id: int | None) -> None:
    """Give an active member of a locked association another role. Does not check permissions."""
    if role is not Role.PRESIDENT:
        _keep_a_president(row)
    if (row.role, row.is_lead) != (role.value, is_lead):
        before = {"role": row.role, "is_lead": row.is_lead}
        row.role, row.is_lead = role.value, is_lead
        row.save(update_fields=["role", "is_lead"])
        _note_member("member_changed", row, association, actor_id, before=before, role=role.value, is_lead=is_lead)


@retried
def end_membership(*, actor_id: int | None, association_id: int, membership_uuid: UUID) -> None:
    """End someone's membership. Checks `manage_members`. Raises `NotFound`, `Conflict` for the last president."""
    require(user_id=actor_id, action=Action.MANAGE_MEMBERS, association_id=association_id)
    with transaction.atomic():
        association = locked(association_id)
        _end(_active_member(association_id, membership_uuid), association, actor_id, "member_removed")


@retried
def leave(*, user_id: int | None, association_id: int) -> None:
    """End one's own membership. Checks `leave`. Raises `Conflict` for the last president."""
    require(user_id=user_id, action=Action.LEAVE, association_id=association_id)
    with transaction.atomic():
        association = locked(association_id)
        row = _active_of(association_id, user_id or 0)
        if row is None:
            raise problems.unknown_member()
        _end(row, association, user_id, "member_left")


@retried
def claim_invitations(*, user_id: int) -> tuple[MembershipData, ...]:
    """Turn the invitations to a person's verified address into memberships; those made. Two queries when there is none.

    An account whose address is not verified (`is_active` false on Open edX) gets nothing.
    """
    email = people.verified_email(user_id)
    waiting = Invitation.objects.filter(email=email, association__archived_at__isnull=True)
    if not email or not waiting.exists():
        return ()
    exactly = [found.pk for found in waiting if found.email == email]  # MySQL takes another person's `ä` for an `a`
    made = []
    with transaction.atomic():
        for invitation in waiting.filter(pk__in=exactly).select_for_update().select_related("association"):
            if CoachAssignment.active.filter(association_id=invitation.association_id, user_id=user_id).exists():
                continue
            row, is_new = add_member(
                association_id=invitation.association_id,
                user_id=user_id,
                role=Role(invitation.role),
                is_lead=invitation.is_lead,
                actor_id=invitation.invited_by_id,
            )
            row.association = invitation.association
            invitation.delete()
            if is_new:
                made.append(membership_data(row))
    return tuple(made)


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(profile.FIELDS)
    if unknown:
        raise TypeError(f"not part of a profile: {', '.join(sorted(unknown))}")
    kept = profile.cleaned(values)
    wrong = profile.problems_of(kept)
    if wrong:
        raise problems.bad_profile(wrong)
    return kept


def locked(association_id: int) -> Association:
    """The row of a current association, locked: changes to its members come one after another, so a president always remains."""
    row = Association.current.select_for_update().filter(pk=association_id).first()
    if row is None:
        raise problems.unknown_association()
    return row


def _active_of(association_id: int, user_id: int) -> Membership | None:
    """Someone's active membership, read with a lock: inside a request's transaction only that sees what others committed."""
    slot = membership_slot(association_id, user_id)
    row: Membership | None = Membership.active.select_for_update().filter(active_slot=slot).first()
    return row


def _active_member(association_id: int, membership_uuid: UUID) -> Membership:
    rows = Membership.active.select_for_update().filter(association_id=association_id, uuid=membership_uuid)
    row: Membership | None = rows.first()
    if row is None:
        raise problems.unknown_member()
    return row


def _keep_a_president(row: Membership) -> None:
    if row.role != Role.PRESIDENT.value:
        return
    others = Membership.active.filter(association_id=row.association_id, role=Role.PRESIDENT.value).exclude(pk=row.pk)
    if others.filter(user__isnull=False).select_for_update().first() is None:
        raise problems.last_president()


def _end(row: Membership, association: Association, actor_id: int | None, action: str) -> None:
    _keep_a_president(row)
    row.close(timezone.now())
    row.save(update_fields=["left_at"])
    _note_member(action, row, association, actor_id)


def _note_member(action: str, row: Membership, association: Association, actor_id: int | None, **details: Any) -> None:
    note(
        action,
        actor_id=actor_id,
        association_uuid=association.uuid,
        object_type="membership",
        object_uuid=row.uuid,
        **details,
    )
