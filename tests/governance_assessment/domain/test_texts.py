"""Completeness of a draft, its gaps, and YAML that comes back the same."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from governance_assessment.domain import (
    completeness,
    content_hash,
    dump_yaml,
    gaps,
    instrument_to_data,
    load_yaml,
    parse_instrument,
    texts_of,
    with_gaps_filled,
    without_fillings,
)
from governance_assessment.domain.characters import UNSAFE
from tests.governance_assessment.domain.builders import few, gov_ma
from tests.governance_assessment.domain.test_parser import good
from tests.governance_assessment.domain.test_scoring_properties import documents


def test_every_text_is_found() -> None:
    """As many as there are places with a language below them."""

    def count(value: Any) -> int:
        if isinstance(value, dict):
            return int(isinstance(value.get("en"), str)) + sum(map(count, value.values()))
        return sum(map(count, value)) if isinstance(value, list) else 0

    for data in (good(), instrument_to_data(gov_ma())):
        assert len(list(texts_of(data))) == count(data)


def test_gaps_are_counted_filled_and_emptied() -> None:
    data = good() | {"languages": ["en", "fr"]}
    data["title"]["fr"] = "Petit"
    data["sections"][0]["indicators"][0]["levels"]["2"] = {"fr": " "}
    english, french = completeness(data)

    assert english.missing == ("/sections/0/indicators/0/levels/2",)
    assert english.percent == 100 * (english.total - 1) // english.total == 95
    assert french.total - len(french.missing) == 1
    assert gaps(data)[0] == ("/sections/0/indicators/0/levels/2", "en")
    before = deepcopy(data)
    filled = with_gaps_filled(data)
    parse_instrument(filled)
    assert not gaps(filled)
    assert data == before
    del before["sections"][0]["indicators"][0]["levels"]["2"]["fr"]
    assert without_fillings(filled) == before


def test_a_complete_instrument_is_complete() -> None:
    assert [part.percent for part in completeness(instrument_to_data(gov_ma()))] == [100, 100, 100]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(
        st.sampled_from(["title", "languages", "sections", "indicators", "levels", "laws", "scale", "scoring", "en"]),
        below, max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@few
@given(json_values)
def test_rubbish_has_no_completeness_and_no_crash(data: Any) -> None:
    for part in completeness(data):
        assert 0 <= part.percent <= 100
    with_gaps_filled(data)


words = st.text(min_size=1, max_size=40).filter(lambda value: value.strip() and not UNSAFE.search(value))


@few
@given(documents(), st.lists(words, min_size=1, max_size=8))
def test_yaml_comes_back_the_same(data: dict[str, Any], texts: list[str]) -> None:
    for (_path, text), replacement in zip(texts_of(data), texts * 50, strict=False):
        text["en"] = replacement
    instrument = parse_instrument(data)
    written = dump_yaml(instrument_to_data(instrument))
    again = parse_instrument(load_yaml(written))
    assert again == instrument
    assert content_hash(again) == content_hash(instrument)
    assert dump_yaml(instrument_to_data(again)) == written


def test_the_real_instrument_as_yaml() -> None:
    written = dump_yaml(instrument_to_data(gov_ma()))
    assert content_hash(parse_instrument(load_yaml(written))) == content_hash(gov_ma())
    assert "الجمعيات" in written
    assert "&" not in written.split("\n")[0]
