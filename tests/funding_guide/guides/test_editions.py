"""Guides loaded, published, made anew: whole or not at all, and never twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from funding_guide.guides import editions
from funding_guide.guides.editions import Outcome
from funding_guide.guides.making import files
from funding_guide.models import EditionFile, EditionStatus, GuideEdition
from nassij.common import jobs
from nassij.common.errors import Conflict, NotFound
from nassij.common.immutable import ImmutableError
from nassij.common.models import AuditEvent, Job
from tests.funding_guide.guides.samples import ours, small

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.MEDIA_ROOT = tmp_path / "media"
    yield tmp_path / "media"


def kept(folder: Path) -> dict[str, float]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_a_guide_is_published_with_every_file_and_a_second_time_writes_nothing(storage: Path) -> None:
    assert editions.load(ours("G6")) == Outcome.PUBLISHED
    edition = GuideEdition.objects.get()
    assert (edition.status, edition.current_slot, str(edition.valid_from)) == ("published", "G6", "2026-11-28")
    found = {(row.language, row.template, row.format) for row in edition.files.all()}
    one = {("", "pdf"), ("", "compact"), ("", "html")}
    one |= {(code, form) for code in ("minutes", "notice") for form in ("docx", "pdf")}
    assert found == {(language, *each) for language in ("ar", "fr") for each in one}
    for row in edition.files.all():
        with default_storage.open(row.path) as stored:
            content = stored.read()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (row.size, row.sha256)
        assert (row.pages is not None) is (row.format in ("pdf", "compact"))
    before, rows = kept(storage), list(EditionFile.objects.values())
    assert editions.load(ours("G6")) == Outcome.UNCHANGED
    assert (kept(storage), list(EditionFile.objects.values())) == (before, rows)
    assert AuditEvent.objects.filter(action="funding.guide.published").count() == 1


def test_a_published_version_never_says_something_else(storage: Path) -> None:
    editions.load(small())
    before = kept(storage)
    with pytest.raises(Conflict) as refused:
        editions.load(small(summary={"ar": "غيره", "fr": "Autre"}))
    assert refused.value.code == "published_edition_changed"
    assert kept(storage) == before
    edition = GuideEdition.objects.get()
    edition.content = {**edition.content, "order": 1}
    with pytest.raises(ImmutableError):
        edition.save()
    with pytest.raises(ImmutableError):
        edition.delete()
    with pytest.raises(ImmutableError):
        GuideEdition.objects.update(version="2.0.0")


def test_a_newer_edition_takes_the_place_and_an_older_one_is_refused() -> None:
    editions.load(small(version="1.9.0"))
    editions.load(small(version="1.10.0"))
    assert dict(GuideEdition.objects.values_list("version", "current_slot")) == {"1.9.0": None, "1.10.0": "G9"}
    for act in (editions.load, editions.planned):
        with pytest.raises(Conflict) as refused:
            act(small(version="1.9.1"))
        assert refused.value.code == "version_not_after"
    assert GuideEdition.objects.count() == 2


def test_files_are_made_anew_when_how_they_are_made_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    editions.load(small())
    monkeypatch.setattr(files, "_makers", lambda: ["another template"])
    assert editions.planned(small()) == Outcome.REMADE
    assert editions.load(small()) == Outcome.REMADE
    assert editions.load(small()) == Outcome.UNCHANGED
    assert EditionFile.objects.count() == 6
    assert AuditEvent.objects.filter(action="funding.guide.published").count() == 1


def test_a_file_that_is_gone_is_made_again() -> None:
    editions.load(small())
    default_storage.delete(EditionFile.objects.all()[0].path)
    assert editions.load(small()) == Outcome.REMADE
    assert all(default_storage.exists(path) for path in EditionFile.objects.values_list("path", flat=True))


def test_nothing_is_half_published(monkeypatch: pytest.MonkeyPatch) -> None:
    editions.load(small())
    shown = GuideEdition.objects.get().files.count()

    def failing(guide: Any) -> Iterator[files.Made]:
        yield from list(files.files_of(guide))[:2]
        raise OSError("the disk is full")

    monkeypatch.setattr(editions, "files_of", failing)
    with pytest.raises(OSError, match="full"):
        editions.load(small(version="1.1.0"))
    current = GuideEdition.objects.get(current_slot="G9")
    assert (current.version, current.files.count()) == ("1.0.0", shown)
    assert GuideEdition.objects.get(version="1.1.0").status == EditionStatus.DRAFT
    monkeypatch.undo()
    assert editions.load(small(version="1.1.0")) == Outcome.PUBLISHED


def test_a_worker_makes_the_files_once_however_often_it_is_told(django_capture_on_commit_callbacks: Any) -> None:
    assert editions.load_in_background(small()) == Outcome.PUBLISHED
    assert EditionFile.objects.count() == 0
    job = Job.objects.get()
    jobs.run(str(job.uuid))
    assert GuideEdition.objects.get().status == EditionStatus.PUBLISHED
    written = list(EditionFile.objects.values())
    jobs.run(str(job.uuid))
    assert list(EditionFile.objects.values()) == written and len(written) == 6


def test_a_withdrawn_edition_is_shown_no_more_and_keeps_its_files() -> None:
    editions.load(small())
    editions.withdraw(code="G9", version="1.0.0", actor_id=None)
    edition = GuideEdition.objects.get()
    assert (edition.status, edition.current_slot, edition.files.count()) == ("withdrawn", None, 6)
    assert editions.load(small()) == Outcome.UNCHANGED
    with pytest.raises(NotFound):
        editions.withdraw(code="G9", version="9.0.0", actor_id=None)


def run(**options: Any) -> str:
    out = StringIO()
    call_command("nassij_load_guides", stdout=out, stderr=out, lang="fr", **options)
    return out.getvalue()


def test_the_command_says_what_it_did_and_the_second_time_writes_nothing(storage: Path) -> None:
    assert run(dry_run=True, only=["G2"]) == "G2 1.0.0: serait produit et publié\n"
    assert not GuideEdition.objects.exists() and not kept(storage)
    assert run(only=["G2"]) == "G2 1.0.0: produit et publié\n"
    before = kept(storage)
    assert run(only=["G2"]) == "G2 1.0.0: inchangé, rien n’a été écrit\n"
    assert kept(storage) == before
    with pytest.raises(CommandError, match="G99"):
        run(only=["G99"])


def test_the_command_leaves_what_was_published_otherwise_and_says_so() -> None:
    editions.load(small(code="G2", version="1.0.0"))
    with pytest.raises(CommandError) as refused:
        run(only=["G2"])
    assert refused.value.returncode == 3
