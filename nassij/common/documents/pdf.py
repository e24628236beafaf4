"""Printable documents: typst templates, PDF/UA-1 (readable by screen readers), the fonts in this package and no others.

A template is a file of an app's `typst/` folder, named by its path there (`nassij/table.typ`); it imports the house style from
`/nassij/base.typ`, and may import others of its folder. Its data arrive as JSON and are shown, never evaluated.
"""

import ctypes
import json
import re
import threading
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst
from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext, override

from nassij.common.canonical import canonical_json, digest
from nassij.common.documents.packed import pack
from nassij.common.text import clean_text, direction

CONTENT_TYPE = "application/pdf"
FONTS = Path(__file__).parent / "fonts"
STANDARD = "ua-1"
REPLACEMENT = "\ufffd"
INPUT = "input.typ"  # what the house style imports: the data, with what every document needs beside them
REMEMBERED = 10  # compilations typst keeps in memory
_THREAD = threading.local()
_ODD_ESCAPE = re.compile(r'\\[^"n]')


def render(template_name: str, data: Mapping[str, Any], language: str) -> bytes:
    """The document as bytes; the same input gives the same bytes.

    `data` is JSON with at least `title`. Characters our fonts cannot draw are replaced by their plain form or by a mark. Raises
    `LookupError` for an unknown template and `typst.TypstError` for a template that is wrong.
    """
    sources = _sources(template_name)
    with override(language):
        # Translators: foot of a printed page; keep the braces.
        words = {"page": gettext("Page {number} of {total}"), "contact": gettext("Contact centre")}
    beside = json.dumps({"words": words, "language": language, "direction": direction(language)}, ensure_ascii=False)
    document = {
        **sources,
        "main.typ": f'#include "/{template_name}"'.encode(),
        INPUT: _as_source(f'{beside[:-1]}, "data": {_drawable_json(data)}}}'),
    }
    try:
        return pack(_compiler().compile(document, format="pdf", pdf_standards=[STANDARD]))
    finally:
        _forget()


def _as_source(text: str) -> bytes:
    """JSON as a source that holds it in a string: shown, never evaluated.

    Not as an input of the system (`sys.inputs`): for each other one, typst makes its whole library anew.
    """
    literal = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'#let input = json(bytes("{literal}"))'.encode()


def _compiler() -> Any:
    """The compiler of this thread, since no two may use one; made once: it takes as long as half a page.

    Its sources come from memory; a path in one leads nowhere but to the fonts.
    """
    if not hasattr(_THREAD, "compiler"):
        _THREAD.compiler = typst.Compiler(root=str(FONTS), font_paths=_fonts(), ignore_system_fonts=True)
    return _THREAD.compiler


def _forget() -> None:
    """Let typst forget the document: it keeps what it computed until ten others were made, 8 MB for a report of seven pages.

    No two documents of ours have much in common, so a worker would hold 90 MB for nothing. The ten are empty: they take a
    thousandth of a second together.
    """
    nothing: Any = {"main.typ": b"", INPUT: b""}
    for _ in range(REMEMBERED):
        _compiler().compile(nothing, format="html")
    if trim := _trim():
        trim(0)


@lru_cache(maxsize=1)
def _trim() -> Any:
    """Gives freed memory back to the system, where the C library can (glibc); else None.

    A document is many small pieces: left alone, in some runs a worker held 200 MB after 300 reports instead of 140.
    """
    return getattr(ctypes.CDLL(None), "malloc_trim", None)


def edition(template_name: str) -> str:
    """A short name for how a template prints at present: another one once it, the house style or the engine changes."""
    printed = {name: source.decode("utf-8") for name, source in _sources(template_name).items()}
    return digest(version("typst"), printed)[:16]


def can_draw(character: str) -> bool:
    """Whether one of our fonts has a glyph for it."""
    starts, ends = _coverage()
    place = bisect_right(starts, ord(character)) - 1
    return place >= 0 and ord(character) <= ends[place]


@lru_cache(maxsize=1)
def _fonts() -> Any:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@lru_cache(maxsize=1)
def _coverage() -> tuple[list[int], list[int]]:
    ranges = json.loads((FONTS / "coverage.json").read_text("utf-8"))
    return [first for first, _ in ranges], [last for _, last in ranges]


@lru_cache(maxsize=1)
def _all_drawn() -> re.Pattern[str]:
    """Matches a text our fonts have every character of: nearly all."""
    ranges = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in zip(*_coverage(), strict=True))
    return re.compile(f"[{ranges}\\n\\t]*")


def _templates() -> dict[str, bytes]:
    """All templates of the installed apps by name; read once, anew each time while developing."""
    return _read_templates() if settings.DEBUG else _kept_templates()


@lru_cache(maxsize=1)
def _kept_templates() -> dict[str, bytes]:
    return _read_templates()


def _sources(template_name: str) -> dict[str, bytes]:
    """A template with those it may import: its own folder's and the house style. Raises `LookupError` for an unknown one."""
    files, folder = _templates(), template_name.rpartition("/")[0]
    if template_name not in files:
        raise LookupError(f"no typst template {template_name}")
    return {name: source for name, source in files.items() if name.rpartition("/")[0] in (folder, "nassij")}


def _read_templates() -> dict[str, bytes]:
    folders = [Path(app.path) / "typst" for app in apps.get_app_configs()]
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for folder in folders
        if folder.is_dir()
        for path in sorted(folder.rglob("*.typ"))
    }


def _drawable_json(data: Any) -> str:
    """`data` as JSON of what the fonts draw. Nearly always that is all of it, which one look at the whole text tells."""
    text = canonical_json(data)
    if _ODD_ESCAPE.search(text) is None and clean_text(text) == text and _all_drawn().fullmatch(text):
        return text
    return json.dumps(_drawable(json.loads(text)), ensure_ascii=False)


def _drawable(value: Any) -> Any:
    """JSON with every text reduced to what the fonts draw."""
    if isinstance(value, str):
        text = clean_text(value)
        return text if _all_drawn().fullmatch(text) else "".join(map(_drawn, text))
    if isinstance(value, list):
        return [_drawable(item) for item in value]
    if isinstance(value, dict):
        return {key: _drawable(item) for key, item in value.items()}
    return value


def _drawn(character: str) -> str:
    if character in "\n\t" or can_draw(character):
        return character
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and all(can_draw(part) for part in plain):
        return plain
    invisible = unicodedata.category(character) in ("Cf", "Mn", "Me", "Cc")
    return "" if invisible else " " if character.isspace() else REPLACEMENT
