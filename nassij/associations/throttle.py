"""Guessing join codes: a person gets a handful of attempts per quarter of an hour, counted in the cache.

The cache and not a table: its counter is atomic, and survives the rollback of the request that failed.
"""

from contextlib import suppress

from django.conf import settings
from django.core.cache import cache

from nassij.associations import problems


def count_attempt(user_id: int) -> None:
    """Count one more attempt of this person. Raises 429 when there were too many in the present window."""
    key, seconds = _key(user_id), settings.NASSIJ_JOIN_WINDOW_MINUTES * 60
    cache.add(key, 0, seconds)
    try:
        attempts = cache.incr(key)
    except ValueError:  # the window ended between the two lines
        cache.set(key, 1, seconds)
        attempts = 1
    if attempts > settings.NASSIJ_JOIN_ATTEMPTS:
        raise problems.too_many_attempts(settings.NASSIJ_JOIN_WINDOW_MINUTES)


def take_back(user_id: int) -> None:
    """A right code does not count; the wrong ones before it still do, or one known code would pay for any number of guesses."""
    with suppress(ValueError):  # the window ended meanwhile
        cache.decr(_key(user_id))


def _key(user_id: int) -> str:
    return f"nassij:join:{user_id}"
