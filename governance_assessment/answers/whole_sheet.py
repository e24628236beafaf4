"""Saving a whole sheet: the form of a browser without script, a file, answers confirmed. One transaction, whatever its length."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from nassij.associations.api import Action, require
from nassij.common.errors import Conflict, NassijError
from nassij.common.idempotency import retrying

from ..data import AnswerData, AnswerMethod, SavedSheet
from ..instruments.library import parsed
from ..models import RespondentAnswer
from ..rounds.rounds import as_uuid, find_round, round_not_open
from .answer_input import Sent, read_answer, refuse_misfit
from .answering import Delivery, check_envelope, refuse_flood, stale_answer
from .stored import latest_answers


def save_sheet(
    *,
    user_id: int | None,
    association_id: int,
    round_uuid: UUID | str,
    answers: Mapping[str, Mapping[str, Any]],
    revisions: Mapping[str, int],
    operation_id: str,
    method: AnswerMethod = AnswerMethod.WEB,
) -> SavedSheet:
    """Store every answer of a form that changed, in one transaction and five queries whatever their number.

    What is already stored as it was sent writes nothing, so sending the form again is harmless, also when the round has been
    submitted since or another phone has changed an answer. An answer that cannot be stored
    keeps the others from nothing: its problem is in `problems`, by indicator. Checks permissions and raises as `save_answer`
    does for what concerns the whole sheet.
    """
    check_envelope(operation_id, 0)
    access = require(user_id=user_id, action=Action.ANSWER_ROUND, association_id=association_id)
    delivery = Delivery(as_uuid(round_uuid), association_id, access.user_id, method)

    def apply() -> SavedSheet:
        with transaction.atomic():
            return _store_sheet(delivery, association_id, answers, revisions, operation_id)

    try:
        return retrying(apply)
    except IntegrityError:
        # Another device of the same person saved between our look and our insert: look again, now at what it stored.
        try:
            return retrying(apply)
        except IntegrityError as error:
            raise Conflict() from error


def _store_sheet(
    delivery: Delivery,
    association_id: int,
    answers: Mapping[str, Mapping[str, Any]],
    revisions: Mapping[str, int],
    operation_id: str,
) -> SavedSheet:
    is_draft = delivery.hold_round()
    current = find_round(delivery.round_uuid, association_id)
    instrument = parsed(current.instrument_hash, current.kind)
    stored = latest_answers(current.id, delivery.user_id)
    if not is_draft:
        return _sheet_after_submission(delivery, answers, stored, operation_id)
    rows: list[RespondentAnswer] = []
    saved, problems, too_late = dict(stored), dict[str, Exception](), dict[str, Sent]()
    for code, answer in answers.items():
        try:
            sent = read_answer(code, answer)
            if _same(sent, stored.get(code)):
                continue
            refuse_misfit(instrument, sent, current.profile)
            seen = revisions.get(code, 0)
            if seen != (stored[code].revision if code in stored else 0):
                too_late[code] = sent
                raise stale_answer(sent, stored.get(code))
            refuse_flood(seen)
            saved[code] = sent.as_data(seen + 1)
            rows.append(delivery.row(current.id, sent, part_of(operation_id, code), seen))
        except NassijError as problem:
            problems[code] = problem
    RespondentAnswer.objects.bulk_create(rows)
    for code in _stored_before(delivery, too_late, operation_id) if too_late else ():
        del problems[code]
    return SavedSheet(saved=saved, problems=problems)


def _sheet_after_submission(
    delivery: Delivery, answers: Mapping[str, Mapping[str, Any]], stored: Mapping[str, AnswerData], operation_id: str
) -> SavedSheet:
    """The reply to a sheet that had arrived before and arrives again; anything new comes too late."""
    sent = {code: read_answer(code, answer) for code, answer in answers.items()}
    new = {code: answer for code, answer in sent.items() if not _same(answer, stored.get(code))}
    if new.keys() - _stored_before(delivery, sent, operation_id) or not sent:
        raise round_not_open()
    return SavedSheet(saved=dict(stored), problems={})


def _stored_before(delivery: Delivery, answers: Mapping[str, Sent], operation_id: str) -> set[str]:
    """Those answers of a sheet that an earlier delivery of it has stored, whatever was said since; one query."""
    parts = {part_of(operation_id, code): code for code in answers}
    rows = RespondentAnswer.objects.filter(respondent_id=delivery.user_id, operation_id__in=parts)
    found = {parts[part]: body_hash for part, body_hash in rows.values_list("operation_id", "body_hash")}
    return {code for code, body_hash in found.items() if body_hash == delivery.body_hash(answers[code])}


def _same(sent: Sent, stored: AnswerData | None) -> bool:
    if stored is None:
        return sent.is_blank
    return sent.as_data(stored.revision) == stored


def part_of(operation_id: str, code: str) -> str:
    """The operation id of one indicator in a sheet: the same sheet delivered again has the same ones."""
    return hashlib.sha256(f"{operation_id}:{code}".encode()).hexdigest()
