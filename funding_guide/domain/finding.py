"""What one rule found: a verdict with its reason. The domain speaks no language: whoever shows it owns the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from .verdict import Verdict

Value = str | int | date | Decimal | tuple[str, ...] | tuple[int, ...]
_NONE: Mapping[str, Value] = MappingProxyType({})


class Reason(StrEnum):
    """Every reason a rule can give; each has a sentence and a remedy in every language (tested)."""

    HOLDS = "holds"
    # Nobody has told us.
    FOUNDING_DAY_UNKNOWN = "founding_day_unknown"
    RECEIPT_UNKNOWN = "receipt_unknown"
    SEAT_UNKNOWN = "seat_unknown"
    FIELD_UNKNOWN = "field_unknown"
    ACCOUNTS_UNKNOWN = "accounts_unknown"
    BANK_ACCOUNT_UNKNOWN = "bank_account_unknown"
    GOVERNANCE_UNKNOWN = "governance_unknown"
    CONFLICT_UNKNOWN = "conflict_unknown"
    PUBLIC_UTILITY_UNKNOWN = "public_utility_unknown"
    AMOUNT_UNKNOWN = "amount_unknown"
    OWN_CONTRIBUTION_UNKNOWN = "own_contribution_unknown"
    DURATION_UNKNOWN = "duration_unknown"
    # Can be mended.
    NO_RECEIPT = "no_receipt"
    FINAL_RECEIPT_MISSING = "final_receipt_missing"
    FINAL_RECEIPT_OVERDUE = "final_receipt_overdue"
    OTHER_FIELD_OF_PROJECT = "other_field_of_project"
    ACCOUNTS_MISSING = "accounts_missing"
    NO_BANK_ACCOUNT = "no_bank_account"
    GOVERNANCE_BELOW = "governance_below"
    AMOUNT_TOO_HIGH = "amount_too_high"
    AMOUNT_TOO_LOW = "amount_too_low"
    OWN_CONTRIBUTION_TOO_LOW = "own_contribution_too_low"
    TOO_LONG = "too_long"
    TOO_YOUNG_TODAY = "too_young_today"
    OPENS_LATER = "opens_later"
    # Cannot be mended before the call closes.
    TOO_YOUNG = "too_young"
    SEAT_ELSEWHERE = "seat_elsewhere"
    OTHER_FIELDS = "other_fields"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    NOT_OF_PUBLIC_UTILITY = "not_of_public_utility"
    CLOSED = "closed"
    # Several rules in one.
    NOT_ALL = "not_all"
    NONE_OF_THEM = "none_of_them"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of rule ``rule_code`` with its reason; ``params`` hold the figures of the sentence, ``parts`` those inside."""

    rule_code: str
    verdict: Verdict
    reason: Reason
    params: Mapping[str, Value] = field(default_factory=lambda: _NONE, hash=False)
    parts: tuple[Finding, ...] = ()
