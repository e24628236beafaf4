"""Files that only some may read: kept outside what the web server serves, handed out by views that asked who may.

A row of the owning app names each file; this module holds the bytes. The order makes the rest simple: the file is written first
and the row committed after it, so a row always has its file. A file whose row was never committed (a process killed in between, a
transaction rolled back) is swept by `nassij_tidy` when it is a day old. Each folder is registered with what knows its files:

    private_files.register_folder("evidence", known=lambda paths: set(EvidenceFile.objects…))
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from nassij.common.conf import setting
from nassij.common.errors import Conflict, NotFound
from nassij.common.ranges import ranged
from nassij.common.uploads import attachment

ROOT = "nassij"
UNCLAIMED_AFTER = timedelta(days=1)
_SWEEP_BATCH = 500
_PATH = re.compile(r"[a-z0-9-]+(/[A-Za-z0-9._-]+)+")

KnownPaths = Callable[[Collection[str]], Collection[str]]
_folders: dict[str, KnownPaths] = {}


@dataclass(frozen=True, slots=True)
class Written:
    """What the owner's row should remember of a file."""

    path: str
    size: int
    sha256: str


def register_folder(folder: str, *, known: KnownPaths) -> None:
    """Say whose files are below `folder`; `known` answers which of some paths have a row."""
    if _folders.setdefault(folder, known) is not known:
        raise ValueError(f"folder {folder} is registered twice")


def storage() -> Storage:
    """Where private files are: `NASSIJ_PRIVATE_STORAGE`, else a folder beside (never below) the public media."""
    given = setting("NASSIJ_PRIVATE_STORAGE")
    if given:
        made: Storage = import_string(given["BACKEND"])(**given.get("OPTIONS", {}))
        return made
    beside = Path(settings.MEDIA_ROOT).absolute().parent / "media-private"
    return FileSystemStorage(location=str(beside))


def write(path: str, content: bytes) -> Written:
    """Keep `content` at `folder/…`, replacing what a delivery that did not end left there.

    Give the path what makes it unique: a new random name for an upload, the job's uuid for something a job makes (a job delivered
    again then writes the same file). Raises `ValueError` for a path that is not plain or whose folder nobody registered.
    """
    folder = path.split("/", 1)[0]
    if not _PATH.fullmatch(path) or ".." in path or folder not in _folders:
        raise ValueError(f"not a private path: {path!r}")
    kept = storage()
    full = f"{ROOT}/{path}"
    if kept.exists(full):
        kept.delete(full)
    stored = kept.save(full, ContentFile(content))
    if stored != full:  # somebody wrote it at the same moment; theirs may be cut short by us, so ours stands
        kept.delete(full)
        kept.save(full, ContentFile(content))
        kept.delete(stored)
    return Written(path, len(content), hashlib.sha256(content).hexdigest())


def read(path: str) -> bytes:
    """The bytes at `path`. Raises `NotFound` when somebody removed the file behind our back."""
    try:
        with storage().open(f"{ROOT}/{path}") as file:
            return bytes(file.read())
    except FileNotFoundError as error:
        raise NotFound(code="file_missing") from error


def remove(path: str) -> None:
    """Delete the file; silent when it is gone. Call it once the row's removal is committed."""
    storage().delete(f"{ROOT}/{path}")


def serve(request: HttpRequest, path: str, *, name: str, content_type: str, sha256: str) -> HttpResponse:
    """The file as a download (or the part asked for), or 304 for who has it already. Checks no permission: ask first.

    Raises `NotFound` where somebody removed the file behind our back, `Conflict` where somebody changed it.
    """
    etag = f'"{sha256}"'
    given = request.headers.get("If-None-Match", "")
    response: HttpResponse
    if etag in given:
        response = HttpResponseNotModified()
    else:
        content = read(path)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Conflict(
                _("This file is no longer the one that was sent: it was changed on the server."),
                code="file_altered",
                remedy=_(
                    "It is not handed out. Tell the contact centre: the site's operator can restore it from a backup."
                ),
            )
        response = ranged(request, attachment(content, name=name, content_type=content_type), etag)
        del response.headers["Cache-Control"]
    response.headers["ETag"] = etag
    # The phone may keep it, and asks each time whether the person still may have it.
    patch_cache_control(response, private=True, no_cache=True)
    return response


def sweep(older_than: timedelta = UNCLAIMED_AFTER) -> int:
    """Delete files no row names; returns how many. Young ones stay: their row may be about to be committed."""
    kept, limit, removed = storage(), timezone.now() - older_than, 0
    for folder, known in _folders.items():
        for batch in _batches(_walk(kept, f"{ROOT}/{folder}")):
            claimed = set(known(batch))
            for path in batch:
                full = f"{ROOT}/{path}"
                if path not in claimed and _modified(kept, full) < limit:
                    kept.delete(full)
                    removed += 1
    return removed


def _walk(kept: Storage, folder: str) -> Iterator[str]:
    """Paths without the root, below `folder`."""
    try:
        folders, files = kept.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}".removeprefix(f"{ROOT}/")
    for name in folders:
        yield from _walk(kept, f"{folder}/{name}")


def _batches(paths: Iterator[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for path in paths:
        batch.append(path)
        if len(batch) == _SWEEP_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _modified(kept: Storage, full: str) -> Any:
    try:
        found = kept.get_modified_time(full)
    except FileNotFoundError:
        return timezone.now()  # gone meanwhile: nothing to delete
    return found if timezone.is_aware(found) else timezone.make_aware(found)
