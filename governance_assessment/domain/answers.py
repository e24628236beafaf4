"""What people answered, and whether it fits the instrument."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from .characters import one_line
from .documents import plain_tree
from .instrument import Indicator, Instrument
from .numbers import parse_integer
from .problems import AnswerProblem, InvalidAnswers, InvalidData, ParamValue, Problem, ProblemCode, pointer
from .reader import CODE, MAX_QUOTE, SLUG, VERSION, Reader

SCHEMA_VERSION = 1
MAX_REASON = 2_000


class AnswerKind(StrEnum):
    """The four things an answer can be. Null is not zero: only a level has a value."""

    LEVEL = "level"
    NOT_APPLICABLE = "not_applicable"
    DONT_KNOW = "dont_know"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to one indicator. Build it with the methods below."""

    kind: AnswerKind
    level: int | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if (self.kind is AnswerKind.LEVEL) != (self.level is not None):
            raise ValueError("a level answer has a level, and no other answer has one")

    @classmethod
    def of_level(cls, level: int) -> Answer:
        """The level chosen on the indicator's scale."""
        return cls(AnswerKind.LEVEL, level)

    @classmethod
    def not_applicable(cls, reason: str = "") -> Answer:
        """It does not concern this association, and why."""
        return cls(AnswerKind.NOT_APPLICABLE, reason=reason)

    @classmethod
    def dont_know(cls) -> Answer:
        """Answered, with no knowledge of it: neither "not applicable" nor the lowest level."""
        return cls(AnswerKind.DONT_KNOW)

    @classmethod
    def skipped(cls) -> Answer:
        """Left for later; the same as no answer at all."""
        return cls(AnswerKind.SKIPPED)


def _frozen(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(mapping))


@dataclass(frozen=True, slots=True)
class AnswerSet:
    """The answers of one person, or of the association: indicator code -> answer, profile question -> yes/no.

    ``slug`` and ``version`` name the instrument they were given to, where known.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    profile: Mapping[str, bool] = field(default_factory=dict)
    slug: str | None = None
    version: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "answers", _frozen(self.answers))
        object.__setattr__(self, "profile", _frozen(self.profile))

    def restricted_to(self, instrument: Instrument) -> AnswerSet:
        """Without the answers to indicators the instrument does not have (an express round in a full set, say)."""
        known = instrument.by_code
        return replace(self, answers={code: answer for code, answer in self.answers.items() if code in known})


# --- Against the instrument -----------------------------------------------------------------------------


def check_answers(instrument: Instrument, answers: AnswerSet) -> list[AnswerProblem]:
    """Everything in ``answers`` that does not fit ``instrument``; an empty list when all is well.

    Missing answers are no problem: they lower completeness. Rules on "not applicable": refused on a critical indicator
    without condition; elsewhere a reason is required unless the profile already says that it does not apply.
    """
    return [
        *_header_problems(instrument, answers),
        *_profile_problems(instrument, answers),
        *_problems(instrument, answers),
    ]


def applies(indicator: Indicator, profile: Mapping[str, bool]) -> bool:
    """Whether an indicator concerns an association; a profile question not answered yet counts as yes."""
    return indicator.applies_if is None or profile.get(indicator.applies_if, True)


def concerned(instrument: Instrument, profile: Mapping[str, bool]) -> tuple[str, ...]:
    """The codes of the indicators that concern an association with this profile, in the order people meet them."""
    return tuple(indicator.code for indicator in instrument.all_indicators() if applies(indicator, profile))


def _header_problems(instrument: Instrument, answers: AnswerSet) -> Iterator[AnswerProblem]:
    if answers.slug is not None and answers.slug != instrument.slug:
        yield _problem(ProblemCode.OTHER_INSTRUMENT, "/instrument", value=answers.slug, expected=instrument.slug)
    if answers.version is not None and answers.version != instrument.version:
        yield _problem(ProblemCode.OTHER_INSTRUMENT, "/version", value=answers.version, expected=instrument.version)


def _profile_problems(instrument: Instrument, answers: AnswerSet) -> Iterator[AnswerProblem]:
    known = {question.code for question in instrument.profile_questions}
    for code in answers.profile:
        if code not in known:
            yield _problem(ProblemCode.UNKNOWN_PROFILE_QUESTION, pointer("/profile", code), value=code)


def _problems(instrument: Instrument, answers: AnswerSet) -> Iterator[AnswerProblem]:
    for code, answer in answers.answers.items():
        indicator = instrument.by_code.get(code)
        if indicator is None:
            yield _problem(ProblemCode.UNKNOWN_INDICATOR, pointer("/answers", code), value=code)
        elif answer.kind is AnswerKind.LEVEL:
            scale = instrument.scale_of(indicator)
            if answer.level not in scale:
                bounds = {"minimum": scale.minimum, "maximum": scale.maximum}
                path = pointer("/answers", code)
                yield _problem(ProblemCode.LEVEL_OUT_OF_SCALE, path, level=answer.level or 0, **bounds)
        elif answer.kind is AnswerKind.NOT_APPLICABLE:
            yield from _not_applicable_problems(indicator, answer, answers.profile)


def _not_applicable_problems(
    indicator: Indicator, answer: Answer, profile: Mapping[str, bool]
) -> Iterator[AnswerProblem]:
    path = pointer("/answers", indicator.code)
    if not indicator.may_not_apply:
        yield _problem(ProblemCode.CRITICAL_NOT_APPLICABLE, path)
    elif applies(indicator, profile) and not answer.reason.strip():
        yield _problem(ProblemCode.REASON_REQUIRED, path)


def _problem(code: ProblemCode, path: str, **params: ParamValue) -> AnswerProblem:
    return AnswerProblem(code, path, params)


# --- The document ---------------------------------------------------------------------------------------


def parse_answers(data: Mapping[str, Any]) -> AnswerSet:
    """The answers in a document (see ``schema/answers-1.schema.json``). Raises :class:`InvalidAnswers`.

    An answer is a level (``3``), ``dont_know``, ``skipped`` (or nothing), or ``{not_applicable: "the reason"}``.
    """
    try:
        tree = plain_tree(data)
    except InvalidData as refused:
        raise _invalid(refused.problems) from refused
    if not isinstance(tree, dict):
        raise _invalid([Problem(ProblemCode.WRONG_TYPE, "", {"expected": "mapping"})])
    problems: list[Problem] = []
    answers = _answer_set(Reader(tree, "", problems))
    if problems:
        raise _invalid(problems)
    return answers


def answers_to_data(answers: AnswerSet) -> dict[str, Any]:
    """The document for a set of answers; ``parse_answers`` of it gives an equal set."""
    header = {"schema_version": SCHEMA_VERSION, "instrument": answers.slug, "version": answers.version}
    body = {
        "profile": dict(answers.profile),
        "answers": {code: _answer_to_data(answer) for code, answer in answers.answers.items()},
    }
    return {key: value for key, value in header.items() if value is not None} | body


def _answer_to_data(answer: Answer) -> int | str | dict[str, str]:
    if answer.level is not None:
        return answer.level
    if answer.kind is AnswerKind.NOT_APPLICABLE:
        return {str(AnswerKind.NOT_APPLICABLE): answer.reason}
    return str(answer.kind)


def _invalid(problems: Any) -> InvalidAnswers:
    return InvalidAnswers(AnswerProblem(found.code, found.path, found.params) for found in problems)


def _answer_set(reader: Reader) -> AnswerSet:
    reader.expect(required={"schema_version", "answers"}, optional={"instrument", "version", "profile"})
    if "schema_version" in reader.data and parse_integer(reader.data["schema_version"]) != SCHEMA_VERSION:
        reader.note(ProblemCode.SCHEMA_VERSION, "schema_version", expected=SCHEMA_VERSION)
    profile, answers = reader.child("profile"), reader.child("answers")
    return AnswerSet(
        answers=dict(_answers(answers)) if answers else {},
        profile={code: profile.flag(code, False) for code in profile.data} if profile else {},
        slug=reader.matching("instrument", SLUG) if "instrument" in reader.data else None,
        version=reader.matching("version", VERSION) if "version" in reader.data else None,
    )


def _answers(reader: Reader) -> Iterator[tuple[str, Answer]]:
    for code, value in reader.data.items():
        if not CODE.fullmatch(code):
            reader.note(ProblemCode.BAD_FORMAT, code, value=one_line(code, MAX_QUOTE))
        else:
            yield code, _answer(reader, code, value)


def _answer(reader: Reader, code: str, value: Any) -> Answer:
    if value is None or value == AnswerKind.SKIPPED:
        return Answer.skipped()
    if value == AnswerKind.DONT_KNOW:
        return Answer.dont_know()
    if isinstance(value, dict):
        return _not_applicable(reader, code)
    if parse_integer(value) is not None:
        return Answer.of_level(reader.integer(code, 0, minimum=0))
    reader.note(ProblemCode.NOT_ONE_OF, code, allowed="1, 2, 3 ..., dont_know, skipped, {not_applicable: ...}")
    return Answer.skipped()


def _not_applicable(reader: Reader, code: str) -> Answer:
    """A reason may be empty here: where one is required is for :func:`check_answers` to say."""
    below = reader.child(code) or reader
    key = str(AnswerKind.NOT_APPLICABLE)
    below.expect(required={key})
    reason = below.data.get(key, "")
    if isinstance(reason, str) and not reason.strip():
        return Answer.not_applicable()
    return Answer.not_applicable(below.plain_text(key, maximum=MAX_REASON))
