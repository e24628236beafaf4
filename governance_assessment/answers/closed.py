"""What one person may know of a round's answers while members still answer: their own, and how many are open.

Until the lead closes the answers nobody sees what others said (decision 0009): seeing it first would be an anchor, and a result
made of one other member's answers is that member's answers. Whatever shows live answers asks here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from ..data import RoundData
from ..domain import Instrument
from .common_answers import Common, common_answers, voices_of


class Basis(StrEnum):
    """Whose answers a result is made of."""

    ASSOCIATION = "association"
    OWN = "own"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Heard:
    """What one person hears. `respondents` and `still_open` count the whole association: numbers, never which questions."""

    common: Common
    basis: Basis
    respondents: int
    still_open: int


def heard_by(user_id: int | None, current: RoundData, instrument: Instrument) -> Heard:
    """The common answers once they are discussed; before, this person's own. One query, two once the round was discussed."""
    voices = voices_of(current.id)
    whole = common_answers(current, instrument, voices)
    counts = {"respondents": whole.respondents, "still_open": len(whole.differing) + len(whole.missing)}
    mine = [voice for voice in voices if voice.respondent_id == user_id]
    # Who is alone with their answers hears what they said themselves, and what was settled before.
    if not current.is_draft or (mine and len(mine) == len(voices)):
        return Heard(whole, Basis.ASSOCIATION, **counts)
    # What was settled earlier may have come from the others: not counted here.
    own = common_answers(replace(current, discussed_at=None), instrument, mine)
    return Heard(own, Basis.OWN if mine else Basis.NOTHING, **counts)
