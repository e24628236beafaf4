"""The packages that go into the image: the suite's wheel and the few libraries the platform lacks, carried by this distribution.

They lie in `packages/nassij-dist/` (made by `make tutor-wheels`), with a `requirements.txt` that names each with its sha256.
Tutor copies the folder as it is into the build context, where the image installs from it without any network. The environment
variable NASSIJ_WHEELS names another folder that holds a `nassij-dist/`, for a site that builds its own.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tutornassij.i18n import _

FOLDER = "nassij-dist"
BUILD_FOLDER = f"build/openedx/{FOLDER}"
MANIFEST = "requirements.txt"
SUITE = "openedx-nassij"
_REQUIREMENT = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s\\]+)(?P<hashes>(?:\s+\\?\s*--hash=sha256:[0-9a-f]{64})+)", re.M
)


def root() -> Path:
    """The folder that holds `nassij-dist/`: a template root for Tutor."""
    return Path(os.environ.get("NASSIJ_WHEELS") or Path(__file__).parent / "packages")


def packaged() -> list[Path]:
    """The wheels this installation brought."""
    return sorted((root() / FOLDER).glob("*.whl"))


def wanted(manifest: str) -> Mapping[str, tuple[str, frozenset[str]]]:
    """`requirements.txt` -> normalised name: (version, the sha256 of each of its wheels)."""
    return {
        _normal(found["name"]): (found["version"], frozenset(re.findall(r"[0-9a-f]{64}", found["hashes"])))
        for found in _REQUIREMENT.finditer(manifest)
    }


def problems(folder: Path) -> Iterator[str]:
    """What is wrong with the wheels in `folder`: one sentence each, none when all is as the manifest says."""
    try:
        named = wanted((folder / MANIFEST).read_text("utf-8"))
    except OSError:
        named = {}
    if SUITE not in named:
        yield _("the list of packages is missing: %(file)s") % {"file": folder / MANIFEST}
        return
    missing = {digest: name for name, (_version, digests) in named.items() for digest in digests}
    for path in sorted(folder.glob("*.whl")):
        if missing.pop(_sha256(path), None) is None:
            yield _("%(file)s is not the file that was released") % {"file": path.name}
    for name in sorted(set(missing.values())):
        yield _("a wheel of %(name)s is missing") % {"name": name}


def version() -> str:
    """The version of the suite these wheels bring; empty when there are none."""
    try:
        named = wanted((root() / FOLDER / MANIFEST).read_text("utf-8"))
    except OSError:
        return ""
    return named[SUITE][0] if SUITE in named else ""


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
