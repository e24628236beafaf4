"""config.yml of a backup.

It is taken before anything else, since it holds the passwords of the databases; what was here is put back when that did not help.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tutornassij.backup.parts import Source
from tutornassij.backup.shelf import Saved
from tutornassij.backup.trouble import NOT_UNDONE, REBUILD, Trouble
from tutornassij.i18n import _

KEEP, TAKE = "keep", "restore"


def choice(asked: str | None, config: Mapping[str, Any], saved: Saved) -> str:
    """Which settings to live with. Raises `Trouble` when only a person can say: the backup is of another site."""
    if asked:
        return asked
    if config.get("ID") == saved.manifest.site:
        return KEEP
    raise Trouble(
        "restore.other_site",
        _("This backup is of another site, %(host)s.") % {"host": saved.manifest.lms_host},
        _(
            "Add --config restore to make this server that site (after a loss, or on a new server), or --config keep to"
            " put its data into this one (a rehearsal)."
        ),
    )


@contextlib.contextmanager
def taken(root: Path, saved: Saved) -> Iterator[None]:
    """Live with the settings of the backup; when the restore fails, with those that were here."""
    source, path = Source(saved.folder, saved.manifest), root / "config.yml"
    before = root / f"config.yml.before-{saved.name}"
    shutil.copy2(path, before)
    before.chmod(0o600)
    with source.reading(saved.manifest.of("config")[0]) as config:
        replace(path, config.read())
    try:
        render(root)
        yield
    except BaseException as error:
        if isinstance(error, Trouble) and error.code in (REBUILD, NOT_UNDONE):
            raise  # the data of the backup are there, or on their way: they need its passwords
        replace(path, before.read_bytes())
        render(root)
        raise


def replace(path: Path, content: bytes) -> None:
    """Write a file in one step, for the owner alone."""
    new = path.with_name(f"{path.name}.new")
    new.touch(mode=0o600)
    new.write_bytes(content)
    new.replace(path)


def render(root: Path) -> None:
    """As Tutor does it, in a process of its own: other settings may mean other plugins."""
    command = [sys.executable, "-m", "tutor.commands.cli", "--root", str(root), "config", "save"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        words = done.stderr.strip().splitlines()
        raise Trouble(
            "restore.render",
            _("The settings cannot be rendered: %(error)s") % {"error": words[-1] if words else "?"},
            _("Install the plugins of the backup first: “tutor nassij verify” names them."),
        )
