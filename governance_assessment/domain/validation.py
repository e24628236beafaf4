"""What a coach's words make of an association's answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from .answers import Answer, AnswerSet, concerned
from .instrument import Instrument


def validated_answers(
    instrument: Instrument, found: Mapping[str, Answer | None], profile: Mapping[str, bool]
) -> AnswerSet:
    """The answers that count once a coach has looked; ``found`` maps a code to the answer, None where nothing shows it.

    In a validated result no evidence counts as the lowest level (PEFA's D*): unlike "I don't know" in a self-assessment, which
    leaves the dimension incomplete, somebody has looked and found nothing.
    """
    answers = {
        code: answer or Answer.of_level(instrument.scale_of(instrument.indicator(code)).minimum)
        for code, answer in found.items()
    }
    return AnswerSet(answers, profile, instrument.slug, instrument.version)


def without_word(instrument: Instrument, profile: Mapping[str, bool], found: Collection[str]) -> tuple[str, ...]:
    """The indicators that concern the association and that the coach has said nothing about yet, in order."""
    return tuple(code for code in concerned(instrument, profile) if code not in found)
