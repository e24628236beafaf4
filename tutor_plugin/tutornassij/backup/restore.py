"""Putting a backup in place: prove it, load it beside what is live, exchange the two, rebuild what is derived.

Nothing live is touched before everything has been loaded once. An error during the exchange puts back what was there; a kill
leaves a mark, and the next restore first puts back what was there.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from shlex import quote
from typing import Any

from tutornassij.backup import manifest as manifests
from tutornassij.backup.containers import Containers, ask
from tutornassij.backup.create import Say
from tutornassij.backup.manifest import Manifest
from tutornassij.backup.parts import Part, Source, parts
from tutornassij.backup.shelf import Saved, Shelf
from tutornassij.backup.trouble import NOT_UNDONE, REBUILD, Trouble
from tutornassij.i18n import _

ROOM = ".undo"
FORGET = """
from django.conf import settings
from django.core.cache import caches
for alias in settings.CACHES:
    caches[alias].clear()
from lms.celery import APP
APP.control.purge()
import meilisearch
client = meilisearch.Client(settings.MEILISEARCH_URL, settings.MEILISEARCH_API_KEY)
try:
    for index in client.get_indexes({"limit": 1000})["results"]:
        if index.uid.startswith(settings.MEILISEARCH_INDEX_PREFIX):
            client.delete_index(index.uid)
except meilisearch.errors.MeilisearchError as error:
    print("search:", error)
"""
"""What remembers the time before: caches, waiting work, the search index (which `init` builds anew)."""


def prove(saved: Saved) -> None:
    """Every byte is as it was written. Raises `Trouble` with the first of what is wrong."""
    faults = list(manifests.faults(saved.folder))
    if faults:
        raise Trouble(
            "backup.damaged",
            " ".join(faults[:3]),
            _("Take an older backup, or another copy of this one."),
        )


def suits(manifest: Manifest, mode: str) -> None:
    """Whether what is installed here can work with this data. Raises `Trouble` when it cannot."""
    here, there = metadata.version("tutor"), str(manifest.versions.get("tutor", ""))
    if here.split(".")[0] != there.split(".")[0]:
        raise Trouble(
            "restore.tutor",
            _("This backup is of Tutor %(there)s; here is %(here)s.") % {"there": there, "here": here},
            _("Install Tutor %(major)s, restore, and upgrade then.") % {"major": there.split(".")[0]},
        )
    ours, theirs = metadata.version("tutor-contrib-nassij"), str(manifest.versions.get("plugin nassij", ""))
    if theirs and numbers(theirs) > numbers(ours):
        raise Trouble(
            "restore.plugin",
            _("This backup is of a newer version of the plugin, %(there)s; here is %(here)s.")
            % {"there": theirs, "here": ours},
            _("Run: pip install 'tutor-contrib-nassij>=%(there)s'") % {"there": theirs},
        )
    if manifest.mode != mode and manifest.of("files") and mode == "k8s":
        raise Trouble(
            "restore.mode",
            _("This backup holds files of a server; on Kubernetes they belong in a bucket."),
            _("Restore it with tutor local, and move the files to the bucket from there."),
        )


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:3] if part.isdigit())


@dataclass
class Restore:
    """One restore, from its first step to its last."""

    root: Path
    config: Mapping[str, Any]
    where: Containers
    mode: str
    saved: Saved
    say: Say

    @property
    def called(self) -> str:
        """What to type to mean this backup again, which may lie anywhere."""
        folder = self.saved.folder.absolute()
        return folder.name if folder.parent == self.root / "backups" else str(folder)

    def run(self, *, init: bool = True) -> None:
        """Raises `Trouble`; its code says whether the site is as before (`restore.undone`) or not (`restore.not_undone`)."""
        shelf = Shelf(self.root / "backups")
        source = Source(self.saved.folder, self.saved.manifest)
        with shelf.alone():
            room = shelf.folder / ROOM
            room.mkdir(mode=0o700, exist_ok=True)
            all_parts = parts(self.where, self.config, room, self.mode)
            if shelf.unfinished_restore():
                self.say(_("A restore was interrupted: what was there before it is put back first."))
                undo(all_parts)
                shelf.end_restore()
            shutil.rmtree(room)
            room.mkdir(mode=0o700)
            self._stage(all_parts, source)
            self.say(_("Everything has been loaded once. The site is stopped now."))
            self._stop(all_parts)
            shelf.begin_restore(self.called)
            self._switch(all_parts, shelf)
            shelf.end_restore()
            for part in all_parts:
                part.finish()
            shutil.rmtree(room)
        self._rebuild(init)

    def _stage(self, all_parts: Sequence[Part], source: Source) -> None:
        try:
            for part in all_parts:
                self.say(_("Loading beside what is live: %(kind)s") % {"kind": part.kind})
                part.stage(source)
        except BaseException:
            for part in all_parts:
                part.discard()
            raise

    def _stop(self, all_parts: Sequence[Part]) -> None:
        try:
            self.where.stop()
        except BaseException:
            for part in all_parts:
                part.discard()
            self.where.start()
            raise

    def _switch(self, all_parts: Sequence[Part], shelf: Shelf) -> None:
        """`BaseException`: who presses Ctrl-C here wants back what was there."""
        try:
            for part in all_parts:
                part.switch()
        except BaseException as error:
            self.say(_("Something failed: what was there before is put back."))
            try:
                undo(all_parts)
            except Trouble as another:
                raise NotUndone(another, self.called) from error
            shelf.end_restore()
            self.where.start()
            if not isinstance(error, Trouble):
                raise
            raise Undone(error) from error

    def _rebuild(self, init: bool) -> None:
        """The data are in place; what follows can be repeated by hand, and the message says how."""
        try:
            if self.mode == "k8s":
                self.where.start()
            self._forget()
            if init:
                self._tutor("do", "init")
            if self.mode != "k8s":
                self.where.start()
        except (Trouble, subprocess.CalledProcessError) as error:
            raise Trouble(
                REBUILD,
                _("The data are restored, but this failed afterwards: %(error)s") % {"error": error},
                _("Run: tutor %(mode)s do init, then: tutor %(mode)s start") % {"mode": self.mode},
            ) from error

    def _forget(self) -> None:
        """On a new server the platform has no account with its database yet: Tutor makes one, then it is asked again."""
        self.say(_("Caches, waiting work and the search index are emptied."))
        script = f"exec ./manage.py lms shell -c {quote(FORGET)}"
        try:
            ask(self.where, "lms", script)
        except Trouble:
            self._tutor("do", "init", "--limit=mysql")
            ask(self.where, "lms", script)

    def _tutor(self, *words: str) -> None:
        """What it says goes where what we say goes, and never into a document of JSON."""
        tutor = [sys.executable, "-m", "tutor.commands.cli", "--root", str(self.root), self.mode]
        subprocess.run([*tutor, *words], check=True, stdout=sys.stderr.fileno())


class Undone(Trouble):
    """The restore did not happen; the site is as it was."""

    def __init__(self, cause: Trouble) -> None:
        super().__init__(
            "restore.undone",
            _("Nothing was restored, and the site is as it was: %(error)s") % {"error": cause.message},
            cause.remedy,
        )


class NotUndone(Trouble):
    """Nothing is lost, but the site stands still: what was there lies beside it, and the next restore puts it back first."""

    def __init__(self, cause: Trouble, name: str) -> None:
        super().__init__(
            NOT_UNDONE,
            _("The restore failed, and what was there before could not be put back either: %(error)s")
            % {"error": cause.message},
            _("Nothing is lost. Mend this, then run again: tutor nassij restore %(name)s") % {"name": name},
        )


def undo(all_parts: Sequence[Part]) -> None:
    for part in reversed(all_parts):
        part.undo()
