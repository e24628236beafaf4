"""Reading source files: as UTF-8 text, with a problem instead of a traceback."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from .problems import Place, Problems

MAX_TEXT_BYTES = 2_000_000


def shown_path(path: Path) -> str:
    """`path` as people see it: from the present directory when it is below it."""
    here = os.path.join(
        os.getcwd(), ""
    )  # thousands of places are told in one check: pathlib would take a tenth of its time
    whole = os.path.join(here, path)
    return whole.removeprefix(here) if whole.startswith(here) else path.as_posix()


def is_there(path: Path) -> bool:
    """Whether something of that name is there, be it what is expected or not (a folder, a link to nowhere)."""
    return os.path.lexists(path)


def links_out(root: Path, *below: Path) -> Iterator[Path]:
    """The links in or at `below` that lead out of the folder `root`."""
    home = Path(os.path.realpath(root))
    for top in below:
        inside = (Path(folder, name) for folder, folders, files in os.walk(top) for name in sorted([*folders, *files]))
        for path in (top, *inside):
            if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(home):
                yield path


def read_text(path: Path, problems: Problems) -> str | None:
    """The text of a file; None with a problem when it is missing, no file, too large or not UTF-8."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a device or a pipe may never end: it is not opened
            problems.add("not_a_file", name=path.name)
        elif status.st_size > MAX_TEXT_BYTES:
            problems.add("too_large", limit=MAX_TEXT_BYTES)
        else:
            return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        problems.add("not_utf8", Place(problems.file, before.count(b"\n") + 1, error.start - before.rfind(b"\n")))
    except (FileNotFoundError, NotADirectoryError):
        problems.add("missing_file", name=path.name)
    except OSError as error:
        problems.add("unreadable_file", name=path.name, detail=error.strerror)
    return None
