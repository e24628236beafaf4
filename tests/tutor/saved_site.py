"""A site whose data are real: a MariaDB, folders of files, a stand-in for MongoDB; the real `tutor nassij backup` runs on it."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.tutor import zygote
from tests.tutor.projects import Project

HERE = Path(__file__).parent
ADMIN = "nassij_admin"  # a managed server has no root for us
PASSWORD = 'it\'s "a" $PATH `id` \\ password'  # every character that a shell or SQL could take for its own
MONGO_URI = "mongodb://mongodb:27017/"
SCHEMA = """
CREATE DATABASE openedx CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
USE openedx;
CREATE TABLE association (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(200) NOT NULL, seal BLOB, at DATETIME(6));
CREATE TABLE answer (id INT PRIMARY KEY AUTO_INCREMENT, association_id INT NOT NULL, level INT,
  CONSTRAINT belongs FOREIGN KEY (association_id) REFERENCES association (id));
CREATE TABLE logged (what VARCHAR(50));
CREATE VIEW answered AS SELECT a.name, b.level FROM association a JOIN answer b ON b.association_id = a.id;
CREATE TRIGGER written AFTER INSERT ON answer FOR EACH ROW INSERT INTO logged VALUES (CONCAT('answer ', NEW.id));
CREATE FUNCTION twice (x INT) RETURNS INT DETERMINISTIC RETURN 2 * x;
INSERT INTO association (name, seal, at) VALUES ('جمعية النسيج', 0x00ff0a0d1a27225c, '2026-11-27 10:00:00.123456'),
  ('L''écoute; -- \\\\ 🌱', NULL, NULL);
INSERT INTO answer (association_id, level) VALUES (1, 3), (2, 0);
CREATE DATABASE credentials CHARACTER SET utf8mb4;
CREATE TABLE credentials.badge (id INT PRIMARY KEY, holder VARCHAR(50));
INSERT INTO credentials.badge VALUES (7, 'فاطمة');
"""
CONTENTS = (
    "SELECT id, name, HEX(seal), at FROM openedx.association ORDER BY id;"
    " SELECT * FROM openedx.answer ORDER BY id;"
    " SELECT * FROM openedx.logged ORDER BY 1; SELECT * FROM openedx.answered ORDER BY 1, 2; SELECT openedx.twice(21);"
    " SELECT * FROM credentials.badge;"
    " SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = 'openedx' ORDER BY 1;"
    " SELECT CONSTRAINT_NAME, TABLE_NAME, REFERENCED_TABLE_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS"
    " WHERE CONSTRAINT_SCHEMA = 'openedx' ORDER BY TABLE_NAME, CONSTRAINT_NAME;"
    " SELECT SCHEMA_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME IN ('openedx', 'credentials')"
    " ORDER BY 1;"
)
"""Everything that must be the same afterwards, views, triggers, functions and foreign keys with it."""


@dataclass(frozen=True)
class MariaDB:
    port: int

    def sql(self, text: str) -> str:
        """Run as the administrator; the answer."""
        command = ["mariadb", "--protocol=tcp", "--host=127.0.0.1", f"--port={self.port}", f"--user={ADMIN}"]
        done = subprocess.run(
            [*command, "--default-character-set=utf8mb4", "--batch", "--raw"],
            input=text,
            env={**os.environ, "MYSQL_PWD": PASSWORD},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def databases(self) -> set[str]:
        internal = {"information_schema", "mysql", "performance_schema", "sys", "test"}
        return set(self.sql("SHOW DATABASES").split()[1:]) - internal

    def empty(self) -> None:
        self.sql("".join(f"DROP DATABASE `{name}`;" for name in self.databases()) or "SELECT 1")


@dataclass(frozen=True)
class SavedSite:
    project: Project
    database: MariaDB

    @classmethod
    def make(cls, root: Path, database: MariaDB, **settings: object) -> SavedSite:
        """A project whose databases are elsewhere, as on a managed server, with data in every place."""
        project = Project.make(
            root,
            RUN_MYSQL=False,
            MYSQL_HOST="127.0.0.1",
            MYSQL_PORT=database.port,
            MYSQL_ROOT_USERNAME=ADMIN,
            MYSQL_ROOT_PASSWORD=PASSWORD,
            CREDENTIALS_MYSQL_DATABASE="credentials",
            **settings,
        )
        site = cls(project, database)
        site.environment()
        site.fill()
        return site

    def environment(self, **more: str) -> dict[str, str]:
        ours = {"NASSIJ_MONGO": str(self.mongo), "NASSIJ_MONGO_URI": MONGO_URI, "GNUPGHOME": str(self.keys)}
        environment = self.project.environment(**{**ours, **more})
        shims = self.project.root / "shims"
        program(shims / "docker", f'"{HERE / "docker_real.py"}"')
        for name in ("mongodump", "mongorestore", "mongosh"):
            program(shims / name, f'"{HERE / "mongo_double.py"}" {name}')
        return environment

    @property
    def mongo(self) -> Path:
        return self.project.root / "mongo"

    @property
    def keys(self) -> Path:
        """The key ring."""
        return self.project.root / "gnupg"

    @property
    def data(self) -> Path:
        return self.project.root / "data"

    @property
    def backups(self) -> Path:
        return self.project.root / "backups"

    def fill(self) -> None:
        self.database.empty()
        self.database.sql(SCHEMA)
        self.mongo.mkdir(exist_ok=True)
        (self.mongo / "openedx.json").write_text('{"modulestore": ["درس"]}', "utf-8")
        media, private = self.data / "openedx-media", self.data / "openedx-media-private"
        (media / "profile/deep").mkdir(parents=True, exist_ok=True)
        (media / "profile/deep/صورة الجمعية.png").write_bytes(bytes(range(256)) * 400)
        (media / ".hidden").write_text("kept too", "utf-8")
        (media / "empty").mkdir(exist_ok=True)
        private.mkdir(exist_ok=True)
        (private / "statutes.pdf").write_bytes(b"%PDF-1.7 \x00\xff")
        (private / "statutes.pdf").chmod(0o640)
        (self.data / "lms/logs").mkdir(parents=True, exist_ok=True)
        (self.data / "lms/logs/all.log").write_text("not kept", "utf-8")
        (self.data / "lms/ora2").mkdir(exist_ok=True)
        (self.data / "lms/ora2/answer").write_text("kept", "utf-8")
        (self.data / "mysql").mkdir(exist_ok=True)
        (self.data / "clickhouse").mkdir(exist_ok=True)

    def wipe(self) -> None:
        """As after a loss: no database, no file, other settings."""
        self.database.empty()
        for path in self.mongo.glob("*"):
            path.unlink()
        subprocess.run(["rm", "-rf", str(self.data)], check=True)

    def contents(self) -> dict[str, Any]:
        """All that a backup must bring back."""
        mongo = {path.name: path.read_bytes() for path in self.mongo.iterdir()}
        return {"sql": self.database.sql(CONTENTS), "mongo": mongo, "files": files(self.data, without=("logs",))}

    def run(self, *command: str, stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        """`tutor nassij …`"""
        return zygote.run(["nassij", *command], self.environment(**environment), self.project.root, stdin or "")

    def answer(self, *command: str, code: int = 0, **environment: str) -> dict[str, Any]:
        """The JSON of `tutor nassij … --json`, which must end with `code`."""
        done = self.run(*command, "--json", **environment)
        assert done.returncode == code, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout)

    def killed_at(self, words: str, *command: str) -> None:
        """`tutor nassij …`, killed with signal 9 while a script that has these words is at work."""
        with self.stalled_at(words, *command) as process:
            process.kill()

    @contextlib.contextmanager
    def stalled_at(self, words: str, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        """`tutor nassij …`, held while a script that has these words is at work; killed at the end."""
        mark = self.project.root / "stalled"
        mark.unlink(missing_ok=True)
        with subprocess.Popen(
            [str(Path(sys.executable).parent / "tutor"), "nassij", *command],
            env=self.environment(NASSIJ_STALL_AT=words, NASSIJ_STALLED=str(mark)),
            cwd=self.project.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                end = time.monotonic() + 120
                while not mark.exists():
                    assert process.poll() is None, f"it ended before “{words}”"
                    assert time.monotonic() < end, f"it never came to “{words}”"
                    time.sleep(0.05)
                yield process
            finally:
                process.kill()

    def back_up(self, *options: str, **environment: str) -> Path:
        return Path(self.answer("backup", *options, **environment)["backup"]["folder"])


def program(path: Path, call: str) -> None:
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" {call} "$@"\n', "utf-8")
    path.chmod(0o755)


def files(folder: Path, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Every entry by its path: mode, and bytes of a file."""
    return {
        str(path.relative_to(folder)): (
            stat.S_IMODE(path.stat().st_mode),
            path.read_bytes() if path.is_file() else None,
        )
        for path in sorted(folder.rglob("*"))
        if not set(path.relative_to(folder).parts) & {*without, "mysql", "clickhouse"}
    }
