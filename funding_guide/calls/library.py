"""Funding calls in the database, in the parsed form that everyone reads; no permission needed."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q

from ..data import CallStatus, PublishedCall
from ..domain import Call, InvalidCall, parse_call
from ..models import CallVersion
from .loading import unknown

log = logging.getLogger(__name__)

LOOKED_BACK = timedelta(days=400)
"""Calls mostly come back every year: whoever prepares looks at the last one."""
MOST_PAST = 50
_KEPT = 4_000
_kept: dict[str, Call] = {}
"""Content hash to the call read from it. A hash names one text for ever, so what is kept stays true."""


def calls(*, on: date) -> tuple[tuple[PublishedCall, ...], tuple[PublishedCall, ...]]:
    """The calls that can be answered on that day or later, by their last day, then the models; and those that closed in the time
    `LOOKED_BACK` before it, the newest first. One query once warm.
    """
    shown = CallVersion.objects.filter(current_slot__isnull=False)
    shown = shown.filter(Q(closes_on__gte=on - LOOKED_BACK) | Q(is_model=True)).order_by(
        "is_model", "closes_on", "slug"
    )
    found = _read(shown.values_list("content_hash", flat=True))
    over = [one for one in found if one.call.closes_on is not None and one.call.closes_on < on]
    return tuple(one for one in found if one not in over), tuple(reversed(over))[:MOST_PAST]


def current_call(slug: str) -> PublishedCall:
    """The text shown of a call. Raises `NotFound`."""
    found = CallVersion.objects.filter(current_slot=slug).values_list("content_hash", flat=True).first()
    if found is None:
        raise unknown()
    return _one(found)


def call_version(slug: str, version: str) -> tuple[PublishedCall, CallStatus]:
    """A version that is or was shown, with its state: an old link always leads somewhere. Raises `NotFound`."""
    row = (
        CallVersion.objects.filter(slug=slug, version=version)
        .exclude(status=CallStatus.DRAFT)
        .values_list("content_hash", "status")
        .first()
    )
    if row is None:
        raise unknown()
    return _one(row[0]), CallStatus(row[1])


def calls_with(hashes: Iterable[str]) -> dict[str, Call]:
    """The calls with these content hashes; no query once warm."""
    return {found.content_hash: found.call for found in _read(sorted(set(hashes)))}


def _one(content_hash: str) -> PublishedCall:
    read = _read([content_hash])
    if not read:
        raise unknown()
    return read[0]


def _read(hashes: Iterable[str]) -> tuple[PublishedCall, ...]:
    """The calls with these hashes, in their order; those not in memory yet in one query."""
    wanted = list(hashes)
    missing = [found for found in wanted if found not in _kept]
    if missing:
        if len(_kept) + len(missing) > _KEPT:
            _kept.clear()
            missing = wanted
        stored = CallVersion.objects.filter(content_hash__in=missing).values_list("content_hash", "content")
        for found, content in stored:
            try:
                _kept[found] = parse_call(content)
            except InvalidCall:  # kept by a version that read calls otherwise: one of them does not take the list down
                log.exception("a stored funding call cannot be read: %s", found)
    return tuple(PublishedCall(found, _kept[found]) for found in wanted if found in _kept)
