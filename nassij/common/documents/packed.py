"""A PDF with its many small objects compressed: what makes a document readable by screen readers is more than half of it.

typst writes each object in plain text. Since version 1.5 a PDF may hold them in compressed object streams with a compressed table
of contents (ISO 32000-1, 7.5.7 and 7.5.8); every reader of this century knows them. Only what typst writes is understood: one
section, no encryption, generation 0.
"""

import re
import struct
import zlib

_TABLE = re.compile(rb"xref\r?\n0 (\d+)\r?\n")
_TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s+(\d+)\s+%%EOF\s*\Z", re.DOTALL)
_LINE = 20  # bytes of a line of the table
_ROW = struct.Struct(">BIH")  # kind, offset or holder, place
_FREE = (0, 0, 65535)
_IN_STREAM = 100  # objects of one stream: a reader unpacks a whole one to get at a single object
_LEVEL = 1  # 4 takes half as long again for two kilobytes of a report


def pack(document: bytes) -> bytes:
    """The same document, smaller; the same input gives the same bytes. Raises `ValueError` for what is not as typst writes it."""
    objects, trailer = _read(document)
    size = max(objects) + 1
    body = bytearray(document[: document.index(b"\n", document.index(b"\n") + 1) + 1])
    table: dict[int, tuple[int, int, int]] = {0: _FREE}
    loose = []
    for number, content in objects.items():
        if content.endswith(b"endstream"):
            table[number] = (1, len(body), 0)
            body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
        else:
            loose.append(number)
    for start in range(0, len(loose), _IN_STREAM):
        inside, holder = loose[start : start + _IN_STREAM], size
        size += 1
        table |= {number: (2, holder, place) for place, number in enumerate(inside)}
        table[holder] = (1, len(body), 0)
        body += _object_stream(holder, [(number, objects[number]) for number in inside])
    at = len(body)
    table[size] = (1, at, 0)
    # A number nobody uses is free.
    rows = b"".join([_ROW.pack(*table.get(number, _FREE)) for number in range(size + 1)])
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
    lines = document[table.end() : table.end() + _LINE * int(table.group(1))]
    offsets = sorted(int(lines[at : at + 10]) for at in range(0, len(lines), _LINE) if lines[at + 17 : at + 18] == b"n")
    objects: dict[int, bytes] = {}
    for begin, end in zip(offsets, [*offsets[1:], start], strict=True):
        number, head, rest = document[begin:end].partition(b" 0 obj")
        content, tail, _ = rest.rpartition(b"endobj")
        if not (head and tail and number.isdigit()):
            raise ValueError("an object of a PDF is not as typst writes it")
        objects[int(number)] = content.strip()
    return objects, trailer.group(1)


def _object_stream(number: int, inside: list[tuple[int, bytes]]) -> bytes:
    index, at = [], 0
    for key, value in inside:
        index.append(b"%d %d " % (key, at))
        at += len(value) + 1
    head = b"".join(index)
    content = head + b"\n".join([value for _key, value in inside])
    return _stream(number, b"/Type/ObjStm/N %d/First %d" % (len(inside), len(head)), content)


def _stream(number: int, entries: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content, _LEVEL)
    return b"%d 0 obj\n<<%s/Length %d/Filter/FlateDecode>>stream\n%s\nendstream\nendobj\n" % (
        number,
        entries,
        len(packed),
        packed,
    )
