"""Room and memory: what ends most installations on a small server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from tutornassij.doctor.findings import Check, Finding, failed, not_here, ok, warned
from tutornassij.doctor.site import Site
from tutornassij.i18n import _, gettext_noop

GB = 1_000_000_000
DISK_LEAST, DISK_GOOD = 5 * GB, 20 * GB
"""A database stops at a full disk; building the image needs about 15 GB beside what runs."""
MEMORY_LEAST, MEMORY_GOOD = 3.5 * GB, 7 * GB
"""Tutor asks for 4 GB and recommends 8; the kernel keeps some of what was bought."""
MEMINFO = Path("/proc/meminfo")


def disk(site: Site) -> Iterator[Finding]:
    """Of the project, where the data are, and of Docker, where the images are: often two disks."""
    folders = {existing(site.root)}
    if site.mode == "local" and site.docker.data_folder is not None:
        folders.add(existing(site.docker.data_folder))
    seen = set()
    for folder in sorted(folders):
        if (device := folder.stat().st_dev) in seen:
            continue
        seen.add(device)
        free = shutil.disk_usage(folder).free
        words = {"folder": folder, "free": f"{free / GB:.1f}", "good": DISK_GOOD // GB}
        remedy = _("Free some room (docker system prune, old backups) or enlarge the disk.")
        if free < DISK_LEAST:
            yield failed(
                "disk.full", _("%(free)s GB free at %(folder)s.") % words, remedy, folder=str(folder), free_bytes=free
            )
        elif free < DISK_GOOD:
            message = _("%(free)s GB free at %(folder)s; building an image needs %(good)s.") % words
            yield warned("disk.low", message, remedy, folder=str(folder), free_bytes=free)
        else:
            yield ok("disk.room", _("%(free)s GB free at %(folder)s.") % words, folder=str(folder), free_bytes=free)


def memory(site: Site) -> Iterator[Finding]:
    total = memory_bytes(MEMINFO)
    if site.mode != "local" or total is None:
        yield not_here("memory.elsewhere", _("The site does not run in the memory of this machine."))
        return
    words = {"total": f"{total / GB:.1f}"}
    if total < MEMORY_LEAST:
        yield failed(
            "memory.least",
            _("%(total)s GB of memory: the services will be killed.") % words,
            _("Take a server with 8 GB."),
            total_bytes=total,
        )
    elif total < MEMORY_GOOD:
        yield warned(
            "memory.low",
            _("%(total)s GB of memory: enough to run, not to build an image beside it.") % words,
            _("Take a server with 8 GB, or build the image elsewhere (tutor nassij bundle)."),
            total_bytes=total,
        )
    else:
        yield ok("memory.enough", _("%(total)s GB of memory.") % words, total_bytes=total)


def memory_bytes(path: Path) -> int | None:
    """The memory of this machine; None where the kernel does not say."""
    try:
        lines = path.read_text("ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemTotal:")), None)


def existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next(place for place in (folder, *folder.parents) if place.exists())


CHECKS = (
    Check("disk", gettext_noop("Room on the disks"), disk),
    Check("memory", gettext_noop("Memory"), memory),
)
