"""An association's own data of a round, to take away: one JSON document (schema `round-data-1`), and the same as a workbook.

Every frozen result, the plan, how the round came to where it is, and the answers of the person who asks. Never what another
member answered: that is nobody's but theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from nassij.associations.api import Access, Action, association, members, require
from nassij.common.canonical import as_json

from ..answers.answering import latest_answers
from ..data import RoundData
from ..domain import Instrument
from ..domain.answers import SCHEMA_VERSION
from ..instruments.library import parsed
from ..models import PlanItem, Snapshot
from ..plan.plan import in_order, own_words
from ..results.frozen import snapshots_of
from ..rounds.history import TransitionData, moves_of
from ..rounds.rounds import find_round

SCHEMA = "round-data-1"


@dataclass(frozen=True, kw_only=True)
class OwnData:
    """The document (JSON as `round-data-1` says), with what is needed to put it into words."""

    round: RoundData
    association_name: str
    instrument: Instrument
    language: str
    document: Mapping[str, Any]


def own_data(*, user_id: int | None, round_uuid: UUID | str, language: str) -> OwnData:
    """What the association has of a round, in any state; eight queries. Checks permissions: whoever may see the result.

    Raises `NotFound`, `NotSignedIn`, `Conflict` (a frozen result was changed in the database).
    """
    current = find_round(round_uuid)
    access = require(user_id=user_id, action=Action.VIEW_RESULT, association_id=current.association_id)
    instrument = parsed(current.instrument_hash, current.kind)
    return OwnData(
        round=current,
        association_name=access.association_name,
        instrument=instrument,
        language=language,
        document=as_json(_document(current, access, instrument, language)),
    )


def _document(current: RoundData, access: Access, instrument: Instrument, language: str) -> dict[str, Any]:
    home = association(association_id=current.association_id)
    return {
        "schema": SCHEMA,
        "made_at": timezone.now(),
        "association": {"uuid": home.uuid, "name": home.name, "name_fr": home.name_fr},
        "round": {
            "uuid": current.uuid,
            "number": current.number,
            "kind": str(current.kind),
            "state": str(current.state),
            "opened_at": current.created_at,
            "submitted_at": current.submitted_at,
            "validated_at": current.validated_at,
            "profile": dict(current.profile),
        },
        "instrument": {
            "slug": instrument.slug,
            "version": instrument.version,
            "content_hash": current.instrument_hash,
        },
        "results": [_result(snapshot, instrument) for snapshot in snapshots_of(current.id)],
        "mine": [answer.as_dict() for answer in latest_answers(current.id, access.user_id).values()],
        "plan": list(_plan(current.association_id, language)),
        "history": [_move(move) for move in moves_of(current.id, access.user_id)],
    }


def _result(snapshot: Snapshot, instrument: Instrument) -> dict[str, Any]:
    return {
        "uuid": snapshot.uuid,
        "layer": snapshot.layer,
        "number": snapshot.number,
        "frozen_at": snapshot.submitted_at,
        "fingerprint": snapshot.fingerprint,
        "scoring_hash": snapshot.scoring_hash,
        "engine": snapshot.engine_version,
        "respondents": snapshot.respondents,
        "remark": snapshot.remark,
        # A document of the schema `answers-1` in itself: `python -m governance_assessment` scores it again.
        "answers": {
            "schema_version": SCHEMA_VERSION,
            "instrument": instrument.slug,
            "version": instrument.version,
            "profile": snapshot.profile,
            "answers": snapshot.answers,
        },
        "beside": snapshot.details,
        "scores": snapshot.result,
    }


def _plan(association_id: int, language: str) -> Iterator[dict[str, Any]]:
    names = {person.user_id: person.name for person in members(association_id=association_id)}
    for row in in_order(list(PlanItem.objects.filter(association_id=association_id))):
        yield {
            "uuid": row.uuid,
            **own_words(row, language),
            "indicator": row.indicator_code or None,
            "from_level": row.from_level,
            "to_level": row.to_level,
            "owner": names.get(row.owner_id or 0, ""),
            "due_on": row.due_on,
            "state": row.state,
            "note": row.note,
            "proof": row.proof,
            "remark": row.remark,
            "revision": row.revision,
        }


def _move(move: TransitionData) -> dict[str, Any]:
    return {
        "number": move.number,
        "from": str(move.from_state),
        "to": str(move.to_state),
        "standing": str(move.standing) if move.standing else None,
        "reason": move.reason,
        "at": move.at,
    }
