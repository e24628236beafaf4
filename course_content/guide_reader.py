"""From the folder of a reference guide to a `Guide`, with every problem on the way noted at its place.

guides/G6/guide.yaml                code, version, days, facts, titles
          ar.md, fr.md              the text
          checklist.yaml            what to have or to do (if there is one)
          templates/minutes.ar.md   a document to fill in, in each language (guide_letters)
          templates/budget.yaml     a workbook to fill in (guide_workbooks)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from funding_guide.guides.source import LANGUAGES, ChecklistItem, Cited, Guide, Workbook, topics
from xblocks.lesson.located import Fields, read_yaml

from . import characters, wording
from .dates import Calendar
from .facts import FactBase
from .files import is_there, read_text, shown_path
from .guide_letters import letters
from .guide_parts import inspect_markdown, words
from .guide_workbooks import workbook
from .passages import SourceText
from .problems import MESSAGES, Place, Problem, Problems

CODE = re.compile(r"G[1-9][0-9]?|[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
"""`G6` for the guides, `legal-calendar` for the leaves of one page."""
_VERSION = re.compile(r"(?:0|[1-9][0-9]{0,3})(?:\.(?:0|[1-9][0-9]{0,3})){2}")
_NOT_HERE = frozenset({"long_unit", "link_inside"})
"""What is said of the units of a course and not of a guide."""
_LETTER = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.(?:ar|fr)\.md")
_WORKBOOK = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.yaml")


class GuideReader:
    """Reads one folder. `found` has what was found wrong; `guide` is worth something only when that is empty."""

    def __init__(self, folder: Path, facts: FactBase, calendar: Calendar) -> None:
        self.folder, self.facts, self.calendar = folder, facts, calendar
        self.found: list[Problem] = []

    def read(self) -> Guide | None:
        entries = self._yaml(self.folder / "guide.yaml")
        if entries is None:
            return None
        texts = {language: self._text(language) for language in LANGUAGES}
        names = self._templates()
        guide = Guide(
            code=self._code(entries),
            version=self._version(entries),
            order=entries.number("order", least=1, most=999, required=True),
            topics=self._topics(entries),
            valid_from=entries.date("valid_from", required=True),
            valid_until=entries.date("valid_until"),
            checked_on=entries.date("checked_on", required=True),
            title=words(entries, "title", also=("en",)),
            summary=words(entries, "summary", also=("en",)),
            change_note=words(entries, "change_note", also=("en",)),
            text={language: text for language, text in texts.items() if text},
            cited=tuple(self._cited(entries)),
            checklist=self._checklist(),
            letters=letters(self.folder / "templates", names, self.found),
            workbooks=tuple(
                found for name in names if name.endswith(".yaml") and (found := self._workbook(name)) is not None
            ),
            helps_units=tuple(self._units(entries)),
        )
        if guide.valid_until and guide.valid_until <= guide.valid_from:
            entries.problems.add("guide_ends_early", entries.place("valid_until"), start=guide.valid_from)
        self.calendar.examine(guide.checked_on, entries.place("checked_on"))
        entries.finish()
        self._keep(entries.problems)
        return guide

    # guide.yaml

    def _code(self, entries: Fields) -> str:
        value = entries.text("code")
        if value and not CODE.fullmatch(value):
            entries.problems.add("guide_code", entries.place("code"), value=value)
        elif value and value != self.folder.name:
            entries.problems.add("guide_folder", entries.place("code"), value=value, folder=self.folder.name)
        return value

    def _version(self, entries: Fields) -> str:
        value = entries.text("version")
        if value and not _VERSION.fullmatch(value):
            entries.problems.add("guide_version", entries.place("version"), value=value)
        return value

    def _topics(self, entries: Fields) -> tuple[str, ...]:
        found = []
        for item in entries.texts("topics", required=True):
            if item.value in topics():
                found.append(item.value)
            else:
                known = ", ".join(topics())
                entries.problems.add("guide_topic", item.place, value=item.value, known=known)
        return tuple(found)

    def _units(self, entries: Fields) -> list[str]:
        return [item.value for item in entries.texts("helps_units")]

    def _cited(self, entries: Fields) -> list[Cited]:
        found: dict[str, Cited] = {}
        for item in entries.texts("facts"):
            fact = self.facts.facts.get(item.value)
            if fact is None:
                entries.problems.add("unknown_fact", item.place, id=item.value)
            elif item.value in found:
                entries.problems.add("fact_twice", item.place, id=item.value)
            else:
                found[item.value] = Cited(
                    item.value, fact.sources, fact.statements, fact.checked_on, to_confirm=fact.mark == "M:h"
                )
        return list(found.values())

    # The text

    def _text(self, language: str) -> str:
        path = self.folder / f"{language}.md"
        problems = Problems(shown_path(path), MESSAGES)
        text = read_text(path, problems)
        if text is None:
            self._keep(problems)
            return ""
        characters.examine(text, problems)
        source = SourceText(text, problems.file)
        if not source.body.strip():
            problems.add("guide_without_text")
        inspect_markdown(source, problems)
        self._keep(problems)
        self.found += [
            problem
            for problem in wording.examine(source, language, None)
            if problem.code not in _NOT_HERE and not (problem.code == "law_without_source" and self._has_facts)
        ]
        return source.body.strip()

    @property
    def _has_facts(self) -> bool:
        """Whether `guide.yaml` names facts: then its texts may speak of the law."""
        problems = Problems("", MESSAGES)
        text = read_text(self.folder / "guide.yaml", problems)
        mapping = read_yaml(text, problems) if text else None
        return bool(mapping and "facts" in mapping.entries)

    # Checklist and templates

    def _checklist(self) -> tuple[ChecklistItem, ...]:
        path = self.folder / "checklist.yaml"
        if not is_there(path):
            return ()
        entries = self._yaml(path)
        if entries is None:
            return ()
        found: dict[str, ChecklistItem] = {}
        for item in entries.each("items", required=True):
            code = item.code("code")
            if code in found:
                item.problems.add("duplicate_entry", item.place("code"), value=code)
            found[code] = ChecklistItem(
                code=code,
                text=words(item, "text"),
                required=not item.flag("optional"),
                note=words(item, "note", required=False),
            )
            item.finish()
        entries.finish()
        self._keep(entries.problems)
        return tuple(found.values())

    def _templates(self) -> list[str]:
        """The names of the files below templates/; a stranger among them is a problem."""
        folder = self.folder / "templates"
        if not is_there(folder):
            return []
        names = []
        for path in sorted(folder.iterdir()):
            if path.is_file() and (_LETTER.fullmatch(path.name) or _WORKBOOK.fullmatch(path.name)):
                names.append(path.name)
            elif not path.name.startswith("."):
                place = Place(shown_path(path))
                self.found.append(Problem("guide_file", place, {"name": path.name}, MESSAGES))
        return names

    def _workbook(self, name: str) -> Workbook | None:
        path = self.folder / "templates" / name
        entries = self._yaml(path)
        if entries is None:
            return None
        found = workbook(path.stem, entries)
        self._keep(entries.problems)
        return found

    def _yaml(self, path: Path) -> Fields | None:
        problems = Problems(shown_path(path), MESSAGES)
        text = read_text(path, problems)
        if text is not None:
            characters.examine(text, problems)
        mapping = read_yaml(text, problems) if text is not None else None
        if mapping is None:
            self._keep(problems)
            return None
        return Fields(mapping, problems)

    def _keep(self, problems: Problems) -> None:
        self.found += problems.sorted()


def read_guides(folder: Path, facts: FactBase, calendar: Calendar) -> tuple[Mapping[str, Guide], list[Problem]]:
    """The guides below `folder` by code, and everything that is wrong with them."""
    guides: dict[str, Guide] = {}
    found: list[Problem] = []
    for path in sorted(folder.glob("*")):
        if not path.is_dir() or path.name.startswith((".", "_")):
            continue
        reader = GuideReader(path, facts, calendar)
        guide = reader.read()
        found += reader.found
        if guide is not None:
            guides[path.name] = guide
    return guides, found
