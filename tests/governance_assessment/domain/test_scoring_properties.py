"""What must hold for every instrument and every set of answers."""

from __future__ import annotations

import random
from copy import deepcopy
from fractions import Fraction
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from governance_assessment.domain import Instrument, NodeResult, Result, parse_instrument
from tests.governance_assessment.domain.builders import document, few, indicator, scored, section

BANDS = [{"from": 0, "label": 1}, {"from": 25, "label": 2}, {"from": 50, "label": 3}, {"from": 75, "label": 4}]
CAPS = [
    {"code": "one", "when": {"critical_at": 1}, "label_max": 2, "scope": "section_and_overall"},
    {"code": "two", "when": {"critical_at": 2, "count": 2}, "label_max": 1, "scope": "overall"},
]
MEANS = ["weighted_mean", "mean", "mean_of_sections", "mean_of_indicators"]
AGGREGATES = [*MEANS, "sum"]
ANSWERS = st.one_of(st.integers(1, 4), st.integers(1, 4), st.just("?"), st.none(), st.just("n/a: reason"))


@st.composite
def documents(draw: st.DrawFn, aggregates: list[str] = AGGREGATES, completeness: Any = 0) -> dict[str, Any]:
    """Two to four sections, some of them nested, of one to five indicators with any weights."""
    codes = iter(range(1000))
    weights = st.integers(1, 9)

    def leaf() -> dict[str, Any]:
        below = [
            indicator(
                f"i{next(codes)}",
                draw(weights),
                critical=draw(st.booleans()),
                express=draw(st.booleans()),
                applies_if=draw(st.sampled_from([None, None, "p", "q"])),
            )
            for _ in range(draw(st.integers(1, 5)))
        ]
        return section(f"s{next(codes)}", *below, weight=draw(weights), aggregate=draw(st.sampled_from(aggregates)))

    def node() -> dict[str, Any]:
        if draw(st.integers(0, 3)):
            return leaf()
        parts = [leaf() for _ in range(draw(st.integers(1, 3)))]
        return section(f"s{next(codes)}", *parts, weight=draw(weights), aggregate=draw(st.sampled_from(aggregates)))

    nodes = [node() for _ in range(draw(st.integers(2, 4)))]
    nodes[0].get("indicators", nodes[0].get("sections", [{}])[0].get("indicators"))[0]["critical"] = True
    made = document(
        *nodes,
        profile=("p", "q"),
        bands=BANDS,
        caps=CAPS[:1],
        completeness=completeness,
        aggregate=draw(st.sampled_from(aggregates)),
    )
    if sum(found.critical for found in parse_instrument(made).all_indicators()) > 1:
        made["scoring"]["caps"] = CAPS
    return made


profiles = st.dictionaries(st.sampled_from(["p", "q"]), st.booleans())


def answered(draw: st.DrawFn, instrument: Instrument, kinds: st.SearchStrategy[Any] = ANSWERS) -> dict[str, Any]:
    """An answer for each indicator; critical ones are never "not applicable", whatever their condition."""
    given: dict[str, Any] = {}
    for found in instrument.all_indicators():
        value = draw(kinds)
        given[found.code] = "?" if found.critical and isinstance(value, str) else value
    return given


@st.composite
def cases(draw: st.DrawFn, **options: Any) -> tuple[dict[str, Any], dict[str, Any], dict[str, bool]]:
    made = draw(documents(**options))
    return made, answered(draw, parse_instrument(made)), draw(profiles)


def run(made: dict[str, Any], given: dict[str, Any], profile: dict[str, bool]) -> Result:
    return scored(parse_instrument(made), given, **profile)


def numbers(result: Result) -> dict[str, Any]:
    return {node.code: (node.score, node.completeness, node.label) for node in result.overall.walk()}


def no_lower(before: NodeResult, after: NodeResult) -> None:
    if before.score is not None:
        assert after.score is not None
        assert after.score >= before.score
    if before.label is not None:
        assert after.label is not None
        assert after.label >= before.label


@few
@given(cases(), st.data())
def test_a_higher_level_never_lowers_a_score_or_a_label(case: Any, data: st.DataObject) -> None:
    made, given_answers, profile = case
    raisable = [code for code, value in given_answers.items() if isinstance(value, int) and value < 4]
    assume(raisable)
    code = data.draw(st.sampled_from(raisable))
    higher = given_answers | {code: data.draw(st.integers(given_answers[code] + 1, 4))}
    before, after = run(made, given_answers, profile), run(made, higher, profile)
    for one, other in zip(before.overall.walk(), after.overall.walk(), strict=True):
        no_lower(one, other)
        assert one.completeness == other.completeness


@few
@given(cases())
def test_bounds(case: Any) -> None:
    result = run(*case)
    for node in result.overall.walk():
        assert node.score is None or 0 <= node.score <= 100
        assert node.completeness is None or 0 <= node.completeness <= 1
        assert 0 <= node.not_applicable_share <= 1
        assert node.label is None or (node.band is not None and node.label <= node.band)
        counts = node.counts
        parts = (counts.answered, counts.not_applicable, counts.not_concerned, counts.dont_know, counts.unanswered)
        assert sum(parts) == counts.total


@few
@given(
    st.one_of(cases(aggregates=MEANS), cases(aggregates=["sum"])),
    st.integers(1, 50),
    st.randoms(use_true_random=False),
)
def test_order_and_scale_of_weights_do_not_matter(case: Any, factor: int, rng: random.Random) -> None:
    """In sums every path must grow alike, so there only the weights of indicators are multiplied."""
    made, given_answers, profile = case
    other = deepcopy(made)

    def change(node: dict[str, Any]) -> None:
        """Siblings shuffled, and their weights multiplied by one number."""
        for kind in ("sections", "indicators"):
            below = node.get(kind, [])
            rng.shuffle(below)
            for item in below:
                if kind == "indicators" or made["scoring"]["aggregate"] != "sum":
                    item["weight"] *= factor
                change(item)

    change(other)
    assert numbers(run(other, given_answers, profile)) == numbers(run(made, given_answers, profile))


@few
@given(cases())
def test_all_at_one_level_is_that_level(case: Any) -> None:
    """Whatever the weights and the tree, 3 everywhere is two thirds."""
    made, given_answers, profile = case
    same = {code: 3 if isinstance(value, int) else value for code, value in given_answers.items()}
    for node in run(made, same, profile).overall.walk():
        assert node.score in (None, Fraction(200, 3))


@few
@given(cases())
def test_not_applicable_is_neutral(case: Any) -> None:
    """Declaring one not applicable gives the numbers of an instrument without it."""
    made, given_answers, profile = case
    declared = {code for code, value in given_answers.items() if value == "n/a: reason"}
    assume(declared)
    assume(len(declared) < len(given_answers))
    other = without(made, declared)
    kept = {code: value for code, value in given_answers.items() if code not in declared}
    before, after = numbers(run(made, given_answers, profile)), numbers(run(other, kept, profile))
    for code, figures in after.items():
        assert before[code] == figures
    assert all(before[code] == (None, None, None) for code in before.keys() - after.keys())


def without(made: dict[str, Any], gone: set[str]) -> dict[str, Any]:
    """The document less some indicators, and less the sections that become empty."""
    other = deepcopy(made)

    def pruned(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        kept = []
        for node in nodes:
            if "sections" in node:
                node["sections"] = pruned(node["sections"])
            else:
                node["indicators"] = [found for found in node["indicators"] if found["code"] not in gone]
            if node.get("sections") or node.get("indicators"):
                kept.append(node)
        return kept

    other["sections"] = pruned(other["sections"])
    return other


@few
@given(cases(), st.data())
def test_the_unknown_lowers_completeness_only(case: Any, data: st.DataObject) -> None:
    """ "Don't know" instead of a level: the score is that of the other answers, and never counts it as zero."""
    made, given_answers, profile = case
    code = data.draw(st.sampled_from(sorted(given_answers)))
    unknown = run(made, given_answers | {code: "?"}, profile)
    skipped = run(made, given_answers | {code: None}, profile)
    assert numbers(unknown) == numbers(skipped)
    known = [run(made, given_answers | {code: level}, profile) for level in (1, 4)]
    for low, high, without_it in zip(*(r.overall.walk() for r in (*known, unknown)), strict=True):
        assert (without_it.completeness or 0) <= (low.completeness or 0)
        if without_it.score is not None:
            assert low.score <= without_it.score <= high.score


@few
@given(cases())
def test_express_is_the_instrument_without_the_rest(case: Any) -> None:
    made, given_answers, profile = case
    instrument = parse_instrument(made)
    rest = {found.code for found in instrument.all_indicators() if not found.express}
    assume(len(rest) < len(given_answers))
    short = {code: value for code, value in given_answers.items() if code not in rest}
    express = scored(instrument.express(), short, **profile)
    other = scored_without_caps(without(made, rest), short, profile)
    assert {code: figures[:2] for code, figures in numbers(express).items()} == other


def scored_without_caps(made: dict[str, Any], given: dict[str, Any], profile: dict[str, bool]) -> dict[str, Any]:
    made["scoring"]["caps"] = []
    return {code: figures[:2] for code, figures in numbers(run(made, given, profile)).items()}


@few
@given(cases(completeness="4/5", aggregates=["weighted_mean", "mean"]))
def test_a_label_is_only_given_when_everything_is_there(case: Any) -> None:
    result = run(*case)
    for node in result.overall.walk():
        if node.label is not None:
            assert node.published
            assert not node.provisional
            assert node.completeness >= Fraction(4, 5)
