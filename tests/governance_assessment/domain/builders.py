"""Small instruments and answer sets for tests, written as short as they are thought of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import settings

from governance_assessment.domain import Answer, AnswerSet, Instrument, Result, load_yaml, parse_instrument, score

DATA = Path(__file__).parent / "data"
#: For generated cases: enough of them, and no time limit on a busy machine.
few = settings(max_examples=60, deadline=None)
INSTRUMENTS = Path(__file__).parents[3] / "governance_assessment" / "instruments"


#: Problems between a version and the one it replaces; `test_lineage` exercises them.
LINEAGE_CODES = {
    "replaces_itself", "not_the_replaced", "not_declared", "still_there", "wrong_sources", "unknown_source", "code_reused",
    "not_accounted_for", "accounted_twice", "split_in_one", "equal_other_scale", "equal_other_levels",
    "equal_other_wording",
}  # fmt: skip


def text(words: str) -> dict[str, str]:
    """A text in the one language of the small instruments."""
    return {"en": words}


def indicator(code: str, weight: Any = 1, **more: Any) -> dict[str, Any]:
    return {"code": code, "weight": weight, "title": text(code)} | more


def section(code: str, *below: dict[str, Any], weight: Any = 1, **more: Any) -> dict[str, Any]:
    """A section of indicators, or of sections, whichever ``below`` are."""
    kind = "sections" if any({"sections", "indicators"} & item.keys() for item in below) else "indicators"
    return {"code": code, "weight": weight, "title": text(code), kind: list(below)} | more


def document(
    *sections: dict[str, Any], scale: Any = (1, 4), profile: tuple[str, ...] = (), **scoring: Any
) -> dict[str, Any]:
    """An instrument document; ``scoring`` keys override a plain weighted mean in percent, published when complete."""
    return {
        "schema_version": 1,
        "slug": "small",
        "version": "1.0.0",
        "languages": ["en"],
        "title": text("Small"),
        "scale": scale if isinstance(scale, dict) else {"min": scale[0], "max": scale[1]},
        "profile_questions": [{"code": code, "text": text(code)} for code in profile],
        "scoring": {"aggregate": "weighted_mean", "percent": True, "completeness": 0} | scoring,
        "sections": list(sections),
    }


def build(*sections: dict[str, Any], **options: Any) -> Instrument:
    return parse_instrument(document(*sections, **options))


def answer(value: Any) -> Answer:
    """A level, ``"?"`` for don't know, ``None`` for later, or ``"n/a: reason"``."""
    if value is None:
        return Answer.skipped()
    if value == "?":
        return Answer.dont_know()
    if isinstance(value, str):
        return Answer.not_applicable(value.removeprefix("n/a:").strip())
    return Answer.of_level(value)


def answers(values: Mapping[str, Any], profile: Mapping[str, bool] | None = None) -> AnswerSet:
    return AnswerSet({code: answer(value) for code, value in values.items()}, profile or {})


def scored(instrument: Instrument, values: Mapping[str, Any], **profile: bool) -> Result:
    return score(instrument, answers(values, profile))


def vectors() -> dict[str, Any]:
    """The published numbers."""
    return load_yaml((DATA / "scoring_vectors.yaml").read_bytes())


def gov_ma() -> Instrument:
    """The real instrument."""
    return parse_instrument(load_yaml((INSTRUMENTS / "gov-ma" / "0.1.0.yaml").read_bytes()))
