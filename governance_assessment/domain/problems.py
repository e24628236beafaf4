"""Problems found in data that came from outside.

A problem is a machine code, a place and some parameters: the domain speaks no language. Whoever shows it
(the command line, the admin, the API) owns the sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from nassij.common.plain_data import pointer, pointer_steps

__all__ = [
    "AnswerProblem",
    "InstrumentProblem",
    "InvalidAnswers",
    "InvalidData",
    "InvalidDocument",
    "InvalidInstrument",
    "InvalidRecommendations",
    "ParamValue",
    "Problem",
    "ProblemCode",
    "pointer",
    "pointer_steps",
]

ParamValue = str | int


class ProblemCode(StrEnum):
    """Every code the domain can report; the message tables are tested against this list."""

    # The document itself.
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    TOO_MANY_NODES = "too_many_nodes"
    CYCLE = "cycle"
    SYNTAX = "syntax"
    TAG = "tag"
    DUPLICATE_KEY = "duplicate_key"
    BAD_KEY = "bad_key"
    BAD_NUMBER = "bad_number"
    BAD_VALUE = "bad_value"
    # The shape: what a JSON Schema can say as well.
    SCHEMA_VERSION = "schema_version"
    WRONG_TYPE = "wrong_type"
    MISSING_KEY = "missing_key"
    UNKNOWN_KEY = "unknown_key"
    EMPTY = "empty"
    BAD_FORMAT = "bad_format"
    BAD_CHARACTERS = "bad_characters"
    TOO_LONG = "too_long"
    NOT_ONE_OF = "not_one_of"
    OUT_OF_RANGE = "out_of_range"
    WEIGHT_NOT_POSITIVE = "weight_not_positive"
    SECTIONS_AND_INDICATORS = "sections_and_indicators"
    NO_CONTENT = "no_content"
    CAP_CONDITION = "cap_condition"
    LAW_BASIS_WITHOUT_LAW = "law_basis_without_law"
    # The sense of an instrument: what needs two places to be compared.
    MISSING_LANGUAGE = "missing_language"
    UNKNOWN_LANGUAGE = "unknown_language"
    DUPLICATE_ENTRY = "duplicate_entry"
    DUPLICATE_CODE = "duplicate_code"
    SCALE_EMPTY = "scale_empty"
    SCALE_TOO_LONG = "scale_too_long"
    LEVEL_OUT_OF_SCALE = "level_out_of_scale"
    MISSING_LEVEL = "missing_level"
    POINTS_NOT_INCREASING = "points_not_increasing"
    UNKNOWN_PROFILE_QUESTION = "unknown_profile_question"
    UNKNOWN_LAW = "unknown_law"
    UNKNOWN_INDICATOR = "unknown_indicator"
    UNKNOWN_LABEL = "unknown_label"
    BANDS_NOT_FROM_ZERO = "bands_not_from_zero"
    BANDS_NOT_ASCENDING = "bands_not_ascending"
    LABELS_NOT_ASCENDING = "labels_not_ascending"
    BAND_ABOVE_MAXIMUM = "band_above_maximum"
    CAP_LEVEL_OUT_OF_SCALE = "cap_level_out_of_scale"
    CAP_NEVER_APPLIES = "cap_never_applies"
    # What became of the indicators of the version before.
    REPLACES_ITSELF = "replaces_itself"
    NOT_THE_REPLACED = "not_the_replaced"
    NOT_DECLARED = "not_declared"
    STILL_THERE = "still_there"
    WRONG_SOURCES = "wrong_sources"
    UNKNOWN_SOURCE = "unknown_source"
    CODE_REUSED = "code_reused"
    NOT_ACCOUNTED_FOR = "not_accounted_for"
    ACCOUNTED_TWICE = "accounted_twice"
    SPLIT_IN_ONE = "split_in_one"
    EQUAL_OTHER_SCALE = "equal_other_scale"
    EQUAL_OTHER_LEVELS = "equal_other_levels"
    EQUAL_OTHER_WORDING = "equal_other_wording"
    # Answers against their instrument.
    OTHER_INSTRUMENT = "other_instrument"
    CRITICAL_NOT_APPLICABLE = "critical_not_applicable"
    REASON_REQUIRED = "reason_required"
    # Recommendations against their instrument.
    NOT_THE_NEXT_LEVEL = "not_the_next_level"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong.

    ``path`` is a JSON Pointer (RFC 6901) into the document, ``""`` for the document as a whole.
    """

    code: ProblemCode
    path: str
    params: Mapping[str, ParamValue] = field(default_factory=dict)


class InstrumentProblem(Problem):
    """A problem in an instrument file."""

    __slots__ = ()


class AnswerProblem(Problem):
    """A problem in a set of answers."""

    __slots__ = ()


class InvalidData(ValueError):
    """Data refused; ``problems`` holds everything found, in document order, and is never empty."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = tuple(problems)
        super().__init__("; ".join(f"{problem.path or '/'}: {problem.code}" for problem in self.problems))


class InvalidDocument(InvalidData):
    """The text is not YAML or JSON that this project reads (syntax, limits, cycles, tags)."""


class InvalidInstrument(InvalidData):
    """The document is not a valid instrument."""


class InvalidRecommendations(InvalidData):
    """The document is not a valid list of recommendations, or does not fit its instrument."""


class InvalidAnswers(InvalidData):
    """The document is not a valid set of answers, or does not fit its instrument."""
