"""Fingerprints: what changes them and what does not."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given

from governance_assessment.domain import content_hash, instrument_to_data, parse_instrument, scoring_hash
from tests.governance_assessment.domain.builders import document, few, indicator, section, text
from tests.governance_assessment.domain.test_scoring_properties import documents


def made() -> dict[str, Any]:
    return document(
        section("A", indicator("a1", 2, critical=True, why=text("why")), indicator("a2")),
        section("B", section("B1", indicator("b1", scale={"min": 0, "max": 1}))),
        scale={"min": 1, "max": 2, "levels": [{"level": n, "name": text(str(n))} for n in (1, 2)]},
        profile=("p",),
        bands=[{"from": 0, "label": 1}, {"from": 50, "label": 2}],
        caps=[
            {"code": "x", "when": {"critical_at": 1}, "label_max": 1, "scope": "overall"},
            {"code": "y", "when": {"indicators": ["a1", "a2"], "at": 1}, "label_max": 1, "scope": "overall"},
        ],
    )


def changed(change: str, data: dict[str, Any]) -> dict[str, Any]:
    first = data["sections"][0]["indicators"][0]
    match change:
        case "title":
            first["title"] = text("other words")
        case "band name":
            data["scoring"]["bands"][0]["name"] = text("low")
        case "version":
            data["version"] = "1.0.1"
        case "order":
            data["sections"].reverse()
            data["sections"][1]["indicators"].reverse()
            data["scoring"]["caps"].reverse()
            data["scoring"]["caps"][0]["when"]["indicators"].reverse()
        case "default written out":
            data["sections"][0]["aggregate"] = "weighted_mean"
        case "points that are the level":
            data["scale"]["levels"][1]["points"] = 2
        case "weight":
            first["weight"] = 3
        case "critical":
            data["sections"][0]["indicators"][1]["critical"] = True
        case "express":
            first["express"] = True
        case "condition":
            first["applies_if"] = "p"
        case "points":
            data["scale"]["levels"][1]["points"] = 3
        case "band":
            data["scoring"]["bands"][1]["from"] = 51
        case "cap":
            data["scoring"]["caps"][1]["when"]["count"] = 2
        case "completeness":
            data["scoring"]["completeness"] = "1/2"
        case "own scale":
            data["sections"][1]["sections"][0]["indicators"][0]["scale"]["max"] = 2
    return data


WORDS = ["title", "band name", "version", "order", "default written out"]
RULES = ["weight", "critical", "express", "condition", "points", "band", "cap", "completeness", "own scale"]


@pytest.mark.parametrize("change", WORDS + RULES)
def test_what_changes_the_hashes(change: str) -> None:
    before, after = parse_instrument(made()), parse_instrument(changed(change, made()))
    assert content_hash(before) != content_hash(after)
    assert (scoring_hash(before) == scoring_hash(after)) == (change in WORDS)


def test_the_same_said_otherwise() -> None:
    before, after = parse_instrument(made()), parse_instrument(changed("points that are the level", made()))
    assert content_hash(before) == content_hash(after)
    assert hash(before) == hash(after)


def test_express_is_another_scoring() -> None:
    data = made()
    for found in (data["sections"][0]["indicators"][0], data["sections"][1]["sections"][0]["indicators"][0]):
        found["express"] = True
    data["sections"][0]["indicators"][1]["express"] = True
    instrument = parse_instrument(data)
    assert scoring_hash(instrument.express()) != scoring_hash(instrument)


@few
@given(documents())
def test_round_trip(data: dict[str, Any]) -> None:
    instrument = parse_instrument(data)
    again = parse_instrument(instrument_to_data(instrument))
    assert again == instrument
    assert content_hash(again) == content_hash(instrument)
    assert parse_instrument(deepcopy(data)) == instrument
