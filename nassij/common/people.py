"""What a person is called: the platform keeps that in the account's profile and leaves the account's own name fields empty."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist

PROFILE: str = "profile"


def _has_profile() -> bool:
    """Whether accounts have the platform's `profile` (a full name); the demo site's do not."""
    try:
        return bool(get_user_model()._meta.get_field(PROFILE).one_to_one)
    except FieldDoesNotExist:
        return False


def name_path(prefix: str = "user") -> tuple[str, ...]:
    """What to `select_related` so that `display_name` costs no query."""
    return (prefix, f"{prefix}__profile") if _has_profile() else (prefix,)


def display_name(user: Any) -> str:
    """The name a person goes by: the platform's full name, else the account's, else the username; empty for nobody."""
    if user is None:
        return ""
    profile = getattr(user, "profile", None) if _has_profile() else None
    return (getattr(profile, "name", "") or "").strip() or user.get_full_name().strip() or user.get_username()


def names_of_accounts(user_ids: Collection[int]) -> dict[int, str]:
    """The name of each of these accounts that is there; one query."""
    rows = get_user_model()._default_manager.filter(pk__in=user_ids)
    return {row.pk: display_name(row) for row in (rows.select_related(PROFILE) if _has_profile() else rows)}
