"""Two people join at once, and the database gives up on one of them: nobody is told, it is tried again inside."""

import pytest
from django.db import connection
from django.urls import get_resolver, reverse

from nassij.associations import accompaniment, api, writes
from nassij.associations.api import Role
from nassij.associations.models import Association, Invitation, Membership
from nassij.common import idempotency
from nassij.common.errors import NotNow
from nassij.common.models import AuditEvent
from tests.deadlocks import deadlock_at
from tests.nassij.associations import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(idempotency.time, "sleep", lambda _seconds: None)


@pytest.fixture
def here():
    return make.make_association()


@pytest.fixture
def president(here):
    return make.make_member(here, role=Role.PRESIDENT)


@pytest.fixture
def member(here, president):
    return make.make_member(here)


def code_of(here):
    return Association.objects.get(pk=here.id).join_code


def change_member(here, president, member):
    membership = make.membership_of(member, here)
    api.set_member(
        actor_id=president.pk,
        association_id=here.id,
        membership_uuid=membership.uuid,
        role=Role.TREASURER,
        is_lead=True,
    )


def end_member(here, president, member):
    membership = make.membership_of(member, here)
    api.end_membership(actor_id=president.pk, association_id=here.id, membership_uuid=membership.uuid)


def claim(here, president, member):
    user = make.make_user(email="invited@example.org")
    Invitation.objects.create(association_id=here.id, email="invited@example.org")
    return lambda: api.claim_invitations(user_id=user.pk)


def coached(here):
    coach = make.make_coach(here)
    return lambda: api.end_coach(association_id=here.id, user_id=coach.pk)


def coordinated(here):
    return lambda: api.end_coordinator(user_id=make.make_coordinator(everywhere=True).pk)


# Each makes what is needed and returns the write.
WRITES = {
    "create_association": lambda h, p, m: lambda: api.create_association(name="ج", province="safi", president_id=m.pk),
    "update_association": lambda h, p, m: (
        lambda: api.update_association(actor_id=p.pk, association_uuid=h.uuid, changes={"commune": "x"})
    ),
    "rotate_join_code": lambda h, p, m: lambda: api.rotate_join_code(actor_id=p.pk, association_id=h.id),
    "join": lambda h, p, m: (lambda user: lambda: api.join(user_id=user.pk, code=code_of(h)))(make.make_user()),
    "add_member": lambda h, p, m: (lambda user: lambda: api.add_member(association_id=h.id, user_id=user.pk))(
        make.make_user()
    ),
    "set_member": lambda h, p, m: lambda: change_member(h, p, m),
    "end_membership": lambda h, p, m: lambda: end_member(h, p, m),
    "leave": lambda h, p, m: lambda: api.leave(user_id=m.pk, association_id=h.id),
    "claim_invitations": claim,
    "create_cohort": lambda h, p, m: lambda: api.create_cohort(code="new"),
    "add_to_cohort": lambda h, p, m: (
        lambda cohort: lambda: api.add_to_cohort(association_id=h.id, cohort_id=cohort.id)
    )(make.make_cohort()),
    "remove_from_cohort": lambda h, p, m: (
        lambda cohort: lambda: api.remove_from_cohort(association_id=h.id, cohort_id=cohort.id)
    )(make.make_cohort(h)),
    "assign_coach": lambda h, p, m: (lambda user: lambda: api.assign_coach(association_id=h.id, user_id=user.pk))(
        make.make_user()
    ),
    "end_coach": lambda h, p, m: coached(h),
    "assign_coordinator": lambda h, p, m: (lambda user: lambda: api.assign_coordinator(user_id=user.pk))(
        make.make_user()
    ),
    "end_coordinator": lambda h, p, m: (lambda user: lambda: api.end_coordinator(user_id=user.pk))(
        make.make_coordinator(everywhere=True)
    ),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_deadlock_at_any_write_is_tried_again(name, here, president, member):
    act = WRITES[name](here, president, member)
    before = AuditEvent.objects.count()
    with deadlock_at(2) as seen:  # the second write: the first has to be undone
        act()
    assert next(seen) > 4, "it was not done from the beginning"
    assert AuditEvent.objects.count() - before == (2 if name == "create_association" else 1)


def test_every_write_is_here():
    """Those that a person's page or another app calls; `appoint_` and `dismiss_coach` ask, then call one of them."""
    found = {
        name
        for module in (writes, accompaniment)
        for name, function in vars(module).items()
        if hasattr(function, "__wrapped__") and function.__module__ == module.__name__
    }
    assert found == set(WRITES) - {"join"}


def test_what_the_database_refuses_again_and_again_is_not_now(here, monkeypatch):
    monkeypatch.setattr(idempotency, "ATTEMPTS", 1)
    user = make.make_user()
    with deadlock_at(1), pytest.raises(NotNow):
        api.join(user_id=user.pk, code=code_of(here))
    assert not Membership.objects.filter(user=user).exists()


def test_a_page_tries_again_also_where_the_platform_puts_requests_in_a_transaction(client, here, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    user = make.make_user()
    client.force_login(user)
    with deadlock_at(1):
        response = client.post(reverse("nassij_associations:join"), {"code": code_of(here)})
    assert response.status_code == 302
    assert Membership.active.filter(user=user, association_id=here.id).exists()


# Views that only read, and answer in another way than with a page.
READING = {"data_schema", "job_state", "set_language"}


def named_views(resolver):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from named_views(pattern)
        elif not hasattr(pattern.callback, "cls"):  # the API only reads
            yield pattern.name, pattern.callback


def test_every_page_brings_its_own_transactions():
    root = get_resolver()
    ours = ("nassij_common", "nassij_associations", "nassij_governance")
    views = dict(found for namespace in ours for found in named_views(root.namespace_dict[namespace][1]))
    assert len(views) > 40
    inside = {name for name, view in views.items() if "default" not in getattr(view, "_non_atomic_requests", ())}
    assert inside <= READING, inside - READING
