"""What is worth a second look in a set of answers, before it is submitted and while a coach validates it.

Nothing here blocks: these are questions to people, never verdicts about them. How fast somebody answered is not among them: what
a server stores is when an answer arrived, and a phone that was offline sends twenty at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from .answers import AnswerSet, applies
from .instrument import Instrument

#: Fewer equal answers than this may be a coincidence.
SAME_LEVEL_FROM = 10
_HALF = Fraction(1, 2)


class QualityCode(StrEnum):
    """What is worth a second look."""

    LEVEL_WITHOUT_EVIDENCE = "level_without_evidence"
    SAME_LEVEL = "same_level"
    MANY_NOT_APPLICABLE = "many_not_applicable"


class Severity(StrEnum):
    """How much it matters: a warning concerns a critical point or a whole dimension."""

    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class QualityCheck:
    """One thing to look at again. ``place`` is the code of an indicator or of a section, ``""`` for the whole."""

    severity: Severity
    code: QualityCode
    place: str = ""


def quality_checks(
    instrument: Instrument, answers: AnswerSet, *, documented: Collection[str], to_review: Collection[str]
) -> tuple[QualityCheck, ...]:
    """Everything worth a second look.

    ``documented``: the indicators for which a document exists. ``to_review``: the sections of which the engine says that more is
    "not applicable" than the instrument tolerates (``NodeResult.needs_review``).
    """
    return (
        *_same_level(instrument, answers),
        *(QualityCheck(Severity.WARNING, QualityCode.MANY_NOT_APPLICABLE, code) for code in to_review),
        *_undocumented(instrument, answers, documented),
    )


def _same_level(instrument: Instrument, answers: AnswerSet) -> Iterator[QualityCheck]:
    levels = [
        answer.level
        for code, answer in answers.answers.items()
        if answer.level is not None and applies(instrument.indicator(code), answers.profile)
    ]
    if len(levels) >= SAME_LEVEL_FROM and len(set(levels)) == 1:
        yield QualityCheck(Severity.WARNING, QualityCode.SAME_LEVEL)


def _undocumented(instrument: Instrument, answers: AnswerSet, documented: Collection[str]) -> Iterator[QualityCheck]:
    """A level in the upper half of its scale, where the instrument names documents and nobody has one."""
    for indicator in instrument.all_indicators():
        answer = answers.answers.get(indicator.code)
        if answer is None or answer.level is None or not indicator.evidence or indicator.code in documented:
            continue
        if applies(indicator, answers.profile) and instrument.scale_of(indicator).share(answer.level) > _HALF:
            severity = Severity.WARNING if indicator.critical else Severity.NOTICE
            yield QualityCheck(severity, QualityCode.LEVEL_WITHOUT_EVIDENCE, indicator.code)
