"""Going through the rules of a call."""

from __future__ import annotations

from collections.abc import Iterator

from nassij.common.plain_data import pointer

from .call import Call
from .rules import GovernanceAtLeast, Rule


def rules_of(call: Call) -> Iterator[tuple[str, Rule]]:
    """Every rule of ``call`` with its place, those inside other rules too."""
    waiting = [(pointer("/rules", index), rule) for index, rule in enumerate(call.rules)]
    while waiting:
        path, rule = waiting.pop(0)
        yield path, rule
        parts: tuple[Rule, ...] = getattr(rule, "rules", ())
        waiting[:0] = [(pointer(pointer(path, "rules"), index), part) for index, part in enumerate(parts)]


def asks_for_levels(call: Call) -> bool:
    """Whether a rule of ``call`` looks at the self-assessment."""
    return any(isinstance(rule, GovernanceAtLeast) for _path, rule in rules_of(call))
