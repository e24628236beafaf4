"""What every file of a guide has: texts in each language, codes of fields."""

from __future__ import annotations

import re

from funding_guide.guides.source import LANGUAGES, Words
from xblocks.lesson.inspection import Inspector
from xblocks.lesson.located import Fields
from xblocks.lesson.markdown import can_be_shown
from xblocks.lesson.model import LANGUAGES as ALL_LANGUAGES

from .passages import SourceText
from .problems import Place, Problems

NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
"""What a column, a figure or a blank may be called: formulas and documents name it."""


def words(entries: Fields, key: str, *, required: bool = True, also: tuple[str, ...] = (), most: int = 2_000) -> Words:
    """The text under `key` in every language of a guide; a missing one is a problem. `also`: languages it may be in besides."""
    found: dict[str, str] = {}
    written = entries.fields(key, required=required)
    if written is None:
        return found
    for language in (*LANGUAGES, *also):
        if written.has(language):
            found[language] = written.line(language)
            if not can_be_shown(found[language]):
                entries.problems.add("text_too_heavy", written.place(language))
            if len(found[language]) > most:
                params = {"characters": len(found[language]), "most": most}
                entries.problems.add("guide_long_text", written.place(language), **params)
        elif language in LANGUAGES:
            entries.problems.add("missing_language", written.mapping.place, name=key, language=language)
    written.finish(also_known=ALL_LANGUAGES)
    return found


def name(entries: Fields, key: str = "code") -> str:
    """The name under `key`: small letters, digits and single underscores."""
    value = entries.text(key)
    if value and not NAME.fullmatch(value):
        entries.problems.add("guide_name", entries.place(key), value=value)
    return value


def inspect_markdown(source: SourceText, problems: Problems) -> None:
    """Note what no document of ours may hold: HTML, pictures, links that lead nowhere from a printed page."""
    inspector = Inspector(problems)
    inspector.weight(source.body, Place(source.file, source.first_line))
    inspector.body(source.tokens, source.body.split("\n"), source.first_line)
    for picture, place in inspector.pictures:
        problems.add("guide_picture", place, src=picture.src)
    for passage in source.passages:
        for child in passage.children:
            href = str(child.attrGet("href") or "") if child.type == "link_open" else ""
            if href and not href.startswith(("https://", "http://", "mailto:", "tel:")):
                problems.add("link_scheme", source.place(passage, href), href=href)
    for token in source.tokens:
        if token.type in ("fence", "code_block") and token.map:
            problems.add("guide_code_block", Place(source.file, source.first_line + token.map[0]))
