"""A coach's words on a submission: reading them, and saving one.

A word is given to one submission. After a reopening it goes on standing where the association's answer is the same as then; where
the association has changed its answer, the coach looks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nassij.associations.api import Access, Action, require
from nassij.common.errors import Conflict, Unprocessable
from nassij.common.idempotency import once

from ..answers.answer_input import refuse_misfit
from ..data import CoachAnswerData, CoachKind, Evidence, Layer, RoundData, RoundKind, RoundState, SavedCoachAnswer
from ..domain import Answer, AnswerKind, Instrument, concerned, without_word
from ..instruments.library import parsed
from ..models import CoachAnswer, Snapshot
from ..results.frozen import answers_of, latest, snapshots_of, validation_after
from ..rounds.moves import hold, round_moved
from ..rounds.rounds import as_uuid, check_revision, stale, write_trail
from .coach_input import CoachSent, read_coach_answer


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submission with the coach's present words on it; `remark` on the whole once it was validated."""

    instrument: Instrument
    snapshot: Snapshot
    answers: Mapping[str, Answer]
    codes: tuple[str, ...]
    words: Mapping[str, CoachAnswerData]
    remark: str = ""

    @property
    def standing(self) -> dict[str, CoachAnswerData]:
        """The words that count."""
        return {code: word for code, word in self.words.items() if word.stands and code in self.codes}

    @property
    def missing(self) -> tuple[str, ...]:
        return without_word(self.instrument, self.snapshot.profile, self.standing)

    @property
    def to_say(self) -> tuple[str, ...]:
        """Where the association knows no answer, only looking helps."""
        return tuple(code for code in self.missing if self.answers[code].kind is AnswerKind.DONT_KNOW)


def submitted(current: RoundData) -> Submitted:
    """Two queries: the snapshots of the round, and the coach's words."""
    snapshots = snapshots_of(current.id)
    snapshot = latest(snapshots, Layer.SELF)
    if snapshot is None:
        raise round_moved(current)
    # What was submitted is read as it was: a round that is open again may have become a full one since.
    instrument = parsed(snapshot.instrument_hash, RoundKind(snapshot.kind))
    answers = answers_of(snapshot)
    said_then = {found.pk: answers_of(found) if found.pk != snapshot.pk else answers for found in snapshots}
    rows = CoachAnswer.objects.filter(round_id=current.id).order_by("revision")
    words = {
        row.indicator_code: _word(
            row, stands=said_then[row.submission_id].get(row.indicator_code) == answers.get(row.indicator_code)
        )
        for row in rows
    }
    validated = validation_after(snapshots)
    remark = validated.remark if validated else ""
    return Submitted(instrument, snapshot, answers, concerned(instrument, snapshot.profile), words, remark)


def _word(row: CoachAnswer, *, stands: bool) -> CoachAnswerData:
    return CoachAnswerData(
        indicator_code=row.indicator_code,
        kind=CoachKind(row.kind),
        level=row.level,
        reason=row.reason,
        comment=row.comment,
        evidence=Evidence(row.evidence),
        revision=row.revision,
        together=row.together,
        stands=stands,
    )


def save_coach_answer(
    *,
    user_id: int | None,
    association_id: int,
    round_uuid: UUID | str,
    indicator_code: str,
    answer: Mapping[str, Any],
    operation_id: str,
    revision: int,
    submission: UUID | str | None = None,
) -> SavedCoachAnswer:
    """Store the coach's word on one indicator of a submitted round, as a further revision.

    `answer` holds `kind` (level, not_applicable, no_evidence) and, as they apply, `level`, `reason`, `comment`, `evidence` (none,
    declared, seen, verified). `no_evidence` counts as the lowest level and is marked. `revision` is the one the sender saw, 0 for
    none, and `submission` the one the sender looked at (`ValidationData.submission`): where the association has submitted again
    since, the word is refused with its new answer. The same operation delivered again gives the same reply; saying again what is
    stored is no conflict.

    Checks permissions: a coach of the association. Raises `BadInput`, `Unprocessable` (does not fit the instrument; an operation
    id used for something else), `Conflict` (`stale_revision` with both versions; `submission_changed` with what is `said` now;
    `round_moved`: not waiting any more),
    `NotFound`, `Forbidden`, `NotSignedIn`. Whatever is raised, nothing is stored.
    """
    sent = read_coach_answer(indicator_code, answer)
    check_revision(revision)
    access = require(user_id=user_id, action=Action.VALIDATE_ROUND, association_id=association_id)
    key, looked_at = as_uuid(round_uuid), None if submission is None else as_uuid(submission)
    applied = []

    def apply() -> dict[str, Any]:
        stored = _store_word(access, key, sent, revision, looked_at)
        applied.append(stored)
        return stored.as_dict()

    reply = once(
        user_id=access.user_id,
        operation_id=operation_id,
        scope="governance.coach_answer",
        payload=[str(key), sent.columns()],
        apply=apply,
    )
    return SavedCoachAnswer(answer=CoachAnswerData.from_dict(reply), replayed=not applied)


def _store_word(
    access: Access, round_uuid: UUID, sent: CoachSent, revision: int, looked_at: UUID | None
) -> CoachAnswerData:
    current = hold(access, round_uuid, RoundState.SUBMITTED)
    found = submitted(current)
    if sent.value is not None:
        refuse_misfit(found.instrument, sent.as_sent(sent.value), found.snapshot.profile)
    elif sent.indicator_code not in found.codes:
        raise _unknown_indicator()
    stored = found.words.get(sent.indicator_code)
    wanted = sent.as_data(revision)
    if stored is not None and stored.stands and replace(stored, revision=revision, together=False) == wanted:
        return stored
    if looked_at is not None and looked_at != found.snapshot.uuid:
        raise _submission_changed(found, sent.indicator_code, stored)
    if revision != (stored.revision if stored else 0):
        raise _stale(wanted, stored)
    CoachAnswer.objects.create(
        round_id=current.id,
        submission_id=found.snapshot.pk,
        coach_id=access.user_id,
        revision=revision + 1,
        **sent.columns(),
    )
    details = {"indicator": sent.indicator_code, "kind": str(sent.kind), "level": sent.level, "revision": revision + 1}
    write_trail(access, "round.coach_answered", current.uuid, **details)
    return sent.as_data(revision + 1)


def _stale(yours: CoachAnswerData, stored: CoachAnswerData | None) -> Conflict:
    message = _("This answer was changed on another page or by another coach in the meantime.")
    return stale(message, yours.as_dict(), stored.as_dict() if stored else None, stored.revision if stored else 0)


def _submission_changed(found: Submitted, code: str, stored: CoachAnswerData | None) -> Conflict:
    """The refusal of a word on a submission that is no longer the last one, with the association's answer as it is now."""
    said = found.answers[code]
    return Conflict(
        _("The association has submitted again since you opened this page."),
        code="submission_changed",
        remedy=_("Its new answer is shown here: look at it, then save your word again. Nothing was changed."),
        submission=str(found.snapshot.uuid),
        said={"kind": str(said.kind), "level": said.level, "reason": said.reason},
        revision=stored.revision if stored else 0,
    )


def _unknown_indicator() -> Unprocessable:
    return Unprocessable(
        _("This question is not part of this round."),
        code="unknown_indicator",
        remedy=_("Reload the page: the questions may have changed."),
    )


def confirm(current: RoundData, access: Access, found: Submitted, codes: list[str]) -> dict[str, CoachAnswerData]:
    """Store "as the association said" for these indicators, each marked as confirmed with the rest."""
    rows = [
        CoachAnswer(
            round_id=current.id,
            submission_id=found.snapshot.pk,
            coach_id=access.user_id,
            indicator_code=code,
            kind=str(found.answers[code].kind),
            level=found.answers[code].level,
            reason=found.answers[code].reason,
            evidence=found.snapshot.details[code]["evidence"],
            revision=(found.words[code].revision if code in found.words else 0) + 1,
            together=True,
        )
        for code in codes
    ]
    CoachAnswer.objects.bulk_create(rows)
    write_trail(access, "round.coach_confirmed_rest", current.uuid, indicators=codes)
    return {row.indicator_code: _word(row, stands=True) for row in rows}
