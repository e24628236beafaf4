"""A model field for a short list of codes from a fixed list."""

from collections.abc import Iterable
from typing import Any

from django.db import models

SEPARATOR = "|"


def stored(codes: Iterable[str]) -> str:
    """The codes as kept in the column: `|water|youth|`, empty for none. Each code stands between separators."""
    unique = list(dict.fromkeys(codes))
    return f"{SEPARATOR}{SEPARATOR.join(unique)}{SEPARATOR}" if unique else ""


def one(code: str) -> str:
    """What to look for with `contains` to find the rows that have `code`."""
    return f"{SEPARATOR}{code}{SEPARATOR}"


class CodesField(models.CharField):  # type: ignore[type-arg] # Django has no generics at run time
    """A tuple of codes in one text column.

    A column and not a table, because the list is short, read with its row every time and never joined; text and not JSON, because
    only text can be searched the same way on MySQL and SQLite (`fields__contains=one("water")`).
    """

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> tuple[str, ...]:
        """From the column to a tuple."""
        return self.to_python(value)

    def to_python(self, value: Any) -> tuple[str, ...]:
        """From the column's text, or any list of codes, to a tuple."""
        if value is None:
            return ()
        if isinstance(value, str):
            return tuple(code for code in value.split(SEPARATOR) if code)
        return tuple(value)

    def get_prep_value(self, value: Any) -> str:
        """From a tuple to the column; a text (of a look-up) is taken as it is."""
        if value is None:
            return ""
        return value if isinstance(value, str) else stored(value)

    def value_to_string(self, obj: models.Model) -> str:
        """For serialisation (`dumpdata`)."""
        return self.get_prep_value(self.value_from_object(obj))

    def run_validators(self, value: Any) -> None:
        """The length that counts is that of the column's text."""
        super().run_validators(self.get_prep_value(value))
