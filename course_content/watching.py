"""Sources that somebody is writing: compiled anew whenever they have changed, for whoever shows them while they are written."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from .compiler import Checked, check


class Watched:
    """The courses below a folder of sources, as they are now. Safe to ask from several threads."""

    def __init__(self, sources: Path, changed: Callable[[Checked], None] = lambda _checked: None) -> None:
        """`changed` is called with what was read, before anybody gets it, each time the sources have changed."""
        self.sources = sources
        self._changed = changed
        self._lock = threading.Lock()
        self._stamp: tuple[tuple[str, int], ...] | None = None
        self._checked = Checked((), ())

    def checked(self) -> Checked:
        """Read the sources if they have changed since they were last asked for."""
        stamp = self.stamp()
        with self._lock:
            if stamp != self._stamp:
                found = check(self.sources)
                self._changed(found)
                self._checked, self._stamp = found, stamp
            return self._checked

    def stamp(self) -> tuple[tuple[str, int], ...]:
        """Every source with the time it was changed."""
        files = [path for path in (self.sources / "courses").rglob("*") if path.is_file()]
        files += self.sources.glob("*.yaml")
        return tuple(sorted((str(path), _changed_at(path)) for path in files))


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:  # an editor is just replacing it
        return 0
