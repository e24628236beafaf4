"""The questions this app asks the database, each written once. Internal: other packages ask `nassij.associations.api`."""

from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import (
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from nassij.associations import naming, permissions
from nassij.associations.data import Access, Role, Scope
from nassij.associations.model_fields import one
from nassij.associations.models import (
    Association,
    CoachAssignment,
    CohortPlace,
    CoordinatorAssignment,
    Membership,
)
from nassij.common.compiled import CompiledQuery, Given
from nassij.common.people import name_path


def is_operator(user: int | Given) -> Exists:
    """An expression: whether this account is an active superuser."""
    return Exists(get_user_model()._default_manager.filter(pk=user, is_superuser=True, is_active=True))


def access_to(
    *, user_id: int, association_id: int | None = None, association_uuid: UUID | None = None
) -> Access | None:
    """How a person stands to an association, in ONE query; None when the association or any relation to it is missing."""
    if association_uuid is not None:
        row = _STANDING_BY["uuid"].first(user=user_id, association=association_uuid)
    else:
        row = _STANDING_BY["id"].first(user=user_id, association=association_id) if association_id else None
    if row is None:
        return None
    relation: dict[str, Any] = {
        "role": Role(row["role"]) if row["role"] else None,
        "is_lead": bool(row["is_lead"]),
        "as_coach": bool(row["as_coach"]),
        "as_coordinator": bool(row["as_coordinator"]),
        "as_operator": bool(row["as_operator"]),
    }
    capacities = permissions.capacities_of(**relation)
    if not capacities:
        return None
    return Access(
        user_id=user_id,
        association_id=row["id"],
        association_uuid=Association._meta.get_field("uuid").to_python(row["uuid"]),
        association_name=naming.shown(row["name"], row["name_fr"]),
        association_other_name=naming.beside(row["name"], row["name_fr"]),
        actions=permissions.actions_of(capacities),
        **relation,
    )


def standing(user: int | Given, **association: Any) -> QuerySet[Any, Any]:
    """The row of one association (by its `id` or `uuid`) with how a person stands to it."""
    mine = Q(memberships__user_id=user, memberships__active_slot__isnull=False)
    return (
        Association.current.filter(**association)
        .annotate(
            mine=FilteredRelation("memberships", condition=mine),
            role=F("mine__role"),
            is_lead=F("mine__is_lead"),
            as_coach=Exists(CoachAssignment.active.filter(user_id=user, association=OuterRef("pk"))),
            as_coordinator=Exists(
                CoordinatorAssignment.active.filter(user_id=user).filter(
                    Q(cohort__isnull=True) | Q(cohort__places__association=OuterRef("pk"))
                )
            ),
            as_operator=is_operator(user),
        )
        .order_by()
        .values("id", "uuid", "name", "name_fr", "role", "is_lead", "as_coach", "as_coordinator", "as_operator")
    )


def _standing_by(key: str) -> CompiledQuery:
    def build() -> QuerySet[Any, Any]:
        user = Given("user", get_user_model()._meta.pk)
        return standing(user, **{key: Given("association", Association._meta.get_field(key))})

    return CompiledQuery(Association, build)


# What every page and save asks: compiled, because building it took more than half of their time.
_STANDING_BY = {key: _standing_by(key) for key in ("id", "uuid")}


def scope_of(user_id: int) -> Scope:
    """Whom a person accompanies, as a whole; one query."""
    # Annotations on every side: Django 4.2 gives the columns of the first side to a side that has none of its own.
    no_cohort = Value(None, output_field=IntegerField())
    coordinated = CoordinatorAssignment.active.filter(user_id=user_id)
    coached = CoachAssignment.active.filter(user_id=user_id)
    operated = get_user_model()._default_manager.filter(pk=user_id, is_superuser=True, is_active=True)
    held = coordinated.order_by().values_list(Value("coordinator"), F("cohort_id"))
    held = held.union(  # a union keeps one of many equal rows: a coach of 600 associations is one
        coached.order_by().values_list(Value("coach"), no_cohort),
        operated.order_by().values_list(Value("operator"), no_cohort),
    )
    found = set(held)
    as_operator = ("operator", None) in found
    return Scope(
        user_id=user_id,
        as_coach=("coach", None) in found,
        as_operator=as_operator,
        everywhere=as_operator or ("coordinator", None) in found,
        cohort_ids=tuple(sorted(cohort for _kind, cohort in found if cohort is not None)),
    )


def whole_scope() -> Scope:
    """The scope of whoever has the machine: a command, without an account."""
    return Scope(user_id=0, as_coach=False, as_operator=True, everywhere=True, cohort_ids=())


def accompanied_by(scope: Scope) -> QuerySet[Association]:
    """The associations a coach, coordinator or operator accompanies; none for someone who is none of them."""
    if scope.everywhere:
        return Association.current.all()
    return Association.current.filter(_accompanied(scope))


def visible_to(scope: Scope) -> QuerySet[Association]:
    """The associations a person may see: those accompanied and those they are an active member of."""
    if scope.everywhere:
        return Association.current.all()
    member = Exists(Membership.active.filter(user_id=scope.user_id, association=OuterRef("pk")))
    return Association.current.filter(_accompanied(scope) | Q(member))


def _accompanied(scope: Scope) -> Q:
    """The condition of `accompanied_by`, for a scope that is not everywhere."""
    coached = Q(Exists(CoachAssignment.active.filter(user_id=scope.user_id, association=OuterRef("pk"))))
    if not scope.cohort_ids:
        return coached
    return coached | Q(Exists(CohortPlace.objects.filter(cohort_id__in=scope.cohort_ids, association=OuterRef("pk"))))


def narrowed(
    associations: QuerySet[Association], *, province: str = "", cohort: str = "", field: str = "", search: str = ""
) -> QuerySet[Association]:
    """Those of one province, cohort (its code), field of activity, and whose name resembles `search`; empty: no filter."""
    if province:
        associations = associations.filter(province=province)
    if cohort:
        associations = associations.filter(
            Exists(CohortPlace.objects.filter(cohort__code=cohort, association=OuterRef("pk")))
        )
    if field:
        associations = associations.filter(fields__contains=one(field))
    if search.strip():
        wanted = Q(name_key__contains=key) if (key := naming.name_key(search)) else Q(pk=None)
        associations = associations.filter(wanted | Q(name_fr__icontains=search.strip()))
    return associations


def for_list(associations: QuerySet[Association], user_id: int) -> QuerySet[Association]:
    """With what a line of the list shows: number of members, cohorts, and how this person stands to it. Two queries."""
    rows = with_relation(associations, user_id).annotate(member_count=_member_count("pk"))
    return rows.prefetch_related(
        Prefetch("places", queryset=CohortPlace.objects.select_related("cohort").order_by("cohort__code"))
    )


def with_relation(associations: QuerySet[Association], user_id: int) -> QuerySet[Association]:
    """With how this person stands to each: see `reads.relation_of`. One query."""
    return associations.annotate(
        as_coach=Exists(CoachAssignment.active.filter(user_id=user_id, association=OuterRef("pk"))),
        is_member=Exists(Membership.active.filter(user_id=user_id, association=OuterRef("pk"))),
    )


def my_memberships(user_id: int) -> list[Membership]:
    """The active memberships of a person with their associations, each with its number of members. One query."""
    rows = Membership.active.filter(user_id=user_id, association__archived_at__isnull=True)
    return list(
        rows.select_related("association")
        .annotate(member_count=_member_count("association_id"))
        .order_by("joined_at", "id")
    )


def _member_count(association: str) -> Coalesce:
    """An expression: how many active members the association named by that column has."""
    members = (
        Membership.active.filter(association=OuterRef(association), user__isnull=False)
        .order_by()
        .values("association")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(members, output_field=IntegerField()), Value(0))


def coach_assignments(association_id: int) -> list[CoachAssignment]:
    """Those who accompany an association now, longest first. One query."""
    rows = CoachAssignment.active.filter(association_id=association_id, user__isnull=False)
    return list(rows.select_related(*name_path()).order_by("since", "id"))


def is_only_president(association_id: int, user_id: int) -> bool:
    """Whether the association would have no president without this person; for a page, the write itself asks under a lock."""
    presidents = Membership.active.filter(
        association_id=association_id, role=Role.PRESIDENT.value, user__isnull=False
    ).values_list("user_id", flat=True)
    return list(presidents) == [user_id]
