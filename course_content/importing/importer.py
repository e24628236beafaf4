"""One run: what is to be done with it, and doing it whole or not at all."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.db.models import Q
from django.utils import timezone

from course_content import archive
from course_content.models import ImportedRun
from nassij import __version__

from .runs import CompiledRun
from .studio import Content, Studio, Unreadable

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=15)
"""An import that began longer ago than this was cut short."""


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    EDITED = "edited"
    FOREIGN = "foreign"
    BUSY = "busy"
    OTHER_CASE = "other_case"
    UNREADABLE = "unreadable"
    FAILED = "failed"


class Change(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Edit:
    """Something an author did in Studio since the last import; when and by whom (a user id) where Studio knows it."""

    change: Change
    name: str
    title: str
    on: datetime | None = None
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a run, or in a dry run would. `edits` were left alone, or with `--force` overwritten."""

    run: CompiledRun
    outcome: Outcome
    edits: tuple[Edit, ...] = ()
    reasons: tuple[str, ...] = ()


def import_run(run: CompiledRun, studio: Studio, *, force: bool = False, dry_run: bool = False) -> Result:
    """Bring the run to the state of its sources.

    Nothing is written when they have not changed since the last import, nor (without `force`) when the run was edited in Studio
    since, or is not ours. What the platform fails to import is put back as it was, and not recorded.
    """
    found = studio.find(run.key)
    if found is not None and found != run.key:
        return Result(run, Outcome.OTHER_CASE, reasons=(str(found),))
    record = ImportedRun.objects.filter(course_key=str(run.key)).first()
    edits: tuple[Edit, ...] = ()
    if found is not None:
        if record is None and not force:
            return Result(run, Outcome.FOREIGN)
        if record is not None:
            edits = edits_since(record, run, studio)
            whole = record.digest == run.digest and record.started_at is None
            if whole and not (edits and force):
                return Result(run, Outcome.UNCHANGED, edits)
        if edits and not force:
            return Result(run, Outcome.EDITED, edits)
    with tempfile.TemporaryDirectory(prefix="nassij-") as place:
        folder = Path(place) / "course"
        files = run.files_with(*studio.operators_settings(run.key)) if found is not None else run.files
        archive.write_folder(folder, files)
        try:
            expected = studio.check(folder, run.key)
        except Unreadable as error:
            return Result(run, Outcome.UNREADABLE, edits, tuple(map(str, error.args)))
        done = Outcome.CREATED if found is None else Outcome.UPDATED
        if dry_run:
            return Result(run, done, edits)
        claimed = _claim(run, force=force)
        if claimed is None:
            return Result(run, Outcome.BUSY)
        # The check has read a whole course: what an author saved in that time is not written over unseen either.
        found_now = studio.find(run.key)
        if record is not None and found_now is not None:
            edits = edits_since(claimed, run, studio)
        if not force and (edits or found_now not in (None, found)):
            _release(claimed)
            return Result(run, Outcome.EDITED if edits else Outcome.FOREIGN, edits)
        if found_now is not None:
            archive.write_folder(folder, run.files_with(*studio.operators_settings(run.key)))
        return _write(run, studio, folder, expected, Result(run, done, edits), claimed)


def edits_since(record: ImportedRun, run: CompiledRun, studio: Studio) -> tuple[Edit, ...]:
    """What differs in Studio from what the last import left there."""
    blocks, files = record.content.get("blocks", {}), record.content.get("files", {})
    now = studio.content(run.key, files)
    edits = []
    for name, block in now.blocks.items():
        if name not in blocks:
            edits.append(Edit(Change.ADDED, name, block.title, block.edited_on, block.edited_by))
        elif blocks[name][1] != block.digest:
            edits.append(Edit(Change.CHANGED, name, block.title, block.edited_on, block.edited_by))
    gone = [Edit(Change.REMOVED, name, title) for name, (title, _digest) in blocks.items() if name not in now.blocks]
    for name, digest in files.items():
        if name not in now.files:
            gone.append(Edit(Change.REMOVED, f"static/{name}", name))
        elif now.files[name] != digest:
            gone.append(Edit(Change.CHANGED, f"static/{name}", name))
    if record.started_at is not None:  # an import was cut short: what it wrote, or did not get to, is no author's work
        return tuple(edit for edit in edits if edit.by != studio.own_user_id)
    return (*edits, *gone)


def _claim(run: CompiledRun, *, force: bool) -> ImportedRun | None:
    """Note that the run is being imported; its record as it was before, None when another process is at it."""
    record, _created = ImportedRun.objects.get_or_create(course_key=str(run.key))
    now = timezone.now()
    free = Q(pk=record.pk) if force else Q(started_at=None) | Q(started_at__lt=now - PATIENCE)
    return record if ImportedRun.objects.filter(free, pk=record.pk).update(started_at=now) else None


def _release(claimed: ImportedRun) -> None:
    """Leave the record as it was before the claim: an import that was cut short earlier is still to be known as such."""
    records = ImportedRun.objects.filter(pk=claimed.pk)
    if claimed.digest or claimed.started_at is not None:
        records.update(started_at=claimed.started_at)
    else:
        records.delete()


def _write(
    run: CompiledRun, studio: Studio, folder: Path, expected: frozenset[str], done: Result, claimed: ImportedRun
) -> Result:
    before = studio.snapshot(run.key, run.static_files)
    try:
        studio.write(folder, run.key)
        content = studio.content(run.key, run.static_files)
        missing = sorted(expected - set(content.blocks))
        if missing or len(content.files) < len(run.static_files):
            raise RuntimeError("not all of it arrived: " + ", ".join(missing or run.static_files))
    except Exception as error:  # whatever the platform raises, half a course is what learners would see
        log.exception("The import of %s failed", run.key)
        studio.restore(run.key, before)
        _release(claimed)
        return Result(run, Outcome.FAILED, done.edits, (str(error) or type(error).__name__,))
    ImportedRun.objects.filter(pk=claimed.pk).update(
        digest=run.digest,
        version=__version__,
        content=_recorded(content, run.language),
        imported_at=timezone.now(),
        started_at=None,
    )
    return done


def _recorded(content: Content, language: str) -> dict[str, object]:
    blocks: dict[str, object] = {name: [block.title, block.digest] for name, block in content.blocks.items()}
    return {"language": language, "blocks": blocks, "files": dict(content.files)}
