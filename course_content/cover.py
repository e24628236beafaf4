"""The picture of a course that brings none: a piece of weave, as everywhere here, in the colours of its number.

A PNG, since the platform makes thumbnails of it and phones' apps show nothing else; the same bytes every time.
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache

WIDTH, HEIGHT = 756, 450
THREAD, EDGE = 18, 2
"""Of a thread's width, so many pixels at both sides lie in its own shade."""

Colour = tuple[int, int, int]
WARP: tuple[Colour, Colour] = ((15, 92, 92), (10, 70, 70))
WEFTS: tuple[tuple[Colour, Colour], ...] = (
    ((242, 217, 178), (219, 188, 142)),  # wool
    ((214, 162, 92), (186, 134, 68)),  # ochre
    ((196, 112, 84), (166, 88, 64)),  # brick
    ((164, 178, 122), (134, 148, 96)),  # olive
    ((150, 184, 196), (120, 154, 168)),  # slate
)


@lru_cache(maxsize=8)
def picture(number: int) -> bytes:
    """The picture of course `number`."""
    palette = b"".join(bytes(colour) for colour in (*WARP, *WEFTS[number % len(WEFTS)]))
    kinds = {(row, edge): _line(row, edge, number) for row in range(-(-HEIGHT // THREAD)) for edge in (False, True)}
    lines = [kinds[y // THREAD, _is_edge(y % THREAD)] for y in range(HEIGHT)]
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)  # one byte a pixel, its place in the palette
    pixels = zlib.compress(b"".join(b"\0" + line for line in lines), 9)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _line(row: int, edge: bool, number: int) -> bytes:
    """A line of pixels, at the edge of its weft thread or inside: 0 and 1 warp and its shade, 2 and 3 weft and its shade."""
    warp = bytes(map(_is_edge, range(THREAD)))
    weft = bytes([2 + edge]) * THREAD
    columns = range(-(-WIDTH // THREAD))
    return b"".join(warp if _warp_is_above(column, row, number) else weft for column in columns)[:WIDTH]


def _warp_is_above(column: int, row: int, number: int) -> bool:
    """A twill that turns round the middle: lozenges, larger with each course of five."""
    size = 4 + number % 5
    middle_column, middle_row = WIDTH // THREAD // 2, HEIGHT // THREAD // 2
    return (abs(column - middle_column) + abs(row - middle_row)) % size < size // 2


def _is_edge(place: int) -> bool:
    return place < EDGE or place >= THREAD - EDGE


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
