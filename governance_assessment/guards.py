"""The database's own refusal to change what was submitted: triggers on snapshots and on published instrument versions.

The guards of the models hold against our own code; these hold against a shell, a script and a stray UPDATE as well. They are not
part of a migration but (re)installed after every one: on SQLite a table that is altered loses its triggers without a word, and on
MySQL 8 with binary logging they need a right that a migration cannot count on. Where they cannot be had, a system check says so,
and the fingerprint of a snapshot still shows any change. What they let through is what the law asks for: the name of whoever
submitted may become NULL.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError, connections, router

from .data import InstrumentStatus
from .models import InstrumentVersion, Snapshot

log = logging.getLogger(__name__)

PREFIX = "nassij_gov_kept_"
MESSAGE = "nassij: what was submitted or published is kept as it is"
HINT = (
    "Run `manage.py nassij_guard_snapshots` as a database account that may create triggers; on MySQL with binary logging also "
    "set log_bin_trust_function_creators=1 (Tutor: a mysql command option)."
)
LABEL = Snapshot._meta.app_label


@dataclass(frozen=True, slots=True)
class Trigger:
    """Refuse `event` on rows of `table` for which `condition` holds."""

    table: str
    event: str
    condition: str

    @property
    def name(self) -> str:
        """Names the definition: a trigger that should say something else now has another name."""
        digest = hashlib.sha256(f"{self.table}:{self.event}:{self.condition}".encode()).hexdigest()
        return f"{PREFIX}{digest[:16]}"


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How a database says it. `same`: a column does not change; `installed` lists the triggers.

    `replaces`: REPLACE deletes the row in its way without asking the DELETE trigger, so what would replace one is refused too.
    """

    same: str
    create: str
    installed: str
    replaces: bool


_DIALECTS = {
    "sqlite": _Dialect(
        same='NEW."{0}" IS OLD."{0}"',
        create=(
            'CREATE TRIGGER {name} BEFORE {event} ON "{table}" WHEN {condition} '
            "BEGIN SELECT RAISE(ABORT, '{message}'); END"
        ),
        installed="SELECT name FROM sqlite_master WHERE type = 'trigger'",
        replaces=True,
    ),
    # MySQL and MariaDB. Compared as bytes: their `=` takes letters for equal that are not.
    "mysql": _Dialect(
        same="HEX(CONCAT(NEW.`{0}`)) <=> HEX(CONCAT(OLD.`{0}`))",
        create=(
            "CREATE TRIGGER {name} BEFORE {event} ON `{table}` FOR EACH ROW BEGIN IF {condition} THEN "
            "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{message}'; END IF; END"
        ),
        installed="SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()",
        replaces=False,
    ),
}


def missing(connection: Any) -> dict[str, str]:
    """The triggers that should be there and are not: name to statement. Empty where the tables are not there yet."""
    here = _installed(connection)
    return {name: statement for name, statement in _wanted(connection).items() if name not in here}


def install(connection: Any) -> int:
    """Make the triggers be exactly those that should be; returns how many were created. Raises `DatabaseError`."""
    wanted, here = _wanted(connection), _installed(connection)
    _drop(connection, here - wanted.keys())
    new = {name: statement for name, statement in wanted.items() if name not in here}
    with connection.cursor() as cursor:
        for statement in new.values():
            cursor.execute(statement)
    return len(new)


def remove(connection: Any) -> None:
    """Take the guards away, for a migration of these tables or to empty a test database; `install` brings them back."""
    _drop(connection, _installed(connection))


def _drop(connection: Any, names: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def _installed(connection: Any) -> set[str]:
    if connection.vendor not in _DIALECTS:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_DIALECTS[connection.vendor].installed)
        return {row[0] for row in cursor.fetchall() if row[0].startswith(PREFIX)}


def _wanted(connection: Any) -> dict[str, str]:
    if connection.vendor not in _DIALECTS:
        return {}
    dialect = _DIALECTS[connection.vendor]
    return {
        found.name: dialect.create.format(
            name=found.name, event=found.event, table=found.table, condition=found.condition, message=MESSAGE
        )
        for found in _triggers(connection, dialect)
    }


def _triggers(connection: Any, dialect: _Dialect) -> Iterator[Trigger]:
    """Made from the columns that are there now, so that one added later is guarded as well."""
    with connection.cursor() as cursor:
        here = connection.introspection.table_names(cursor)
        columns = {
            model: [
                column.name for column in connection.introspection.get_table_description(cursor, model._meta.db_table)
            ]
            for model in (Snapshot, InstrumentVersion)
            if model._meta.db_table in here
        }
    if Snapshot in columns:
        yield from _of_snapshots(columns[Snapshot], dialect)
    if InstrumentVersion in columns:
        yield from _of_instruments(columns[InstrumentVersion], dialect)


def _of_snapshots(columns: Iterable[str], dialect: _Dialect) -> Iterator[Trigger]:
    table, name = Snapshot._meta.db_table, Snapshot._meta.get_field("submitted_by").column
    kept = [dialect.same.format(column) for column in columns if column != name]
    let_go = f"(NEW.{name} IS NULL OR {dialect.same.format(name)})"
    yield Trigger(table, "UPDATE", f"NOT ({' AND '.join([*kept, let_go])})")
    yield Trigger(table, "DELETE", "1 = 1")
    if dialect.replaces:
        same_place = "round_id = NEW.round_id AND layer = NEW.layer AND number = NEW.number"
        yield Trigger(table, "INSERT", _in_the_way(table, f"id = NEW.id OR uuid = NEW.uuid OR ({same_place})"))


def _of_instruments(columns: Iterable[str], dialect: _Dialect) -> Iterator[Trigger]:
    table, free = InstrumentVersion._meta.db_table, InstrumentVersion.AFTER_PUBLICATION
    kept = " AND ".join(dialect.same.format(column) for column in columns if column not in free)
    all_kept = " AND ".join(dialect.same.format(column) for column in columns)
    is_out = f"OLD.status <> '{InstrumentStatus.DRAFT}'"
    back = f"NEW.status = '{InstrumentStatus.DRAFT}'"
    retired = f"(OLD.status = '{InstrumentStatus.RETIRED}' AND NOT ({all_kept}))"
    changed = f"({is_out} AND (NOT ({kept}) OR {back} OR {retired}))"
    same_version = (
        f"status <> '{InstrumentStatus.DRAFT}' AND (id = NEW.id OR (slug = NEW.slug AND version = NEW.version))"
    )
    over_another = f" OR {_in_the_way(table, f'id <> OLD.id AND {same_version}')}" if dialect.replaces else ""
    yield Trigger(table, "UPDATE", changed + over_another)
    yield Trigger(table, "DELETE", is_out)
    if dialect.replaces:
        yield Trigger(table, "INSERT", _in_the_way(table, same_version))


def _in_the_way(table: str, condition: str) -> str:
    return f'EXISTS (SELECT 1 FROM "{table}" WHERE {condition})'  # noqa: S608 (names of our own tables)


# --- When ------------------------------------------------------------------------------------------------


def before_migrating(sender: Any, using: str, plan: Any = (), **kwargs: Any) -> None:
    """Receiver of `pre_migrate`: a migration of this app may change its tables."""
    if any(migration.app_label == LABEL for migration, _backwards in plan):
        remove(connections[using])


def after_migrating(sender: Any, using: str, **kwargs: Any) -> None:
    """Receiver of `post_migrate`: the guards are there, or the log says why not. A migration never fails for them."""
    if not router.allow_migrate_model(using, Snapshot):
        return
    try:
        install(connections[using])
    except DatabaseError as error:
        log.warning("The database does not guard what was submitted (%s). %s", error, HINT)


@register(Tags.database)
def check_guards(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """`manage.py check --database default`: a warning where the database would let a snapshot be changed."""
    return [
        Warning(
            "The database does not guard submitted results and published instruments.",
            hint=HINT,
            id=f"{LABEL}.W001",
        )
        for alias in databases or ()
        if router.allow_migrate_model(alias, Snapshot) and missing(connections[alias])
    ]
