"""Every text of an instrument document, and how complete it is in each language.

Works on plain data, so that a draft with gaps, which is no instrument yet, can be measured, checked and shown as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from .problems import pointer

#: Stands in a text that is missing, while everything else of a draft is checked or shown.
GAP = "…"


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of an instrument is there in one language: places of the texts that are ``missing``, out of ``total``."""

    language: str
    total: int
    missing: tuple[str, ...]

    @property
    def percent(self) -> int:
        """In whole per cent, 100 only when nothing is missing."""
        return 100 * (self.total - len(self.missing)) // self.total if self.total else 100


def texts_of(data: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every text of the document with its place, in document order; what is no mapping is passed over."""
    yield from _at(data, "", "title", "description")
    yield from _scale(data, "")
    yield from _of_each(data, "", "profile_questions", "text")
    for path, laws in _child(data, "", "laws"):
        yield from _all_below(laws, path)
    for path, scoring in _child(data, "", "scoring"):
        yield from _of_each(scoring, path, "bands", "name")
    yield from _sections(data, "")


def completeness(data: Any) -> tuple[Completeness, ...]:
    """One entry for each language of the document, in its order."""
    texts = list(texts_of(data))
    return tuple(
        Completeness(language, len(texts), tuple(path for path, text in texts if not _is_there(text.get(language))))
        for language in _languages(data)
    )


def gaps(data: Any) -> tuple[tuple[str, str], ...]:
    """Each text that is missing, as its place and the language."""
    return tuple((path, part.language) for part in completeness(data) for path in part.missing)


def with_gaps_filled(data: Any) -> Any:
    """A copy in which every missing text is there as :data:`GAP`: all that is still wrong with it is no gap."""
    filled = deepcopy(data)
    for _path, text in texts_of(filled):
        for language in _languages(filled):
            if not _is_there(text.get(language)):
                text[language] = GAP
    return filled


def without_fillings(data: Any) -> Any:
    """The reverse of :func:`with_gaps_filled`."""
    emptied = deepcopy(data)
    for _path, text in texts_of(emptied):
        for language in [language for language, words in text.items() if words == GAP]:
            del text[language]
    return emptied


def _is_there(words: object) -> bool:
    """Whether something stands there; what is no text at all is the parser's to refuse."""
    return words is not None and (not isinstance(words, str) or bool(words.strip()))


def _languages(data: Any) -> list[str]:
    found = data.get("languages") if isinstance(data, dict) else None
    return [language for language in found if isinstance(language, str)] if isinstance(found, list) else []


def _at(data: Any, path: str, *keys: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(data, dict):
        for key in keys:
            if isinstance(data.get(key), dict):
                yield pointer(path, key), data[key]


def _child(data: Any, path: str, key: str) -> Iterator[tuple[str, Any]]:
    if isinstance(data, dict) and key in data:
        yield pointer(path, key), data[key]


def _items(data: Any, path: str, key: str) -> Iterator[tuple[str, Any]]:
    for here, items in _child(data, path, key):
        for index, item in enumerate(items if isinstance(items, list) else ()):
            yield pointer(here, index), item


def _of_each(data: Any, path: str, key: str, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for here, item in _items(data, path, key):
        yield from _at(item, here, text)


def _all_below(data: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(data, Mapping):
        yield from _at(data, path, *data)


def _scale(data: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for here, scale in _child(data, path, "scale"):
        yield from _of_each(scale, here, "levels", "name")


def _sections(data: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for here, section in _items(data, path, "sections"):
        yield from _at(section, here, "title")
        yield from _sections(section, here)
        for place, indicator in _items(section, here, "indicators"):
            yield from _indicator(indicator, place)


def _indicator(data: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from _at(data, path, "title", "why")
    for here, levels in _child(data, path, "levels"):
        yield from _all_below(levels, here)
    for here, text in _items(data, path, "evidence"):
        if isinstance(text, dict):
            yield here, text
    yield from _scale(data, path)
