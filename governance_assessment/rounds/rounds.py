"""Finding rounds, and the profile that decides which indicators concern the association.

Each function asks `nassij.associations.api` first. A round of another association is not found, exactly as one that does not
exist: its existence must not leak.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from nassij.associations.api import Access, Action, memberships, require
from nassij.common.audit import record
from nassij.common.errors import BadInput, Conflict, NotFound, NotSignedIn
from nassij.common.idempotency import retrying

from ..data import RoundData, RoundKind, RoundState, RoundSummary
from ..instruments.library import parsed
from ..models import Round

ROUND_FIELDS = (
    "id", "uuid", "association_id", "association_uuid", "instrument_slug", "instrument_hash", "number", "kind", "state",
    "profile", "profile_revision", "step", "created_at", "discussed_at", "submitted_at", "validated_at",
)  # fmt: skip


#: What revisions and steps stay below by far; a larger one comes from no page of ours, and fits into no column.
LARGEST_NUMBER = 10**9


def latest_round(association_id: int, instrument_slug: str) -> RoundData | None:
    """The association's round that is open, or else its last one; no permission check."""
    rounds = Round.objects.filter(association_id=association_id, instrument_slug=instrument_slug)
    found = rounds.order_by("-number").values(*ROUND_FIELDS).first()
    return as_data(found) if found else None


def find_round(round_uuid: UUID | str, association_id: int | None = None) -> RoundData:
    """The round with this uuid (of that association, when given); no permission check. Raises `NotFound`."""
    rounds = Round.objects.filter(uuid=as_uuid(round_uuid))
    if association_id is not None:
        rounds = rounds.filter(association_id=association_id)
    found = rounds.values(*ROUND_FIELDS).first()
    if found is None:
        raise NotFound()
    return as_data(found)


def as_data(row: Mapping[str, Any]) -> RoundData:
    """A row of `ROUND_FIELDS` as it crosses the door."""
    fields = {name: row[name] for name in ROUND_FIELDS}
    return RoundData(**{**fields, "kind": RoundKind(row["kind"]), "state": RoundState(row["state"])})


def as_uuid(value: UUID | str) -> UUID:
    """A uuid that came from outside; what is none names nothing we have."""
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError as error:
        raise NotFound() from error


def write_trail(access: Access, action: str, round_uuid: UUID, **details: Any) -> None:
    """A line about a round in the audit trail, in the caller's transaction (one query)."""
    record(
        actor_id=access.user_id,
        action=action,
        object_type="round",
        object_uuid=round_uuid,
        association_uuid=access.association_uuid,
        details=details,
    )


def check_revision(revision: object) -> None:
    """Raise `BadInput` for a revision that no page of ours sends."""
    if not isinstance(revision, int) or isinstance(revision, bool) or not 0 <= revision < LARGEST_NUMBER:
        raise BadInput(code="bad_revision")


def stale(message: Any, yours: Mapping[str, Any], stored: Mapping[str, Any] | None, revision: int) -> Conflict:
    """The refusal of what was said to an old version, with both versions to choose from and the stored one's `revision`."""
    return Conflict(
        message,
        code="stale_revision",
        remedy=_("Nothing is lost: choose which of the two versions to keep."),
        yours=dict(yours),
        stored=None if stored is None else dict(stored),
        revision=revision,
    )


def round_not_open() -> Conflict:
    """The refusal of whatever would change a round that has been submitted."""
    return Conflict(
        _("This round has been submitted: its answers are kept as they were."),
        code="round_not_open",
        remedy=_("Nothing was changed. The result shows what was submitted."),
    )


def slot_of(current: RoundData) -> str:
    """What only one open round of an association may hold."""
    return open_slot(current.association_id, current.instrument_slug)


def open_slot(association_id: int, instrument_slug: str) -> str:
    """The value of `Round.open_slot` while a round is open."""
    return f"{association_id}:{instrument_slug}"


def set_profile(
    *,
    user_id: int | None,
    association_id: int,
    round_uuid: UUID | str,
    answers: Mapping[str, Any],
    revision: int,
) -> RoundData:
    """Replace the answers to the profile questions; a question left out counts as not answered.

    `revision` is the one the sender saw. A delivery repeated, or two people saying the same, is no conflict: the state they ask
    for is already there. Checks permissions. Raises `BadInput` (unknown question, not yes or no), `Conflict` with the stored
    answers, `NotFound`, `Forbidden`.
    """
    check_revision(revision)
    access = require(user_id=user_id, action=Action.ANSWER_ROUND, association_id=association_id)
    return retrying(lambda: _set_profile(access, round_uuid, answers, revision))


def _set_profile(access: Access, round_uuid: UUID | str, answers: Mapping[str, Any], revision: int) -> RoundData:
    association_id = access.association_id
    with transaction.atomic():
        # A write first: it holds the round against a submission, and SQLite waits for a write but not for an upgrade.
        rounds = Round.objects.filter(uuid=as_uuid(round_uuid), association_id=association_id, state=RoundState.DRAFT)
        is_draft = rounds.update(profile_revision=F("profile_revision"))
        current = find_round(round_uuid, association_id)
        profile = _read_profile(current, answers)
        if dict(current.profile) == profile:
            return current
        if not is_draft:
            raise round_not_open()
        if current.profile_revision != revision:
            message = _("Another member answered these questions in the meantime.")
            raise stale(message, profile, current.profile, current.profile_revision)
        rounds.update(profile=profile, profile_revision=F("profile_revision") + 1)
        write_trail(access, "round.profile_answered", current.uuid, revision=revision + 1, answers=profile)
        return find_round(round_uuid, association_id)


def _read_profile(current: RoundData, answers: Any) -> dict[str, bool]:
    known = {question.code for question in parsed(current.instrument_hash, current.kind).profile_questions}
    if not isinstance(answers, Mapping):
        raise BadInput(code="bad_profile")
    for code, value in answers.items():
        if code not in known:
            raise BadInput(_("This question is not part of the questionnaire."), code="unknown_profile_question")
        if not isinstance(value, bool):
            raise BadInput(_("These questions are answered with yes or no."), code="not_yes_or_no")
    return dict(answers)


def rounds_of(*, user_id: int | None, language: str) -> tuple[RoundSummary, ...]:
    """The rounds of every association this person is an active member of, newest first; two queries.

    Needs no permission check: it starts from the person's own memberships. Raises `NotSignedIn`.
    """
    if user_id is None:
        raise NotSignedIn()
    names = {own.association_id: own.association_name for own in memberships(user_id=user_id)}
    found = Round.objects.filter(association_id__in=names).order_by("-created_at", "-id").values(*ROUND_FIELDS)
    return tuple(_summary(as_data(row), names, language) for row in found)


def _summary(data: RoundData, names: Mapping[int, str], language: str) -> RoundSummary:
    title = parsed(data.instrument_hash, data.kind).title
    return RoundSummary(
        uuid=data.uuid,
        association_id=data.association_id,
        association_uuid=data.association_uuid,
        association_name=names[data.association_id],
        number=data.number,
        kind=data.kind,
        state=data.state,
        title=title.in_language(language),
        created_at=data.created_at,
        submitted_at=data.submitted_at,
    )
