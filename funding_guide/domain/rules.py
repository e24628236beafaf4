"""The rule language: small, typed, readable, no code. Each rule looks at what is known and says yes, no, not yet or unknown, why.

A rule is written in a call as a mapping with its kind (``rule: age_at_least``) and figures; a new kind is a class here with a
schema entry and its sentences. What no rule can see (the quality of the project) no rule decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

from .amounts import own_needed
from .finding import Finding, Reason, Value
from .profile import RECEIPT_DAYS, Profile, Project, ReceiptKind
from .verdict import Verdict, best, worst


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: this association, this project, today; ``closes_on`` is the day the call closes, None for a model.

    ``council`` is the kind of elected council that gives the money, None for another funder.
    """

    profile: Profile
    project: Project
    today: date
    closes_on: date | None = None
    council: str | None = None

    @property
    def deadline(self) -> date:
        """The day on which everything must hold."""
        return self.closes_on or self.today


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition of a call, known by ``code`` in it; ``because`` is the clause in the call's own words, per language."""

    code: str
    because: Mapping[str, str] | None = None
    fact: str | None = None

    kind: ClassVar[str] = ""

    def find(self, question: Question) -> Finding:
        """The answer for this question, with its reason."""
        raise NotImplementedError

    def _says(self, verdict: Verdict, reason: Reason, **params: Value) -> Finding:
        return Finding(self.code, verdict, reason, params)

    def _holds(self, **params: Value) -> Finding:
        return Finding(self.code, Verdict.YES, Reason.HOLDS, params)


@dataclass(frozen=True, slots=True)
class AgeAtLeast(Rule):
    """The association is at least so many years old on the day the call closes: a day later would help no one."""

    years: int = 1

    kind: ClassVar[str] = "age_at_least"

    def find(self, question: Question) -> Finding:
        """No when the birthday comes after the last day; for a model, whose like comes again, not yet."""
        founded = question.profile.founded_on
        if founded is None:
            return self._says(Verdict.UNKNOWN, Reason.FOUNDING_DAY_UNKNOWN, years=self.years)
        old_enough_on = years_after(founded, self.years)
        if old_enough_on <= question.deadline:
            return self._holds(years=self.years, since=founded)
        if question.closes_on is None:
            return self._says(Verdict.NOT_YET, Reason.TOO_YOUNG_TODAY, years=self.years, from_day=old_enough_on)
        return self._says(Verdict.NO, Reason.TOO_YOUNG, years=self.years, from_day=old_enough_on)


@dataclass(frozen=True, slots=True)
class ReceiptHeld(Rule):
    """The receipt of the declaration is in hand: the final one, or a provisional one where the call accepts it."""

    provisional_accepted: bool = False

    kind: ClassVar[str] = "receipt"

    def find(self, question: Question) -> Finding:
        """Not yet, never no: a declaration gives a provisional receipt on the spot."""
        receipt = question.profile.receipt
        if receipt is None:
            return self._says(Verdict.UNKNOWN, Reason.RECEIPT_UNKNOWN)
        if receipt.kind is ReceiptKind.FINAL or (receipt.kind is ReceiptKind.PROVISIONAL and self.provisional_accepted):
            return self._holds()
        if receipt.kind is ReceiptKind.NONE:
            return self._says(Verdict.NOT_YET, Reason.NO_RECEIPT)
        if receipt.issued_on is None:
            return self._says(Verdict.NOT_YET, Reason.FINAL_RECEIPT_MISSING)
        due_on = receipt.issued_on + timedelta(days=RECEIPT_DAYS)
        late = due_on < question.today
        return self._says(
            Verdict.NOT_YET, Reason.FINAL_RECEIPT_OVERDUE if late else Reason.FINAL_RECEIPT_MISSING, due_on=due_on
        )


@dataclass(frozen=True, slots=True)
class SeatAmong(Rule):
    """The seat is in one of these regions or provinces (codes of the reference data)."""

    regions: frozenset[str] = frozenset()
    provinces: frozenset[str] = frozenset()

    kind: ClassVar[str] = "seat_among"

    def find(self, question: Question) -> Finding:
        """A seat is not moved for a call: elsewhere is no."""
        profile = question.profile
        places: dict[str, Value] = {
            "regions": tuple(sorted(self.regions)),
            "provinces": tuple(sorted(self.provinces)),
        }
        if profile.province in self.provinces or profile.region in self.regions:
            return self._holds(**places)
        unknown = (self.provinces and profile.province is None) or (self.regions and profile.region is None)
        if unknown:
            return self._says(Verdict.UNKNOWN, Reason.SEAT_UNKNOWN, **places)
        return self._says(Verdict.NO, Reason.SEAT_ELSEWHERE, **places)


@dataclass(frozen=True, slots=True)
class FieldAmong(Rule):
    """The association works in one of these fields, and so does the project where its field is told."""

    fields: frozenset[str] = frozenset()

    kind: ClassVar[str] = "field_among"

    def find(self, question: Question) -> Finding:
        """No when the association works in none of them; not yet when only the project lies elsewhere."""
        fields: tuple[str, ...] = tuple(sorted(self.fields))
        own = question.profile.fields
        if own is None:
            return self._says(Verdict.UNKNOWN, Reason.FIELD_UNKNOWN, fields=fields)
        if not own & self.fields:
            return self._says(Verdict.NO, Reason.OTHER_FIELDS, fields=fields)
        if question.project.field is not None and question.project.field not in self.fields:
            return self._says(Verdict.NOT_YET, Reason.OTHER_FIELD_OF_PROJECT, fields=fields)
        return self._holds(fields=fields)


@dataclass(frozen=True, slots=True)
class AccountsOfPastYears(Rule):
    """The accounts of the last so many closed financial years (calendar years) are approved by the assembly.

    Years before the association existed are not asked for.
    """

    years: int = 1

    kind: ClassVar[str] = "accounts_of_past_years"

    def find(self, question: Question) -> Finding:
        """Not yet for accounts not approved: an assembly can still be held."""
        last = min(question.deadline, question.today).year - 1  # a year that is not over has no accounts yet
        founded = question.profile.founded_on
        first = last - self.years + 1 if founded is None else max(last - self.years + 1, founded.year)
        asked = tuple(range(first, last + 1))
        told = question.profile.accounts
        missing = tuple(year for year in asked if told.get(year) is False)
        if missing:
            return self._says(Verdict.NOT_YET, Reason.ACCOUNTS_MISSING, years=missing)
        unknown = tuple(year for year in asked if year not in told)
        if unknown:
            return self._says(Verdict.UNKNOWN, Reason.ACCOUNTS_UNKNOWN, years=unknown)
        return self._holds(years=asked)


@dataclass(frozen=True, slots=True)
class BankAccount(Rule):
    """The association has a bank account in its own name."""

    kind: ClassVar[str] = "bank_account"

    def find(self, question: Question) -> Finding:
        """Not yet without one: it can be opened."""
        has = question.profile.bank_account
        if has is None:
            return self._says(Verdict.UNKNOWN, Reason.BANK_ACCOUNT_UNKNOWN)
        return self._holds() if has else self._says(Verdict.NOT_YET, Reason.NO_BANK_ACCOUNT)


@dataclass(frozen=True, slots=True)
class GovernanceAtLeast(Rule):
    """These indicators of the self-assessment stand at a level or above.

    For the association's own eyes: no score decides a subsidy. An indicator that does not apply to the association is met.
    """

    indicators: tuple[str, ...] = ()
    level: int = 1

    kind: ClassVar[str] = "governance_at_least"

    def find(self, question: Question) -> Finding:
        """Not yet below the level, unknown where nothing was answered."""
        profile = question.profile
        asked = [code for code in self.indicators if code not in profile.not_applicable]
        below = tuple(code for code in asked if profile.levels.get(code, self.level) < self.level)
        if below:
            return self._says(Verdict.NOT_YET, Reason.GOVERNANCE_BELOW, indicators=below, level=self.level)
        unknown = tuple(code for code in asked if code not in profile.levels)
        if unknown:
            return self._says(Verdict.UNKNOWN, Reason.GOVERNANCE_UNKNOWN, indicators=unknown, level=self.level)
        return self._holds(indicators=self.indicators, level=self.level)


@dataclass(frozen=True, slots=True)
class NoConflictOfInterest(Rule):
    """No leading member of the association is an elected councillor of the council that gives the money.

    Organic law 113-14 (communes), art. 65, and its like for the other councils. Where the funder is no council the rule holds.
    """

    kind: ClassVar[str] = "no_conflict_of_interest"

    def find(self, question: Question) -> Finding:
        """No while it is so; the remedy is a person to talk to, not a form."""
        if question.council is None:
            return self._holds()
        councils = question.profile.councils
        if councils is None:
            return self._says(Verdict.UNKNOWN, Reason.CONFLICT_UNKNOWN, council=question.council)
        if question.council in councils:
            return self._says(Verdict.NO, Reason.CONFLICT_OF_INTEREST, council=question.council)
        return self._holds()


@dataclass(frozen=True, slots=True)
class PublicUtility(Rule):
    """The association is recognised as being of public utility (dahir 1-58-376, art. 9)."""

    kind: ClassVar[str] = "public_utility"

    def find(self, question: Question) -> Finding:
        """No without it: recognition takes a decree and months."""
        recognised = question.profile.public_utility
        if recognised is None:
            return self._says(Verdict.UNKNOWN, Reason.PUBLIC_UTILITY_UNKNOWN)
        return self._holds() if recognised else self._says(Verdict.NO, Reason.NOT_OF_PUBLIC_UTILITY)


@dataclass(frozen=True, slots=True)
class AmountWithin(Rule):
    """The amount asked for lies between the least and the most the call gives, in dirhams."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None

    kind: ClassVar[str] = "amount_within"

    def find(self, question: Question) -> Finding:
        """Not yet outside: a budget can be changed."""
        requested = question.project.requested
        bounds: dict[str, Value] = {
            name: bound for name, bound in (("minimum", self.minimum), ("maximum", self.maximum)) if bound is not None
        }
        if requested is None:
            return self._says(Verdict.UNKNOWN, Reason.AMOUNT_UNKNOWN, **bounds)
        if self.maximum is not None and requested > self.maximum:
            return self._says(Verdict.NOT_YET, Reason.AMOUNT_TOO_HIGH, requested=requested, **bounds)
        if self.minimum is not None and requested < self.minimum:
            return self._says(Verdict.NOT_YET, Reason.AMOUNT_TOO_LOW, requested=requested, **bounds)
        return self._holds(requested=requested, **bounds)


@dataclass(frozen=True, slots=True)
class OwnContribution(Rule):
    """At least this percentage of the project's total comes from the association or others, not from the call."""

    percent: Decimal = Decimal(0)

    kind: ClassVar[str] = "own_contribution"

    def find(self, question: Question) -> Finding:
        """Not yet below, with the amount that is missing."""
        own, total = question.project.own, question.project.total
        if own is None or not total:  # a budget of nothing is none yet
            return self._says(Verdict.UNKNOWN, Reason.OWN_CONTRIBUTION_UNKNOWN, percent=self.percent)
        needed = own_needed(total, self.percent)
        if own < needed:
            return self._says(
                Verdict.NOT_YET,
                Reason.OWN_CONTRIBUTION_TOO_LOW,
                percent=self.percent,
                needed=needed,
                missing=needed - own,
            )
        return self._holds(percent=self.percent, own=own)


@dataclass(frozen=True, slots=True)
class LastsAtMost(Rule):
    """The project lasts at most so many months."""

    months: int = 12

    kind: ClassVar[str] = "lasts_at_most"

    def find(self, question: Question) -> Finding:
        """Not yet above: a project can be planned shorter."""
        planned = question.project.months
        if planned is None:
            return self._says(Verdict.UNKNOWN, Reason.DURATION_UNKNOWN, months=self.months)
        if planned > self.months:
            return self._says(Verdict.NOT_YET, Reason.TOO_LONG, months=self.months, planned=planned)
        return self._holds(months=self.months)


@dataclass(frozen=True, slots=True)
class AllOf(Rule):
    """Several rules that must all hold; inside :class:`AnyOf`."""

    rules: tuple[Rule, ...] = ()

    kind: ClassVar[str] = "all_of"

    def find(self, question: Question) -> Finding:
        """The lowest of the answers."""
        parts = tuple(rule.find(question) for rule in self.rules)
        verdict = worst(part.verdict for part in parts)
        reason = Reason.HOLDS if verdict is Verdict.YES else Reason.NOT_ALL
        return Finding(self.code, verdict, reason, parts=parts)


@dataclass(frozen=True, slots=True)
class AnyOf(Rule):
    """Several ways of meeting a condition: one is enough."""

    rules: tuple[Rule, ...] = ()

    kind: ClassVar[str] = "any_of"

    def find(self, question: Question) -> Finding:
        """The highest of the answers."""
        parts = tuple(rule.find(question) for rule in self.rules)
        verdict = best(part.verdict for part in parts)
        reason = Reason.HOLDS if verdict is Verdict.YES else Reason.NONE_OF_THEM
        return Finding(self.code, verdict, reason, parts=parts)


KINDS: Mapping[str, type[Rule]] = {
    kind.kind: kind
    for kind in (
        AgeAtLeast,
        ReceiptHeld,
        SeatAmong,
        FieldAmong,
        AccountsOfPastYears,
        BankAccount,
        GovernanceAtLeast,
        NoConflictOfInterest,
        PublicUtility,
        AmountWithin,
        OwnContribution,
        LastsAtMost,
        AllOf,
        AnyOf,
    )
}
"""Every kind of rule by the word it is written with."""


def years_after(day: date, years: int) -> date:
    """The same day ``years`` later; 1 March for a 29 February in a year that has none.

    >>> years_after(date(2024, 2, 29), 1)
    datetime.date(2025, 3, 1)
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
