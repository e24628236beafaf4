"""Checks and what they find: the same words as the site's own `nassij_selfcheck`, so that one program reads both.

A check is a function of the `Site` that yields at least one `Finding`. A check that breaks, or finds nothing to look at, has
failed: silence is never a pass.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from tutornassij.doctor.site import Site
from tutornassij.i18n import _


class Outcome(StrEnum):
    OK = "ok"
    WARNED = "warned"  # works, but not as people are owed
    FAILED = "failed"
    NOT_HERE = "not_here"  # cannot be looked at from here


@dataclass(frozen=True)
class Finding:
    """One sentence, what to do about it, and plain values for programs; `code` never changes, the sentence may.

    `fix` mends it without risk to anything else (`--fix`), and gives the sentence that says so.
    """

    code: str
    outcome: Outcome
    message: str
    remedy: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    fix: Callable[[], str] | None = None


def ok(code: str, message: str, /, **details: Any) -> Finding:
    return Finding(code, Outcome.OK, message, details=details)


def not_here(code: str, message: str, remedy: str = "", /, **details: Any) -> Finding:
    return Finding(code, Outcome.NOT_HERE, message, remedy, details)


def warned(code: str, message: str, remedy: str, /, fix: Callable[[], str] | None = None, **details: Any) -> Finding:
    return Finding(code, Outcome.WARNED, message, remedy, details, fix)


def failed(code: str, message: str, remedy: str, /, fix: Callable[[], str] | None = None, **details: Any) -> Finding:
    return Finding(code, Outcome.FAILED, message, remedy, details, fix)


@dataclass(frozen=True)
class Check:
    """`title` is marked for translation where it is written, and translated when it is shown."""

    name: str
    title: str
    look: Callable[[Site], Iterable[Finding]]


@dataclass(frozen=True)
class Checked:
    check: Check
    findings: tuple[Finding, ...]
    milliseconds: int


def examine(checks: Iterable[Check], site: Site, *, fix: bool = False) -> Iterator[Checked]:
    """Each check in turn; with `fix` what can be mended safely is, and the finding then says so."""
    for check in checks:
        began = time.monotonic()
        found = _look(check, site)
        if fix:
            found = tuple(_mended(finding) for finding in found)
        yield Checked(check, found, round((time.monotonic() - began) * 1000))


def _look(check: Check, site: Site) -> tuple[Finding, ...]:
    found: list[Finding] = []
    try:
        found.extend(check.look(site))
    except Exception as error:  # a check that breaks must not hide the others
        message = _("This check broke: %(error)s") % {"error": f"{type(error).__name__}: {error}"}
        found.append(failed(f"{check.name}.broke", message, _("Please report it, with the output of this command.")))
    if not found:
        message = _("This check found nothing to look at.")
        found.append(failed(f"{check.name}.empty", message, _("Please report it, with the output of this command.")))
    return tuple(found)


def _mended(finding: Finding) -> Finding:
    if finding.fix is None:
        return finding
    try:
        message = finding.fix()
    except OSError as error:
        return replace(finding, remedy=f"{finding.remedy} ({error})")
    return replace(
        finding, outcome=Outcome.OK, message=message, remedy="", fix=None, details={**finding.details, "fixed": True}
    )
