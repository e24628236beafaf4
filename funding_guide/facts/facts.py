"""Reading and changing what an association says of itself, and the profile the rules see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nassij.associations.api import (
    Access,
    Action,
    AssociationData,
    Standing,
    association,
    provinces,
    require,
    standing_of,
)
from nassij.common.audit import record
from nassij.common.errors import Conflict, Unprocessable
from nassij.common.idempotency import retrying

from ..domain import Call, Profile, Receipt, ReceiptKind, asks_for_levels
from ..models import FundingFacts

FIELDS = ("founded_on", "receipt", "receipt_on", "accounts", "bank_account", "public_utility", "councils")
YEARS_ASKED = 3
"""Closed financial years the form asks about: the format of calls lets none ask for more."""
FIRST_YEAR = 1900


@dataclass(frozen=True, slots=True)
class FactsData:
    """What is stored of an association, or the empty beginning of it; `values` has every name of `FIELDS`."""

    association_uuid: UUID
    association_name: str
    values: Mapping[str, Any]
    revision: int
    may_edit: bool


def facts(*, user_id: int | None, association_uuid: UUID) -> FactsData:
    """What the association says of itself. Checks permissions: who may see its files. Two queries.

    Raises `NotSignedIn`, `NotFound`, `Forbidden`.
    """
    access = require(user_id=user_id, action=Action.VIEW_APPLICATIONS, association_uuid=association_uuid)
    return _as_data(access, FundingFacts.objects.filter(association_id=access.association_id).first())


def profile_of(access: Access, calls: Iterable[Call]) -> Profile:
    """The association of `access` as the rules of `calls` see it. The caller has asked who may.

    Two queries, and one more where a rule looks at the self-assessment.
    """
    stored = FundingFacts.objects.filter(association_id=access.association_id).first()
    known = association(association_id=access.association_id)
    looked_at = any(asks_for_levels(call) for call in calls)
    return as_profile(known, stored, standing_of(association_id=access.association_id) if looked_at else Standing())


def as_profile(known: AssociationData, stored: FundingFacts | None, standing: Standing) -> Profile:
    """The profile of the associations app, the self-assessment and what is told here, put together. Nothing is guessed: a year
    is not a day.
    """
    place = provinces().get(known.province)
    values = stored or FundingFacts()
    return Profile(
        province=known.province or None,
        region=place.region if place is not None else None,
        fields=frozenset(known.fields) if known.fields else None,
        founded_on=values.founded_on,
        receipt=Receipt(ReceiptKind(values.receipt), values.receipt_on) if values.receipt else None,
        accounts={int(year): bool(approved) for year, approved in values.accounts.items()},
        bank_account=values.bank_account,
        public_utility=values.public_utility,
        councils=None if values.councils is None else frozenset(values.councils),
        levels=standing.levels,
        not_applicable=standing.not_applicable,
    )


def change_facts(*, user_id: int | None, association_uuid: UUID, values: Mapping[str, Any], revision: int) -> int:
    """Keep what the association says of itself; the new revision. What is stored already as it is sent writes nothing.

    Checks permissions: who prepares its files. Raises `NotFound`, `Forbidden`, `Unprocessable` with `fields`, and `Conflict` with
    `stored` and the present `revision` when somebody else was faster.
    """
    access = require(user_id=user_id, action=Action.EDIT_APPLICATIONS, association_uuid=association_uuid)
    wrong = problems_of(values, today=timezone.localdate())
    if wrong:
        raise Unprocessable(fields=wrong)

    def change() -> int:
        with transaction.atomic():
            return _change(access, values, revision)

    return retrying(change)


def problems_of(values: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """What is wrong with the values: field to message."""
    wrong: dict[str, Any] = {}
    founded, receipt_on = values["founded_on"], values["receipt_on"]
    if founded is not None and not (founded.year >= FIRST_YEAR and founded <= today):
        wrong["founded_on"] = _("Write a day that is past.")
    if receipt_on is not None and receipt_on > today:
        wrong["receipt_on"] = _("Write a day that is past.")
    elif receipt_on is not None and founded is not None and receipt_on < founded:
        wrong["receipt_on"] = _("The receipt cannot be older than the association.")
    return wrong


def years_asked(today: date) -> tuple[int, ...]:
    """The closed financial years the form asks about, the newest first."""
    return tuple(today.year - back for back in range(1, YEARS_ASKED + 1))


def _change(access: Access, values: Mapping[str, Any], revision: int) -> int:
    stored, _made = FundingFacts.objects.select_for_update().get_or_create(
        association_id=access.association_id, defaults={"association_uuid": access.association_uuid}
    )
    differing = [name for name in FIELDS if getattr(stored, name) != values[name]]
    if not differing:
        return stored.revision
    if stored.revision != revision:
        raise Conflict(
            _("Somebody changed this in the meantime."),
            code="stale",
            remedy=_("Look at both versions below, then save the one that is right. Nothing was changed."),
            stored={name: getattr(stored, name) for name in differing},
            revision=stored.revision,
        )
    for name in differing:
        setattr(stored, name, values[name])
    stored.revision += 1
    stored.save()
    record(
        actor_id=access.user_id,
        action="funding.facts.changed",
        object_type="funding_facts",
        association_uuid=access.association_uuid,
        details={"fields": sorted(differing)},
    )
    return stored.revision


def _as_data(access: Access, stored: FundingFacts | None) -> FactsData:
    row = stored or FundingFacts()
    return FactsData(
        association_uuid=access.association_uuid,
        association_name=access.association_name,
        values={name: getattr(row, name) for name in FIELDS},
        revision=row.revision,
        may_edit=access.may(Action.EDIT_APPLICATIONS),
    )
