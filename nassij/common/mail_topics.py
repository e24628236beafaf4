"""Which mails a person wants: an off switch per topic, which also works from the mail itself without signing in.

The address in a mail carries a signed name of (person, topic) and no date: a mail of last year must still be able to stop the
next one. Opening it changes nothing (mail servers open every link they see); sending its form does, and so does the one click
of a mail program (RFC 8058). Checks no permission: whoever holds the signed address received the mail.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from nassij.common.errors import BadInput, NotFound
from nassij.common.models import MailOptOut

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

REMINDERS = "reminders"
ROUNDS = "rounds"
TOPICS: Mapping[str, _StrOrPromise] = {
    REMINDERS: _("Reminders of what is due in the action plan of my association"),
    ROUNDS: _("When a self-assessment is submitted, validated or reopened"),
}
_SALT = "nassij.common.mail_topics"


def wants(*, user_id: int, topic: str) -> bool:
    """Whether this person gets mails about `topic` (one query)."""
    return not MailOptOut.objects.filter(user_id=user_id, topic=topic).exists()


def without(*, user_ids: Collection[int], topic: str) -> frozenset[int]:
    """Those of these people who switched `topic` off (one query)."""
    return frozenset(MailOptOut.objects.filter(user_id__in=user_ids, topic=topic).values_list("user_id", flat=True))


def switch(*, user_id: int, topic: str, on: bool) -> None:
    """Turn mails about `topic` on or off. Doing it twice is the same as once. Raises `BadInput` for an unknown topic."""
    if topic not in TOPICS:
        raise BadInput(code="unknown_mail_topic")
    if on:
        MailOptOut.objects.filter(user_id=user_id, topic=topic).delete()
        return
    try:
        with transaction.atomic():
            MailOptOut.objects.get_or_create(user_id=user_id, topic=topic)
    except IntegrityError:  # a second click at the same moment: it is off
        pass


def token(*, user_id: int, topic: str) -> str:
    """The signed name of this switch, for an address in a mail."""
    return Signer(salt=_SALT).sign_object([user_id, topic])


def read_token(signed: str) -> tuple[int, str]:
    """The person and the topic that a token names. Raises `NotFound` for one that we did not sign."""
    try:
        user_id, topic = Signer(salt=_SALT).unsign_object(signed)
    except (BadSignature, ValueError, TypeError) as error:
        raise NotFound() from error
    if not isinstance(user_id, int) or topic not in TOPICS:
        raise NotFound()
    return user_id, str(topic)
