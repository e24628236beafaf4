"""One of ours beside the peers, in rows of the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from benchmarks.harness import Figures, Subject
from benchmarks.report import Row, Value

YARDSTICK, YARDSTICK_MS = "drag-and-drop-v2", 2.25
"""A peer's page, and what it took on the quiet machine that the goals were set on: tells how fast this one is just now."""


class Comparison:
    """One of ours and all the peers, measured in one go; `speed` as of `machine_speed`."""

    def __init__(self, ours: str, measured: Mapping[str, Figures], others: Iterable[Subject], speed: float) -> None:
        self.ours, self.speed = measured[ours], speed
        self.others = {peer.name: measured[peer.name] for peer in others if peer.name in measured}

    def row(self, figure: str, read: Callable[[Figures], Value], goal: float | None = None) -> Row:
        return Row(figure, read(self.ours), goal, {name: read(found) for name, found in self.others.items()})

    def times(self, goal: float | None = None) -> list[Row]:
        return [
            replace(self.row("own CPU, ms", lambda found: found.own_ms, goal), scaled=self.ours.own_ms * self.speed),
            self.row("  95th percentile", lambda found: found.own_p95_ms),
            self.row("  with Django's ORM", lambda found: found.with_orm_ms),
        ]


def machine_speed(views: Mapping[str, Figures]) -> float:
    """How fast this machine is just now, 1 being the one the goals were set on."""
    return YARDSTICK_MS / views[YARDSTICK].own_ms
