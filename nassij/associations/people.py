"""The platform's accounts as this app needs them: finding one by address or username, and an address to send to."""

import string
from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from nassij.associations import problems

_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def normalise_email(email: str) -> str:
    """An address as it is compared: without spaces round it, in small letters.

    Only A to Z: Unicode makes one letter of several (the Kelvin sign becomes k), and mail makes two mailboxes of them.
    """
    return email.strip().translate(_SMALL)


def verified_accounts(*, emails: Collection[str] = (), usernames: Collection[str] = ()) -> QuerySet[Any]:
    """The accounts that have one of these usernames, or one of these addresses *verified*.

    On Open edX `is_active` says that the address was confirmed; an account without that may belong to someone who typed another
    person's address, so it must never be found by it. MySQL takes `ä` for `a`: compare what comes back with `normalise_email`.
    """
    users = get_user_model()._default_manager.filter(is_active=True)
    by_email = users.filter(email__in=emails) if emails else users.none()
    by_name = users.filter(username__in=usernames) if usernames else users.none()
    return by_email | by_name


def verified_email(user_id: int) -> str:
    """The address of an account, when it is verified; empty otherwise."""
    row = get_user_model()._default_manager.filter(pk=user_id, is_active=True).values_list("email", flat=True).first()
    return normalise_email(row or "")


def account_called(name: str) -> Any:
    """The one account with this username or verified address. Raises `BadInput` for none, or for several with one address."""
    typed = name.strip()
    by_name = verified_accounts(usernames={typed})
    by_email = list(verified_accounts(emails={typed})) if "@" in typed else []
    found = [user for user in by_email if normalise_email(user.email) == normalise_email(typed)] or list(by_name[:2])
    if len(found) != 1:
        raise problems.no_such_account()
    return found[0]
