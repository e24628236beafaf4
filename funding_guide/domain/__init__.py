"""May we apply, and what is missing? Pure functions on immutable values: no Django, no files, no clock."""

from .amounts import Amounts
from .assessment import Assessment, Timing, assess, verdict_of
from .call import Call, Document, DocumentKind, Funder, Source, Territory
from .finding import Finding, Reason
from .parser import call_to_data, parse_call
from .problems import InvalidCall, Problem, ProblemCode
from .profile import Profile, Project, Receipt, ReceiptKind
from .readiness import DocumentState, Held, Readiness, Standing, readiness
from .references import reference_problems
from .rules import (
    AccountsOfPastYears,
    AgeAtLeast,
    AllOf,
    AmountWithin,
    AnyOf,
    BankAccount,
    FieldAmong,
    GovernanceAtLeast,
    LastsAtMost,
    NoConflictOfInterest,
    OwnContribution,
    PublicUtility,
    ReceiptHeld,
    Rule,
    SeatAmong,
)
from .verdict import Verdict, worst
from .walk import asks_for_levels

__all__ = [
    "AccountsOfPastYears",
    "AgeAtLeast",
    "AllOf",
    "AmountWithin",
    "Amounts",
    "AnyOf",
    "Assessment",
    "BankAccount",
    "Call",
    "Document",
    "DocumentKind",
    "DocumentState",
    "FieldAmong",
    "Finding",
    "Funder",
    "GovernanceAtLeast",
    "Held",
    "InvalidCall",
    "LastsAtMost",
    "NoConflictOfInterest",
    "OwnContribution",
    "Problem",
    "ProblemCode",
    "Profile",
    "Project",
    "PublicUtility",
    "Readiness",
    "Reason",
    "Receipt",
    "ReceiptHeld",
    "ReceiptKind",
    "Rule",
    "SeatAmong",
    "Source",
    "Standing",
    "Territory",
    "Timing",
    "Verdict",
    "asks_for_levels",
    "assess",
    "call_to_data",
    "parse_call",
    "readiness",
    "reference_problems",
    "verdict_of",
    "worst",
]
