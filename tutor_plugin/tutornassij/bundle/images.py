"""Which images a site runs: read from what is rendered, so that every plugin's are among them."""

from __future__ import annotations

from pathlib import Path

from tutornassij.backup.trouble import Trouble
from tutornassij.i18n import _

FILES = ("docker-compose.yml", "docker-compose.prod.yml", "docker-compose.jobs.yml")


def images(env: Path) -> list[str]:
    """The tags, sorted. Raises `Trouble` when nothing is rendered."""
    from tutor import serialize

    found: set[str] = set()
    for name in FILES:
        path = env / "local" / name
        if not path.exists():
            raise Trouble("bundle.not_rendered", _("Nothing is rendered yet."), _("Run: tutor config save"))
        services = (serialize.load(path.read_text("utf-8")) or {}).get("services") or {}
        found |= {str(service["image"]) for service in services.values() if service.get("image")}
    return sorted(found)
