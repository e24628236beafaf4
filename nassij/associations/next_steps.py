"""What other apps say about an association on the home page: a registry, so that this app need not know them.

An app registers one function in its `ready()`; it is asked once per page for all the associations shown.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from nassij.associations.data import NextStep


class Provider(Protocol):
    """Says at most one line per association: its number to a `NextStep`. Few queries, whatever the number of associations."""

    def __call__(self, *, user_id: int, association_ids: Sequence[int], language: str) -> Mapping[int, NextStep]:
        """The lines for these associations, as this person may know them."""


_providers: dict[str, Provider] = {}


def register_next_steps(name: str, provider: Provider) -> Callable[[], None]:
    """Let `provider` speak on the home page; the same name again replaces it. Returns what undoes it (for tests)."""
    _providers[name] = provider

    def forget() -> None:
        _providers.pop(name, None)

    return forget


def next_steps(*, user_id: int, association_ids: Sequence[int], language: str) -> dict[int, list[NextStep]]:
    """The lines of every app by association, in the order of registration. Does not check permissions."""
    found: dict[int, list[NextStep]] = {association_id: [] for association_id in association_ids}
    if association_ids:
        for provider in _providers.values():
            lines = provider(user_id=user_id, association_ids=tuple(association_ids), language=language)
            for association_id, line in lines.items():
                found[association_id].append(line)
    return found
