"""Instrument versions as files: YAML to keep, a workbook to translate in; both come back as drafts.

An import is a dry run until somebody saves it: it names each wrong cell or line, each text that is missing, and what is different
from the version it replaces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from nassij.common.documents.books import read_book, write_book
from nassij.common.errors import NassijError

from ..domain import InvalidData, Problem, dump_yaml
from ..domain.sheet_reader import from_tables
from ..domain.sheets import COLUMNS, to_tables
from ..models import InstrumentVersion
from .drafts import Draft, read_draft
from .loading import read_file
from .problems import refusal
from .releases import Compatibility, compatibility


@dataclass(frozen=True, slots=True)
class DryRun:
    """A file that could be saved as a draft: what it says, and what would change."""

    draft: Draft
    compatibility: Compatibility
    missing: Sequence[tuple[str, str, str]]
    """Each text that is missing: its place, the language, and the cell where there is one."""


def as_yaml(version: InstrumentVersion) -> bytes:
    """The document of a version; reading it again gives the same content hash."""
    return dump_yaml(version.content).encode()


def as_workbook(version: InstrumentVersion) -> bytes:
    """The same in sheets, a column for each language beside each other."""
    return write_book(
        to_tables(version.content), title=f"{version.slug} {version.version}", wide=version.content["languages"]
    )


def dry_run(content: bytes, name: str) -> DryRun:
    """What saving this file as a draft would do. A workbook is known by its first bytes, everything else is YAML.

    Writes nothing. Raises `BadInput` or `TooLarge`, with each wrong line or cell in `problems`.
    """
    if content.startswith(b"PK"):
        draft, cells = _from_workbook(content, name)
    else:
        draft, cells = read_file(content, name), {}
    missing = [
        (path, part.language, cells.get(f"{path}/{part.language}", cells.get(path, "")))
        for part in draft.completeness
        for path in part.missing
    ]
    return DryRun(draft, compatibility(draft.instrument), missing)


def _from_workbook(content: bytes, name: str) -> tuple[Draft, dict[str, str]]:
    found = from_tables(read_book(content, COLUMNS))
    problems = list(found.problems)
    try:
        draft = read_draft(found.data)
    except InvalidData as refused:
        problems += [problem for problem in refused.problems if not (problems and not found.cell(problem.path))]
    if problems:
        raise _refused(name, problems, {problem.path: found.cell(problem.path) for problem in problems})
    return draft, dict(found.cells)


def _refused(name: str, problems: list[Problem], cells: dict[str, str]) -> NassijError:
    return refusal(_("%(file)s is not an instrument that can be loaded.") % {"file": name}, problems, cells=cells)
