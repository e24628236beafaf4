"""What the database knows about the rows of an import, asked in a handful of queries whatever their number."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from nassij.associations import people
from nassij.associations.data import Scope
from nassij.associations.imports.parsing import ParsedRow
from nassij.associations.models import Association, CoachAssignment, Cohort, CohortPlace, Invitation, Membership
from nassij.associations.naming import name_key

CHUNK = 500
"""Values in one `IN (…)`: SQLite takes no more than 999."""


class Lookup:
    """Associations, cohorts, accounts, memberships and invitations that the rows may be about."""

    def __init__(self, rows: Sequence[ParsedRow], scope: Scope) -> None:
        self.scope = scope
        self.by_uuid: dict[UUID, Association] = {}
        self.by_name: dict[str, list[Association]] = defaultdict(list)
        self._associations(rows)
        found = [association.pk for association in self.by_uuid.values()]
        self.cohorts = {cohort.code.lower(): cohort for cohort in Cohort.objects.all()}
        self.places: dict[int, set[int]] = defaultdict(set)
        for association_id, cohort_id in _all(
            CohortPlace.objects, "association_id", found, "association_id", "cohort_id"
        ):
            self.places[association_id].add(cohort_id)
        self._accounts(rows)
        self.memberships: dict[int, dict[int, Membership]] = defaultdict(dict)
        for membership in _all(Membership.active, "association_id", found):
            if membership.user_id is not None:
                self.memberships[membership.association_id][membership.user_id] = membership
        self.invitations: dict[int, dict[str, Invitation]] = defaultdict(dict)
        for invitation in _all(Invitation.objects, "association_id", found):
            self.invitations[invitation.association_id][invitation.email] = invitation
        self.coaches: dict[int, set[int]] = defaultdict(set)
        for association_id, user_id in _all(
            CoachAssignment.active, "association_id", found, "association_id", "user_id"
        ):
            self.coaches[association_id].add(user_id)

    def in_scope(self, association: Association) -> bool:
        """Whether the person who imports coordinates this association."""
        return self.scope.everywhere or bool(self.places[association.pk] & set(self.scope.cohort_ids))

    def coordinated(self, cohort: Cohort) -> bool:
        """Whether the person who imports coordinates this cohort."""
        return self.scope.everywhere or cohort.pk in self.scope.cohort_ids

    def _associations(self, rows: Sequence[ParsedRow]) -> None:
        uuids = {row.association_uuid for row in rows if row.association_uuid}
        names = {name_key(row.values["name"]) for row in rows if "name" in row.values}
        for association in (
            *_all(Association.current, "uuid", uuids),
            *_all(Association.current, "name_key", names),
        ):
            if association.uuid not in self.by_uuid:
                self.by_uuid[association.uuid] = association
                self.by_name[association.name_key].append(association)

    def _accounts(self, rows: Sequence[ParsedRow]) -> None:
        self.by_username: dict[str, Any] = {}
        self.by_email: dict[str, list[Any]] = defaultdict(list)
        for part in _chunks({row.username for row in rows if row.username}):
            for user in people.verified_accounts(usernames=part):
                self.by_username[user.get_username()] = user
        for part in _chunks({row.email for row in rows if row.email}):
            for user in people.verified_accounts(emails=part):
                self.by_email[people.normalise_email(user.email)].append(user)


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def _all(manager: Any, column: str, values: Iterable[Any], *names: str) -> Iterator[Any]:
    """The rows whose `column` is one of the values: whole, or only the columns named."""
    for part in _chunks(values):
        rows = manager.filter(**{f"{column}__in": part})
        yield from rows.values_list(*names) if names else rows
