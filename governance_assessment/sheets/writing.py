"""The empty answer sheet of a round, in one language."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext as _

from nassij.common.documents.form_sheet import Column, Row, write_form

from ..data import RoundData
from ..domain import Indicator, Instrument, applies
from .layout import MARK, MAX_OFFERED, Place, dont_know_word, headers, not_applicable_word, yes_no

WIDTHS = (7, 34, 62, 10, 26, 34, 14)


def write_sheet(current: RoundData, instrument: Instrument, association_name: str, language: str) -> bytes:
    """A workbook with the questions that concern the association, none of them answered."""
    with translation.override(language):
        title = instrument.title.in_language(language)
        number = _("Round %(number)s") % {"number": current.number}
        return write_form(
            title=_("Answers"),
            language=language,
            preamble=(
                Row([title], is_heading=True),
                Row([f"{association_name} · {number}"]),
                Row([how_to_fill_in()]),
                Row([MARK, str(current.uuid), f"{instrument.slug} {instrument.version}", current.instrument_hash]),
            ),
            columns=[
                Column(name, width, is_open=place >= Place.ANSWER)
                for place, (name, width) in enumerate(zip(headers(), WIDTHS, strict=True))
            ],
            rows=list(_rows(current, instrument, language)),
            refused=_("Choose one of the answers offered in this cell."),
        )


def how_to_fill_in() -> str:
    said = _(
        "Write in the last four columns only. In the column “%(answer)s”: the number of the level, “%(dont_know)s” if you "
        "don't know, or “%(not_applicable)s” if it does not apply. Leave empty what is not agreed."
    )
    return said % {
        "answer": headers()[Place.ANSWER],
        "dont_know": dont_know_word(),
        "not_applicable": not_applicable_word(),
    }


def _rows(current: RoundData, instrument: Instrument, language: str) -> Iterator[Row]:
    for section in instrument.sections:
        concerned = [found for found in section.all_indicators() if applies(found, current.profile)]
        if concerned:
            yield Row([None, section.title.in_language(language)], is_heading=True)
        for indicator in concerned:
            yield Row(
                [indicator.code, indicator.title.in_language(language), _levels(instrument, indicator, language)],
                choices={Place.ANSWER: _offered(instrument, indicator), Place.EVIDENCE: yes_no()},
            )


def _levels(instrument: Instrument, indicator: Indicator, language: str) -> str:
    names = {level.level: level.name for level in instrument.scale_of(indicator).levels if level.name}
    lines = [
        f"{number} = {names[number].in_language(language)}: {text.in_language(language)}"
        if number in names
        else f"{number} = {text.in_language(language)}"
        for number, text in indicator.levels
    ]
    return "\n".join(lines)


def _offered(instrument: Instrument, indicator: Indicator) -> list[str]:
    levels = instrument.scale_of(indicator).choices
    others = [dont_know_word(), *([not_applicable_word()] if indicator.may_not_apply else [])]
    # A scale of a hundred steps is typed: a drop-down would refuse what it does not list.
    return [*(str(level) for level in levels), *others] if len(levels) <= MAX_OFFERED else []
