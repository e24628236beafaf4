"""YAML that remembers where everything stands, so that a trainer is told the line and column of what is wrong.

Reads plain data only: no anchors, aliases or tags (alias bombs end at the first anchor), no key twice, limited depth.
"""

from __future__ import annotations

import datetime
import difflib
import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml

from nassij.common.text import clean_text, one_line

from .model import is_code
from .problems import Place, Problem, Problems

MAX_DEPTH = 12
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[0-9]{1,9}")
_FLAGS = {"true": True, "false": False}
_EMPTY = {"", "~", "null"}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as it is written; `plain` when it is not quoted."""

    value: str
    place: Place
    plain: bool

    @property
    def empty(self) -> bool:
        return (self.plain and self.value.lower() in _EMPTY) or not self.value.strip()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of values."""

    items: tuple[Value, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """Key: value lines, in order, with the place of each key."""

    entries: dict[str, Value]
    keys: dict[str, Place]
    place: Place


Value = Scalar | Listing | Mapping
Kind = TypeVar("Kind", Scalar, Listing, Mapping)


class _Refused(Exception):
    """Reading ends here; the problem is already noted."""


class _Reader:
    """Builds values from the events of the YAML parser."""

    def __init__(self, text: str, problems: Problems, first_line: int) -> None:
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
        self.problems = problems
        self.first_line = first_line

    def place(self, mark: Any) -> Place:
        """`mark` is where the parser stands, counted from 0."""
        return Place(self.problems.file, mark.line + self.first_line, mark.column + 1)

    def refuse(self, code: str, place: Place, **params: object) -> _Refused:
        self.problems.add(code, place, **params)
        return _Refused()

    def document(self) -> Value | None:
        value: Value | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if value is not None:
                    raise self.refuse("yaml", self.place(event.start_mark), detail="a second document starts here")
                value = self.value(next(self.events), 0)
        return value

    def value(self, event: yaml.Event, depth: int) -> Value:
        place = self.place(event.start_mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self.refuse("yaml_alias", place)
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            raise self.refuse("yaml_tag", place, tag=tag)
        if depth > MAX_DEPTH:
            raise self.refuse("yaml_depth", place)
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(clean_text(event.value), place, plain=not event.style)
        if isinstance(event, yaml.SequenceStartEvent):
            return Listing(tuple(self.items(depth)), place)
        return self.mapping(place, depth)

    def items(self, depth: int) -> Iterator[Value]:
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self.value(event, depth + 1)

    def mapping(self, place: Place, depth: int) -> Mapping:
        entries: dict[str, Value] = {}
        keys: dict[str, Place] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self.value(event, depth + 1)
            if not isinstance(key, Scalar):
                raise self.refuse("yaml", key.place, detail="a key must be a word")
            value = self.value(next(self.events), depth + 1)
            if key.value in entries:
                self.problems.add("yaml_duplicate_key", key.place, key=key.value)
            entries.setdefault(key.value, value)
            keys.setdefault(key.value, key.place)
        return Mapping(entries, keys, place)


def read_yaml(text: str, problems: Problems, first_line: int = 1) -> Mapping | None:
    """The mapping that `text` is; None when it is not one, with the reason added to `problems`.

    `first_line` is the line of the file on which `text` starts.
    """
    value, found = _read(text, problems.file, first_line)
    for problem in found:
        problems.add(problem.code, problem.place, **problem.params)
    return value


@functools.lru_cache(maxsize=64)
def _read(text: str, file: str, first_line: int) -> tuple[Mapping | None, tuple[Problem, ...]]:
    """The same with what is wrong; kept, since the same lines are read as a lesson and as texts that somebody wrote."""
    problems = Problems(file)
    value = _mapping(text, problems, first_line)
    return value, tuple(problems.found)


def _mapping(text: str, problems: Problems, first_line: int) -> Mapping | None:
    start = Place(problems.file, first_line)
    try:
        value = _Reader(text, problems, first_line).document()
    except _Refused:
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(problems.file, mark.line + first_line, mark.column + 1) if mark else start
        problems.add("yaml", place, detail=error.problem or error.context or "not YAML")
        return None
    except (yaml.YAMLError, RecursionError) as error:
        problems.add("yaml", start, detail=str(error).split("\n")[0])
        return None
    if value is None or (isinstance(value, Scalar) and value.empty):
        problems.add("yaml_empty", start)
        return None
    if not isinstance(value, Mapping):
        problems.add("not_a_mapping", value.place)
        return None
    return value


class Fields:
    """Typed access to a mapping: every getter notes what is wrong at its place and returns a harmless value instead."""

    def __init__(self, mapping: Mapping, problems: Problems) -> None:
        self.mapping = mapping
        self.problems = problems
        self.asked: list[str] = []

    def place(self, key: str) -> Place:
        """Where the value of `key` stands, else the mapping."""
        value = self.mapping.entries.get(key)
        return value.place if value else self.mapping.place

    def has(self, key: str) -> bool:
        return key in self.mapping.entries

    def scalar(self, key: str, *, required: bool = True) -> Scalar | None:
        value = self._value(key, required)
        if value is None:
            return None
        if not isinstance(value, Scalar):
            self.problems.add("not_a_text", value.place, key=key)
            return None
        if value.empty:
            self.problems.add("empty_value", self.mapping.keys[key], key=key)
            return None
        return value

    def text(self, key: str, *, required: bool = True) -> str:
        scalar = self.scalar(key, required=required)
        return scalar.value.strip() if scalar else ""

    def line(self, key: str, *, required: bool = True) -> str:
        """A text of one paragraph, its line ends turned into spaces."""
        text = self.text(key, required=required)
        if "\n" in text:  # YAML folds single line ends away
            self.problems.add("text_with_lines", self.place(key), key=key)
        return one_line(text)

    def code(self, key: str, *, required: bool = True) -> str:
        value = self.text(key, required=required)
        if value and not is_code(value):
            self.problems.add("bad_code", self.place(key), value=value)
        return value

    def number(self, key: str, *, least: int, most: int, default: int = 0, required: bool = False) -> int:
        scalar = self.scalar(key, required=required)
        if scalar is None:
            return default
        if not (scalar.plain and _NUMBER.fullmatch(scalar.value) and least <= int(scalar.value) <= most):
            self.problems.add("not_a_number", scalar.place, key=key, least=least, most=most)
            return default
        return int(scalar.value)

    def flag(self, key: str) -> bool:
        scalar = self.scalar(key, required=False)
        if scalar is None:
            return False
        if not scalar.plain or scalar.value.lower() not in _FLAGS:
            self.problems.add("not_a_flag", scalar.place, key=key)
            return False
        return _FLAGS[scalar.value.lower()]

    def date(self, key: str, *, required: bool = False) -> str:
        """An ISO date, as text."""
        scalar = self.scalar(key, required=required)
        if scalar is None:
            return ""
        try:
            return datetime.date.fromisoformat(scalar.value).isoformat()
        except ValueError:
            self.problems.add("not_a_date", scalar.place, key=key)
            return ""

    def listing(self, key: str, *, required: bool = False) -> tuple[Value, ...]:
        return getattr(self._typed(key, Listing, "not_a_list", required), "items", ())

    def texts(self, key: str, *, required: bool = False) -> tuple[Scalar, ...]:
        """The non-empty single values of a list."""
        found = []
        for item in self.listing(key, required=required):
            if not isinstance(item, Scalar):
                self.problems.add("not_a_text", item.place, key=key)
            elif item.empty:
                self.problems.add("empty_value", item.place, key=key)
            else:
                found.append(item)
        return tuple(found)

    def fields(self, key: str, *, required: bool = True) -> Fields | None:
        value = self._typed(key, Mapping, "not_a_mapping", required)
        return Fields(value, self.problems) if value else None

    def each(self, key: str, *, required: bool = False) -> Iterator[Fields]:
        """The mappings of a list."""
        for item in self.listing(key, required=required):
            if isinstance(item, Mapping):
                yield Fields(item, self.problems)
            else:
                self.problems.add("not_a_mapping", item.place)

    def finish(self, also_known: Iterable[str] = ()) -> None:
        """Note the keys that nobody asked for: usually a spelling mistake."""
        known = [*self.asked, *also_known]
        for key, place in self.mapping.keys.items():
            if key in known:
                continue
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.7)
            if near:
                self.problems.add("misspelt_key", place, key=key, near=near[0])
            else:
                self.problems.add("unknown_key", place, key=key, known=", ".join(dict.fromkeys(known)))

    def _value(self, key: str, required: bool) -> Value | None:
        self.asked.append(key)
        value = self.mapping.entries.get(key)
        if value is None and required:
            self.problems.add("missing_key", self.mapping.place, key=key)
        return value

    def _typed(self, key: str, kind: type[Kind], code: str, required: bool) -> Kind | None:
        value = self._value(key, required)
        if value is None or isinstance(value, kind):
            return value
        if isinstance(value, Scalar) and value.empty:
            self.problems.add("empty_value", self.mapping.keys[key], key=key)
        else:
            self.problems.add(code, value.place, key=key)
        return None
