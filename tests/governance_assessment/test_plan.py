"""The action plan: from a recommendation in one tap to done, by several people, without losing a word."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from governance_assessment import api
from governance_assessment.models import DueReminder, PlanItem
from governance_assessment.plan.data import FIELDS, OWN_FIELDS
from governance_assessment.retirement import retire_user
from nassij.associations.api import Relation, Role, next_steps
from nassij.associations.api import leave as leave_association
from nassij.common.audit import events_for
from nassij.common.errors import BadInput, Conflict, Forbidden, NotFound, NotSignedIn, Unprocessable
from nassij.common.links import guide_title, unit_title
from tests.governance_assessment.helpers import operation
from tests.governance_assessment.plans import add, change, in_days, plan, remark, submit, take
from tests.governance_assessment.test_permissions import PEOPLE
from tests.nassij.associations import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessed(full_round: Any, instrument: Any, president: Any, association: Any) -> Any:
    """The association, with a submitted result."""
    submit(president, full_round, instrument)
    return association


@pytest.fixture
def treasurer(association: Any) -> Any:
    return factories.make_member(association, role=Role.TREASURER)


def fresh(item: PlanItem) -> PlanItem:
    return PlanItem.objects.get(pk=item.pk)


# --- What is recommended ----------------------------------------------------------------------------------------


def test_before_a_result_nothing_is_recommended(association: Any, president: Any, instrument: Any) -> None:
    found = plan(president, association)
    assert (found.suggestions, found.is_assessed, found.projection, found.items) == ((), False, None, ())


def test_the_most_pressing_step_stands_first_in_the_readers_language(assessed: Any, president: Any) -> None:
    arabic, french = plan(president, assessed, "ar").suggestions, plan(president, assessed, "fr").suggestions
    assert [item.indicator_code for item in arabic] == [item.indicator_code for item in french]
    first = french[0]
    assert (first.indicator_code, first.from_level, first.to_level, first.urgent) == ("1.1", 1, 2, True)
    assert (first.from_name, first.to_name) == ("Démarrage", "En construction")
    assert first.title != arabic[0].title
    assert first.lesson is not None and first.lesson.url is None
    assert first.lesson.title == unit_title("law1-s3-u1", "fr")
    assert first.lesson.in_course == f"{first.lesson.title} (cours «\xa0Cadre juridique\xa0»)"
    assert first.guide == guide_title("G5", "fr")
    assert "8.6" not in {item.indicator_code for item in french}, "it is at the top"


def test_what_nobody_knows_is_to_be_found_out_and_it_says_how(assessed: Any, president: Any, instrument: Any) -> None:
    found = {item.indicator_code: item for item in plan(president, assessed, "fr").suggestions}
    step = found["2.3"]
    assert step.find_out
    assert (step.from_level, step.to_level, step.effort) == (None, None, 1)
    assert instrument.by_code["2.3"].title.in_language("fr") in step.title
    assert instrument.by_code["2.3"].evidence[0].in_language("fr") in step.text


def test_what_does_not_apply_is_not_recommended(assessed: Any, president: Any, instrument: Any) -> None:
    conditional = {found.code for found in instrument.all_indicators() if found.applies_if}
    assert conditional
    assert not conditional & {item.indicator_code for item in plan(president, assessed).suggestions}


def test_a_newer_result_recommends_the_step_after(assessed: Any, president: Any, instrument: Any) -> None:
    coach = factories.make_coach(assessed)
    last = api.rounds_of(user_id=president.pk, language="ar")[0]
    api.reopen_round(user_id=coach.pk, round_uuid=last.uuid, reason="تصحيح")
    discussed = api.discussion(user_id=president.pk, round_uuid=last.uuid, language="ar")
    api.settle(
        user_id=president.pk,
        association_id=assessed.id,
        round_uuid=last.uuid,
        indicator_code="1.1",
        answer={"kind": "level", "level": 3},
        note="",
        operation_id=operation(),
        revision=next(item.revision for item in discussed.items if item.code == "1.1"),
    )
    api.submit_round(user_id=president.pk, round_uuid=last.uuid)
    found = {item.indicator_code: item for item in plan(president, assessed).suggestions}
    assert (found["1.1"].from_level, found["1.1"].to_level, found["1.1"].urgent) == (3, 4, False)
    with pytest.raises(Conflict) as refused:
        take(president, assessed, "1.1", 1)
    assert refused.value.code == "recommendation_changed"


# --- One tap --------------------------------------------------------------------------------------------------


def test_one_tap_makes_an_action_of_a_recommendation(assessed: Any, president: Any) -> None:
    item = take(president, assessed)
    assert (item.indicator_code, item.from_level, item.to_level, item.state) == ("1.1", 1, 2, "todo")
    assert set(item.words) == {"ar", "fr", "en"}
    for language in item.words:
        (shown,) = plan(president, assessed, language).items
        assert shown.title == item.words[language]["title"]
        assert shown.what == item.words[language]["what"]
    (event,) = events_for(object_uuid=item.uuid)
    assert (event.action, event.actor_id, event.association_uuid) == ("plan.added", president.pk, assessed.uuid)


def test_twice_the_same_tap_is_one_action(assessed: Any, president: Any, treasurer: Any) -> None:
    assert take(president, assessed).uuid == take(president, assessed).uuid == take(treasurer, assessed).uuid
    assert PlanItem.objects.count() == 1
    assert len(events_for(association_uuid=assessed.uuid, limit=100)) >= 1
    assert [item.in_plan for item in plan(president, assessed).suggestions if item.indicator_code == "1.1"] == [True]


def test_a_step_that_was_finished_or_dropped_may_be_taken_again(assessed: Any, president: Any) -> None:
    first = take(president, assessed)
    change(president, first, state="dropped")
    second = take(president, assessed)
    assert first.uuid != second.uuid
    with pytest.raises(Conflict) as refused:
        change(president, first, state="doing")
    assert refused.value.code == "step_taken"
    assert fresh(first).state == "dropped"


def test_finding_out_can_be_planned_too(assessed: Any, president: Any) -> None:
    item = take(president, assessed, "2.3", None)
    assert (item.from_level, item.to_level) == (None, None)
    assert take(president, assessed, "2.3", None).uuid == item.uuid


@pytest.mark.parametrize(("code", "level"), [("1.1", 2), ("1.1", None), ("8.6", 4), ("9.9", 1), ("", 1)])
def test_only_what_is_recommended_now_can_be_taken(assessed: Any, president: Any, code: str, level: int | None) -> None:
    with pytest.raises(Conflict):
        take(president, assessed, code, level)
    assert not PlanItem.objects.exists()


# --- In one's own words -----------------------------------------------------------------------------------------


def test_an_action_of_ones_own_is_added_once_per_operation(association: Any, president: Any, instrument: Any) -> None:
    same = operation()
    values = {"title": "نجمع الوثائق", "owner_id": president.pk, "due_on": in_days(30)}
    first, again = (add(president, association, same, **values) for _ in range(2))
    assert first.uuid == again.uuid
    assert DueReminder.objects.filter(item=first).count() == 3
    with pytest.raises(Unprocessable):
        add(president, association, same, title="شيء آخر")
    assert PlanItem.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"note": "x" * 2001}, "note"),
        ({"owner_id": 987_654}, "owner_id"),
        ({"due_on": date(1999, 1, 1)}, "due_on"),
    ],
)
def test_what_is_wrong_is_named_at_its_field(
    association: Any, president: Any, instrument: Any, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Unprocessable) as refused:
        add(president, association, **changes)
    assert set(refused.value.extra["fields"]) == {field}
    item = add(president, association)
    with pytest.raises(Unprocessable):
        change(president, item, **changes)
    assert fresh(item).revision == 1


@pytest.mark.parametrize(
    "changes",
    [{"title": 3}, {"owner_id": "1"}, {"owner_id": True}, {"due_on": "2027-01-01"}, {"state": "x"}, {"uuid": "x"}],
)
def test_what_no_form_sends_is_refused(association: Any, president: Any, instrument: Any, changes: dict) -> None:
    item = add(president, association)
    for attempt in (lambda: change(president, item, **changes), lambda: add(president, association, **changes)):
        with pytest.raises(BadInput):
            attempt()


def test_the_owner_is_a_member_of_this_association(association: Any, president: Any, instrument: Any) -> None:
    elsewhere = factories.make_member(factories.make_association())
    for person in (elsewhere, factories.make_former_member(association), factories.make_coach(association)):
        with pytest.raises(Unprocessable):
            add(president, association, owner_id=person.pk)


# --- Changing, two at once ----------------------------------------------------------------------------------------


def test_a_change_is_stored_counted_and_traced(assessed: Any, president: Any, treasurer: Any) -> None:
    item = take(president, assessed)
    assert change(president, item, owner_id=treasurer.pk, due_on=in_days(20), note="مع البنك") == 2
    stored = fresh(item)
    assert (stored.owner_id, stored.due_on, stored.note, stored.title) == (treasurer.pk, in_days(20), "مع البنك", "")
    event = events_for(object_uuid=item.uuid)[0]
    assert (event.action, event.details) == (
        "plan.changed",
        {"fields": ["due_on", "note", "owner_id"], "state": "todo"},
    )


def test_sending_a_form_again_changes_nothing(assessed: Any, president: Any) -> None:
    item = take(president, assessed)
    assert change(president, item, 1, note="ملاحظة") == 2
    events = len(events_for(object_uuid=item.uuid))
    assert change(president, item, 1, note="ملاحظة") == 2  # delivered twice
    assert change(president, item, 2, note="ملاحظة ") == 2
    assert len(events_for(object_uuid=item.uuid)) == events


def test_whoever_saves_second_is_told_and_shown_both(assessed: Any, president: Any, treasurer: Any) -> None:
    item = take(president, assessed)
    change(president, item, 1, note="الأولى", state="doing")
    with pytest.raises(Conflict) as refused:
        change(treasurer, item, 1, note="الثانية", state="doing", proof="")
    assert refused.value.code == "stale_revision"
    assert refused.value.extra == {"yours": {"note": "الثانية"}, "stored": {"note": "الأولى"}, "revision": 2}
    assert fresh(item).note == "الأولى"
    assert change(treasurer, item, 2, note="الثانية") == 3  # knowingly


def test_the_words_of_the_recommendation_are_not_made_ones_own_by_saving(assessed: Any, president: Any) -> None:
    item = take(president, assessed)
    shown = plan(president, assessed, "fr").items[0]
    change(president, item, title=shown.title, what=shown.what, note="vu")
    assert (fresh(item).title, fresh(item).what) == ("", "")
    change(president, item, title="عنواننا")
    assert plan(president, assessed, "fr").items[0].title == "عنواننا"
    change(president, item, title="")
    assert plan(president, assessed, "fr").items[0].title == shown.title


def test_the_title_of_ones_own_action_cannot_be_emptied(association: Any, president: Any, instrument: Any) -> None:
    item = add(president, association)
    with pytest.raises(Unprocessable):
        change(president, item, title="")


def test_when_an_action_closed_is_kept_while_it_stays_closed(assessed: Any, president: Any) -> None:
    item = take(president, assessed)
    change(president, item, state="done")
    closed = fresh(item).closed_at
    assert closed
    change(president, item, proof="محضر 12 مارس")
    assert fresh(item).closed_at == closed
    change(president, item, state="doing")
    assert fresh(item).closed_at is None


def test_the_coachs_remark_disturbs_nobody_and_nobody_disturbs_it(assessed: Any, president: Any) -> None:
    coach, second = factories.make_coach(assessed), factories.make_coach(assessed)
    item = take(president, assessed)
    assert remark(coach, item, "ابدؤوا بالبنك", 0) == 1
    assert remark(coach, item, "ابدؤوا بالبنك", 0) == 1  # delivered twice
    assert change(president, item, 1, note="حسنا") == 2
    assert (fresh(item).remark, fresh(item).remark_revision) == ("ابدؤوا بالبنك", 1)
    with pytest.raises(Conflict) as refused:
        remark(second, item, "غير ذلك", 0)
    assert refused.value.extra["stored"] == {"remark": "ابدؤوا بالبنك"}
    with pytest.raises(Unprocessable):
        remark(coach, item, "x" * 2001)
    assert [event.action for event in events_for(object_uuid=item.uuid)].count("plan.remarked") == 1


# --- Order, counts, projection --------------------------------------------------------------------------------------


def test_late_ones_first_then_by_day_then_without_a_day_then_what_is_closed(
    association: Any, president: Any, instrument: Any
) -> None:
    wanted = {
        "very late": {"due_on": in_days(-9)},
        "late": {"due_on": in_days(-1), "state": "doing"},
        "today": {"due_on": in_days(0)},
        "soon": {"due_on": in_days(5)},
        "no day": {},
    }
    for title in ("no day", "soon", "today", "late", "very late"):
        add(president, association, title=title, **wanted[title])
    for title, state in (("was done", "done"), ("was dropped", "dropped"), ("was done later", "done")):
        change(president, add(president, association, title=title, due_on=in_days(-3)), state=state)
    found = plan(president, association)
    assert [item.title for item in found.items] == [*wanted, "was done later", "was done", "was dropped"]
    assert [item.title for item in found.items if item.is_late] == ["very late", "late"]
    assert found.counts == {"late": 2, "todo": 4, "doing": 1, "done": 2, "dropped": 1}


def test_the_projection_is_what_the_engine_says_of_the_planned_levels(
    full_round: Any, instrument: Any, president: Any, association: Any
) -> None:
    submit(president, full_round, instrument, {"*": 2})
    assert plan(president, association).projection is None
    for code in ("1.1", "1.2"):
        take(president, association, code, 2)
    dropped = take(president, association, "1.3", 2)
    change(president, dropped, state="dropped")
    change(president, take(president, association, "1.4", 2), state="done")
    found = plan(president, association, "fr").projection
    assert found is not None
    assert (found.steps, found.label_now) == (3, "En construction")
    weight = sum(instrument.by_code[code].weight for code in ("1.1", "1.2", "1.4"))
    section = next(
        section for section in instrument.sections if section.code in ("1", "D1") or section is instrument.sections[0]
    )
    asked = [found for found in section.all_indicators() if found.applies_if is None]
    share = (
        Fraction(weight, sum(found.weight for found in asked))
        * section.weight
        / sum(s.weight for s in instrument.sections)
    )
    assert found.now == Fraction(100, 3)
    assert found.planned - found.now == share * Fraction(100, 3)


def test_a_withheld_label_is_not_projected_nor_a_withheld_number(
    full_round: Any, instrument: Any, president: Any, association: Any
) -> None:
    submit(president, full_round, instrument)  # a critical indicator is not known
    take(president, association)
    found = plan(president, association).projection
    assert found is not None
    assert (found.label_now, found.label_planned) == ("", "")


def test_too_little_answered_gives_no_projection(
    full_round: Any, instrument: Any, president: Any, association: Any
) -> None:
    submit(president, full_round, instrument, {"*": {"kind": "dont_know"}, "1.1": 1})
    take(president, association)
    assert plan(president, association).projection is None


# --- Who may ----------------------------------------------------------------------------------------------------

OPERATIONS = {
    "view": lambda user, item, own: api.plan(user_id=user, association_uuid=item.association_uuid, language="ar"),
    "view_item": lambda user, item, own: api.plan_item(
        user_id=user, association_uuid=item.association_uuid, item_uuid=item.uuid, language="ar"
    ),
    "take": lambda user, item, own: api.take_recommendation(
        user_id=user, association_uuid=item.association_uuid, indicator_code="1.2", from_level=2
    ),
    "add": lambda user, item, own: api.add_plan_item(
        user_id=user, association_uuid=item.association_uuid, changes={"title": "x"}, operation_id=operation()
    ),
    "change": lambda user, item, own: _change(user, item, note="x"),
    "plan_own": lambda user, item, own: _change(user, own, due_on=in_days(3)),
    "follow_own": lambda user, item, own: _change(user, own, state="done", note="y", proof="z"),
    "remark": lambda user, item, own: api.remark_plan_item(
        user_id=user, association_uuid=item.association_uuid, item_uuid=item.uuid, text="x", revision=0
    ),
}
SEE = {"view", "view_item"}
EDIT = SEE | {"take", "add", "change", "plan_own", "follow_own"}
ALLOWED = {
    "president": EDIT,
    "secretary": EDIT,
    "treasurer": EDIT,
    "lead": EDIT,
    "member": SEE | {"follow_own"},
    "coach": SEE | {"remark"},
    "coordinator": SEE,
    "operator": SEE,
}
WHO = {**PEOPLE, "secretary": lambda association: factories.make_member(association, role=Role.SECRETARY)}


def _change(user_id: int | None, item: PlanItem, **changes: Any) -> int:
    return api.change_plan_item(
        user_id=user_id,
        association_uuid=item.association_uuid,
        item_uuid=item.uuid,
        changes=changes,
        revision=item.revision,
    )


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("who", WHO)
def test_who_may_do_what(who: str, name: str, assessed: Any, president: Any) -> None:
    """`own` is an action given to this very person, where that is possible."""
    person = WHO[who](assessed)
    user_id = person.pk if person else None
    item = take(president, assessed)
    is_member = who in ("president", "secretary", "treasurer", "lead", "member")
    own = add(president, assessed, owner_id=user_id if is_member else None)
    if not is_member and user_id is not None:
        PlanItem.objects.filter(pk=own.pk).update(owner_id=user_id)  # it was theirs once
    before = list(PlanItem.objects.order_by("pk").values())

    if name in ALLOWED.get(who, set()):
        OPERATIONS[name](user_id, item, own)
        return
    refusal = NotSignedIn if person is None else Forbidden if who in ALLOWED else NotFound
    with pytest.raises(refusal):
        OPERATIONS[name](user_id, item, own)
    assert list(PlanItem.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("field", [name for name in FIELDS if name not in OWN_FIELDS])
def test_whoever_an_action_was_given_to_says_how_far_it_is_and_no_more(
    field: str, association: Any, president: Any, member: Any, instrument: Any
) -> None:
    item = add(president, association, owner_id=member.pk)
    values = {"title": "x", "what": "x", "owner_id": None, "due_on": in_days(1)}
    with pytest.raises(Forbidden):
        change(member, item, state="done", **{field: values[field]})
    assert fresh(item).state == "todo"


def test_an_action_is_not_reached_through_another_association(
    association: Any, president: Any, instrument: Any
) -> None:
    other = factories.make_association()
    factories.make_member(other, president, role=Role.PRESIDENT)
    item = add(president, association)
    for attempt in (
        lambda: api.plan_item(user_id=president.pk, association_uuid=other.uuid, item_uuid=item.uuid, language="ar"),
        lambda: api.change_plan_item(
            user_id=president.pk, association_uuid=other.uuid, item_uuid=item.uuid, changes={"note": "x"}, revision=1
        ),
        lambda: api.plan_item(
            user_id=president.pk, association_uuid=association.uuid, item_uuid=uuid4(), language="ar"
        ),
    ):
        with pytest.raises(NotFound):
            attempt()


# --- People go --------------------------------------------------------------------------------------------------


def test_an_owner_who_left_is_shown_as_gone(association: Any, president: Any, member: Any, instrument: Any) -> None:
    item = add(president, association, owner_id=member.pk, due_on=in_days(3))
    leave_association(user_id=member.pk, association_id=association.id)
    (shown,) = plan(president, association).items
    assert (shown.owner_gone, shown.owner_name) == (True, "")
    assert change(president, item, note="x", state="doing") == 2  # the rest can still be written
    assert change(president, item, owner_id=president.pk) == 3


def test_a_retired_person_leaves_the_plan_and_gets_no_reminder(
    association: Any, president: Any, member: Any, instrument: Any
) -> None:
    item = add(president, association, owner_id=member.pk, due_on=in_days(30))
    assert DueReminder.objects.count() == 3
    retire_user(member.pk)
    assert fresh(item).owner_id is None
    assert not DueReminder.objects.exists()


# --- The home page ------------------------------------------------------------------------------------------------


def test_the_home_page_says_what_is_late(association: Any, president: Any, instrument: Any) -> None:
    def lines() -> list[tuple[str, str]]:
        own = Relation(association_id=association.id, is_member=True)
        steps = next_steps(relations=[own], language="en")[association.id]
        return [(str(step.text), step.state) for step in steps if "action" in step.text]

    with translation.override("en"):
        assert lines() == []
        for days in (5, 6):
            add(president, association, due_on=in_days(days))
        assert lines() == [("2 actions are planned.", "todo")]
        add(president, association, due_on=in_days(-1))
        assert lines() == [("1 action is late.", "attention")]


# --- What it costs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 40])
def test_a_plan_costs_four_queries_whatever_its_size(
    size: int, assessed: Any, president: Any, django_assert_num_queries: Any
) -> None:
    people = [factories.make_member(assessed) for _ in range(3)]
    for number in range(size):
        add(president, assessed, owner_id=people[number % 3].pk, due_on=in_days(number - 10))
    plan(president, assessed)  # the instrument and its recommendations are read once per process
    with django_assert_num_queries(4):
        plan(president, assessed)


def test_one_action_costs_four_queries(assessed: Any, president: Any, django_assert_num_queries: Any) -> None:
    item = take(president, assessed)
    with django_assert_num_queries(4):
        api.plan_item(user_id=president.pk, association_uuid=assessed.uuid, item_uuid=item.uuid, language="ar")
