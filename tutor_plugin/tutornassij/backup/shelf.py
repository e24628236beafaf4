"""Where backups lie: whole ones under their name, one being written under another: a half one is never taken for whole."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tutornassij.backup import manifest
from tutornassij.backup.trouble import Trouble
from tutornassij.i18n import _

NAME = re.compile(r"\d{8}T\d{6}Z(-\d+)?")
PARTIAL = ".partial"
RESTORING = "restoring"
"""A file with the name of the backup that is being restored; it stays when the restore is killed."""


@dataclass(frozen=True)
class Saved:
    """A whole backup."""

    folder: Path
    manifest: manifest.Manifest

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def created(self) -> datetime:
        return self.manifest.moment

    @property
    def bytes(self) -> int:
        return sum(member.bytes for member in self.manifest.members)


class Shelf:
    """The folder of backups of a project. It is made when first written to, for the owner alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def whole(self) -> list[Saved]:
        """All that can be read, the oldest first."""
        found = []
        for path in sorted(self.folder.glob("*")) if self.folder.exists() else ():
            if NAME.fullmatch(path.name):
                with contextlib.suppress(Trouble):
                    found.append(Saved(path, manifest.read(path)))
        return sorted(found, key=lambda saved: (saved.created, saved.name))

    def named(self, name: str) -> Saved:
        """The backup of this name, or in this folder anywhere; the last one for `last`. Raises `Trouble`."""
        if name == "last":
            if whole := self.whole():
                return whole[-1]
            raise Trouble("backup.none", _("Nothing has ever been saved."), _("Run: tutor nassij backup"))
        path = self.folder / name if NAME.fullmatch(name) else Path(name)
        if path.name.endswith(PARTIAL):
            raise Trouble("backup.partial", _("%(path)s was never finished: it is not a backup.") % {"path": path})
        return Saved(path, manifest.read(path))

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else saves or restores meanwhile; a kill lets go of it. Raises `Trouble`."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Trouble(
                    "backup.busy", _("Another backup or restore is running."), _("Wait until it is done.")
                ) from error
            yield

    @contextlib.contextmanager
    def being_written(self) -> Iterator[Path]:
        """A folder to fill. At the end it is on the disk for good and gets its name, in one step; otherwise it is removed.

        Call it `alone`: what a killed run left behind is removed first.
        """
        for left in self.folder.glob(f"*{PARTIAL}"):
            shutil.rmtree(left)
        name = self._free_name()
        partial = self.folder / f"{name}{PARTIAL}"
        partial.mkdir(mode=0o700)
        try:
            yield partial
            for path in (*partial.rglob("*"), partial):
                _to_disk(path)
            partial.rename(self.folder / name)
            _to_disk(self.folder)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise

    def _free_name(self) -> str:
        """The moment, in order of time; two in one second are told apart."""
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        taken = {path.name for path in self.folder.glob("*")}
        return next(name for name in (now, *(f"{now}-{n}" for n in range(2, 100))) if name not in taken)

    def prune(self, keep: int, site: str) -> list[str]:
        """Remove all but the last `keep` backups of this site; the names of those removed."""
        ours = [saved for saved in self.whole() if saved.manifest.site == site]
        gone = ours[: max(len(ours) - keep, 0)]
        for saved in gone:
            # First out of sight: a removal that is interrupted must not leave half a backup under its name.
            doomed = saved.folder.with_name(f"{saved.name}{PARTIAL}")
            saved.folder.rename(doomed)
            shutil.rmtree(doomed)
        return [saved.name for saved in gone]

    def begin_restore(self, name: str) -> None:
        """Remember that `name` is being put in place, until `end_restore`: a kill leaves the mark."""
        mark = self.folder / RESTORING
        mark.write_text(name, "utf-8")
        _to_disk(mark)
        _to_disk(self.folder)

    def end_restore(self) -> None:
        (self.folder / RESTORING).unlink(missing_ok=True)

    def unfinished_restore(self) -> str:
        """The name of the backup whose restore was interrupted, or nothing."""
        try:
            return (self.folder / RESTORING).read_text("utf-8").strip()
        except OSError:
            return ""


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
