"""Private files: never below what is served, whole or not there, and none left that nothing names."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import RequestFactory, override_settings

from nassij.common import private_files
from nassij.common.errors import NotFound

KNOWN: set[str] = set()


def known(paths):
    return KNOWN.intersection(paths)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(private_files, "_folders", {"things": known})
    KNOWN.clear()
    with override_settings(MEDIA_ROOT=str(tmp_path / "media"), NASSIJ_PRIVATE_STORAGE={}):
        yield tmp_path / "media-private" / "nassij"


def test_it_is_kept_beside_the_public_media_and_not_in_it(place: Path) -> None:
    written = private_files.write("things/a.pdf", b"%PDF")
    assert (place / "things/a.pdf").read_bytes() == b"%PDF" == private_files.read(written.path)
    assert Path(settings.MEDIA_ROOT) not in (place / "things/a.pdf").parents


def test_a_storage_of_the_operator_is_used(tmp_path: Path) -> None:
    mine = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / "mine")}}
    with override_settings(NASSIJ_PRIVATE_STORAGE=mine):
        private_files.write("things/a.bin", b"1")
    assert (tmp_path / "mine/nassij/things/a.bin").read_bytes() == b"1"


def test_a_delivery_repeated_writes_the_same_file(place: Path) -> None:
    private_files.write("things/job.pdf", b"half")
    written = private_files.write("things/job.pdf", b"whole")
    assert [path.name for path in (place / "things").iterdir()] == ["job.pdf"]
    assert private_files.read("things/job.pdf") == b"whole"
    assert written.size == 5 and len(written.sha256) == 64


@pytest.mark.parametrize(
    "path", ["../a", "things/../a", "other/a", "things", "/things/a", "things//a", "things/a b", ""]
)
def test_a_path_leads_nowhere_else(path: str) -> None:
    with pytest.raises(ValueError, match="private path"):
        private_files.write(path, b"1")


def test_a_file_somebody_removed_is_not_found() -> None:
    private_files.write("things/a.bin", b"1")
    private_files.remove("things/a.bin")
    private_files.remove("things/a.bin")
    with pytest.raises(NotFound):
        private_files.read("things/a.bin")


def test_the_sweep_takes_old_files_without_a_row_and_no_other(place: Path) -> None:
    for name in ("named", "unnamed", "young"):
        private_files.write(f"things/deep/{name}.bin", b"1")
    KNOWN.add("things/deep/named.bin")
    for name in ("named", "unnamed"):
        os.utime(place / f"things/deep/{name}.bin", times=(time.time() - 90_000,) * 2)
    assert private_files.sweep() == 1
    assert sorted(path.name for path in (place / "things/deep").iterdir()) == ["named.bin", "young.bin"]
    assert private_files.sweep(older_than=timedelta(0)) == 1


@pytest.mark.django_db
def test_tidying_sweeps(place: Path) -> None:
    private_files.write("things/old.bin", b"1")
    os.utime(place / "things/old.bin", times=(0, 0))
    said = StringIO()
    call_command("nassij_tidy", stdout=said)
    assert "files swept: 1" in said.getvalue()


def test_a_folder_has_one_owner() -> None:
    private_files.register_folder("things", known=known)
    with pytest.raises(ValueError, match="twice"):
        private_files.register_folder("things", known=lambda paths: paths)


def test_it_is_served_as_an_attachment_once() -> None:
    written = private_files.write("things/a.pdf", b"%PDF")

    def get(**headers: str):
        request = RequestFactory().get("/", **headers)
        return private_files.serve(
            request, written.path, name="تقرير.pdf", content_type="application/pdf", sha256=written.sha256
        )

    first = get()
    assert first.content == b"%PDF" and first["Content-Disposition"].startswith("attachment")
    assert first["X-Content-Type-Options"] == "nosniff"
    assert {"private", "no-cache"} == set(first["Cache-Control"].split(", "))
    again = get(HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code == 304 and not again.content and again["ETag"] == first["ETag"]
