"""Where the bytes are: the folder of private files that belongs to the documents, and which of its files have a row."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from nassij.common import private_files

from ..models import PRESENT, EvidenceFile

FOLDER = "evidence"


def register() -> None:
    """Say whose the folder is, so that files without a row are swept."""
    private_files.register_folder(FOLDER, known=known)


def known(paths: Collection[str]) -> set[str]:
    """Those of `paths` that a document still needs; one query."""
    return set(EvidenceFile.objects.filter(PRESENT, path__in=paths).values_list("path", flat=True))


def has_file() -> Exists:
    """Whether there is a document for the round and the indicator of a row of answers: for `annotate`."""
    place = {"round_id": OuterRef("round_id"), "indicator_code": OuterRef("indicator_code")}
    return Exists(EvidenceFile.objects.filter(PRESENT, **place))


def is_documented(round_id: int, indicator_code: str) -> bool:
    """Whether the indicator has a document; one query."""
    return EvidenceFile.objects.filter(PRESENT, round_id=round_id, indicator_code=indicator_code).exists()


def hashes_of(round_id: int) -> dict[str, list[str]]:
    """The contents of a round's documents by indicator, for what is frozen; one query."""
    found: dict[str, list[str]] = {}
    rows = EvidenceFile.objects.filter(PRESENT, round_id=round_id).order_by("id")
    for code, sha256 in rows.values_list("indicator_code", "sha256"):
        found.setdefault(code, []).append(sha256)
    return found
