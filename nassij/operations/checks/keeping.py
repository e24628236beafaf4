"""Can the site keep what it is given? Files and the cache, written, read and deleted."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nassij.common import private_files
from nassij.common.selfcheck import Asked, Finding, Service, check, failed, ok, warned

NOT_SHARED = ("locmem", "dummy")


@check("storage", title=gettext_lazy("Files are kept"))
def storage(asked: Asked) -> Iterator[Finding]:
    """Django's default storage, and where private files are; a file system or S3, as configured."""
    yield _kept(
        _("Public files"),
        default_storage,
        _("Correct STORAGES or MEDIA_ROOT (S3: address, bucket and keys), and the rights of the process on it."),
    )
    yield _kept(
        _("Private files"),
        private_files.storage(),
        _("Correct NASSIJ_PRIVATE_STORAGE, or let the process write in the folder media-private beside MEDIA_ROOT."),
    )
    served = _served_folder(private_files.storage())
    if served:
        yield failed(
            _("Private files lie below %(folder)s, which the web server serves to everybody.") % {"folder": served},
            _(
                "Name another folder in NASSIJ_PRIVATE_STORAGE, outside of MEDIA_ROOT and STATIC_ROOT, and move the files there."
            ),
        )


@check("cache", title=gettext_lazy("The cache keeps what it is given"))
def cached(asked: Asked) -> Iterator[Finding]:
    """Written, read, deleted; and shared by all processes."""
    key, value = f"nassij-selfcheck-{uuid.uuid4().hex}", uuid.uuid4().hex
    start_it = _("Start the cache server (Redis or Memcached), and name it in CACHES.")
    cache.set(key, value, 60)
    found = cache.get(key)
    cache.delete(key)
    backend = str(settings.CACHES["default"]["BACKEND"])
    if found != value:
        yield failed(_("The cache lost what it was given a moment ago."), start_it, backend=backend)
    elif asked.service is not Service.NONE and any(f".{name}." in backend for name in NOT_SHARED):
        yield warned(_("Each process has a cache of its own: %(backend)s.") % {"backend": backend}, start_it)
    else:
        yield ok(_("Written, read and deleted."), backend=backend)


def _kept(what: str, kept: Storage, remedy: str) -> Finding:
    name, content = f"nassij/selfcheck/{uuid.uuid4().hex}.txt", uuid.uuid4().bytes
    kind = f"{type(_real(kept)).__module__}.{type(_real(kept)).__name__}"
    stored = ""
    try:
        stored = kept.save(name, ContentFile(content))
        with kept.open(stored) as file:
            read = file.read()
        kept.delete(stored)
        still = kept.exists(stored)
    except Exception as error:  # each storage has errors of its own
        words = {"what": what, "error": f"{type(error).__name__}: {error}"}
        return failed(_("%(what)s cannot be kept: %(error)s") % words, remedy, storage=kind)
    if read != content:
        return failed(_("%(what)s come back changed.") % {"what": what}, remedy, storage=kind)
    if still:
        return failed(_("%(what)s cannot be deleted.") % {"what": what}, remedy, storage=kind, left=stored)
    return ok(_("%(what)s: written, read and deleted.") % {"what": what}, storage=kind)


def _real(kept: Storage) -> object:
    """The storage behind Django's lazy one."""
    return getattr(kept, "_wrapped", kept)


def _served_folder(kept: Storage) -> str:
    """The folder of the web server that holds the private files; empty when there is none."""
    if not isinstance(kept, FileSystemStorage):
        return ""
    location = Path(kept.location).resolve()
    for given in (settings.MEDIA_ROOT, settings.STATIC_ROOT):
        if given and location.is_relative_to(Path(given).resolve()):
            return str(given)
    return ""
