"""The shape of a call: the published JSON Schema, and its findings as our problems."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from nassij.common.plain_data import pointer

from .problems import Problem, ProblemCode

SCHEMA = Path(__file__).parent.parent / "schema" / "funding-call-1.schema.json"
MAX_DEPTH = 12
"""Rules in rules in rules: nobody reads deeper, and a validator should not be made to."""
MAX_QUOTE = 40
_LANGUAGE = re.compile("[a-z]{2,3}")

_BY_KEYWORD = {
    "type": ProblemCode.WRONG_TYPE,
    "required": ProblemCode.MISSING_KEY,
    "additionalProperties": ProblemCode.UNKNOWN_KEY,
    "pattern": ProblemCode.BAD_FORMAT,
    "const": ProblemCode.NOT_ONE_OF,
    "enum": ProblemCode.NOT_ONE_OF,
    "minimum": ProblemCode.OUT_OF_RANGE,
    "maximum": ProblemCode.OUT_OF_RANGE,
    "maxLength": ProblemCode.TOO_LONG,
    "minLength": ProblemCode.TOO_FEW,
    "minItems": ProblemCode.TOO_FEW,
    "minProperties": ProblemCode.TOO_FEW,
    "maxItems": ProblemCode.TOO_MANY,
    "uniqueItems": ProblemCode.DUPLICATE_ENTRY,
    "anyOf": ProblemCode.NEEDS_ONE_OF,
}


def shape_problems(data: object) -> list[Problem]:
    """Everything about ``data`` that the schema does not accept, in document order."""
    if _depth(data) > MAX_DEPTH:
        return [Problem(ProblemCode.TOO_DEEP, "", {"maximum": MAX_DEPTH})]
    errors = sorted(_validator().iter_errors(data), key=lambda error: [_sortable(step) for step in error.absolute_path])
    return [problem for error in errors for problem in _problems(error)]


def _sortable(step: str | int) -> tuple[int, int, str]:
    return (0, step, "") if isinstance(step, int) else (1, 0, step)


@cache
def _validator() -> Any:
    strict = extend(  # type: ignore[no-untyped-call]
        Draft202012Validator,
        validators={"pattern": _pattern},
        type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _checker, value: type(value) is int),
    )
    return strict(json.loads(SCHEMA.read_text("utf-8")))


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    """A `$` is the very end, as in ECMA-262: Python's own would let a line break follow."""
    if isinstance(instance, str) and not _compiled(pattern).search(instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern)


def _problems(error: ValidationError) -> Iterator[Problem]:
    path = ""
    for step in error.absolute_path:
        path = pointer(path, step)
    keyword = str(error.validator)
    expected: Any = error.validator_value
    code = _BY_KEYWORD[keyword]
    match keyword:
        case "required":
            missing = next(name for name in expected if f"{name!r}" in error.message)
            yield Problem(code, path, {"name": missing})
        case "additionalProperties":
            for name in _foreign_keys(error):
                yield Problem(code, pointer(path, name), {"name": _quoted(name)})
        case "type":
            yield Problem(code, path, {"expected": expected if isinstance(expected, str) else "/".join(expected)})
        case "enum" | "const":
            allowed = expected if keyword == "enum" else [expected]
            yield Problem(code, path, {"value": _quoted(error.instance), "allowed": ", ".join(map(str, allowed))})
        case "pattern":
            yield Problem(code, path, {"value": _quoted(error.instance)})
        case "anyOf":
            yield Problem(code, path, {"names": ", ".join(name for way in expected for name in way["required"])})
        case "uniqueItems":
            yield Problem(code, path)
        case _:
            yield Problem(code, path, {"bound": expected})


def _foreign_keys(error: ValidationError) -> Iterable[str]:
    schema: Any = error.schema
    instance: Any = error.instance
    known = set(schema.get("properties", ()))
    if "patternProperties" in schema:  # a text: its keys are languages
        return [name for name in instance if not _LANGUAGE.fullmatch(name)]
    return [name for name in instance if name not in known]


def _quoted(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= MAX_QUOTE else text[: MAX_QUOTE - 1] + "…"


def _depth(data: object) -> int:
    deepest, level = 0, [data]
    while level and deepest <= MAX_DEPTH:
        deepest += 1
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
    return deepest
