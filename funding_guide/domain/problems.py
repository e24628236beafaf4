"""What is wrong with a call that came from outside: a machine code, a place, some figures; whoever shows it owns the sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

ParamValue = str | int


class ProblemCode(StrEnum):
    """Every code the domain can report; the message tables are tested against this list."""

    # The shape: what the JSON Schema says.
    TOO_DEEP = "too_deep"
    WRONG_TYPE = "wrong_type"
    MISSING_KEY = "missing_key"
    UNKNOWN_KEY = "unknown_key"
    BAD_FORMAT = "bad_format"
    NOT_ONE_OF = "not_one_of"
    OUT_OF_RANGE = "out_of_range"
    TOO_LONG = "too_long"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    DUPLICATE_ENTRY = "duplicate_entry"
    NEEDS_ONE_OF = "needs_one_of"
    # The sense: what needs two places to be compared.
    BAD_CHARACTERS = "bad_characters"
    NOTHING_VISIBLE = "nothing_visible"
    NO_SUCH_DAY = "no_such_day"
    MISSING_LANGUAGE = "missing_language"
    UNKNOWN_LANGUAGE = "unknown_language"
    DUPLICATE_CODE = "duplicate_code"
    RESERVED_CODE = "reserved_code"
    CLOSES_BEFORE_OPENING = "closes_before_opening"
    HOUR_WITHOUT_DAY = "hour_without_day"
    MODEL_WITH_DATES = "model_with_dates"
    CALL_WITHOUT_END = "call_without_end"
    MINIMUM_ABOVE_MAXIMUM = "minimum_above_maximum"
    CONTRADICTION = "contradiction"
    SAID_TWICE = "said_twice"
    UNKNOWN_RULE = "unknown_rule"
    TEMPLATE_WITHOUT_GUIDE = "template_without_guide"
    CONFLICT_WITHOUT_COUNCIL = "conflict_without_council"
    # Against the site's reference data.
    UNKNOWN_REGION = "unknown_region"
    UNKNOWN_PROVINCE = "unknown_province"
    UNKNOWN_FIELD = "unknown_field"
    OTHER_NAMES_NOTHING = "other_names_nothing"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong; ``path`` is a JSON Pointer (RFC 6901) into the document, ``""`` for the document as a whole."""

    code: ProblemCode
    path: str
    params: Mapping[str, ParamValue] = field(default_factory=dict)


class InvalidCall(ValueError):
    """A call refused; ``problems`` holds everything found, in document order, and is never empty."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = tuple(problems)
        super().__init__("; ".join(f"{problem.path or '/'}: {problem.code}" for problem in self.problems))
