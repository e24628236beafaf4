"""The Python packages of the operator's machine as wheels: Tutor, the plugins that are enabled, and what they need."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tutornassij.backup.trouble import Trouble
from tutornassij.i18n import _


def requirements(enabled: Sequence[str]) -> list[str]:
    """The versions that are installed here; what was installed from a folder is built from that folder."""
    found = [metadata.distribution("tutor")]
    for point in metadata.entry_points(group="tutor.plugin.v1"):
        if point.name in enabled and point.dist is not None:
            found.append(metadata.distribution(point.dist.name))
    return sorted({requirement(distribution) for distribution in found})


def requirement(distribution: metadata.Distribution) -> str:
    origin = json.loads(distribution.read_text("direct_url.json") or "{}")
    if "dir_info" in origin:
        return unquote(urlsplit(origin["url"]).path)
    return f"{distribution.metadata['Name']}=={distribution.version}"


def collect(folder: Path, wanted: Sequence[str], find_links: Path | None = None) -> list[str]:
    """Fill `folder` with wheels that install without an index; their names. Raises `Trouble`."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--disable-pip-version-check",
        "--wheel-dir",
        str(folder),
    ]
    if find_links:
        command += ["--no-index", "--find-links", str(find_links)]
    done = subprocess.run([*command, *wanted], capture_output=True, text=True, check=False)
    if done.returncode:
        words = done.stderr.strip().splitlines()
        raise Trouble(
            "bundle.wheels",
            _("The packages cannot be collected: %(error)s") % {"error": words[-1] if words else "pip"},
            _("Run this on a machine with Internet, or name a folder of wheels with --find-links."),
        )
    return sorted(path.name for path in folder.glob("*.whl"))
