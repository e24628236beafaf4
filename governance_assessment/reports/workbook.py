"""An association's own data as a workbook: a sheet per subject, words in the reader's language, exact fractions as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from nassij.common.documents.xlsx import Sheet, write_book

from ..data import ANSWER_KINDS, CoachKind, Evidence, Layer, RoundState, Standing
from ..domain import Answer, AnswerKind
from ..domain.answers import parse_answers
from ..plan.advice import level_name
from ..plan.data import ItemState
from .own_data import OwnData


def workbook(data: OwnData) -> bytes:
    """The workbook; right to left in Arabic, and no cell is ever computed."""
    with translation.override(data.language):
        words = _Words(data)
        sheets = [words.answers(), words.scores(), words.plan(), words.history()]
        if data.document["mine"]:
            sheets.append(words.mine())
        return write_book(sheets, title=data.association_name, language=data.language)


class _Words:
    def __init__(self, data: OwnData) -> None:
        self.document, self.instrument, self.language = data.document, data.instrument, data.language
        self.results: Sequence[Mapping[str, Any]] = data.document["results"]

    def newest(self, layer: Layer) -> Mapping[str, Any] | None:
        """The newest result of a layer; a validation only where it is of the newest submission."""
        if layer == Layer.VALIDATED and self.results and self.results[0]["layer"] != Layer.VALIDATED:
            return None
        return next((result for result in self.results if result["layer"] == layer), None)

    def answers(self) -> Sheet:
        columns = [
            _("No."), _("Area"), _("Question"), _("Critical"),
            _("Level, the association"), _("In words"), _("Document"), _("Reason or note"),
            _("Level, the coach"), _("In words"), _("Document"), _("Comment"),
        ]  # fmt: skip
        return Sheet(title=_("Answers"), columns=columns, rows=self._answer_rows())

    def _answer_rows(self) -> Iterator[list[Any]]:
        said, found = self.newest(Layer.SELF), self.newest(Layer.VALIDATED)
        for section in self.instrument.sections:
            area = section.title.in_language(self.language)
            for indicator in section.all_indicators():
                both = [self._answer(result, indicator.code) for result in (said, found)]
                if any(both):
                    critical = _("yes") if indicator.critical else ""
                    title = indicator.title.in_language(self.language)
                    yield [indicator.code, area, title, critical, *(both[0] or [None] * 4), *(both[1] or [None] * 4)]

    def _answer(self, result: Mapping[str, Any] | None, code: str) -> list[Any] | None:
        answer = parse_answers(result["answers"]).answers.get(code) if result else None
        if result is None or answer is None:
            return None
        beside = result["beside"].get(code, {})
        word = self.answer_word(code, answer)
        if beside.get("kind") == CoachKind.NO_EVIDENCE:
            word = str(CoachKind.NO_EVIDENCE.label)
        notes = [answer.reason, beside.get("note", ""), beside.get("comment", "")]
        return [answer.level, word, _document(beside.get("evidence")), "\n".join(filter(None, notes))]

    def answer_word(self, code: str, answer: Answer) -> str:
        if answer.level is not None:
            return level_name(self.instrument, self.instrument.indicator(code), answer.level, self.language)
        return _kind(str(answer.kind))

    def scores(self) -> Sheet:
        columns = [
            _("Result"), _("Frozen on"), _("Area"), _("Score"), _("Exact score"), _("Share answered"),
            _("Level"), _("Fingerprint"),
        ]  # fmt: skip
        return Sheet(title=_("Scores"), columns=columns, rows=self._score_rows(), percents=frozenset({5}))

    def _score_rows(self) -> Iterator[list[Any]]:
        titles = {section.code: section.title.in_language(self.language) for section in self.instrument.all_sections()}
        for result in self.results:
            head = [_label(Layer, result["layer"]), _moment(result["frozen_at"])]
            overall = result["scores"]["overall"]
            for node in [*overall.get("sections", []), overall]:
                shown = node["published"] and node["score"] is not None
                label = self.instrument.label_name(node["label"], self.language) if node["label"] is not None else ""
                area = titles.get(node["code"]) or _("As a whole")
                figures = [float(node["score_display"]), node["score"]] if shown else [None, None]
                yield [*head, area, *figures, Fraction(node["completeness"]), label, result["fingerprint"]]

    def plan(self) -> Sheet:
        columns = [
            _("What"), _("How"), _("No."), _("Who"), _("By when"), _("State"), _("Note"), _("Proof"), _("The coach"),
        ]  # fmt: skip
        rows = (
            [
                row["title"], row["what"], row["indicator"], row["owner"],
                date.fromisoformat(row["due_on"]) if row["due_on"] else None,
                _label(ItemState, row["state"]), row["note"], row["proof"], row["remark"],
            ]
            for row in self.document["plan"]
        )  # fmt: skip
        return Sheet(title=_("Action plan"), columns=columns, rows=rows)

    def history(self) -> Sheet:
        rows = (
            [
                _moment(move["at"]), _label(RoundState, move["from"]), _label(RoundState, move["to"]),
                _label(Standing, move["standing"]), move["reason"],
            ]
            for move in self.document["history"]
        )  # fmt: skip
        return Sheet(
            title=_("History of the round"),
            columns=[_("Moment"), _("State before"), _("State after"), _("Acting as"), _("Reason")],
            rows=rows,
        )

    def mine(self) -> Sheet:
        rows = (
            [
                answer["indicator"], self.instrument.indicator(answer["indicator"]).title.in_language(self.language),
                answer["level"], self.own_word(answer), _document(answer["evidence"]), answer["reason"], answer["comment"],
            ]
            for answer in self.document["mine"]
            if answer["indicator"] in self.instrument.by_code
        )  # fmt: skip
        columns = [_("No."), _("Question"), _("Level"), _("In words"), _("Document"), _("Reason"), _("Comment")]
        return Sheet(title=_("My own answers"), columns=columns, rows=rows)

    def own_word(self, answer: Mapping[str, Any]) -> str:
        if answer["kind"] == AnswerKind.LEVEL:
            return self.answer_word(answer["indicator"], Answer.of_level(answer["level"]))
        return _kind(answer["kind"])


def _label(choices: Any, value: str | None) -> str:
    return str(choices(value).label) if value else ""


def _document(state: str | None) -> str:
    """What was said of a document; nobody said that there is none."""
    return _("No document declared") if state == Evidence.NONE else _label(Evidence, state)


def _kind(kind: str) -> str:
    return str(dict(ANSWER_KINDS).get(kind, kind))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
