"""What may be published about a group of associations without giving one of them away."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

#: The smallest group whose size may be shown (also OCAT's and WISEShift's).
DEFAULT_K = 5
SMALLEST_K = 3


def suppress(counts: Mapping[Key, int], k: int = DEFAULT_K) -> dict[Key, int | None]:
    """``counts`` with those hidden (None) that would tell about fewer than ``k``, when the total is public as well.

    Counts from 1 to k-1 are hidden. Alone they could be worked out from the total, so the smallest count of ``k`` or more
    goes too, with all its equals (KANON-1: 12, 7, 2 gives 12, hidden, hidden). Hiding an equal only sometimes would say
    which one it was: a test tries all small tables and finds that even someone who knows this rule keeps at least two
    possible values for each hidden count. Zeros are about nobody; they are hidden last. A group whose total is under
    ``k`` must not be published at all, whatever this returns.

    Raises ValueError for ``k`` under 3: with 2, "hidden" would mean "one".
    """
    if k < SMALLEST_K:
        raise ValueError(f"k must be at least {SMALLEST_K}")
    hidden = {key for key, count in counts.items() if 0 < count < k}
    if hidden:
        hidden |= _smallest(counts, hidden)
    return {key: None if key in hidden else count for key, count in counts.items()}


def _smallest(counts: Mapping[Key, int], hidden: set[Key]) -> set[Key]:
    """The keys of the smallest count still shown; of zero only when nothing else is left."""
    shown = [count for key, count in counts.items() if key not in hidden]
    smallest = min((count for count in shown if count), default=0)
    return {key for key, count in counts.items() if key not in hidden and count == smallest}
