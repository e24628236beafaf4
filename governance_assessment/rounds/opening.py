"""Opening a round and widening it."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nassij.associations.api import Access, Action, require
from nassij.common.errors import Conflict, Forbidden
from nassij.common.idempotency import retrying

from .. import tracking
from ..data import DEFAULT_INSTRUMENT, Move, RoundData, RoundKind, RoundState
from ..instruments.library import current_version, read_kind
from ..models import Round
from .moves import perform, round_moved
from .rounds import as_uuid, find_round, latest_round, open_slot, round_not_open, write_trail


def open_round(
    *,
    user_id: int | None,
    association_id: int,
    instrument_slug: str = DEFAULT_INSTRUMENT,
    kind: RoundKind | str = RoundKind.EXPRESS,
    seen: UUID | str | None = None,
    step: int | None = None,
) -> RoundData:
    """The association's open round, opened when there is none and widened when it is shorter than asked.

    Checks permissions: any member who may answer opens the first round; the next one, after a submission, is opened by who may
    submit. It closes the one before when that has been validated; one that still waits for its coach goes on waiting. Two members
    pressing at the same moment get the same round. Raises `NotFound`, `Forbidden`.

    `seen` is the round the sender's page showed, empty for none, and `step` where it stood. A press delivered again leads to the
    round it opened, wherever that stands now; one from a page that is out of date opens none: `Conflict` (`round_moved`).
    """
    asked = read_kind(kind)
    access = require(user_id=user_id, action=Action.ANSWER_ROUND, association_id=association_id)
    latest = latest_round(association_id, instrument_slug)
    if seen is not None and latest is not None and not latest.is_open and _has_opened(latest, seen, step):
        return latest
    if latest is None or not latest.is_open:
        if latest is not None and not access.may(Action.SUBMIT_ROUND):
            raise Forbidden(
                _("The president or the lead of the self-assessment opens the next round."), code="lead_opens_round"
            )
        latest = _open_next(access, instrument_slug, asked, latest)
    if asked == RoundKind.FULL and latest.kind == RoundKind.EXPRESS and latest.is_draft:
        return _widen(access, latest)
    return latest


def _has_opened(latest: RoundData, seen: UUID | str, step: int | None) -> bool:
    """Whether `latest` is what was opened from the page that showed `seen`. Raises `Conflict` where that page is out of date."""
    if not seen:
        before = 0
    elif as_uuid(seen) == latest.uuid:
        if step is not None and step != latest.step:
            raise round_moved(latest)
        return False
    else:
        shown = find_round(seen, latest.association_id)
        before = shown.number if shown.instrument_slug == latest.instrument_slug else latest.number
    if latest.number != before + 1:
        raise round_moved(latest)
    return True


def _open_next(access: Access, slug: str, kind: RoundKind, before: RoundData | None) -> RoundData:
    version = current_version(slug)
    number = before.number + 1 if before else 1

    def act() -> RoundData:
        with transaction.atomic():
            if before is not None and before.state == RoundState.VALIDATED:
                perform(Move.CLOSE, access, before, closed_at=timezone.now())
            opened = Round.objects.create(
                association_id=access.association_id,
                association_uuid=access.association_uuid,
                instrument_id=version.pk,
                instrument_slug=slug,
                instrument_hash=version.content_hash,
                number=number,
                kind=kind,
                open_slot=open_slot(access.association_id, slug),
            )
            write_trail(access, "round.opened", opened.uuid, kind=str(kind), number=number)
            made = find_round(opened.uuid)
            tracking.round_opened(made)
        return made

    try:
        return retrying(act)
    except IntegrityError:
        return _opened_meanwhile(access.association_id, slug)


def _opened_meanwhile(association_id: int, slug: str) -> RoundData:
    """The round another member opened at the same moment."""
    latest = latest_round(association_id, slug)
    if latest is None or not latest.is_open:
        raise Conflict()
    return latest


def widen_round(*, user_id: int | None, association_id: int, round_uuid: UUID | str) -> RoundData:
    """An express round becomes a full one; the answers given so far stay. Asking twice is the same as once.

    Checks permissions: anyone who may answer, since it takes nothing away. Raises `NotFound`, `Forbidden`, `Conflict`.
    """
    access = require(user_id=user_id, action=Action.ANSWER_ROUND, association_id=association_id)
    current = find_round(round_uuid, association_id)
    if not current.is_draft:
        raise round_not_open()
    return current if current.kind == RoundKind.FULL else _widen(access, current)


def _widen(access: Access, current: RoundData) -> RoundData:
    def act() -> RoundData:
        with transaction.atomic():
            widened = Round.objects.filter(pk=current.id, state=RoundState.DRAFT, kind=RoundKind.EXPRESS)
            if widened.update(kind=RoundKind.FULL):
                write_trail(access, "round.widened", current.uuid)
            return find_round(current.uuid)

    return retrying(act)
