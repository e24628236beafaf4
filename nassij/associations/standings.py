"""How far an association's governance stands: a registry, so that who asks need not know the app that assesses it.

The app with the answer registers one function in its `ready()`; the last to register speaks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Standing:
    """The levels of the last result that counts, by indicator code; an indicator nobody knows about is in neither."""

    levels: Mapping[str, int] = field(default_factory=dict)
    not_applicable: frozenset[str] = frozenset()


Provider = Callable[[int], Standing]
"""The number of an association to its standing, empty when it has none; one query."""

_provider: list[Provider] = []


def register_standing(provider: Provider) -> Callable[[], None]:
    """Let `provider` say how associations stand. Returns what undoes it (for tests)."""
    _provider.append(provider)

    def forget() -> None:
        _provider.remove(provider)

    return forget


def standing_of(*, association_id: int) -> Standing:
    """How the association stands; empty where no app knows. Does not check permissions; one query."""
    return _provider[-1](association_id) if _provider else Standing()
