"""A MySQL or MariaDB as its own programs reach it: what is in it, what it can be told, what it can be dumped to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from shlex import quote
from typing import IO, Any

from tutornassij.backup.containers import Containers, input_of, output_of

SERVICE = "mysql"
PROGRAMS = """
export MYSQL_PWD="$SECRET"
find_program() { command -v "$1" || command -v "$2" || { echo "neither $1 nor $2 is in this image" >&2; exit 1; }; }
client=$(find_program mysql mariadb)
dump=$(find_program mysqldump mariadb-dump)
"""
WAIT = """
tries=0
until error=$("$client" {options} -e 'SELECT 1' 2>&1 >/dev/null); do
  tries=$((tries + 1))
  case "$error" in *"ERROR 2002"*|*"ERROR 2003"*|*"ERROR 2013"*) ;; *) tries=99 ;; esac
  if [ "$tries" -ge 30 ]; then echo "$error" >&2; exit 1; fi
  sleep 2
done
"""
"""A server that has just been started is waited for; a wrong password is not."""
DUMP = (
    "--single-transaction --quick --hex-blob --no-tablespaces --default-character-set=utf8mb4"
    # Words that only one of the two makers knows: the other passes over them.
    " --loose-set-gtid-purged=OFF --loose-column-statistics=0"
)
INVENTORY = """
SELECT 'SCHEMA', SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA
UNION ALL SELECT TABLE_TYPE, TABLE_SCHEMA, TABLE_NAME, '' FROM information_schema.TABLES
UNION ALL SELECT 'TRIGGER', TRIGGER_SCHEMA, TRIGGER_NAME, '' FROM information_schema.TRIGGERS
UNION ALL SELECT 'EVENT', EVENT_SCHEMA, EVENT_NAME, '' FROM information_schema.EVENTS
UNION ALL SELECT ROUTINE_TYPE, ROUTINE_SCHEMA, ROUTINE_NAME, '' FROM information_schema.ROUTINES
"""


@dataclass(frozen=True)
class Database:
    """What a database has in it. `code` are pairs of a kind (VIEW, TRIGGER, EVENT, FUNCTION, PROCEDURE) and a name."""

    name: str
    charset: str = ""
    collation: str = ""
    tables: list[str] = field(default_factory=list)
    code: list[tuple[str, str]] = field(default_factory=list)

    @property
    def views(self) -> list[str]:
        return [name for kind, name in self.code if kind == "VIEW"]


class Server:
    """Reached through `mysql-job`, which has the programs, whoever runs the server."""

    def __init__(self, where: Containers, config: Mapping[str, Any]) -> None:
        self._where, self._password = where, str(config["MYSQL_ROOT_PASSWORD"])
        self._options = (
            f"--host={quote(str(config['MYSQL_HOST']))} --port={int(config['MYSQL_PORT'])}"
            f" --user={quote(str(config['MYSQL_ROOT_USERNAME']))}"
        )
        self._prepare = PROGRAMS + WAIT.format(options=self._options)

    def databases(self) -> dict[str, Database]:
        """All that is there, by name."""
        rows = self._rows(INVENTORY)
        found = {
            name: Database(name, charset, collation) for kind, name, charset, collation in rows if kind == "SCHEMA"
        }
        for kind, database, name, _nothing in rows:
            if kind == "BASE TABLE":
                found[database].tables.append(name)
            elif kind in ("VIEW", "TRIGGER", "EVENT", "FUNCTION", "PROCEDURE"):
                found[database].code.append((kind, name))
        return found

    def version(self) -> str:
        return self._rows("SELECT VERSION()")[0][0]

    def order(self, *statements: str) -> None:
        """Statements, one after the other; the first that fails is the last."""
        if statements:
            with self.client() as sink:
                sink.write(";\n".join((*statements, "")).encode())

    def client(self, database: str = "") -> AbstractContextManager[IO[bytes]]:
        """Where SQL can be written to, and nothing but SQL: without --binary-mode a dump could hold commands for a shell."""
        return input_of(self._where, SERVICE, self._call(f"--binary-mode {quote(database)}".strip()), self._password)

    def dump(self, *commands: str) -> AbstractContextManager[IO[bytes]]:
        """What the program for dumps says, called with each of these options in turn."""
        calls = "\n".join(f'"$dump" {self._options} {DUMP} {command}' for command in commands)
        return output_of(self._where, SERVICE, f"{self._prepare}{calls}\n", self._password)

    def _rows(self, sql: str) -> list[list[str]]:
        call = self._call(f"--batch --skip-column-names -e {quote(sql)}")
        with output_of(self._where, SERVICE, call, self._password) as answer:
            return [line.split("\t") for line in answer.read().decode().splitlines()]

    def _call(self, options: str) -> str:
        return f'{self._prepare}exec "$client" {self._options} --default-character-set=utf8mb4 {options}'


def of_tables(database: Database) -> str:
    """Options of a dump: tables and rows, and nothing that names the database."""
    ignored = "".join(f" --ignore-table={quote(f'{database.name}.{view}')}" for view in database.views)
    return f"--skip-triggers{ignored} {quote(database.name)}"


def of_code(database: Database) -> Iterator[str]:
    """Options of the dumps of the rest; views first, since routines may use them."""
    if database.views:
        yield f"--no-data --skip-triggers {quote(database.name)} " + " ".join(map(quote, database.views))
    yield f"--no-data --no-create-info --triggers --routines --events {quote(database.name)}"


def dropping_code(database: Database) -> Iterator[str]:
    """Statements: a table with a trigger does not move to another database."""
    for kind, name in database.code:
        yield f"DROP {kind} IF EXISTS {quoted(database.name)}.{quoted(name)}"


def moving(moves: Iterable[tuple[str, str, Sequence[str]]]) -> Iterator[str]:
    """One statement for all tables of all moves (from, to, tables): all of it happens, or none."""
    pairs = [
        f"{quoted(before)}.{quoted(table)} TO {quoted(after)}.{quoted(table)}"
        for before, after, tables in moves
        for table in tables
    ]
    if pairs:
        yield "SET SESSION lock_wait_timeout = 60"
        yield f"RENAME TABLE {', '.join(pairs)}"


def quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
