"""The coach's desk: who waits for validation and since when, and how far everyone else has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone, translation

from nassij.associations.api import AssociationSummary, associations_in_scope, province_name, scope
from nassij.common.errors import NotSignedIn

from ..data import RoundData, RoundKind, RoundState
from ..domain import concerned
from ..instruments.library import parsed
from ..models import CoachAnswer, Round, Transition
from ..rounds.rounds import ROUND_FIELDS, as_data

#: An association that has not begun, or in whose open round nothing has happened for so long, may need a call.
QUIET_AFTER = timedelta(weeks=3)


@dataclass(frozen=True, kw_only=True)
class WaitingRound:
    """One round that waits for its coach. `since` is when it was submitted.

    `looked_at` of `indicators` have the coach's word so far (also one that was given before a reopening).
    """

    round_uuid: UUID
    association_id: int
    association_uuid: UUID
    association_name: str
    province: str
    province_name: str
    number: int
    kind: RoundKind
    state: RoundState
    since: datetime
    looked_at: int
    indicators: int


@dataclass(frozen=True, kw_only=True)
class AccompaniedAssociation:
    """Where an association stands: its newest round, None while it has none.

    `since` is when that round came to its present state, `last_sign` when anybody last answered or moved it. `is_quiet`: not
    begun, or open without a sign of life for `QUIET_AFTER`. `as_coach` is false where the reader coordinates or operates only.
    """

    association_id: int
    association_uuid: UUID
    association_name: str
    province_name: str
    round_uuid: UUID | None = None
    number: int = 0
    kind: RoundKind | None = None
    state: RoundState | None = None
    since: datetime | None = None
    last_sign: datetime | None = None
    is_quiet: bool = True
    as_coach: bool = True


@dataclass(frozen=True, kw_only=True)
class DeskData:
    """A desk. `waiting`: those that wait for this coach, the longest first.

    `accompanied`: every association in the person's scope, the quiet ones first, the longest silent on top.
    """

    waiting: tuple[WaitingRound, ...]
    accompanied: tuple[AccompaniedAssociation, ...]

    @property
    def as_coach(self) -> bool:
        """Whether the person is the coach of any of them; who coordinates or operates reads the same list."""
        return any(line.as_coach for line in self.accompanied)


def desk(*, user_id: int | None, language: str) -> DeskData:
    """Who waits for this coach, and where everyone in their scope stands; six queries for 1 or 600.

    Needs no permission: it starts from whom the person accompanies, coordinates or operates; empty for anyone else. Raises
    `NotSignedIn`.
    """
    if user_id is None:
        raise NotSignedIn()
    with translation.override(language):
        accompanied = {own.id: own for own in associations_in_scope(user_id=user_id)}
        newest_move = Transition.objects.filter(round=OuterRef("pk")).order_by("-number").values("at")[:1]
        rounds = Round.objects.filter(association_id__in=list(accompanied)).annotate(moved_at=Subquery(newest_move))
        rows = list(rounds.order_by("number", "id").values(*ROUND_FIELDS, "answered_at", "moved_at"))
        newest = {row["association_id"]: row for row in rows}
        coached = {own.id for own in accompanied.values() if own.as_coach}
        submitted = [
            as_data(row) for row in rows if row["state"] == RoundState.SUBMITTED and row["association_id"] in coached
        ]
        lines = [_line(own, newest.get(own.id), language) for own in accompanied.values()]
        return DeskData(
            waiting=_waiting(sorted(submitted, key=_waits_since), accompanied, language),
            accompanied=tuple(sorted(lines, key=_quiet_first)),
        )


def waiting_rounds(*, user_id: int | None, language: str) -> tuple[WaitingRound, ...]:
    """The submitted rounds of the associations this person coaches, the longest waiting first; eight queries for 1 or 600.

    Needs no permission: it starts from whom the person accompanies as a coach; empty for anyone else. Raises `NotSignedIn`.
    """
    if user_id is None:
        raise NotSignedIn()
    if not scope(user_id=user_id).as_coach:
        return ()
    with translation.override(language):
        accompanied = _coached(user_id)
        rounds = Round.objects.filter(association_id__in=list(accompanied), state=RoundState.SUBMITTED)
        found = [as_data(row) for row in rounds.values(*ROUND_FIELDS)]
        return _waiting(sorted(found, key=_waits_since), accompanied, language)


def _coached(user_id: int) -> dict[int, AssociationSummary]:
    return {own.id: own for own in associations_in_scope(user_id=user_id) if own.as_coach}


def _waits_since(found: RoundData) -> tuple[datetime, int]:
    return found.submitted_at or found.created_at, found.id


def _waiting(
    rounds: Sequence[RoundData], accompanied: Mapping[int, AssociationSummary], language: str
) -> tuple[WaitingRound, ...]:
    looked_at = _looked_at([found.id for found in rounds])
    return tuple(
        WaitingRound(
            round_uuid=found.uuid,
            association_id=found.association_id,
            association_uuid=found.association_uuid,
            association_name=accompanied[found.association_id].shown_name,
            province=accompanied[found.association_id].province,
            province_name=province_name(accompanied[found.association_id].province, language),
            number=found.number,
            kind=found.kind,
            state=found.state,
            since=found.submitted_at or found.created_at,
            looked_at=looked_at.get(found.id, 0),
            indicators=_indicators(found),
        )
        for found in rounds
    )


def _looked_at(round_ids: Sequence[int]) -> dict[int, int]:
    rows = CoachAnswer.objects.filter(round_id__in=round_ids).values("round_id").order_by()
    return dict(rows.annotate(number=Count("indicator_code", distinct=True)).values_list("round_id", "number"))


def _indicators(found: RoundData) -> int:
    return _concerned(found.instrument_hash, found.kind, frozenset(found.profile.items()))


@lru_cache(maxsize=256)  # hundreds of rounds differ in few ways, and a hash names one text for ever
def _concerned(instrument_hash: str, kind: RoundKind, profile: frozenset[tuple[str, bool]]) -> int:
    return len(concerned(parsed(instrument_hash, kind), dict(profile)))


def _line(own: AssociationSummary, row: Mapping[str, Any] | None, language: str) -> AccompaniedAssociation:
    association: dict[str, Any] = {
        "association_id": own.id,
        "association_uuid": own.uuid,
        "association_name": own.shown_name,
        "province_name": province_name(own.province, language),
        "as_coach": own.as_coach,
    }
    if row is None:
        return AccompaniedAssociation(**association)
    found = as_data(row)
    since = row["moved_at"] or found.created_at
    last_sign = max(since, row["answered_at"] or since)
    return AccompaniedAssociation(
        **association,
        round_uuid=found.uuid,
        number=found.number,
        kind=found.kind,
        state=found.state,
        since=since,
        last_sign=last_sign,
        is_quiet=found.is_open and last_sign < timezone.now() - QUIET_AFTER,
    )


def _quiet_first(line: AccompaniedAssociation) -> tuple[bool, bool, datetime, str]:
    """The quiet ones first, those that never began on top; then who has not been heard of for longest."""
    never = line.last_sign is None
    return not line.is_quiet, not never, line.last_sign or timezone.now(), line.association_name
