"""How far an association stands, for apps that ask about it: the levels of its last result."""

from __future__ import annotations

from nassij.associations.api import Standing

from ..data import DEFAULT_INSTRUMENT
from ..domain import AnswerKind
from ..models import Snapshot
from .frozen import answers_of, intact


def standing(association_id: int) -> Standing:
    """The levels of the newest result, what the coach validated where that is the last word; one query.

    Raises `Conflict` when the result was changed behind our back.
    """
    frozen = Snapshot.objects.filter(
        round__association_id=association_id, round__instrument_slug=DEFAULT_INSTRUMENT
    ).order_by("-round__number", "-submitted_at", "-id")
    newest = frozen.first()
    if newest is None:
        return Standing()
    answers = answers_of(intact(newest))
    return Standing(
        levels={code: answer.level for code, answer in answers.items() if answer.level is not None},
        not_applicable=frozenset(code for code, answer in answers.items() if answer.kind is AnswerKind.NOT_APPLICABLE),
    )
