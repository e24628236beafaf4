"""Back to the first release and forward again, with rounds in the tables: nothing that was submitted is lost."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from governance_assessment import api, guards
from governance_assessment.models import CoachAnswer, ConsensusAnswer, Round, Snapshot
from tests.governance_assessment.helpers import ALL_FALSE, coach_says, fill, level, set_profile, settle

APP = "nassij_governance"


@pytest.fixture
def at_the_first_release(transactional_db):
    """Moves this app's tables back; brings them forward again at the end whatever happened."""

    def back():
        call_command("migrate", APP, "0001", verbosity=0)
        return MigrationExecutor(connection).loader.project_state((APP, "0001_initial")).apps

    yield back
    call_command("migrate", verbosity=0)


def forward():
    call_command("migrate", verbosity=0)


@pytest.fixture
def history(instrument, association, president, coach):
    """A round validated once, reopened and submitted again; and the next one, open."""
    opened = api.open_round(user_id=president.pk, association_id=association.id, kind="full")
    opened = set_profile(president, opened, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3, "1.1": level(3, evidence="declared")})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    coach_says(coach, opened, "2.1", level(1))
    api.validate_round(user_id=coach.pk, round_uuid=opened.uuid, confirm_rest=True)
    api.reopen_round(user_id=coach.pk, round_uuid=opened.uuid, reason="x")
    settle(president, opened, "2.1", level(2), revision=1)
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    api.open_round(user_id=president.pk, association_id=association.id)
    return opened


@pytest.mark.django_db(transaction=True)
def test_back_and_forward_keeps_what_was_submitted(at_the_first_release, history, president):
    results = {found.pk: (found.answers, found.result) for found in Snapshot.objects.all()}
    submitted = Snapshot.objects.filter(layer="self").order_by("-number").first()

    old = at_the_first_release().get_model(APP, "Snapshot").objects
    assert {found.pk: (found.answers, found.result) for found in old.all()} == results
    assert old.order_by("-number").first().pk == submitted.pk  # what the first release shows is the submission
    assert guards._installed(connection)  # made for the columns there are
    forward()

    assert {found.pk: (found.answers, found.result) for found in Snapshot.objects.all()} == results
    assert all(found.is_intact and found.layer == "self" for found in Snapshot.objects.all())
    assert not CoachAnswer.objects.exists()
    assert not guards.missing(connection)
    found = api.result(user_id=president.pk, round_uuid=history.uuid, language="ar")
    assert found.scores == submitted.result
    assert found.details["1.1"]["evidence"] == "declared"
    moves = api.history(user_id=president.pk, round_uuid=history.uuid)
    assert [(move.from_state, move.to_state, move.standing) for move in moves] == [("draft", "submitted", None)]
    first, second = Round.objects.order_by("number")
    assert (first.step, first.discussed_at is not None) == (1, True)
    assert (second.step, second.discussed_at) == (0, None)


@pytest.mark.django_db(transaction=True)
def test_answers_from_before_stand_when_a_round_is_reopened(at_the_first_release, history, president, coach):
    """What the first release stored is heard: the common answers know which answers they rest on."""
    Round.objects.filter(number=2).delete()
    at_the_first_release()
    forward()

    assert ConsensusAnswer.objects.exclude(heard_up_to=0).count() == ConsensusAnswer.objects.count()
    api.reopen_round(user_id=coach.pk, round_uuid=history.uuid, reason="x")
    again = api.submit_round(user_id=president.pk, round_uuid=history.uuid)
    newest = Snapshot.objects.filter(round_id=again.id).order_by("-id").first()
    assert newest.answers["2.1"] == 2
