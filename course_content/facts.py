"""The fact base and the register of guides: what lessons may cite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xblocks.lesson.located import Fields, read_yaml
from xblocks.lesson.located import Mapping as YamlMapping
from xblocks.lesson.markdown import can_be_shown
from xblocks.lesson.model import LANGUAGES, Source

from . import characters
from .dates import Calendar
from .files import read_text
from .problems import MESSAGES, Problem, Problems

MARKS = ("S1", "S2", "M:h")
"""Read in an official text, read in a secondary text, from memory and to be confirmed."""


@dataclass(frozen=True, slots=True)
class Fact:
    mark: str
    sources: Mapping[str, str]
    statements: Mapping[str, str]
    checked_on: str


@dataclass(frozen=True, slots=True)
class FactBase:
    """Fact id -> fact; callable as the `cite` of the lesson reader."""

    facts: Mapping[str, Fact]

    def __call__(self, fact_id: str, language: str) -> Source | str:
        fact = self.facts.get(fact_id)
        if fact is None:
            return "unknown_fact"
        return Source(
            text=fact.sources.get(language, ""),
            statement=fact.statements.get(language, ""),
            fact=fact_id,
            checked_on=fact.checked_on,
            to_confirm=fact.mark == "M:h",
        )


def texts(entries: Fields, key: str, languages: tuple[str, ...], *, required: bool = True) -> dict[str, str]:
    """The text under `key` in each of `languages`; a missing language is a problem."""
    found: dict[str, str] = {}
    written = entries.fields(key, required=required)
    if written is None:
        return found
    for language in languages:
        if written.has(language):
            found[language] = written.line(language)
            if not can_be_shown(found[language]):
                entries.problems.add("text_too_heavy", written.place(language))
        else:
            entries.problems.add("missing_language", written.mapping.place, name=key, language=language)
    written.finish(also_known=LANGUAGES)
    return found


def read_facts(path: Path, shown: str, calendar: Calendar) -> tuple[FactBase, tuple[Problem, ...]]:
    """The fact base in `path`, reported under the name `shown`; `calendar` looks at the dates."""
    problems = Problems(shown, MESSAGES)
    facts: dict[str, Fact] = {}
    mapping = _read(path, problems)
    if mapping is not None:
        for fact_id in mapping.entries:
            entries = Fields(mapping, problems).fields(fact_id)
            if entries is not None:
                facts[fact_id] = _fact(entries)
                calendar.examine(facts[fact_id].checked_on, entries.place("checked_on"))
    return FactBase(facts), problems.sorted()


def _fact(entries: Fields) -> Fact:
    mark = entries.text("mark")
    if mark and mark not in MARKS:
        entries.problems.add("fact_mark", entries.place("mark"), value=mark, known=", ".join(MARKS))
    fact = Fact(
        mark=mark,
        sources=texts(entries, "source", LANGUAGES),
        statements=texts(entries, "statement", LANGUAGES),
        checked_on=entries.date("checked_on", required=True),
    )
    entries.finish()
    return fact


def read_guides(path: Path, shown: str) -> tuple[dict[str, dict[str, str]], tuple[Problem, ...]]:
    """Code of a reference guide -> its title per language."""
    problems = Problems(shown, MESSAGES)
    mapping = _read(path, problems)
    if mapping is None:
        return {}, problems.sorted()
    entries = Fields(mapping, problems)
    return {code: texts(entries, code, LANGUAGES) for code in mapping.entries}, problems.sorted()


def _read(path: Path, problems: Problems) -> YamlMapping | None:
    text = read_text(path, problems)
    if text is None:
        return None
    characters.examine(text, problems)
    return read_yaml(text, problems)
