"""Frozen results: writing one, and reading it back only when it is what was written."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nassij.associations.api import Access
from nassij.common.errors import Conflict, NotFound

from ..data import Layer, RoundData
from ..domain import (
    ENGINE_VERSION,
    Answer,
    AnswerSet,
    Instrument,
    answers_to_data,
    parse_answers,
    result_to_data,
    score,
    scoring_hash,
)
from ..domain.answers import SCHEMA_VERSION
from ..models import Snapshot

log = logging.getLogger(__name__)


def freeze(
    current: RoundData,
    access: Access,
    instrument: Instrument,
    answers: AnswerSet,
    *,
    layer: Layer,
    details: Mapping[str, Mapping[str, Any]],
    respondents: int,
    at: datetime,
    remark: str = "",
) -> Snapshot:
    """Write down these answers with their scores for ever, in the caller's transaction; two queries."""
    return Snapshot.objects.create(
        round_id=current.id,
        layer=layer,
        number=Snapshot.objects.filter(round_id=current.id, layer=layer).count() + 1,
        kind=current.kind,
        instrument_hash=current.instrument_hash,
        scoring_hash=scoring_hash(instrument),
        engine_version=ENGINE_VERSION,
        profile=dict(answers.profile),
        answers=answers_to_data(answers)["answers"],
        details={code: dict(beside) for code, beside in details.items()},
        result=result_to_data(score(instrument, answers)),
        respondents=respondents,
        remark=remark,
        submitted_by_id=access.user_id,
        submitted_at=at,
    )


def snapshots_of(round_id: int) -> list[Snapshot]:
    """Every frozen result of a round, the newest first; one query."""
    return [intact(found) for found in Snapshot.objects.filter(round_id=round_id).order_by("-submitted_at", "-id")]


def with_previous(current: RoundData) -> tuple[list[Snapshot], Snapshot | None]:
    """The round's frozen results, the newest first, and the last submission of the round before; one query."""
    numbers = (current.number, current.number - 1)
    rounds = {"round__association_id": current.association_id, "round__instrument_slug": current.instrument_slug}
    snapshots = Snapshot.objects.filter(**rounds, round__number__in=numbers).select_related("round")
    found = list(snapshots.order_by("-submitted_at", "-id"))
    own = [intact(snapshot) for snapshot in found if snapshot.round_id == current.id]
    before = [snapshot for snapshot in found if snapshot.round_id != current.id]
    last = latest(before, Layer.SELF)
    return own, intact(last) if last else None


def latest(snapshots: Iterable[Snapshot], layer: Layer) -> Snapshot | None:
    """The newest of a layer among `snapshots`, which come newest first."""
    return next((found for found in snapshots if found.layer == layer), None)


def submission_of(round_id: int) -> Snapshot:
    """The last submission of a round; one query. Raises `NotFound`."""
    found = Snapshot.objects.filter(round_id=round_id, layer=Layer.SELF).order_by("-submitted_at", "-id").first()
    if found is None:
        raise NotFound()
    return intact(found)


def validation_after(snapshots: Iterable[Snapshot]) -> Snapshot | None:
    """What the coach validated of the newest submission; None while that is still to come."""
    newest = next(iter(snapshots), None)
    return newest if newest is not None and newest.layer == Layer.VALIDATED else None


def answers_of(snapshot: Snapshot) -> Mapping[str, Answer]:
    """The frozen answers as the engine reads them."""
    return parse_answers({"schema_version": SCHEMA_VERSION, "answers": snapshot.answers}).answers


def intact(snapshot: Snapshot) -> Snapshot:
    """The snapshot, when it is what was frozen. Raises `Conflict`: a result changed behind our back is shown to nobody."""
    if snapshot.is_intact:
        return snapshot
    log.critical("snapshot %s was changed after it was frozen", snapshot.uuid)
    raise Conflict(
        _("This result is no longer what was submitted: it was changed in the database."),
        code="snapshot_altered",
        remedy=_("It is not shown. Tell the contact centre: the site's operator can restore it from a backup."),
    )
