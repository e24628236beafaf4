"""Backups that somebody has changed and then made whole again: every sum is right, so only their contents can betray them."""

from __future__ import annotations

import dataclasses
import io
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tutornassij.backup import manifest as manifests
from tutornassij.backup import streams
from tutornassij.backup.manifest import Manifest, Member

CONFIG = Member("config.yml.gz", "config", 0, "")


def rewritten(folder: Path, name: str, content: bytes) -> None:
    """Put other bytes in the place of a member."""
    (folder / name).unlink()
    with streams.writing(folder / name) as sink:
        sink.write(content)
    summed(folder, name)


def summed(folder: Path, name: str) -> None:
    """Describe a member as it lies there now."""
    path, written = folder / name, manifests.read(folder)
    forged = {"bytes": path.stat().st_size, "sha256": manifests.digest(path)}
    described(folder, name, **forged)
    assert manifests.read(folder) != written and list(manifests.faults(folder)) == []


def described(folder: Path, name: str, **changes: Any) -> None:
    """Say something else of a member."""
    written = manifests.read(folder)
    members = [dataclasses.replace(one, **changes) if one.name == name else one for one in written.members]
    manifests.write(folder, dataclasses.replace(written, members=tuple(members)))


def archive(entries: Iterable[tarfile.TarInfo]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w|") as made:
        for one in entries:
            made.addfile(one, io.BytesIO(b"written" if one.isreg() else b""))
    return target.getvalue()


def entry(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.mode = kind, target, 0o755
    made.size = len(b"written") if made.isreg() else 0
    return made


def manifest(**changes: Any) -> Manifest:
    """A description to begin with."""
    began = Manifest(
        "2026-11-28T00:00:00+00:00", "site", "nassij.example.ma", "local", {"tutor": "22.0.3"}, False, (CONFIG,)
    )
    return dataclasses.replace(began, **changes)
