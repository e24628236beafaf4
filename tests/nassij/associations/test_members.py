"""Joining, leaving, roles, invitations, retirement: what happens to memberships."""

import threading

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from nassij.associations import api, codes
from nassij.associations.api import Role
from nassij.associations.models import (
    Association,
    AssociationImport,
    CoachAssignment,
    CoordinatorAssignment,
    Invitation,
    Membership,
)
from nassij.associations.people import account_called
from nassij.common import audit
from nassij.common.errors import BadInput, Conflict, Forbidden, NassijError, NotFound, NotSignedIn
from nassij.common.retirement import retire
from tests.nassij.associations import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_attempts_yet():
    cache.clear()


def code_of(association):
    return Association.objects.get(pk=association.id).join_code


def actions(association):
    return [event.action for event in audit.events_for(association_uuid=association.uuid)]


@pytest.mark.parametrize(
    "write",
    [
        str,
        codes.shown,
        lambda code: f"  {code[:3]}-{code[3:]} ",
        lambda code: code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        lambda code: code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
        lambda code: code.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        lambda code: f"\u200f{code}\u202c",
    ],
)
def test_join_however_the_code_is_typed(write):
    here, user = make.make_association(), make.make_user()
    membership, is_new = api.join(user_id=user.pk, code=write(code_of(here)))
    assert is_new
    assert (membership.association_id, membership.role, membership.is_lead) == (here.id, Role.MEMBER, False)
    assert actions(here)[0] == "associations.member_joined"


def test_joining_twice_changes_nothing():
    here, user = make.make_association(), make.make_user()
    make.make_member(here, user, role=Role.TREASURER, is_lead=True)
    membership, is_new = api.join(user_id=user.pk, code=code_of(here))
    assert not is_new
    assert (membership.role, membership.is_lead) == (Role.TREASURER, True)
    assert Membership.objects.count() == 1
    assert actions(here).count("associations.member_joined") == 1


def test_guessing_codes_is_stopped(settings):
    here, user = make.make_association(), make.make_user()
    for _ in range(settings.NASSIJ_JOIN_ATTEMPTS):
        with pytest.raises(BadInput):
            api.join(user_id=user.pk, code="0000000000")
    with pytest.raises(NassijError) as caught:
        api.join(user_id=user.pk, code=code_of(here))
    assert caught.value.status == 429
    assert caught.value.code == "too_many_attempts"
    assert api.memberships(user_id=user.pk) == ()
    other = make.make_user()
    assert api.join(user_id=other.pk, code=code_of(here))[1]


def test_guessing_from_many_threads_is_stopped_too(settings):
    from nassij.associations import throttle

    refused = []

    def guess():
        try:
            throttle.count_attempt(7)
        except NassijError:
            refused.append(1)

    threads = [threading.Thread(target=guess) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 40 - settings.NASSIJ_JOIN_ATTEMPTS


def test_right_codes_do_not_count(settings):
    here, user = make.make_association(), make.make_user()
    for _ in range(3 * settings.NASSIJ_JOIN_ATTEMPTS):
        api.join(user_id=user.pk, code=code_of(here))


def test_a_known_code_buys_no_further_guesses(settings):
    here, user = make.make_association(), make.make_user()
    for _ in range(settings.NASSIJ_JOIN_ATTEMPTS):
        api.join(user_id=user.pk, code=code_of(here))
        with pytest.raises(BadInput):
            api.join(user_id=user.pk, code="1")
    with pytest.raises(NassijError) as caught:
        api.join(user_id=user.pk, code="1")
    assert caught.value.status == 429


@pytest.mark.parametrize("code", ["", "abc", "١", "9" * 500, "\x00", "👍"])
def test_strange_codes_are_wrong_codes(client, code):
    make.make_association()
    user = make.make_user()
    client.force_login(user)
    response = client.post(reverse("nassij_associations:join"), {"code": code})
    assert response.status_code in (400, 422)
    assert api.memberships(user_id=user.pk) == ()


def test_join_page(client, settings):
    here, user = make.make_association(), make.make_user()
    client.force_login(user)
    url = reverse("nassij_associations:join")
    response = client.post(url, {"code": codes.shown(code_of(here))})
    assert response["Location"] == reverse("nassij_associations:association", kwargs={"uuid": here.uuid})
    for _ in range(settings.NASSIJ_JOIN_ATTEMPTS):
        assert client.post(url, {"code": "1"}).status_code == 400
    assert client.post(url, {"code": "1"}).status_code == 429


def test_an_archived_or_renewed_code_opens_nothing():
    from django.utils import timezone

    here, user = make.make_association(), make.make_user()
    head = make.make_member(here, role=Role.PRESIDENT)
    old = code_of(here)
    new = api.rotate_join_code(actor_id=head.pk, association_id=here.id)
    assert new == code_of(here) != old
    with pytest.raises(BadInput):
        api.join(user_id=user.pk, code=old)
    Association.objects.filter(pk=here.id).update(archived_at=timezone.now())
    with pytest.raises(BadInput):
        api.join(user_id=user.pk, code=new)


def test_nobody_joins_or_leaves_anonymously():
    here = make.make_association()
    with pytest.raises(NotSignedIn):
        api.join(user_id=None, code=code_of(here))
    with pytest.raises(NotSignedIn):
        api.leave(user_id=None, association_id=here.id)


def test_leaving_keeps_history_and_allows_coming_back():
    here = make.make_association()
    user = make.make_member(here, role=Role.TREASURER)
    api.leave(user_id=user.pk, association_id=here.id)
    assert api.memberships(user_id=user.pk) == ()
    with pytest.raises(NotFound):
        api.leave(user_id=user.pk, association_id=here.id)
    api.join(user_id=user.pk, code=code_of(here))
    assert [(row.role, row.is_active) for row in Membership.objects.order_by("pk")] == [
        ("treasurer", False),
        ("member", True),
    ]


def test_one_active_membership_in_the_database_itself():
    here = make.make_association()
    user = make.make_member(here)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(association_id=here.id, user=user)
    for _ in range(3):
        api.leave(user_id=user.pk, association_id=here.id)
        api.join(user_id=user.pk, code=code_of(here))
    assert Membership.active.count() == 1
    assert Membership.objects.count() == 4


def test_a_faster_request_wins(monkeypatch):
    """Another request joins the same person between the look and the insert: the unique slot decides, nobody gets an error."""
    from nassij.associations import writes

    here, user = make.make_association(), make.make_user()
    look = CoachAssignment.active.filter
    faster = []

    def meanwhile(**values):
        if not faster:
            faster.append(Membership.objects.create(association_id=here.id, user=user))
        return look(**values)

    monkeypatch.setattr(CoachAssignment.active, "filter", meanwhile)
    row, is_new = writes.add_member(association_id=here.id, user_id=user.pk)
    assert (row, is_new) == (faster[0], False)
    assert Membership.active.count() == 1


def test_roles_are_changed_by_those_who_manage():
    here = make.make_association()
    head = make.make_member(here, role=Role.PRESIDENT)
    lead = make.make_member(here, is_lead=True)
    other = make.make_member(here)
    target = make.membership_of(other, here).uuid
    with pytest.raises(Forbidden):
        api.set_member(
            actor_id=other.pk, association_id=here.id, membership_uuid=target, role=Role.PRESIDENT, is_lead=True
        )
    changed = api.set_member(
        actor_id=lead.pk, association_id=here.id, membership_uuid=target, role=Role.TREASURER, is_lead=True
    )
    assert (changed.role, changed.is_lead) == (Role.TREASURER, True)
    before = len(actions(here))
    api.set_member(actor_id=head.pk, association_id=here.id, membership_uuid=target, role=Role.TREASURER, is_lead=True)
    assert len(actions(here)) == before
    api.end_membership(actor_id=head.pk, association_id=here.id, membership_uuid=target)
    with pytest.raises(NotFound):
        api.end_membership(actor_id=head.pk, association_id=here.id, membership_uuid=target)
    assert actions(here)[0] == "associations.member_removed"


def test_a_coach_is_no_member_and_a_member_no_coach():
    here = make.make_association()
    coach, member = make.make_coach(here), make.make_member(here)
    with pytest.raises(Conflict):
        api.join(user_id=coach.pk, code=code_of(here))
    with pytest.raises(Conflict):
        api.assign_coach(association_id=here.id, user_id=member.pk)


def test_assignments_are_idempotent_and_end():
    here = make.make_association()
    coach, coordinator = make.make_user(), make.make_user()
    for _ in range(2):
        api.assign_coach(association_id=here.id, user_id=coach.pk)
        api.assign_coordinator(user_id=coordinator.pk)
    assert CoachAssignment.active.count() == CoordinatorAssignment.active.count() == 1
    assert api.end_coach(association_id=here.id, user_id=coach.pk)
    assert not api.end_coach(association_id=here.id, user_id=coach.pk)
    assert api.end_coordinator(user_id=coordinator.pk)
    assert not api.end_coordinator(user_id=coordinator.pk)
    cohort = make.make_cohort(here)
    assert not api.add_to_cohort(association_id=here.id, cohort_id=cohort.id)
    assert api.remove_from_cohort(association_id=here.id, cohort_id=cohort.id)
    assert not api.remove_from_cohort(association_id=here.id, cohort_id=cohort.id)
    with pytest.raises(IntegrityError), transaction.atomic():
        CoordinatorAssignment.objects.create(user=coach)
        CoordinatorAssignment.objects.create(user=coach)


def invite(association, email, role=Role.PRESIDENT):
    return Invitation.objects.create(association_id=association.id, email=email, role=role.value, is_lead=True)


def test_an_invitation_becomes_a_membership_at_login(client):
    here = make.make_association()
    invite(here, "fatima@example.org")
    user = make.make_user("fatima", email="Fatima@Example.org")
    assert client.login(username="fatima", password="pass")
    found = api.access(user_id=user.pk, association_id=here.id)
    assert (found.role, found.is_lead) == (Role.PRESIDENT, True)
    assert not Invitation.objects.exists()


def test_a_fault_of_ours_keeps_nobody_from_logging_in(client, monkeypatch):
    from nassij.associations import writes

    def fails(**values):
        raise RuntimeError("a fault")

    monkeypatch.setattr(writes, "claim_invitations", fails)
    make.make_user("fatima")
    assert client.login(username="fatima", password="pass")


def test_an_unverified_address_claims_nothing_until_it_is_verified(client):
    here = make.make_association()
    invite(here, "fatima@example.org")
    user = make.make_user("fatima", is_active=False)
    assert api.claim_invitations(user_id=user.pk) == ()
    user.is_active = True
    user.save()
    client.force_login(user)
    assert here.name in client.get(reverse("nassij_associations:home")).content.decode()


def test_an_empty_address_claims_nothing():
    user = make.make_user("nomail", email="")
    assert api.claim_invitations(user_id=user.pk) == ()


def test_retirement_detaches_everywhere():
    here = make.make_association()
    user = make.make_member(here, make.make_user("leaver"), role=Role.TREASURER)
    elsewhere = make.make_association()
    make.make_coach(elsewhere, user)
    make.make_coordinator(here, user=user)
    invite(elsewhere, "leaver@example.org")
    named = AssociationImport.objects.create(file_name="a", rows=[{"row": 2, "person_email": "Leaver@example.org"}])
    unnamed = AssociationImport.objects.create(
        file_name="b", rows=[{"row": 2, "person_email": "x@example.org"}], owner=user
    )
    for _ in range(2):
        retire(user_id=user.pk)
    for model in (Membership, CoachAssignment, CoordinatorAssignment):
        assert not model.objects.filter(user=user).exists()
        row = model.objects.get()
        assert row.active_slot is None
        assert getattr(row, model.end_field) is not None
    assert not Invitation.objects.exists()
    assert not AssociationImport.objects.filter(pk=named.pk).exists()
    unnamed.refresh_from_db()
    assert (unnamed.owner_id, unnamed.rows) == (None, [])
    assert api.access(user_id=user.pk, association_id=here.id) is None
    assert api.members(association_id=here.id) == ()
    assert "leaver" not in str([event.details for event in audit.events_for(association_uuid=here.uuid)])


def test_retirement_knows_the_former_address():
    here = make.make_association()
    invite(here, "old@example.org")
    user = make.make_user("retired", email="retired__x@retired.invalid")
    api.retire_user(user.pk, former_emails=["Old@example.org"])
    assert not Invitation.objects.exists()


def test_a_deleted_account_is_detached():
    here = make.make_association()
    user = make.make_member(here)
    user.delete()
    row = Membership.objects.get()
    assert (row.user_id, row.active_slot) == (None, None)
    assert row.left_at is not None
    assert api.members(association_id=here.id) == ()


def test_codes_are_digits_and_do_not_repeat():
    made = {codes.new_join_code() for _ in range(500)}
    assert len(made) == 500
    assert all(len(code) == codes.LENGTH and code.isdigit() and code[0] != "0" for code in made)


@pytest.mark.django_db(transaction=True)
def test_many_join_at_once_on_a_real_database():
    """Eight threads, one person, one association: one membership. SQLite in memory has one connection: there it is sequential."""
    here, user = make.make_association(), make.make_user()
    failures = []

    def go():
        from django.db import connection as mine

        try:
            api.add_member(association_id=here.id, user_id=user.pk)
        except Exception as error:
            failures.append(error)
        finally:
            mine.close()

    if connection.vendor == "sqlite":
        for _ in range(8):
            api.add_member(association_id=here.id, user_id=user.pk)
    else:
        threads = [threading.Thread(target=go) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    assert Membership.active.filter(association_id=here.id, user=user).count() == 1


@pytest.mark.parametrize(
    "address", ["user@exämple.ma", "üser@example.ma", "u\u017fer@example.ma", "\u212aser@example.ma"]
)
def test_an_address_that_only_looks_alike_gets_no_invitation(address):
    """MySQL compares `ä` with `a` as equal, and Unicode turns the Kelvin sign into a k."""
    here = make.make_association()
    for invited in ("user@example.ma", "kser@example.ma"):
        Invitation.objects.create(association_id=here.id, email=invited, role="president", is_lead=True)
    stranger = make.make_user(email=address)
    assert api.claim_invitations(user_id=stranger.pk) == ()
    assert api.memberships(user_id=stranger.pk) == ()
    with pytest.raises(BadInput):
        account_called("user@example.ma")
