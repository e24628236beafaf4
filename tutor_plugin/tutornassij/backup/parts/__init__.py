"""What is saved, each part in its own module, all with the same five steps.

`save` writes members. To restore, `stage` puts everything beside what is live, where a fault harms nobody; `switch` exchanges the
two in moments; `undo` exchanges them back; `finish` removes what was replaced. An error before the last switch leaves the site as
it was; a kill leaves a restore that is run again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from gzip import GzipFile
from pathlib import Path
from typing import Any, Protocol

from tutornassij.backup import streams
from tutornassij.backup.containers import Containers
from tutornassij.backup.manifest import Manifest, Member, digest
from tutornassij.backup.trouble import Trouble
from tutornassij.i18n import _


@dataclass(frozen=True)
class Target:
    """A backup being written."""

    folder: Path
    key: Path | None = None

    def writing(self, name: str) -> AbstractContextManager[GzipFile]:
        return streams.writing(self.folder / name, self.key)

    def member(self, name: str, kind: str, **details: Any) -> Member:
        """What the manifest says of a file, read back from where it lies."""
        path = self.folder / name
        return Member(name, kind, path.stat().st_size, digest(path), details)


@dataclass(frozen=True)
class Source:
    """A backup being read."""

    folder: Path
    manifest: Manifest

    def reading(self, member: Member) -> AbstractContextManager[GzipFile]:
        return streams.reading(self.folder / member.name, encrypted=self.manifest.encrypted)


class Part(Protocol):
    kind: str

    def save(self, target: Target) -> Iterator[Member]: ...

    def stage(self, source: Source) -> None: ...

    def switch(self) -> None: ...

    def undo(self) -> None:
        """After a switch, or one that stopped halfway, in this process or in one that was killed."""

    def finish(self) -> None:
        """Remove what was replaced."""

    def discard(self) -> None:
        """Remove what was staged."""

    def try_out(self, source: Source) -> Iterable[str]:
        """Load everything where nobody sees it, and take it away: a sentence for each thing that was loaded."""


def parts(where: Containers, config: Mapping[str, Any], room: Path, mode: str) -> tuple[Part, ...]:
    """All parts, in the order of the switch: what can be undone best comes last.

    `room` is a folder for what `undo` needs. It outlives a kill. On Kubernetes there is no folder of files: they are in a bucket.
    """
    from tutornassij.backup.parts.files import Files
    from tutornassij.backup.parts.mongodb import MongoDB
    from tutornassij.backup.parts.mysql import MySQL

    databases = MongoDB(where, config, room), MySQL(where, config, room)
    return databases if mode == "k8s" else (*databases, Files(where, config))


def named(config: Mapping[str, Any], setting: str) -> list[str]:
    """The databases that the settings name, plugins' own with them."""
    return sorted({str(value) for key, value in config.items() if key.endswith(setting) and value})


def belongs(manifest: Manifest, config: Mapping[str, Any]) -> None:
    """Each database and folder of a backup is one that the settings here name: no other is ever written. Raises `Trouble`."""
    from tutornassij.backup.parts.files import Files, folders
    from tutornassij.backup.parts.mongodb import MongoDB
    from tutornassij.backup.parts.mysql import MySQL

    places: tuple[tuple[str, str, Sequence[str]], ...] = (
        (MySQL.kind, "database", named(config, MySQL.setting)),
        (MongoDB.kind, "database", named(config, MongoDB.setting)),
        (Files.kind, "folder", folders(config)),
    )
    for kind, key, known in places:
        for member in manifest.of(kind):
            if member.details[key] not in known:
                raise Trouble(
                    "restore.unknown",
                    _("%(name)s belongs to %(what)s, which the settings here do not name.")
                    % {"name": member.name, "what": member.details[key]},
                    _("Name it in config.yml, or restore the settings too (--config restore)."),
                )
