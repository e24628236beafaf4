"""The steps to begin with after a round, from its own result; what the plan holds of them is not looked up here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import translation

from ..domain import next_three, recommend
from ..results.outcome import ResultData
from .advice import suggestion
from .recommendations import recommendations_of
from .words import Offer, offer


def first_steps(result: ResultData) -> tuple[Offer, ...]:
    """The three next steps that a frozen result recommends, as its coach found it once that is done; none while it is open.

    Asks no permission: only `result` makes such an object, and it has asked. No query once the recommendations are read.
    """
    if not result.is_final:
        return ()
    scores = result.validated or result.scores
    levels = dict(_levels(scores["overall"]))
    advice = recommend(result.instrument, levels, recommendations_of(result.round.instrument_hash))
    with translation.override(result.language):
        return tuple(offer(suggestion(found, result.instrument, result.language)) for found in next_three(advice))


def _levels(node: Mapping[str, Any]) -> Iterator[tuple[str, int | None]]:
    """The level per indicator, None for "don't know"; what has no answer or does not apply is left out."""
    for found in node.get("indicators", ()):
        if found["status"] in ("answered", "dont_know"):
            yield found["code"], found["level"]
    for section in node.get("sections", ()):
        yield from _levels(section)
