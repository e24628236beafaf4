"""Reading one mapping of a document key by key, noting what is wrong instead of stopping at it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from .characters import UNSAFE, one_line
from .instrument import LocalizedText
from .numbers import MAX_NUMBER, parse_integer, parse_number
from .problems import ParamValue, Problem, ProblemCode, pointer

Choice = TypeVar("Choice", bound=StrEnum)

MAX_TEXT = 4_000
MAX_COUNT = 1_000_000
#: A refused value is quoted in a problem up to this length.
MAX_QUOTE = 40

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
VERSION = re.compile(r"[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}(?:-[0-9A-Za-z.-]{1,32})?")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")


class Reader:
    """One mapping at ``path``. Each method reads one key and, where the value will not do, notes a problem.

    It then gives a harmless stand-in, so that one pass finds everything wrong; the caller looks at ``problems``
    before using what it built.
    """

    def __init__(self, data: dict[str, Any], path: str, problems: list[Problem], languages: tuple[str, ...] = ()):
        self.data = data
        self.path = path
        self.problems = problems
        self.languages = languages

    def note(self, code: ProblemCode, key: str | int | None = None, **params: ParamValue) -> None:
        """Record a problem here, or at ``key`` below here."""
        self.problems.append(Problem(code, self.path if key is None else pointer(self.path, key), params))

    def expect(self, *, required: Collection[str], optional: Collection[str] = ()) -> None:
        """Check the keys: a typo in an optional one must not pass in silence."""
        for key in required:
            if key not in self.data:
                self.note(ProblemCode.MISSING_KEY, key=key, name=key)
        for key in self.data:
            if key not in required and key not in optional:
                self.note(ProblemCode.UNKNOWN_KEY, key, name=key)

    # --- Scalars ---

    def matching(self, key: str, pattern: re.Pattern[str]) -> str:
        """A text of a fixed form (a code, a version)."""
        value = self.data.get(key)
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        if isinstance(value, str):
            self.note(ProblemCode.BAD_FORMAT, key, value=one_line(value, MAX_QUOTE))
        else:
            self._wrong_type(key, "text")
        return ""

    def integer(self, key: str, default: int, *, minimum: int = -MAX_COUNT, maximum: int = MAX_COUNT) -> int:
        """A whole number from ``minimum`` to ``maximum``."""
        if key not in self.data:
            return default
        value = parse_integer(self.data[key])
        if value is None:
            self._wrong_type(key, "integer")
        elif not minimum <= value <= maximum:
            self.note(ProblemCode.OUT_OF_RANGE, key, minimum=minimum, maximum=maximum)
        else:
            return value
        return default

    def number(self, key: str, default: Fraction, *, maximum: int = MAX_NUMBER) -> Fraction:
        """An exact number from 0 to ``maximum``."""
        if key not in self.data:
            return default
        value = parse_number(self.data[key])
        if value is not None and value <= maximum:
            return value
        if value is None and isinstance(self.data[key], bool | list | dict | None):
            self._wrong_type(key, "number")
        else:
            self.note(ProblemCode.OUT_OF_RANGE, key, minimum=0, maximum=maximum)
        return default

    def weight(self) -> Fraction:
        """The weight of a section or an indicator: more than zero."""
        value = self.data.get("weight")
        if isinstance(value, int | float) and not isinstance(value, bool) and value <= 0:
            self.note(ProblemCode.WEIGHT_NOT_POSITIVE, "weight")
            return Fraction(1)
        weight = self.number("weight", Fraction(1), maximum=MAX_COUNT)
        if weight == 0:  # "0/5"
            self.note(ProblemCode.WEIGHT_NOT_POSITIVE, "weight")
        return weight or Fraction(1)

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.data.get(key, default)
        if isinstance(value, bool):
            return value
        self._wrong_type(key, "boolean")
        return default

    def choice(self, key: str, kind: type[Choice], default: Choice) -> Choice:
        """One of the words of an enumeration."""
        value = self.data.get(key, default)
        try:
            return kind(value)
        except ValueError:
            self.note(ProblemCode.NOT_ONE_OF, key, allowed=", ".join(kind))
            return default

    # --- Texts ---

    def text(self, key: str, *, maximum: int = MAX_TEXT) -> LocalizedText:
        """A text in every language of the instrument, each of at most ``maximum`` characters."""
        below = self.child(key)
        return below.localized(maximum=maximum) if below else LocalizedText(())

    def optional_text(self, key: str) -> LocalizedText | None:
        """The same, or None when the key is absent."""
        return self.text(key) if key in self.data else None

    def localized(self, *, maximum: int = MAX_TEXT) -> LocalizedText:
        """This very mapping read as language -> text."""
        for language in self.languages:
            if language not in self.data:
                self.note(ProblemCode.MISSING_LANGUAGE, language, language=language)
        for language in self.data:
            if self.languages and language not in self.languages:
                self.note(ProblemCode.UNKNOWN_LANGUAGE, language, language=language)
        texts = ((language, self.plain_text(language, maximum=maximum)) for language in sorted(self.data))
        return LocalizedText(tuple(texts))

    def plain_text(self, key: str, *, maximum: int = MAX_TEXT) -> str:
        """A non-empty text without characters that hide or break things."""
        value = self.data[key]
        if not isinstance(value, str):
            self._wrong_type(key, "text")
            return ""
        if not value.strip():
            self.note(ProblemCode.EMPTY, key)
        elif len(value) > maximum:
            self.note(ProblemCode.TOO_LONG, key, maximum=maximum)
        elif UNSAFE.search(value):
            self.note(ProblemCode.BAD_CHARACTERS, key)
        return value

    # --- Below ---

    def child(self, key: str) -> Reader | None:
        """The mapping under a key, or None (noted, unless the key is absent: ``expect`` has said so)."""
        return self._below(self.data[key], key, self.path) if key in self.data else None

    def children(self, key: str, *, or_empty: bool = True) -> Iterator[Reader]:
        """The mappings of a list; one that must not be empty when ``or_empty`` is false."""
        items = self._list(key)
        if key in self.data and items == [] and not or_empty:
            self.note(ProblemCode.EMPTY, key)
        for index, item in enumerate(items or ()):
            # A stand-in for what is no mapping: its neighbours must keep their numbers.
            yield self._below(item, index, pointer(self.path, key)) or Reader({}, "", [])

    def entries(self) -> Iterator[tuple[str, Reader]]:
        """The mappings inside this mapping, with their keys."""
        for key in self.data:
            below = self.child(key)
            if below:
                yield key, below

    def words(self, key: str, pattern: re.Pattern[str], *, or_empty: bool = True) -> tuple[str, ...]:
        """A list of different codes."""
        items = self._list(key) or []
        if key in self.data and self.data[key] == [] and not or_empty:
            self.note(ProblemCode.EMPTY, key)
        list_reader = Reader({str(i): item for i, item in enumerate(items)}, pointer(self.path, key), self.problems)
        words = [list_reader.matching(index, pattern) for index in list_reader.data]
        for index, word in enumerate(words):
            if word and word in words[:index]:
                list_reader.note(ProblemCode.DUPLICATE_ENTRY, index, value=word)
        return tuple(words)

    def _list(self, key: str) -> list[Any] | None:
        value = self.data.get(key, [])
        if isinstance(value, list):
            return value
        self._wrong_type(key, "list")
        return None

    def _below(self, value: object, key: str | int, path: str) -> Reader | None:
        if isinstance(value, dict):
            return Reader(value, pointer(path, key), self.problems, self.languages)
        self.problems.append(Problem(ProblemCode.WRONG_TYPE, pointer(path, key), {"expected": "mapping"}))
        return None

    def _wrong_type(self, key: str, expected: str) -> None:
        if key in self.data:
            self.note(ProblemCode.WRONG_TYPE, key, expected=expected)
