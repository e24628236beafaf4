"""MongoDB in a backup: where it is, what its programs are told, and that they are never told a password where others read it.

There is no MongoDB here: `mongo_double.py` stands for its programs, and takes only the options that they really have.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.tutor.saved_site import SavedSite
from tutornassij.backup.parts.mongodb import uri

CONFIG = {"MONGODB_HOST": "mongodb", "MONGODB_PORT": 27017}
PERSON = {"MONGODB_USERNAME": "nassij@ma", "MONGODB_PASSWORD": "a/b:c?@é", "MONGODB_AUTH_SOURCE": "admin"}
ESCAPED = "nassij%40ma:a%2Fb%3Ac%3F%40%C3%A9@"


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({}, "mongodb://mongodb:27017/"),
        ({"MONGODB_AUTH_SOURCE": "admin"}, "mongodb://mongodb:27017/"),
        (PERSON, f"mongodb://{ESCAPED}mongodb:27017/?authSource=admin"),
        (
            {
                **PERSON,
                "MONGODB_AUTH_MECHANISM": "SCRAM-SHA-256",
                "MONGODB_REPLICA_SET": "rs0",
                "MONGODB_USE_SSL": True,
            },
            f"mongodb://{ESCAPED}mongodb:27017/?authSource=admin&authMechanism=SCRAM-SHA-256&replicaSet=rs0&tls=true",
        ),
        (
            {"MONGODB_HOST": "mongodb+srv://cluster.example.ma/", **PERSON},
            f"mongodb+srv://{ESCAPED}cluster.example.ma/",
        ),
        ({"MONGODB_HOST": "mongodb://u:p@one,two/?replicaSet=rs0"}, "mongodb://u:p@one,two/?replicaSet=rs0"),
    ],
)
def test_where_it_is(settings: dict[str, Any], wanted: str) -> None:
    assert uri({**CONFIG, **settings}) == wanted


def test_a_dump_that_fails_is_no_backup(site: SavedSite) -> None:
    failed = site.answer("backup", code=1, NASSIJ_MONGO_URI="mongodb://another:27017/")
    assert failed["error"]["code"] == "backup.command" and "nassij-mongodb" in failed["error"]["message"]
    assert list(site.backups.glob("[0-9]*")) == []


def test_courses_that_fail_to_load_leave_the_old_ones(site: SavedSite, tmp_path: Path) -> None:
    backup = site.back_up()
    (site.mongo / "openedx.json").write_text("{}", "utf-8")
    later = site.contents()
    fault = {"NASSIJ_FAIL_AT": "--nsTo='openedx.*'", "NASSIJ_FAIL_ONCE": str(tmp_path / "failed")}
    failed = site.answer("restore", backup.name, "--yes", "--no-init", code=1, **fault)
    assert failed["error"]["code"] == "restore.undone"
    assert site.contents() == later and [path.name for path in site.mongo.iterdir()] == ["openedx.json"]


def test_what_cannot_be_put_back_is_said_and_kept_for_the_next_time(site: SavedSite, tmp_path: Path) -> None:
    before, backup = site.contents(), str(shutil.move(site.back_up(), tmp_path / "carried"))
    (site.mongo / "openedx.json").write_text("{}", "utf-8")
    failed = site.answer("restore", backup, "--yes", "--no-init", code=1, NASSIJ_MONGO_FAILS="openedx")
    assert failed["error"]["code"] == "restore.not_undone" and backup in failed["error"]["remedy"]
    assert (site.backups / "restoring").read_text("utf-8") == backup
    site.answer("restore", backup, "--yes", "--no-init")
    assert site.contents() == before and not (site.backups / "restoring").exists()


def test_no_password_and_no_address_in_what_others_can_read(site: SavedSite) -> None:
    """A list of processes shows what a program is called with."""
    site.answer("restore", site.back_up().name, "--yes", "--no-init")
    called = json.dumps([call["argv"] for call in site.project.calls()])
    assert "mongodump" in called and "mongorestore" in called and "mongodb://" not in called
