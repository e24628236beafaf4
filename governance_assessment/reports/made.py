"""Files made once: found by what is in them, written with the end of the job that makes them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from nassij.common import private_files
from nassij.common.canonical import digest
from nassij.common.documents import pdf

from ..models import MadeFile

FOLDER = "made"


@dataclass(frozen=True, kw_only=True)
class MadeFileData:
    """A file that is there, to show and to hand out."""

    language: str
    path: str
    size: int
    sha256: str
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a file shall hold: a template, a language, and the content (JSON), which has a name of its own.

    Equal names are equal contents, and equal ones have equal keys. The content is asked for only to be printed.
    """

    template: str
    language: str
    name: str
    content: Callable[[], Mapping[str, Any]]

    @property
    def edition(self) -> str:
        """How the template prints at present."""
        return pdf.edition(self.template)

    @property
    def key(self) -> str:
        """The name of the file by what is in it."""
        return digest("nassij.made", self.template, self.edition, self.language, self.name)


def register() -> None:
    """Tell the sweep of private files which ones have a row."""
    private_files.register_folder(FOLDER, known=known_paths)


def known_paths(paths: Collection[str]) -> set[str]:
    """Those of `paths` that a row names."""
    return set(MadeFile.objects.filter(path__in=list(paths)).values_list("path", flat=True))


def find(wanted: Wanted) -> MadeFileData | None:
    """The file, when it was made; one query."""
    return found_by_key([wanted]).get(wanted.key)


def found_by_key(wanted: Collection[Wanted]) -> dict[str, MadeFileData]:
    """Those of several files that were made, by key; one query."""
    rows = MadeFile.objects.filter(key__in=[each.key for each in wanted])
    return {row.key: as_data(row) for row in rows}


def write(wanted: Wanted, name: UUID, **shown: Any) -> private_files.Written:
    """Print it to a private file called after the job, so that a job delivered again replaces its own file.

    `shown` is printed too and makes no difference to what the file is: the day of making.
    """
    content = pdf.render(wanted.template, {**wanted.content(), **shown}, wanted.language)
    return private_files.write(f"{FOLDER}/{name}.pdf", content)


def keep(wanted: Wanted, written: private_files.Written, replaced: Any, **subject: Any) -> MadeFileData:
    """Name the file, in the caller's transaction; the rows it replaces go, with their files."""
    row, is_new = MadeFile.objects.get_or_create(
        key=wanted.key,
        defaults={
            **subject,
            "language": wanted.language,
            "edition": wanted.edition,
            "path": written.path,
            "size": written.size,
            "sha256": written.sha256,
        },
    )
    if not is_new and row.path != written.path:  # somebody was faster
        _remove_after_commit([written.path])
    forget(replaced.filter(language=wanted.language).exclude(pk=row.pk))
    return as_data(row)


def forget(rows: Any) -> int:
    """Delete these rows, and their files once that is committed. A process killed in between leaves them to the sweep."""
    paths = list(rows.values_list("path", flat=True))
    rows.filter(path__in=paths).delete()
    _remove_after_commit(paths)
    return len(paths)


def forget_damaged(found: MadeFileData) -> int:
    """Forget a file that is gone or was changed behind our back: it is made again when somebody asks. Returns how many."""
    with transaction.atomic():
        return forget(MadeFile.objects.filter(path=found.path))


def as_data(row: MadeFile) -> MadeFileData:
    """A row as it crosses the door."""
    return MadeFileData(language=row.language, path=row.path, size=row.size, sha256=row.sha256, made_at=row.made_at)


def _remove_after_commit(paths: Collection[str]) -> None:
    def remove() -> None:
        for path in paths:
            private_files.remove(path)

    transaction.on_commit(remove, robust=True)
