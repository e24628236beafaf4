"""Tracking events: what happens here is told to the platform's event log, as the platform's own parts do.

Blocks publish through their runtime (`NassijBlock.track`), pages and apis through `emit`; both name one of `EVENTS` and carry
only what stands there. Who, where and when is the platform's context, added by its middleware. What may never be in an event,
whatever it is called: a level, a text somebody wrote, a name, an address. `docs/reference/events.rst` tells each event; a test
holds the two together.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from nassij.common.events import BLOCK_FIELD, EVENTS

try:  # the platform's library; not in a bare workbench
    from eventtracking import tracker
except ImportError:
    tracker = None

log = logging.getLogger(__name__)

ONCE_SECONDS = 24 * 60 * 60


def emit(name: str, **data: Any) -> None:
    """Tell the platform after the commit of what happened; nothing without the platform's tracker, nothing in Studio.

    An event log that is away must not turn a saved answer into an error: the failure is logged.
    """
    checked(name, data)
    if tracker is None or in_studio():
        return

    def tell() -> None:  # a function: Django logs the failure by its name
        tracker.emit(name, data)

    transaction.on_commit(tell, robust=True)


def checked(name: str, data: Mapping[str, Any]) -> None:
    """Raise `ValueError` for an event that `EVENTS` does not know, or not with these fields."""
    if set(data) - {BLOCK_FIELD} != set(EVENTS.get(name, (name,))):
        raise ValueError(f"{name} does not carry {sorted(data)}")


def in_studio() -> bool:
    """Whether this process is Studio's: whoever tries out a page there is no learner."""
    return getattr(settings, "SERVICE_VARIANT", "") == "cms"


def first_time(name: str, *what: object) -> bool:
    """Whether this is the first time today: for what a page shows again each time it is loaded.

    `what` says who looks at what. In the cache, since looking at a page must write nothing to the database; where there is no
    cache, each time is the first.
    """
    try:
        return bool(cache.add(":".join(("nassij-once", name, *map(str, what))), 1, ONCE_SECONDS))
    except Exception:
        log.warning("the cache does not answer", exc_info=True)
        return True
