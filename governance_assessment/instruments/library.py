"""Instrument versions in the database, in the parsed form that everyone reads; no permission needed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from nassij.common.errors import BadInput, NotFound

from ..data import InstrumentData, InstrumentStatus, RoundKind
from ..domain import parse_instrument
from ..domain.instrument import Instrument
from ..models import InstrumentVersion

INSTRUMENTS = Path(__file__).parent


@lru_cache(maxsize=64)
def parsed(hash_of_content: str, kind: RoundKind) -> Instrument:
    """The instrument with this content hash, as asked in a round of this kind; one query the first time, none later.

    A hash names one text for ever, so what is cached never goes stale. Raises `NotFound`.
    """
    if kind == RoundKind.EXPRESS:
        return parsed(hash_of_content, RoundKind.FULL).express()
    version = InstrumentVersion.objects.filter(content_hash=hash_of_content).only("content").first()
    if version is None:
        raise NotFound(_("This instrument is not here."), code="unknown_instrument")
    return parse_instrument(version.content)


def current_version(slug: str) -> InstrumentVersion:
    """The version a new round is opened on: the one published last. Without its content. Raises `NotFound`."""
    version: InstrumentVersion | None = (
        InstrumentVersion.objects.filter(slug=slug, status=InstrumentStatus.PUBLISHED)
        .defer("content")
        .order_by("-published_at", "-id")
        .first()
    )
    if version is None:
        raise NotFound(
            _("The self-assessment is not ready on this site yet."),
            code="no_instrument",
            remedy=_("The site's operator has to load its questionnaire first."),
        )
    return version


def published_instrument(*, slug: str, kind: RoundKind | str = RoundKind.FULL) -> InstrumentData:
    """The instrument in use, for anyone to read: no permission needed, one query. Raises `NotFound`, `BadInput`."""
    return _as_data(current_version(slug), read_kind(kind))


def instruments() -> tuple[InstrumentData, ...]:
    """Every instrument in use, by slug, each in the version published last; no permission needed, one query."""
    published = InstrumentVersion.objects.filter(status=InstrumentStatus.PUBLISHED).defer("content")
    latest = {version.slug: version for version in published.order_by("published_at", "id")}
    return tuple(_as_data(latest[slug], RoundKind.FULL) for slug in sorted(latest))


def _as_data(version: InstrumentVersion, kind: RoundKind) -> InstrumentData:
    return InstrumentData(
        slug=version.slug,
        version=version.version,
        content_hash=version.content_hash,
        instrument=parsed(version.content_hash, kind),
    )


def read_kind(kind: RoundKind | str) -> RoundKind:
    """A round kind that came from outside. Raises `BadInput`."""
    try:
        return RoundKind(kind)
    except ValueError as error:
        raise BadInput(code="unknown_round_kind") from error
