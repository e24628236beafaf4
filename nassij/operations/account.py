"""Who answers in the self-check: one account that nobody can sign in with and no mail reaches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connections, transaction

USERNAME = "nassij_selfcheck"
EMAIL = "selfcheck@nassij.invalid"  # a domain that can never exist (RFC 2606)


class NotOurs(Exception):
    """Somebody else has an account of this name."""


def account() -> Any:
    """The account, made when it is not there. Raises `NotOurs`."""
    model = get_user_model()
    user = model.objects.filter(username=USERNAME).first()
    if user is None:
        user = model(username=USERNAME, email=EMAIL, is_active=True)
        user.set_unusable_password()
        user.save()
    elif user.email != EMAIL or user.has_usable_password():
        raise NotOurs(USERNAME)
    profile = _model("student.UserProfile")
    if profile is not None:  # the platform asks each account for one
        profile.objects.get_or_create(user=user, defaults={"name": USERNAME})
    return user


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written within, in any database, was never there: nobody sees it, and a kill leaves nothing behind."""
    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(transaction.atomic(using=alias))
        try:
            yield
        finally:
            for alias in connections:
                transaction.set_rollback(True, using=alias)


@contextmanager
def untold() -> Iterator[None]:
    """No tracking event leaves: what the self-check does is no learning, and would count as such."""
    try:
        from eventtracking import tracker
    except ImportError:  # no platform
        yield
        return
    before = tracker.get_tracker()
    tracker.register_tracker(tracker.Tracker())
    try:
        yield
    finally:
        tracker.register_tracker(before)


def _model(name: str) -> Any:
    try:
        return apps.get_model(name)  # type: ignore[misc]
    except LookupError:
        return None
