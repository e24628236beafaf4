"""Publishing a version and taking one out of use: what must hold first, and the trail of who did it.

Nothing here asks who may: the admin and the operator's commands do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext_lazy as _

from nassij.common.errors import Conflict, NassijError, Unprocessable

from ..cli.change_words import size_text
from ..data import RoundKind
from ..domain import (
    Change,
    Instrument,
    Problem,
    Size,
    changes,
    needed_size,
    replacement_problems,
    step_between,
)
from ..domain.changes import version_key
from .library import parsed
from .lineage import released, version_before
from .problems import refusal


@dataclass(frozen=True, slots=True)
class Compatibility:
    """A version against the one it replaces. `before` is None for the first of its instrument, `step` what the numbers announce.

    `unknown` names a version to be replaced that has never been published here, `newest` the highest number that has.
    """

    before: Instrument | None
    changes: tuple[Change, ...] = ()
    needed: Size = Size.PATCH
    step: Size | None = Size.MAJOR
    problems: Sequence[Problem] = ()
    unknown: str = ""
    newest: str = ""
    is_declared: bool = True

    def refusal(self, instrument: Instrument) -> NassijError | None:
        """Why `instrument` may not be published; None when it may."""
        if self.unknown:
            return Conflict(
                _("The version %(version)s, which this one replaces, has never been published here.")
                % {"version": self.unknown},
                code="unknown_predecessor",
                remedy=_("Publish that one first, or name the version in use."),
            )
        if self.newest and version_key(instrument.version) <= version_key(self.newest):
            return Conflict(
                _("The version %(version)s has already been published.") % {"version": self.newest},
                code="version_not_after",
                remedy=_("Give the new version a higher number."),
            )
        if self.before is None:
            return None
        if self.problems:
            return refusal(
                _("What became of the questions of version %(version)s is not all declared.")
                % {"version": self.before.version},
                self.problems,
                code="replacement_invalid",
                kind=Unprocessable,
            )
        return self._size_refusal(instrument, self.before)

    def _size_refusal(self, instrument: Instrument, before: Instrument) -> NassijError | None:
        if self.step is None or self.step < self.needed:
            return Unprocessable(
                _("The number %(new)s announces less than what changed since %(old)s.")
                % {"new": instrument.version, "old": before.version},
                code="version_step_too_small",
                remedy=_("Read the differences, then raise the number or take the change back."),
                needed=size_text(self.needed, "en"),
            )
        if not self.is_declared and self.needed > Size.PATCH:
            return Unprocessable(
                _("This version does not say what became of the questions of version %(version)s.")
                % {"version": before.version},
                code="replacement_missing",
                remedy=_("Declare each one under “replaces”: equal, split, merged, new or retired."),
            )
        return None


def compatibility(instrument: Instrument) -> Compatibility:
    """What publishing `instrument` would change: one query, and one for the version before when it was not met yet."""
    versions = released(instrument.slug)
    newest = next(reversed(versions), "")
    earlier = version_before(instrument, versions)
    if earlier is None:
        return Compatibility(None, newest=newest)
    if earlier not in versions:
        return Compatibility(None, unknown=earlier)
    before = parsed(versions[earlier], RoundKind.FULL)
    found = changes(before, instrument)
    return Compatibility(
        before,
        found,
        needed_size(found),
        step_between(before.version, instrument.version),
        replacement_problems(before, instrument),
        newest=newest,
        is_declared=instrument.replaces is not None,
    )


def refuse_unfit(instrument: Instrument) -> None:
    """Raise what stands against publishing `instrument`, if anything does."""
    refused = compatibility(instrument).refusal(instrument)
    if refused is not None:
        raise refused


@lru_cache(maxsize=64)
def trail_uuid(slug: str, version: str) -> UUID:
    """Under which a version stands in the audit trail."""
    return uuid5(NAMESPACE_URL, f"urn:nassij:instrument:{slug}:{version}")
