"""From the source of a guide to a published edition with its files: all of it, or nothing.

The files are written first, each under the hash of what is in it, and the rows that name them after: a row always has its file,
and making the same again writes nothing. Nothing here asks who may: loading is an operator's command.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nassij.common import jobs
from nassij.common.audit import record
from nassij.common.canonical import digest
from nassij.common.errors import Conflict, NotFound

from ..calls.loading import version_key
from ..models import EditionFile, EditionStatus, GuideEdition
from .making.files import SUFFIXES, Made, files_of, made_with
from .source import Guide, guide_from_data, guide_to_data

FOLDER = "nassij/guides"
BUILD = "funding.build_edition"


class Outcome(StrEnum):
    """What loading a guide did."""

    PUBLISHED = "published"
    REMADE = "remade"
    UNCHANGED = "unchanged"


def load(guide: Guide) -> Outcome:
    """Make the files of `guide` and publish it; one that is published as it is writes nothing.

    Raises `Conflict` when its version was published with another text, or a newer one is shown.
    """
    edition, outcome = _drafted(guide)
    if outcome != Outcome.UNCHANGED:
        _finish(edition.pk, _written(files_of(guide)), made_with(guide), actor_id=None)
    return outcome


def planned(guide: Guide) -> Outcome:
    """What `load` would do; writes nothing. Raises `Conflict` as it does."""
    stored = GuideEdition.objects.filter(code=guide.code, version=guide.version).first()
    return _planned(guide, stored)


def load_in_background(guide: Guide) -> Outcome:
    """As `load`, with the files made by a worker."""
    edition, outcome = _drafted(guide)
    if outcome != Outcome.UNCHANGED:
        jobs.start(kind=BUILD, subject=str(edition), owner_id=None, params={"edition": edition.pk})
    return outcome


def build(job: jobs.RunningJob) -> jobs.Outcome:
    """The worker's part."""
    edition = GuideEdition.objects.filter(pk=job.params["edition"]).first()
    if edition is None:
        raise NotFound()
    guide = guide_from_data(edition.content)
    files = _written(files_of(guide))

    def close() -> dict[str, int]:
        _finish(edition.pk, files, made_with(guide), actor_id=job.owner_id)
        return {"files": len(files)}

    return close


def withdraw(*, code: str, version: str, actor_id: int | None) -> None:
    """Take an edition out of the list; its page says so and its files stay, because links to them do. Raises `NotFound`."""
    with transaction.atomic():
        edition = GuideEdition.objects.select_for_update().filter(code=code, version=version).first()
        if edition is None or edition.status == EditionStatus.DRAFT:
            raise NotFound()
        if edition.status == EditionStatus.PUBLISHED:
            edition.status, edition.withdrawn_at, edition.current_slot = EditionStatus.WITHDRAWN, timezone.now(), None
            edition.save()
            _note("funding.guide.withdrawn", edition, actor_id)


def _planned(guide: Guide, stored: GuideEdition | None) -> Outcome:
    if stored is None:
        _after_what_is_shown(guide)
        return Outcome.PUBLISHED
    same = stored.content_hash == digest(guide_to_data(guide))
    if stored.status == EditionStatus.DRAFT:
        _after_what_is_shown(guide)
        return Outcome.PUBLISHED
    if not same:
        raise Conflict(
            _("%(code)s %(version)s has been published with another text.")
            % {"code": guide.code, "version": guide.version},
            code="published_edition_changed",
            remedy=_("Nothing was changed. Give the new text a new version number."),
        )
    if stored.status == EditionStatus.WITHDRAWN or (stored.made_with == made_with(guide) and _are_there(stored)):
        return Outcome.UNCHANGED
    return Outcome.REMADE


def _drafted(guide: Guide) -> tuple[GuideEdition, Outcome]:
    """The row of this version, its content that of `guide`, and what is to be done about it."""
    with transaction.atomic():
        stored = GuideEdition.objects.select_for_update().filter(code=guide.code, version=guide.version).first()
        outcome = _planned(guide, stored)
        if stored is not None and outcome != Outcome.PUBLISHED:
            return stored, outcome
        edition = stored or GuideEdition(code=guide.code, version=guide.version)
        edition.content = guide_to_data(guide)
        edition.content_hash, edition.position = digest(edition.content), guide.order
        edition.valid_from = date.fromisoformat(guide.valid_from)
        edition.valid_until = date.fromisoformat(guide.valid_until) if guide.valid_until else None
        edition.save()
        return edition, outcome


def _after_what_is_shown(guide: Guide) -> None:
    shown = GuideEdition.objects.filter(current_slot=guide.code).values_list("version", flat=True).first()
    if shown and version_key(shown) > version_key(guide.version):
        raise Conflict(
            _("Version %(shown)s of %(code)s is shown already and is newer.") % {"shown": shown, "code": guide.code},
            code="version_not_after",
            remedy=_("Nothing was changed. Give the text a higher version number."),
        )


def _are_there(edition: GuideEdition) -> bool:
    """Whether the storage has every file of the edition: an operator may have moved to another one."""
    paths = list(edition.files.values_list("path", flat=True))
    return bool(paths) and all(default_storage.exists(path) for path in paths)


def _written(made: Iterable[Made]) -> list[EditionFile]:
    """Rows, not saved yet, of files that are kept now."""
    rows = []
    for file in made:
        name = hashlib.sha256(file.content).hexdigest()
        path = f"{FOLDER}/{name[:2]}/{name}.{SUFFIXES.get(file.format, file.format)}"
        if not default_storage.exists(path):
            stored = default_storage.save(path, ContentFile(file.content))
            if stored != path:  # another process was faster with the same bytes
                default_storage.delete(stored)
        rows.append(
            EditionFile(
                language=file.language,
                format=file.format,
                template=file.template,
                path=path,
                size=len(file.content),
                sha256=name,
                pages=file.pages,
            )
        )
    return rows


def _finish(edition_id: int, rows: list[EditionFile], made: str, *, actor_id: int | None) -> None:
    """Publish the edition with these files, or put them in place of its old ones."""
    with transaction.atomic():
        edition = GuideEdition.objects.select_for_update().get(pk=edition_id)
        EditionFile.objects.filter(edition=edition).delete()
        EditionFile.objects.bulk_create([_of(row, edition) for row in rows])
        edition.made_with = made
        if edition.status == EditionStatus.DRAFT:
            shown = GuideEdition.objects.select_for_update().filter(current_slot=edition.code).first()
            if shown is not None:
                shown.current_slot = None
                shown.save()
            edition.status, edition.published_at = EditionStatus.PUBLISHED, timezone.now()
            edition.current_slot = edition.code
            _note("funding.guide.published", edition, actor_id)
        edition.save()


def _of(row: EditionFile, edition: GuideEdition) -> EditionFile:
    row.edition = edition
    return row


def guide_uuid(code: str) -> UUID:
    """The name of a guide in the audit trail."""
    return uuid5(NAMESPACE_URL, f"urn:nassij:guide:{code}")


def _note(action: str, edition: GuideEdition, actor_id: int | None) -> None:
    record(
        actor_id=actor_id,
        action=action,
        object_type="guide",
        object_uuid=guide_uuid(edition.code),
        details={"code": edition.code, "version": edition.version},
    )
