"""What the doctor found, for people at a terminal and for programs (the schema of `nassij_selfcheck --json`)."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from tutornassij.doctor.checks.installation import version_of
from tutornassij.doctor.findings import Checked, Outcome
from tutornassij.doctor.site import Site
from tutornassij.i18n import _, current_language, ngettext

SCHEMA = 1
SOMETHING_FAILED = 1
MARKS = {Outcome.OK: "✓", Outcome.WARNED: "!", Outcome.FAILED: "✗", Outcome.NOT_HERE: "–"}


def exit_code(results: Sequence[Checked], *, strict: bool = False) -> int:
    """0 all is well; 1 something failed (`strict`: or was warned about)."""
    outcomes = totals(results)
    return SOMETHING_FAILED if outcomes[Outcome.FAILED] or (strict and outcomes[Outcome.WARNED]) else 0


def as_json(results: Sequence[Checked], site: Site) -> dict[str, Any]:
    """Plain JSON. `schema` grows when a key changes its meaning or goes; new keys may come without it."""
    outcomes = totals(results)
    return {
        "schema": SCHEMA,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "root": str(site.root),
        "mode": site.mode,
        "language": current_language(),
        "versions": {
            name: version_of(name) for name in ("tutor", "tutor-mfe", "tutor-contrib-nassij") if version_of(name)
        },
        "python": platform.python_version(),
        "totals": {outcome.value: outcomes[outcome] for outcome in Outcome},
        "checks": [
            {
                "check": result.check.name,
                "title": _(result.check.title),
                "milliseconds": result.milliseconds,
                "findings": [
                    {
                        "code": found.code,
                        "outcome": found.outcome.value,
                        "message": found.message,
                        "remedy": found.remedy,
                        "fixable": found.fix is not None,
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
    yield _(result.check.title)
    for found in result.findings:
        yield f"  {MARKS[found.outcome]} {found.message}"
        if found.remedy:
            yield f"      → {found.remedy}"


def last_line(results: Sequence[Checked]) -> str:
    """What it comes to."""
    outcomes = totals(results)
    n = outcomes[Outcome.FAILED]
    parts = [ngettext("%(n)s thing to mend", "%(n)s things to mend", n) % {"n": n}] if n else []
    n = outcomes[Outcome.WARNED]
    parts += [ngettext("%(n)s warning", "%(n)s warnings", n) % {"n": n}] if n else []
    n = outcomes[Outcome.OK]
    parts.append(ngettext("%(n)s finding is well", "%(n)s findings are well", n) % {"n": n})
    return " · ".join(parts)


def totals(results: Sequence[Checked]) -> Counter[Outcome]:
    return Counter(found.outcome for result in results for found in result.findings)
