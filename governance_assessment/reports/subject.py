"""What a report is about: one round's frozen results, the round before it, and the plan as it stands.

Read in one go and without a person, since a worker makes reports: whoever asks for one was asked before who they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nassij.associations.api import AssociationData, association, members
from nassij.common.errors import Conflict

from ..data import Layer, RoundData
from ..domain import Instrument
from ..instruments.library import parsed
from ..models import PlanItem, Snapshot
from ..plan.advice import LastResult, last_result_of
from ..plan.plan import in_order
from ..results.comparison import Comparison, compared
from ..results.frozen import answers_of, latest, validation_after, with_previous
from ..results.outcome import ResultData
from ..rounds.rounds import find_round


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A submitted round as a report shows it.

    `validated` is None while the coach has not spoken of the newest submission. `last` is the advice that still holds: None in
    the report of an older round, whose next steps are those of the newer one; `plan` and `names` are empty then.
    """

    round: RoundData
    association: AssociationData
    instrument: Instrument
    submitted: Snapshot
    validated: Snapshot | None
    previous: Comparison | None
    last: LastResult | None
    plan: tuple[PlanItem, ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)

    @property
    def counts(self) -> Snapshot:
        """The result that counts: the validated one where there is one."""
        return self.validated or self.submitted

    def result(self, snapshot: Snapshot, language: str) -> ResultData:
        """One layer as the pages' own words read it; nothing may be done with it."""
        return ResultData(
            round=self.round,
            association_name=self.association.shown_name,
            instrument=self.instrument,
            language=language,
            scores=snapshot.result,
            open=(),
            respondents=snapshot.respondents,
            submitted_at=snapshot.submitted_at,
            can_submit=False,
            can_answer=False,
            can_open_next=False,
        )


def subject_of(round_uuid: UUID | str) -> Subject:
    """The subject of a round's report; six queries. Checks no permission. Raises `NotFound`, `Conflict` (`not_submitted`)."""
    current = find_round(round_uuid)
    snapshots, before = with_previous(current)
    submitted = latest(snapshots, Layer.SELF)
    if current.is_open or submitted is None:
        raise not_submitted()
    instrument = parsed(current.instrument_hash, current.kind)
    last = last_result_of(current.association_id, current.instrument_slug)
    return Subject(
        round=current,
        association=association(association_id=current.association_id),
        instrument=instrument,
        submitted=submitted,
        validated=validation_after(snapshots),
        previous=compared(instrument, current, answers_of(submitted), before),
        **(_plan_of(current, last) if last and last.snapshot.round_id == current.id else {"last": None}),
    )


def _plan_of(current: RoundData, last: LastResult) -> dict[str, Any]:
    return {
        "last": last,
        "plan": tuple(in_order(list(PlanItem.objects.filter(association_id=current.association_id)))),
        "names": {person.user_id: person.name for person in members(association_id=current.association_id)},
    }


def not_submitted() -> Conflict:
    """The refusal of a report while the answers may still change."""
    return Conflict(
        _("There is no report yet: the round is not submitted."),
        code="not_submitted",
        remedy=_("Finish the self-assessment and submit it; the report is made from what was submitted."),
    )
