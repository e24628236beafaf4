"""Moving a round on: discussing, going back to the answers, submitting, reopening, closing.

Each function takes the `step` the sender saw (`RoundData.step`): then a delivery repeated at any later time changes nothing.
Without it, asking for the state that is already there is the same as asking once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nassij.associations.api import Access, require
from nassij.common.errors import BadInput, Conflict, Unprocessable
from nassij.common.idempotency import retrying

from ..answers.answer_input import read_text
from ..answers.common_answers import Common, common_answers, store_what_follows, voices_of
from ..data import Layer, Move, RoundData
from ..evidence.files import hashes_of
from ..instruments.library import parsed
from ..models import Round
from ..results.frozen import freeze
from .moves import RULES, perform
from .notices import tell_coaches, tell_reopened
from .rounds import find_round, slot_of


def start_discussion(*, user_id: int | None, round_uuid: UUID | str, step: int | None = None) -> RoundData:
    """Close the members' answers and show, to the members, where they differ.

    Checks permissions: the president or the lead. Raises `NotFound`, `Forbidden`, `Conflict` (`round_moved`), `NotSignedIn`.
    """
    return _move(Move.START_DISCUSSION, user_id, round_uuid, step, discussed_at=_first_time(timezone.now()))


def back_to_answers(*, user_id: int | None, round_uuid: UUID | str, step: int | None = None) -> RoundData:
    """Let members answer again; what was settled stands where nobody answers anew. As `start_discussion` for the rest."""
    return _move(Move.BACK_TO_ANSWERS, user_id, round_uuid, step)


def close_round(*, user_id: int | None, round_uuid: UUID | str, step: int | None = None) -> RoundData:
    """File a validated round: it can no longer be reopened. Permissions and errors as `start_discussion`."""
    return _move(Move.CLOSE, user_id, round_uuid, step, closed_at=timezone.now())


def submit_round(*, user_id: int | None, round_uuid: UUID | str, step: int | None = None) -> RoundData:
    """Freeze a round, from the answers or from the discussion: its common answers and a snapshot, in one transaction.

    Checks permissions: the president or the lead. Raises `Unprocessable` when something is still to be done, with the codes of
    the indicators: `incomplete` (nobody answered) or `to_discuss` (respondents differ: only how many while members answer, since
    which ones would show what others said); `NotFound`, `Forbidden`, `Conflict`.
    """
    current, access = _asked(Move.SUBMIT, user_id, round_uuid)

    def act() -> RoundData:
        with transaction.atomic():
            now = timezone.now()
            # The write that moves the state comes first: whoever answers at this moment waits, then finds the round submitted.
            columns: dict[str, Any] = {"submitted_at": now, "discussed_at": _first_time(now), "open_slot": None}
            moved, is_new = perform(Move.SUBMIT, access, current, step=step, **columns)
            if is_new:
                _freeze(moved, access, now, closed=current.is_draft)
                tell_coaches(moved, access)
            return moved

    return retrying(act)


def reopen_round(*, user_id: int | None, round_uuid: UUID | str, reason: str, step: int | None = None) -> RoundData:
    """Take a submitted or validated round back into discussion, for a reason. What was frozen stays, beside what will follow.

    Checks permissions: a coach or coordinator. Raises `BadInput` (`reason_required`), `Conflict` (`newer_round`: only the newest
    round is reopened; `round_moved`), `NotFound`, `Forbidden`, `NotSignedIn`.
    """
    current, access = _asked(Move.REOPEN, user_id, round_uuid)
    why = _read_reason(reason)

    def act() -> RoundData:
        with transaction.atomic():
            columns: dict[str, Any] = {"open_slot": slot_of(current), "submitted_at": None, "validated_at": None}
            moved, is_new = perform(Move.REOPEN, access, current, step=step, reason=why, **columns)
            if is_new and _has_newer(moved):
                raise _newer_round()
            if is_new:
                tell_reopened(moved, access, reason=why)
            return moved

    try:
        return retrying(act)
    except IntegrityError as error:  # `open_slot`: a newer round is open
        raise _newer_round() from error


def _move(move: Move, user_id: int | None, round_uuid: UUID | str, step: int | None, **columns: Any) -> RoundData:
    current, access = _asked(move, user_id, round_uuid)

    def act() -> RoundData:
        with transaction.atomic():
            return perform(move, access, current, step=step, **columns)[0]

    return retrying(act)


def _asked(move: Move, user_id: int | None, round_uuid: UUID | str) -> tuple[RoundData, Access]:
    current = find_round(round_uuid)
    return current, require(user_id=user_id, action=RULES[move].action, association_id=current.association_id)


def _first_time(now: datetime) -> Coalesce:
    return Coalesce(F("discussed_at"), now)


def _freeze(current: RoundData, access: Access, now: datetime, *, closed: bool) -> None:
    instrument = parsed(current.instrument_hash, current.kind)
    common = common_answers(current, instrument, voices_of(current.id))
    _refuse_unfinished(common, closed=closed)
    store_what_follows(current, common)
    files = hashes_of(current.id)
    freeze(
        current,
        access,
        instrument,
        common.answer_set(current, instrument),
        layer=Layer.SELF,
        details={
            code: {
                "origin": str(found.origin),
                "evidence": str(found.evidence),
                "note": found.note,
                **({"files": files[code]} if code in files else {}),
            }
            for code, found in common.agreed.items()
        },
        respondents=common.respondents,
        at=now,
    )


def _refuse_unfinished(common: Common, *, closed: bool) -> None:
    if common.missing:
        raise Unprocessable(
            _("Some questions have no answer yet."),
            code="incomplete",
            remedy=_("Answer them first: “I don't know” is an answer too."),
            indicators=list(common.missing),
        )
    if common.differing:
        raise Unprocessable(
            _("The members gave different answers to some questions."),
            code="to_discuss",
            remedy=_("Talk about them together; then the president or the lead settles each one."),
            **({"count": len(common.differing)} if closed else {"indicators": list(common.differing)}),
        )


def _read_reason(reason: object) -> str:
    cleaned = read_text(reason, "reason")
    if not cleaned:
        raise BadInput(
            _("Say why this round is reopened."),
            code="reason_required",
            remedy=_("Write the reason for the association to read, and send it again. Nothing was changed."),
        )
    return cleaned


def _has_newer(current: RoundData) -> bool:
    of_same = Round.objects.filter(association_id=current.association_id, instrument_slug=current.instrument_slug)
    return of_same.filter(number__gt=current.number).exists()


def _newer_round() -> Conflict:
    return Conflict(
        _("The association has begun a newer round: this one stays as it is."),
        code="newer_round",
        remedy=_("Nothing was changed. What should be corrected belongs in the newer round."),
    )
