"""An application file as its pages see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from nassij.associations.api import Access, MemberData

from ..data import ApplicationState
from ..domain import Assessment, Call, Project, Readiness, Standing


@dataclass(frozen=True, slots=True)
class DocumentData:
    """One document of a file: its standing by the call, and what the association says of it (`values`)."""

    standing: Standing
    values: Mapping[str, Any]
    revision: int
    owner_name: str
    is_mine: bool

    @property
    def code(self) -> str:
        """Its name within the call."""
        return self.standing.document.code

    def is_late(self, today: date) -> bool:
        """Whether it should be there by now."""
        due_on: date | None = self.values["due_on"]
        return due_on is not None and due_on < today and not self.standing.state.is_done


@dataclass(frozen=True, slots=True)
class FileData:
    """A whole file. `newer` is the version of the call shown now where the file follows another; `is_gone`: none is shown."""

    uuid: UUID
    access: Access
    state: ApplicationState
    call: Call
    newer: str
    is_gone: bool
    project: Project
    values: Mapping[str, Any]
    revision: int
    documents: tuple[DocumentData, ...]
    readiness: Readiness
    assessment: Assessment
    members: tuple[MemberData, ...]
    may_edit: bool

    @property
    def is_open(self) -> bool:
        """Whether it is still being prepared."""
        return self.state == ApplicationState.PREPARING


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file in a list."""

    uuid: UUID
    call: Call
    state: ApplicationState
    readiness: Readiness
