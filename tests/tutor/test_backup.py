"""Saving: whole or not at all, one at a time, and as many as one wants to keep."""

from __future__ import annotations

import os
import subprocess
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.tutor.forged import manifest
from tests.tutor.saved_site import SavedSite
from tutornassij.backup import manifest as manifests
from tutornassij.backup import streams
from tutornassij.backup.containers import Compose
from tutornassij.backup.create import buckets, create
from tutornassij.backup.shelf import Shelf
from tutornassij.backup.trouble import Trouble

GZIP = b"\x1f\x8b"
DUMPING = ["exec tar"]
"""Words of a script that saves files: both databases are saved already."""


@pytest.mark.parametrize("words", DUMPING)
def test_a_killed_backup_is_never_taken_for_one(site: SavedSite, words: str) -> None:
    site.killed_at(words, "backup")
    assert [path.suffix for path in site.backups.glob("[0-9]*")] == [".partial"], "it was at work when it was killed"
    half = next(site.backups.glob("*.partial"))
    assert site.answer("backup", "--list")["backups"] == []
    assert site.answer("verify", "last", code=1)["error"]["code"] == "backup.none"
    assert site.answer("verify", str(half), code=1)["error"]["code"] == "backup.partial"
    assert site.answer("restore", str(half), "--yes", code=1)["error"]["code"] == "backup.partial"
    whole = site.back_up()
    assert list(manifests.faults(whole)) == [] and not half.exists(), "the next run is not held up, and clears away"


@pytest.mark.parametrize("words", DUMPING)
def test_a_backup_that_fails_leaves_nothing(site: SavedSite, words: str) -> None:
    done = site.run("backup", "--lang", "en", NASSIJ_FAIL_AT=words)
    assert done.returncode == 1 and "a disk that is full" in done.stderr and "Traceback" not in done.stderr
    assert list(site.backups.glob("[0-9]*")) == []


def test_one_at_a_time(site: SavedSite) -> None:
    with site.stalled_at("mongodump", "backup"):
        assert site.answer("backup", code=1)["error"]["code"] == "backup.busy"
    site.back_up()


def test_the_site_is_not_stopped_for_it(site: SavedSite) -> None:
    site.back_up()
    asked = [call["argv"] for call in site.project.calls()]
    assert asked and not any("stop" in argv or "down" in argv for argv in asked)


def test_keep(site: SavedSite) -> None:
    names = [site.back_up("--keep", "1").name for _time in range(2)]
    assert [path.name for path in site.backups.glob("[0-9]*")] == names[1:]


def made(shelf: Shelf, name: str, site: str) -> None:
    folder = shelf.folder / name
    folder.mkdir(parents=True)
    moment = datetime.strptime(name, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    manifests.write(folder, manifest(created=moment.isoformat(), site=site))


def test_keep_counts_this_site_s_alone_and_the_newest_stay(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "backups")
    for day in (3, 1, 2):
        made(shelf, f"2026110{day}T000000Z", "ours")
        made(shelf, f"2026100{day}T000000Z", "theirs")
    (shelf.folder / "20260101T000000Z").mkdir()  # not a backup: not ours to remove
    assert shelf.prune(2, "ours") == ["20261101T000000Z"]
    assert [saved.name for saved in shelf.whole()] == [
        "20261001T000000Z",
        "20261002T000000Z",
        "20261003T000000Z",
        "20261102T000000Z",
        "20261103T000000Z",
    ]
    assert (shelf.folder / "20260101T000000Z").exists()
    assert shelf.prune(5, "ours") == [] and shelf.named("last").name == "20261103T000000Z"


def test_what_is_left_out_is_said(site: SavedSite) -> None:
    media = site.data / "openedx-media"
    (media / "profile/here").symlink_to("deep")
    (media / "profile/a [1]\nout").symlink_to("/etc/hostname")
    (media / "up").symlink_to("profile/../../lms")
    os.mkfifo(media / "pipe")
    made = site.answer("backup")["backup"]
    left = {one["what"]: one["why"] for one in made["left_out"]}
    assert "data/clickhouse" in left, "a folder that nobody named"
    assert "data/mysql" not in left, "it is dumped"
    out = {f"data/openedx-media/{name}" for name in ("profile/a [1]\nout", "up", "pipe")}
    assert {name for name in left if name.startswith("data/openedx-media")} == out, "what a restore would refuse"
    with tarfile.open(Path(made["folder"]) / "files/openedx-media.tar.gz") as packed:
        assert {one.name for one in packed if not one.isreg() and not one.isdir()} == {"./profile/here"}
    assert [
        one["what"] for one in buckets({"S3_STORAGE_BUCKET": "files", "S3_PROFILE_IMAGE_BUCKET": "", "ID": "x"})
    ] == ["S3_STORAGE_BUCKET = files"]


def test_on_kubernetes_no_folder_is_asked_for_and_that_is_said(
    site: SavedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in site.environment().items():
        monkeypatch.setenv(name, value)
    root, lines = site.project.root, []
    config = {**site.project.config, "MONGODB_HOST": "mongodb", "MONGODB_PORT": 27017}
    config |= {"MONGODB_DATABASE": "openedx", "OPENEDX_MYSQL_DATABASE": "openedx", "LOCAL_PROJECT_NAME": "tutor_local"}
    saved = create(root, config, Compose(root, config), "k8s", say=lines.append)
    assert {one.kind for one in saved.manifest.members} == {"mongodb", "mysql", "config"}
    assert "data/" in [one["what"] for one in saved.manifest.left_out]
    assert list(manifests.faults(saved.folder)) == []


def test_a_key_closes_it_to_the_server_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is saved for a public key is read only where the secret key is."""
    keys, empty, key, path = (tmp_path / name for name in ("keys", "none", "public.asc", "member.gz"))
    for folder in (keys, empty):
        folder.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(keys))
    gpg("--passphrase", "", "--quick-generate-key", "backup@example.ma", "default", "default")
    key.write_bytes(gpg("--armor", "--export", "backup@example.ma"))
    monkeypatch.setenv("GNUPGHOME", str(empty))
    content = "جمعية النسيج".encode() * 1000
    with streams.writing(path, key) as sink:
        sink.write(content)
    assert not path.read_bytes().startswith(GZIP)
    with pytest.raises(Trouble) as trouble, streams.reading(path, encrypted=True) as plain:
        plain.read()
    assert trouble.value.code == "backup.gpg"
    monkeypatch.setenv("GNUPGHOME", str(keys))
    with streams.reading(path, encrypted=True) as plain:
        assert plain.read() == content


def gpg(*options: str) -> bytes:
    return subprocess.run(["gpg", "--batch", "--quiet", *options], check=True, capture_output=True).stdout


def test_a_name_that_leads_elsewhere_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as trouble:
        Shelf(tmp_path).named("../../etc")
    assert trouble.value.code == "backup.none"
