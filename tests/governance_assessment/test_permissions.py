"""Who may do what: every operation for every relation to the association; and how many queries it takes."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from governance_assessment import api
from nassij.associations.api import Role
from nassij.common.errors import Forbidden, NotFound, NotSignedIn
from tests.governance_assessment.helpers import ALL_FALSE, fill, level, operation, set_profile
from tests.nassij.associations import factories

pytestmark = pytest.mark.django_db

PEOPLE = {
    "president": lambda association: factories.make_member(association, role=Role.PRESIDENT),
    "treasurer": lambda association: factories.make_member(association, role=Role.TREASURER),
    "member": factories.make_member,
    "lead": lambda association: factories.make_member(association, is_lead=True),
    "coach": factories.make_coach,
    "coordinator": lambda association: factories.make_coordinator(association),
    "operator": lambda association: factories.make_user(is_superuser=True),
    "former": factories.make_former_member,
    "stranger": lambda association: factories.make_member(factories.make_association(), role=Role.PRESIDENT),
    "stranger_too": lambda association: factories.make_member(factories.make_association()),
    "coach_elsewhere": lambda association: factories.make_coach(factories.make_association()),
    "nobody": lambda association: None,
}
OPERATIONS = {
    "sheet": lambda user, opened: api.sheet(
        user_id=user, association_id=opened.association_id, kind="full", language="ar"
    ),
    "save_answer": lambda user, opened: api.save_answer(
        user_id=user,
        association_id=opened.association_id,
        round_uuid=opened.uuid,
        indicator_code="1.1",
        answer=level(3),
        operation_id=operation(),
        revision=0,
    ),
    "save_sheet": lambda user, opened: api.save_sheet(
        user_id=user,
        association_id=opened.association_id,
        round_uuid=opened.uuid,
        answers={"1.1": level(3)},
        revisions={},
        operation_id=operation(),
    ),
    "set_profile": lambda user, opened: api.set_profile(
        user_id=user, association_id=opened.association_id, round_uuid=opened.uuid, answers=ALL_FALSE, revision=1
    ),
    "open_round": lambda user, opened: api.open_round(user_id=user, association_id=opened.association_id),
    "widen_round": lambda user, opened: api.widen_round(
        user_id=user, association_id=opened.association_id, round_uuid=opened.uuid
    ),
    "last_time": lambda user, opened: api.last_time(user_id=user, round_uuid=opened.uuid),
    "confirm_last_time": lambda user, opened: api.confirm_last_time(
        user_id=user, round_uuid=opened.uuid, codes=["1.1"], operation_id=operation()
    ),
    "result": lambda user, opened: api.result(user_id=user, round_uuid=opened.uuid, language="ar"),
    "submit_round": lambda user, opened: api.submit_round(user_id=user, round_uuid=opened.uuid),
    "comparison": lambda user, opened: api.comparison(user_id=user, round_uuid=opened.uuid),
    "evidence_of": lambda user, opened: api.evidence_of(user_id=user, round_uuid=opened.uuid, language="ar"),
    "add_evidence": lambda user, opened: api.add_evidence(
        user_id=user,
        round_uuid=opened.uuid,
        indicator_code="1.1",
        file=SimpleUploadedFile("a.pdf", b"%PDF-1.7\n%%EOF\n"),
    ),
    "answer_sheet": lambda user, opened: api.answer_sheet(user_id=user, round_uuid=opened.uuid, language="ar"),
    "sheet_round": lambda user, opened: api.sheet_round(user_id=user, round_uuid=opened.uuid),
    "history": lambda user, opened: api.history(user_id=user, round_uuid=opened.uuid),
    "participation": lambda user, opened: api.participation(user_id=user, round_uuid=opened.uuid),
    "reports": lambda user, opened: api.reports(user_id=user, round_uuid=opened.uuid),
    "trail": lambda user, opened: api.trail(user_id=user, round_uuid=opened.uuid),
    "discussion": lambda user, opened: api.discussion(user_id=user, round_uuid=opened.uuid, language="ar"),
    "start_discussion": lambda user, opened: api.start_discussion(user_id=user, round_uuid=opened.uuid),
}
WHILE_DISCUSSED = {
    "settle": lambda user, opened: api.settle(
        user_id=user,
        association_id=opened.association_id,
        round_uuid=opened.uuid,
        indicator_code="2.1",
        answer=level(2),
        note="",
        operation_id=operation(),
        revision=0,
    ),
    "discussion": OPERATIONS["discussion"],
    "back_to_answers": lambda user, opened: api.back_to_answers(user_id=user, round_uuid=opened.uuid),
    "submit_round": OPERATIONS["submit_round"],
}
ONCE_SUBMITTED = {
    "sheet": OPERATIONS["sheet"],
    "result": OPERATIONS["result"],
    "comparison": OPERATIONS["comparison"],
    "history": OPERATIONS["history"],
    "evidence_of": OPERATIONS["evidence_of"],
    "reports": OPERATIONS["reports"],
    "start_report": lambda user, opened: api.start_report(user_id=user, round_uuid=opened.uuid, language="ar"),
    "trail": OPERATIONS["trail"],
    "discussion": OPERATIONS["discussion"],
    "validation": lambda user, opened: api.validation(user_id=user, round_uuid=opened.uuid, language="ar"),
    "save_coach_answer": lambda user, opened: api.save_coach_answer(
        user_id=user,
        association_id=opened.association_id,
        round_uuid=opened.uuid,
        indicator_code="2.1",
        answer=level(2),
        operation_id=operation(),
        revision=0,
    ),
    "validate_round": lambda user, opened: api.validate_round(user_id=user, round_uuid=opened.uuid, confirm_rest=True),
    "reopen_round": lambda user, opened: api.reopen_round(user_id=user, round_uuid=opened.uuid, reason="x"),
}
ONCE_VALIDATED = {
    "result": OPERATIONS["result"],
    "validation": ONCE_SUBMITTED["validation"],
    "reopen_round": ONCE_SUBMITTED["reopen_round"],
    "close_round": lambda user, opened: api.close_round(user_id=user, round_uuid=opened.uuid),
}
SEE = {"sheet", "result", "comparison", "history", "participation", "reports", "start_report"}
TALK = SEE | {"discussion"}
ANSWER = TALK | {
    "evidence_of",
    "add_evidence",
    "answer_sheet",
    "sheet_round",
    "save_answer",
    "save_sheet",
    "set_profile",
    "open_round",
    "widen_round",
    "last_time",
    "confirm_last_time",
}
LEAD = ANSWER | {"submit_round", "start_discussion", "settle", "back_to_answers", "close_round"}
ALLOWED = {
    "president": LEAD,
    "lead": LEAD,
    "treasurer": ANSWER,
    "member": ANSWER,
    "coach": SEE | {"evidence_of", "validation", "trail", "save_coach_answer", "validate_round", "reopen_round"},
    "coordinator": SEE | {"validation", "trail", "reopen_round"},
    "operator": SEE | {"validation", "trail"},
}


@pytest.fixture
def ready_round(full_round, instrument, president):
    """A round that could be submitted."""
    opened = set_profile(president, full_round, ALL_FALSE)
    fill(president, opened, instrument, {"*": 3})
    return opened


def assert_who_may(who, name, operations, association, opened):
    person = PEOPLE[who](association)
    user_id = person.pk if person else None

    if name in ALLOWED.get(who, set()):
        operations[name](user_id, opened)
        return
    refusal = NotSignedIn if person is None else Forbidden if who in ALLOWED else NotFound
    with pytest.raises(refusal):
        operations[name](user_id, opened)


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_do_what_while_members_answer(who, name, association, ready_round):
    assert_who_may(who, name, OPERATIONS, association, ready_round)


@pytest.mark.parametrize("name", WHILE_DISCUSSED)
@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_do_what_while_they_discuss(who, name, association, ready_round, president):
    opened = api.start_discussion(user_id=president.pk, round_uuid=ready_round.uuid)
    assert_who_may(who, name, WHILE_DISCUSSED, association, opened)


@pytest.mark.parametrize("name", ONCE_SUBMITTED)
@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_do_what_once_it_is_submitted(who, name, association, submitted):
    assert_who_may(who, name, ONCE_SUBMITTED, association, submitted)


@pytest.mark.parametrize("name", ONCE_VALIDATED)
@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_do_what_once_it_is_validated(who, name, association, submitted, coach):
    validated = api.validate_round(user_id=coach.pk, round_uuid=submitted.uuid, confirm_rest=True)
    assert_who_may(who, name, ONCE_VALIDATED, association, validated)


@pytest.mark.parametrize("who", PEOPLE)
def test_what_a_page_offers_is_what_one_may(who, association, ready_round, president, coach):
    """`moves` of a result, in every state, against trying them."""
    person = PEOPLE[who](association)
    if person is None or who not in ALLOWED:
        return
    steps = [
        lambda: ready_round,
        lambda: api.start_discussion(user_id=president.pk, round_uuid=ready_round.uuid),
        lambda: api.submit_round(user_id=president.pk, round_uuid=ready_round.uuid),
        lambda: api.validate_round(user_id=coach.pk, round_uuid=ready_round.uuid, confirm_rest=True),
        lambda: api.close_round(user_id=president.pk, round_uuid=ready_round.uuid),
    ]
    by_state = {
        "draft": {"start_discussion", "submit"},
        "consensus": {"back_to_answers", "submit"},
        "submitted": {"validate", "reopen"},
        "validated": {"reopen", "close"},
        "closed": set(),
    }
    names = {"submit": "submit_round", "validate": "validate_round", "reopen": "reopen_round", "close": "close_round"}
    for step in steps:
        opened = step()
        shown = api.result(user_id=person.pk, round_uuid=opened.uuid, language="ar")
        may = {move for move in by_state[opened.state] if names.get(move, move) in ALLOWED[who]}
        assert shown.moves == may


@pytest.mark.parametrize("round_uuid", [uuid.uuid4(), "no-uuid", ""])
def test_a_round_that_does_not_exist_is_not_found(round_uuid, association, instrument, member):
    with pytest.raises(NotFound):
        api.result(user_id=member.pk, round_uuid=round_uuid, language="ar")
    with pytest.raises(NotFound):
        api.save_answer(
            user_id=member.pk,
            association_id=association.id,
            round_uuid=round_uuid,
            indicator_code="1.1",
            answer=level(3),
            operation_id=operation(),
            revision=0,
        )


def test_a_round_is_not_reached_through_another_association(full_round, member):
    """A member of two associations names one and the round of the other."""
    other = factories.make_association()
    factories.make_member(other, member)

    for name in ("save_answer", "save_sheet", "set_profile", "widen_round"):
        wrong = type(full_round)(**{**vars(full_round), "association_id": other.id})
        with pytest.raises(NotFound):
            OPERATIONS[name](member.pk, wrong)


def test_the_list_of_rounds_is_ones_own(full_round, association, member):
    mine = api.rounds_of(user_id=member.pk, language="ar")
    stranger = factories.make_member(factories.make_association())

    assert [found.uuid for found in mine] == [full_round.uuid]
    assert mine[0].association_name == association.name
    assert api.rounds_of(user_id=stranger.pk, language="ar") == ()
    with pytest.raises(NotSignedIn):
        api.rounds_of(user_id=None, language="ar")


# --- What it costs --------------------------------------------------------------------------------------


@pytest.mark.parametrize("members", [1, 30])
@pytest.mark.parametrize("answered", [5, 48])
def test_a_sheet_costs_three_queries_whatever_its_size(
    members, answered, association, full_round, instrument, member, django_assert_num_queries
):
    codes = [indicator.code for indicator in instrument.all_indicators()][:answered]
    for person in [member, *(factories.make_member(association) for _ in range(members - 1))]:
        fill(person, full_round, instrument, dict.fromkeys(codes, 3))

    with django_assert_num_queries(3):
        found = api.sheet(user_id=member.pk, association_id=association.id, kind="full", language="ar")

    assert found.progress.answered == answered


def test_saving_costs_four_queries_in_one_transaction(full_round, member, django_assert_num_queries):
    OPERATIONS["sheet"](member.pk, full_round)
    with django_assert_num_queries(6) as captured:  # four, and the savepoint that stands for the transaction in a test
        OPERATIONS["save_answer"](member.pk, full_round)

    said = [query["sql"].split()[0] for query in captured.captured_queries]
    assert said == ["SELECT", "SAVEPOINT", "UPDATE", "SELECT", "INSERT", "RELEASE"]


def test_a_whole_sheet_costs_no_more_queries_than_a_few_answers(
    full_round, instrument, member, django_assert_num_queries
):
    OPERATIONS["sheet"](member.pk, full_round)
    with django_assert_num_queries(7):  # five, and the savepoint
        fill(member, full_round, instrument, {"*": 3})


def test_a_second_rounds_result_costs_one_query_more_and_a_discussed_one_as_well(
    submitted, instrument, association, president, django_assert_num_queries
):
    """The round before, for what changed; and the answers that were settled."""
    with django_assert_num_queries(3):
        OPERATIONS["result"](president.pk, submitted)
    following = api.open_round(user_id=president.pk, association_id=association.id, kind="full")
    fill(president, following, instrument, {"*": 4})

    with django_assert_num_queries(4):
        OPERATIONS["result"](president.pk, following)
    api.start_discussion(user_id=president.pk, round_uuid=following.uuid)
    with django_assert_num_queries(5):
        OPERATIONS["result"](president.pk, following)
    with django_assert_num_queries(3):
        OPERATIONS["history"](president.pk, following)
    api.submit_round(user_id=president.pk, round_uuid=following.uuid)
    with django_assert_num_queries(3):
        found = api.result(user_id=president.pk, round_uuid=following.uuid, language="ar")
    assert found.previous.previous_number == 1


def test_a_result_costs_three_queries(full_round, instrument, president, member, django_assert_num_queries):
    for person in (president, member):
        fill(person, full_round, instrument, {"*": 3})

    with django_assert_num_queries(3):
        OPERATIONS["result"](member.pk, full_round)
