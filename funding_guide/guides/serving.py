"""Files of guides on their way to people: whole, in part, or as a ZIP of several; streamed, so that memory stays as it is."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from tempfile import SpooledTemporaryFile
from typing import Any

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header, parse_etags
from django.utils.translation import gettext as _

from nassij.common.canonical import digest
from nassij.common.errors import NotFound, TooLarge, Unprocessable
from nassij.common.ranges import asked_part, ranged_stream

from ..models import EditionFile, FileFormat
from .library import Shown, file_name
from .making.files import CONTENT_TYPES

MAX_FILES = 60
MAX_SELECTION = 60 * 1024 * 1024
_IN_MEMORY = 1024 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)


def sent(request: HttpRequest, shown: Shown, row: EditionFile) -> HttpResponseBase:
    """The file, the part asked for, or 304 for who has it already. Raises `NotFound` where the storage has lost it."""
    etag = f'"{row.sha256}"'
    if _has(request, etag):
        return _kept(HttpResponseNotModified(), etag)
    try:
        content: Any = default_storage.open(row.path)
    except FileNotFoundError as error:
        raise NotFound(
            _("This file is not on the server at the moment."),
            code="file_missing",
            remedy=_("Tell the contact centre: the site's operator can make it again."),
        ) from error
    kind = CONTENT_TYPES[FileFormat(row.format)]
    response = ranged_stream(request, content, size=row.size, etag=etag, content_type=kind)
    return _kept(_attached(response, file_name(shown, row)), etag)


def zipped(request: HttpRequest, files: Sequence[tuple[Shown, EditionFile]]) -> HttpResponseBase:
    """Several files as one ZIP. Raises `Unprocessable` for none of them, `TooLarge` for more than we pack."""
    if not files:
        raise Unprocessable(
            _("No file is selected."), code="nothing_selected", remedy=_("Go back and tick what you want to download.")
        )
    if len(files) > MAX_FILES or sum(row.size for _shown, row in files) > MAX_SELECTION:
        raise TooLarge(
            _("This is more than one download can take."),
            code="selection_too_large",
            remedy=_("Go back and tick fewer files."),
        )
    etag = f'"{digest([row.sha256 for _shown, row in files])}"'
    if _has(request, etag):
        return _kept(HttpResponseNotModified(), etag)
    packed = _packed(files)
    size = packed.seek(0, 2)
    packed.seek(0)
    response = ranged_stream(request, packed, size=size, etag=etag, content_type="application/zip")
    return _kept(_attached(response, _("guides") + ".zip"), etag)


def is_a_download(request: HttpRequest, size: int, etag_of: str, response: HttpResponseBase) -> bool:
    """Whether somebody begins to download: a part that goes on, or a look at what is there already, is none."""
    if request.method != "GET" or response.status_code not in (200, 206):
        return False
    asked = asked_part(request, size, f'"{etag_of}"')
    return asked is None or asked[0] == 0


def _packed(files: Sequence[tuple[Shown, EditionFile]]) -> Any:
    packed: Any = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (closed when it is sent)
    taken: set[str] = set()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:  # what is inside is compressed already
        for shown, row in files:
            name = file_name(shown, row)
            if name in taken:  # the same title in two languages
                name = f"{row.language}/{name}"
            taken.add(name)
            with default_storage.open(row.path) as content, archive.open(zipfile.ZipInfo(name, _EPOCH), "w") as target:
                for piece in content.chunks():
                    target.write(piece)
    return packed


def _has(request: HttpRequest, etag: str) -> bool:
    given = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in given or etag in (each.removeprefix("W/") for each in given)


def _attached(response: Any, name: str) -> Any:
    """A download that no browser opens as a page of ours, called by a name that may be Arabic (RFC 6266)."""
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _kept(response: Any, etag: str) -> HttpResponseBase:
    """Public, and kept for an hour: an address always names the same edition, whose files may be made anew."""
    response.headers["ETag"] = etag
    patch_cache_control(response, public=True, max_age=3600)
    return response  # type: ignore[no-any-return]
