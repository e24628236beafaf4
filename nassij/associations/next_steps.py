"""What other apps say about an association on the home page: a registry, so that this app need not know them.

An app registers one function in its `ready()`; it is asked once per page for all the associations shown.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from nassij.associations.data import NextStep, Relation, Scope


class Provider(Protocol):
    """Says at most one line per association: its number to a `NextStep`. One query, whatever the number of associations."""

    def __call__(self, *, relations: Sequence[Relation], language: str) -> Mapping[int, NextStep]:
        """The lines for these associations, as whoever stands to them like this may know them."""


_providers: dict[str, Provider] = {}


def register_next_steps(name: str, provider: Provider) -> Callable[[], None]:
    """Let `provider` speak on the home page; the same name again replaces it. Returns what undoes it (for tests)."""
    _providers[name] = provider

    def forget() -> None:
        _providers.pop(name, None)

    return forget


def next_steps(*, relations: Sequence[Relation], language: str) -> dict[int, list[NextStep]]:
    """The lines of every app by association, in the order of registration. Does not check permissions: the page knows how
    its reader stands to each association.
    """
    found: dict[int, list[NextStep]] = {relation.association_id: [] for relation in relations}
    if relations:
        for provider in _providers.values():
            lines = provider(relations=tuple(relations), language=language)
            for association_id, line in lines.items():
                found[association_id].append(line)
    return found


Shortcut = Callable[[Scope], NextStep | None]
"""A way from the home page to a page of another app, for whom it is meant for; one query at most."""

_shortcuts: dict[str, Shortcut] = {}


def register_shortcut(name: str, provider: Shortcut) -> Callable[[], None]:
    """Let `provider` offer a way on the home page; the same name again replaces it. Returns what undoes it (for tests)."""
    _shortcuts[name] = provider

    def forget() -> None:
        _shortcuts.pop(name, None)

    return forget


def shortcuts(*, scope: Scope) -> list[NextStep]:
    """The ways of every app that are meant for this person, in the order of registration. The apps' pages check permissions."""
    return [found for provider in _shortcuts.values() if (found := provider(scope)) is not None]
