"""Which indicators of two versions are equal, through all the versions between them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ..data import InstrumentStatus, RoundKind
from ..domain import Instrument, undeclared_equals
from ..domain.changes import version_key
from ..models import InstrumentVersion
from .library import parsed


def released(slug: str) -> dict[str, str]:
    """The versions of an instrument that have ever been published, the oldest number first: number to content hash; one query."""
    rows = InstrumentVersion.objects.filter(slug=slug).exclude(status=InstrumentStatus.DRAFT)
    found = dict(rows.values_list("version", "content_hash"))
    return {version: found[version] for version in sorted(found, key=version_key)}


def version_before(instrument: Instrument, versions: Mapping[str, str]) -> str | None:
    """The version that `instrument` replaces: the one it names, else the highest number below its own."""
    if instrument.replaces is not None:
        return instrument.replaces.version
    below = [version for version in versions if version_key(version) < version_key(instrument.version)]
    return max(below, key=version_key, default=None)


@lru_cache(maxsize=128)
def equal_indicators(from_hash: str, to_hash: str) -> Mapping[str, str]:
    """The indicators two versions share: the code in the one to the code in the other.

    Declared ones, from version to version; where the one did not grow out of the other, those with the same code and meaning.
    Never changes once both are published, so it is looked up once: one query, and one for each version not met before.
    """
    old, new = parsed(from_hash, RoundKind.FULL), parsed(to_hash, RoundKind.FULL)
    if from_hash == to_hash:
        return {code: code for code in new.by_code}
    carried = _through_declarations(old, new, released(new.slug)) if old.slug == new.slug else None
    return undeclared_equals(old, new) if carried is None else carried


def _through_declarations(old: Instrument, new: Instrument, versions: Mapping[str, str]) -> dict[str, str] | None:
    """None where `new` does not go back to `old`."""
    carried = {code: code for code in new.by_code}
    now = new
    while now.version != old.version:
        earlier = version_before(now, versions)
        if earlier is None or earlier not in versions or version_key(earlier) < version_key(old.version):
            return None
        before = parsed(versions[earlier], RoundKind.FULL)
        step = now.replaces.equal() if now.replaces else undeclared_equals(before, now)
        carried = {code: carried[becomes] for code, becomes in step.items() if becomes in carried}
        now = before
    return carried
