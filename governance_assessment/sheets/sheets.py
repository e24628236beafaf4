"""Answer sheets as a person handles them: download, send back, look, apply. Every function checks who may.

While members answer, a sheet becomes the answers of whoever sends it; while they discuss, the president or the lead settles the
common answers with it. It is applied as a whole or not at all, and once: the same file is one voice.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from nassij.associations.api import Access, Action, require
from nassij.common.documents import xlsx
from nassij.common.errors import BadInput, Conflict, NotFound, NotSignedIn, Unprocessable
from nassij.common.idempotency import retrying
from nassij.common.uploads import accept_upload

from ..answers.whole_sheet import part_of, save_sheet
from ..data import AnswerMethod, RoundData, RoundState
from ..discussion.settling import settle
from ..instruments.library import parsed
from ..models import AnswerSheet, applied_slot
from ..rounds.moves import hold
from ..rounds.rounds import as_uuid, find_round, round_not_open, write_trail
from ..tracking import answers_saved
from .comparing import Difference, compare
from .data import CheckedSheet, SheetPlan, SheetRound, WrittenSheet
from .reading import read_sheet
from .writing import write_sheet

FORGET_AFTER = timedelta(days=7)
"""A sheet that was neither applied nor discarded holds answers: it is forgotten after this."""


def sheet_round(*, user_id: int | None, round_uuid: UUID | str) -> SheetRound:
    """The round whose answers a sheet takes; two queries. Checks permissions: members of the association.

    Raises `Conflict` (`round_not_open`), `NotFound`, `Forbidden`, `NotSignedIn`.
    """
    current, access = _open_round(user_id, round_uuid, Action.ANSWER_ROUND)
    return SheetRound(
        round=current,
        association_name=access.association_name,
        languages=parsed(current.instrument_hash, current.kind).languages,
        may_send=current.is_draft or access.may(Action.SUBMIT_ROUND),
    )


def answer_sheet(*, user_id: int | None, round_uuid: UUID | str, language: str) -> WrittenSheet:
    """An empty sheet of the questions that concern the association; two queries. Checks permissions: its members.

    Raises `BadInput` (a language the questionnaire has not), `Conflict` (`round_not_open`), `NotFound`, `Forbidden`,
    `NotSignedIn`.
    """
    current, access = _open_round(user_id, round_uuid, Action.ANSWER_ROUND)
    instrument = parsed(current.instrument_hash, current.kind)
    if language not in instrument.languages:
        raise BadInput(code="unknown_language")
    content = write_sheet(current, instrument, access.association_name, language)
    name = f"nassij-{instrument.slug}-{current.number}-{language}.xlsx"
    return WrittenSheet(name=name, content_type=xlsx.CONTENT_TYPE, content=content)


def check_sheet(*, user_id: int | None, round_uuid: UUID | str, file: Any) -> CheckedSheet:
    """Read a filled-in sheet and keep it for the dry run, or tell every wrong cell and keep nothing. Nothing is answered yet.

    Checks permissions: members while they answer, the president or the lead while they discuss. Raises `BadInput`, `TooLarge`,
    `Unprocessable` (`sheet_of_other_round`, `sheet_of_other_version`, `empty_sheet`), `Conflict` (`round_not_open`), `NotFound`,
    `Forbidden`, `NotSignedIn`.
    """
    current, access = _open_round(user_id, round_uuid)
    upload = accept_upload(file, kinds=("xlsx",), max_bytes=settings.NASSIJ_SHEET_MAX_BYTES)
    found = read_sheet(upload.content, current, parsed(current.instrument_hash, current.kind))
    if found.wrong:
        return CheckedSheet(uuid=None, wrong=tuple(found.wrong))
    if not found.answers:
        raise Unprocessable(
            _("There is no answer in this sheet."),
            code="empty_sheet",
            remedy=_("Fill in the column for answers, save the file and send it again."),
        )
    AnswerSheet.objects.filter(applied_at=None, created_at__lt=timezone.now() - FORGET_AFTER).delete()
    row = AnswerSheet.objects.create(
        round_id=current.id,
        owner_id=access.user_id,
        file_name=upload.name,
        sha256=upload.sha256,
        answers=found.answers,
    )
    return CheckedSheet(uuid=row.uuid, wrong=())


def sheet_plan(*, user_id: int | None, sheet_uuid: UUID | str, language: str) -> SheetPlan:
    """What applying a sheet would do now, or how many answers it wrote. Checks permissions: whoever sent it, as `check_sheet`.

    Raises `NotFound`, `Forbidden`, `NotSignedIn`, `Conflict` (`round_not_open` for one that can no longer be applied).
    """
    row, current, access = _find(user_id, sheet_uuid)
    is_applied = row.applied_at is not None
    if not is_applied and not current.is_open:
        raise round_not_open()
    is_common = row.target == AnswerSheet.Target.COMMON if is_applied else not current.is_draft
    instrument = parsed(current.instrument_hash, current.kind)
    found = (
        None if is_applied else compare(row.answers, current, instrument, access.user_id, language, is_common=is_common)
    )
    return SheetPlan(
        uuid=row.uuid,
        round=current,
        association_name=access.association_name,
        file_name=row.file_name,
        is_common=is_common,
        lines=found.lines if found else (),
        seen=found.seen if found else "",
        applied_at=row.applied_at,
        written=row.written,
    )


def apply_sheet(*, user_id: int | None, sheet_uuid: UUID | str, seen: str) -> int:
    """Write what the dry run showed, all of it or nothing; how many answers. Asking twice is the same as once.

    `seen` is the plan's. Checks permissions as `sheet_plan`. Raises `Conflict` (`answers_changed`: compare again;
    `already_applied`: this file was, by somebody; `round_not_open`, `round_moved`), `Unprocessable`, `NotFound`, `Forbidden`,
    `NotSignedIn`.
    """
    row, current, access = _find(user_id, sheet_uuid)
    if row.applied_at is not None:
        return row.written
    if not current.is_open:
        raise round_not_open()
    target = AnswerSheet.Target.OWN if current.is_draft else AnswerSheet.Target.COMMON

    def act() -> int:
        with transaction.atomic():
            hold(access, current.uuid, current.state)
            stored = AnswerSheet.objects.select_for_update().get(pk=row.pk)
            if stored.applied_at is not None:
                return stored.written
            return _apply(stored, find_round(current.uuid), access, target, seen)

    try:
        return retrying(act)
    except IntegrityError as error:  # `applied_slot`
        raise Conflict(
            _("This file was already applied to the round."),
            code="already_applied",
            remedy=_(
                "Nothing was changed: one sheet is one voice. Who answers for themselves fills in a sheet of their own."
            ),
        ) from error


def discard_sheet(*, user_id: int | None, sheet_uuid: UUID | str) -> RoundData:
    """Delete a sheet that was not applied; its round. Checks permissions: whoever sent it. Raises `NotFound`, `NotSignedIn`."""
    row, current, _access = _find(user_id, sheet_uuid)
    AnswerSheet.objects.filter(pk=row.pk, applied_at=None).delete()
    return current


def _apply(row: AnswerSheet, current: RoundData, access: Access, target: AnswerSheet.Target, seen: str) -> int:
    is_common = target == AnswerSheet.Target.COMMON
    instrument = parsed(current.instrument_hash, current.kind)
    found = compare(row.answers, current, instrument, access.user_id, instrument.languages[0], is_common=is_common)
    if found.seen != seen:
        raise Conflict(
            _("Some of these answers were changed in the meantime."),
            code="answers_changed",
            remedy=_("Nothing was written. Look at the comparison again, then apply it."),
        )
    row.target, row.applied_at, row.written = target, timezone.now(), len(found.changes)
    row.applied_slot, row.answers = applied_slot(current.id, target, row.sha256), {}
    row.save()
    if is_common:
        _settle(row, current, access, found)
    else:
        _save(row, current, access, found)
    write_trail(
        access, "round.sheet_applied", current.uuid, sheet=str(row.uuid), target=str(target), written=row.written
    )
    return row.written


def _save(row: AnswerSheet, current: RoundData, access: Access, found: Difference) -> None:
    saved = save_sheet(
        user_id=access.user_id,
        association_id=current.association_id,
        round_uuid=current.uuid,
        answers=found.changes,
        revisions=found.revisions,
        operation_id=f"sheet-{row.uuid}",
        method=AnswerMethod.IMPORT,
    )
    for problem in saved.problems.values():
        raise problem
    answers_saved(current, [saved.saved[code] for code in found.changes])


def _settle(row: AnswerSheet, current: RoundData, access: Access, found: Difference) -> None:
    for code, answer in found.changes.items():
        settle(
            user_id=access.user_id,
            association_id=current.association_id,
            round_uuid=current.uuid,
            indicator_code=code,
            answer={name: answer[name] for name in ("kind", "level", "reason", "evidence")},
            note=found.notes[code] or say("From the answer sheet of the workshop"),
            operation_id=part_of(str(row.uuid), code),
            revision=found.revisions.get(code, 0),
        )


def _open_round(user_id: int | None, round_uuid: UUID | str, action: Action | None = None) -> tuple[RoundData, Access]:
    """A round that takes answers, and a person who may give them (or, while it is discussed, settle them)."""
    current = find_round(round_uuid)
    wanted = action or (Action.SUBMIT_ROUND if current.state == RoundState.CONSENSUS else Action.ANSWER_ROUND)
    access = require(user_id=user_id, action=wanted, association_id=current.association_id)
    if not current.is_open:
        raise round_not_open()
    return current, access


def _find(user_id: int | None, sheet_uuid: UUID | str) -> tuple[AnswerSheet, RoundData, Access]:
    """A sheet of this person's own, of a round they may (still) answer. Raises `NotFound` for anybody else's."""
    if user_id is None:
        raise NotSignedIn()
    row = AnswerSheet.objects.filter(uuid=as_uuid(sheet_uuid), owner_id=user_id).select_related("round").first()
    if row is None:
        raise NotFound()
    current = find_round(row.round.uuid)
    to_settle = current.state == RoundState.CONSENSUS and row.applied_at is None
    wanted = Action.SUBMIT_ROUND if to_settle else Action.ANSWER_ROUND
    return row, current, require(user_id=user_id, action=wanted, association_id=current.association_id)
