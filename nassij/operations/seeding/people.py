"""Invented people for a site that is shown around, only when asked for: an association, its members, a coach, a coordinator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from nassij.associations import api as associations

DOMAIN = "nassij.invalid"
"""Of their addresses: a domain that can never exist (RFC 2606), so no mail reaches anybody."""


@dataclass(frozen=True, slots=True)
class Person:
    username: str
    name: str
    role: associations.Role | None = None


PEOPLE = (
    Person("nassij_president", "فاطمة الزهراء أيت لحسن", associations.Role.PRESIDENT),
    Person("nassij_treasurer", "عبد الرحيم بوزيد", associations.Role.TREASURER),
    Person("nassij_member", "سعاد المرابط", associations.Role.MEMBER),
    Person("nassij_coach", "Nadia Alaoui"),
    Person("nassij_coordinator", "ليلى التازي"),
)
ASSOCIATION: dict[str, Any] = {
    "name": "جمعية الأمل للتنمية (تجريبية)",
    "name_fr": "Association Al Amal pour le développement (exemple)",
    "province": "chichaoua",
    "fields": ("local-development",),
    "founded_year": 2014,
}


class NotOurs(Exception):
    """Somebody real has an account of one of these names."""


def invent(password: str) -> str:
    """The people, with this password, and their association; says what was done. Raises `NotOurs`.

    Whoever is there already is left as they are, password included: a second run writes nothing.
    """
    users = get_user_model()._default_manager
    there = set(users.filter(username__in=[each.username for each in PEOPLE]).values_list("username", "email"))
    if taken := sorted(name for name, email in there if email != address(name)):
        raise NotOurs(", ".join(taken))
    if len(there) == len(PEOPLE):
        return _("invented people: there already")
    with transaction.atomic():
        accounts = {each.username: _account(each, password) for each in PEOPLE}
        if not there:
            _programme(accounts)
    return _("invented people: %(names)s") % {"names": ", ".join(accounts)}


def address(username: str) -> str:
    return f"{username}@{DOMAIN}"


def _account(person: Person, password: str) -> Any:
    users: Any = get_user_model()._default_manager
    user, made = users.get_or_create(
        username=person.username, defaults={"email": address(person.username), "is_active": True}
    )
    if made:
        user.set_password(password)
        user.save()
        if apps.is_installed("common.djangoapps.student"):  # the platform asks each account for a profile
            apps.get_model("student.UserProfile").objects.get_or_create(user=user, defaults={"name": person.name})  # type: ignore[misc]
    return user


def _programme(accounts: dict[str, Any]) -> None:
    president = accounts["nassij_president"].pk
    made = associations.create_association(**ASSOCIATION, president_id=president)
    for person in PEOPLE:
        if person.role not in (None, associations.Role.PRESIDENT):
            associations.add_member(association_id=made.id, user_id=accounts[person.username].pk, role=person.role)
    associations.assign_coach(association_id=made.id, user_id=accounts["nassij_coach"].pk)
    associations.assign_coordinator(user_id=accounts["nassij_coordinator"].pk)
