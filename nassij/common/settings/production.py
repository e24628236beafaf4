"""What nassij.common adapts once the operator's configuration has been read."""

from collections.abc import Iterator
from typing import Any

from nassij.common.events import EVENTS


def plugin_settings(settings: Any) -> None:
    """Let our events through, where they are wanted."""
    if getattr(settings, "NASSIJ_XAPI_EVENTS", False):
        allow_xapi_events(settings)


def allow_xapi_events(settings: Any) -> None:
    """Let our events pass to the xAPI store, where event-routing-backends is installed: it keeps back what its lists do not name.

    Its own settings have made the lists by now, once as a setting and again in the backends; an operator who builds them anew
    in Python afterwards calls this once more.
    """
    for allowed in _lists_of_events(settings):
        if isinstance(allowed, set):
            allowed.update(EVENTS)
        else:
            allowed.extend(name for name in EVENTS if name not in allowed)


def _lists_of_events(settings: Any) -> Iterator[Any]:
    for name in ("EVENT_TRACKING_BACKENDS_ALLOWED_XAPI_EVENTS", "EVENT_BUS_TRACKING_LOGS"):
        if isinstance(getattr(settings, name, None), list | set):
            yield getattr(settings, name)
    router = (getattr(settings, "EVENT_TRACKING_BACKENDS", None) or {}).get("event_transformer", {}).get("OPTIONS", {})
    for part in (router, router.get("backends", {}).get("xapi", {}).get("OPTIONS", {})):
        for processor in part.get("processors", ()):
            if "whitelist" in processor.get("OPTIONS", {}):
                yield processor["OPTIONS"]["whitelist"]
