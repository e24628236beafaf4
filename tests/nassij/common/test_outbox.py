"""Mails on their way: once, whatever is killed or away in between; and not to those who switched them off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail as sent_mails
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from nassij.common import mail, mail_topics, outbox, tasks
from nassij.common.errors import NotFound
from nassij.common.models import MailOptOut, OutgoingMail
from nassij.common.retirement import retire
from tests.nassij.common import test_mail

pytestmark = pytest.mark.django_db
State = OutgoingMail.State
templates = test_mail.templates


@pytest.fixture
def person() -> Any:
    return get_user_model().objects.create_user(username="fatima", email="f@example.org")


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A broker that is away: rows are stored, nobody is told."""
    monkeypatch.setattr(tasks.send_mail, "delay", lambda *args: (_ for _ in ()).throw(ConnectionError("no broker")))
    yield


def queued(person: Any, **more: Any) -> OutgoingMail:
    """A mail that waits for its worker."""
    with transaction.atomic():
        assert mail.send(**{"template": "test/hello", "context": test_mail.CONTEXT, "to_user_id": person.pk} | more)
    return OutgoingMail.objects.latest("pk")


def deliver(*mails: OutgoingMail) -> list[str]:
    return outbox.deliver([str(row.uuid) for row in mails])


def state(row: OutgoingMail) -> str:
    row.refresh_from_db()
    return row.state


def age(row: OutgoingMail, by: timedelta) -> None:
    OutgoingMail.objects.filter(pk=row.pk).update(touched=timezone.now() - by)


class Server(EmailBackend):
    """A mail server that refuses what `troubles` holds, one after the other."""

    troubles: list[Exception] = []
    opened = 0

    def open(self) -> None:
        type(self).opened += 1

    def send_messages(self, messages: Any) -> int:
        if self.troubles:
            raise self.troubles.pop(0)
        return super().send_messages(messages)


@pytest.fixture
def server(settings: Any) -> type[Server]:
    settings.EMAIL_BACKEND = "tests.nassij.common.test_outbox.Server"
    Server.troubles, Server.opened = [], 0
    return Server


# --- Once -----------------------------------------------------------------------------------------------------


def test_a_sent_mail_leaves_a_row_without_words_and_address(person: Any) -> None:
    row = queued(person, to_user_id=None, to_address="x@example.org")
    assert deliver(row) == []
    assert state(row) == State.SENT
    assert (row.context, row.to_address, row.attempts) == ({}, "", 1)
    assert len(sent_mails.outbox) == 1


def test_a_message_delivered_again_sends_nothing(person: Any) -> None:
    row = queued(person)
    deliver(row)
    deliver(row)
    assert len(sent_mails.outbox) == 1


def test_what_another_worker_holds_is_left_to_it(person: Any) -> None:
    row = queued(person)
    OutgoingMail.objects.filter(pk=row.pk).update(state=State.SENDING, attempts=1)
    assert deliver(row) == []
    assert sent_mails.outbox == []


def test_what_a_dead_worker_held_is_sent_with_the_same_message_id(person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the server's yes: the one moment in which a mail can go out twice, recognisably."""
    row = queued(person)
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(outbox, "_end", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
        deliver(row)
    assert state(row) == State.SENDING
    assert outbox.send_stale() == 0  # the lease runs
    age(row, outbox.LEASE + timedelta(seconds=1))
    deliver(row)
    assert state(row) == State.SENT
    first, second = (message.extra_headers["Message-ID"] for message in sent_mails.outbox)
    assert first == second


def test_the_time_limit_of_the_worker_is_shorter_than_the_lease() -> None:
    assert tasks.send_mail.time_limit < outbox.LEASE.total_seconds()
    assert tasks.send_mail.acks_late


def test_a_broker_that_is_away_loses_no_mail(person: Any, away: None, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        row = queued(person)
    assert state(row) == State.WAITING
    assert sent_mails.outbox == []


def test_a_lost_message_is_sent_by_the_next_tidying(person: Any, django_capture_on_commit_callbacks: Any) -> None:
    row = queued(person)
    assert outbox.send_stale() == 0  # its message may still be on the way
    age(row, outbox.RESEND_AFTER + timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        call_command("nassij_tidy")
    assert state(row) == State.SENT


def test_nothing_is_stored_when_the_decision_is_rolled_back(person: Any) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        mail.send(template="test/hello", context=test_mail.CONTEXT, to_user_id=person.pk)
        raise ZeroDivisionError
    assert not OutgoingMail.objects.exists()


def test_a_key_is_used_once_and_leaves_the_callers_transaction_alone(person: Any) -> None:
    with transaction.atomic():
        queued(person, key="once:1")
        assert not mail.send(template="test/hello", context={}, to_user_id=person.pk, key="once:1")
        assert OutgoingMail.objects.count() == 1
    deliver(OutgoingMail.objects.get())
    assert not mail.send(template="test/hello", context={}, to_user_id=person.pk, key="once:1")


def test_a_batch_with_a_taken_key_stores_nothing(person: Any) -> None:
    queued(person, key="once:1")
    rows = [
        mail.prepared(template="test/hello", context={}, to_user_id=person.pk, key=key) for key in ("once:0", "once:1")
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        outbox.queue(rows)
    assert OutgoingMail.objects.count() == 1


def test_many_mails_travel_in_few_messages_over_one_connection_each(
    person: Any, server: type[Server], django_capture_on_commit_callbacks: Any
) -> None:
    rows = [mail.prepared(template="test/hello", context=test_mail.CONTEXT, to_user_id=person.pk) for _ in range(120)]
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        outbox.queue(rows)
    assert len(callbacks) == 3
    assert len(sent_mails.outbox) == 120


# --- What goes wrong ------------------------------------------------------------------------------------------


def test_a_mail_server_that_is_away_is_asked_again_and_the_others_go(person: Any, server: type[Server]) -> None:
    server.troubles = [SMTPServerDisconnected("gone")]
    first, second = queued(person), queued(person)
    assert deliver(first, second) == [str(first.uuid)]
    assert (state(first), state(second)) == (State.WAITING, State.SENT)
    assert deliver(first) == []  # not before its pause is over
    assert state(first) == State.WAITING
    age(first, timedelta(seconds=1))
    deliver(first)
    assert state(first) == State.SENT


def test_pauses_grow_for_about_an_hour_and_a_half_then_it_is_given_up(person: Any, server: type[Server]) -> None:
    pauses = [outbox.pause(attempt) for attempt in range(1, outbox.MAX_ATTEMPTS)]
    assert pauses == sorted(pauses)
    assert timedelta(hours=1) < sum(pauses, timedelta()) < timedelta(hours=2)
    row = queued(person)
    server.troubles = [OSError("away") for _ in range(outbox.MAX_ATTEMPTS)]
    for _ in range(outbox.MAX_ATTEMPTS):
        deliver(row)
        age(row, timedelta(seconds=1))
    assert state(row) == State.FAILED
    assert server.troubles == []
    deliver(row)
    assert sent_mails.outbox == []


def test_an_address_where_nobody_lives_is_not_tried_again(person: Any, server: type[Server]) -> None:
    server.troubles = [SMTPRecipientsRefused({"f@example.org": (550, b"no such user")})]
    row = queued(person)
    assert deliver(row) == []
    assert state(row) == State.FAILED


def test_a_full_mailbox_is_tried_again(person: Any, server: type[Server]) -> None:
    server.troubles = [SMTPRecipientsRefused({"f@example.org": (452, b"mailbox full")})]
    row = queued(person)
    assert deliver(row) == [str(row.uuid)]


def test_a_mail_that_cannot_be_made_does_not_stop_the_others(person: Any) -> None:
    broken, good = queued(person, template="test/nothing"), queued(person)
    assert deliver(broken, good) == []
    assert (state(broken), state(good)) == (State.FAILED, State.SENT)


def test_the_task_comes_back_for_what_is_left(
    person: Any, server: type[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.troubles = [SMTPServerDisconnected("gone")]
    first, second = queued(person), queued(person)
    asked: dict[str, Any] = {}

    def retry(**options: Any) -> Exception:
        asked.update(options)
        return RuntimeError("retry")

    monkeypatch.setattr(tasks.send_mail, "retry", retry)
    with pytest.raises(RuntimeError, match="retry"):
        tasks.send_mail.run([str(first.uuid), str(second.uuid)])
    assert asked == {"args": [[str(first.uuid)]], "countdown": 31.0}


def test_old_rows_go(person: Any) -> None:
    waiting, old, young = queued(person), queued(person), queued(person)
    deliver(old, young)
    age(waiting, outbox.KEPT * 2)
    age(old, outbox.KEPT * 2)
    assert outbox.forget_old() == 1
    assert set(OutgoingMail.objects.all()) == {waiting, young}


# --- Switching off --------------------------------------------------------------------------------------------

TOPIC = mail_topics.REMINDERS


def test_who_switched_a_topic_off_gets_the_rest(person: Any) -> None:
    mail_topics.switch(user_id=person.pk, topic=TOPIC, on=False)
    about, other = queued(person, topic=TOPIC), queued(person)
    deliver(about, other)
    assert (state(about), state(other)) == (State.DROPPED, State.SENT)


def test_switching_is_the_same_twice(person: Any) -> None:
    for on in (False, False, True, True):
        mail_topics.switch(user_id=person.pk, topic=TOPIC, on=on)
        assert mail_topics.wants(user_id=person.pk, topic=TOPIC) is on
    mail_topics.switch(user_id=person.pk, topic=TOPIC, on=False)
    assert mail_topics.without(user_ids=[person.pk, 999], topic=TOPIC) == {person.pk}


def test_a_mail_about_a_topic_says_how_to_switch_it_off_in_one_click(person: Any) -> None:
    """RFC 8058: both headers, an https address; and a link in the mail itself."""
    deliver(queued(person, topic=TOPIC, language="fr"))
    (sent,) = sent_mails.outbox
    url = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url.startswith("https://nassij.example/nassij/mail/off/")
    assert url in sent.body
    assert url in sent.alternatives[0][0]
    # As a mail program does: a POST without cookies, and without what forms of ours carry.
    answer = Client(enforce_csrf_checks=True).post(
        url.removeprefix("https://nassij.example"), {"List-Unsubscribe": "One-Click"}
    )
    assert answer.status_code == 200
    assert not mail_topics.wants(user_id=person.pk, topic=TOPIC)


def test_a_mail_without_a_topic_or_a_site_has_no_such_header(person: Any) -> None:
    deliver(queued(person))
    with override_settings(NASSIJ_SITE_URL="", LMS_ROOT_URL=""):
        deliver(queued(person, topic=TOPIC))
    assert all("List-Unsubscribe" not in message.extra_headers for message in sent_mails.outbox)
    assert len(sent_mails.outbox) == 2


def off_page(person: Any) -> str:
    return reverse("nassij_common:mail_off", kwargs={"token": mail_topics.token(user_id=person.pk, topic=TOPIC)})


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_opening_the_address_changes_nothing_and_its_form_works_without_signing_in(person: Any, language: str) -> None:
    visitor = Client(enforce_csrf_checks=True, headers={"accept-language": language})
    page = visitor.get(off_page(person))
    assert page.status_code == 200
    assert f'lang="{language}"' in page.content.decode()
    assert person.email not in page.content.decode()
    assert mail_topics.wants(user_id=person.pk, topic=TOPIC)
    assert visitor.post(off_page(person), {"mails": "off"}).status_code == 200
    assert not mail_topics.wants(user_id=person.pk, topic=TOPIC)
    visitor.post(off_page(person), {"mails": "on"})
    assert mail_topics.wants(user_id=person.pk, topic=TOPIC)


def test_an_address_we_did_not_sign_switches_nothing(person: Any) -> None:
    other = get_user_model().objects.create_user(username="other")
    mine = mail_topics.token(user_id=person.pk, topic=TOPIC)
    theirs = mail_topics.token(user_id=other.pk, topic=TOPIC)
    forged = [mine[:-1], f"{theirs.split(':')[0]}:{mine.split(':')[1]}", "x", "a:b", mine + "x"]
    for token in forged:
        with pytest.raises(NotFound):
            mail_topics.read_token(token)
        url = reverse("nassij_common:mail_off", kwargs={"token": token})
        assert Client().post(url, {"mails": "off"}).status_code == 404
    assert not MailOptOut.objects.exists()
    assert Client().post(off_page(person), {"mails": "perhaps"}).status_code == 400


def test_the_page_of_my_mails(person: Any) -> None:
    client = Client()
    url = reverse("nassij_common:mail_topics")
    assert client.get(url).status_code == 302
    client.force_login(person)
    assert client.get(url).status_code == 200
    assert client.post(url, {"topic": TOPIC, "mails": "off"}).status_code == 302
    assert not mail_topics.wants(user_id=person.pk, topic=TOPIC)
    client.post(url, {"topic": TOPIC, "mails": "on"})
    assert mail_topics.wants(user_id=person.pk, topic=TOPIC)
    for wrong in ({}, {"topic": TOPIC}, {"topic": "x", "mails": "off"}, {"topic": TOPIC, "mails": "x"}):
        assert client.post(url, wrong).status_code == 400


def test_a_retired_person_leaves_nothing_here(person: Any) -> None:
    mail_topics.switch(user_id=person.pk, topic=TOPIC, on=False)
    queued(person)
    deliver(queued(person))
    retire(user_id=person.pk)
    assert not OutgoingMail.objects.exists()
    assert not MailOptOut.objects.exists()


def test_the_admin_shows_that_a_mail_went_and_not_what_it_said(person: Any) -> None:
    row = queued(person, context={"association": "secret words", "count": 1})
    operator = get_user_model().objects.create_superuser("operator")
    client = Client()
    client.force_login(operator)
    page = client.get(reverse("admin:nassij_common_outgoingmail_change", args=[row.pk])).content.decode()
    assert str(row.uuid) in page
    assert not re.search("secret words|f@example", page)
