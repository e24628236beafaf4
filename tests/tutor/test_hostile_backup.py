"""A backup may come from anywhere: what would write elsewhere, or is not what it says, is refused, and nothing is touched."""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from tests.tutor.forged import CONFIG, archive, described, entry, manifest, rewritten, summed
from tests.tutor.saved_site import SavedSite
from tutornassij.backup import manifest as manifests
from tutornassij.backup import streams
from tutornassij.backup.commands import Answer, verify
from tutornassij.backup.manifest import MANIFEST, SUMS, Member
from tutornassij.backup.parts import Source, belongs
from tutornassij.backup.parts.files import contents
from tutornassij.backup.trouble import Trouble

FILE, SYMLINK, LINK, FIFO, DEVICE = tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Sequence[tarfile.TarInfo]], list[str]]:
    """The names in an archive of these entries, as a restore reads it before it writes anything."""

    def names(entries: Sequence[tarfile.TarInfo]) -> list[str]:
        path = tmp_path / "media.tar.gz"
        path.unlink(missing_ok=True)
        with streams.writing(path) as sink:
            sink.write(archive(entries))
        member = Member(path.name, "files", 0, "", {"folder": "openedx-media"})
        return [one.name for one in contents(Source(tmp_path, manifest()), member)]

    return names


HOSTILE = {
    "above": [entry("../out")],
    "absolute": [entry("/out")],
    "above, in the end": [entry("a/../../out")],
    "a link to above": [entry("a", SYMLINK, "..")],
    "a link to a place": [entry("a", SYMLINK, "/out")],
    "a link that goes up in the end": [entry("a", SYMLINK, "b/../../out")],
    "a file through a link": [entry("a", SYMLINK, "b"), entry("a/c")],
    "a file through a link with another name": [entry("./a", SYMLINK, "b"), entry("a/./c")],
    "a hard link to above": [entry("a", LINK, "../out")],
    "a hard link to a place": [entry("a", LINK, "/out")],
    "a hard link to a link": [entry("a", SYMLINK, "b"), entry("c", LINK, "a")],
    "a pipe": [entry("a", FIFO)],
    "a device": [entry("a", DEVICE)],
}


@pytest.mark.parametrize("entries", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_leads_out_is_refused(
    read: Callable[[Sequence[tarfile.TarInfo]], list[str]], entries: Sequence[tarfile.TarInfo]
) -> None:
    with pytest.raises(Trouble) as trouble:
        read([entry("before"), *entries])
    assert trouble.value.code == "backup.hostile" and trouble.value.remedy


def test_links_that_stay_inside_are_taken(read: Callable[[Sequence[tarfile.TarInfo]], list[str]]) -> None:
    """The control of the test above."""
    entries = [entry("a..b"), entry("deep", tarfile.DIRTYPE), entry("deep/c"), entry("d", SYMLINK, "deep/c")]
    assert read([*entries, entry("e", LINK, "deep/c")]) == ["a..b", "deep", "deep/c", "d", "e"]


NAMES, TARGETS = ("a", "a/b", "b", "../out"), ("a", "b", ".", "..", "../out", "a/../../out")
ENTRIES = [
    *(entry(name) for name in NAMES),
    *(entry(name, kind, target) for name in NAMES for kind in (SYMLINK, LINK) for target in TARGETS),
]


TRUSTING: dict[str, Any] = {"filter": "fully_trusted"} if hasattr(tarfile, "fully_trusted_filter") else {}
"""As every Python unpacked before it learnt to look; Debian 12's still does."""


def escaped(entries: Sequence[tarfile.TarInfo], room: Path) -> bool:
    """Whether the most trusting of all unpackers writes outside of its folder, or makes a way to read outside of it."""
    inside, outside = room / "in", room / "out"
    shutil.rmtree(room, ignore_errors=True)
    inside.mkdir(parents=True)
    outside.write_text("kept", "utf-8")
    path = room.parent / "unpacked.tar"
    path.write_bytes(archive(entries))
    with tarfile.open(path) as opened:
        for one in opened:
            try:
                opened.extract(one, inside, **TRUSTING)
            except (
                OSError,
                KeyError,
                tarfile.TarError,
                RecursionError,
            ):  # a link to nothing or itself, a file for a folder
                continue
    out = outside.read_text("utf-8") != "kept" or outside.stat().st_nlink > 1
    found = [Path(folder) / name for folder, folders, files in os.walk(inside) for name in (*folders, *files)]
    base = os.path.realpath(inside)
    beyond = any(not f"{os.path.realpath(path)}/".startswith(f"{base}/") for path in found)
    return out or beyond or sorted(one.name for one in room.iterdir()) != ["in", "out"]


def test_nothing_that_is_taken_gets_out(read: Callable[[Sequence[tarfile.TarInfo]], list[str]], tmp_path: Path) -> None:
    """Every pair of entries, and many triples: what the check lets through, the most trusting unpacker keeps inside."""
    triples = list(itertools.product(ENTRIES, repeat=3))
    taken = refused_rightly = 0
    for entries in [*itertools.product(ENTRIES, repeat=2), *random.Random(22).sample(triples, 400)]:
        try:
            read(entries)
        except Trouble:
            if not refused_rightly:
                refused_rightly += escaped(entries, tmp_path / "room")
            continue
        taken += 1
        assert not escaped(entries, tmp_path / "room"), [(one.name, one.type, one.linkname) for one in entries]
    assert taken > 100 and refused_rightly, "or this looks at nothing"


# What is said of a backup


@pytest.mark.parametrize(
    "changes",
    [
        {"versions": {"tutor": 22}},
        {"encrypted": "no"},
        {"members": (Member("x", "unknown", 0, ""),)},
        {"members": (Member("x", "files", 0, "", {"folder": ["a"]}), CONFIG)},
        {"members": (Member("x", "mongodb", 0, ""), CONFIG)},
        {"members": (CONFIG, CONFIG)},
        {"members": ()},
        {"created": "2026-11-28"},
    ],
    ids=str,
)
def test_a_description_without_its_shape_is_damaged(tmp_path: Path, changes: dict[str, Any]) -> None:
    manifests.write(tmp_path, manifest())
    assert manifests.read(tmp_path)
    manifests.write(tmp_path, manifest(**changes))
    with pytest.raises(Trouble) as trouble:
        manifests.read(tmp_path)
    assert trouble.value.code == "backup.manifest"


def test_tables_without_their_views_are_damaged(tmp_path: Path) -> None:
    details = {"database": "openedx", "holds": "tables", "charset": "utf8mb4", "collation": "x", "tables": 1}
    tables = Member("t", "mysql", 0, "", details)
    manifests.write(tmp_path, manifest(members=(tables, CONFIG)))
    with pytest.raises(Trouble):
        manifests.read(tmp_path)
    manifests.write(
        tmp_path, manifest(members=(tables, Member("c", "mysql", 0, "", {**details, "holds": "code"}), CONFIG))
    )
    assert manifests.read(tmp_path).of("mysql")


NAMED = {"OPENEDX_MYSQL_DATABASE": "openedx", "MONGODB_DATABASE": "openedx", "NASSIJ_BACKUP_FOLDERS": ["minio"]}


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("mysql", {"database": "mysql"}),
        ("mongodb", {"database": "admin"}),
        ("mongodb", {"database": "../../etc/x"}),
        ("files", {"folder": "mysql"}),
        ("files", {"folder": ".."}),
        ("files", {"folder": "openedx-media/../../env"}),
    ],
    ids=str,
)
def test_only_what_the_settings_name_is_ever_written(kind: str, details: dict[str, str]) -> None:
    with pytest.raises(Trouble) as trouble:
        belongs(manifest(members=(Member("x", kind, 0, "", details),)), NAMED)
    assert trouble.value.code == "restore.unknown"
    ours = {"mysql": {"database": "openedx"}, "mongodb": {"database": "openedx"}, "files": {"folder": "minio"}}
    belongs(manifest(members=(Member("x", kind, 0, "", ours[kind]),)), NAMED)


def test_refusal_is_one_line_that_a_terminal_can_show(capsys: pytest.CaptureFixture[str]) -> None:
    Answer(as_json=False).refuse("x", "a name\nwith \x1b[2J", "and a remedy")
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "\x1b" not in said and "and a remedy" in said


def test_what_is_no_backup_is_refused_in_one_line(tmp_path: Path) -> None:
    for folder in (tmp_path / "nowhere", tmp_path):
        done = CliRunner().invoke(verify, [str(folder), "--lang", "en"], obj=SimpleNamespace(root=str(tmp_path)))
        assert done.exit_code == 1 and len(done.stderr.splitlines()) == 1
    (tmp_path / MANIFEST).mkdir()
    done = CliRunner().invoke(verify, [str(tmp_path), "--json"], obj=SimpleNamespace(root=str(tmp_path)))
    assert json.loads(done.stdout)["error"]["code"] == "backup.manifest" and not (tmp_path / SUMS).exists()


# Whole restores


@pytest.fixture(scope="module")
def made(saved_project: SavedSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real backup, made once: copy it, don't touch it."""
    saved_project.fill()
    shutil.rmtree(saved_project.backups, ignore_errors=True)
    backup = saved_project.back_up()
    return Path(shutil.move(backup, tmp_path_factory.mktemp("made") / backup.name))


def cut(folder: Path, name: str) -> None:
    """Half of it, with sums over that half."""
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])
    summed(folder, name)


def with_shell(folder: Path, name: str) -> None:
    """The clients of MySQL and MariaDB know a command for the shell."""
    with streams.reading(folder / name) as plain:
        content = plain.read()
    rewritten(folder, name, b"\\! touch /tmp/nassij-was-here\n" + content)


def with_link(folder: Path, name: str) -> None:
    rewritten(folder, name, archive([entry("a", SYMLINK, "/tmp"), entry("a/nassij-was-here")]))


def elsewhere(folder: Path, name: str) -> None:
    described(folder, name, details={"folder": "mysql"})


@pytest.mark.parametrize(
    ("harm", "name", "code"),
    [
        (cut, "mongodb/openedx.archive.gz", "backup.damaged"),
        (cut, "mysql/openedx.tables.sql.gz", "backup.damaged"),
        (cut, "files/openedx-media.tar.gz", "backup.damaged"),
        (with_shell, "mysql/openedx.tables.sql.gz", "backup.command"),
        (with_link, "files/openedx-media.tar.gz", "backup.hostile"),
        (elsewhere, "files/openedx-media.tar.gz", "restore.unknown"),
    ],
)
def test_nothing_is_half_restored(
    site: SavedSite, made: Path, tmp_path: Path, harm: Callable[[Path, str], None], name: str, code: str
) -> None:
    folder = Path(shutil.copytree(made, tmp_path / made.name))
    harm(folder, name)
    before, trace = site.contents(), Path("/tmp/nassij-was-here")
    trace.unlink(missing_ok=True)
    done = site.run("restore", str(folder), "--yes", "--no-init", "--json")
    assert done.returncode == 1 and json.loads(done.stdout)["error"]["code"] == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr and done.stderr.strip().splitlines()[-1].startswith("✗")
    assert site.contents() == before and not trace.exists()
    assert site.database.databases() == {"openedx", "credentials"}
    assert not any("stop" in call["argv"] for call in site.project.calls()), "the site went on meanwhile"
