"""Mails of a round's moves: to whom, in which language, exactly once, and not to who switched them off."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail as sent_mails
from django.db import transaction
from django.test import override_settings

from governance_assessment import api
from governance_assessment.models import Round, Transition
from governance_assessment.rounds import notices
from nassij.associations.api import Role, end_coach
from nassij.common import mail_topics
from nassij.common.errors import Unprocessable
from nassij.common.models import OutgoingMail
from tests.governance_assessment.helpers import ALL_FALSE, fill, set_profile
from tests.nassij.associations import factories

pytestmark = pytest.mark.django_db
LANGUAGES: dict[int, str] = {}


def language_of_person(user_id: int) -> str | None:
    return LANGUAGES.get(user_id)


@pytest.fixture
def ready(full_round: Any, instrument: Any, president: Any) -> Any:
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    return opened


@pytest.fixture
def run(django_capture_on_commit_callbacks: Any) -> Any:
    """Do it, and let the worker send what it queued."""

    def act(work: Any) -> list[Any]:
        sent_mails.outbox.clear()
        with (
            override_settings(
                NASSIJ_USER_LANGUAGE="tests.governance_assessment.test_round_mails.language_of_person",
                NASSIJ_SITE_URL="https://nassij.example",
            ),
            django_capture_on_commit_callbacks(execute=True),
        ):
            work()
        return list(sent_mails.outbox)

    yield act
    LANGUAGES.clear()


def submit(president: Any, ready: Any) -> Any:
    return lambda: api.submit_round(user_id=president.pk, round_uuid=ready.uuid, step=0)


def validate(coach: Any, ready: Any, **more: Any) -> Any:
    return lambda: api.validate_round(user_id=coach.pk, round_uuid=ready.uuid, confirm_rest=True, **more)


def receivers(mails: list[Any]) -> set[str]:
    assert all(len(message.to) == 1 for message in mails)
    assert len({message.to[0] for message in mails}) == len(mails)
    return {message.to[0] for message in mails}


def test_a_submission_tells_its_coaches_each_in_their_language(ready, association, president, coach, run):
    second, former = factories.make_coach(association), factories.make_coach(association)
    end_coach(association_id=association.id, user_id=former.pk)
    factories.make_coach(factories.make_association())
    factories.make_coordinator(association)
    LANGUAGES.update({coach.pk: "fr", second.pk: "ar"})

    mails = run(submit(president, ready))

    assert receivers(mails) == {coach.email, second.email}
    by_person = {message.to[0]: message for message in mails}
    assert "attend votre validation" in by_person[coach.email].subject
    assert "ينتظر مصادقتكم" in by_person[second.email].subject
    for message in mails:
        for text in (message.body, message.alternatives[0][0]):
            assert association.name in text
            assert f"https://nassij.example/nassij/governance/rounds/{ready.uuid}/validation/" in text
            assert "/nassij/mail/off/" in text


def test_a_validation_tells_the_office_holders_and_the_lead(ready, association, president, member, coach, run):
    run(submit(president, ready))
    treasurer = factories.make_member(association, role=Role.TREASURER)
    secretary = factories.make_member(association, role=Role.SECRETARY)
    lead = factories.make_member(association, is_lead=True)
    LANGUAGES[president.pk] = "en"

    mails = run(validate(coach, ready, remark="أحسنتم <b>"))

    assert receivers(mails) == {person.email for person in (president, treasurer, secretary, lead)}
    message = next(message for message in mails if message.to == [president.email])
    assert "your self-assessment is validated" in message.subject
    assert "أحسنتم <b>" in message.body
    assert "أحسنتم &lt;b&gt;" in message.alternatives[0][0]
    assert f"https://nassij.example/nassij/governance/rounds/{ready.uuid}/" in message.body


def test_a_reopening_tells_the_association_why(ready, association, president, coach, run):
    run(submit(president, ready))
    mails = run(lambda: api.reopen_round(user_id=coach.pk, round_uuid=ready.uuid, reason="وثيقة ناقصة"))
    assert receivers(mails) == {president.email}
    assert "وثيقة ناقصة" in mails[0].body
    again = run(lambda: api.submit_round(user_id=president.pk, round_uuid=ready.uuid))
    assert receivers(again) == {coach.email}, "a second submission is news again"


def test_a_move_delivered_three_times_mails_once(ready, president, coach, run):
    assert len(run(lambda: [submit(president, ready)() for _ in range(3)])) == 1
    assert len(run(lambda: [validate(coach, ready, step=1)() for _ in range(3)])) == 1
    assert OutgoingMail.objects.count() == 2


def test_a_move_that_fails_mails_nobody(ready, president, coach, run):
    run(submit(president, ready))

    def refused():
        with pytest.raises(Unprocessable):
            api.validate_round(user_id=coach.pk, round_uuid=ready.uuid)

    assert run(refused) == []


class Killed(BaseException):
    """What a kill -9 is to this process, as far as a test can do it."""


def test_killed_after_the_mails_neither_the_move_nor_a_mail_exists(ready, president, coach, monkeypatch):
    queue = notices.outbox.queue

    def killed(mails):
        queue(mails)
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed), transaction.atomic():
        patch.setattr(notices.outbox, "queue", killed)
        submit(president, ready)()
    assert Round.objects.get().state == "draft"
    assert not Transition.objects.exists()
    assert not OutgoingMail.objects.exists()
    submit(president, ready)()
    assert OutgoingMail.objects.count() == 1


def test_who_switched_them_off_gets_none(ready, president, coach, run):
    mail_topics.switch(user_id=coach.pk, topic=mail_topics.ROUNDS, on=False)
    assert run(submit(president, ready)) == []
    mail_topics.switch(user_id=president.pk, topic=mail_topics.REMINDERS, on=False)
    assert receivers(run(validate(coach, ready))) == {president.email}


def test_without_a_coach_nobody_is_told(ready, president, run):
    assert run(submit(president, ready)) == []
