"""A PDF with its many small objects compressed: what makes a document readable by screen readers is more than half of it.

typst writes each object in plain text. Since version 1.5 a PDF may hold them in compressed object streams with a compressed table
of contents (ISO 32000-1, 7.5.7 and 7.5.8); every reader of this century knows them. Only what typst writes is understood: one
section, no encryption, generation 0.
"""

import re
import zlib
from collections.abc import Iterator

_TABLE = re.compile(rb"xref\r?\n0 (\d+)\r?\n")
_TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s+(\d+)\s+%%EOF\s*\Z", re.DOTALL)
_OBJECT = re.compile(rb"(\d+) 0 obj\s")
_IN_STREAM = 100  # objects of one stream: a reader unpacks a whole one to get at a single object
_LEVEL = 4  # 6 takes half as long again for a kilobyte of a report


def pack(document: bytes) -> bytes:
    """The same document, smaller; the same input gives the same bytes. Raises `ValueError` for what is not as typst writes it."""
    objects, trailer = _read(document)
    size = max(objects) + 1
    body = bytearray(document[: document.index(b"\n", document.index(b"\n") + 1) + 1])
    table: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
    loose = [number for number, content in objects.items() if not _is_stream(content)]
    for number, content in objects.items():
        if _is_stream(content):
            table[number] = (1, len(body), 0)
            body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    for start in range(0, len(loose), _IN_STREAM):
        inside, holder = loose[start : start + _IN_STREAM], size
        size += 1
        table |= {number: (2, holder, place) for place, number in enumerate(inside)}
        table[holder] = (1, len(body), 0)
        body += _object_stream(holder, [(number, objects[number]) for number in inside])
    at = len(body)
    table[size] = (1, at, 0)
    rows = b"".join(
        kind.to_bytes(1, "big") + a.to_bytes(4, "big") + b.to_bytes(2, "big") for kind, a, b in _rows(table)
    )
    entries = b"/Type/XRef/Size %d/W[1 4 2]%s" % (size + 1, re.sub(rb"/Size\s+\d+", b"", trailer).strip())
    body += _stream(size, entries, rows)
    return bytes(body + b"startxref\n%d\n%%%%EOF\n" % at)


def _read(document: bytes) -> tuple[dict[int, bytes], bytes]:
    """Every object by number, and the entries of the trailer."""
    trailer = _TRAILER.search(document)
    if not document.startswith(b"%PDF-1.7") or trailer is None:
        raise ValueError("not a PDF as typst writes it")
    start = int(trailer.group(2))
    table = _TABLE.match(document, start)
    if table is None:
        raise ValueError("a PDF without a plain table of contents")
    count = int(table.group(1))
    lines = [document[table.end() + 20 * place : table.end() + 20 * place + 20] for place in range(count)]
    offsets = sorted(int(line[:10]) for line in lines if line[17:18] == b"n")
    objects: dict[int, bytes] = {}
    for begin, end in zip(offsets, [*offsets[1:], start], strict=True):
        head, tail = _OBJECT.match(document, begin), document.rfind(b"endobj", begin, end)
        if head is None or tail < 0:
            raise ValueError("an object of a PDF is not as typst writes it")
        objects[int(head.group(1))] = document[head.end() : tail].strip()
    return objects, trailer.group(1)


def _is_stream(content: bytes) -> bool:
    return content.endswith(b"endstream")


def _object_stream(number: int, inside: list[tuple[int, bytes]]) -> bytes:
    index, content = b"", b""
    for key, value in inside:
        index += b"%d %d " % (key, len(content))
        content += value + b"\n"
    return _stream(number, b"/Type/ObjStm/N %d/First %d" % (len(inside), len(index)), index + content)


def _stream(number: int, entries: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content, _LEVEL)
    return b"%d 0 obj\n<<%s/Length %d/Filter/FlateDecode>>stream\n%s\nendstream\nendobj\n" % (
        number,
        entries,
        len(packed),
        packed,
    )


def _rows(table: dict[int, tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """One row per number; a number nobody uses is free."""
    for number in range(max(table) + 1):
        yield table.get(number, (0, 0, 65535))
