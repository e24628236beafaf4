"""The table of permissions, and the questions `may` and `require` answer from it."""

from unittest.mock import patch

import pytest
from django.utils import timezone

from nassij.associations import api, queries
from nassij.associations.api import Action, Capacity, Role
from nassij.associations.models import Association
from nassij.associations.permissions import ALLOWED
from nassij.common.errors import Forbidden, NotFound, NotSignedIn
from tests.nassij.associations import factories as make

pytestmark = pytest.mark.django_db

VIEW = {Action.VIEW_ASSOCIATION, Action.VIEW_RESULT, Action.VIEW_PLAN, Action.VIEW_APPLICATIONS}
MEMBER = VIEW | {Action.VIEW_EVIDENCE, Action.ANSWER_ROUND, Action.LEAVE, Action.FOLLOW_OWN_ACTION}
LEAD = MEMBER | {Action.SUBMIT_ROUND, Action.MANAGE_MEMBERS, Action.EDIT_PLAN, Action.EDIT_APPLICATIONS}
BUREAU = {Action.EDIT_ASSOCIATION, Action.VIEW_JOIN_CODE}
STEER = VIEW | {Action.VIEW_VALIDATION, Action.VIEW_COHORT, Action.ASSIGN_COACH, Action.IMPORT_ASSOCIATIONS}

# Written out a second time on purpose: a change of the table must be meant.
EXPECTED = {
    "president": LEAD | BUREAU,
    "secretary": MEMBER | BUREAU | {Action.EDIT_PLAN, Action.EDIT_APPLICATIONS},
    "treasurer": MEMBER | {Action.EDIT_PLAN, Action.EDIT_APPLICATIONS},
    "member": MEMBER,
    "lead": LEAD,
    "secretary and lead": LEAD | BUREAU,
    "coach": VIEW
    | {
        Action.VIEW_EVIDENCE,
        Action.VIEW_VALIDATION,
        Action.VALIDATE_ROUND,
        Action.REOPEN_ROUND,
        Action.REMARK_PLAN,
    },
    "coordinator": STEER | {Action.REOPEN_ROUND},
    "coordinator of all": STEER | {Action.REOPEN_ROUND},
    "operator": STEER,
}
NOBODY = (
    "member of another",
    "coach of another",
    "coordinator of another",
    "former",
    "former coach",
    "former coordinator",
    "stranger",
)


def person(kind: str, here, elsewhere):
    """An account that stands to `here` as `kind` says."""
    match kind:
        case "president" | "secretary" | "treasurer" | "member":
            return make.make_member(here, role=Role(kind))
        case "lead":
            return make.make_member(here, is_lead=True)
        case "secretary and lead":
            return make.make_member(here, role=Role.SECRETARY, is_lead=True)
        case "coach":
            return make.make_coach(here)
        case "coordinator":
            return make.make_coordinator(here)
        case "coordinator of all":
            return make.make_coordinator(everywhere=True)
        case "operator":
            return make.make_user(is_superuser=True)
        case "member of another":
            return make.make_member(elsewhere, role=Role.PRESIDENT, is_lead=True)
        case "coach of another":
            return make.make_coach(elsewhere)
        case "coordinator of another":
            return make.make_coordinator(elsewhere)
        case "former":
            return make.make_former_member(here)
        case "former coach":
            user = make.make_coach(here)
            api.end_coach(association_id=here.id, user_id=user.pk)
            return user
        case "former coordinator":
            cohort, user = make.make_cohort(here), make.make_user()
            api.assign_coordinator(user_id=user.pk, cohort_id=cohort.id)
            api.end_coordinator(user_id=user.pk, cohort_id=cohort.id)
            return user
        case "stranger":
            return make.make_user()
    raise AssertionError(kind)


@pytest.mark.parametrize("kind", EXPECTED)
@pytest.mark.parametrize("action", Action)
def test_matrix(kind, action):
    here, elsewhere = make.make_association(), make.make_association()
    user = person(kind, here, elsewhere)
    allowed = action in EXPECTED[kind]
    assert api.may(user_id=user.pk, action=action, association_id=here.id) is allowed
    if allowed:
        found = api.require(user_id=user.pk, action=action, association_uuid=here.uuid)
        assert (found.association_id, found.association_uuid, found.association_name) == (here.id, here.uuid, here.name)
    else:
        with pytest.raises(Forbidden):
            api.require(user_id=user.pk, action=action, association_id=here.id)
    if kind not in ("operator", "coordinator of all"):
        assert not api.may(user_id=user.pk, action=action, association_id=elsewhere.id)
        with pytest.raises(NotFound):
            api.require(user_id=user.pk, action=action, association_id=elsewhere.id)


@pytest.mark.parametrize("kind", NOBODY)
@pytest.mark.parametrize("action", Action)
def test_others_get_nothing(kind, action):
    here, elsewhere = make.make_association(), make.make_association()
    user = person(kind, here, elsewhere)
    assert not api.may(user_id=user.pk, action=action, association_id=here.id)
    with pytest.raises(NotFound):
        api.require(user_id=user.pk, action=action, association_id=here.id)
    assert api.access(user_id=user.pk, association_id=here.id) is None


@pytest.mark.parametrize("action", Action)
def test_anonymous_gets_nothing_without_a_query(action, django_assert_num_queries):
    here = make.make_association()
    with django_assert_num_queries(0):
        assert not api.may(user_id=None, action=action, association_id=here.id)
        with pytest.raises(NotSignedIn):
            api.require(user_id=None, action=action, association_id=here.id)
        assert api.memberships(user_id=None) == ()


@pytest.mark.parametrize("kind", ["president", "coach", "coordinator", "operator", "stranger"])
def test_one_query(kind, django_assert_num_queries):
    here, elsewhere = make.make_association(), make.make_association()
    for _ in range(5):
        make.make_member(here)
    user = person(kind, here, elsewhere)
    with django_assert_num_queries(1):
        api.may(user_id=user.pk, action=Action.VIEW_ASSOCIATION, association_id=here.id)
    with django_assert_num_queries(1):
        api.memberships(user_id=user.pk)


def test_several_capacities_add_up():
    here = make.make_association()
    user = make.make_member(here, role=Role.TREASURER)
    make.make_coordinator(here, user=user)
    found = api.require(user_id=user.pk, action=Action.VIEW_COHORT, association_id=here.id)
    assert found.role is Role.TREASURER
    assert found.as_coordinator
    assert not found.as_coach
    assert found.actions == EXPECTED["treasurer"] | EXPECTED["coordinator"]


def test_an_archived_association_is_there_for_nobody():
    from django.utils import timezone

    from nassij.associations.models import Association

    here = make.make_association()
    users = [person(kind, here, here) for kind in EXPECTED]
    Association.objects.filter(pk=here.id).update(archived_at=timezone.now())
    for user in users:
        assert api.access(user_id=user.pk, association_id=here.id) is None
        assert here.id not in {found.association_id for found in api.memberships(user_id=user.pk)}


def test_an_inactive_superuser_is_no_operator():
    here = make.make_association()
    user = make.make_user(is_superuser=True, is_active=False)
    assert api.access(user_id=user.pk, association_id=here.id) is None


def test_the_table_names_every_action_and_capacity():
    assert set(ALLOWED) == set(Capacity)
    assert frozenset().union(*ALLOWED.values()) == set(Action)


@pytest.mark.parametrize("kind", [*EXPECTED, *NOBODY])
def test_the_compiled_question_answers_as_the_orm_does(kind):
    here, elsewhere = make.make_association(), make.make_association()
    user = person(kind, here, elsewhere)
    for association in (here, elsewhere):
        row = queries.standing(user.pk, id=association.id).get()
        relation = {name: row[name] for name in ("role", "is_lead", "as_coach", "as_coordinator", "as_operator")}
        for key in ({"association_id": association.id}, {"association_uuid": association.uuid}):
            found = api.access(user_id=user.pk, **key)
            if found is None:
                assert not any(relation.values())
            else:
                assert {name: getattr(found, name) for name in relation} == relation | {"is_lead": bool(row["is_lead"])}
                assert (found.association_id, found.association_uuid) == (row["id"], row["uuid"])


def test_the_question_is_built_once(django_assert_num_queries):
    here = make.make_association()
    user = make.make_member(here)
    api.access(user_id=user.pk, association_id=here.id)
    with patch.object(queries, "standing", side_effect=AssertionError("built again")), django_assert_num_queries(1):
        assert api.access(user_id=user.pk, association_id=here.id).role is Role.MEMBER


def test_the_compiled_question_does_not_mix_up_its_values():
    here, elsewhere = make.make_association(), make.make_association()
    lead, coach = make.make_member(here, is_lead=True), make.make_coach(elsewhere)
    for _ in range(2):
        assert api.access(user_id=lead.pk, association_id=here.id).is_lead
        assert api.access(user_id=lead.pk, association_id=elsewhere.id) is None
        assert api.access(user_id=coach.pk, association_id=elsewhere.id).as_coach
        assert api.access(user_id=coach.pk, association_id=None) is None


def test_active_members_of_many_associations_cost_one_query(django_assert_num_queries):
    here, there, archived = (make.make_association() for _ in range(3))
    member, president = make.make_member(here), make.make_member(there, role=Role.PRESIDENT)
    make.make_member(there, member)
    make.make_former_member(here)
    make.make_coach(here)
    make.make_member(archived)
    Association.objects.filter(pk=archived.id).update(archived_at=timezone.now())

    with django_assert_num_queries(1):
        found = api.active_members(association_ids=[here.id, there.id, archived.id])

    assert found == {(here.id, member.pk), (there.id, member.pk), (there.id, president.pk)}
    assert api.active_members(association_ids=[]) == frozenset()


def test_the_names_of_many_associations_cost_one_query(django_assert_num_queries):
    here, there = make.make_association("جمعية"), make.make_association("أخرى", name_fr="Autre")

    with django_assert_num_queries(1):
        found = api.names_of(association_ids=[here.id, there.id, 987_654])

    assert found == {
        here.id: {"ar": "جمعية", "fr": "جمعية", "en": "جمعية"},
        there.id: {"ar": "أخرى", "fr": "Autre", "en": "Autre"},
    }
