"""MongoDB: the structure of courses.

Moving a collection to another database copies it there, so the switch is a second load of what has already been loaded once
beside it, and `undo` loads what was dumped just before.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from shlex import quote
from typing import Any
from urllib.parse import quote as percent
from urllib.parse import urlencode

from tutornassij.backup.containers import Containers, ask, input_of, output_of
from tutornassij.backup.manifest import Member
from tutornassij.backup.parts import Source, Target, named
from tutornassij.backup.streams import CHUNK
from tutornassij.i18n import _

NEW, TRIAL = "nassij_new_", "nassij_try_"
BEFORE = ".before.archive"
SERVICE = "nassij-mongodb"
CONFIG = 'umask 077\nprintf "%s" "$SECRET" > /tmp/nassij.yml\n'
"""The programs read the password from a file; `$SECRET` is a line of JSON, which is YAML."""


class MongoDB:
    kind = "mongodb"
    setting = "MONGODB_DATABASE"

    def __init__(self, where: Containers, config: Mapping[str, Any], room: Path) -> None:
        self._where, self._uri, self._room = where, uri(config), room
        self._configured = named(config, self.setting)
        self._staged: list[tuple[Source, Member]] = []

    def save(self, target: Target) -> Iterator[Member]:
        for name in self._existing():
            file = f"mongodb/{name}.archive.gz"
            with target.writing(file) as sink:
                self._dump(name, sink)
            yield target.member(file, self.kind, database=name)

    def stage(self, source: Source) -> None:
        present = self._existing()
        for member in source.manifest.of(self.kind):
            name = member.details["database"]
            self._staged.append((source, member))
            self._load(source, member, NEW + name)
            self._drop(NEW + name)
            if name in present:
                with (self._room / f"{name}{BEFORE}").open("wb") as sink:
                    self._dump(name, sink)

    def switch(self) -> None:
        for source, member in self._staged:
            name = member.details["database"]
            self._drop(name)
            self._load(source, member, name)

    def undo(self) -> None:
        for path in sorted(self._room.glob(f"*{BEFORE}")):
            name = path.name.removesuffix(BEFORE)
            self._drop(name)
            with path.open("rb") as dump, input_of(self._where, SERVICE, *self._restore(name, name)) as sink:
                shutil.copyfileobj(dump, sink, CHUNK)
            path.unlink()

    def finish(self) -> None:
        """What is staged was dropped as soon as it was known to load."""

    def discard(self) -> None:
        for _source, member in self._staged:
            self._drop(NEW + member.details["database"])
        self._staged.clear()

    def try_out(self, source: Source) -> Iterator[str]:
        for member in source.manifest.of(self.kind):
            name = member.details["database"]
            try:
                self._load(source, member, TRIAL + name)
            finally:
                self._drop(TRIAL + name)
            yield _("The database %(name)s of MongoDB was loaded.") % {"name": name}

    def _existing(self) -> list[str]:
        answer = self._shell("print(JSON.stringify(connection.getMongo().getDBNames()))")
        names = json.loads(answer.strip().splitlines()[-1])
        return [name for name in self._configured if name in names]

    def _dump(self, name: str, sink: Any) -> None:
        script = f"{CONFIG}exec mongodump --quiet --config=/tmp/nassij.yml --db={quote(name)} --archive"
        with output_of(self._where, SERVICE, script, json.dumps({"uri": self._uri})) as dump:
            shutil.copyfileobj(dump, sink, CHUNK)

    def _load(self, source: Source, member: Member, database: str) -> None:
        name = member.details["database"]
        with source.reading(member) as dump, input_of(self._where, SERVICE, *self._restore(name, database)) as sink:
            shutil.copyfileobj(dump, sink, CHUNK)

    def _restore(self, name: str, database: str) -> tuple[str, str]:
        """The script and its secret. Without --stopOnError a document that cannot be written is passed over."""
        script = (
            f"{CONFIG}exec mongorestore --quiet --config=/tmp/nassij.yml --archive --drop --stopOnError"
            f" --nsInclude={quote(name + '.*')} --nsFrom={quote(name + '.*')} --nsTo={quote(database + '.*')}"
        )
        return script, json.dumps({"uri": self._uri})

    def _drop(self, database: str) -> None:
        self._shell(f"connection.getSiblingDB({json.dumps(database)}).dropDatabase()")

    def _shell(self, javascript: str) -> str:
        program = f"const connection = connect({json.dumps(self._uri)}); {javascript}"
        script = 'umask 077\nprintf "%s" "$SECRET" > /tmp/nassij.js\nexec mongosh --nodb --quiet /tmp/nassij.js'
        return ask(self._where, SERVICE, script, program)


def uri(config: Mapping[str, Any]) -> str:
    """Where MongoDB is, as its programs want it, from Tutor's settings. `MONGODB_HOST` may be such an address already."""
    host = str(config["MONGODB_HOST"])
    person = ""
    if config.get("MONGODB_USERNAME"):
        person = percent(str(config["MONGODB_USERNAME"]), safe="")
        person += f":{percent(str(config['MONGODB_PASSWORD']), safe='')}@"
    if "://" in host:
        scheme, _separator, rest = host.partition("://")
        return host if "@" in rest else f"{scheme}://{person}{rest}"
    options = {
        "authSource": config.get("MONGODB_AUTH_SOURCE") if person else "",
        "authMechanism": config.get("MONGODB_AUTH_MECHANISM") if person else "",
        "replicaSet": config.get("MONGODB_REPLICA_SET"),
        "tls": "true" if config.get("MONGODB_USE_SSL") else "",
    }
    query = urlencode({name: value for name, value in options.items() if value})
    return f"mongodb://{person}{host}:{int(config['MONGODB_PORT'])}/" + (f"?{query}" if query else "")
