"""What a trainer may have forgotten: texts still to be written, or still in the language they were translated from.

Hints, never reasons to refuse: an Arabic lesson may quote a French word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .forms import Field, texts

_ARABIC = re.compile("[\u0621-\u064a\u0671-\u06d3]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_NOT_WORDS = re.compile(r"https?://\S+|[\w.+-]+@[\w.-]+|`[^`]*`|\]\([^)]*\)|\{[^}]*\}")
FEW_LETTERS = 12
"""Fewer letters may be a name or an abbreviation, whatever their script."""

EMPTY, OTHER_SCRIPT = "empty", "script"


def marks(fields: tuple[Field, ...], data: Mapping[str, Any], language: str) -> Iterator[tuple[str, str]]:
    """(path, mark) of what is missing in the form `fields` filled in with `data`, for a lesson in `language`."""
    for field in fields:
        if field.kind == "file" and not field.optional and not data[field.name]["src"]:
            yield field.name, EMPTY
    for path, text, field in texts(fields, data):
        if not text.strip():
            if not field.optional:
                yield path, EMPTY
        elif in_other_script(text, language):
            yield path, OTHER_SCRIPT


def in_other_script(text: str, language: str) -> bool:
    """Whether by far most letters of `text` are of the script that `language` is not written in; a term in brackets is not."""
    words = _NOT_WORDS.sub(" ", text)
    arabic, latin = len(_ARABIC.findall(words)), len(_LATIN.findall(words))
    other, own = (latin, arabic) if language == "ar" else (arabic, latin)
    return other > 2 * own and other >= FEW_LETTERS
