"""Who may what: the checks that `nassij.associations.api` offers to everyone."""

from uuid import UUID

from nassij.associations import problems, queries
from nassij.associations.data import Access, Action, Scope


def access(
    *, user_id: int | None, association_id: int | None = None, association_uuid: UUID | None = None
) -> Access | None:
    """How a person stands to an association, None when they have nothing to do with it. ONE SQL query, none for nobody."""
    if user_id is None:
        return None
    return queries.access_to(user_id=user_id, association_id=association_id, association_uuid=association_uuid)


def may(
    *,
    user_id: int | None,
    action: Action,
    association_id: int | None = None,
    association_uuid: UUID | None = None,
) -> bool:
    """Whether a person may do `action` on an association. ONE SQL query; false for nobody and for an unknown association."""
    found = access(user_id=user_id, association_id=association_id, association_uuid=association_uuid)
    return found is not None and found.may(action)


def require(
    *,
    user_id: int | None,
    action: Action,
    association_id: int | None = None,
    association_uuid: UUID | None = None,
) -> Access:
    """The access of a person who may do `action`. ONE SQL query.

    Raises `NotSignedIn` for nobody, `NotFound` for someone who has nothing to do with the association (that it exists must not
    leak), `Forbidden` for someone who belongs there but may not do this.
    """
    if user_id is None:
        raise problems.not_signed_in()
    found = access(user_id=user_id, association_id=association_id, association_uuid=association_uuid)
    if found is None:
        raise problems.unknown_association()
    if not found.may(action):
        raise problems.not_allowed(action.value)
    return found


def scope(*, user_id: int | None) -> Scope:
    """Whom a person accompanies as coach, coordinator or operator. ONE SQL query. Raises `NotSignedIn` for nobody."""
    if user_id is None:
        raise problems.not_signed_in()
    return queries.scope_of(user_id)


def require_import(*, user_id: int | None) -> Scope:
    """The scope of a person who may import. Raises `NotSignedIn`, or `Forbidden` for a member or a coach."""
    found = scope(user_id=user_id)
    if not found.may_import:
        raise problems.no_import()
    return found
