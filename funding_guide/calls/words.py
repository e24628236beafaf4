"""What a rule found, in words: the condition, why the answer is what it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nassij.associations.api import field_name, province_name, region_name
from nassij.common.numbers import format_date, format_money, format_number

from ..domain import Finding, Reason, Verdict


@dataclass(frozen=True, slots=True)
class Explained:
    """A finding as people read it. `remedy` is empty where nothing is to be done; `parts` are the rules inside a rule.

    `where` names the page on which the remedy is carried out: one of `WHERE`, or empty.
    """

    rule_code: str
    verdict: Verdict
    condition: str
    reason: str
    remedy: str
    where: str = ""
    because: str = ""
    fact: str = ""
    parts: tuple[Explained, ...] = ()


WHERE: Mapping[Reason, str] = {
    **dict.fromkeys((Reason.SEAT_UNKNOWN, Reason.FIELD_UNKNOWN, Reason.OTHER_FIELDS), "profile"),
    **dict.fromkeys(
        (
            Reason.FOUNDING_DAY_UNKNOWN,
            Reason.RECEIPT_UNKNOWN,
            Reason.ACCOUNTS_UNKNOWN,
            Reason.BANK_ACCOUNT_UNKNOWN,
            Reason.CONFLICT_UNKNOWN,
            Reason.PUBLIC_UTILITY_UNKNOWN,
        ),
        "facts",
    ),
    **dict.fromkeys(
        (
            Reason.AMOUNT_UNKNOWN,
            Reason.OWN_CONTRIBUTION_UNKNOWN,
            Reason.DURATION_UNKNOWN,
            Reason.AMOUNT_TOO_HIGH,
            Reason.AMOUNT_TOO_LOW,
            Reason.OWN_CONTRIBUTION_TOO_LOW,
            Reason.TOO_LONG,
        ),
        "project",
    ),
    **dict.fromkeys((Reason.GOVERNANCE_UNKNOWN, Reason.GOVERNANCE_BELOW), "assessment"),
}
"""Reason to the page where its remedy is carried out."""


def verdict_text(verdict: Verdict) -> str:
    """The answer to “may we apply?” in a word or two."""
    return {
        Verdict.YES: _("Yes"),
        Verdict.NOT_YET: _("Not yet"),
        Verdict.UNKNOWN: _("Not known yet"),
        Verdict.NO: _("No"),
    }[verdict]


def reason_text(finding: Finding) -> str:
    """Why, in a sentence in the active language."""
    if finding.reason is Reason.HOLDS:
        return _("This condition is met.")
    return _reasons()[finding.reason] % _figures(finding)


def remedy_text(finding: Finding) -> str:
    """What to do next, in the active language; empty when the condition is met."""
    if finding.reason is Reason.HOLDS:
        return ""
    return _remedies()[finding.reason] % _figures(finding)


def condition_text(kind: str, figures: Mapping[str, Any]) -> str:
    """What a rule asks, without anybody's answer; `figures` are the values of the rule."""
    shown = _shown(figures)
    if kind == "amount_within":
        return _amount_condition(figures) % shown
    return _conditions()[kind] % shown


def _amount_condition(figures: Mapping[str, Any]) -> str:
    if figures.get("maximum") is None:
        return _("The amount asked for is %(minimum)s or more.")
    if figures.get("minimum") is None:
        return _("The amount asked for is %(maximum)s or less.")
    return _("The amount asked for lies between %(minimum)s and %(maximum)s.")


def _figures(finding: Finding) -> dict[str, str]:
    return _shown(finding.params)


def _shown(params: Mapping[str, Any]) -> dict[str, str]:
    """The figures of a sentence as they are read in the active language."""
    shown = {name: _value(name, value) for name, value in params.items()}
    places = [shown[name] for name in ("regions", "provinces") if shown.get(name)]
    if "regions" in params or "provinces" in params:
        shown["places"] = _listed(places)
    if isinstance(params.get("years"), int):
        years = int(params["years"])
        shown["years"] = ngettext("%(number)d year", "%(number)d years", years) % {"number": years}
    for name in ("months", "planned"):
        if isinstance(params.get(name), int):
            months = int(params[name])
            shown[name] = ngettext("%(number)d month", "%(number)d months", months) % {"number": months}
    return shown


def _value(name: str, value: Any) -> str:
    if isinstance(value, date):
        return format_date(value)
    if name == "percent":
        return format_number(value, decimals=2)
    if isinstance(value, Decimal):
        return format_money(value)
    if isinstance(value, tuple | frozenset | list):
        names = {"regions": region_name, "provinces": province_name, "fields": field_name}
        return _listed([names.get(name, str)(str(item)) for item in sorted(value, key=str)])
    return {"commune": _("commune"), "province": _("prefecture or province"), "region": _("region")}.get(
        value, str(value)
    )


def _listed(names: list[str]) -> str:
    # Translators: between the members of a list; Arabic has its own comma.
    return _(", ").join(names)


def _conditions() -> Mapping[str, str]:
    return {
        "age_at_least": _("The association has existed for at least %(years)s on the day the call closes."),
        "receipt": _("The receipt of the declaration is in hand."),
        "seat_among": _("The seat is in: %(places)s."),
        "field_among": _("The association and the project work in one of these fields: %(fields)s."),
        "accounts_of_past_years": _("The accounts of the last closed years are approved (%(years)s)."),
        "bank_account": _("The association has a bank account in its own name."),
        "governance_at_least": _(
            "These points of the self-assessment stand at level %(level)s or above: %(indicators)s."
        ),
        "no_conflict_of_interest": _("No leading member is an elected councillor of the council that gives the money."),
        "public_utility": _("The association is recognised as being of public utility."),
        "own_contribution": _("At least %(percent)s %% of the budget comes from the association or from others."),
        "lasts_at_most": _("The project lasts at most %(months)s."),
        "all_of": _("All of this holds:"),
        "any_of": _("One of these holds:"),
    }


def _reasons() -> Mapping[Reason, str]:
    reason = Reason
    return {
        reason.FOUNDING_DAY_UNKNOWN: _("We do not know on which day the association was founded."),
        reason.RECEIPT_UNKNOWN: _("We do not know which receipt of the declaration the association has."),
        reason.SEAT_UNKNOWN: _("We do not know where the association has its seat."),
        reason.FIELD_UNKNOWN: _("We do not know in which fields the association works."),
        reason.ACCOUNTS_UNKNOWN: _("We do not know whether the accounts of %(years)s are approved."),
        reason.BANK_ACCOUNT_UNKNOWN: _("We do not know whether the association has a bank account in its own name."),
        reason.GOVERNANCE_UNKNOWN: _("The self-assessment does not answer yet: %(indicators)s."),
        reason.CONFLICT_UNKNOWN: _("We do not know whether a leading member is an elected councillor (%(council)s)."),
        reason.PUBLIC_UTILITY_UNKNOWN: _(
            "We do not know whether the association is recognised as being of public utility."
        ),
        reason.AMOUNT_UNKNOWN: _("You have not said yet how much you ask for."),
        reason.OWN_CONTRIBUTION_UNKNOWN: _(
            "You have not said yet what the project costs in all and what you bring yourselves."
        ),
        reason.DURATION_UNKNOWN: _("You have not said yet how long the project lasts."),
        reason.NO_RECEIPT: _("The association has no receipt of its declaration."),
        reason.FINAL_RECEIPT_MISSING: _("The association has a provisional receipt; the call asks for the final one."),
        reason.FINAL_RECEIPT_OVERDUE: _("The final receipt has been due since %(due_on)s and is not there."),
        reason.OTHER_FIELD_OF_PROJECT: _("The project is in another field than those of the call: %(fields)s."),
        reason.ACCOUNTS_MISSING: _("The accounts of %(years)s are not approved."),
        reason.NO_BANK_ACCOUNT: _("The association has no bank account in its own name."),
        reason.GOVERNANCE_BELOW: _("These points of the self-assessment are below level %(level)s: %(indicators)s."),
        reason.AMOUNT_TOO_HIGH: _("You ask for %(requested)s; the call gives at most %(maximum)s."),
        reason.AMOUNT_TOO_LOW: _("You ask for %(requested)s; the call begins at %(minimum)s."),
        reason.OWN_CONTRIBUTION_TOO_LOW: _(
            "Your own contribution must be %(needed)s (%(percent)s %% of the budget): %(missing)s is missing."
        ),
        reason.TOO_LONG: _("The project lasts %(planned)s; the call allows %(months)s."),
        reason.OPENS_LATER: _("The call opens on %(opens_on)s."),
        reason.TOO_YOUNG_TODAY: _("The association will be %(years)s old only on %(from_day)s."),
        reason.TOO_YOUNG: _("The association will be %(years)s old only on %(from_day)s, after the call closes."),
        reason.SEAT_ELSEWHERE: _("The seat is not in: %(places)s."),
        reason.OTHER_FIELDS: _("The association works in none of the fields of the call: %(fields)s."),
        reason.CONFLICT_OF_INTEREST: _(
            "A leading member is an elected councillor of the council that gives the money (%(council)s)."
        ),
        reason.NOT_OF_PUBLIC_UTILITY: _("The association is not recognised as being of public utility."),
        reason.CLOSED: _("The call closed on %(closed_on)s."),
        reason.NOT_ALL: _("Not all of these conditions are met."),
        reason.NONE_OF_THEM: _("None of these conditions is met yet; one is enough."),
    }


def _remedies() -> Mapping[Reason, str]:
    reason = Reason
    tell = _("Fill it in on the page “Our association and public funding”.")
    project = _("Fill it in with the figures of the project.")
    return {
        reason.FOUNDING_DAY_UNKNOWN: tell,
        reason.RECEIPT_UNKNOWN: tell,
        reason.SEAT_UNKNOWN: _("Fill it in on the association's profile."),
        reason.FIELD_UNKNOWN: _("Fill it in on the association's profile."),
        reason.ACCOUNTS_UNKNOWN: tell,
        reason.BANK_ACCOUNT_UNKNOWN: tell,
        reason.GOVERNANCE_UNKNOWN: _("Answer these points in the self-assessment."),
        reason.CONFLICT_UNKNOWN: tell,
        reason.PUBLIC_UTILITY_UNKNOWN: tell,
        reason.AMOUNT_UNKNOWN: project,
        reason.OWN_CONTRIBUTION_UNKNOWN: project,
        reason.DURATION_UNKNOWN: project,
        reason.NO_RECEIPT: _(
            "File the declaration with the local administrative authority: a provisional receipt is given on the spot."
        ),
        reason.FINAL_RECEIPT_MISSING: _(
            "Ask the local authority for the final receipt, and ask the funder whether the provisional one will do."
        ),
        reason.FINAL_RECEIPT_OVERDUE: _(
            "Ask for it in writing, keep proof, and call the contact centre: after 60 days the association may act."
        ),
        reason.OTHER_FIELD_OF_PROJECT: _(
            "Write the project so that it serves one of these fields, or look for another call."
        ),
        reason.ACCOUNTS_MISSING: _("Draw up the accounts, hold the ordinary general assembly and keep its minutes."),
        reason.NO_BANK_ACCOUNT: _("Open one: take the receipt, the statutes and the minutes that name who signs."),
        reason.GOVERNANCE_BELOW: _(
            "Follow the steps of your action plan for these points; this is advice for you, no funder sees it."
        ),
        reason.AMOUNT_TOO_HIGH: _("Ask for less, split the project, or find a second funder."),
        reason.AMOUNT_TOO_LOW: _("Look for a call for smaller projects, or bring several activities together."),
        reason.OWN_CONTRIBUTION_TOO_LOW: _(
            "Count what you bring in kind where the call allows it, add a partner, or ask for less."
        ),
        reason.TOO_LONG: _("Plan the project in stages and ask for the first one."),
        reason.OPENS_LATER: _("Prepare the file now; it is sent once the call is open."),
        reason.TOO_YOUNG_TODAY: _("Look for a call that closes after that day, or join a partner that meets it."),
        reason.TOO_YOUNG: _("Look for a call without this condition, or join a partner that meets it."),
        reason.SEAT_ELSEWHERE: _("Look for a call of your own province or region."),
        reason.OTHER_FIELDS: _("Look for a call in your fields. If the profile is not complete, correct it first."),
        reason.CONFLICT_OF_INTEREST: _(
            "Do not file with this council; ask the contact centre what the law allows, or choose another funder."
        ),
        reason.NOT_OF_PUBLIC_UTILITY: _(
            "Look for a call without this condition: recognition takes a decree and many months."
        ),
        reason.CLOSED: _("Look at the calls that are open, and note when this one came out this year."),
        reason.NOT_ALL: _("See each of them below."),
        reason.NONE_OF_THEM: _("See each of them below and choose the one that is nearest."),
    }
