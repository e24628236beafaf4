"""A member's answers: the sheet as one person sees it, and saving.

Saving is made for bad phone lines and shared rounds. The operation id a sender makes up is stored on the answer itself, in the
same insert, so a delivery repeated after a lost reply finds its answer and gets the same reply. The revision a sender saw is part
of a unique key, so two devices can never overwrite each other unseen: the slower one gets both versions back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Count, FilteredRelation, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nassij.associations.api import Action, require
from nassij.common.audit import record
from nassij.common.canonical import digest
from nassij.common.compiled import CompiledQuery, CompiledUpdate, Given
from nassij.common.errors import BadInput, Conflict, NotFound, Unprocessable
from nassij.common.idempotency import retrying

from ..data import (
    DEFAULT_INSTRUMENT,
    AnswerData,
    AnswerMethod,
    Progress,
    RoundData,
    RoundKind,
    RoundState,
    SavedAnswer,
    SheetData,
)
from ..domain import AnswerKind, Instrument, applies
from ..instruments.library import current_version, parsed, read_kind
from ..models import RespondentAnswer, Round
from ..rounds.moves import moves_for
from ..rounds.rounds import ROUND_FIELDS, as_data, as_uuid, check_revision, latest_round, round_not_open, stale
from .answer_input import Sent, read_answer, refuse_misfit
from .carried import carried_answers
from .stored import ANSWER_FIELDS, answer_data, latest_answers

_MINE = tuple(f"mine__{name}" for name in ANSWER_FIELDS)
MAX_REVISIONS = 500  # of one answer by one person: a change of mind is welcome, a flood is not
_OPERATION_ID = re.compile(r"[A-Za-z0-9_.:-]{8,64}")


# --- The sheet ------------------------------------------------------------------------------------------


def sheet(
    *,
    user_id: int | None,
    association_id: int,
    kind: RoundKind | str,
    language: str,
    instrument_slug: str = DEFAULT_INSTRUMENT,
) -> SheetData:
    """Everything the answering page of one person shows: three queries, four after a first round; more when an instrument is new.

    `kind` is the window: an express sheet on a full round shows the express indicators of it. Checks permissions (whoever may
    see the result may see the sheet; `can_answer` says whether they may fill it in). Raises `NotSignedIn`, `NotFound`.
    """
    asked = read_kind(kind)
    access = require(user_id=user_id, action=Action.VIEW_RESULT, association_id=association_id)
    current = latest_round(association_id, instrument_slug)
    content_hash = current.instrument_hash if current else current_version(instrument_slug).content_hash
    instrument = parsed(content_hash, asked)
    mine = latest_answers(current.id, access.user_id) if current and current.is_draft else {}
    may_answer = access.may(Action.ANSWER_ROUND)
    return SheetData(
        association_id=access.association_id,
        association_name=access.association_name,
        instrument=instrument,
        instrument_hash=content_hash,
        kind=asked,
        language=language,
        round=current,
        answers=mine,
        progress=progress_of(instrument, current.profile if current else {}, mine),
        can_answer=may_answer,
        can_submit=access.may(Action.SUBMIT_ROUND),
        user_id=access.user_id,
        moves=moves_for(access, current.state) if current else frozenset(),
        carried=carried_answers(current, instrument, access.user_id, mine)
        if current and current.is_draft and may_answer
        else {},
    )


def blank_sheet(*, slug: str, kind: RoundKind | str, language: str, name: str = "") -> SheetData:
    """A questionnaire with nobody's answers, to look at: no permission needed, one query. Raises `NotFound`.

    `name` stands where the association's name would.
    """
    asked = read_kind(kind)
    content_hash = current_version(slug).content_hash
    instrument = parsed(content_hash, asked)
    return SheetData(
        association_id=0,
        association_name=name,
        instrument=instrument,
        instrument_hash=content_hash,
        kind=asked,
        language=language,
        round=None,
        answers={},
        progress=progress_of(instrument, {}, {}),
        can_answer=False,
        can_submit=False,
    )


def progress_of(instrument: Instrument, profile: Mapping[str, bool], answers: Mapping[str, AnswerData]) -> Progress:
    """How far these answers have come; "later" is no answer."""
    concerned = [indicator.code for indicator in instrument.all_indicators() if applies(indicator, profile)]
    given = {code for code, answer in answers.items() if answer.kind != AnswerKind.SKIPPED}
    return Progress(applicable=len(concerned), missing=tuple(code for code in concerned if code not in given))


# --- Saving one answer ----------------------------------------------------------------------------------


def save_answer(
    *,
    user_id: int | None,
    association_id: int,
    round_uuid: UUID | str,
    indicator_code: str,
    answer: Mapping[str, Any],
    operation_id: str,
    revision: int,
    method: AnswerMethod = AnswerMethod.WEB,
) -> SavedAnswer:
    """Store a member's answer to one indicator: four queries, three of them in one transaction of their own.

    `answer` holds `kind` (level, not_applicable, dont_know, skipped) and, as they apply, `level`, `reason`, `comment`, `sure`,
    `evidence` (none, declared). `revision` is the one the sender saw, 0 for none. The same operation delivered again gives the
    same reply, at any later time, even once the round has been submitted.

    Checks permissions. Raises `BadInput` (not an answer), `Unprocessable` (does not fit the instrument; an operation id used for
    something else), `Conflict` (changed on another device: both versions come with it; round submitted), `NotFound`,
    `Forbidden`, `NotSignedIn`. Whatever is raised, nothing is stored.
    """
    sent = read_answer(indicator_code, answer)
    check_envelope(operation_id, revision)
    access = require(user_id=user_id, action=Action.ANSWER_ROUND, association_id=association_id)
    delivery = Delivery(as_uuid(round_uuid), association_id, access.user_id, method)

    def apply() -> SavedAnswer:
        with transaction.atomic():
            return delivery.store(sent, operation_id, revision)

    try:
        return retrying(apply)
    except IntegrityError:
        # The same operation, or another device of the same person, was faster between our look and our insert.
        return retrying(lambda: delivery.replay_or_conflict(sent, operation_id))


def check_envelope(operation_id: object, revision: object) -> None:
    """Raise `BadInput` for what no page of ours sends."""
    if not isinstance(operation_id, str) or not _OPERATION_ID.fullmatch(operation_id):
        raise BadInput(_("This request carries no usable operation id."), code="bad_operation_id")
    check_revision(revision)


def refuse_flood(revision: int) -> None:
    """Raise `Unprocessable` where one answer of one person, now at `revision`, has changed too often."""
    if revision >= MAX_REVISIONS:
        raise Unprocessable(_("This answer has been changed too many times."), code="too_many_revisions")


def _one_round() -> QuerySet[Round]:
    """The round with the uuid and the association that are `Given`."""
    fields = Round._meta.get_field
    return Round.objects.filter(
        uuid=Given("round", fields("uuid")), association_id=Given("association", fields("association_id"))
    )


def _round_and_latest() -> QuerySet[Any, Any]:
    """That round with a person's answers to an indicator, the latest first; also when there is none."""
    mine = Q(
        answers__respondent_id=Given("respondent", get_user_model()._meta.pk),
        answers__indicator_code=Given("indicator", RespondentAnswer._meta.get_field("indicator_code")),
    )
    found = _one_round().annotate(mine=FilteredRelation("answers", condition=mine)).order_by("-mine__revision")
    return found.values(*ROUND_FIELDS, *_MINE, "mine__operation_id")


# What every save asks: compiled, because building it took half of its time.
_ROUND_AND_LATEST = CompiledQuery(Round, _round_and_latest)
_HOLD = CompiledUpdate(
    Round,
    lambda: _one_round().filter(state=RoundState.DRAFT),
    answered_at=Given("now", Round._meta.get_field("answered_at")),
)


class Delivery:
    """Answers of one person on their way into one round."""

    def __init__(self, round_uuid: UUID, association_id: int, user_id: int, method: AnswerMethod) -> None:
        self.round_uuid = round_uuid
        self.association_id = association_id
        self.user_id = user_id
        self.method = method

    def hold_round(self) -> bool:
        """Lock the round against a submission, noting when it was last answered; whether members are answering at all.

        A write comes first in the transaction: SQLite waits for a write lock but refuses to upgrade a read.
        """
        return bool(_HOLD.run(round=self.round_uuid, association=self.association_id, now=timezone.now()))

    def store(self, sent: Sent, operation_id: str, revision: int) -> SavedAnswer:
        is_draft = self.hold_round()
        current, latest, latest_operation = self._round_and_latest(sent.indicator_code)
        if latest_operation == operation_id or latest.revision != revision or not is_draft:
            return self.replay_or_conflict(sent, operation_id, is_draft=is_draft)
        refuse_misfit(parsed(current.instrument_hash, current.kind), sent, current.profile)
        refuse_flood(revision)
        row = self.row(current.id, sent, operation_id, revision)
        row.save(force_insert=True)
        return SavedAnswer(answer=sent.as_data(row.revision), replayed=False)

    def row(self, round_id: int, sent: Sent, operation_id: str, revision: int) -> RespondentAnswer:
        return RespondentAnswer(
            round_id=round_id,
            respondent_id=self.user_id,
            revision=revision + 1,
            operation_id=operation_id,
            body_hash=self.body_hash(sent),
            method=self.method,
            **sent.columns(),
        )

    def body_hash(self, sent: Sent) -> str:
        return digest("governance.answer", [str(self.round_uuid), sent.columns()])

    def _round_and_latest(self, code: str) -> tuple[RoundData, AnswerData, str | None]:
        """The round with this person's present answer to the indicator (revision 0 when there is none), in one query."""
        found = _ROUND_AND_LATEST.first(
            round=self.round_uuid, association=self.association_id, respondent=self.user_id, indicator=code
        )
        if found is None:
            raise NotFound()
        if found["mine__revision"] is None:
            return as_data(found), AnswerData(indicator_code=code, kind=AnswerKind.SKIPPED), None
        return as_data(found), answer_data(found[name] for name in _MINE), found["mine__operation_id"]

    def replay_or_conflict(self, sent: Sent, operation_id: str, *, is_draft: bool = True) -> SavedAnswer:
        """The reply given before to this operation, or the refusal of a new one that comes too late."""
        with transaction.atomic():
            # A locking read sees what was committed after an outer transaction took its snapshot.
            mine = RespondentAnswer.objects.select_for_update().filter(respondent_id=self.user_id)
            before = mine.filter(operation_id=operation_id).values("body_hash", *ANSWER_FIELDS).first()
            if before is not None:
                if before.pop("body_hash") != self.body_hash(sent):
                    raise Unprocessable(
                        _("This request was already used for something else."),
                        code="operation_reused",
                        remedy=_("Reload the page and enter the answer again."),
                    )
                return SavedAnswer(answer=answer_data(before[name] for name in ANSWER_FIELDS), replayed=True)
            if not is_draft:
                raise round_not_open()
            in_round = mine.filter(round__uuid=self.round_uuid, indicator_code=sent.indicator_code)
            stored = in_round.order_by("-revision").values_list(*ANSWER_FIELDS).first()
        raise stale_answer(sent, answer_data(stored) if stored else None)


def stale_answer(sent: Sent, stored: AnswerData | None) -> Conflict:
    """The refusal of an answer to an old version, with both versions."""
    message = _("You changed this answer on another page or phone in the meantime.")
    yours = sent.as_data(0).as_dict()
    return stale(message, yours, stored.as_dict() if stored else None, stored.revision if stored else 0)


# --- A person leaves the platform -----------------------------------------------------------------------


def forget_respondent(user_id: int) -> int:
    """Delete a person's own answers; what their associations submitted stays as it was. Returns how many. Idempotent.

    Checks no permission: the platform's user retirement calls it. The base manager is used on purpose: this is the one door
    through which append-only rows leave. The trail says for each round that answers were forgotten and how many, never whose.
    """
    mine = RespondentAnswer._base_manager.filter(respondent_id=user_id)
    rounds = mine.order_by().values_list("round__uuid", "round__association_uuid").annotate(Count("id"))
    with transaction.atomic():
        for round_uuid, association_uuid, count in rounds:
            record(
                actor_id=None,
                action="round.answers_forgotten",
                object_type="round",
                object_uuid=round_uuid,
                association_uuid=association_uuid,
                details={"answers": count},
            )
        return mine.delete()[0]
