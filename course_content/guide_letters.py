"""Documents to fill in: Markdown with blanks, `{{meeting_date}}` or `{{decision|what was decided}}`, a file for each language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from funding_guide.guides.source import LANGUAGES, Letter, field_words
from xblocks.lesson.located import Fields

from . import characters, wording
from .files import read_text, shown_path
from .guide_parts import inspect_markdown
from .passages import SourceText
from .problems import MESSAGES, Place, Problem, Problems

BLANK = re.compile(r"\{\{(?P<name>[^{}|\n]{0,80})(?:\|(?P<words>[^{}|\n]{0,120}))?\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_NOT_HERE = frozenset(
    {"long_unit", "wide_table", "law_without_source", "link_inside", "long_sentence", "heading_order"}
)
"""What is said of texts read on a phone, and not of a document that is printed and filled in."""


def letters(folder: Path, names: Sequence[str], found: list[Problem]) -> tuple[Letter, ...]:
    """The documents among `names`; what is wrong is added to `found`."""
    codes = sorted({name.split(".")[0] for name in names if name.endswith(".md")})
    return tuple(_letter(folder, code, names, found) for code in codes)


def _letter(folder: Path, code: str, names: Sequence[str], found: list[Problem]) -> Letter:
    titles, descriptions, bodies, blanks = {}, {}, {}, {}
    is_landscape = False
    for language in LANGUAGES:
        path = folder / f"{code}.{language}.md"
        problems = Problems(shown_path(path), MESSAGES)
        if path.name not in names:
            problems.add("guide_translation", name=path.name)
        elif (source := _source(path, problems)) is not None:
            entries = Fields(source.front, problems) if source.front else None
            if entries is None:
                problems.add("guide_front_matter", name=path.name)
            else:
                titles[language] = entries.line("title")
                descriptions[language] = entries.line("description")
                is_landscape = entries.flag("landscape") or is_landscape
                entries.finish()
            bodies[language] = source.body.strip()
            blanks[language] = _blanks(source, problems)
            found += [problem for problem in wording.examine(source, language, None) if problem.code not in _NOT_HERE]
        found += problems.sorted()
    _compare(code, blanks, folder, found)
    return Letter(code, titles, descriptions, bodies, is_landscape)


def _source(path: Path, problems: Problems) -> SourceText | None:
    text = read_text(path, problems)
    if text is None:
        return None
    characters.examine(text, problems)
    source = SourceText(text, problems.file)
    if not source.body.strip():
        problems.add("guide_without_text")
    inspect_markdown(source, problems)
    return source


def _blanks(source: SourceText, problems: Problems) -> set[str]:
    """The codes of the blanks; unknown ones and braces that are none are problems."""
    found = set()
    for number, line in enumerate(source.lines[source.first_line - 1 :], start=source.first_line):
        for match in BLANK.finditer(line):
            place = Place(source.file, number, match.start() + 1)
            if match["name"] in field_words():
                found.add(match["name"])
            else:
                problems.add("guide_blank", place, name=match["name"], known=", ".join(field_words()))
        rest = BLANK.sub(lambda match: "x" * len(match[0]), line)
        if stray := _BRACES.search(rest):
            problems.add("guide_braces", Place(source.file, number, stray.start() + 1))
    return found


def _compare(code: str, blanks: dict[str, set[str]], folder: Path, found: list[Problem]) -> None:
    first, *others = LANGUAGES
    for other in others:
        if first in blanks and other in blanks and blanks[first] != blanks[other]:
            params = {
                "file": shown_path(folder / f"{code}.{first}.md"),
                "difference": ", ".join(sorted(blanks[first] ^ blanks[other])),
            }
            found.append(
                Problem("guide_blanks_differ", Place(shown_path(folder / f"{code}.{other}.md")), params, MESSAGES)
            )
