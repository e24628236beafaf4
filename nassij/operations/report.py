"""What the self-check found, for people at a terminal and for programs."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import django
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from nassij import __version__
from nassij.common.selfcheck import Checked, Outcome, Service

SOMETHING_FAILED, NOT_A_PLATFORM = 1, 3


def exit_code(results: Sequence[Checked], service: Service, *, strict: bool = False) -> int:
    """0 all is well; 1 something failed (`strict`: or is missing); 3 nothing failed, but there is no platform to look at."""
    outcomes = _outcomes(results)
    if outcomes[Outcome.FAILED] or (strict and outcomes[Outcome.WARNED]):
        return SOMETHING_FAILED
    return NOT_A_PLATFORM if service is Service.NONE and outcomes[Outcome.NOT_HERE] else 0


def as_json(results: Sequence[Checked], service: Service) -> dict[str, Any]:
    """Plain JSON: who asked what where, and each finding with its remedy."""
    return {
        "at": timezone.now().isoformat(timespec="seconds"),
        "service": service.value,
        "language": get_language(),
        "suite": __version__,
        "python": platform.python_version(),
        "django": django.get_version(),
        "totals": {outcome.value: _outcomes(results)[outcome] for outcome in Outcome},
        "checks": [
            {
                "check": result.check.name,
                "title": str(result.check.title),
                "milliseconds": result.milliseconds,
                "findings": [
                    {
                        "outcome": found.outcome.value,
                        "message": found.message,
                        "remedy": found.remedy,
                        "details": dict(found.details),
                    }
                    for found in result.findings
                ],
            }
            for result in results
        ],
    }


def lines(result: Checked) -> Iterator[str]:
    """One check as people read it."""
    yield str(result.check.title)
    for found in result.findings:
        yield f"  {_mark(found.outcome)} {found.message}"
        if found.remedy:
            yield f"      → {found.remedy}"


def last_line(results: Sequence[Checked], service: Service) -> str:
    """What it comes to."""
    outcomes = _outcomes(results)
    parts = [
        ngettext("%(n)s finding is well", "%(n)s findings are well", outcomes[Outcome.OK]) % {"n": outcomes[Outcome.OK]}
    ]
    if outcomes[Outcome.WARNED]:
        n = outcomes[Outcome.WARNED]
        parts.append(ngettext("%(n)s warning", "%(n)s warnings", n) % {"n": n})
    if outcomes[Outcome.FAILED]:
        n = outcomes[Outcome.FAILED]
        parts.append(ngettext("%(n)s failed", "%(n)s failed", n) % {"n": n})
    if outcomes[Outcome.NOT_HERE]:
        n = outcomes[Outcome.NOT_HERE]
        parts.append(ngettext("%(n)s could not be looked at here", "%(n)s could not be looked at here", n) % {"n": n})
    line = "; ".join(parts) + "."
    if service is Service.NONE:
        line += " " + _("This is not an Open edX platform: what needs one was not looked at.")
    return line


def _outcomes(results: Sequence[Checked]) -> Counter[Outcome]:
    return Counter(found.outcome for result in results for found in result.findings)


def _mark(outcome: Outcome) -> str:
    return {
        Outcome.OK: pgettext("outcome of a self-check", "ok"),
        Outcome.WARNED: pgettext("outcome of a self-check", "WARNING"),
        Outcome.FAILED: pgettext("outcome of a self-check", "FAILED"),
        Outcome.NOT_HERE: pgettext("outcome of a self-check", "not here"),
    }[outcome]
