"""The dry run: what an import would do, row by row, and what stands in its way. It writes nothing.

Rows about one association form a group, and a group is applied as a whole or not at all. Which association a row is about: the
identifier when there is one; else its name and province (and commune, when there are several), whatever the spelling; an empty
name means "the same as above", as people write lists in Excel. An empty cell never erases anything.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from nassij.associations import profile
from nassij.associations.data import Scope
from nassij.associations.imports.lookup import Lookup
from nassij.associations.imports.parsing import Issue, ParsedRow, parse
from nassij.associations.imports.persons import PersonPlan, plan_people
from nassij.associations.models import Association, Cohort
from nassij.associations.naming import name_key


class Status(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ERROR = "error"


@dataclass(frozen=True)
class Change:
    """One value that would change; `before` is None when there was none."""

    column: str
    before: Any
    after: Any


@dataclass
class RowPlan:
    """What one row would do; `held_by` is the row of the same association whose error holds this one back."""

    row: int
    status: Status = Status.SAME
    name: str = ""
    person: str = ""
    changes: list[Change] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    held_by: int | None = None


@dataclass
class GroupPlan:
    """What would be done to one association: `association` is None for a new one, `values` what its profile gets."""

    association: Association | None
    rows: list[ParsedRow]
    plans: list[RowPlan]
    values: dict[str, Any] = field(default_factory=dict)
    cohort: Cohort | None = None
    people: list[PersonPlan] = field(default_factory=list)

    @property
    def blocked(self) -> bool:
        """Whether an error in any row keeps the whole association from being imported."""
        return any(plan.issues for plan in self.plans)

    @property
    def has_work(self) -> bool:
        """Whether applying it would change something."""
        return not self.blocked and any(plan.status is not Status.SAME for plan in self.plans)


@dataclass(frozen=True)
class Plan:
    """The whole dry run."""

    groups: list[GroupPlan]

    @property
    def rows(self) -> list[RowPlan]:
        """Every row, in the order of the file."""
        return sorted((plan for group in self.groups for plan in group.plans), key=lambda plan: plan.row)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows would do what, and how many associations would be touched."""
        statuses = Counter(plan.status for group in self.groups for plan in group.plans)
        return {
            **{status.value: statuses[status] for status in Status},
            "associations": sum(group.has_work for group in self.groups),
        }


def build(rows: Sequence[Mapping[str, Any]], scope: Scope) -> Plan:
    """The dry run of stored rows for a person with this scope. The number of queries does not depend on the rows."""
    parsed = [parse(cells) for cells in rows]
    lookup = Lookup(parsed, scope)
    groups = _grouped(parsed, lookup)
    for group in groups:
        _decide(group, lookup)
    return Plan(groups)


def _grouped(rows: Sequence[ParsedRow], lookup: Lookup) -> list[GroupPlan]:
    """The rows by association, in the order in which each is first named."""
    communes: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        key = (name_key(row.values.get("name", "")), row.values.get("province", ""))
        communes.setdefault(key, set()).update({name_key(row.values["commune"])} if "commune" in row.values else ())
    groups: dict[Any, GroupPlan] = {}
    last: Any = None
    for row in rows:
        key, association = _identity(row, lookup, communes) if _names_association(row) else (last, None)
        if key is None:
            key = ("row", row.row)
            if not row.issues:
                row.issues.append(
                    Issue("name", _("The name of the association is missing."), _("Write it in this row."))
                )
        group = groups.setdefault(key, GroupPlan(association=association, rows=[], plans=[]))
        group.rows.append(row)
        last = key
    return list(groups.values())


def _names_association(row: ParsedRow) -> bool:
    return bool(row.association_uuid or "name" in row.values or any(issue.column == "name" for issue in row.issues))


def _identity(
    row: ParsedRow, lookup: Lookup, communes: Mapping[tuple[str, str], set[str]]
) -> tuple[Any, Association | None]:
    """What the row's association is known by in this import, and the association when it is already here."""
    if row.association_uuid:
        association = lookup.by_uuid.get(row.association_uuid)
        if association is None:
            row.issues.append(
                Issue("association_uuid", _("No association has this identifier."), _("Correct it, or empty the cell."))
            )
        return ("uuid", row.association_uuid), association
    if "name" not in row.values:
        return None, None
    name, province = name_key(row.values["name"]), row.values.get("province", "")
    commune = name_key(row.values.get("commune", ""))
    matching = [
        association
        for association in lookup.by_name.get(name, ())
        if (not province or association.province == province)
        and (not commune or not association.commune or name_key(association.commune) == commune)
    ]
    several = len(communes.get((name, province), ())) > 1
    if len(matching) > 1 or (several and not commune):
        row.issues.append(
            Issue(
                "commune",
                _("Several associations have this name."),
                _("Write the commune, or the identifier of the one meant."),
            )
        )
        return ("row", row.row), None
    if matching:
        return ("uuid", matching[0].uuid), matching[0]
    return ("new", name, province, commune if several else ""), None


def _decide(group: GroupPlan, lookup: Lookup) -> None:
    """Fill in what the group would do, and the errors that only show when its rows are seen together."""
    given, origin = _merged(group)
    association = group.association
    first = group.rows[0]
    _check_profile(group, given, origin)
    _check_scope(group, lookup)
    cohort = _cohort(group, lookup)
    group.people = plan_people(group.rows, association, lookup)
    current = {name: getattr(association, name) for name in profile.FIELDS} if association else {}
    group.values = {name: value for name, value in given.items() if not association or value != current[name]}
    if cohort is not None and (association is None or cohort.pk not in lookup.places[association.pk]):
        group.cohort = cohort
    shown = given.get("name") or (association.name if association else "")
    held_by = next((row.row for row in group.rows if row.issues), None)
    persons = {person.row: person for person in group.people}
    for row in group.rows:
        plan = RowPlan(row=row.row, name=shown, issues=row.issues, held_by=None if row.issues else held_by)
        plan.person = row.username or row.email
        if row is first:
            plan.changes += [Change(name, current.get(name), value) for name, value in group.values.items()]
            plan.changes += [Change("cohort", None, group.cohort.code)] if group.cohort else []
        person = persons.get(row.row)
        if person is not None and person.is_change:
            plan.changes += [Change("person_role", person.before, person.role)] if person.before != person.role else []
            if bool(person.lead_before) != person.is_lead:
                plan.changes.append(Change("person_lead", person.lead_before, person.is_lead))
        plan.status = _status(plan, is_new=(association is None and row is first) or bool(person and person.is_new))
        group.plans.append(plan)


def _status(plan: RowPlan, *, is_new: bool) -> Status:
    if plan.issues or plan.held_by is not None:
        return Status.ERROR
    if is_new:
        return Status.NEW
    return Status.CHANGED if plan.changes else Status.SAME


def _merged(group: GroupPlan) -> tuple[dict[str, Any], dict[str, ParsedRow]]:
    """The values of all rows together, and the row each came from; two rows must not contradict each other."""
    given: dict[str, Any] = {}
    origin: dict[str, ParsedRow] = {}
    for row in group.rows:
        for name, value in row.values.items():
            if name not in given:
                given[name], origin[name] = value, row
            elif value != given[name] and not (name == "name" and name_key(value) == name_key(given[name])):
                row.issues.append(
                    Issue(
                        name,
                        _("This differs from row %(row)d of the same association.") % {"row": origin[name].row},
                        _("Write the same in both, or empty one of them."),
                    )
                )
    if group.association is not None and "name" in given:
        same = name_key(given["name"]) == group.association.name_key
        if (
            same and group.rows[0].association_uuid is None
        ):  # found by its name: the spelling in the file is not a correction
            given.pop("name")
    return given, origin


def _check_profile(group: GroupPlan, given: Mapping[str, Any], origin: Mapping[str, ParsedRow]) -> None:
    if group.association is None:
        complete: dict[str, Any] = {"name": "", "province": "", **given}
    else:
        complete = {**{name: getattr(group.association, name) for name in profile.FIELDS}, **given}
    already = {issue.column for row in group.rows for issue in row.issues}
    for name, message in profile.problems_of(complete).items():
        if name not in already and not already & {"association_uuid", "name"}:
            origin.get(name, group.rows[0]).issues.append(Issue(name, message, _("Correct this cell.")))


def _check_scope(group: GroupPlan, lookup: Lookup) -> None:
    if group.association is not None and not lookup.in_scope(group.association):
        group.rows[0].issues.append(
            Issue(
                "name",
                _("This association is already registered, outside your cohorts."),
                _("Ask the operator of the platform to add it to your cohort."),
            )
        )


def _cohort(group: GroupPlan, lookup: Lookup) -> Cohort | None:
    """The cohort the rows name; for a coordinator of one cohort, a new association goes there by itself."""
    named = [(row, row.cohort) for row in group.rows if row.cohort]
    if len({code.lower() for _row, code in named}) > 1:
        row = named[-1][0]
        row.issues.append(Issue("cohort", _("The rows name two cohorts."), _("Write one of them.")))
        return None
    if named:
        row, code = named[0]
        cohort = lookup.cohorts.get(code.lower())
        if cohort is None or not lookup.coordinated(cohort):
            row.issues.append(
                Issue("cohort", _("This is not one of your cohorts."), _("Write the code of one of yours."))
            )
            return None
    elif group.association is None and not lookup.scope.everywhere:
        row = group.rows[0]
        mine = [cohort for cohort in lookup.cohorts.values() if lookup.coordinated(cohort)]
        if len(mine) != 1:
            row.issues.append(
                Issue("cohort", _("A new association needs a cohort."), _("Write the code of one of yours."))
            )
            return None
        cohort = mine[0]
    else:
        return None
    province = next((r.values["province"] for r in group.rows if "province" in r.values), None)
    province = province or (group.association.province if group.association else "")
    if cohort.provinces and province and province not in cohort.provinces:
        row.issues.append(Issue("cohort", _("This cohort is for other provinces."), _("Choose another cohort.")))
        return None
    return cohort
