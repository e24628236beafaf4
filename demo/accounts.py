"""The accounts, memberships and assignments of the demo's people."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from demo import learners, waiting_round
from demo.people import ASSOCIATIONS, PASSWORD, PEOPLE, Person
from demo.runtime import TRAINERS
from nassij.associations import api as associations


def create() -> None:
    """Make whatever of the people and associations is not there yet."""
    users = {each.username: _user(each) for each in PEOPLE}
    trainers, _made = Group.objects.get_or_create(name=TRAINERS)
    users["trainer"].groups.add(trainers)
    _programme(users)
    learners.create(users)
    waiting_round.create(users["ourika.president"].pk, users["ourika.treasurer"].pk)


def _user(each: Person):
    first, _space, last = each.name.partition(" ")
    user, made = get_user_model().objects.get_or_create(
        username=each.username,
        defaults={"first_name": first, "last_name": last, "email": f"{each.username}@example.org"},
    )
    if made:
        user.set_password(PASSWORD)
        user.is_staff = user.is_superuser = each.username == "operator"
        user.save()
    return user


def _programme(users: dict) -> None:
    """The associations, their members, and who accompanies them; each made once."""
    missing = [code for code in ASSOCIATIONS if not _is_there(code, users)]
    if not missing:
        return
    cohort = associations.create_cohort(
        code="msf-1",
        name_ar="جهة مراكش آسفي · الفوج 1",
        name_fr="Marrakech-Safi · groupe 1",
        name_en="Marrakech-Safi · cohort 1",
    )
    associations.assign_coordinator(user_id=users["coordinator"].pk, cohort_id=cohort.id)
    for code in missing:
        association = associations.create_association(**ASSOCIATIONS[code])
        associations.add_to_cohort(association_id=association.id, cohort_id=cohort.id)
        associations.assign_coach(association_id=association.id, user_id=users["coach"].pk)
        for each in PEOPLE:
            if each.association == code:
                role = associations.Role(each.membership)
                associations.add_member(association_id=association.id, user_id=users[each.username].pk, role=role)


def _is_there(code: str, users: dict) -> bool:
    """Whether any of its people is a member of something: in the demo they may leave and join elsewhere."""
    people = [users[each.username].pk for each in PEOPLE if each.association == code]
    return any(associations.memberships(user_id=user_id) for user_id in people)
