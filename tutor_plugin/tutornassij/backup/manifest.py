"""What a backup says of itself, and whether its files are what it says. Pure: files and the standard library."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tutornassij.backup.trouble import Trouble
from tutornassij.i18n import _

FORMAT = "nassij-backup/1"
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
DETAILS: Mapping[str, Mapping[str, type]] = {
    "mysql": {"database": str, "holds": str, "charset": str, "collation": str, "tables": int},
    "mongodb": {"database": str},
    "files": {"folder": str},
    "config": {},
}
"""What each kind of member says beside its sum; a part relies on it."""
SUMS_LINE = re.compile(r"([0-9a-f]{64})  ([^\n\\]+)\n")
"""As `sha256sum` writes and checks it."""


@dataclass(frozen=True)
class Member:
    """One file of a backup. `bytes` and `sha256` are of the file as it lies there; `details` belong to the part that wrote it."""

    name: str
    kind: str  # mysql | mongodb | files | config
    bytes: int
    sha256: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """`site` is Tutor's ID of the site. `left_out` names what was seen and not saved, with the reason."""

    created: str  # ISO 8601, UTC
    site: str
    lms_host: str
    mode: str
    versions: Mapping[str, str]
    encrypted: bool
    members: tuple[Member, ...]
    left_out: tuple[Mapping[str, str], ...] = ()
    format: str = FORMAT

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.created)

    def of(self, kind: str) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.kind == kind)


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, and the sums over it and all members."""
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=2) + "\n", "utf-8")
    (folder / SUMS).write_text(sums(folder), "utf-8")


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises `Trouble` when there is none, or none that we can read."""
    try:
        raw = json.loads((folder / MANIFEST).read_text("utf-8"))
        if raw["format"] != FORMAT:
            raise Trouble(
                "backup.format",
                _("%(folder)s is a backup of another format: %(format)s.")
                % {"folder": folder, "format": raw["format"]},
                _("Restore it with the version of the plugin that wrote it."),
            )
        members = tuple(Member(**member) for member in raw.pop("members"))
        manifest = Manifest(**{**raw, "members": members, "left_out": tuple(raw["left_out"])})
        if manifest.moment.tzinfo is None or not well_formed(manifest):
            raise ValueError(MANIFEST)
        return manifest
    except FileNotFoundError as error:
        raise Trouble("backup.none", _("There is no backup in %(folder)s.") % {"folder": folder}) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Trouble(
            "backup.manifest",
            _("The description of the backup %(folder)s cannot be read: it is damaged.") % {"folder": folder},
            _("Take an older backup, or another copy of this one."),
        ) from error


def well_formed(manifest: Manifest) -> bool:
    """Whether it has the shape that everything else relies on: anybody may have written it."""
    words = (manifest.site, manifest.lms_host, manifest.mode, *manifest.versions, *manifest.versions.values())
    if not all(isinstance(word, str) for word in words) or not isinstance(manifest.encrypted, bool):
        return False
    if not all(_described_well(member) for member in manifest.members):
        return False
    held = [(member.details["database"], member.details["holds"]) for member in manifest.of("mysql")]
    databases = {database for database, _holds in held}
    pairs = {(database, holds) for database in databases for holds in ("tables", "code")}
    return len(held) == len(pairs) and set(held) == pairs and len(manifest.of("config")) == 1


def _described_well(member: Member) -> bool:
    wanted = DETAILS.get(member.kind)
    return (
        wanted is not None
        and isinstance(member.name, str)
        and isinstance(member.sha256, str)
        and isinstance(member.bytes, int)
        and all(isinstance(member.details.get(name), kind) for name, kind in wanted.items())
    )


def sums(folder: Path) -> str:
    """The text of `SHA256SUMS` for the files that are there."""
    return "".join(f"{digest(folder / name)}  {name}\n" for name in sorted(present(folder) - {SUMS}))


def present(folder: Path) -> set[str]:
    """Every file of a backup, by its path in it; a link is none: it could point to what changes."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}


def faults(folder: Path) -> Iterator[str]:
    """What is wrong with the files of a backup, a sentence for each; nothing when every byte is as it was written."""
    try:
        listed = (folder / SUMS).read_text("utf-8") if SUMS in present(folder) else ""
    except (OSError, UnicodeDecodeError):
        yield _("%(name)s is missing or damaged.") % {"name": SUMS}
        return
    wanted = {match.group(2): match.group(1) for match in SUMS_LINE.finditer(listed)}
    found = present(folder)
    if "".join(f"{wanted[name]}  {name}\n" for name in sorted(wanted)) != listed or MANIFEST not in wanted:
        yield _("%(name)s is missing or damaged.") % {"name": SUMS}
        return
    for name in sorted(wanted.keys() - found):
        yield _("%(name)s is missing.") % {"name": name}
    for name in sorted(found - wanted.keys() - {SUMS}):
        yield _("%(name)s does not belong to this backup.") % {"name": name}
    for name in sorted(wanted.keys() & found):
        if digest(folder / name) != wanted[name]:
            yield _("%(name)s is damaged: it is not what was saved.") % {"name": name}
    yield from _described(folder, wanted)


def _described(folder: Path, wanted: Mapping[str, str]) -> Iterator[str]:
    """The manifest describes exactly what the sums cover."""
    try:
        manifest = read(folder)
    except Trouble as trouble:
        yield trouble.message
        return
    described = {member.name: member.sha256 for member in manifest.members}
    if described != {name: value for name, value in wanted.items() if name != MANIFEST}:
        yield _("%(name)s describes other files than are there.") % {"name": MANIFEST}


def digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
