"""What is known of an association and of its project on the day it asks. ``None`` always means: nobody has told us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType


class ReceiptKind(StrEnum):
    """What the authority has given for the declaration of the association (dahir 1-58-376, art. 5)."""

    NONE = "none"
    PROVISIONAL = "provisional"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receipt in hand. After ``RECEIPT_DAYS`` without a final one the association may act all the same (art. 5)."""

    kind: ReceiptKind
    issued_on: date | None = None


#: Days in which the final receipt must be delivered (dahir 1-58-376, art. 5).
RECEIPT_DAYS = 60

_NOTHING: Mapping[str, int] = MappingProxyType({})
_NO_YEARS: Mapping[int, bool] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Profile:
    """An association as the rules see it.

    ``province``, ``region`` and ``fields`` are codes of the reference data. ``levels`` is indicator code -> level of the result
    that counts; an indicator without a level (not answered, "don't know") is absent, one that does not apply to the association
    is in ``not_applicable``. ``accounts`` is financial year -> whether its accounts were approved; a year nobody spoke about is
    absent. ``councils`` are the councils of which a leading member of the association is an elected councillor (``commune``,
    ``province``, ``region``): an empty set means that somebody said there is none.
    """

    province: str | None = None
    region: str | None = None
    fields: frozenset[str] | None = None
    founded_on: date | None = None
    receipt: Receipt | None = None
    accounts: Mapping[int, bool] = field(default_factory=lambda: _NO_YEARS, hash=False)
    bank_account: bool | None = None
    public_utility: bool | None = None
    councils: frozenset[str] | None = None
    levels: Mapping[str, int] = field(default_factory=lambda: _NOTHING, hash=False)
    not_applicable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Project:
    """What the association wants to do with the money; amounts in dirhams (MAD)."""

    field: str | None = None
    province: str | None = None
    requested: Decimal | None = None
    own: Decimal | None = None
    total: Decimal | None = None
    months: int | None = None
