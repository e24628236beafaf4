"""How the parts of an `order` or `match` are shown: mixed, the same for everybody, under keys that do not tell the answer."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from .model import Choice, SelfCheck


def key(check: SelfCheck, text: str) -> str:
    """Eight hex digits for one part of `check`: authors' ids (a, b, c) would give the order away."""
    return hashlib.sha256(f"{check.id} {text}".encode("utf-8", "surrogatepass")).hexdigest()[:8]


def mixed(check: SelfCheck) -> tuple[tuple[str, Choice], ...]:
    """(key, choice) of an `order`, never in the right one."""
    found = sorted(((key(check, choice.id), choice) for choice in check.choices), key=lambda pair: pair[0])
    if tuple(choice for _key, choice in found) == check.choices:
        found = [*found[1:], *found[:1]]
    return tuple(found)


def as_sent(check: SelfCheck, answer: Sequence[str]) -> list[str]:
    """A stored answer in the words of the page that sent it: the parts of an `order` by their keys."""
    if check.kind != "order":
        return list(answer)
    return [key(check, choice_id) for choice_id in answer]


def halves(check: SelfCheck) -> dict[str, str]:
    """Key -> the other half of a `match`, in the order shown."""
    return dict(sorted((key(check, half), half) for half in check.halves))
