"""The figures as one readable table and as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

Value = float | int | str | None


@dataclass(frozen=True)
class Row:
    """One figure: ours, its goal (an upper limit, or the word that must stand there), the peers'.

    `scaled` is a time at the speed of the machine that the goals were set on (see `comparison`).
    """

    figure: str
    ours: Value
    goal: float | str | None = None
    peers: Mapping[str, Value] = field(default_factory=dict)
    scaled: float | None = None

    @property
    def met(self) -> bool | None:
        """None where there is no goal."""
        if self.goal is None:
            return None
        if isinstance(self.goal, str) or isinstance(self.ours, str):
            return self.ours == self.goal
        return self.ours is not None and self.ours <= self.goal

    @property
    def slow(self) -> bool:
        """Whether it is only this machine, as it is just now, that does not reach the goal."""
        return self.met is False and self.scaled is not None and self.scaled <= float(self.goal or 0)


@dataclass(frozen=True)
class Section:
    title: str
    rows: Sequence[Row]
    note: str = ""


@dataclass(frozen=True)
class Machine:
    """Where and with what it was measured."""

    date: str
    processor: str
    processors: int
    load: float
    python: str
    versions: Mapping[str, str]

    @property
    def is_busy(self) -> bool:
        """Whether others were computing beside the measurements, which alone keep one processor busy."""
        return self.load > 1.5


def describe_machine(packages: Iterable[str]) -> Machine:
    return Machine(
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        processor=_processor(),
        processors=os.cpu_count() or 1,
        load=round(os.getloadavg()[0], 1),
        python=platform.python_version(),
        versions={package: version(package) for package in packages},
    )


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def missed(sections: Iterable[Section]) -> list[str]:
    """The goals that are not reached, at the speed of the machine they were set on either; in words."""
    return _named(sections, lambda row: row.met is False and not row.slow)


def _named(sections: Iterable[Section], chosen: Callable[[Row], bool]) -> list[str]:
    return [f"{section.title}: {row.figure.strip()}" for section in sections for row in section.rows if chosen(row)]


def as_text(machine: Machine, sections: Sequence[Section], speed: float) -> str:
    lines = [
        f"Nassij beside its peers, {machine.date}",
        f"{machine.processors} × {machine.processor}, load {machine.load}; Python {machine.python}",
        ", ".join(f"{name} {number}" for name, number in machine.versions.items()),
    ]
    if machine.is_busy:
        lines.append(
            "BUSY: other programs were computing at the same time. Times are too high; their ratios still count."
        )
    lines.append(
        f"Speed: {speed:.2f} of the machine that the goals were set on; “scaled” is what ours would take there."
    )
    for section in sections:
        lines += ["", section.title, *_table(section.rows)]
        lines += [section.note] if section.note else []
    slow = _named(sections, lambda row: row.slow)
    if slow:
        lines += ["", f"{len(slow)} goals not reached here, but at the speed they were set for (“slow”)."]
    gaps = missed(sections)
    none = "No other goal is missed." if slow else "All goals reached."
    lines += ["", f"{len(gaps)} goals MISSED:" if gaps else none, *(f"  {gap}" for gap in gaps)]
    return "\n".join(lines)


def _table(rows: Sequence[Row]) -> list[str]:
    peers = list(dict.fromkeys(name for row in rows for name in row.peers))
    scaled = any(row.scaled is not None for row in rows)
    table = [["", "goal", "nassij", *(["scaled"] if scaled else []), "", *peers]]
    table += [
        [
            row.figure,
            _goal(row),
            _shown(row.ours),
            *([_shown(row.scaled) if row.scaled is not None else ""] if scaled else []),
            _verdict(row),
            *(_shown(row.peers[name]) if name in row.peers else "" for name in peers),
        ]
        for row in rows
    ]
    first, *others = [max(map(len, column)) for column in zip(*table, strict=True)]
    return ["  ".join([figure.ljust(first), *map(str.rjust, cells, others)]).rstrip() for figure, *cells in table]


def _goal(row: Row) -> str:
    return f"≤ {_shown(row.goal)}" if isinstance(row.goal, (int, float)) else (row.goal or "")


def _verdict(row: Row) -> str:
    return "slow" if row.slow else {None: "", True: "ok", False: "MISSED"}[row.met]


def _shown(value: Value) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.2f}" if value < 10 else f"{value:.1f}"
    return f"{value:,}" if isinstance(value, int) else value


def as_json(machine: Machine, sections: Sequence[Section], speed: float) -> str:
    def row_data(row: Row) -> dict[str, Any]:
        found = {"figure": row.figure, "goal": row.goal, "nassij": row.ours, "scaled": row.scaled, "met": row.met}
        return {**found, "slow": row.slow, "peers": dict(row.peers)}

    return json.dumps(
        {
            "machine": {**vars(machine), "versions": dict(machine.versions), "busy": machine.is_busy, "speed": speed},
            "sections": [
                {"title": section.title, "note": section.note, "figures": [row_data(row) for row in section.rows]}
                for section in sections
            ],
            "missed": missed(sections),
        },
        ensure_ascii=False,
        indent=2,
    )
