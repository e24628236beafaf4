"""One row of the table, cell by cell: what it says, and what is wrong with it. No database here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from nassij.associations import profile
from nassij.associations.data import Role
from nassij.associations.imports import columns
from nassij.associations.naming import name_key
from nassij.associations.people import normalise_email
from nassij.common.documents.cells import looks_like_formula

TEXTS = ("name", "name_fr", "commune")
NUMBERS = ("women", "men", "youth", "founded_year")
_SEPARATORS = re.compile(r"[,،;؛|/\n]+")


@dataclass(frozen=True)
class Issue:
    """What is wrong with a cell (or a row, when `column` is empty), and what to do about it; both lazy."""

    column: str
    message: Any
    remedy: Any


@dataclass
class ParsedRow:
    """A row: the values it gives (nothing for an empty cell), the person it names, what is wrong."""

    row: int
    association_uuid: UUID | None = None
    values: dict[str, Any] = field(default_factory=dict)
    cohort: str = ""
    email: str = ""
    username: str = ""
    role: Role | None = None
    is_lead: bool | None = None
    issues: list[Issue] = field(default_factory=list)

    @property
    def names_person(self) -> bool:
        """Whether the row is about somebody."""
        return bool(self.email or self.username)


def parse(cells: Mapping[str, Any]) -> ParsedRow:
    """What a row says."""
    row = ParsedRow(row=int(cells["row"]))
    for name in TEXTS:
        _text(row, cells, name)
    for name in NUMBERS:
        _number(row, cells, name)
    _choice(row, cells)
    _identifier(row, cells)
    row.cohort = str(cells.get("cohort", "")).strip()
    _person(row, cells)
    return row


def _text(row: ParsedRow, cells: Mapping[str, Any], name: str) -> None:
    if name not in cells:
        return
    text = str(profile.cleaned({name: cells[name]})[name])
    if looks_like_formula(text):
        row.issues.append(Issue(name, _("This looks like a formula."), _("Remove the sign at the beginning.")))
    elif text:
        row.values[name] = text


def _number(row: ParsedRow, cells: Mapping[str, Any], name: str) -> None:
    if name not in cells:
        return
    cell = cells[name]
    try:
        number = int("".join(cell.split())) if isinstance(cell, str) else int(cell)
        if number != cell and not isinstance(cell, str):
            raise ValueError
    except ValueError:
        row.issues.append(Issue(name, _("This is not a whole number."), _("Write digits only.")))
    else:
        row.values[name] = number


def _choice(row: ParsedRow, cells: Mapping[str, Any]) -> None:
    if "province" in cells:
        typed = str(cells["province"])
        code = columns.provinces().get(name_key(typed)) or columns.provinces().get(columns.short_province(typed))
        if code:
            row.values["province"] = code
        else:
            row.issues.append(
                Issue(
                    "province", _("This province is not in the list."), _("Choose one of the list below the template.")
                )
            )
    if "fields" in cells:
        typed_fields = [part for part in _SEPARATORS.split(str(cells["fields"])) if part.strip()]
        # A name of the list may itself hold a comma: the whole cell first.
        whole = columns.fields().get(name_key(str(cells["fields"])))
        codes = [whole] if whole else [columns.fields().get(name_key(part)) for part in typed_fields]
        if all(codes):
            row.values["fields"] = tuple(dict.fromkeys(codes))
        else:
            row.issues.append(
                Issue(
                    "fields",
                    _("A field of activity is not in the list."),
                    _("Choose from the list below the template."),
                )
            )


def _identifier(row: ParsedRow, cells: Mapping[str, Any]) -> None:
    if "association_uuid" not in cells:
        return
    try:
        row.association_uuid = UUID(str(cells["association_uuid"]))
    except ValueError:
        row.issues.append(
            Issue(
                "association_uuid",
                _("This is not an identifier."),
                _("Copy it from the association's address, or empty the cell."),
            )
        )


def _person(row: ParsedRow, cells: Mapping[str, Any]) -> None:
    row.username = str(cells.get("person_username", "")).strip()
    row.email = normalise_email(str(cells.get("person_email", "")))
    if row.email:
        try:
            validate_email(row.email)
            if len(row.email) > 191:
                raise ValidationError("too long")
        except ValidationError:
            row.issues.append(
                Issue("person_email", _("This is not an e-mail address."), _("Correct it, or use the username."))
            )
            row.email = ""
    if "person_role" in cells:
        role = columns.roles().get(name_key(str(cells["person_role"])))
        if role:
            row.role = Role(role)
        else:
            row.issues.append(
                Issue(
                    "person_role", _("This role is not known."), _("Write president, secretary, treasurer or member.")
                )
            )
    if "person_lead" in cells:
        row.is_lead = columns.booleans().get(name_key(str(cells["person_lead"])))
        if row.is_lead is None:
            row.issues.append(Issue("person_lead", _("Write yes or no."), _("Write yes or no, or empty the cell.")))
    if (row.role or row.is_lead) and not row.names_person and not row.issues:
        row.issues.append(
            Issue(
                "person_email",
                _("There is a role here, but nobody who has it."),
                _("Write the person's address or username."),
            )
        )
