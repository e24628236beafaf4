"""Part of a file: a download that broke off on a bad line goes on where it stopped (RFC 9110, section 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_CHUNK = 64 * 1024


def ranged(request: HttpRequest, response: HttpResponse, etag: str) -> HttpResponse:
    """`response` (whole, in memory, named by `etag`), cut to the one range that is asked for.

    Several ranges, a form we do not know, or a file that has changed since (`If-Range`): the whole file, which is always right. A
    range outside the file is refused with 416.
    """
    response.headers["Accept-Ranges"] = "bytes"
    size = len(response.content)
    asked = asked_part(request, size, etag)
    if asked is None:
        return response
    response.status_code, place = _told(asked, size)
    response.content = response.content[asked[0] : asked[1] + 1]
    response.headers["Content-Range"] = place
    return response


def ranged_stream(
    request: HttpRequest, file: BinaryIO, *, size: int, etag: str, content_type: str
) -> StreamingHttpResponse:
    """`file` (open, of that size, closed when sent) as `ranged` answers, a piece at a time: memory does not grow with it."""
    asked = asked_part(request, size, etag)
    start, end = asked or (0, size - 1)
    response = StreamingHttpResponse(_pieces(file, start, end - start + 1), content_type=content_type)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Length"] = str(max(0, end - start + 1))
    if asked is not None:
        response.status_code, response.headers["Content-Range"] = _told(asked, size)
    return response


def asked_part(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """First and last byte that are asked for; the first after the last when they are outside, None for the whole file."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or asked is None or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = asked.groups()
    if first:
        if last and int(last) < int(first):
            return None  # no range at all
        start, end = int(first), min(int(last), size - 1) if last else size - 1
    elif last:  # the last so many bytes
        start, end = max(0, size - int(last)), size - 1
    else:
        return None
    return (start, end) if start <= end else (size, size - 1)


def _told(asked: tuple[int, int], size: int) -> tuple[int, str]:
    start, end = asked
    return (206, f"bytes {start}-{end}/{size}") if start <= end else (416, f"bytes */{size}")


def _pieces(file: BinaryIO, start: int, length: int) -> Iterator[bytes]:
    with file:
        if length > 0:
            file.seek(start)
        while length > 0 and (piece := file.read(min(_CHUNK, length))):
            length -= len(piece)
            yield piece
