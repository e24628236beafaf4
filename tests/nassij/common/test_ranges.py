"""A download that goes on where it broke off."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from nassij.common.ranges import ranged

WHOLE = b"0123456789"


def asked(header: str | None, method: str = "GET", **more: str) -> HttpResponse:
    headers = ({"Range": header} if header is not None else {}) | more
    request = RequestFactory().generic(method, "/", headers=headers)
    return ranged(request, HttpResponse(WHOLE), '"tag"')


@pytest.mark.parametrize(
    ("header", "part", "place"),
    [
        ("bytes=0-3", b"0123", "0-3"),
        ("bytes=4-", b"456789", "4-9"),
        ("bytes=9-9", b"9", "9-9"),
        ("bytes=4-400", b"456789", "4-9"),
        ("bytes=-3", b"789", "7-9"),
        ("bytes=-30", WHOLE, "0-9"),
    ],
)
def test_a_part(header: str, part: bytes, place: str) -> None:
    response = asked(header)
    assert (response.status_code, response.content) == (206, part)
    assert response.headers["Content-Range"] == f"bytes {place}/10"


@pytest.mark.parametrize(
    "header", [None, "", "bytes=-", "bytes=5-2", "bytes=0-1,4-5", "lines=0-1", "bytes=a-b", "bytes=٣-٤"]
)
def test_anything_else_is_the_whole_file(header: str | None) -> None:
    response = asked(header)
    assert (response.status_code, response.content) == (200, WHOLE)
    assert response.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-20", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(header: str) -> None:
    response = asked(header)
    assert (response.status_code, response.content) == (416, b"")
    assert response.headers["Content-Range"] == "bytes */10"


def test_a_file_that_has_changed_comes_whole() -> None:
    assert asked("bytes=4-", **{"If-Range": '"tag"'}).status_code == 206
    assert asked("bytes=4-", **{"If-Range": '"other"'}).content == WHOLE
    assert asked("bytes=4-", method="HEAD").status_code == 200
