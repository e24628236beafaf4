"""From a workbook that came back to answers, and to the cells that cannot be taken: each named, with what to write instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from nassij.common.documents.cells import Cell
from nassij.common.documents.form_sheet import FormSheet, read_form
from nassij.common.documents.workbooks import address
from nassij.common.errors import BadInput, NassijError, Unprocessable
from nassij.common.locale import active_language
from nassij.common.text import direction

from ..answers.answer_input import read_answer
from ..data import Evidence, RoundData
from ..domain import AnswerKind, Indicator, Instrument, applies
from .layout import (
    DONT_KNOW,
    HEADER_ROW,
    MARK,
    MARK_ROW,
    MAX_COLUMNS,
    MAX_OFFERED,
    MAX_ROWS,
    NO,
    NOT_APPLICABLE,
    YES,
    Place,
    dont_know_word,
    key,
    not_applicable_word,
)

SHOWN = 120
"""Characters of a wrong value that are repeated to the person."""


@dataclass(frozen=True, slots=True)
class WrongCell:
    """A cell that cannot be taken: where, what stands there, what is wrong, what to write instead."""

    sheet: str
    address: str
    typed: str
    message: Any
    remedy: Any


@dataclass(slots=True)
class ReadSheet:
    """What a sheet says: answers by code as `read_answer` takes them (without what was left empty), and the wrong cells."""

    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    wrong: list[WrongCell] = field(default_factory=list)


def read_sheet(content: bytes, current: RoundData, instrument: Instrument) -> ReadSheet:
    """The answers of a workbook. Raises `BadInput`, `TooLarge`, `Unprocessable` for one of another round or version."""
    sheets = read_form(content, max_rows=MAX_ROWS, max_columns=MAX_COLUMNS)
    sheet = next((found for found in sheets if found.cell(MARK_ROW, 0) == MARK), None)
    if sheet is None:
        raise BadInput(
            _("This is not an answer sheet of the self-assessment."),
            code="not_an_answer_sheet",
            remedy=_("Download the answer sheet of this round, fill it in and send that file."),
        )
    _refuse_other(sheet, current)
    return _Reader(sheet, current, instrument).read()


def _refuse_other(sheet: FormSheet, current: RoundData) -> None:
    if str(sheet.cell(MARK_ROW, 1) or "").strip().lower() != str(current.uuid):
        raise Unprocessable(
            _("This answer sheet belongs to another round."),
            code="sheet_of_other_round",
            remedy=_("Open the round it was downloaded from, or download the sheet of this one."),
        )
    if str(sheet.cell(MARK_ROW, 3) or "").strip() != current.instrument_hash:
        raise Unprocessable(
            _("This answer sheet has another version of the questionnaire than this round."),
            code="sheet_of_other_version",
            remedy=_("Download the sheet of this round and copy the answers into it."),
        )


class _Reader:
    """One sheet on its way in."""

    def __init__(self, sheet: FormSheet, current: RoundData, instrument: Instrument) -> None:
        self.sheet = sheet
        self.profile = current.profile
        self.instrument = instrument
        self.found = ReadSheet()

    def read(self) -> ReadSheet:
        for merged in self.sheet.merged:
            self._wrong_at(
                merged, "", _("These cells were merged."), _("Unmerge them, and write in each cell by itself.")
            )
        seen: set[str] = set()
        for number in range(HEADER_ROW + 1, len(self.sheet.rows)):
            code = self._code(number, seen)
            if code is not None:
                seen.add(code)
                self._row(number, self.instrument.indicator(code))
        return self.found

    def _code(self, number: int, seen: set[str]) -> str | None:
        """The indicator of a row; None for one that asks nothing, and for one that should not be there."""
        cell = self.sheet.cell(number, Place.CODE)
        code = str(cell) if cell is not None else ""
        if code in self.instrument.by_code and code not in seen:
            return code
        if code in seen:
            self._wrong(
                number, Place.CODE, _("This question stands twice in the sheet."), _("Delete one of its two rows.")
            )
        elif code or self._is_filled(number):
            self._wrong(
                number,
                Place.CODE,
                _("This row is not one of the questionnaire's."),
                _("Delete the row, or put the code of its question back as it was."),
            )
        return None

    def _row(self, number: int, indicator: Indicator) -> None:
        if not self._is_filled(number):
            return
        if not applies(indicator, self.profile):
            remedy = _("Empty the row, or change the answer to the question about your association first.")
            self._wrong(number, Place.ANSWER, _("This question does not concern your association."), remedy)
            return
        before = len(self.found.wrong)
        for place in (Place.ANSWER, Place.REASON, Place.COMMENT, Place.EVIDENCE):
            if (number, place) in self.sheet.formulas:
                remedy = _("Write the answer itself, not a formula.")
                self._wrong(number, place, _("There is a formula in this cell."), remedy)
        for place in (Place.REASON, Place.COMMENT):
            if isinstance(self.sheet.cell(number, place), bool):  # Excel's TRUE: no words of anybody
                remedy = _("Move it to the column for comments, or empty it.")
                self._wrong(number, place, _("This is not one of the answers."), remedy)
        for outside in range(Place.EVIDENCE + 1, MAX_COLUMNS):
            if self.sheet.cell(number, outside) is not None:
                remedy = _("Empty it: what you want to add goes into the column for comments.")
                self._wrong(number, outside, _("This cell is outside the sheet."), remedy)
        answer = self._answer(number, indicator) if len(self.found.wrong) == before else None
        if answer is not None and len(self.found.wrong) == before:
            try:
                read_answer(indicator.code, answer)
            except NassijError as error:  # a text too long
                self._wrong(number, Place.COMMENT, error.message, error.remedy)
            else:
                self.found.answers[indicator.code] = answer

    def _answer(self, number: int, indicator: Indicator) -> dict[str, Any] | None:
        chosen = self.sheet.cell(number, Place.ANSWER)
        reason, comment = self._text(number, Place.REASON), self._text(number, Place.COMMENT)
        answer: dict[str, Any] = {"comment": comment, "evidence": self._evidence(number)}
        word = key(chosen if chosen is not None else "")
        levels = self.instrument.scale_of(indicator).choices
        if word.isdecimal() and len(word) < 10 and int(word) in levels:
            answer |= {"kind": AnswerKind.LEVEL.value, "level": int(word)}
        elif word in DONT_KNOW:
            answer |= {"kind": AnswerKind.DONT_KNOW.value}
        elif word in NOT_APPLICABLE and indicator.may_not_apply:
            answer |= {"kind": AnswerKind.NOT_APPLICABLE.value, "reason": reason}
            if not reason:
                message = _("Say in a few words why this does not apply to your association.")
                self._wrong(number, Place.REASON, message, _("Write the reason in this cell."))
                return None
            return answer
        else:
            self._wrong_choice(number, word, indicator, levels)
            return None
        if reason:
            message = _("A reason goes only with the answer “does not apply”.")
            self._wrong(number, Place.REASON, message, _("Move it to the column for comments, or empty it."))
            return None
        return answer

    def _wrong_choice(self, number: int, word: str, indicator: Indicator, levels: range) -> None:
        if not word:
            message = _("There is no answer in this row, though something is written beside it.")
            self._wrong(number, Place.ANSWER, message, _("Choose an answer, or empty the row."))
        elif word in NOT_APPLICABLE:
            message = _("This question concerns every association, so “does not apply” is not possible here.")
            self._wrong(number, Place.ANSWER, message, _("Choose the level that is closest, or “I don't know”."))
        else:
            message = _("This is not one of the answers.")
            self._wrong(number, Place.ANSWER, message, _choices(levels))

    def _evidence(self, number: int) -> str:
        cell = self.sheet.cell(number, Place.EVIDENCE)
        word = key(cell if cell is not None else "")
        if word in YES:
            return Evidence.DECLARED.value
        if word in NO:
            return Evidence.NONE.value
        if word:
            self._wrong(
                number, Place.EVIDENCE, _("Only yes or no can stand here."), _("Write yes or no, or leave it empty.")
            )
        return ""

    def _text(self, number: int, place: Place) -> str:
        cell = self.sheet.cell(number, place)
        return "" if cell is None else str(cell)

    def _is_filled(self, number: int) -> bool:
        return any(self.sheet.cell(number, place) is not None for place in range(Place.ANSWER, MAX_COLUMNS))

    def _wrong(self, number: int, place: int, message: Any, remedy: Any) -> None:
        typed: Cell = self.sheet.cell(number, place)
        self._wrong_at(address(number, place), str(typed if typed is not None else "")[:SHOWN], message, remedy)

    def _wrong_at(self, where: str, typed: str, message: Any, remedy: Any) -> None:
        self.found.wrong.append(WrongCell(self.sheet.name, where, typed, message, remedy))


def _choices(levels: range) -> Any:
    """What may be written, said in the language in which it is shown."""

    def words() -> str:
        offered = [str(level) for level in levels] if len(levels) <= MAX_OFFERED else [f"{levels[0]}–{levels[-1]}"]
        comma = "، " if direction(active_language()) == "rtl" else ", "
        return comma.join([*offered, dont_know_word(), not_applicable_word()])

    return format_lazy(_("Write one of these: {answers}."), answers=lazy(words, str)())
