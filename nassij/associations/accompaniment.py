"""Cohorts, and who accompanies what: coaches and coordinators.

As in `writes`: with an obligatory `actor_id` a function checks, with one that may be None it does not.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from nassij.associations import problems
from nassij.associations.access import require
from nassij.associations.data import Action, CohortData
from nassij.associations.journal import note
from nassij.associations.models import (
    Association,
    CoachAssignment,
    Cohort,
    CohortPlace,
    CoordinatorAssignment,
    Membership,
)
from nassij.associations.queries import coach_assignments
from nassij.associations.reads import cohort_data
from nassij.common.idempotency import retried


@retried
def create_cohort(
    *,
    code: str,
    name_ar: str = "",
    name_fr: str = "",
    name_en: str = "",
    region: str = "marrakech-safi",
    provinces: Iterable[str] = (),
    starts: date | None = None,
    actor_id: int | None = None,
) -> CohortData:
    """A cohort, or the one that already has this code (left as it is). Does not check permissions."""
    with transaction.atomic():
        row, is_new = Cohort.objects.get_or_create(  # type: ignore[misc] # a CodesField takes a tuple
            code=code,
            defaults={
                "name_ar": name_ar,
                "name_fr": name_fr,
                "name_en": name_en,
                "region": region,
                "provinces": tuple(provinces),
                "starts": starts,
            },
        )
        if is_new:
            _note_cohort("cohort_created", row, actor_id)
    return cohort_data(row)


@retried
def add_to_cohort(*, association_id: int, cohort_id: int, actor_id: int | None = None) -> bool:
    """Put an association in a cohort; whether it was not there yet. Does not check permissions."""
    with transaction.atomic():
        association = _association(association_id)
        _place, is_new = CohortPlace.objects.get_or_create(association=association, cohort_id=cohort_id)
        if is_new:
            _note_cohort("cohort_entered", _place.cohort, actor_id, association.uuid)
    return is_new


@retried
def remove_from_cohort(*, association_id: int, cohort_id: int, actor_id: int | None = None) -> bool:
    """Take an association out of a cohort; whether it was there. Does not check permissions."""
    with transaction.atomic():
        association = _association(association_id)
        place = (
            CohortPlace.objects.filter(association=association, cohort_id=cohort_id).select_related("cohort").first()
        )
        if place is None:
            return False
        place.delete()
        _note_cohort("cohort_left", place.cohort, actor_id, association.uuid)
    return True


@retried
def assign_coach(*, association_id: int, user_id: int, actor_id: int | None = None) -> None:
    """Let a person accompany an association from now on; nothing changes for one who already does.

    Does not check permissions (`assign_coach` is the action to ask for). Raises `Conflict` for one of its own members.
    """
    with transaction.atomic():
        association = _association(association_id)
        if Membership.active.filter(association=association, user_id=user_id).exists():
            raise problems.coach_and_member()
        if CoachAssignment.active.filter(association=association, user_id=user_id).exists():
            return
        row = CoachAssignment.objects.create(association=association, user_id=user_id)
        note(
            "coach_assigned",
            actor_id=actor_id,
            association_uuid=association.uuid,
            object_type="coach_assignment",
            object_uuid=row.uuid,
        )


@retried
def end_coach(*, association_id: int, user_id: int, actor_id: int | None = None) -> bool:
    """End a coach's assignment; whether there was one. Does not check permissions."""
    with transaction.atomic():
        association = _association(association_id)
        row = CoachAssignment.active.filter(association=association, user_id=user_id).first()
        if row is None:
            return False
        row.close(timezone.now())
        row.save(update_fields=["until"])
        note(
            "coach_ended",
            actor_id=actor_id,
            association_uuid=association.uuid,
            object_type="coach_assignment",
            object_uuid=row.uuid,
        )
    return True


def appoint_coach(*, actor_id: int | None, association_id: int, user_id: int) -> None:
    """`assign_coach` by a person: checks `assign_coach`."""
    require(user_id=actor_id, action=Action.ASSIGN_COACH, association_id=association_id)
    assign_coach(association_id=association_id, user_id=user_id, actor_id=actor_id)


def dismiss_coach(*, actor_id: int | None, association_id: int, assignment: str) -> None:
    """`end_coach` by a person, for the assignment with this uuid: checks `assign_coach`. Raises `NotFound`."""
    require(user_id=actor_id, action=Action.ASSIGN_COACH, association_id=association_id)
    row = next((row for row in coach_assignments(association_id) if str(row.uuid) == assignment), None)
    if row is None or row.user_id is None:
        raise problems.unknown_coach()
    end_coach(association_id=association_id, user_id=row.user_id, actor_id=actor_id)


@retried
def assign_coordinator(*, user_id: int, cohort_id: int | None = None, actor_id: int | None = None) -> None:
    """Let a person coordinate a cohort, or everything without one. Does not check permissions (operators' business)."""
    with transaction.atomic():
        if CoordinatorAssignment.active.select_for_update().filter(user_id=user_id, cohort_id=cohort_id).exists():
            return
        row = CoordinatorAssignment.objects.create(user_id=user_id, cohort_id=cohort_id)
        note(
            "coordinator_assigned",
            actor_id=actor_id,
            association_uuid=None,
            object_type="coordinator_assignment",
            object_uuid=row.uuid,
            cohort_id=cohort_id,
        )


@retried
def end_coordinator(*, user_id: int, cohort_id: int | None = None, actor_id: int | None = None) -> bool:
    """End a coordinator's assignment; whether there was one. Does not check permissions."""
    with transaction.atomic():
        row = CoordinatorAssignment.active.filter(user_id=user_id, cohort_id=cohort_id).first()
        if row is None:
            return False
        row.close(timezone.now())
        row.save(update_fields=["until"])
        note(
            "coordinator_ended",
            actor_id=actor_id,
            association_uuid=None,
            object_type="coordinator_assignment",
            object_uuid=row.uuid,
            cohort_id=cohort_id,
        )
    return True


def _association(association_id: int) -> Association:
    row = Association.current.select_for_update().filter(pk=association_id).first()
    if row is None:
        raise problems.unknown_association()
    return row


def _note_cohort(action: str, row: Cohort, actor_id: int | None, association_uuid: UUID | None = None) -> None:
    note(
        action,
        actor_id=actor_id,
        association_uuid=association_uuid,
        object_type="cohort",
        object_uuid=row.uuid,
        cohort=row.code,
    )
