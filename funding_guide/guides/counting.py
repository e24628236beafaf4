"""Downloads by edition, language and day. Who downloads is neither known nor asked."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F

from ..models import DownloadCount


def count(edition_id: int, language: str, *, on: date, times: int = 1) -> None:
    """One more download of that day; safe when many come at once."""
    day = {"edition_id": edition_id, "language": language, "day": on}
    if _added(day, times):
        return
    try:
        with transaction.atomic():
            DownloadCount.objects.create(**day, count=times)
    except IntegrityError:  # another download of this day was the first
        _added(day, times)


def _added(day: dict[str, object], times: int) -> int:
    return DownloadCount.objects.filter(**day).update(count=F("count") + times)
