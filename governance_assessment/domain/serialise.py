"""An instrument as plain data again, and the two fingerprints that make a version immutable."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from .instrument import (
    Aggregate,
    Band,
    Cap,
    Descent,
    Indicator,
    Instrument,
    LocalizedText,
    Relation,
    Replacement,
    Scale,
    ScoringRules,
    Section,
)
from .numbers import exact_data
from .parser import SCHEMA_VERSION


def instrument_to_data(instrument: Instrument) -> dict[str, Any]:
    """The document an instrument could have been read from: ``parse_instrument`` of it gives an equal instrument.

    Values that are the default are left out, so that a key added to the format later does not change the hash of
    what was published before.
    """
    return _without_defaults(
        {
            "schema_version": SCHEMA_VERSION,
            "slug": instrument.slug,
            "version": instrument.version,
            "languages": list(instrument.languages),
            "title": _text(instrument.title),
            "description": _text(instrument.description),
            "scale": _scale(instrument.scale),
            "profile_questions": [
                {"code": question.code, "text": _text(question.text)} for question in instrument.profile_questions
            ],
            "scoring": _scoring(instrument.scoring),
            "laws": {code: _text(text) for code, text in instrument.laws},
            "sections": [_section(section) for section in instrument.sections],
            "replaces": instrument.replaces and replacement_to_data(instrument.replaces),
            "express_only": instrument.is_express,
        }
    )


def content_hash(instrument: Instrument) -> str:
    """SHA-256 (hex) of everything in the instrument, texts included: is this the very document that was published?"""
    return _digest(instrument_to_data(instrument))


def scoring_hash(instrument: Instrument) -> str:
    """SHA-256 (hex) of what can change a score or a label; wording, translations and order do not count.

    Two versions with the same scoring hash give every set of answers the same result.
    """
    return _digest(
        {
            "scale": _scale_for_scoring(instrument.scale),
            "scoring": _rules_for_scoring(instrument.scoring),
            "sections": _in_any_order([_section_for_scoring(section) for section in instrument.sections]),
            "express_only": instrument.is_express,
        }
    )


def draft_hash(data: object) -> str:
    """The same fingerprint for a draft that still has gaps: of its plain data."""
    return _digest(data)


def _digest(data: object) -> str:
    """Over canonical JSON: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _without_defaults(data: dict[str, Any]) -> dict[str, Any]:
    """Without what is absent, empty or false. Zeros stay: they are values people chose."""
    return {
        key: value for key, value in data.items() if value is not None and value is not False and value not in ([], {})
    }


def _text(text: LocalizedText | None) -> dict[str, str] | None:
    return None if text is None else dict(text.translations)


def replacement_to_data(replaces: Replacement) -> dict[str, Any]:
    """A declaration as it stands under ``replaces``."""
    return {"version": replaces.version, "items": {item.code: _descent(item) for item in replaces.items}}


def _descent(item: Descent) -> dict[str, Any]:
    kept = item.relation is Relation.EQUAL and item.sources == (item.code,)
    sources = [] if kept else list(item.sources)
    return _without_defaults({"relation": str(item.relation), "from": sources})


def _scale(scale: Scale | None) -> dict[str, Any] | None:
    if scale is None:
        return None
    levels = [
        _without_defaults(
            {
                "level": level.level,
                "name": _text(level.name),
                "points": None if level.points == level.level else exact_data(level.points),
            }
        )
        for level in scale.levels
    ]
    return _without_defaults({"min": scale.minimum, "max": scale.maximum, "levels": levels})


def _scoring(rules: ScoringRules) -> dict[str, Any]:
    """Shares and flags are always written out: they are few, and their defaults are not obvious."""
    data = {
        "aggregate": str(rules.aggregate),
        "percent": rules.percent,
        "completeness": exact_data(rules.completeness),
        "not_applicable_review": exact_data(rules.not_applicable_review),
        "provisional_when_critical_unanswered": rules.provisional_when_critical_unanswered,
    }
    lists = {"bands": [_band(band) for band in rules.bands], "caps": [_cap(cap) for cap in rules.caps]}
    return data | _without_defaults(lists)


def _band(band: Band) -> dict[str, Any]:
    return _without_defaults({"from": exact_data(band.start), "label": band.label, "name": _text(band.name)})


def _cap(cap: Cap) -> dict[str, Any]:
    when: dict[str, Any] = (
        {"indicators": list(cap.indicators), "at": cap.at} if cap.indicators else {"critical_at": cap.at}
    )
    return {
        "code": cap.code,
        "when": when | {"count": cap.count},
        "label_max": cap.label_max,
        "scope": str(cap.scope),
    }


def _section(section: Section) -> dict[str, Any]:
    return _without_defaults(
        {
            "code": section.code,
            "weight": exact_data(section.weight),
            "title": _text(section.title),
            "aggregate": section.aggregate and str(section.aggregate),
            "category": section.category,
            "sections": [_section(below) for below in section.sections],
            "indicators": [_indicator(indicator) for indicator in section.indicators],
        }
    )


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return _without_defaults(
        {
            "code": indicator.code,
            "weight": exact_data(indicator.weight),
            "title": _text(indicator.title),
            "critical": indicator.critical,
            "express": indicator.express,
            "applies_if": indicator.applies_if,
            "why": _text(indicator.why),
            "levels": {str(level): _text(text) for level, text in indicator.levels},
            "evidence": [_text(text) for text in indicator.evidence],
            "basis": str(indicator.basis),
            "laws": list(indicator.laws),
            "scale": _scale(indicator.scale),
        }
    )


# --- What counts for a score ----------------------------------------------------------------------------


def _in_any_order(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(items, key=lambda item: str(item["code"]))


def _scale_for_scoring(scale: Scale | None) -> list[Any] | None:
    """Bounds and points. A bare scale stays short: it may have a million levels."""
    if scale is None:
        return None
    points = [exact_data(level.points) for level in scale.levels]
    is_bare = points == list(scale.choices) if points else True
    return [scale.minimum, scale.maximum, None if is_bare else points]


def _rules_for_scoring(rules: ScoringRules) -> dict[str, Any]:
    data = _scoring(rules)
    data["bands"] = [[exact_data(band.start), band.label] for band in rules.bands]
    caps = [_cap(cap) for cap in rules.caps]
    for cap in caps:
        cap["when"]["indicators"] = sorted(cap["when"].get("indicators", ()))
    data["caps"] = _in_any_order(caps)
    return data


def _section_for_scoring(section: Section) -> dict[str, Any]:
    return {
        "code": section.code,
        "weight": exact_data(section.weight),
        "aggregate": str(section.aggregate or Aggregate.WEIGHTED_MEAN),
        "category": section.category,
        "sections": _in_any_order([_section_for_scoring(below) for below in section.sections]),
        "indicators": _in_any_order([_indicator_for_scoring(indicator) for indicator in section.indicators]),
    }


def _indicator_for_scoring(indicator: Indicator) -> dict[str, Any]:
    return {
        "code": indicator.code,
        "weight": exact_data(indicator.weight),
        "critical": indicator.critical,
        "express": indicator.express,
        "applies_if": indicator.applies_if,
        "scale": _scale_for_scoring(indicator.scale),
    }
