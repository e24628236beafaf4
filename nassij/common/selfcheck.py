"""What a site can find out about itself: the checks that each app brings, and what they find.

An app writes its checks in a module `selfchecks`, found by its name in every installed app:

    @check("instrument", title=_("The questionnaire is published"))
    def instrument(asked: Asked) -> Iterator[Finding]:
        if not api.instruments():
            yield failed(_("No questionnaire is published."), _("Run: ./manage.py lms nassij_load_instruments"))
        else:
            yield ok(_("The questionnaire is published."))

and for each of its blocks a `BlockSample`, with which the self-check renders and answers it. `manage.py nassij_selfcheck`
(`nassij.operations`) runs them all. Checks run in the language of whoever asks; their texts are plain `gettext`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

log = logging.getLogger(__name__)


class Service(StrEnum):
    """Where a process runs."""

    LMS = "lms"
    CMS = "cms"
    NONE = "none"  # no Open edX platform: the demo, a test, a bare workbench


LMS, CMS = frozenset({Service.LMS}), frozenset({Service.CMS})
PLATFORM = LMS | CMS
ANYWHERE = frozenset(Service)


class Outcome(StrEnum):
    OK = "ok"
    WARNED = "warned"  # works, but not as people are owed
    FAILED = "failed"
    NOT_HERE = "not_here"  # cannot be looked at in this process


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says: one sentence, what to do about it, and plain JSON values for programs."""

    outcome: Outcome
    message: str
    remedy: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What whoever asks has given. `address` (http…) replaces the site's own; `seconds` is how long to wait for a worker."""

    service: Service
    address: str = ""
    seconds: float = 30


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at, in the services `on`."""

    name: str
    title: _StrOrPromise
    run: Callable[[Asked], Iterable[Finding]]
    on: frozenset[Service]


@dataclass(frozen=True, slots=True)
class Checked:
    """A check that was asked for, what it found (at least one finding), and how long it took."""

    check: Check
    findings: tuple[Finding, ...]
    milliseconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSample:
    """How a block shows that it works, for a learner of the self-check course.

    `olx` is the block, inline, with the `url_name` `selfcheck`. `prepare` makes what the learner needs (an association, a round)
    and gives what to send to `handler`; everything it and the handler write is undone afterwards. `shows` stands in the
    learner's page, `shows_author` in Studio's preview, `shows_form` in the author's form. `accepts` says whether the handler's
    reply is right.
    """

    block_type: str
    olx: str
    shows: str
    shows_author: str
    shows_form: str
    handler: str
    prepare: Callable[[int], Mapping[str, Any]]
    accepts: Callable[[Mapping[str, Any]], bool]


_checks: dict[str, Check] = {}
_samples: dict[str, BlockSample] = {}


def check(
    name: str, *, title: _StrOrPromise, on: frozenset[Service] = ANYWHERE
) -> Callable[[Callable[[Asked], Iterable[Finding]]], Callable[[Asked], Iterable[Finding]]]:
    """Register a check; `title` (lazy) is what holds when it finds nothing wrong."""

    def register(run: Callable[[Asked], Iterable[Finding]]) -> Callable[[Asked], Iterable[Finding]]:
        if name in _checks:
            raise ValueError(f"self-check {name} is registered twice")
        _checks[name] = Check(name, title, run, on)
        return run

    return register


def register_sample(sample: BlockSample) -> None:
    """Say how a block of ours shows that it works."""
    if _samples.setdefault(sample.block_type, sample) is not sample:
        raise ValueError(f"block {sample.block_type} has two samples")


def checks() -> Mapping[str, Check]:
    """Every check by name, in the order of the installed apps."""
    _discover()
    return _checks


def samples() -> Mapping[str, BlockSample]:
    """The sample of each block type."""
    _discover()
    return _samples


def service() -> Service:
    """Where this process runs."""
    if apps.is_installed("cms.djangoapps.contentstore"):
        return Service.CMS
    return Service.LMS if apps.is_installed("lms.djangoapps.courseware") else Service.NONE


def perform(wanted: Check, asked: Asked) -> Checked:
    """Look. A check that breaks, or that has nothing to say, has failed: silence is no proof."""
    begin = time.monotonic()
    if asked.service not in wanted.on:
        found = [not_here(_elsewhere(wanted, asked))]
    else:
        found = []
        try:
            found.extend(wanted.run(asked))
        except Exception as error:
            log.exception("self-check %s broke", wanted.name)
            found.append(
                failed(
                    _("The check itself broke: %(error)s") % {"error": f"{type(error).__name__}: {error}"},
                    _("Read the whole error in the log, mend what it names, and run the check again."),
                )
            )
        if not found:
            found.append(
                failed(_("The check found nothing to look at."), _("Install the suite completely, then run it again."))
            )
    return Checked(wanted, tuple(found), round((time.monotonic() - begin) * 1000))


def ok(message: str, **details: Any) -> Finding:
    """It works."""
    return Finding(Outcome.OK, message, "", details)


def warned(message: str, remedy: str, **details: Any) -> Finding:
    """It works, but something is missing."""
    return Finding(Outcome.WARNED, message, remedy, details)


def failed(message: str, remedy: str, **details: Any) -> Finding:
    """It does not work; `remedy` says what to do."""
    return Finding(Outcome.FAILED, message, remedy, details)


def not_here(message: str, **details: Any) -> Finding:
    """It cannot be looked at here, and was not."""
    return Finding(Outcome.NOT_HERE, message, "", details)


def _elsewhere(wanted: Check, asked: Asked) -> str:
    if asked.service is Service.NONE:
        return _("Not here: this can only be looked at inside an Open edX platform.")
    return _("Not here: look with ./manage.py %(service)s nassij_selfcheck --only %(check)s") % {
        "service": next(iter(wanted.on)).value,
        "check": wanted.name,
    }


def _discover() -> None:
    if not getattr(_discover, "done", False):
        _discover.done = True  # type: ignore[attr-defined]
        autodiscover_modules("selfchecks")
