"""Mails on their way: rows, claimed by a worker, so that a kill -9 anywhere loses none.

1. Whoever decides on a mail writes a row in the same transaction (`queue`). Killed before the commit: neither the decision nor
   the mail exists. A `key` that exists already refuses the second row, however many processes decide.
2. After the commit the row's name goes to the worker. Killed in between, or with the broker away: the row waits, and
   `send_stale` (every run of `nassij_tidy`) names it again. A message that arrives twice finds the row taken.
3. The worker moves the row to *sending* (compare-and-swap on the number of attempts) before it talks to the mail server, and to
   *sent* after the server has said yes.

Killed between those two, nobody can know whether the server took the mail: SMTP cannot be asked. The row then stays *sending*,
and ten minutes later the mail is sent again: **at least once**. Nearly all of the time spent there is before the server's yes,
so not sending again would lose a mail almost every time in order to spare a double one almost never. And that double has the
same `Message-ID`, by which mail servers and programs recognise it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any
from uuid import UUID

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F, Q
from django.utils import timezone

from nassij.common.background import send_on_commit
from nassij.common.models import OutgoingMail

log = logging.getLogger(__name__)

State = OutgoingMail.State

# Mails of one message to the worker: they share a connection to the mail server, and servers limit what they take on one.
AT_ONCE = 50
MAX_ATTEMPTS = 9
# The worker's time limit is shorter: a mail claimed that long ago is in nobody's hands.
LEASE = timedelta(minutes=10)
RESEND_AFTER = timedelta(minutes=2)
KEPT = timedelta(days=30)


def queue(mails: Sequence[OutgoingMail]) -> None:
    """Store mails and hand them to the worker after commit, in the caller's transaction.

    Raises `IntegrityError` when one of the keys is taken: nothing is stored then, and the caller's transaction is over.
    """
    _hand_over(OutgoingMail.objects.bulk_create(mails))


def send_stale() -> int:
    """Hand over again what seems lost: never claimed, or claimed by a worker that is gone. Returns how many."""
    stale = list(OutgoingMail.objects.filter(_stale(timezone.now())).order_by("pk").only("uuid"))
    OutgoingMail.objects.filter(pk__in=[mail.pk for mail in stale], state=State.WAITING).update(touched=timezone.now())
    _hand_over(stale)
    return len(stale)


def forget_old() -> int:
    """Delete the rows of mails that ended long ago; returns how many."""
    ended = OutgoingMail.objects.filter(state__in=[State.SENT, State.DROPPED, State.FAILED])
    return ended.filter(touched__lt=timezone.now() - KEPT).delete()[0]


def forget_person(user_id: int) -> None:
    """Delete every mail to this person, sent or not."""
    OutgoingMail.objects.filter(to_user_id=user_id).delete()


def deliver(uuids: Iterable[str]) -> list[str]:
    """Send these mails now (the worker's part). Returns those to try again later."""
    again = []
    connection = get_connection()
    try:
        for name in uuids:
            mail = _claim(name)
            if mail is None:
                continue
            if not _send(mail, connection):
                again.append(name)
                _close(connection)  # what failed may have left the connection in any state
    finally:
        _close(connection)
    return again


def pause(attempts: int) -> timedelta:
    """How long to leave the mail server alone after that many attempts: half a minute, then twice that, half an hour at most."""
    return timedelta(seconds=min(30 * 2 ** (attempts - 1), 1800))


def _hand_over(mails: Sequence[OutgoingMail]) -> None:
    from nassij.common.tasks import send_mail  # tasks import this module

    for chunk in _chunks([str(mail.uuid) for mail in mails]):
        send_on_commit(send_mail, chunk)


def _chunks(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), AT_ONCE):
        yield names[start : start + AT_ONCE]


def _stale(now: datetime) -> Q:
    waiting = Q(state=State.WAITING, touched__lt=now - RESEND_AFTER)
    return waiting | Q(state=State.SENDING, touched__lt=now - LEASE)


def _claim(name: str) -> OutgoingMail | None:
    """Take a mail for this process; None when it has ended or somebody else holds it."""
    now = timezone.now()
    free = Q(state=State.WAITING, touched__lte=now) | Q(state=State.SENDING, touched__lt=now - LEASE)
    mail = OutgoingMail.objects.filter(free, uuid=UUID(name)).first()
    if mail is None:
        return None
    mine = OutgoingMail.objects.filter(free, pk=mail.pk, attempts=mail.attempts)
    if not mine.update(state=State.SENDING, touched=now, attempts=F("attempts") + 1):
        return None
    mail.attempts += 1
    return mail


def _send(mail: OutgoingMail, connection: Any) -> bool:
    """Send a claimed mail; False when it is to be tried again."""
    from nassij.common.mail import message_of  # mail imports this module

    try:
        message: EmailMultiAlternatives | None = message_of(mail)
        if message is None:
            return _end(mail, State.DROPPED)
        message.connection = connection
        connection.open()
        message.send()
    except (SMTPException, OSError) as error:
        if _is_final(error) or mail.attempts >= MAX_ATTEMPTS:
            log.error("mail %s cannot be sent: %s", mail.uuid, error)
            return _end(mail, State.FAILED)
        log.warning("mail %s is tried again later: %s", mail.uuid, error)
        _mine(mail).update(state=State.WAITING, touched=timezone.now() + pause(mail.attempts))
        return False
    except Exception:
        log.exception("mail %s could not be made", mail.uuid)
        return _end(mail, State.FAILED)
    return _end(mail, State.SENT)


def _is_final(error: Exception) -> bool:
    """Whether the mail server says that nobody lives at this address."""
    return isinstance(error, SMTPRecipientsRefused) and all(code >= 500 for code, _words in error.recipients.values())


def _end(mail: OutgoingMail, state: str) -> bool:
    """Close the row; what the mail said and the address go."""
    _mine(mail).update(state=state, touched=timezone.now(), context={}, to_address="")
    return True


def _mine(mail: OutgoingMail) -> Any:
    return OutgoingMail.objects.filter(pk=mail.pk, state=State.SENDING, attempts=mail.attempts)


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (SMTPException, OSError) as error:
        log.info("the connection to the mail server was not closed properly: %s", error)
