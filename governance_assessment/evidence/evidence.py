"""Attaching documents to the answers of a round, reading them, and taking them away again.

The file is written first and its row committed after it, so a row always has its file; what a process killed in between leaves
behind is swept (`nassij.common.private_files`). The round is held against a submission while a row is written: what was
submitted keeps exactly the documents it had, and the snapshot names them by their hash.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nassij.associations.api import Access, Action, members, require
from nassij.common import private_files
from nassij.common.errors import Forbidden, NassijError, NotFound, TooLarge, Unprocessable
from nassij.common.idempotency import retrying
from nassij.common.uploads import Upload, accept_upload

from ..answers.answer_input import read_code
from ..data import RoundData, RoundState
from ..domain import applies
from ..instruments.library import parsed
from ..models import PRESENT, EvidenceFile, present_slot
from ..rounds.moves import hold
from ..rounds.rounds import as_uuid, find_round, round_not_open, write_trail
from .data import AddedEvidence, EvidenceData, EvidenceFileData, EvidenceItem, EvidenceSection, OpenedEvidence
from .files import FOLDER

KINDS = ("pdf", "jpg", "png", "docx", "xlsx")
OPEN = (RoundState.DRAFT, RoundState.CONSENSUS)


def evidence_of(*, user_id: int | None, round_uuid: UUID | str, language: str) -> EvidenceData:
    """Every indicator of a round with its documents: four queries whatever their number.

    Checks permissions: members of the association and its coach, not who coordinates. Raises `NotFound`, `Forbidden`,
    `NotSignedIn`.
    """
    current = find_round(round_uuid)
    access = require(user_id=user_id, action=Action.VIEW_EVIDENCE, association_id=current.association_id)
    instrument = parsed(current.instrument_hash, current.kind)
    rows = list(EvidenceFile.objects.filter(PRESENT, round_id=current.id))
    names = {member.user_id: member.name for member in members(association_id=current.association_id)}
    by_code: dict[str, list[EvidenceFileData]] = defaultdict(list)
    for row in rows:
        by_code[row.indicator_code].append(_as_data(row, access, current, names.get(row.uploaded_by_id, "")))
    return EvidenceData(
        round=current,
        association_name=access.association_name,
        sections=tuple(
            EvidenceSection(
                title=section.title.in_language(language),
                items=tuple(
                    EvidenceItem.of(
                        indicator,
                        tuple(by_code[indicator.code]),
                        language,
                        concerns=applies(indicator, current.profile),
                    )
                    for indicator in section.all_indicators()
                ),
            )
            for section in instrument.sections
        ),
        bytes_used=sum(row.size for row in rows),
        may_add=current.is_open and access.may(Action.ANSWER_ROUND),
    )


def add_evidence(*, user_id: int | None, round_uuid: UUID | str, indicator_code: str, file: Any) -> AddedEvidence:
    """Attach a document to an indicator, while the round is open. The same content again is the same document.

    `file` is what `nassij.common.uploads.accept_upload` takes; its content decides whether it is a PDF, a picture, a DOCX or an
    XLSX. Checks permissions: members of the association. Raises `BadInput` and `TooLarge` (not such a file, too big, a bomb),
    `Unprocessable` (`unknown_indicator`; `too_many_files`), `TooLarge` (`round_full`), `Conflict` (`round_not_open`,
    `round_moved`), `NotFound`, `Forbidden`, `NotSignedIn`. Whatever is raised, nothing is stored.
    """
    current = find_round(round_uuid)
    access = require(user_id=user_id, action=Action.ANSWER_ROUND, association_id=current.association_id)
    if read_code(indicator_code) not in parsed(current.instrument_hash, current.kind).by_code:
        raise Unprocessable(_("This question is not part of this round."), code="unknown_indicator")
    if not current.is_open:
        raise round_not_open()
    upload = accept_upload(file, kinds=KINDS)
    same = EvidenceFile.objects.filter(present_slot=present_slot(current.id, indicator_code, upload.sha256)).first()
    if same is not None:
        return AddedEvidence(file=_as_data(same, access, current), replayed=True)
    return _keep(access, current, indicator_code, upload)


def remove_evidence(*, user_id: int | None, file_uuid: UUID | str) -> EvidenceFileData:
    """Take a document away while its round is open; asking twice is the same as once. Its bytes are deleted, its hash stays.

    Checks permissions: who added it, the president or the lead. Raises `Conflict` (`round_not_open`, `round_moved`), `NotFound`,
    `Forbidden`, `NotSignedIn`.
    """
    row, access, current = _find(user_id, file_uuid, Action.ANSWER_ROUND)
    if not current.is_open:
        raise round_not_open()
    if not _may_remove(row, access, current):
        raise Forbidden(
            _("Only the member who added this document, the president or the lead can remove it."),
            code="not_yours",
            remedy=_("Ask one of them."),
        )

    def act() -> EvidenceFileData:
        with transaction.atomic():
            hold(access, current.uuid, *OPEN)
            held = EvidenceFile.objects.select_for_update().get(pk=row.pk)
            if held.removed_at is None:
                held.removed_at = timezone.now()
                held.save()
                write_trail(access, "evidence.removed", current.uuid, **_trace(held))
            # Also when it was removed before: whoever removed it may have been killed before the bytes were gone.
            transaction.on_commit(lambda: private_files.remove(held.path))
            return _as_data(held, access, current)

    return retrying(act)


def open_evidence(*, user_id: int | None, file_uuid: UUID | str) -> OpenedEvidence:
    """A document to hand out; that somebody who is no member read it is written down.

    Checks permissions as `evidence_of`. Raises `NotFound` (also for one that was removed), `Forbidden`, `NotSignedIn`.
    """
    row, access, current = _find(user_id, file_uuid, Action.VIEW_EVIDENCE)
    if row.removed_at is not None:
        raise NotFound()
    if access.role is None:
        write_trail(access, "evidence.opened", current.uuid, **_trace(row))
    return OpenedEvidence(path=row.path, name=row.name, content_type=row.content_type, sha256=row.sha256)


def _keep(access: Access, current: RoundData, code: str, upload: Upload) -> AddedEvidence:
    written = private_files.write(upload.new_path(f"{FOLDER}/{current.uuid}"), upload.content)

    def act() -> tuple[EvidenceFile, bool]:
        with transaction.atomic():
            held = hold(access, current.uuid, *OPEN)
            same = EvidenceFile.objects.select_for_update().filter(
                present_slot=present_slot(held.id, code, upload.sha256)
            )
            if found := same.first():
                return found, False
            _refuse_more(held.id, code, upload)
            row = EvidenceFile(
                round_id=held.id,
                indicator_code=code,
                uploaded_by_id=access.user_id,
                name=upload.name,
                kind=upload.kind,
                content_type=upload.content_type,
                size=written.size,
                sha256=upload.sha256,
                path=written.path,
            )
            row.save()
            write_trail(access, "evidence.added", held.uuid, **_trace(row))
            return row, True

    try:
        row, is_new = retrying(act)
    except NassijError:  # before the commit: nothing names the file
        private_files.remove(written.path)
        raise
    if not is_new:
        private_files.remove(written.path)
    return AddedEvidence(file=_as_data(row, access, current), replayed=not is_new)


def _refuse_more(round_id: int, code: str, upload: Upload) -> None:
    """Raise when the indicator or the round has no room left; one query."""
    # A locking read: it also counts what was committed after an outer transaction took its snapshot.
    rows = EvidenceFile.objects.select_for_update().filter(PRESENT, round_id=round_id)
    sizes = list(rows.values_list("indicator_code", "size"))
    limit, room = settings.NASSIJ_EVIDENCE_FILES_PER_INDICATOR, settings.NASSIJ_EVIDENCE_ROUND_BYTES
    if sum(at == code for at, _size in sizes) >= limit:
        raise Unprocessable(
            _("This question has as many documents as it can have."),
            code="too_many_files",
            remedy=_("Remove one that shows less, or put several pages into one PDF."),
            limit=limit,
        )
    if sum(size for _code, size in sizes) + len(upload.content) > room:
        raise TooLarge(
            _("There is no room left for this document in this round."),
            code="round_full",
            remedy=_("Remove documents that are not needed, or send a smaller one: a photograph of a page is enough."),
            max_bytes=room,
        )


def _find(user_id: int | None, file_uuid: UUID | str, action: Action) -> tuple[EvidenceFile, Access, RoundData]:
    row = EvidenceFile.objects.filter(uuid=as_uuid(file_uuid)).select_related("round").first()
    if row is None:
        require(
            user_id=user_id, action=action, association_id=0
        )  # nobody is asked to sign in, everybody else finds nothing
        raise NotFound()
    current = find_round(row.round.uuid)
    return row, require(user_id=user_id, action=action, association_id=current.association_id), current


def _may_remove(row: EvidenceFile, access: Access, current: RoundData) -> bool:
    is_theirs = row.uploaded_by_id == access.user_id and access.may(Action.ANSWER_ROUND)
    return current.is_open and (is_theirs or access.may(Action.SUBMIT_ROUND))


def _trace(row: EvidenceFile) -> dict[str, Any]:
    return {"indicator": row.indicator_code, "file": str(row.uuid), "kind": row.kind, "sha256": row.sha256}


def _as_data(row: EvidenceFile, access: Access, current: RoundData, added_by: str = "") -> EvidenceFileData:
    return EvidenceFileData(
        uuid=row.uuid,
        round_uuid=current.uuid,
        indicator_code=row.indicator_code,
        name=row.name,
        kind=row.kind,
        size=row.size,
        created_at=row.created_at,
        added_by=added_by,
        may_remove=_may_remove(row, access, current),
    )
