"""What stops a backup or a restore, each told with a code; none of these, and no finding of the doctor's, is without a test."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tutor.commands import cli  # noqa: F401 - brings what Tutor's templates use

from tests.tutor.forged import CONFIG, manifest
from tests.tutor.projects import ROOT
from tutornassij.backup import containers, settings, streams
from tutornassij.backup.manifest import Member
from tutornassij.backup.parts import Target, mysql
from tutornassij.backup.restore import suits
from tutornassij.backup.sql import Database
from tutornassij.backup.trouble import Trouble

PLUGIN, TESTS = ROOT / "tutor_plugin/tutornassij", ROOT / "tests/tutor"
K8S = {"K8S_NAMESPACE": "openedx"}


def code(call: Callable[[], Any]) -> str:
    with pytest.raises(Trouble) as trouble:
        call()
    return trouble.value.code


def test_a_disk_that_takes_no_more(tmp_path: Path) -> None:
    class Full(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, content: Any) -> int:
            raise OSError(28, "No space left on device")

    def write() -> None:
        with streams.writing(tmp_path / "member.gz") as sink:
            sink.fileobj = Full()
            sink.write(b"x" * 10_000_000)

    assert code(write) == "backup.disk"


class Server:
    """A server whose dumps are what they were made to be."""

    def __init__(self, dump: bytes) -> None:
        self._dump = dump

    def dump(self, *commands: str) -> AbstractContextManager[io.BytesIO]:
        return nullcontext(io.BytesIO(self._dump))

    def version(self) -> str:
        return "8.4.11"

    def databases(self) -> dict[str, Database]:
        return {name: Database(name, "utf8mb4", "utf8mb4_bin", ["a"]) for name in ("openedx", "a/b")}


def saving(tmp_path: Path, dump: bytes, name: str = "openedx") -> list[Member]:
    config = {"MYSQL_HOST": "h", "MYSQL_PORT": 1, "MYSQL_ROOT_USERNAME": "u", "MYSQL_ROOT_PASSWORD": "p"}
    part = mysql.MySQL(SimpleNamespace(), {**config, "OPENEDX_MYSQL_DATABASE": name}, tmp_path)  # type: ignore[arg-type]
    part._server = Server(dump)  # type: ignore[assignment]
    return list(part.save(Target(tmp_path / "backup")))


def test_a_dump_that_stops_before_its_end(tmp_path: Path) -> None:
    """The program may end well and yet have been cut: its own last line is what counts."""
    whole = b"CREATE TABLE a (id INT);\n-- Dump completed on 2026-11-28\n"
    members = saving(tmp_path, whole)
    assert [one.details["holds"] for one in members] == ["tables", "code"]
    assert gzip.decompress((tmp_path / "backup" / members[0].name).read_bytes()) == whole
    assert code(lambda: saving(tmp_path / "cut", whole[:20])) == "backup.dump"


def test_a_database_whose_name_is_no_file_s(tmp_path: Path) -> None:
    assert code(lambda: saving(tmp_path, b"", name="a/b")) == "backup.name"


def test_fewer_tables_than_were_saved() -> None:
    member = Member("t", "mysql", 0, "", {"tables": 2})
    assert mysql.complete(member, ["a", "b"]) == 2
    assert code(lambda: mysql.complete(member, ["a"])) == "backup.tables"


def test_a_program_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert code(lambda: containers.said(["docker", "info"])) == "backup.program"


def test_a_job_that_is_not_rendered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(containers, "said", lambda command, given="": "kind: Job\nmetadata: {name: lms-job}\n")
    assert code(lambda: containers.Pods(tmp_path, K8S).command("mysql", "true")) == "backup.not_rendered"


def test_files_of_a_server_do_not_go_to_kubernetes() -> None:
    files = Member("f", "files", 0, "", {"folder": "openedx-media"})
    suits(manifest(members=(CONFIG, files)), "local")
    suits(manifest(mode="k8s"), "local")
    assert code(lambda: suits(manifest(members=(CONFIG, files)), "k8s")) == "restore.mode"


def test_settings_that_cannot_be_rendered(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text("PLUGINS: [unclosed", "utf-8")
    assert code(lambda: settings.render(tmp_path)) == "restore.render"


def codes(folder: str, call: str) -> Iterator[str]:
    for path in sorted((PLUGIN / folder).rglob("*.py")):
        yield from re.findall(rf'(?:{call})\(\s*"([a-z_.]+)"', path.read_text("utf-8"))


def test_each_trouble_and_each_finding_has_a_test_that_names_it() -> None:
    told = {*codes("backup", "Trouble"), *codes("bundle", "Trouble"), *codes("doctor/checks", "failed|warned")}
    tests = "".join(path.read_text("utf-8") for path in sorted(TESTS.glob("test_*.py")))
    assert len(told) > 70
    assert sorted(one for one in told if f'"{one}"' not in tests) == []
