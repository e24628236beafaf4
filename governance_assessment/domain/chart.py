"""The radar chart of a result, as a small SVG that needs no script and no style attribute.

Colours come from the page: everything is drawn in ``currentColor`` and carries a class, so a style sheet may change it and a
PDF without one is still right. The chart is never the only form of the data: a page prints the same figures in a table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from itertools import chain

from .characters import one_line

#: Units of the view box; on a telephone of 360 px one unit is about one pixel.
RADIUS = 92
RINGS = 4
FONT_SIZE = 13
LINE_HEIGHT = 16
LABEL_GAP = 9
WRAP_AT = 13
#: Wider than the average letter of Arabic or Latin in common fonts, so that an estimate never cuts a label.
LETTER_WIDTH = 0.62 * FONT_SIZE
MARGIN = 4

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Axis:
    """One dimension: a short label, its value from 0 to the maximum, and that of the round before. None: not published."""

    label: str
    value: Fraction | None
    previous: Fraction | None = None


@dataclass(frozen=True, slots=True)
class _Label:
    lines: tuple[str, ...]
    x: int
    y: int  # baseline of the first line
    anchor: str

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom, estimated generously."""
        width = max(map(len, self.lines)) * LETTER_WIDTH
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return left, self.y - FONT_SIZE, left + width, self.y + (len(self.lines) - 1) * LINE_HEIGHT + FONT_SIZE / 3


def radar_svg(
    axes: Sequence[Axis], *, title: str, description: str, element_id: str, maximum: Fraction = Fraction(100)
) -> str:
    """The chart, clockwise from the top. ``title`` and ``description`` are what a screen reader says.

    ``element_id`` must be unique on the page. A dimension without a value leaves a gap instead of a false zero.
    Raises ValueError for fewer than three axes, which make no surface.
    """
    if len(axes) < 3:
        raise ValueError("a radar chart needs at least three axes")
    count = len(axes)
    now = [_point(index, count, axis.value, maximum) for index, axis in enumerate(axes)]
    before = [_point(index, count, axis.previous, maximum) for index, axis in enumerate(axes)]
    labels = [_label(index, count, axis.label) for index, axis in enumerate(axes)]
    name = escape(element_id)
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="nassij-radar" viewBox="{_view_box(labels)}" role="img" '
            f'direction="ltr" aria-labelledby="{name}-t {name}-d" stroke="currentColor" fill="none">',
            f'<title id="{name}-t">{_text(title)}</title><desc id="{name}-d">{_text(description)}</desc>',
            f'<path class="nassij-radar-grid" stroke-opacity=".25" d="{_grid(count)}"/>',
            _shape("nassij-radar-before", 'stroke-dasharray="4"', before),
            _shape("nassij-radar-now", 'stroke-width="2" fill="currentColor" fill-opacity=".15"', now),
            _dots(now),
            f'<g class="nassij-radar-labels" font-size="{FONT_SIZE}" fill="currentColor" stroke="none">',
            *map(_label_svg, labels),
            "</g></svg>",
        )
    )


def _direction(index: int, count: int) -> tuple[float, float]:
    angle = math.tau * index / count
    return math.sin(angle), -math.cos(angle)


def _at(index: int, count: int, radius: float) -> Point:
    across, down = _direction(index, count)
    return round(across * radius), round(down * radius)


def _point(index: int, count: int, value: Fraction | None, maximum: Fraction) -> Point | None:
    """Where a value lies on its axis; one beyond the ends lies at the end."""
    if value is None:
        return None
    return _at(index, count, RADIUS * float(min(max(value / maximum, Fraction(0)), Fraction(1))))


# --- Lines ----------------------------------------------------------------------------------------------


def _grid(count: int) -> str:
    rings = (
        _closed([_at(index, count, RADIUS * ring / RINGS) for index in range(count)]) for ring in range(1, RINGS + 1)
    )
    spokes = ("M0 0L{} {}".format(*_at(index, count, RADIUS)) for index in range(count))
    return "".join(chain(rings, spokes))


def _line(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _closed(points: Sequence[Point]) -> str:
    return _line(points) + "Z"


def _shape(name: str, paint: str, points: Sequence[Point | None]) -> str:
    """The polygon, or only the sides between neighbours that both exist: no surface is claimed for the unknown."""
    known = [point for point in points if point is not None]
    if len(known) == len(points):
        return f'<path class="{name}" {paint} d="{_closed(known)}"/>'
    sides = [_line((a, b)) for a, b in zip(points, [*points[1:], points[0]], strict=True) if a and b]
    return f'<path class="{name} is-open" {paint} d="{"".join(sides)}"/>' if sides else ""


def _dots(points: Sequence[Point | None]) -> str:
    """A dot for each value, also where it has no neighbour to be joined to: strokes of no length with round ends."""
    dots = "".join(f"M{point[0]} {point[1]}h0" for point in points if point is not None)
    if not dots:
        return ""
    return f'<path class="nassij-radar-dots" stroke-width="7" stroke-linecap="round" d="{dots}"/>'


# --- Labels ---------------------------------------------------------------------------------------------


def _label(index: int, count: int, text: str) -> _Label:
    across, down = _direction(index, count)
    x, y = _at(index, count, RADIUS + LABEL_GAP)
    lines = _wrapped(one_line(text, 60))
    # A label above the chart grows upwards, one below it downwards, one beside it both ways.
    rise = (len(lines) - 1) * LINE_HEIGHT * (1 - down) / 2
    anchor = "middle" if abs(across) < 0.1 else "start" if across > 0 else "end"
    return _Label(lines, x, round(y - rise + FONT_SIZE * (0.35 + 0.35 * down)), anchor)


def _wrapped(text: str) -> tuple[str, ...]:
    """The label on lines of about ``WRAP_AT`` letters, broken between words only."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > WRAP_AT:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return tuple(lines)


def _label_svg(label: _Label) -> str:
    """Bidirectional text orders itself by its own first letter (``plaintext``); the anchor stays left to right."""
    start = f'<text x="{label.x}" y="{label.y}" text-anchor="{label.anchor}" unicode-bidi="plaintext">'
    if len(label.lines) == 1:
        return f"{start}{_text(label.lines[0])}</text>"
    first, *others = label.lines
    spans = "".join(f'<tspan x="{label.x}" dy="{LINE_HEIGHT}">{_text(line)}</tspan>' for line in others)
    return f"{start}{_text(first)}{spans}</text>"


def _view_box(labels: Sequence[_Label]) -> str:
    """Large enough for the rings and every label, whatever their length."""
    boxes = [*(label.box for label in labels), (-RADIUS, -RADIUS, RADIUS, RADIUS)]
    left, top = (math.floor(min(box[side] for box in boxes)) - MARGIN for side in (0, 1))
    right, bottom = (math.ceil(max(box[side] for box in boxes)) + MARGIN for side in (2, 3))
    return f"{left} {top} {right - left} {bottom - top}"


def _text(text: str) -> str:
    return escape(one_line(text, 1_000), quote=False)
