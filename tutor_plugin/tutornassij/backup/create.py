"""Saving: every part into one folder that gets its name when it is whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from tutornassij.backup import manifest as manifests
from tutornassij.backup.containers import Containers
from tutornassij.backup.manifest import Manifest, Member
from tutornassij.backup.parts import Target, parts
from tutornassij.backup.parts.files import Files
from tutornassij.backup.shelf import Saved, Shelf
from tutornassij.i18n import _

Say = Callable[[str], None]


def create(
    root: Path, config: Mapping[str, Any], where: Containers, mode: str, *, key: Path | None = None, say: Say
) -> Saved:
    """Save the site. Raises `Trouble`, and then nothing is left of it."""
    shelf = Shelf(root / "backups")
    with shelf.alone(), shelf.being_written() as folder:
        target, members = Target(folder, key), []
        left_out: list[dict[str, str]] = []
        for part in parts(where, config, folder, mode):
            for member in part.save(target):
                members.append(member)
                say(_("Saved: %(name)s, %(size)s") % {"name": member.name, "size": human(member.bytes)})
            if isinstance(part, Files):
                left_out += part.left_out()
        members.append(_settings(root, target))
        if mode == "k8s":
            left_out.append(
                {
                    "what": "data/",
                    "why": _("On Kubernetes files are in a bucket or a volume: copy that at its provider."),
                }
            )
        left_out += buckets(config)
        written = Manifest(
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            site=str(config.get("ID", "")),
            lms_host=str(config.get("LMS_HOST", "")),
            mode=mode,
            versions=versions(config),
            encrypted=key is not None,
            members=tuple(members),
            left_out=tuple(left_out),
        )
        manifests.write(folder, written)
        name = folder.stem
    return Saved(shelf.folder / name, written)


def _settings(root: Path, target: Target) -> Member:
    name = "config.yml.gz"
    with (root / "config.yml").open("rb") as source, target.writing(name) as sink:
        shutil.copyfileobj(source, sink)
    return target.member(name, "config")


def versions(config: Mapping[str, Any]) -> dict[str, str]:
    """Tutor's version and that of each enabled plugin that is a distribution."""
    found = {"tutor": metadata.version("tutor")}
    for point in metadata.entry_points(group="tutor.plugin.v1"):
        if point.dist is not None and point.name in (config.get("PLUGINS") or ()):
            found[f"plugin {point.name}"] = point.dist.version
    return found


def buckets(config: Mapping[str, Any]) -> list[dict[str, str]]:
    """Buckets are not copied: they may be a thousand times the rest, and their keeper does it better."""
    why = _("A bucket: switch on versions and a copy at its provider (docs/operations/backup.rst).")
    return [
        {"what": f"{name} = {value}", "why": why}
        for name, value in sorted(config.items())
        if name.endswith(("_BUCKET", "_BUCKET_NAME")) and value
    ]


def human(size: int) -> str:
    """A size as people say it."""
    value, units = float(size), ["B", "kB", "MB", "GB", "TB"]
    while value >= 1000 and len(units) > 1:
        value /= 1000
        units.pop(0)
    return f"{value:.0f} {units[0]}" if value >= 10 or units[0] == "B" else f"{value:.1f} {units[0]}"
