"""From an instrument file to a stored version, and from a stored one to a published one.

Nothing here asks who may: loading is an operator's command, publishing and retiring is the admin's or that command's.
"""

from __future__ import annotations

from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nassij.common.errors import Conflict, NassijError, NotFound

from ..data import InstrumentStatus, LoadedInstrument, LoadOutcome
from ..domain import InvalidData, draft_hash, parse_instrument, scoring_hash
from ..domain.documents import lines_of, load_yaml
from ..models import InstrumentVersion
from .drafts import Draft, complete_instrument, read_draft, write_trail
from .problems import refusal
from .releases import refuse_unfit


def load_instrument_file(path: Path, *, publish: bool) -> LoadedInstrument:
    """Store the instrument in a YAML file, and publish it when told. Does not check permissions.

    Idempotent: a file that is already stored as it is writes nothing. A draft may have texts missing. Raises `BadInput` with
    every problem of the file, `Conflict` when the file says something else under a version number that has been published, and
    whatever stands against publishing it (`releases.compatibility`).
    """
    draft = read_file(path.read_bytes(), path.name, publish=publish)
    instrument = draft.instrument
    with transaction.atomic():
        versions = InstrumentVersion.objects.select_for_update()
        stored = versions.filter(slug=instrument.slug, version=instrument.version).first()
        outcome = _store(draft, stored, publish=publish)
    return LoadedInstrument(slug=instrument.slug, version=instrument.version, outcome=outcome)


def read_file(text: bytes, name: str, *, publish: bool = False) -> Draft:
    """The draft in a YAML text; complete, when it is to be published. Raises `BadInput` with every problem and its line."""
    try:
        data = load_yaml(text)
        if publish:
            parse_instrument(data)
        return read_draft(data)
    except InvalidData as refused:
        places = lines_of(text, [found.path for found in refused.problems]) if _walkable(refused) else {}
        message = _("%(file)s is not an instrument that can be loaded.") % {"file": name}
        raise refusal(message, refused.problems, lines=places) from refused


def _walkable(refused: InvalidData) -> bool:
    """Whether the text can be read again to look up lines: a bomb or a syntax error already says all there is to say."""
    return any(found.path for found in refused.problems)


def _store(draft: Draft, stored: InstrumentVersion | None, *, publish: bool) -> LoadOutcome:
    fingerprint = draft_hash(draft.content)
    if stored is not None and stored.content_hash == fingerprint:
        if not publish or stored.status != InstrumentStatus.DRAFT:
            return LoadOutcome.UNCHANGED
        _publish(stored, None)
        return LoadOutcome.PUBLISHED
    if stored is not None and stored.status != InstrumentStatus.DRAFT:
        raise Conflict(
            _("%(slug)s %(version)s has been published with another content, and answers may rest on it.")
            % {"slug": draft.instrument.slug, "version": draft.instrument.version},
            code="published_version_changed",
            remedy=_("Nothing was changed. Give the new content a new version number."),
        )
    version = stored or InstrumentVersion(slug=draft.instrument.slug, version=draft.instrument.version)
    version.content, version.content_hash = draft.content, fingerprint
    version.scoring_hash = scoring_hash(draft.instrument)
    if publish:
        _publish(version, None)
    else:
        version.save()
        write_trail("instrument.drafted", version, None)
    return LoadOutcome.UPDATED if stored else LoadOutcome.CREATED


def publish(version_id: int, *, actor_id: int | None, seen_hash: str | None = None) -> InstrumentVersion:
    """Publish a draft, as it was when its content hash was `seen_hash`; doing it twice is the same as once.

    Raises `NotFound`, `BadInput` naming each text that is missing, `Conflict`, and what stands against it otherwise.
    """
    with transaction.atomic():
        stored = InstrumentVersion.objects.select_for_update().filter(pk=version_id).first()
        if stored is None:
            raise unknown()
        if stored.status == InstrumentStatus.PUBLISHED:
            return stored
        if stored.status == InstrumentStatus.RETIRED or (seen_hash is not None and stored.content_hash != seen_hash):
            raise Conflict()
        _publish(stored, actor_id)
    return stored


def _publish(version: InstrumentVersion, actor_id: int | None) -> None:
    try:
        instrument = complete_instrument(version)
    except InvalidData as refused:
        raise refusal(_("This version is not complete yet."), refused.problems, code="not_complete") from refused
    refuse_unfit(instrument)
    version.status, version.published_at = InstrumentStatus.PUBLISHED, timezone.now()
    version.save()
    write_trail("instrument.published", version, actor_id)


def retire(*, slug: str, version: str, actor_id: int | None = None) -> None:
    """Take a version out of use: no new round opens on it, what rests on it stays. Does not check permissions.

    Raises `NotFound`, `Conflict` for a draft, which is deleted instead.
    """
    with transaction.atomic():
        stored = InstrumentVersion.objects.select_for_update().filter(slug=slug, version=version).first()
        if stored is None:
            raise unknown()
        if stored.status == InstrumentStatus.DRAFT:
            raise Conflict(_("A draft is not in use."), code="not_published", remedy=_("Delete it instead."))
        if stored.status == InstrumentStatus.PUBLISHED:
            stored.status, stored.retired_at = InstrumentStatus.RETIRED, timezone.now()
            stored.save()
            write_trail("instrument.retired", stored, actor_id)


def unknown() -> NassijError:
    """The refusal of a version that is not stored."""
    return NotFound(_("This instrument is not here."), code="unknown_instrument")
