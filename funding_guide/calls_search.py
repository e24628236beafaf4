"""Looking for funding calls with words that may be misspelt (`guides.spelling`)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from .data import PublishedCall
from .domain import Call
from .guides.spelling import MAX_QUERY, folded, matches


def looked_for(calls: Iterable[PublishedCall], query: str) -> tuple[PublishedCall, ...]:
    """The calls, in their order, that have every word of `query`."""
    asked = folded(query[:MAX_QUERY])
    return tuple(each for each in calls if matches(_key(each.content_hash, each.call), asked))


class _Kept:
    """A call beside the hash that names it: only the hash is compared, since the call itself is large."""

    __slots__ = ("call", "content_hash")

    def __init__(self, content_hash: str, call: Call) -> None:
        self.content_hash, self.call = content_hash, call

    def __hash__(self) -> int:
        return hash(self.content_hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and other.content_hash == self.content_hash


def _key(content_hash: str, call: Call) -> str:
    return _folded_once(_Kept(content_hash, call))


@lru_cache(maxsize=4_000)
def _folded_once(kept: _Kept) -> str:
    """All that a call is found by: titles, funder, summary and documents, in every language."""
    call = kept.call
    parts = [call.slug, *call.title.values(), *call.funder.name.values(), *call.summary.values()]
    for document in call.documents:
        parts += document.title.values()
    return folded(" ".join(parts))
