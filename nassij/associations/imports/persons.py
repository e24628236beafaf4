"""The people of one association in an import: who they are, what they would become, what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from nassij.associations.data import Role
from nassij.associations.imports.lookup import Lookup
from nassij.associations.imports.parsing import Issue, ParsedRow
from nassij.associations.models import Association


@dataclass(frozen=True)
class PersonPlan:
    """What one row would make of a person: an account (`user_id`), or an address to invite (`email`).

    `before` and `lead_before` are None for someone who is neither a member nor invited yet.
    """

    row: int
    user_id: int | None
    email: str
    role: Role
    is_lead: bool
    before: Role | None
    lead_before: bool | None

    @property
    def is_new(self) -> bool:
        """Whether the person would join or be invited."""
        return self.before is None

    @property
    def is_change(self) -> bool:
        """Whether anything would be written."""
        return (self.before, self.lead_before) != (self.role, self.is_lead)


def plan_people(rows: Sequence[ParsedRow], association: Association | None, lookup: Lookup) -> list[PersonPlan]:
    """The people the rows name; errors are noted at their rows."""
    found: dict[Any, PersonPlan] = {}
    for row in rows:
        if not row.names_person or _has_person_issue(row):
            continue
        person = _person(row, association, lookup)
        if person is None:
            continue
        key = person.user_id or person.email
        if key in found:
            row.issues.append(
                Issue(
                    "person_email",
                    _("This person is already in row %(row)d of the same association.") % {"row": found[key].row},
                    _("Keep one of the two rows."),
                )
            )
        else:
            found[key] = person
    if association is not None:
        _keep_a_president(rows, list(found.values()), association, lookup)
    return list(found.values())


def _has_person_issue(row: ParsedRow) -> bool:
    return any(issue.column.startswith("person_") for issue in row.issues)


def _person(row: ParsedRow, association: Association | None, lookup: Lookup) -> PersonPlan | None:
    user = _account(row, lookup)
    if _has_person_issue(row):
        return None
    before: Role | None = None
    lead_before: bool | None = None
    if association is not None:
        existing: Any = (
            lookup.memberships[association.pk].get(user.pk)
            if user is not None
            else lookup.invitations[association.pk].get(row.email)
        )
        if existing is not None:
            before, lead_before = Role(existing.role), existing.is_lead
        if user is not None and user.pk in lookup.coaches[association.pk]:
            row.issues.append(
                Issue(
                    _column(row),
                    _("A coach cannot be a member of the association they accompany."),
                    _("Take this person out, or end the coach's assignment first."),
                )
            )
            return None
    return PersonPlan(
        row=row.row,
        user_id=user.pk if user is not None else None,
        email="" if user is not None else row.email,
        role=row.role or before or Role.MEMBER,
        is_lead=bool(lead_before) if row.is_lead is None else row.is_lead,
        before=before,
        lead_before=lead_before,
    )


def _account(row: ParsedRow, lookup: Lookup) -> Any:
    """The account of the row's person; None for an address nobody has confirmed, which will be invited."""
    if row.username:
        user = lookup.by_username.get(row.username)
        if user is None:
            row.issues.append(
                Issue(
                    "person_username",
                    _("There is no account with this username, or its address is not confirmed."),
                    _("Correct it, or write the person's e-mail address instead."),
                )
            )
        return user
    users = lookup.by_email.get(row.email, [])
    if len(users) > 1:
        row.issues.append(
            Issue("person_email", _("Several accounts have this address."), _("Write the username instead."))
        )
    return users[0] if len(users) == 1 else None


def _keep_a_president(
    rows: Sequence[ParsedRow], people: Sequence[PersonPlan], association: Association, lookup: Lookup
) -> None:
    """The import must not leave an association that has a president without one."""
    members = lookup.memberships[association.pk]
    before = {user_id for user_id, membership in members.items() if membership.role == Role.PRESIDENT.value}
    named = {person.user_id: person.role for person in people if person.user_id is not None}
    after = {user_id for user_id in before if named.get(user_id, Role.PRESIDENT) is Role.PRESIDENT}
    after |= {user_id for user_id, role in named.items() if role is Role.PRESIDENT}
    if before and not after:
        row_number = next(person.row for person in people if person.user_id in before)
        row = next(row for row in rows if row.row == row_number)
        row.issues.append(
            Issue(
                "person_role",
                _("This is the only president of the association."),
                _("Name the new president in another row."),
            )
        )


def _column(row: ParsedRow) -> str:
    return "person_username" if row.username else "person_email"
