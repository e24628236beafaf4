"""What the pages of calls show: one call as people read it, and the verdicts of a list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nassij.associations.api import field_name, province_name, region_name
from nassij.common.links import guide_title
from nassij.common.numbers import format_date, format_money, format_number

from ..data import PublishedCall
from ..domain import (
    Assessment,
    Call,
    Document,
    DocumentKind,
    Finding,
    Profile,
    Project,
    Rule,
    Verdict,
    assess,
    verdict_of,
)
from ..domain.assessment import Timing, timing_of
from ..guides import library
from .words import WHERE, Explained, condition_text, reason_text, remedy_text, verdict_text

MOROCCO = ZoneInfo("Africa/Casablanca")
SOON = 14
"""Days before the end from which a call is marked."""
LOOKS = {
    Verdict.YES: ("done", "✓"),
    Verdict.NOT_YET: ("attention", "!"),
    Verdict.UNKNOWN: ("", "?"),
    Verdict.NO: ("critical", "✕"),
}
"""Verdict to the chip and its sign: never colour alone."""


_NO_FIGURES = ("code", "because", "fact", "rules")


@dataclass(frozen=True, slots=True)
class Chip:
    """A verdict as it is shown."""

    look: str
    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call in a list, its title and funder in the language `spoken`; `chip` is None for a visitor without an association."""

    slug: str
    title: str
    funder: str
    spoken: str
    amounts: str
    deadline: str
    is_soon: bool
    is_model: bool
    chip: Chip | None


def now_in_morocco() -> datetime:
    """The present moment as a clock in Morocco shows it, as the domain takes it."""
    return timezone.now().astimezone(MOROCCO).replace(tzinfo=None)


def lines(calls: Iterable[PublishedCall], profile: Profile | None, language: str) -> list[CallLine]:
    """A line for each call, with the verdict for the association of `profile` where there is one."""
    now = now_in_morocco()
    return [_line(found.call, profile, now, language) for found in calls]


def _line(call: Call, profile: Profile | None, now: datetime, language: str) -> CallLine:
    timing, spoken = timing_of(call, now), spoken_language(call, language)
    verdict = None if profile is None else verdict_of(call, profile, Project(), now)
    return CallLine(
        slug=call.slug,
        title=call.title[spoken],
        funder=call.funder.name[spoken],
        spoken=spoken,
        amounts=amounts_text(call),
        deadline=deadline_text(timing),
        is_soon=not timing.is_over and timing.days_left is not None and timing.days_left <= SOON,
        is_model=call.is_model,
        chip=None if verdict is None else chip(verdict),
    )


def call_page(call: Call, profile: Profile | None, project: Project, language: str) -> dict[str, Any]:
    """Everything the page of a call shows; the answers only where an association asks."""
    now, spoken = now_in_morocco(), spoken_language(call, language)
    timing = timing_of(call, now)
    offered = library.published()
    asked = None if profile is None else assess(call, profile, project, now)
    return {
        "call": call,
        "spoken": spoken,
        "title": call.title[spoken],
        "summary": call.summary[spoken],
        "funder": call.funder.name[spoken],
        "funder_contact": call.contact[spoken] if call.contact else "",
        "amounts": amounts_text(call),
        "deadline": deadline_text(timing),
        "is_over": timing.is_over,
        "fields": [field_name(code) for code in sorted(call.fields)],
        "places": [
            *(region_name(code) for code in sorted(call.territory.regions)),
            *(province_name(code) for code in sorted(call.territory.provinces)),
        ],
        "conditions": [condition_of(rule) for rule in call.conditions],
        "documents": [_document(document, spoken, language, offered) for document in call.documents],
        "sources": [(source.title[spoken], source.url) for source in call.sources],
        "answer": _answer(asked, spoken) if asked else None,
    }


def _answer(asked: Assessment, spoken: str) -> dict[str, Any]:
    by_code = {rule.code: rule for rule in asked.call.conditions}
    groups = []
    for verdict in Verdict:
        found = [explained(finding, by_code, spoken) for finding in asked.having(verdict)]
        if found:
            groups.append(
                {
                    "verdict": verdict,
                    "chip": chip(verdict),
                    "title": _group_title(verdict, len(found)),
                    "findings": found,
                }
            )
    return {
        "verdict": asked.verdict,
        "chip": chip(asked.verdict),
        "sentence": _sentence(asked),
        "groups": groups,
        "wants_project": any(WHERE.get(finding.reason) == "project" for finding in asked.findings),
    }


def explained(finding: Finding, rules: Mapping[str, Rule], spoken: str) -> Explained:
    """A finding in words, with the clause of the call where it has one, in the call's language `spoken`."""
    rule = rules.get(finding.rule_code)
    inside = {part.code: part for part in getattr(rule, "rules", ())}
    return Explained(
        rule_code=finding.rule_code,
        verdict=finding.verdict,
        condition=condition_of(rule)[0] if rule else "",
        reason=reason_text(finding),
        remedy=remedy_text(finding),
        where=WHERE.get(finding.reason, ""),
        because=rule.because[spoken] if rule and rule.because else "",
        fact=(rule.fact or "") if rule else "",
        parts=tuple(explained(part, inside, spoken) for part in finding.parts if _counts(part, finding)),
    )


def _counts(part: Finding, whole: Finding) -> bool:
    """Of alternatives of which one is met, the others are no longer asked for."""
    return whole.verdict is not Verdict.YES or part.verdict is Verdict.YES


def condition_of(rule: Rule) -> tuple[str, list[Any]]:
    """What a rule asks, and what the rules inside it ask."""
    parts = [condition_of(part) for part in getattr(rule, "rules", ())]
    figures = {field.name: getattr(rule, field.name) for field in fields(rule) if field.name not in _NO_FIGURES}
    return condition_text(rule.kind, figures), parts


def chip(verdict: Verdict) -> Chip:
    """A verdict as it is shown."""
    return Chip(*LOOKS[verdict], verdict_text(verdict))


def spoken_language(call: Call, language: str) -> str:
    """`language` where the call is written in it, else the call's first: all its texts are in each of its languages."""
    return language if language in call.languages else call.languages[0]


def amounts_text(call: Call) -> str:
    """“from … to …”, with the share to bring; empty when the call says nothing about money."""
    amounts = call.amounts
    words = []
    if amounts.minimum is not None and amounts.maximum is not None:
        words.append(
            _("From %(minimum)s to %(maximum)s")
            % {"minimum": format_money(amounts.minimum), "maximum": format_money(amounts.maximum)}
        )
    elif amounts.maximum is not None:
        words.append(_("Up to %(maximum)s") % {"maximum": format_money(amounts.maximum)})
    elif amounts.minimum is not None:
        words.append(_("From %(minimum)s") % {"minimum": format_money(amounts.minimum)})
    if amounts.own_percent:
        words.append(_("own contribution %(percent)s %%") % {"percent": format_number(amounts.own_percent, decimals=2)})
    return " · ".join(words)


def deadline_text(timing: Timing) -> str:
    """When it closes and how long that is; empty for a model."""
    if timing.closes_on is None:
        return ""
    day = format_date(timing.closes_on)
    if timing.is_over:
        return _("Closed on %(day)s") % {"day": day}
    days = timing.days_left or 0
    if days == 0:
        return _("Closes today, %(day)s") % {"day": day}
    left = ngettext("%(number)d day left", "%(number)d days left", days) % {"number": days}
    # Translators: “Closes on 15 March 2027: 12 days left”
    return _("Closes on %(day)s: %(left)s") % {"day": day, "left": left}


def _sentence(asked: Assessment) -> str:
    """The answer in a sentence: what it rests on and how much is to be done."""
    missing, unknown = len(asked.having(Verdict.NOT_YET)), len(asked.having(Verdict.UNKNOWN))
    to_do = ngettext("%(number)d point to mend", "%(number)d points to mend", missing) % {"number": missing}
    to_tell = ngettext("%(number)d question to answer", "%(number)d questions to answer", unknown) % {"number": unknown}
    match asked.verdict:
        case Verdict.YES:
            return _("As far as these conditions go, your association may apply.")
        case Verdict.NO:
            return _("As things stand, your association cannot apply to this call.")
        case Verdict.NOT_YET:
            return _("Not yet: %(what)s.") % {"what": _(", ").join([to_do, to_tell] if unknown else [to_do])}
        case _:
            return _("We cannot say yet: %(what)s.") % {"what": to_tell}


def _group_title(verdict: Verdict, number: int) -> str:
    return {
        Verdict.NO: ngettext("%(number)d condition not met", "%(number)d conditions not met", number),
        Verdict.NOT_YET: ngettext("%(number)d condition to mend", "%(number)d conditions to mend", number),
        Verdict.UNKNOWN: ngettext("%(number)d question to answer", "%(number)d questions to answer", number),
        Verdict.YES: ngettext("%(number)d condition met", "%(number)d conditions met", number),
    }[verdict] % {"number": number}


def _document(document: Document, spoken: str, language: str, offered: Collection[str]) -> dict[str, Any]:
    return {
        "code": document.code,
        "title": document.title[spoken],
        "kind": _kinds()[document.kind],
        "required": document.required,
        "figures": list(_figures(document)),
        "note": document.note[spoken] if document.note else "",
        "guide": guide_title(document.guide_code, language) if document.guide_code else "",
        "guide_code": document.guide_code if document.guide_code in offered else "",
    }


def _figures(document: Document) -> Iterator[str]:
    if document.copies > 1:
        yield ngettext("%(number)d copy", "%(number)d copies", document.copies) % {"number": document.copies}
    if document.valid_months is not None:
        months = document.valid_months
        yield ngettext(
            "no older than %(number)d month on the last day", "no older than %(number)d months on the last day", months
        ) % {"number": months}


def _kinds() -> Mapping[DocumentKind, str]:
    return {
        DocumentKind.COPY: _("to copy"),
        DocumentKind.WRITE: _("to write"),
        DocumentKind.SIGN: _("to write and sign"),
    }
