"""Answer sheets with many hands at once, on a real server: one sheet is one voice, all of it or nothing."""

from __future__ import annotations

import pytest

from governance_assessment import api
from governance_assessment.models import AnswerSheet, RespondentAnswer
from nassij.associations.api import Role
from nassij.common.errors import Conflict
from tests.governance_assessment.helpers import INSTRUMENT_FILE, level, save
from tests.governance_assessment.test_concurrency import HANDS, at_once
from tests.governance_assessment.test_sheets import check, plan_of, sheet_of
from tests.nassij.associations import factories

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people():
    api.load_instrument_file(INSTRUMENT_FILE, publish=True)
    association = factories.make_association()
    president = factories.make_member(association, role=Role.PRESIDENT)
    return [president, *(factories.make_member(association) for _ in range(HANDS - 1))], association


@pytest.fixture
def opened(people):
    members, association = people
    return api.open_round(user_id=members[0].pk, association_id=association.id, kind="full")


def filled(member, opened):
    sheet = sheet_of(member, opened)
    for code in list(sheet.rows)[:20]:
        sheet.put(code, 3)
    return sheet.content


def test_one_sheet_applied_by_many_hands_is_applied_once(people, opened):
    member = people[0][0]
    plan = plan_of(member, check(member, opened, filled(member, opened)))
    done = at_once(lambda _: api.apply_sheet(user_id=member.pk, sheet_uuid=plan.uuid, seen=plan.seen), range(HANDS))
    assert done == [20] * HANDS
    assert RespondentAnswer.objects.count() == 20


def test_the_same_file_of_many_people_is_one_voice(people, opened):
    members = people[0]
    content = filled(members[0], opened)
    plans = [(member, plan_of(member, check(member, opened, content))) for member in members]
    done = at_once(lambda one: api.apply_sheet(user_id=one[0].pk, sheet_uuid=one[1].uuid, seen=one[1].seen), plans)

    assert done.count(20) == 1
    assert {error.code for error in done if isinstance(error, Conflict)} == {"already_applied"}
    assert RespondentAnswer.objects.values("respondent").distinct().count() == 1
    assert AnswerSheet.objects.exclude(applied_at=None).count() == 1


def test_an_answer_given_at_the_same_moment_is_not_lost(people, opened):
    member = people[0][0]
    plan = plan_of(member, check(member, opened, filled(member, opened)))
    code = plan.lines[0].code

    def act(number):
        if number % 2:
            return save(member, opened, code, level(1))
        return api.apply_sheet(user_id=member.pk, sheet_uuid=plan.uuid, seen=plan.seen)

    at_once(act, range(HANDS))
    rows = RespondentAnswer.objects.filter(indicator_code=code)
    assert rows.count() == 1, "whoever was first stands, the other was told"
    assert RespondentAnswer.objects.count() in (1, 20)
