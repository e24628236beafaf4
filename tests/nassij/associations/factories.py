"""Small helpers that make people and associations for tests of any package. Each returns what the test needs to name next."""

from itertools import count
from typing import Any

from django.contrib.auth import get_user_model

from nassij.associations import api
from nassij.associations.api import AssociationData, CohortData, Role
from nassij.associations.models import Membership

_numbers = count(1)


def make_user(username: str = "", **fields: Any) -> Any:
    """An account that can log in, with the password `pass`; `is_superuser=True` for an operator."""
    name = username or f"person{next(_numbers)}"
    values = {"email": f"{name}@example.org", "password": "pass", **fields}
    create = get_user_model().objects.create_superuser if values.pop("is_superuser", False) else None
    return (create or get_user_model().objects.create_user)(name, **values)


def make_association(name: str = "", *, province: str = "chichaoua", **details: Any) -> AssociationData:
    """An association without members."""
    return api.create_association(name=name or f"جمعية الأمل {next(_numbers)}", province=province, **details)


def make_member(
    association: AssociationData, user: Any = None, *, role: Role = Role.MEMBER, is_lead: bool = False
) -> Any:
    """An active member of an association: the account."""
    user = user or make_user()
    api.add_member(association_id=association.id, user_id=user.pk, role=role, is_lead=is_lead)
    return user


def make_former_member(association: AssociationData, user: Any = None) -> Any:
    """Someone who was a member and left: the account."""
    user = make_member(association, user)
    api.leave(user_id=user.pk, association_id=association.id)
    return user


def make_cohort(*associations: AssociationData, code: str = "") -> CohortData:
    """A cohort with these associations in it."""
    cohort = api.create_cohort(
        code=code or f"cohort-{next(_numbers)}", name_ar="الفوج", name_fr="Cohorte", name_en="Cohort"
    )
    for association in associations:
        api.add_to_cohort(association_id=association.id, cohort_id=cohort.id)
    return cohort


def make_coach(association: AssociationData, user: Any = None) -> Any:
    """A coach who accompanies an association: the account."""
    user = user or make_user()
    api.assign_coach(association_id=association.id, user_id=user.pk)
    return user


def make_coordinator(*associations: AssociationData, user: Any = None, everywhere: bool = False) -> Any:
    """A coordinator of a new cohort with these associations in it, or of everything: the account."""
    user = user or make_user()
    cohort_id = None if everywhere else make_cohort(*associations).id
    api.assign_coordinator(user_id=user.pk, cohort_id=cohort_id)
    return user


def membership_of(user: Any, association: AssociationData) -> Membership:
    """The active membership row of someone."""
    return Membership.active.get(user=user, association_id=association.id)
