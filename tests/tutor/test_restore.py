"""Backup → loss → restore: the same data, or the site as it was. With a real MariaDB and real files."""

from __future__ import annotations

import dataclasses
import json
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.tutor.saved_site import SavedSite
from tutornassij.backup import manifest as manifests

EXCHANGING_FILES = "touch .nassij-half"
"""Words of the last exchange of a restore: both databases are exchanged already."""


def test_what_was_lost_comes_back_the_same(site: SavedSite) -> None:
    before = site.contents()
    assert (
        "جمعية" in before["sql"]
        and "answer 2" in before["sql"]
        and "42" in before["sql"]
        and "belongs" in before["sql"]
    )
    backup = site.back_up()
    site.wipe()
    site.answer("restore", backup.name, "--yes", "--no-init")
    assert site.contents() == before
    assert site.database.databases() == {"openedx", "credentials"}, "nothing of the restore is left"


@pytest.fixture
def another(site: SavedSite) -> Iterator[tuple[Path, bytes]]:
    """A backup, and settings of another site in the place of those that it was made under; the latter."""
    backup, config = site.back_up(), site.project.config_file
    before = config.read_bytes()
    site.project.tutor("config", "save", "--set", "ID=another", "--set", "PLATFORM_NAME=another")
    yield backup, before
    config.write_bytes(before)
    site.project.tutor("config", "save")
    for left in site.project.root.glob("config.yml.before-*"):
        left.unlink()


def test_settings_come_back_too(site: SavedSite, another: tuple[Path, bytes]) -> None:
    backup, wanted = another
    before, config = site.contents(), site.project.config_file
    later = config.read_bytes()
    site.wipe()
    site.answer("restore", backup.name, "--yes", "--no-init", "--config", "restore")
    assert config.read_bytes() == wanted and stat.S_IMODE(config.stat().st_mode) == 0o600
    assert site.contents() == before
    assert "another" not in (site.project.env / "apps/openedx/config/lms.env.yml").read_text("utf-8"), "rendered again"
    kept = site.project.root / f"config.yml.before-{backup.name}"
    assert kept.read_bytes() == later and stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_settings_stay_when_the_data_did_not_come(site: SavedSite, another: tuple[Path, bytes], tmp_path: Path) -> None:
    backup, wanted = another
    later = site.project.config_file.read_bytes()
    command = ("restore", backup.name, "--yes", "--no-init", "--config", "restore")
    fault = {"NASSIJ_FAIL_AT": EXCHANGING_FILES, "NASSIJ_FAIL_ONCE": str(tmp_path / "failed")}
    assert site.answer(*command, code=1, **fault)["error"]["code"] == "restore.undone"
    assert site.project.config_file.read_bytes() == later
    assert site.answer(*command, code=1, NASSIJ_ACCOUNT="/nowhere/account")["error"]["code"] == "restore.rebuild"
    assert site.project.config_file.read_bytes() == wanted, "the data are there, and need the passwords of theirs"


def test_on_a_new_server_the_platform_gets_its_account_first(site: SavedSite, tmp_path: Path) -> None:
    backup, account = site.back_up(), tmp_path / "account"
    site.answer("restore", backup.name, "--yes", "--no-init", NASSIJ_ACCOUNT=str(account))
    assert account.exists()


def changed(site: SavedSite) -> dict[str, Any]:
    """Life goes on after a backup; what is there then."""
    site.database.sql("INSERT INTO openedx.answer (association_id, level) VALUES (1, 2)")
    site.database.sql("CREATE TABLE openedx.newer (id INT)")
    (site.mongo / "openedx.json").write_text("{}", "utf-8")
    (site.data / "openedx-media/newer.txt").write_text("newer", "utf-8")
    (site.data / "openedx-media-private/statutes.pdf").unlink()
    return with_newer(site)


def with_newer(site: SavedSite) -> dict[str, Any]:
    return {**site.contents(), "tables": site.database.sql("SHOW FULL TABLES IN openedx")}


REFUSED: list[tuple[str, Mapping[str, Any], str]] = [
    ("another site", {"site": "another"}, "restore.other_site"),
    ("an older Tutor", {"versions": {"tutor": "20.0.1"}}, "restore.tutor"),
    ("another format", {"format": "nassij-backup/2"}, "backup.format"),
]


@pytest.fixture(scope="module")
def backup(saved_project: SavedSite) -> Path:
    saved_project.fill()
    return saved_project.back_up()


@pytest.mark.parametrize(("_what", "changes", "code"), REFUSED, ids=[what for what, _changes, _code in REFUSED])
def test_a_backup_that_does_not_belong_here_is_refused(
    saved_project: SavedSite, backup: Path, _what: str, changes: Mapping[str, Any], code: str, tmp_path: Path
) -> None:
    other = copied(backup, tmp_path)
    manifests.write(other, dataclasses.replace(manifests.read(other), **changes))
    refused(saved_project, other, code)


def test_a_newer_plugin_is_refused(saved_project: SavedSite, backup: Path, tmp_path: Path) -> None:
    other = copied(backup, tmp_path)
    written = manifests.read(other)
    manifests.write(other, dataclasses.replace(written, versions={**written.versions, "plugin nassij": "99.0.0"}))
    refused(saved_project, other, "restore.plugin")


def test_a_damaged_backup_is_refused_before_anything_is_touched(
    saved_project: SavedSite, backup: Path, tmp_path: Path
) -> None:
    other = copied(backup, tmp_path)
    path = other / "files/openedx-media.tar.gz"
    path.write_bytes(path.read_bytes()[:-1])
    assert "openedx-media" in refused(saved_project, other, "backup.damaged")["message"]


def test_the_name_of_the_site_must_be_typed(saved_project: SavedSite, backup: Path) -> None:
    before = saved_project.contents()
    done = saved_project.run("restore", str(backup), "--no-init", "--lang", "en", stdin="y\n")
    assert done.returncode == 1 and "Nothing was changed." in done.stderr
    done = saved_project.run("restore", str(backup), "--no-init", "--json", stdin="y\n")
    assert json.loads(done.stdout)["error"]["code"] == "restore.not_confirmed"
    assert saved_project.contents() == before


def copied(backup: Path, to: Path) -> Path:
    return Path(shutil.copytree(backup, to / backup.name))


def refused(site: SavedSite, backup: Path, code: str) -> dict[str, str]:
    """Refused with this code, and nothing was touched or stopped."""
    before = site.contents()
    site.project.docker_log.unlink(missing_ok=True)
    error = site.answer("restore", str(backup), "--yes", "--no-init", code=1)["error"]
    assert error["code"] == code and error["remedy"]
    assert site.contents() == before and site.project.calls() == []
    return dict(error)


@pytest.mark.parametrize("words", [EXCHANGING_FILES], ids=["the last exchange"])
def test_a_restore_that_fails_halfway_leaves_the_site_as_it_was(site: SavedSite, tmp_path: Path, words: str) -> None:
    backup = site.back_up()
    later = changed(site)
    fault = {"NASSIJ_FAIL_AT": words, "NASSIJ_FAIL_ONCE": str(tmp_path / "failed")}
    failed = site.answer("restore", backup.name, "--yes", "--no-init", code=1, **fault)
    assert failed["error"]["code"] == "restore.undone"
    assert with_newer(site) == later
    assert site.database.databases() == {"openedx", "credentials"}


def test_a_killed_restore_is_put_back_first_and_then_done(site: SavedSite) -> None:
    before = with_newer(site)
    backup = site.back_up()
    changed(site)
    site.killed_at(EXCHANGING_FILES, "restore", backup.name, "--yes", "--no-init")
    assert (site.backups / "restoring").exists(), "it was at work when it was killed"
    site.answer("restore", backup.name, "--yes", "--no-init")
    assert with_newer(site) == before
    assert not (site.backups / "restoring").exists()
    assert site.database.databases() == {"openedx", "credentials"}


def test_two_restores_at_once(site: SavedSite) -> None:
    backup = site.back_up()
    with site.stalled_at("tar -C .nassij-new", "restore", backup.name, "--yes", "--no-init"):
        assert site.answer("restore", backup.name, "--yes", code=1)["error"]["code"] == "backup.busy"
        assert site.answer("backup", code=1)["error"]["code"] == "backup.busy"


def test_deep_verification_loads_everything_and_leaves_nothing(site: SavedSite) -> None:
    backup = site.back_up()
    before = site.contents()
    loaded = site.answer("verify", backup.name, "--deep")["verified"]["loaded"]
    assert len(loaded) >= 5
    assert site.contents() == before and site.database.databases() == {"openedx", "credentials"}
