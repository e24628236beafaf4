"""What can be read about associations. None of these checks permissions: ask `require` first."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from nassij.associations import naming, problems, queries
from nassij.associations.data import (
    AccompaniedMember,
    AssociationData,
    AssociationSummary,
    CohortData,
    MemberData,
    MembershipData,
    Relation,
    Role,
    Scope,
)
from nassij.associations.models import Association, CoachAssignment, Cohort, Membership
from nassij.common.people import display_name, name_path, names_of_accounts


def memberships(*, user_id: int | None) -> tuple[MembershipData, ...]:
    """The active memberships of a person, oldest first; empty for nobody. ONE SQL query. About oneself: no permission."""
    if user_id is None:
        return ()
    rows = Membership.active.filter(user_id=user_id, association__archived_at__isnull=True)
    rows = rows.select_related("association").order_by("joined_at", "id")
    return tuple(membership_data(row) for row in rows)


def association(*, association_id: int | None = None, association_uuid: UUID | None = None) -> AssociationData:
    """An association's profile. ONE SQL query. Does not check permissions. Raises `NotFound`."""
    key = {"uuid": association_uuid} if association_uuid is not None else {"pk": association_id}
    found = Association.current.filter(**key).first()
    if found is None:
        raise problems.unknown_association()
    return association_data(found)


def members(*, association_id: int) -> tuple[MemberData, ...]:
    """The active members, office holders first. ONE SQL query. Does not check permissions."""
    rows = Membership.active.filter(association_id=association_id, user__isnull=False)
    order = {role.value: rank for rank, role in enumerate(Role)}
    found = sorted(rows.select_related(*name_path()), key=lambda row: (order[row.role], row.joined_at, row.pk))
    return tuple(member_data(row) for row in found)


def active_members(*, association_ids: Collection[int]) -> frozenset[tuple[int, int]]:
    """Who is a member where, as (association, person), of associations that are not archived.

    ONE SQL query for hundreds of associations. Does not check permissions.
    """
    rows = Membership.active.filter(association_id__in=association_ids, association__archived_at__isnull=True)
    return frozenset(rows.filter(user__isnull=False).values_list("association_id", "user_id"))


def members_in_scope(*, scope: Scope) -> tuple[AccompaniedMember, ...]:
    """The active members of the associations a person accompanies. ONE SQL query, none for who accompanies nobody.

    The scope is the permission.
    """
    if scope.is_empty:
        return ()
    rows = Membership.active.filter(association__in=queries.accompanied_by(scope), user__isnull=False)
    found = rows.order_by("association__name_key", "association_id").values_list(
        "user_id", "association_id", "association__name", "association__name_fr"
    )
    return tuple(
        AccompaniedMember(user_id=user, association_id=pk, association_name=naming.shown(name, name_fr))
        for user, pk, name, name_fr in found
    )


def names_of(*, association_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """What associations are called in each language (for mails, whose readers are not here).

    ONE SQL query. Does not check permissions.
    """
    rows = Association.objects.filter(pk__in=association_ids).values_list("pk", "name", "name_fr")
    return {pk: {"ar": name, "fr": name_fr or name, "en": name_fr or name} for pk, name, name_fr in rows}


def coach_ids(*, association_id: int) -> tuple[int, ...]:
    """Who accompanies the association now, as accounts (for mails). ONE SQL query. Does not check permissions."""
    found = CoachAssignment.active.filter(association_id=association_id, user__isnull=False)
    return tuple(found.order_by("user_id").values_list("user_id", flat=True))


def person_names(*, user_ids: Collection[int]) -> dict[int, str]:
    """What people are called, by account; who is gone is left out. ONE SQL query. Does not check permissions."""
    return names_of_accounts(user_ids)


def coaches(*, association_id: int) -> tuple[str, ...]:
    """The names of those who accompany the association now. ONE SQL query. Does not check permissions."""
    return tuple(display_name(row.user) for row in queries.coach_assignments(association_id))


def associations_in_scope(
    *,
    user_id: int,
    province: str = "",
    cohort: str = "",
    field: str = "",
    search: str = "",
    offset: int = 0,
    limit: int | None = None,
) -> tuple[AssociationSummary, ...]:
    """The associations a coach, coordinator or operator accompanies, by name. Three SQL queries at any size.

    The person's own scope is the permission: empty for anyone else. Filters as in the list page.
    """
    found = queries.accompanied_by(queries.scope_of(user_id))
    found = queries.narrowed(found, province=province, cohort=cohort, field=field, search=search)
    end = None if limit is None else offset + limit
    return summaries(queries.for_list(found, user_id)[offset:end])


def cohorts_in_scope(*, scope: Scope) -> tuple[CohortData, ...]:
    """The cohorts a person coordinates, with the number of their associations. ONE SQL query; the scope is the permission."""
    current = Q(places__association__archived_at__isnull=True)
    rows = Cohort.objects.annotate(number=Count("places", filter=current)).order_by("starts", "code")
    if not scope.everywhere:
        rows = rows.filter(pk__in=scope.cohort_ids)
    return tuple(cohort_data(row, row.number) for row in rows)


def summaries(rows: QuerySet[Association] | Iterable[Association]) -> tuple[AssociationSummary, ...]:
    """Lines of the list, from rows prepared by `queries.for_list`."""
    return tuple(
        AssociationSummary(
            id=row.pk,
            uuid=row.uuid,
            name=row.name,
            name_fr=row.name_fr,
            province=row.province,
            commune=row.commune,
            fields=tuple(row.fields),
            member_count=row.member_count,  # type: ignore[attr-defined]
            cohort_codes=tuple(place.cohort.code for place in row.places.all()),
            relation=relation_of(row),
            cohorts=tuple(cohort_data(place.cohort) for place in row.places.all()),
        )
        for row in rows
    )


def association_data(row: Association) -> AssociationData:
    """The value object of a row."""
    return AssociationData(
        id=row.pk,
        uuid=row.uuid,
        name=row.name,
        name_fr=row.name_fr,
        province=row.province,
        commune=row.commune,
        fields=tuple(row.fields),
        women=row.women,
        men=row.men,
        youth=row.youth,
        founded_year=row.founded_year,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def relation_of(row: Association) -> Relation:
    """How the person stands to an association for whom `queries.with_relation` made the row."""
    return Relation(association_id=row.pk, is_member=bool(row.is_member), as_coach=bool(row.as_coach))  # type: ignore[attr-defined]


def membership_data(row: Membership) -> MembershipData:
    """The value object of a row with its association loaded."""
    return MembershipData(
        association_id=row.association_id,
        association_uuid=row.association.uuid,
        association_name=naming.shown(row.association.name, row.association.name_fr),
        association_other_name=naming.beside(row.association.name, row.association.name_fr),
        role=Role(row.role),
        is_lead=row.is_lead,
        joined_at=row.joined_at,
    )


def member_data(row: Membership) -> MemberData:
    """The value object of a row with its person loaded."""
    return MemberData(
        membership_uuid=row.uuid,
        user_id=row.user_id or 0,
        username=row.user.get_username() if row.user else "",
        name=display_name(row.user),
        role=Role(row.role),
        is_lead=row.is_lead,
        joined_at=row.joined_at,
    )


def cohort_data(row: Cohort, association_count: int = 0) -> CohortData:
    """The value object of a row."""
    return CohortData(
        id=row.pk,
        uuid=row.uuid,
        code=row.code,
        name_ar=row.name_ar,
        name_fr=row.name_fr,
        name_en=row.name_en,
        region=row.region,
        provinces=tuple(row.provinces),
        starts=row.starts,
        association_count=association_count,
    )
