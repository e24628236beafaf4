"""Drafts of instrument versions: documents that may still have gaps, but nothing else wrong with them.

Nothing here asks who may: the admin and the operator's commands do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from nassij.common.audit import record
from nassij.common.errors import Conflict, NotFound

from ..data import InstrumentStatus
from ..domain import (
    Completeness,
    Instrument,
    InvalidInstrument,
    Problem,
    ProblemCode,
    completeness,
    draft_hash,
    instrument_to_data,
    parse_instrument,
    proposed_replacement,
    scoring_hash,
    with_gaps_filled,
    without_fillings,
)
from ..domain.documents import plain_tree
from ..domain.serialise import replacement_to_data
from ..models import InstrumentVersion
from .releases import trail_uuid


@dataclass(frozen=True, slots=True)
class Draft:
    """A document read: `content` is what is stored, `instrument` the same with its gaps filled, to be shown and compared."""

    content: dict[str, Any]
    instrument: Instrument

    @property
    def completeness(self) -> tuple[Completeness, ...]:
        return completeness(self.content)

    @property
    def is_complete(self) -> bool:
        return not any(part.missing for part in self.completeness)


def read_draft(data: Any) -> Draft:
    """The draft that a document describes; texts may be missing. Raises `InvalidData` with everything else that is wrong."""
    instrument = parse_instrument(with_gaps_filled(plain_tree(data)))
    return Draft(without_fillings(instrument_to_data(instrument)), instrument)


def save_draft(
    draft: Draft, *, actor_id: int | None, version_id: int | None = None, seen_hash: str | None = None
) -> InstrumentVersion:
    """Store a draft: a new one, or over the draft `version_id` as it was when its content hash was `seen_hash`.

    Writes nothing when nothing changed. Raises `NotFound`, `Conflict`: published, changed meanwhile, or a number that is taken.
    """
    instrument, fingerprint = draft.instrument, draft_hash(draft.content)
    with transaction.atomic():
        stored = InstrumentVersion()
        if version_id is not None:
            stored = _draft_to_change(version_id, seen_hash, fingerprint)
        _refuse_taken(instrument.slug, instrument.version, except_for=stored.pk)
        if stored.content_hash == fingerprint:
            return stored
        stored.slug, stored.version = instrument.slug, instrument.version
        stored.content, stored.content_hash = draft.content, fingerprint
        stored.scoring_hash = scoring_hash(instrument)
        stored.save()
        write_trail("instrument.drafted", stored, actor_id)
    return stored


def _refuse_taken(slug: str, version: str, *, except_for: int | None = None) -> None:
    if InstrumentVersion.objects.filter(slug=slug, version=version).exclude(pk=except_for).exists():
        raise Conflict(
            _("There is already a version %(version)s of %(slug)s.") % {"version": version, "slug": slug},
            code="version_exists",
            remedy=_("Nothing was changed. Give this one another number."),
        )


def _draft_to_change(version_id: int, seen_hash: str | None, wanted_hash: str) -> InstrumentVersion:
    """The draft, held; it may have become what is wanted by the same request sent twice."""
    stored = InstrumentVersion.objects.select_for_update().filter(pk=version_id).first()
    if stored is None:
        raise NotFound(_("This instrument is not here."), code="unknown_instrument")
    if stored.status != InstrumentStatus.DRAFT:
        raise Conflict(
            _("This version is published: it stays as it is."),
            code="not_a_draft",
            remedy=_("Start a new version from it and change that one."),
        )
    if seen_hash is not None and stored.content_hash not in (seen_hash, wanted_hash):
        raise Conflict(
            _("Somebody else changed this draft in the meantime."),
            code="draft_changed",
            remedy=_("Nothing was changed. Open it again, then enter your changes."),
        )
    return stored


def draft_after(before: InstrumentVersion, version: str, *, actor_id: int | None) -> InstrumentVersion:
    """A new draft to be changed into the next version: the same content, every indicator declared equal.

    Raises `Conflict`: the number is taken, or `before` is a draft itself.
    """
    if before.status == InstrumentStatus.DRAFT:
        raise Conflict(
            _("A draft is not in use."), code="not_published", remedy=_("Publish it first, or go on changing it.")
        )
    _refuse_taken(before.slug, version)  # its own number too, which it could not replace
    instrument = parse_instrument(before.content)
    proposal = replacement_to_data(proposed_replacement(instrument, instrument))
    data = {**before.content, "version": version, "replaces": proposal}
    return save_draft(read_draft(data), actor_id=actor_id)


def complete_instrument(version: InstrumentVersion) -> Instrument:
    """The instrument of a version that is to be published. Raises `InvalidInstrument` naming each text that is missing."""
    missing = [
        Problem(ProblemCode.MISSING_LANGUAGE, path, {"language": part.language})
        for part in completeness(version.content)
        for path in part.missing
    ]
    if missing:
        raise InvalidInstrument(missing)
    return parse_instrument(version.content)


def write_trail(action: str, version: InstrumentVersion, actor_id: int | None) -> None:
    """A line in the audit trail, in the caller's transaction."""
    record(
        actor_id=actor_id,
        action=action,
        object_type="instrument",
        object_uuid=trail_uuid(version.slug, version.version),
        details={"slug": version.slug, "version": version.version, "content_hash": version.content_hash},
    )
