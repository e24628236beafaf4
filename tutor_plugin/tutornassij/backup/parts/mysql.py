"""The relational databases (MySQL or MariaDB, Tutor's own or elsewhere): accounts, enrolments, grades, and all that is ours.

Two files for each database: its tables, and its views, triggers and routines. A table moves from one database to another in a
moment and all tables in one step, `RENAME TABLE`; what refers to tables by the name of the database cannot, and is made anew.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tutornassij.backup.containers import Containers
from tutornassij.backup.manifest import Member
from tutornassij.backup.parts import Source, Target, named
from tutornassij.backup.sql import Server, dropping_code, moving, of_code, of_tables, quoted
from tutornassij.backup.streams import CHUNK
from tutornassij.backup.trouble import Trouble
from tutornassij.i18n import _, ngettext

NEW, OLD, TRIAL = "nassij_new_", "nassij_old_", "nassij_try_"
NAME = re.compile(rf"[\w$-]{{1,{64 - len(NEW)}}}")
"""A name that is a file's name too, and leaves room for what we put before it."""
BEFORE = ".before.sql"
"""The views and triggers of a database, from just before it is switched: a file that says: here something has to be undone."""


class MySQL:
    kind = "mysql"
    setting = "MYSQL_DATABASE"  # plugins call theirs DISCOVERY_MYSQL_DATABASE, CREDENTIALS_MYSQL_DATABASE …

    def __init__(self, where: Containers, config: Mapping[str, Any], room: Path) -> None:
        self._server, self._room = Server(where, config), room
        self._configured = named(config, self.setting)
        self._staged: list[tuple[str, Source, Member]] = []

    def save(self, target: Target) -> Iterator[Member]:
        version, present = self._server.version(), self._server.databases()
        for name in self._configured:
            if name not in present:
                continue
            if not NAME.fullmatch(name):
                raise Trouble("backup.name", _("A database cannot be called %(name)s here.") % {"name": name})
            found = present[name]
            details = {
                "database": name,
                "server": version,
                "charset": found.charset,
                "collation": found.collation,
                "tables": len(found.tables),
            }
            for holds, commands in (("tables", [of_tables(found)]), ("code", list(of_code(found)))):
                file = f"mysql/{name}.{holds}.sql.gz"
                self._dump(target, file, *commands)
                yield target.member(file, self.kind, holds=holds, **details)

    def _dump(self, target: Target, file: str, *commands: str) -> None:
        with target.writing(file) as sink, self._server.dump(*commands) as dump:
            last = b""
            while chunk := dump.read(CHUNK):
                sink.write(chunk)
                last = (last + chunk)[-200:]
        if b"-- Dump completed" not in last:
            raise Trouble("backup.dump", _("The dump for %(file)s stopped before its end.") % {"file": file})

    def stage(self, source: Source) -> None:
        for member in self._holding(source, "tables"):
            name = member.details["database"]
            self._staged.append((name, source, member))
            self._make(NEW + name, member)
            self._load(source, member, NEW + name)
        present = self._server.databases()
        for name, _source, member in self._staged:
            complete(member, present[NEW + name].tables)

    def switch(self) -> None:
        for name, source, member in self._staged:
            self._server.order(f"CREATE DATABASE IF NOT EXISTS {quoted(name)}")
            present = self._server.databases()
            live, new = present[name], present[NEW + name]
            with self._server.dump(*of_code(live)) as code:
                (self._room / f"{name}{BEFORE}").write_bytes(code.read())
            self._server.order(
                *dropping_code(live),
                f"DROP DATABASE IF EXISTS {quoted(OLD + name)}",
                f"CREATE DATABASE {quoted(OLD + name)} CHARACTER SET {live.charset} COLLATE {live.collation}",
                *moving([(name, OLD + name, live.tables), (NEW + name, name, new.tables)]),
                f"ALTER DATABASE {quoted(name)} {letters(member)}",
            )
            code_member = next(one for one in self._holding(source, "code") if one.details["database"] == name)
            self._load(source, code_member, name)

    def undo(self) -> None:
        """What was there before is known from what lies there: this may be another process than the one that was killed."""
        for before in sorted(self._room.glob(f"*{BEFORE}")):
            name = before.name.removesuffix(BEFORE)
            present = self._server.databases()
            live, old, new = present[name], present.get(OLD + name), present.get(NEW + name)
            # Both ways of saying that the tables were moved; an empty site has none in `old`.
            moved = old is not None and (old.tables or not (new and new.tables))
            statements = list(dropping_code(live))
            if old is not None and moved:
                statements.append(f"CREATE DATABASE IF NOT EXISTS {quoted(NEW + name)}")
                statements += moving([(name, NEW + name, live.tables), (OLD + name, name, old.tables)])
                statements.append(f"ALTER DATABASE {quoted(name)} CHARACTER SET {old.charset} COLLATE {old.collation}")
            statements.append(f"DROP DATABASE IF EXISTS {quoted(OLD + name)}")
            self._server.order(*statements)
            with self._server.client(name) as sink:
                sink.write(before.read_bytes())
            before.unlink()
        self.discard()

    def finish(self) -> None:
        self._server.order(
            *(f"DROP DATABASE IF EXISTS {quoted(OLD + name)}" for name, _source, _member in self._staged)
        )
        self.discard()

    def discard(self) -> None:
        self._server.order(
            *(f"DROP DATABASE IF EXISTS {quoted(NEW + name)}" for name, _source, _member in self._staged)
        )
        self._staged.clear()

    def try_out(self, source: Source) -> Iterator[str]:
        for member in self._holding(source, "tables"):
            name = member.details["database"]
            code = next(one for one in self._holding(source, "code") if one.details["database"] == name)
            try:
                self._make(TRIAL + name, member)
                self._load(source, member, TRIAL + name)
                self._load(source, code, TRIAL + name)
                count = complete(member, self._server.databases()[TRIAL + name].tables)
            finally:
                self._server.order(f"DROP DATABASE IF EXISTS {quoted(TRIAL + name)}")
            yield ngettext(
                "The database %(name)s was loaded and has %(count)d table.",
                "The database %(name)s was loaded and has %(count)d tables.",
                count,
            ) % {"name": name, "count": count}

    def _holding(self, source: Source, what: str) -> list[Member]:
        return [member for member in source.manifest.of(self.kind) if member.details["holds"] == what]

    def _make(self, database: str, like: Member) -> None:
        self._server.order(
            f"DROP DATABASE IF EXISTS {quoted(database)}", f"CREATE DATABASE {quoted(database)} {letters(like)}"
        )

    def _load(self, source: Source, member: Member, database: str) -> None:
        with source.reading(member) as dump, self._server.client(database) as sink:
            shutil.copyfileobj(dump, sink, CHUNK)


def letters(member: Member) -> str:
    """The character set of a database, as it was."""
    return f"CHARACTER SET {quoted(member.details['charset'])} COLLATE {quoted(member.details['collation'])}"


def complete(member: Member, tables: list[str]) -> int:
    """As many tables as were saved; how many. Raises `Trouble`."""
    if len(tables) != member.details["tables"]:
        raise Trouble(
            "backup.tables",
            _("%(name)s has %(found)d tables instead of %(wanted)d.")
            % {"name": member.name, "found": len(tables), "wanted": member.details["tables"]},
        )
    return len(tables)
