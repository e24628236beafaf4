"""A small course on disk that is right in every way, to be spoilt one way at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

FACTS = """A1.1:
  mark: S1
  source: {ar: "الفصل 5", fr: "Art. 5", en: "Art. 5"}
  statement: {ar: "تصريح", fr: "Déclaration", en: "Declaration"}
  checked_on: 2026-11-23
A1.2:
  mark: "M:h"
  source: {ar: "ذاكرة", fr: "Mémoire", en: "Memory"}
  statement: {ar: "يُتأكد", fr: "À confirmer", en: "To confirm"}
  checked_on: 2026-11-23
"""
GUIDES = """G1: {ar: "دليل", fr: "Guide", en: "Guide"}
"""
COURSE = """code: sample
number: 1
title: {ar: "دورة", fr: "Cours"}
summary: {ar: "ملخص", fr: "Résumé"}
org: Nassij
runs:
  ar: {course: SMP1, run: ar}
  fr: {course: SMP1, run: fr}
sections: [s1-first]
"""
SECTION = """code: s1-first
title: {ar: "الفصل", fr: "Section"}
units:
  - u1-one
  - block: nassij_governance
    code: smp-s1-u2
    title: {ar: "تقييم", fr: "Auto-évaluation"}
    settings: {round_kind: express}
"""
LESSON = """---
code: smp-s1-u1
title: "TITLE"
objectives:
  - "OBJECTIVE"
minutes: 5
checked_on: 2026-11-23
facts: [A1.1]
to_confirm: [A1.2]
guide: G1
---

## STEP {#one}

TEXT with a [page of examples](https://example.org).

![ALT](assets/way.LANG.svg "CAPTION")

```self-check {#check}
question: "QUESTION"
kind: single
choices:
  - id: a
    text: "YES"
    correct: true
    feedback: "WELL DONE"
  - id: b
    text: "NO"
    feedback: "LOOK AGAIN"
tries: 0
```
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><title>t</title><path d="M0 0h9"/></svg>\n'
PNG = b"\x89PNG\r\n\x1a\n"
WORDS = {
    "ar": {"TITLE": "درس: أول", "STEP": "خطوة", "QUESTION": "سؤال؟"},
    "fr": {"TITLE": "Leçon : une", "STEP": "Étape", "QUESTION": "Question ?"},
}


def lesson_source(language: str) -> str:
    text = LESSON.replace("LANG", language)
    for word, written in WORDS[language].items():
        text = text.replace(word, written)
    return text


QUIZ = """---
code: smp-s1-q1
title: "TITLE"
tries: 2
checked_on: 2026-11-23
facts: [A1.1]
---

```self-check {#first}
title: "QUESTION"
question: "QUESTION"
choices:
  - id: a
    text: "YES"
    correct: true
    feedback: "WELL DONE"
  - id: b
    text: "NO"
    feedback: "LOOK AGAIN"
```

```self-check {#second}
question: "QUESTION"
kind: multiple
tries: 1
choices:
  - id: a
    text: "ONE"
    correct: true
    feedback: "YES, ONE"
  - id: b
    text: "TWO"
    correct: true
    feedback: "YES, TWO"
  - id: c
    text: "THREE"
    feedback: "NO, THREE"
```
"""


def quiz_source(language: str) -> str:
    text = QUIZ
    for word, written in WORDS[language].items():
        text = text.replace(word, written)
    return text


def with_quiz(sources: Sources) -> None:
    """A quiz after the lesson."""
    folder = sources.section / "u3-quiz"
    folder.mkdir()
    for language in ("ar", "fr"):
        (folder / f"{language}.md").write_text(quiz_source(language), "utf-8")
    sources.edit("section.yaml", "- u1-one", "- u1-one\n  - quiz: u3-quiz")


class Sources:
    """The folder of sources of the sample course."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.course = root / "courses/sample"
        self.section = self.course / "s1-first"
        self.unit = self.section / "u1-one"
        (self.unit / "assets").mkdir(parents=True)
        (root / "facts.yaml").write_text(FACTS, "utf-8")
        (root / "guides.yaml").write_text(GUIDES, "utf-8")
        (self.course / "course.yaml").write_text(COURSE, "utf-8")
        (self.section / "section.yaml").write_text(SECTION, "utf-8")
        for language in ("ar", "fr"):
            (self.unit / f"{language}.md").write_text(lesson_source(language), "utf-8")
            (self.unit / f"assets/way.{language}.svg").write_text(SVG, "utf-8")

    def path(self, name: str) -> Path:
        """The file that a short name means."""
        places = {
            "facts.yaml": self.root,
            "guides.yaml": self.root,
            "course.yaml": self.course,
            "section.yaml": self.section,
        }
        return places.get(name, self.unit) / name

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace `old`, which must be there, once."""
        text = self.path(name).read_text("utf-8")
        assert old in text, f"{old!r} is not in {name}"
        self.path(name).write_text(text.replace(old, new, 1), "utf-8")


Spoil = Callable[[Sources], None]


def edit(name: str, old: str, new: str) -> Spoil:
    return lambda sources: sources.edit(name, old, new)


def both(old: str, new: str) -> Spoil:
    """The same edit in both languages, so that they still agree."""

    def spoil(sources: Sources) -> None:
        for language in ("ar", "fr"):
            sources.edit(f"{language}.md", old, new)

    return spoil


def write(name: str, content: str | bytes) -> Spoil:
    def spoil(sources: Sources) -> None:
        path = sources.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return spoil
