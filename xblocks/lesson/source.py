"""A lesson as a trainer writes it: Markdown with front matter, read with the place of everything that is wrong.

One reader for the course files (`course_content`) and for the Studio form. The format, in short: YAML front matter; a line
`## Title {#id}` starts a text step; a block of back quotes with `self-check {#id}` (or another of `BLOCKS`) holds a step in YAML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from markdown_it.token import Token

from nassij.common.text import clean_text

from . import markdown
from .inspection import Inspector
from .located import Fields, Scalar, read_yaml
from .model import (
    LANGUAGES,
    File,
    Guide,
    Lesson,
    Picture,
    SelfCheck,
    Source,
    Step,
    TextStep,
    is_code,
)
from .problems import Place, Problem, Problems
from .source_blocks import BLOCKS, MAX_MINUTES, BlockReader

MAX_CHARACTERS = 200_000
MAX_BRACKETS = 4_000
"""Square brackets that open, in a whole lesson: the reader of Markdown looks at each again and again for a link."""
_STEP_ID = re.compile(r"\s*\{#([^{}]*)\}\s*$")
_GUIDE_CODE = re.compile(r"[A-Za-z0-9-]{1,40}")

Cite = Callable[[str, str], "Source | str"]
"""(fact id, language) -> the source, or the code of a problem (`unknown_fact`)."""


@dataclass(frozen=True, slots=True)
class FormValues:
    """What the Studio form asks for beside the text; in a file the front matter says it."""

    title: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a source: the lesson when nothing is wrong, and where its parts stand."""

    lesson: Lesson | None
    problems: tuple[Problem, ...]
    pictures: tuple[tuple[Picture, Place], ...] = ()
    files: tuple[tuple[File, Place], ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_lesson(
    text: str,
    *,
    file: str,
    language: str,
    cite: Cite | None = None,
    guides: Mapping[str, str] | None = None,
    form: FormValues | None = None,
) -> Reading:
    """Read the source of a lesson in `language`.

    `file` is the name that problems are reported under, `cite` looks up facts and `guides` gives the titles of the known guides
    in this language (course files only), `form` holds what a form gave beside the text.
    """
    reader = _LessonReader(clean_text(text.removeprefix("\ufeff")), file, language, cite, guides, form)
    return reader.read()


class _LessonReader:
    def __init__(
        self,
        text: str,
        file: str,
        language: str,
        cite: Cite | None,
        guides: Mapping[str, str] | None,
        form: FormValues | None,
    ) -> None:
        self.text, self.language, self.cite, self.guides, self.form = text, language, cite, guides, form
        self.problems = Problems(file)
        self.steps: list[Step] = []
        self.places: dict[str, Place] = {}
        self.inspector = Inspector(self.problems)
        self.blocks = BlockReader(self.problems, self.inspector, measured=form is None)

    def read(self) -> Reading:
        if len(self.text) > MAX_CHARACTERS:
            self.problems.add("too_large", limit=MAX_CHARACTERS)
            return Reading(None, self.problems.sorted())
        if self.text.count("[") > MAX_BRACKETS:
            line = next(n for n, line in enumerate(self.text.split("\n"), start=1) if "[" in line)
            self.problems.add("text_too_heavy", Place(self.problems.file, line))
            return Reading(None, self.problems.sorted())
        if self.language not in LANGUAGES:
            self.problems.add("unknown_language", value=self.language, known=", ".join(LANGUAGES))
        front, body_line = self._split()
        heading = self._front_matter(front)
        self._steps(self.text.split("\n")[body_line - 1 :], body_line)
        problems = self.problems.sorted()
        lesson = replace(heading, steps=tuple(self.steps)) if heading and not problems else None
        choices = {step.id: tuple(c.id for c in step.choices) for step in self.steps if isinstance(step, SelfCheck)}
        return Reading(lesson, problems, tuple(self.inspector.pictures), tuple(self.blocks.files), self.places, choices)

    # Front matter

    def _split(self) -> tuple[str | None, int]:
        """The YAML between the two --- lines (None without), and the line on which the rest starts."""
        lines = self.text.split("\n")
        if lines[0].rstrip() != "---":
            if self.form is None:
                self.problems.add("no_front_matter")
            return None, 1
        for number, line in enumerate(lines[1:], start=2):
            if line.rstrip() == "---":
                return "\n".join(lines[1 : number - 1]), number + 1
        self.problems.add("front_matter_open")
        return None, len(lines) + 1

    def _front_matter(self, front: str | None) -> Lesson | None:
        """The lesson without its steps; what a form gave beside the text wins, and must not be contradicted."""
        if self.form and (front is None or not front.strip()):
            return Lesson(title=self.form.title, language=self.language, minutes=self.form.minutes)
        mapping = read_yaml(front, self.problems, first_line=2) if front is not None else None
        if mapping is None:
            return None
        entries = Fields(mapping, self.problems)
        in_file = self.form is None
        lesson = Lesson(
            language=self.language,
            code=entries.code("code", required=in_file),
            title=self.blocks.line(entries, "title", required=in_file),
            objectives=self.blocks.lines(entries.texts("objectives", required=in_file)),
            minutes=entries.number("minutes", least=1, most=MAX_MINUTES, required=in_file),
            checked_on=entries.date("checked_on"),
            practice=self.blocks.lines(entries.texts("practice")),
            sources=self._sources(entries),
            guide=self._guide(entries),
            scored=entries.flag("scored"),
        )
        entries.finish()
        if lesson.sources and not lesson.checked_on:
            self.problems.add("not_checked", mapping.place)
        if self.form is None:
            return lesson
        if lesson.title and lesson.title != self.form.title:
            self.problems.add("set_twice", entries.place("title"), key="title")
        if lesson.minutes and lesson.minutes != self.form.minutes:
            self.problems.add("set_twice", entries.place("minutes"), key="minutes")
        return replace(lesson, title=self.form.title, minutes=self.form.minutes)

    def _sources(self, entries: Fields) -> tuple[Source, ...]:
        found: dict[str, Source] = {}
        for key in ("facts", "to_confirm"):
            for item in entries.texts(key):
                if item.value in found:
                    self.problems.add("fact_twice", item.place, id=item.value)
                source = self._fact(item)
                if source is None:
                    continue
                if source.to_confirm and key == "facts":
                    self.problems.add("fact_to_confirm", item.place, id=item.value)
                found[item.value] = source if key == "facts" else _to_confirm(source)
        written = []
        for entry in entries.each("sources"):
            written.append(
                Source(
                    text=self.blocks.line(entry, "text"),
                    statement=self.blocks.line(entry, "statement", required=False),
                    fact=entry.text("fact", required=False),
                    checked_on=entry.date("checked_on"),
                    to_confirm=entry.flag("to_confirm"),
                )
            )
            entry.finish()
        return (*found.values(), *written)

    def _fact(self, item: Scalar) -> Source | None:
        if self.cite is None:
            self.problems.add("facts_unavailable", item.place)
            return None
        source = self.cite(item.value, self.language)
        if isinstance(source, str):
            self.problems.add(source, item.place, id=item.value)
            return None
        return source

    def _guide(self, entries: Fields) -> Guide | None:
        value = entries.mapping.entries.get("guide")
        entries.asked.append("guide")
        if value is None:
            return None
        if isinstance(value, Scalar):
            code, title, place = value.value.strip(), "", value.place
        else:
            written = entries.fields("guide")
            if written is None:
                return None
            code, title, place = written.text("code"), written.line("title", required=False), written.place("code")
            written.finish()
        if not _GUIDE_CODE.fullmatch(code):
            self.problems.add("bad_code", place, value=code)
        elif self.guides is not None and code not in self.guides:
            self.problems.add("unknown_guide", place, id=code)
        return Guide(code, title or (self.guides or {}).get(code, ""))

    # Steps

    def _steps(self, lines: list[str], first_line: int) -> None:
        """Cut the body at headings and self-check blocks."""
        start: int | None = None  # first line of the text of the step being read, from 0
        heading: tuple[str, str] = ("", "")
        orphan_seen = False
        blocks = markdown.tokens("\n".join(lines))
        self.inspector.body(blocks, lines, first_line)
        for token in blocks:
            if token.level or not token.map or token.nesting == -1:
                continue
            place = Place(self.problems.file, first_line + token.map[0])
            step_starts = token.type == "heading_open" and token.tag in ("h1", "h2")
            if step_starts or token.type == "fence":
                if start is not None:
                    self._text_step(heading, lines[start : token.map[0]])
                start = None
            if step_starts:
                orphan_seen = False
                if self._is_step_heading(token, place):
                    heading, start = self._heading(lines[token.map[0]], place), token.map[1]
            elif token.type == "fence":
                orphan_seen = False
                self._block(token, place, lines, first_line)
            elif start is None and not orphan_seen:
                orphan_seen = True
                self.problems.add("text_before_step", place)
        if start is not None:
            self._text_step(heading, lines[start:])
        if not self.steps and not self.problems:
            self.problems.add("no_steps", Place(self.problems.file, first_line))

    def _is_step_heading(self, token: Token, place: Place) -> bool:
        if token.markup in ("=", "-"):
            self.problems.add("underlined_heading", place)
            return False
        if token.tag == "h1":
            self.problems.add("top_heading", place)
            return False
        return True

    def _heading(self, line: str, place: Place) -> tuple[str, str]:
        """(title, id) of a `## Title {#id}` line."""
        text = line.strip().lstrip("#").strip()
        match = _STEP_ID.search(text)
        if match is None:
            self.problems.add("step_without_id", place, title=text)
            return text, ""
        title = text[: match.start()].strip()
        if not title:
            self.problems.add("step_without_title", place)
        self._claim(match[1], place)
        return title, match[1]

    def _claim(self, step_id: str, place: Place) -> None:
        if not is_code(step_id):
            self.problems.add("bad_code", place, value=step_id)
        elif step_id in self.places:
            self.problems.add("duplicate_step", place, id=step_id, first=self.places[step_id].line)
        self.places.setdefault(step_id, place)

    def _text_step(self, heading: tuple[str, str], lines: list[str]) -> None:
        title, step_id = heading
        body = "\n".join(lines).strip("\n").rstrip()
        place = self.places.get(step_id, Place(self.problems.file))
        self.inspector.line(title, place)
        for part in markdown.parts(body):
            if isinstance(part, str):
                self.inspector.weight(part, place)
        if not body.strip() and step_id:
            self.problems.add("step_without_text", self.places[step_id], id=step_id)
        self.steps.append(TextStep(id=step_id, title=title, body=body))

    def _block(self, token: Token, place: Place, lines: list[str], first_line: int) -> None:
        """A block of back quotes: one of the kinds of step that `source_blocks` reads, or nothing we know."""
        name, _, rest = token.info.strip().partition(" ")
        assert token.map is not None  # noqa: S101 - a block token always has its lines
        if not lines[token.map[1] - 1].strip().startswith(token.markup) or token.map[1] - token.map[0] < 2:
            self.problems.add("unclosed_fence", place)
            return
        if name not in BLOCKS:
            self.problems.add("unknown_block", place, name=name or token.markup, known=", ".join(BLOCKS))
            return
        match = _STEP_ID.fullmatch(rest)
        if match is None:
            self.problems.add("step_without_id", place, title=name)
        else:
            self._claim(match[1], place)
        mapping = read_yaml(token.content, self.problems, first_line=place.line + 1)
        if mapping is None:
            self.problems.add("check_layout" if name == SelfCheck.type_name else "block_layout", place, name=name)
        else:
            self.steps.append(self.blocks.read(name, match[1] if match else "", Fields(mapping, self.problems)))


def _to_confirm(source: Source) -> Source:
    return Source(source.text, source.statement, source.fact, source.checked_on, to_confirm=True)
