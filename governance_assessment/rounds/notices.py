"""Mails of a round's moves: submitted, to its coaches; validated or reopened, to those who lead the association.

They are queued in the transaction of the move, which happens once: either the round has moved and the mails are on their way, or
neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nassij.associations.api import Access, Role, coach_ids, members, names_of
from nassij.common import mail, outbox
from nassij.common.mail_topics import ROUNDS
from nassij.common.pages import url_or_none

from ..data import RoundData

_OFFICE = frozenset({Role.PRESIDENT, Role.SECRETARY, Role.TREASURER})


def tell_coaches(moved: RoundData, access: Access) -> None:
    """That the round waits for them; whoever moved it knows already. Three queries."""
    people = coach_ids(association_id=moved.association_id)
    _tell("submitted", people, moved, access, page="coach_round", number=moved.number)


def tell_association(moved: RoundData, access: Access, *, remark: str) -> None:
    """That the coach has validated the round. Three queries."""
    _tell("validated", _who_leads(moved.association_id), moved, access, page="round", remark=remark)


def tell_reopened(moved: RoundData, access: Access, *, reason: str) -> None:
    """That the round is open again, and why. Three queries."""
    _tell("reopened", _who_leads(moved.association_id), moved, access, page="round", reason=reason)


def _who_leads(association_id: int) -> list[int]:
    return [
        person.user_id for person in members(association_id=association_id) if person.role in _OFFICE or person.is_lead
    ]


def _tell(what: str, people: Iterable[int], moved: RoundData, access: Access, *, page: str, **words: Any) -> None:
    names = names_of(association_ids=[moved.association_id])[moved.association_id]
    path = url_or_none(f"nassij_governance:{page}", round_uuid=moved.uuid) or ""
    outbox.queue(
        [
            mail.prepared(
                template=f"nassij_governance/mail/round_{what}",
                context={"names": names, "path": path, **words},
                to_user_id=person,
                topic=ROUNDS,
            )
            for person in people
            if person != access.user_id
        ]
    )
