"""A backup in which anything at all has changed is refused, and what has changed is named."""

from __future__ import annotations

import dataclasses
import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from tests.tutor.saved_site import PASSWORD, SavedSite
from tutornassij.backup import manifest as manifests
from tutornassij.backup.commands import verify
from tutornassij.backup.manifest import MANIFEST, SUMS


@pytest.fixture(scope="module")
def kept(saved_project: SavedSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real backup, made once: copy it, don't touch it."""
    shutil.rmtree(saved_project.backups, ignore_errors=True)
    saved_project.fill()
    made = saved_project.back_up()
    return Path(shutil.move(made, tmp_path_factory.mktemp("kept") / made.name))


@pytest.fixture
def backup(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept, tmp_path / kept.name))


def verified(folder: Path) -> tuple[int, str, list[str]]:
    """Exit code, what was said, and the faults of `tutor nassij verify`."""
    where = SimpleNamespace(root=str(folder.parent))
    said = CliRunner().invoke(verify, [str(folder), "--lang", "en"], obj=where)
    document = CliRunner().invoke(verify, [str(folder), "--json", "--lang", "en"], obj=where)
    assert said.exit_code == document.exit_code
    answer = json.loads(document.stdout)
    return said.exit_code, said.output, (answer.get("verified") or {}).get("faults") or [answer["error"]["message"]]


def test_it_is_whole_as_it_was_written(backup: Path) -> None:
    where = SimpleNamespace(root=str(backup.parent))
    done = CliRunner().invoke(verify, [str(backup), "--lang", "en"], obj=where)
    assert done.exit_code == 0 and "is whole" in done.output
    assert {"mysql", "mongodb", "files", "config"} == {one.kind for one in manifests.read(backup).members}


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x01
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def longer(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def linked(path: Path) -> None:
    """The same bytes, but where they can be changed."""
    elsewhere = path.parent.parent.parent / path.name
    shutil.move(path, elsewhere)
    path.symlink_to(elsewhere)


@pytest.mark.parametrize("harm", [flipped, cut, longer, emptied, Path.unlink, linked])
def test_harm_to_any_file_is_found_and_named(kept: Path, tmp_path: Path, harm: Callable[[Path], None]) -> None:
    names = sorted(manifests.present(kept))
    assert len(names) >= 10
    for number, name in enumerate(names):
        folder = tmp_path / str(number) / kept.name
        shutil.copytree(kept, folder)
        harm(folder / name)
        code, said, faults = verified(folder)
        assert code == 1, f"{harm.__name__} {name}"
        # Without its description a folder is no backup at all; and a sum that is changed accuses the file it belongs to.
        if name == MANIFEST:
            assert faults
        elif name == SUMS and harm is flipped:
            assert faults and "Do not restore" in said
        else:
            assert any(name in fault for fault in faults) and name in said and "Do not restore" in said


def test_a_flipped_bit_anywhere_in_a_file_is_found(backup: Path) -> None:
    path = backup / "config.yml.gz"
    content = path.read_bytes()
    for place in range(0, len(content), 5):
        path.write_bytes(content[:place] + bytes([content[place] ^ (1 << place % 8)]) + content[place + 1 :])
        assert any("config.yml.gz" in fault for fault in manifests.faults(backup)), place
    path.write_bytes(content)
    assert list(manifests.faults(backup)) == []


def test_no_byte_of_the_sums_can_change(backup: Path) -> None:
    content = (backup / SUMS).read_bytes()
    for place in range(0, len(content), 3):
        (backup / SUMS).write_bytes(content[:place] + bytes([content[place] ^ 0x01]) + content[place + 1 :])
        assert list(manifests.faults(backup)), place


@pytest.mark.parametrize("name", ["mysql/more.sql.gz", "notes.txt", ".hidden"])
def test_a_file_too_many_is_named(backup: Path, name: str) -> None:
    (backup / name).write_text("more", "utf-8")
    code, _said, faults = verified(backup)
    assert code == 1 and any(name in fault and "does not belong" in fault for fault in faults)


def test_a_file_too_many_with_right_sums_is_not_described(backup: Path) -> None:
    (backup / "notes.txt").write_text("more", "utf-8")
    (backup / SUMS).write_text(manifests.sums(backup), "utf-8")
    code, _said, faults = verified(backup)
    assert code == 1 and any(MANIFEST in fault for fault in faults)


def test_two_members_exchanged(backup: Path) -> None:
    one, other = backup / "mysql/openedx.tables.sql.gz", backup / "mysql/credentials.tables.sql.gz"
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)
    _code, _said, faults = verified(backup)
    assert {name for name in ("openedx.tables", "credentials.tables") if any(name in fault for fault in faults)} == {
        "openedx.tables",
        "credentials.tables",
    }


@pytest.mark.parametrize("words", ["", "{}", "[]", '{"format": "other/9"}', "null", '{"format": "nassij-backup/1"}'])
def test_a_description_nobody_can_read(backup: Path, words: str) -> None:
    (backup / MANIFEST).write_text(words, "utf-8")
    (backup / SUMS).write_text(manifests.sums(backup), "utf-8")
    code, said, _faults = verified(backup)
    assert code == 1 and "Traceback" not in said


def test_the_archive_is_plain_and_for_its_owner_alone(kept: Path) -> None:
    """gzip and a text editor read it; nobody else on the server does, and the password is in config.yml alone."""
    text = gzip.decompress((kept / "mysql/openedx.tables.sql.gz").read_bytes()).decode()
    assert "جمعية النسيج" in text and "CREATE TABLE `association`" in text
    for name in manifests.present(kept) - {MANIFEST, SUMS}:
        assert (kept / name).stat().st_mode & 0o077 == 0, name
    assert kept.stat().st_mode & 0o077 == 0
    assert PASSWORD not in (kept / MANIFEST).read_text("utf-8")
    assert b"ID:" in gzip.decompress((kept / "config.yml.gz").read_bytes())


def test_what_is_described_may_have_any_details(backup: Path) -> None:
    """The control of the tests above: a description written anew with its sums is whole again."""
    manifests.write(backup, dataclasses.replace(manifests.read(backup), lms_host="elsewhere.example.ma"))
    assert list(manifests.faults(backup)) == []
