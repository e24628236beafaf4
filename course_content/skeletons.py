"""What `new` writes: the files of a course, a section or a unit with a mark ⟦…⟧ wherever a text is still to be written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "ar": {
        "title": "عنوان",
        "summary": "ملخص في جملتين",
        "objective": "ما سيقدر عليه المتعلم بعد هذا الدرس",
        "practice": "ما سيفعله المتعلم في جمعيته",
        "step": "عنوان الخطوة",
        "text": "نص الخطوة: فكرة واحدة ومثال قريب",
        "question": "السؤال",
        "right": "الجواب الصحيح",
        "wrong": "خطأ يقع فيه الناس فعلا",
        "well": "لماذا هو صحيح",
        "again": "ما الذي يُراجع",
    },
    "fr": {
        "title": "Titre",
        "summary": "Résumé en deux phrases",
        "objective": "Ce que l’apprenant saura faire après cette leçon",
        "practice": "Ce que l’apprenant fera dans son association",
        "step": "Titre de l’étape",
        "text": "Texte de l’étape : une idée et un exemple proche",
        "question": "Question",
        "right": "Bonne réponse",
        "wrong": "Erreur que l’on fait vraiment",
        "well": "Pourquoi c’est juste",
        "again": "Ce qu’il faut revoir",
    },
    "en": {
        "title": "Title",
        "summary": "Summary in two sentences",
        "objective": "What the learner will be able to do after this lesson",
        "practice": "What the learner will do in the association",
        "step": "Title of the step",
        "text": "Text of the step: one idea and an example from nearby",
        "question": "Question",
        "right": "Right answer",
        "wrong": "A mistake that people really make",
        "well": "Why it is right",
        "again": "What to look at again",
    },
}

_COURSE = """code: {code}
number: {number}
title:
{title}
summary:
{summary}
org: {org}
runs:
{runs}
sections: []
"""
_SECTION = """code: {code}
title:
{title}
units: []
"""
_QUESTION = """```self-check {{#{id}}}
question: "⟦{question}⟧"
kind: single
choices:
  - id: a
    text: "⟦{right}⟧"
    correct: true
    feedback: "⟦{well}⟧"
  - id: b
    text: "⟦{wrong}⟧"
    feedback: "⟦{again}⟧"
```
"""
_LESSON = """---
code: {code}
title: "⟦{title}⟧"
objectives:
  - "⟦{objective}⟧"
minutes: 5
practice:
  - "⟦{practice}⟧"
---

## ⟦{step}⟧ {{#first-step}}

⟦{text}⟧

"""
_QUIZ = """---
code: {code}
title: "⟦{title}⟧"
tries: 2
---

"""


def course(code: str, number: int, org: str, run: str, languages: Iterable[str]) -> str:
    """`course.yaml`; `run` is the name that the course has in the keys of its runs."""
    languages = tuple(languages)
    runs = "\n".join(f"  {language}: {{course: {run}, run: {language}}}" for language in languages)
    titles, summaries = (_each(languages, word) for word in ("title", "summary"))
    return _COURSE.format(code=code, number=number, org=org, runs=runs, title=titles, summary=summaries)


def section(code: str, languages: Iterable[str]) -> str:
    """`section.yaml`."""
    return _SECTION.format(code=code, title=_each(languages, "title"))


def lesson(code: str, language: str) -> str:
    """A lesson of one step and one question."""
    words = WORDS[language]
    return _LESSON.format(code=code, **words) + _QUESTION.format(id="first-check", **words)


def quiz(code: str, language: str) -> str:
    """A quiz of one question."""
    words = WORDS[language]
    return _QUIZ.format(code=code, **words) + _QUESTION.format(id="first-question", **words)


def _each(languages: Iterable[str], word: str) -> str:
    return "\n".join(f'  {language}: "⟦{WORDS[language][word]}⟧"' for language in languages)
