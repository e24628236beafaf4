"""Reminders: due when they should be, one mail a day for each person, in their language; none twice, none missed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as sent_mails
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from governance_assessment.models import DueReminder, PlanItem
from governance_assessment.plan import reminders
from governance_assessment.plan.data import Outcome
from governance_assessment.plan.reminders import Handed, hand_over_due
from governance_assessment.plan.schedule import moments
from nassij.associations.api import Role
from nassij.associations.api import leave as leave_association
from nassij.associations.models import Association
from nassij.common import mail_topics, outbox
from nassij.common.errors import Conflict
from nassij.common.models import OutgoingMail
from tests.governance_assessment.plans import add, change, in_days, submit, take
from tests.nassij.associations import factories

pytestmark = pytest.mark.django_db


def due(item: PlanItem) -> list[str]:
    """The kinds of reminder that wait for an action, in the order of time."""
    return list(DueReminder.objects.filter(item=item, handed_at=None).order_by("due_at").values_list("kind", flat=True))


def morning(day: date, hour: int = 9) -> datetime:
    """After the hour at which reminders are due."""
    return timezone.make_aware(datetime.combine(day, time(hour)))


def send(on: date | None = None, capture: Any = None, **options: Any) -> Handed:
    """Hand over what is due on that morning, and let the worker send it."""
    with capture(execute=True):
        return hand_over_due(now=morning(on or timezone.localdate()), **options)


@pytest.fixture
def run(django_capture_on_commit_callbacks: Any) -> Any:
    return lambda on=None, **options: send(on, django_capture_on_commit_callbacks, **options)


@pytest.fixture
def item(association: Any, president: Any, member: Any, instrument: Any) -> PlanItem:
    """An action of the member's, due in thirty days."""
    return add(president, association, title="نراجع الميزانية", owner_id=member.pk, due_on=in_days(30))


# --- Made, moved, cancelled ---------------------------------------------------------------------------------------


def test_three_moments_in_the_morning_of_the_sites_time_zone() -> None:
    with override_settings(TIME_ZONE="Africa/Casablanca"):
        found = moments(date(2027, 3, 15))
        assert [moment.astimezone(ZoneInfo("Africa/Casablanca")).isoformat()[:16] for moment in found.values()] == [
            "2027-03-08T08:00",
            "2027-03-15T08:00",
            "2027-03-22T08:00",
        ]
    assert len(moments(date.max)) == 2


def test_an_action_with_a_day_and_a_person_is_reminded_of(item: PlanItem) -> None:
    assert due(item) == ["week_before", "on_day", "week_late"]


@pytest.mark.parametrize("changes", [{"owner_id": None}, {"due_on": None}, {"state": "done"}, {"state": "dropped"}])
def test_no_person_no_day_or_no_longer_open_means_no_reminder(changes: dict, item: PlanItem, president: Any) -> None:
    change(president, item, **changes)
    assert due(item) == []


def test_reminders_move_with_the_day_and_the_person(item: PlanItem, president: Any) -> None:
    change(president, item, due_on=in_days(40), owner_id=president.pk)
    found = DueReminder.objects.order_by("due_at")
    assert [row.due_at.date() for row in found] == [in_days(33), in_days(40), in_days(47)]
    assert {row.person_id for row in found} == {president.pk}


def test_a_moment_that_has_passed_is_not_made_up_for(association: Any, president: Any, instrument: Any) -> None:
    assert due(add(president, association, owner_id=president.pk, due_on=in_days(3))) == ["on_day", "week_late"]
    assert due(add(president, association, owner_id=president.pk, due_on=in_days(-3))) == ["week_late"]
    assert due(add(president, association, owner_id=president.pk, due_on=in_days(-30))) == []


def test_other_changes_leave_the_reminders_alone(item: PlanItem, president: Any) -> None:
    before = set(DueReminder.objects.values_list("pk", flat=True))
    change(president, item, note="x", title="غيره")
    assert set(DueReminder.objects.values_list("pk", flat=True)) == before


def test_a_refused_change_moves_no_reminder(item: PlanItem, president: Any) -> None:
    before = list(DueReminder.objects.order_by("pk").values())
    with pytest.raises(Conflict):
        change(president, item, revision=7, due_on=in_days(2))
    assert list(DueReminder.objects.order_by("pk").values()) == before


def test_a_reopened_action_is_reminded_of_again(item: PlanItem, president: Any) -> None:
    change(president, item, state="done")
    change(president, item, state="doing")
    assert due(item) == ["week_before", "on_day", "week_late"]


# --- Handed over ------------------------------------------------------------------------------------------------


def test_nothing_goes_out_before_its_time(item: PlanItem, run: Any) -> None:
    assert run(in_days(22)) == Handed()
    assert run(in_days(23)) == Handed(mails=1, mailed=1)
    assert [message.to for message in sent_mails.outbox] == [[item.owner.email]]


def test_each_of_the_three_comes_once(item: PlanItem, run: Any) -> None:
    for day in range(20, 60):
        run(in_days(day))
        run(in_days(day))
    assert len(sent_mails.outbox) == 3
    assert set(DueReminder.objects.values_list("outcome", flat=True)) == {Outcome.MAILED}


def test_one_mail_a_day_for_each_person_with_all_that_is_due(
    association: Any, president: Any, member: Any, instrument: Any, run: Any
) -> None:
    other = factories.make_association("جمعية ثانية")
    factories.make_member(other, member)
    boss = factories.make_member(other, role=Role.PRESIDENT)
    for number in range(3):
        add(president, association, title=f"عمل {number}", owner_id=member.pk, due_on=in_days(5))
    add(boss, other, title="عمل هناك", owner_id=member.pk, due_on=in_days(5))
    add(president, association, title="للرئيسة", owner_id=president.pk, due_on=in_days(5))
    assert run(in_days(5)) == Handed(mails=2, mailed=5)
    by_person = {message.to[0]: message for message in sent_mails.outbox}
    body = by_person[member.email].body
    for words in ("عمل 0", "عمل 1", "عمل 2", "عمل هناك", association.name, "جمعية ثانية"):
        assert body.count(words) == 1
    assert "للرئيسة" not in body


def test_days_on_which_nobody_ran_it_make_one_mail_that_names_each_action_once(item: PlanItem, run: Any) -> None:
    assert run(in_days(45)) == Handed(mails=1, mailed=3)
    (message,) = sent_mails.outbox
    assert message.body.count("نراجع الميزانية") == 1


LANGUAGES: dict[int, str] = {}


def language_of_person(user_id: int) -> str | None:
    """What the setting NASSIJ_USER_LANGUAGE names in these tests."""
    return LANGUAGES.get(user_id)


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fr", "ltr"), ("en", "ltr")])
def test_the_mail_speaks_the_language_of_its_reader(
    language: str, direction: str, full_round: Any, instrument: Any, association: Any, president: Any, run: Any
) -> None:
    submit(president, full_round, instrument)
    item = take(president, association)
    change(president, item, owner_id=president.pk, due_on=in_days(3))
    LANGUAGES[president.pk] = language
    with override_settings(
        NASSIJ_USER_LANGUAGE="tests.governance_assessment.test_reminders.language_of_person",
        NASSIJ_SITE_URL="https://nassij.example",
    ):
        run(in_days(3))
    (message,) = sent_mails.outbox
    html = message.alternatives[0][0]
    for text in (message.body, html):
        assert item.words[language]["title"].replace("'", "&#x27;" if text is html else "'") in text
        assert f"https://nassij.example/nassij/governance/plan/{association.uuid}/" in text
        assert "/nassij/mail/off/" in text
        assert not [code for code in item.words if code != language and item.words[code]["title"] in text]
    assert f'<html lang="{language}" dir="{direction}">' in html
    assert message.extra_headers["Content-Language"] == language
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "\n" not in message.subject and message.subject


def test_it_says_whether_something_is_soon_due_or_late(item: PlanItem, run: Any) -> None:
    LANGUAGES[item.owner_id] = "en"
    with override_settings(NASSIJ_USER_LANGUAGE="tests.governance_assessment.test_reminders.language_of_person"):
        for day in (23, 30, 37):
            run(in_days(day))
    said = [message.body for message in sent_mails.outbox]
    for body, words in zip(said, ("due on", "due today", "late since"), strict=True):
        assert words in body


def test_peoples_words_cannot_break_the_mail(association: Any, president: Any, instrument: Any, run: Any) -> None:
    hostile = "<script>x</script> & \u202eevil"
    add(president, association, title=hostile, owner_id=president.pk, due_on=in_days(5))
    run(in_days(5))
    (message,) = sent_mails.outbox
    assert "<script>" not in message.alternatives[0][0]
    assert "<script>x</script> & evil" in message.body


# --- Not to everybody ---------------------------------------------------------------------------------------------


def test_who_switched_them_off_gets_none_and_is_asked_no_second_time(item: PlanItem, member: Any, run: Any) -> None:
    mail_topics.switch(user_id=member.pk, topic=mail_topics.REMINDERS, on=False)
    assert run(in_days(23)) == Handed(not_wanted=1)
    assert run(in_days(23)) == Handed()
    mail_topics.switch(user_id=member.pk, topic=mail_topics.REMINDERS, on=True)
    assert run(in_days(30)) == Handed(mails=1, mailed=1)


def test_who_switches_them_off_after_they_were_handed_over_gets_none_either(
    item: PlanItem, member: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks():
        hand_over_due(now=morning(in_days(23)))
    mail_topics.switch(user_id=member.pk, topic=mail_topics.REMINDERS, on=False)
    outbox.deliver([str(OutgoingMail.objects.get().uuid)])
    assert sent_mails.outbox == []


def test_a_former_member_gets_nothing(item: PlanItem, association: Any, member: Any, run: Any) -> None:
    leave_association(user_id=member.pk, association_id=association.id)
    assert run(in_days(23)) == Handed(not_a_member=1)
    assert sent_mails.outbox == []


def test_nobody_is_reminded_of_an_association_that_is_archived(item: PlanItem, association: Any, run: Any) -> None:
    Association.objects.filter(pk=association.id).update(archived_at=timezone.now())
    assert run(in_days(23)) == Handed(not_a_member=1)


# --- None twice, none missed ------------------------------------------------------------------------------------


class Killed(BaseException):
    """What a kill -9 is to this process, as far as a test can do it without one (tests/services does it with one)."""


@pytest.mark.parametrize("where", ["_claimed", "_outcomes", "_context", "Handed"])
def test_killed_at_any_point_nothing_has_happened(
    where: str, item: PlanItem, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = getattr(reminders, where)

    def killed(*args: Any, **options: Any) -> Any:
        real(*args, **options)
        raise Killed

    before = list(DueReminder.objects.values())
    with monkeypatch.context() as patch, pytest.raises(Killed), transaction.atomic():
        if where == "Handed":
            patch.setattr(outbox, "queue", killed_after(outbox.queue))
        else:
            patch.setattr(reminders, where, killed)
        reminders._hand_over([item.owner_id], morning(in_days(23)))
    assert list(DueReminder.objects.values()) == before
    assert not OutgoingMail.objects.exists()
    assert run(in_days(23)) == Handed(mails=1, mailed=1)
    assert len(sent_mails.outbox) == 1


def killed_after(work: Any) -> Any:
    def killed(*args: Any, **options: Any) -> Any:
        work(*args, **options)
        raise Killed

    return killed


def test_killed_after_the_commit_the_next_run_sends_it(
    item: PlanItem, run: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks():  # never executed: the process is gone
        hand_over_due(now=morning(in_days(23)))
    OutgoingMail.objects.update(touched=timezone.now() - outbox.RESEND_AFTER * 2)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("nassij_send_reminders")
    assert len(sent_mails.outbox) == 1
    assert run(in_days(23)) == Handed()


@pytest.mark.parametrize("seen", [True, False])
def test_two_runs_at_once_send_no_second_mail_and_lose_none(
    seen: bool, item: PlanItem, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other run queued this person's mail: before our look, or between our look and our insert."""
    today = timezone.localdate(morning(in_days(23)))
    OutgoingMail.objects.create(template="x", key=f"reminders:{item.owner_id}:{today}", to_user_id=item.owner_id)
    used, looks = reminders.mail.used, []

    def look(keys: Any) -> Any:
        looks.append(1)
        return used(keys) if seen or len(looks) > 1 else frozenset()

    monkeypatch.setattr(reminders.mail, "used", look)
    assert run(in_days(23)) == Handed()
    assert len(looks) == (1 if seen else 2)
    assert sent_mails.outbox == []
    assert due(item) == ["week_before", "on_day", "week_late"]
    assert run(in_days(24)) == Handed(mails=1, mailed=1)


@pytest.mark.parametrize("at_once", [1, 2, 200])
def test_everybody_is_met_whatever_the_size_of_a_batch(
    at_once: int, association: Any, president: Any, instrument: Any, run: Any
) -> None:
    people = [factories.make_member(association) for _ in range(5)]
    for person in people:
        for _ in range(2):
            add(president, association, owner_id=person.pk, due_on=in_days(5))
    assert run(in_days(5), at_once=at_once) == Handed(mails=5, mailed=10)
    assert len({message.to[0] for message in sent_mails.outbox}) == 5


@pytest.mark.parametrize("people", [1, 30])
def test_a_batch_costs_the_same_number_of_queries_for_one_and_for_thirty(
    people: int, association: Any, president: Any, instrument: Any, django_assert_num_queries: Any
) -> None:
    for _ in range(people):
        add(president, association, owner_id=factories.make_member(association).pk, due_on=in_days(5))
    # A server picks its rows with a locking read first; SQLite claims at once.
    locking_read = int(connection.features.has_select_for_update)
    with django_assert_num_queries(12 + locking_read) as captured:
        hand_over_due(now=morning(in_days(5)))
    said = [query["sql"].split()[0] for query in captured.captured_queries]
    assert said.count("INSERT") == 1


# --- The command ----------------------------------------------------------------------------------------------------


def test_the_command_says_in_one_line_what_it_did(
    item: PlanItem, capsys: pytest.CaptureFixture[str], django_capture_on_commit_callbacks: Any
) -> None:
    DueReminder.objects.filter(kind="on_day").update(due_at=timezone.now() - timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        call_command("nassij_send_reminders")
        call_command("nassij_send_reminders", "--people", "1")
    first, second = capsys.readouterr().out.splitlines()
    assert first == "reminders handed over: 1 in 1 mails; not wanted: 0; no longer members: 0; mails sent again: 0"
    assert second.startswith("reminders handed over: 0 in 0 mails")
    assert len(sent_mails.outbox) == 1
