"""A deadlock is no answer to a person: whatever the database gives up on is tried again inside, as one whole transaction."""

import pytest

from governance_assessment import api
from governance_assessment.models import PlanItem
from nassij.common import idempotency
from tests.deadlocks import deadlock_at
from tests.governance_assessment.helpers import (
    ALL_FALSE,
    ALL_TRUE,
    coach_says,
    fill,
    level,
    operation,
    save,
    set_profile,
    settle,
)
from tests.governance_assessment.plans import add, change, remark, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(idempotency.time, "sleep", lambda _seconds: None)


class Site:
    """An association at each stage at which something can be written; made on demand, since few tests need all."""

    def __init__(self, opened, instrument, association, president, member, coach):
        self.opened, self.instrument, self.association = opened, instrument, association
        self.president, self.member, self.coach = president, member, coach

    def answered(self):
        opened = set_profile(self.president, self.opened, ALL_FALSE)
        fill(self.president, opened, self.instrument, {"*": 2})
        return opened

    def discussed(self):
        return api.start_discussion(user_id=self.president.pk, round_uuid=self.answered().uuid)

    def submitted(self):
        return api.submit_round(user_id=self.president.pk, round_uuid=self.answered().uuid)

    def validated(self):
        done = self.submitted()
        return api.validate_round(user_id=self.coach.pk, round_uuid=done.uuid, confirm_rest=True)

    def lead(self, move, opened, **more):
        return lambda: getattr(api, move)(user_id=self.president.pk, round_uuid=opened.uuid, **more)


WRITES = {
    "save_answer": lambda s: lambda: save(s.member, s.opened, "1.1", level(3)),
    "save_sheet": lambda s: lambda: fill(s.member, s.opened, s.instrument, {"1.1": 2, "1.3": 3}),
    "set_profile": lambda s: lambda: set_profile(s.member, s.opened, ALL_TRUE),
    "start_discussion": lambda s: s.lead("start_discussion", s.answered()),
    "back_to_answers": lambda s: s.lead("back_to_answers", s.discussed()),
    "settle": lambda s: (lambda opened: lambda: settle(s.president, opened, "1.1", level(3)))(s.discussed()),
    "submit_round": lambda s: s.lead("submit_round", s.answered()),
    "save_coach_answer": lambda s: (lambda done: lambda: coach_says(s.coach, done, "1.1", level(1)))(s.submitted()),
    "validate_round": lambda s: (
        lambda done: lambda: api.validate_round(user_id=s.coach.pk, round_uuid=done.uuid, confirm_rest=True)
    )(s.submitted()),
    "reopen_round": lambda s: (
        lambda done: lambda: api.reopen_round(user_id=s.coach.pk, round_uuid=done.uuid, reason="x")
    )(s.submitted()),
    "close_round": lambda s: s.lead("close_round", s.validated()),
    "open_round": lambda s: (
        s.validated() and (lambda: api.open_round(user_id=s.president.pk, association_id=s.association.id))
    ),
    "take_recommendation": lambda s: s.submitted() and (lambda: take(s.president, s.association, "1.1", 2)),
    "add_plan_item": lambda s: lambda: add(s.president, s.association, operation()),
    "change_plan_item": lambda s: (lambda item: lambda: change(s.president, item, state="done"))(
        add(s.president, s.association)
    ),
    "remark_plan_item": lambda s: (lambda item: lambda: remark(s.coach, item))(add(s.president, s.association)),
}


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("write", [1, 2])
def test_a_deadlock_at_any_write_is_tried_again(
    name, write, full_round, instrument, association, president, member, coach
):
    site = Site(full_round, instrument, association, president, member, coach)
    act = WRITES[name](site)
    with deadlock_at(write) as seen:
        act()
    assert next(seen) > write, "nothing was written"


def test_widening_at_a_deadlock(express_round, association, member):
    with deadlock_at(1):
        wide = api.widen_round(user_id=member.pk, association_id=association.id, round_uuid=express_round.uuid)
    assert wide.kind == "full"


def test_every_write_of_the_api_is_here():
    others = {"start_report", "open_evidence"}  # a job, which has its own tests; a reading
    writing = {
        name
        for name in api.__all__
        if name.startswith(("save_", "set_", "start_", "back_", "submit_", "validate_", "reopen_", "close_", "open_"))
        or name in ("settle", "take_recommendation", "add_plan_item", "change_plan_item", "remark_plan_item")
    }
    assert writing - others == WRITES.keys()
    assert PlanItem.objects.count() == 0
