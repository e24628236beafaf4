"""Applying an import, association by association, and undoing it.

Each association is one transaction: all its rows or none. What was done is kept as two snapshots, so that a second delivery of
the job goes on where the first one stopped, and an undo can put back what nobody touched since.
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from nassij.associations import accompaniment, queries, writes
from nassij.associations.data import Role
from nassij.associations.imports.plan import GroupPlan, build
from nassij.associations.imports.snapshots import Snapshot, snapshot
from nassij.associations.journal import note
from nassij.associations.models import Association, AssociationImport, ImportChange, Invitation, Membership
from nassij.common.audit import events_for
from nassij.common.idempotency import retried

Report = Callable[[int, int], Any]


def apply_import(
    run: AssociationImport, *, actor_id: int | None, report: Report = lambda done, total: None
) -> dict[str, int]:
    """Apply what the dry run says now; what was done and how many rows were refused.

    The scope of the person is looked up again: who may no longer import, imports nothing.
    """
    scope = queries.scope_of(actor_id) if actor_id is not None else queries.whole_scope()
    plan = build(run.rows, scope)
    refused = plan.counts["error"]
    work = [group for group in plan.groups if group.has_work]
    for number, group in enumerate(work, start=1):
        _apply_group(group, run, actor_id)
        report(number, len(work))
    return {**_done(run), "refused": refused}


def _done(run: AssociationImport) -> dict[str, int]:
    """What the import did, over all deliveries of its job: associations created and updated, people added and invited."""
    changes = list(run.changes.values_list("before", "after"))
    created = sum(before is None for before, _after in changes)

    def added(kind: str) -> int:
        return sum(len(after[kind].keys() - (before or {}).get(kind, {}).keys()) for before, after in changes)

    return {
        "associations": len(changes),
        "created": created,
        "updated": len(changes) - created,
        "members": added("members"),
        "invited": added("invitations"),
    }


def close_import(run: AssociationImport, counts: dict[str, int]) -> None:
    """The import is applied; its rows, which name people, are forgotten."""
    run.state, run.rows, run.counts, run.applied_at = AssociationImport.State.APPLIED, [], counts, timezone.now()
    run.save(update_fields=["state", "rows", "counts", "applied_at"])


@retried
def _apply_group(group: GroupPlan, run: AssociationImport, actor_id: int | None) -> None:
    with transaction.atomic():
        association, before = _profile(group, actor_id)
        if group.cohort is not None:
            accompaniment.add_to_cohort(association_id=association.pk, cohort_id=group.cohort.pk, actor_id=actor_id)
        # Presidents first, so that there is always one while another steps back.
        for person in sorted(group.people, key=lambda person: person.role is not Role.PRESIDENT):
            if not person.is_change:
                continue
            if person.user_id is not None:
                _member(association, person.user_id, person.role, person.is_lead, actor_id)
            else:
                _invite(association, person.email, person.role, person.is_lead, actor_id)
        note(
            "imported",
            actor_id=actor_id,
            association_uuid=association.uuid,
            object_type="import",
            object_uuid=run.uuid,
            rows=len(group.rows),
        )
        change, is_first = ImportChange.objects.get_or_create(
            run=run, association_uuid=association.uuid, defaults={"before": before, "after": snapshot(association)}
        )
        if not is_first:  # an earlier delivery of this job was interrupted: keep how it was before it
            change.after, change.made_at = snapshot(association), timezone.now()
            change.save(update_fields=["after", "made_at"])


def _profile(group: GroupPlan, actor_id: int | None) -> tuple[Association, Snapshot | None]:
    if group.association is None:
        made = writes.create_association(**group.values, actor_id=actor_id)
        return Association.objects.get(pk=made.id), None
    association = writes.locked(group.association.pk)
    before = snapshot(association)
    return writes.apply_profile(association, group.values, actor_id=actor_id), before


def _member(association: Association, user_id: int, role: Role, is_lead: bool, actor_id: int | None) -> None:
    row, is_new = writes.add_member(
        association_id=association.pk, user_id=user_id, role=role, is_lead=is_lead, actor_id=actor_id
    )
    if not is_new:
        writes.change_role(row, association, role=role, is_lead=is_lead, actor_id=actor_id)


def _invite(association: Association, email: str, role: Role, is_lead: bool, actor_id: int | None) -> None:
    row, _is_new = Invitation.objects.update_or_create(
        association=association,
        email=email,
        defaults={"role": role.value, "is_lead": is_lead, "invited_by_id": actor_id},
    )
    note(
        "invited",
        actor_id=actor_id,
        association_uuid=association.uuid,
        object_type="invitation",
        object_uuid=row.uuid,
        role=role.value,
    )


def undo_import(
    run: AssociationImport, *, actor_id: int | None, report: Report = lambda done, total: None
) -> dict[str, int]:
    """Put back what the import changed and nobody touched since; how many were put back, how many were left as they are."""
    changes = list(run.changes.order_by("pk"))
    for number, change in enumerate(changes, start=1):
        if not change.outcome:
            _undo_group(change, run, actor_id)
        report(number, len(changes))
    restored = sum(change.outcome == "restored" for change in changes)
    return {"restored": restored, "kept": len(changes) - restored}


def close_undo(run: AssociationImport, counts: dict[str, int]) -> None:
    """The import is undone."""
    run.state, run.undone_at, run.counts = AssociationImport.State.UNDONE, timezone.now(), {**run.counts, **counts}
    run.save(update_fields=["state", "undone_at", "counts"])


@retried
def _undo_group(change: ImportChange, run: AssociationImport, actor_id: int | None) -> None:
    with transaction.atomic():
        change.outcome = "restored" if _undo_one(change, run, actor_id) else "kept"
        change.save(update_fields=["outcome"])


def _undo_one(change: ImportChange, run: AssociationImport, actor_id: int | None) -> bool:
    """Put one association back; false when someone touched it since, in this app or in another (by the audit trail)."""
    association = Association.current.select_for_update().filter(uuid=change.association_uuid).first()
    if association is None or snapshot(association) != change.after:
        return False
    newest = events_for(association_uuid=association.uuid, limit=1)
    if newest and newest[0].at > change.made_at:
        return False
    if change.before is None:
        _archive(association)
    else:
        _restore(association, change.before, change.after, actor_id)
    note(
        "import_undone",
        actor_id=actor_id,
        association_uuid=association.uuid,
        object_type="import",
        object_uuid=run.uuid,
    )
    return True


def _archive(association: Association) -> None:
    """An association that the import made: it is there for nobody any more, but its number stays taken."""
    now = timezone.now()
    Membership.active.filter(association=association).update(left_at=now, active_slot=None)
    Invitation.objects.filter(association=association).delete()
    association.archived_at = now
    association.save(update_fields=["archived_at"])


def _restore(association: Association, before: Snapshot, after: Snapshot, actor_id: int | None) -> None:
    writes.apply_profile(
        association, before["profile"] | {"fields": tuple(before["profile"]["fields"])}, actor_id=actor_id
    )
    for cohort_id in set(after["cohorts"]) - set(before["cohorts"]):
        accompaniment.remove_from_cohort(association_id=association.pk, cohort_id=cohort_id, actor_id=actor_id)
    members = {str(row.user_id): row for row in Membership.active.filter(association=association, user__isnull=False)}
    for user_id, row in members.items():
        if user_id not in before["members"]:
            row.close()
        else:
            row.role, row.is_lead = before["members"][user_id]
        row.save(update_fields=["role", "is_lead", "left_at"])
    for invitation in Invitation.objects.filter(association=association):
        if str(invitation.uuid) not in before["invitations"]:
            invitation.delete()
        else:
            invitation.role, invitation.is_lead = before["invitations"][str(invitation.uuid)]
            invitation.save(update_fields=["role", "is_lead"])
