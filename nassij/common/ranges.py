"""Part of a file: a download that broke off on a bad line goes on where it stopped (RFC 9110, section 14)."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def ranged(request: HttpRequest, response: HttpResponse, etag: str) -> HttpResponse:
    """`response` (whole, in memory, named by `etag`), cut to the one range that is asked for.

    Several ranges, a form we do not know, or a file that has changed since (`If-Range`): the whole file, which is always right. A
    range outside the file is refused with 416.
    """
    response.headers["Accept-Ranges"] = "bytes"
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or asked is None or request.headers.get("If-Range", etag) != etag:
        return response
    size = len(response.content)
    first, last = asked.groups()
    if first:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < int(first):
            return response  # no range at all
    elif last:  # the last so many bytes
        start, end = max(0, size - int(last)), size - 1
    else:
        return response
    if start > end:
        response.status_code, response.content = 416, b""
        response.headers["Content-Range"] = f"bytes */{size}"
    else:
        response.status_code, response.content = 206, response.content[start : end + 1]
        response.headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response
