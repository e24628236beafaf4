"""The recommendations that come with an instrument, read from `recommendations/<slug>/*.yaml` once per version.

The files are checked strictly before they are shipped (a test, and `python -m governance_assessment recommendations`, which
names file, line and remedy). At run time an entry that does not fit, because a later version of the instrument split or retired
its indicator, costs only itself: the page still shows the others.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from ..data import RoundKind
from ..domain import InvalidData, Recommendation, load_yaml, parse_recommendations
from ..domain.instrument import Instrument
from ..instruments.library import parsed

log = logging.getLogger(__name__)

RECOMMENDATIONS = Path(__file__).parents[1] / "recommendations"


@lru_cache(maxsize=16)
def recommendations_of(instrument_hash: str) -> tuple[Recommendation, ...]:
    """What is recommended for the instrument with this content hash; one query the first time, none later."""
    instrument = parsed(instrument_hash, RoundKind.FULL)
    return tuple(found for path in files_of(instrument.slug) for found in read(path, instrument))


def files_of(slug: str) -> list[Path]:
    """The files of an instrument, in a fixed order; empty for one without recommendations."""
    return sorted((RECOMMENDATIONS / slug).glob("*.yaml"))


def read(path: Path, instrument: Instrument) -> Iterator[Recommendation]:
    """The entries of a file that fit the instrument; what does not is logged."""
    try:
        data = load_yaml(path.read_bytes())
        entries = list(data["recommendations"])
    except (InvalidData, TypeError, KeyError) as refused:
        log.error("%s cannot be read: %s", path.name, refused)
        return
    for entry in entries:
        try:
            yield from parse_recommendations(
                {"instrument": data.get("instrument"), "recommendations": [entry]}, instrument
            )
        except InvalidData as refused:
            log.warning("%s: an entry is left out: %s", path.name, refused)
