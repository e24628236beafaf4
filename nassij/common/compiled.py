"""A statement that the ORM puts together once and that runs many times, with other values each time.

For the few questions that every page and every save asks. Building one with joins and subqueries takes Django several times as
long as the database takes to answer it. The ORM stays the only author of the SQL: what it wrote is kept, for each connection on
its own (a connection has one alias and one kind of server, and is used by one thread), and read with the ORM's own converters.

    LATEST = CompiledQuery(Round, lambda: Round.objects.filter(uuid=Given("round", Round._meta.get_field("uuid"))).values("id"))
    LATEST.first(round=round_uuid)

What `build` makes must depend on nothing but the `Given` values: neither on the language nor on settings, nor on the time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, models, router, transaction
from django.db.models.sql import UpdateQuery

_KEPT = "nassij_compiled"


class Given(models.Expression):
    """Stands in a statement for a value of `field` that is known only when it runs. The value must not be None."""

    def __init__(self, name: str, field: Any) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The place of one parameter, held by this expression until there is a value."""
        return "%s", (self,)


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL for one connection: what stands in its places, and how a row that comes back is read."""

    sql: str
    # What the ORM itself has put in, with None where a given value goes; where each of those goes, and its fields.
    constants: tuple[Any, ...]
    places: tuple[tuple[int, str], ...]
    fields: Mapping[str, Any]
    columns: tuple[str, ...] = ()
    converters: tuple[tuple[str, Any, tuple[Any, ...]], ...] = ()

    @classmethod
    def of(cls, sql: str, params: Sequence[Any], *read: Any) -> _Statement:
        """What the compiler wrote; `read` is how its rows are read."""
        given = {number: place for number, place in enumerate(params) if isinstance(place, Given)}
        fields = {place.name: place.field for place in given.values()}
        if any(fields[place.name] is not place.field for place in given.values()):
            raise ValueError(f"one of {sorted(fields)} is given for two fields: give it two names")
        constants = tuple(None if number in given else value for number, value in enumerate(params))
        return cls(sql, constants, tuple((number, place.name) for number, place in given.items()), fields, *read)

    def values(self, given: Mapping[str, Any], connection: Any) -> list[Any]:
        """The parameters, as the fields hand them to this server; a value that stands in several places is prepared once."""
        ready = {name: field.get_db_prep_value(_there(given, name), connection) for name, field in self.fields.items()}
        values = list(self.constants)
        for number, name in self.places:
            values[number] = ready[name]
        return values

    def read(self, row: tuple[Any, ...], connection: Any) -> dict[str, Any]:
        """A row as `values()` gives it."""
        found = dict(zip(self.columns, row, strict=True))
        for name, expression, converters in self.converters:
            value = found[name]
            for convert in converters:
                value = convert(value, expression, connection)
            found[name] = value
        return found


class _Compiled(ABC):
    """`build` is called, and its statement written, once for each connection that is asked."""

    def __init__(self, model: type[models.Model], build: Callable[[], models.QuerySet[Any, Any]]) -> None:
        self.model = model
        self.build = build

    def statement(self, connection: Any) -> _Statement:
        """The statement for this connection; kept on it, so that it goes when the connection goes."""
        kept: dict[_Compiled, _Statement] = vars(connection).setdefault(_KEPT, {})
        found = kept.get(self)
        if found is None:
            found = kept[self] = self.write(connection)
        return found

    @abstractmethod
    def write(self, connection: Any) -> _Statement:
        """Have the ORM write it."""


class CompiledQuery(_Compiled):
    """The query on `model` that `build` makes of `Given` values: a queryset that ends in `values(…)`."""

    def first(self, **given: Any) -> dict[str, Any] | None:
        """The first row with these values as `values()` gives it, or None; one statement."""
        connection = connections[router.db_for_read(self.model)]
        statement = self.statement(connection)
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.values(given, connection))
            row = cursor.fetchone()
        return row and statement.read(row, connection)

    def write(self, connection: Any) -> _Statement:
        query = self.build()[:1].query
        compiler = query.get_compiler(connection=connection)
        sql, places = compiler.as_sql()
        # As `values()` names them: Django 5.2 keeps the order asked for, 4.2 puts annotations last.
        names = tuple(getattr(query, "selected", None) or (*query.values_select, *query.annotation_select))
        found = compiler.get_converters([expression for expression, _, _ in compiler.select])
        converters = ((names[number], of, tuple(converts)) for number, (converts, of) in found.items())
        return _Statement.of(sql, places, names, tuple(converters))


class CompiledUpdate(_Compiled):
    """The update of the rows that `build` finds to `changes`; both may hold `Given` values."""

    def __init__(
        self, model: type[models.Model], build: Callable[[], models.QuerySet[Any, Any]], **changes: Any
    ) -> None:
        super().__init__(model, build)
        self.changes = changes

    def run(self, **given: Any) -> int:
        """Change the rows; returns how many were found. A fault spoils the transaction around it, as one of the ORM does."""
        connection = connections[router.db_for_write(self.model)]
        statement = self.statement(connection)
        with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.values(given, connection))
            return int(cursor.rowcount)

    def write(self, connection: Any) -> _Statement:
        query: Any = self.build().query.chain(UpdateQuery)
        query.add_update_values(self.changes)
        sql, places = query.get_compiler(connection=connection).as_sql()
        return _Statement.of(sql, places)


def _there(given: Mapping[str, Any], name: str) -> Any:
    value = given[name]
    if value is None:
        raise ValueError(f"{name} is None: SQL would have to be written differently for it")
    return value
