"""The association's common answer, settled by its president or lead after the discussion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nassij.associations.api import Access, Action, require
from nassij.common.errors import BadInput, Conflict
from nassij.common.idempotency import once

from ..answers.answer_input import Sent, read_answer, read_text, refuse_misfit
from ..answers.common_answers import standing_answer
from ..data import ConsensusData, Evidence, Origin, RoundData, RoundState, SettledAnswer
from ..domain import AnswerKind
from ..evidence.files import is_documented
from ..instruments.library import parsed
from ..models import ConsensusAnswer, RespondentAnswer
from ..rounds.moves import hold
from ..rounds.rounds import as_uuid, check_revision, stale, write_trail

FIELDS = frozenset({"kind", "level", "reason", "evidence"})


def settle(
    *,
    user_id: int | None,
    association_id: int,
    round_uuid: UUID | str,
    indicator_code: str,
    answer: Mapping[str, Any],
    note: str,
    operation_id: str,
    revision: int,
) -> SettledAnswer:
    """Store the association's common answer to one indicator, while its round is being discussed.

    `answer` holds `kind` (level, not_applicable, dont_know) and, as they apply, `level`, `reason`, `evidence` (none, declared;
    without it: declared when a member has a document; declared in any case where one is attached). `note` says why, for the
    members. `revision` is the one the sender saw, 0 for none. The same operation delivered again gives the same reply; two people
    settling the same is no conflict.

    Checks permissions: the president or the lead. Raises `BadInput`, `Unprocessable` (does not fit the instrument; an operation
    id used for something else), `Conflict` (`stale_revision` with both versions as `yours` and `stored`; `round_moved`),
    `NotFound`, `Forbidden`, `NotSignedIn`. Whatever is raised, nothing is stored.
    """
    sent, has_evidence = _read(indicator_code, answer, note)
    check_revision(revision)
    access = require(user_id=user_id, action=Action.SUBMIT_ROUND, association_id=association_id)
    key = as_uuid(round_uuid)
    applied = []

    def apply() -> dict[str, Any]:
        stored = _settle(access, key, sent, revision, has_evidence=has_evidence)
        applied.append(stored)
        return stored.as_dict()

    payload = [str(key), sent.columns(), has_evidence]
    reply = once(
        user_id=access.user_id, operation_id=operation_id, scope="governance.settle", payload=payload, apply=apply
    )
    return SettledAnswer(answer=ConsensusData.from_dict(reply), replayed=not applied)


def _read(indicator_code: object, answer: object, note: object) -> tuple[Sent, bool]:
    """The answer that was sent, its note in the place of a comment, and whether it says anything about documents."""
    if not isinstance(answer, Mapping) or not answer.keys() <= FIELDS:
        raise BadInput(_("The answer did not arrive in one piece."), code="bad_answer")
    sent = replace(read_answer(indicator_code, answer), comment=read_text(note, "note"))
    if sent.value.kind is AnswerKind.SKIPPED:
        raise BadInput(
            _("Choose the answer you agreed on."),
            code="nothing_settled",
            remedy=_("“I don't know” is an answer too. Nothing was changed."),
        )
    return sent, "evidence" in answer


def _settle(access: Access, round_uuid: UUID, sent: Sent, revision: int, *, has_evidence: bool) -> ConsensusData:
    current = hold(access, round_uuid, RoundState.CONSENSUS)
    refuse_misfit(parsed(current.instrument_hash, current.kind), sent, current.profile)
    heard_up_to, has_document = _heard(current, sent.indicator_code)
    if is_documented(current.id, sent.indicator_code) or (has_document and not has_evidence):
        sent = replace(sent, evidence=Evidence.DECLARED)
    row = ConsensusAnswer.objects.filter(round_id=current.id, indicator_code=sent.indicator_code).first()
    stored = standing_answer(row).as_data(sent.indicator_code) if row else None
    wanted = _as_data(sent, revision=row.revision if row else 0)
    if row is not None and stored == wanted and row.heard_up_to >= heard_up_to:
        return wanted
    if revision != wanted.revision:
        raise _stale(replace(wanted, revision=revision), stored)
    row = row or ConsensusAnswer(round_id=current.id, indicator_code=sent.indicator_code)
    row.revision = revision + 1
    row.kind, row.level, row.reason = str(sent.value.kind), sent.value.level, sent.value.reason
    row.evidence, row.note, row.origin = sent.evidence, sent.comment, Origin.SETTLED
    row.settled_by_id, row.heard_up_to = access.user_id, heard_up_to
    row.save()
    details = {"indicator": row.indicator_code, "kind": row.kind, "level": row.level, "revision": row.revision}
    write_trail(access, "round.settled", current.uuid, **details)
    return _as_data(sent, revision=row.revision)


def _heard(current: RoundData, code: str) -> tuple[int, bool]:
    """The newest answer of a member to the indicator, and whether a member says there is a document; one query."""
    rows = RespondentAnswer.objects.filter(round_id=current.id, indicator_code=code).order_by("revision")
    present = {
        respondent: (key, evidence) for respondent, key, evidence in rows.values_list("respondent_id", "id", "evidence")
    }
    newest = max((key for key, _evidence in present.values()), default=0)
    return newest, any(evidence != Evidence.NONE for _key, evidence in present.values())


def _as_data(sent: Sent, *, revision: int) -> ConsensusData:
    return ConsensusData(
        indicator_code=sent.indicator_code,
        kind=sent.value.kind,
        level=sent.value.level,
        reason=sent.value.reason,
        evidence=sent.evidence,
        origin=Origin.SETTLED,
        note=sent.comment,
        revision=revision,
    )


def _stale(yours: ConsensusData, stored: ConsensusData | None) -> Conflict:
    message = _("Somebody settled this answer in the meantime.")
    return stale(message, yours.as_dict(), stored.as_dict() if stored else None, stored.revision if stored else 0)
