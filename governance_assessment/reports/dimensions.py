"""The answers of a report, dimension by dimension: what the association said, and what the coach found beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..data import CoachKind, Evidence
from ..domain import Answer, AnswerKind, Indicator, Section
from ..models import Snapshot
from ..plan.advice import level_name
from ..results.frozen import answers_of
from ..results.presentation import Row
from .subject import Subject

LOOKS = {1: "critical", 2: "attention", 4: "done"}


def dimensions(subject: Subject, rows: Iterable[Row], language: str) -> list[dict[str, Any]]:
    """Every dimension in the questionnaire's order with its indicators that concern the association."""
    return _Dimensions(subject, language).all({row.title: row for row in rows})


class _Dimensions:
    def __init__(self, subject: Subject, language: str) -> None:
        self.subject, self.language = subject, language
        self.said = answers_of(subject.submitted)
        self.found = answers_of(subject.validated) if subject.validated else {}

    def all(self, rows: Mapping[str, Row]) -> list[dict[str, Any]]:
        return [self.dimension(section, rows) for section in self.subject.instrument.sections]

    def dimension(self, section: Section, rows: Mapping[str, Row]) -> dict[str, Any]:
        title = section.title.in_language(self.language)
        row, indicators = rows.get(title), list(section.all_indicators())
        shown = [indicator for indicator in indicators if indicator.code in self.said]
        return {
            "title": title,
            "figure": row.figure if row else "",
            "word": row.word if row else "",
            "look": row.look if row else "",
            "indicators": [self.indicator(indicator) for indicator in shown],
            "left_out": self.left_out(len(indicators) - len(shown)),
        }

    @staticmethod
    def left_out(count: int) -> str:
        if not count:
            return ""
        return ngettext(
            "%(count)d question does not concern the association and is left out.",
            "%(count)d questions do not concern the association and are left out.",
            count,
        ) % {"count": count}

    def indicator(self, indicator: Indicator) -> dict[str, Any]:
        said, found = self.said_of(indicator), self.found_of(indicator)
        return {
            "code": indicator.code,
            "title": indicator.title.in_language(self.language),
            "critical": indicator.critical,
            "said": said,
            "coach": found,
            "differs": found is not None and found["word"] != said["word"],
        }

    def said_of(self, indicator: Indicator) -> dict[str, Any]:
        answer, beside = self.said[indicator.code], _beside(self.subject.submitted, indicator)
        notes = [answer.reason, beside.get("note", "")]
        return {
            **self.level(indicator, answer),
            "evidence": _evidence(beside),
            "note": "\n".join(filter(None, notes)),
        }

    def found_of(self, indicator: Indicator) -> dict[str, Any] | None:
        answer = self.found.get(indicator.code)
        if self.subject.validated is None or answer is None:
            return None
        beside = _beside(self.subject.validated, indicator)
        shown = self.level(indicator, answer)
        if beside.get("kind") == CoachKind.NO_EVIDENCE:
            shown["word"] = str(CoachKind.NO_EVIDENCE.label)
        notes = [answer.reason, beside.get("comment", "")]
        return {**shown, "evidence": _evidence(beside), "note": "\n".join(filter(None, notes))}

    def level(self, indicator: Indicator, answer: Answer) -> dict[str, Any]:
        """The answer in words, and how its level looks."""
        if answer.kind is AnswerKind.LEVEL:
            level = answer.level
            word = level_name(self.subject.instrument, indicator, level, self.language) or str(level)
            return {"word": word, "look": LOOKS.get(level or 0, ""), "level": level}
        words = {AnswerKind.NOT_APPLICABLE: _("Does not apply"), AnswerKind.DONT_KNOW: _("I don't know")}
        return {"word": words.get(answer.kind, "–"), "look": "", "level": None}


def _beside(snapshot: Snapshot, indicator: Indicator) -> Mapping[str, Any]:
    beside: Mapping[str, Any] = snapshot.details.get(indicator.code, {})
    return beside


def _evidence(beside: Mapping[str, Any]) -> str:
    """The state of the proof in words; nothing where there is none."""
    state = beside.get("evidence") or Evidence.NONE
    return "" if state == Evidence.NONE else str(Evidence(state).label)
