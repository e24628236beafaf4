"""What `ImportedRun.content` says of a run: its title, its units and the blocks there are to finish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OURS = "nassij_"
"""How the types of our blocks begin."""


class CourseContents:
    """A reading of `ImportedRun.content`."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._titles: dict[str, str] = {name: title for name, (title, _digest) in content.get("blocks", {}).items()}
        self.language: str = content.get("language", "")

    @property
    def title(self) -> str:
        return self._titles.get("course", "")

    @property
    def units(self) -> dict[str, str]:
        """Code of a unit -> title, by code (a code begins with the place of its unit: `gov2-s1-u3`)."""
        found = {name.partition("@")[2]: title for name, title in self._titles.items() if name.startswith("vertical@")}
        return dict(sorted(found.items()))

    @property
    def parts(self) -> frozenset[str]:
        """Its blocks of ours, as `type@id`: each is something to finish."""
        return frozenset(name for name in self._titles if name.startswith(OURS))
