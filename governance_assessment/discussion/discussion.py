"""Talking about what differs: the members' answers side by side, counted, without a name.

Only members of the association see this, and only once its lead has closed the answers: nobody answers with the others' dots in
view. A coach, a coordinator or an operator sees what was agreed, never what single members said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from nassij.associations.api import Action, require

from ..answers.common_answers import Common, Voice, common_answers, voices_of
from ..data import ConsensusData, Evidence, Move, RoundData, RoundState
from ..domain import (
    Agreement,
    Answer,
    AnswerKind,
    Indicator,
    Instrument,
    QualityCheck,
    Spread,
    concerned,
    result_to_data,
    score,
    spread,
)
from ..instruments.library import parsed
from ..results.quality import checks_on
from ..rounds.moves import moves_for
from ..rounds.rounds import find_round

#: From this many respondents on, comments are shown to the other members: with two, a comment without a name still has one.
COMMENTS_FROM = 3


@dataclass(frozen=True, kw_only=True)
class Dots:
    """How many members gave this answer."""

    kind: AnswerKind
    level: int | None
    count: int


@dataclass(frozen=True, kw_only=True)
class DiscussionItem:
    """One indicator as its members see it together.

    `dots`: every level of the scale, lowest first, then "does not apply" and "I don't know" where somebody said so. `agreement`
    is None when nobody chose a level. `suggested_level` is the lower of two neighbouring levels. `reasons` are those given for
    "does not apply"; `comments` what members wrote; `documents` how many say there is one. `mine` is the viewer's own answer,
    `answer` the common one, None while there is none; `revision` goes along when it is settled.
    """

    code: str
    title: str
    is_critical: bool
    dots: tuple[Dots, ...]
    voices: int
    not_sure: int
    agreement: Agreement | None
    differs: bool
    to_discuss: bool
    suggested_level: int | None
    reasons: tuple[str, ...]
    comments: tuple[str, ...]
    documents: int
    mine: Answer | None
    answer: ConsensusData | None
    revision: int


@dataclass(frozen=True, kw_only=True)
class DiscussionData:
    """What the members of an association see of their round when they talk about it.

    `items` is empty while members are still answering (`is_shown` is false then). To discuss first, then what differs, then what
    nobody answered, then the rest, each in the questionnaire's order. `unsettled` are the codes without a common answer.
    `comments_from` is the number of respondents from which comments are shown.
    """

    round: RoundData
    association_name: str
    instrument: Instrument
    language: str
    items: tuple[DiscussionItem, ...]
    respondents: int
    comments_from: int
    unsettled: tuple[str, ...]
    may_settle: bool
    moves: frozenset[Move]
    checks: tuple[QualityCheck, ...]

    @property
    def is_shown(self) -> bool:
        """Whether the answers are closed, so that they can be looked at together."""
        return not self.round.is_draft

    @property
    def to_discuss(self) -> tuple[str, ...]:
        """The codes to talk about that have no common answer yet."""
        return tuple(item.code for item in self.items if item.to_discuss and item.answer is None)


def discussion(*, user_id: int | None, round_uuid: UUID | str, language: str) -> DiscussionData:
    """A round's answers side by side: four queries whatever the number of members and indicators.

    Checks permissions: members of the association. Raises `NotFound`, `Forbidden`, `NotSignedIn`.
    """
    current = find_round(round_uuid)
    access = require(user_id=user_id, action=Action.ANSWER_ROUND, association_id=current.association_id)
    instrument = parsed(current.instrument_hash, current.kind)
    voices = voices_of(current.id)
    common = common_answers(current, instrument, voices)
    answers = common.answer_set(current, instrument)
    open_codes = {*common.differing, *common.missing}
    return DiscussionData(
        round=current,
        association_name=access.association_name,
        instrument=instrument,
        language=language,
        items=() if current.is_draft else _items(current, instrument, voices, common, language, access.user_id),
        respondents=common.respondents,
        comments_from=COMMENTS_FROM,
        unsettled=tuple(code for code in instrument.by_code if code in open_codes),
        may_settle=current.state == RoundState.CONSENSUS and access.may(Action.SUBMIT_ROUND),
        moves=moves_for(access, current.state),
        checks=checks_on(instrument, answers, common.documented, result_to_data(score(instrument, answers))),
    )


def _items(
    current: RoundData, instrument: Instrument, voices: Sequence[Voice], common: Common, language: str, user_id: int
) -> tuple[DiscussionItem, ...]:
    by_code: dict[str, list[Voice]] = defaultdict(list)
    for voice in voices:
        if voice.answer.kind is not AnswerKind.SKIPPED or voice.comment:
            by_code[voice.indicator_code].append(voice)
    found = [
        _item(instrument, instrument.indicator(code), by_code[code], common, language, user_id)
        for code in concerned(instrument, current.profile)
    ]
    return tuple(sorted(found, key=_urgency))


def _urgency(item: DiscussionItem) -> int:
    """0 to discuss, 1 differs, 2 nobody answered, 3 the rest; sorting is stable."""
    return 0 if item.to_discuss else 1 if item.differs else 2 if not item.voices else 3


def _item(
    instrument: Instrument, indicator: Indicator, voices: Sequence[Voice], common: Common, language: str, user_id: int
) -> DiscussionItem:
    found = spread((voice.answer for voice in voices), instrument.scale_of(indicator))
    mine = next((voice for voice in voices if voice.respondent_id == user_id), None)
    heard = voices if common.respondents >= COMMENTS_FROM else [mine] if mine else []
    agreed = common.agreed.get(indicator.code)
    return DiscussionItem(
        code=indicator.code,
        title=indicator.title.in_language(language),
        is_critical=indicator.critical,
        dots=_dots(found),
        voices=found.voices,
        not_sure=sum(voice.sure is False for voice in voices),
        agreement=found.agreement,
        differs=found.differs,
        to_discuss=found.to_discuss,
        suggested_level=found.suggested_level,
        reasons=_shuffled(indicator.code, [voice.answer.reason for voice in voices]),
        comments=_shuffled(indicator.code, [voice.comment for voice in heard]),
        documents=sum(voice.evidence != Evidence.NONE for voice in voices),
        mine=mine.answer if mine else None,
        answer=agreed.as_data(indicator.code) if agreed else None,
        revision=common.revisions.get(indicator.code, 0),
    )


def _dots(found: Spread) -> tuple[Dots, ...]:
    others = ((AnswerKind.NOT_APPLICABLE, found.not_applicable), (AnswerKind.DONT_KNOW, found.dont_know))
    return (
        *(Dots(kind=AnswerKind.LEVEL, level=level, count=count) for level, count in found.levels),
        *(Dots(kind=kind, level=None, count=count) for kind, count in others if count),
    )


def _shuffled(code: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Each text once, in an order that says nothing: the same on every page, another one for each indicator."""
    said = {text.strip() for text in texts if text.strip()}
    return tuple(sorted(said, key=lambda text: sha256(f"{code}:{text}".encode()).digest()))
