"""Reminders with real processes: killed in the middle, two at once, and a worker that dies while it sends."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from governance_assessment.models import DueReminder, PlanItem
from nassij.associations.models import Association, Membership
from nassij.common import outbox
from nassij.common.models import OutgoingMail
from tests.nassij.associations import factories
from tests.services.conftest import ROOT, Worker, eventually

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
PEOPLE, EACH, IN_EACH = 240, 2, 12


def make_due(people: int = PEOPLE, each: int = EACH) -> None:
    """Reminders that are due: `each` of every one of these people, a dozen in an association."""
    associations = [factories.make_association() for _ in range(people // IN_EACH)]
    users = get_user_model().objects
    users.bulk_create(
        users.model(username=f"due{number}", email=f"due{number}@example.org", password="!") for number in range(people)
    )
    members = list(users.filter(username__startswith="due").order_by("pk"))
    homes = [associations[number // IN_EACH] for number in range(people)]
    rows = [
        Membership(association_id=home.id, user=user, role="member") for home, user in zip(homes, members, strict=True)
    ]
    for row in rows:
        row.set_slot()
    Membership.objects.bulk_create(rows)
    PlanItem.objects.bulk_create(
        PlanItem(
            association_id=home.id,
            association_uuid=home.uuid,
            title=f"action {number} of {user.username}",
            owner=user,
            due_on=timezone.localdate(),
        )
        for home, user in zip(homes, members, strict=True)
        for number in range(each)
    )
    past = timezone.now() - timedelta(minutes=5)
    DueReminder.objects.bulk_create(
        DueReminder(item=item, person_id=item.owner_id, kind="on_day", due_at=past) for item in PlanItem.objects.all()
    )
    assert Association.objects.count() == people // IN_EACH


def command(people: int) -> subprocess.Popen:
    """The command, started."""
    environment = {**os.environ, "NASSIJ_TEST_DB_NAME": str(connection.settings_dict["NAME"])}
    call = [sys.executable, "-m", "tests.services.send_reminders", "--people", str(people)]
    return subprocess.Popen(call, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def handed() -> int:
    return DueReminder.objects.exclude(handed_at=None).count()


def check_that_each_was_handed_over_once() -> None:
    """Every reminder is in exactly one mail, every person has exactly one mail."""
    assert handed() == PEOPLE * EACH
    assert set(DueReminder.objects.values_list("outcome", flat=True)) == {"mailed"}
    mails = list(OutgoingMail.objects.all())
    assert Counter(mail.to_user_id for mail in mails) == Counter(
        get_user_model().objects.filter(username__startswith="due").values_list("pk", flat=True)
    )
    named = Counter(item["titles"]["ar"] for mail in mails for plan in mail.context["plans"] for item in plan["items"])
    assert len(named) == PEOPLE * EACH
    assert set(named.values()) == {1}


def test_killed_again_and_again_each_reminder_is_handed_over_once() -> None:
    make_due()
    chance, kills = random.Random(7), 0
    for _ in range(40):
        process, before = command(people=10), handed()
        # Somewhere after its first commits: in a transaction, at a commit, or while it hands messages to the queue.
        assert eventually(lambda: handed() > before or process.poll() is not None, seconds=60)  # noqa: B023
        time.sleep(chance.uniform(0, 0.12))
        if process.poll() is None:
            process.kill()
            kills += 1
        process.communicate(timeout=30)
        if handed() == PEOPLE * EACH:
            break
    out, err = command(people=10).communicate(timeout=120)
    assert out.startswith("reminders handed over:"), err
    assert kills >= 5
    check_that_each_was_handed_over_once()


def test_three_runs_at_once_hand_each_over_once() -> None:
    make_due()
    processes = [command(people=25) for _ in range(3)]
    answers = [process.communicate(timeout=180) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], answers
    # Whoever found a person's mail queued by another run left that person's rows; nothing of them is lost.
    waiting = set(DueReminder.objects.filter(handed_at=None).values_list("person_id", flat=True))
    mailed = list(OutgoingMail.objects.values_list("to_user_id", flat=True))
    assert len(mailed) == len(set(mailed)) == PEOPLE
    named = Counter(
        item["titles"]["ar"]
        for mail in OutgoingMail.objects.all()
        for plan in mail.context["plans"]
        for item in plan["items"]
    )
    assert set(named.values()) == {1}
    assert sum(named.values()) == handed()
    assert handed() + DueReminder.objects.filter(handed_at=None).count() == PEOPLE * EACH
    assert waiting <= set(mailed)


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the mail server accepted; for workers started from here on."""
    path = tmp_path / "ledger"
    path.touch()
    monkeypatch.setenv("NASSIJ_TEST_LEDGER", str(path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.services.settings")
    return path


@pytest.fixture
def sender(ledger: Path, worker: Worker) -> Iterator[Worker]:
    """A worker that sends to the ledger."""
    yield worker


def test_a_worker_killed_while_it_sends_misses_no_mail(sender: Worker, ledger: Path) -> None:
    """Two kills: at most the mail in hand at each goes out twice, with the same Message-ID."""
    make_due(people=PEOPLE, each=1)
    process = command(people=100)
    process.communicate(timeout=120)
    assert OutgoingMail.objects.count() == PEOPLE

    def accepted() -> list[str]:
        return ledger.read_text("utf-8").splitlines()

    for enough in (30, 90):
        assert eventually(lambda: len(accepted()) >= enough), accepted()  # noqa: B023
        sender.kill()
        # Ten minutes later, in no time.
        OutgoingMail.objects.filter(state="sending").update(touched=timezone.now() - outbox.LEASE * 2)
        OutgoingMail.objects.filter(state="waiting").update(touched=timezone.now() - outbox.RESEND_AFTER * 2)
        outbox.send_stale()
        sender.start()
    assert eventually(lambda: not OutgoingMail.objects.exclude(state="sent").exists(), seconds=120)
    names = Counter(accepted())
    assert len({line.split()[0] for line in names}) == len(names) == PEOPLE, "everybody, and nobody under two names"
    assert sum(times - 1 for times in names.values()) <= 2
