"""A coach looks at what was submitted, indicator by indicator, beside the evidence; both words stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nassij.associations.api import Access, Action, require
from nassij.common.errors import BadInput, Unprocessable
from nassij.common.idempotency import retrying

from ..answers.answer_input import read_text
from ..data import CoachAnswerData, ConsensusData, Evidence, Layer, Move, Origin, RoundData, RoundState
from ..domain import Answer, Instrument, QualityCheck, validated_answers
from ..results.frozen import freeze
from ..results.quality import checks_of
from ..rounds.moves import RULES, moves_for, perform
from ..rounds.notices import tell_association
from ..rounds.rounds import find_round
from .coach_words import Submitted, confirm, submitted


@dataclass(frozen=True, kw_only=True)
class ValidationItem:
    """One indicator as the coach sees it: what the association said, and the coach's own word, None while there is none.

    `coach` has `stands` false when the association has changed its answer since: it is shown, and does not count. `revision` goes
    along when the coach's answer is saved. `agrees`: whether both say the same; None while only one has spoken.
    """

    code: str
    title: str
    is_critical: bool
    answer: ConsensusData
    coach: CoachAnswerData | None
    revision: int
    agrees: bool | None
    checks: tuple[QualityCheck, ...]


@dataclass(frozen=True, kw_only=True)
class ValidationData:
    """What a coach sees of a submitted round, and whoever else accompanies the association; in the questionnaire's order.

    `missing` are the codes that still need the coach's word; `to_say` those of them that "the others are as the association
    said" cannot fill in, because the association does not know. `may_save` for a coach while the round waits for validation.
    `checks` is what is worth a second look in the round as a whole; those about one indicator stand with it. `remark` is the
    coach's word on the whole, once validated. Of a round that was reopened this is what was submitted before. `submission` is
    which one this is, to be sent along with a word on it.
    """

    round: RoundData
    submission: UUID
    association_name: str
    instrument: Instrument
    language: str
    items: tuple[ValidationItem, ...]
    respondents: int
    submitted_at: datetime
    missing: tuple[str, ...]
    to_say: tuple[str, ...]
    may_save: bool
    is_coach: bool
    moves: frozenset[Move]
    checks: tuple[QualityCheck, ...]
    remark: str = ""


def validation(*, user_id: int | None, round_uuid: UUID | str, language: str) -> ValidationData:
    """A submitted round for its coach: four queries whatever its size.

    Checks permissions: whoever accompanies the association; only a coach may save. Raises `Conflict` (`round_moved`: never
    submitted), `NotFound`, `Forbidden`, `NotSignedIn`.
    """
    current = find_round(round_uuid)
    access = require(user_id=user_id, action=Action.VIEW_VALIDATION, association_id=current.association_id)
    found = submitted(current)
    checks = checks_of(found.instrument, found.snapshot)
    return ValidationData(
        round=current,
        submission=found.snapshot.uuid,
        association_name=access.association_name,
        instrument=found.instrument,
        language=language,
        items=tuple(_item(found, code, checks, language) for code in found.codes),
        respondents=found.snapshot.respondents,
        submitted_at=found.snapshot.submitted_at,
        missing=found.missing,
        to_say=found.to_say,
        is_coach=access.as_coach,
        may_save=current.state == RoundState.SUBMITTED and access.may(Action.VALIDATE_ROUND),
        moves=moves_for(access, current.state),
        checks=tuple(check for check in checks if check.place not in found.codes),
        remark=found.remark,
    )


def _item(found: Submitted, code: str, checks: tuple[QualityCheck, ...], language: str) -> ValidationItem:
    indicator, said, word = found.instrument.indicator(code), found.answers[code], found.words.get(code)
    beside = found.snapshot.details[code]
    return ValidationItem(
        code=code,
        title=indicator.title.in_language(language),
        is_critical=indicator.critical,
        answer=ConsensusData(
            indicator_code=code,
            kind=said.kind,
            level=said.level,
            reason=said.reason,
            evidence=Evidence(beside["evidence"]),
            origin=Origin(beside["origin"]),
            note=beside["note"],
        ),
        coach=word,
        revision=word.revision if word else 0,
        agrees=_agrees(said, word) if word and word.stands else None,
        checks=tuple(check for check in checks if check.place == code),
    )


def _agrees(said: Answer, word: CoachAnswerData) -> bool:
    """Whether the coach found what the association said."""
    return (str(said.kind), said.level) == (str(word.kind), word.level)


def validate_round(
    *,
    user_id: int | None,
    round_uuid: UUID | str,
    remark: str = "",
    confirm_rest: bool = False,
    step: int | None = None,
) -> RoundData:
    """Freeze what the coach found as a second snapshot beside the submission, which stays as it is.

    Every indicator that concerns the association needs the coach's word. `confirm_rest` gives it for all that have none yet: "the
    others are as the association said"; each is stored and marked as such. It cannot speak where the association does not know.
    `remark` is the coach's word on the whole, for the association.

    Checks permissions: a coach of the association. Raises `Unprocessable` (`incomplete`, with the codes of the indicators),
    `BadInput`, `Conflict` (`round_moved`), `NotFound`, `Forbidden`, `NotSignedIn`. `step` as in the other moves.
    """
    current = find_round(round_uuid)
    access = require(user_id=user_id, action=RULES[Move.VALIDATE].action, association_id=current.association_id)
    words = read_text(remark, "remark")
    if not isinstance(confirm_rest, bool):
        raise BadInput(code="not_yes_or_no")

    def act() -> RoundData:
        with transaction.atomic():
            now = timezone.now()
            moved, is_new = perform(Move.VALIDATE, access, current, step=step, validated_at=now)
            if is_new:
                _freeze(moved, access, now, words, confirm_rest=confirm_rest)
                tell_association(moved, access, remark=words)
            return moved

    return retrying(act)


def _freeze(current: RoundData, access: Access, now: datetime, remark: str, *, confirm_rest: bool) -> None:
    found = submitted(current)
    rest = [code for code in found.missing if code not in found.to_say] if confirm_rest else []
    still_missing = [code for code in found.missing if code not in rest]
    if still_missing:
        raise Unprocessable(
            _("Some questions still need your word."),
            code="incomplete",
            remedy=_("Say for each what you found; “nothing shows it” is an answer too."),
            indicators=still_missing,
        )
    together = confirm(current, access, found, rest) if rest else {}
    words = {**found.standing, **together}
    answers = validated_answers(
        found.instrument, {code: words[code].answer for code in found.codes}, found.snapshot.profile
    )
    freeze(
        current,
        access,
        found.instrument,
        answers,
        layer=Layer.VALIDATED,
        details={code: words[code].beside() for code in found.codes},
        respondents=found.snapshot.respondents,
        at=now,
        remark=remark,
    )
