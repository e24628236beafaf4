"""How many members have answered: what whoever leads the round asks before closing the answers. Numbers, never names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from nassij.associations.api import Action, active_members, require

from ..domain import AnswerKind, concerned
from ..instruments.library import parsed
from ..models import RespondentAnswer
from .rounds import find_round


@dataclass(frozen=True, kw_only=True)
class Participation:
    """Of the `members`, how many have begun and how many have answered every question that concerns the association."""

    members: int
    begun: int
    complete: int


def participation(*, user_id: int | None, round_uuid: UUID | str) -> Participation:
    """Who has answered, counted: four queries whatever the number of members.

    Checks permissions: whoever may see the result. Raises `NotFound`, `NotSignedIn`.
    """
    current = find_round(round_uuid)
    require(user_id=user_id, action=Action.VIEW_RESULT, association_id=current.association_id)
    people = {person for _association, person in active_members(association_ids=[current.association_id])}
    rows = RespondentAnswer.objects.filter(round_id=current.id, respondent_id__in=people).order_by("revision")
    kinds: dict[int, dict[str, str]] = defaultdict(dict)
    for person, code, kind in rows.values_list("respondent_id", "indicator_code", "kind"):
        kinds[person][code] = kind
    asked = concerned(parsed(current.instrument_hash, current.kind), current.profile)
    given = [{code for code, kind in said.items() if kind != AnswerKind.SKIPPED} for said in kinds.values()]
    return Participation(
        members=len(people),
        begun=sum(bool(codes) for codes in given),
        complete=sum(codes.issuperset(asked) for codes in given),
    )
