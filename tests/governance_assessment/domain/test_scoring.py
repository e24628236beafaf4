"""The rules of docs/reference/scoring.rst, one by one, on instruments small enough to check by hand."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from governance_assessment.domain import (
    ENGINE_VERSION,
    Answer,
    AnswerSet,
    InvalidAnswers,
    ProblemCode,
    ProvisionalCode,
    Status,
    result_to_data,
    score,
)
from tests.governance_assessment.domain.builders import answers, build, indicator, scored, section

BANDS = [{"from": 0, "label": 1}, {"from": 25, "label": 2}, {"from": 50, "label": 3}, {"from": 75, "label": 4}]
CAP = {"code": "low", "when": {"critical_at": 1}, "label_max": 2, "scope": "section_and_overall"}


def two_sections(**scoring: object):
    return build(
        section("A", indicator("a1", 3), indicator("a2", 1), weight=2),
        section("B", indicator("b1"), weight=1),
        **scoring,
    )


class TestNumbers:
    def test_weighted_mean_of_sections(self) -> None:
        result = scored(two_sections(), {"a1": 4, "a2": 1, "b1": 2})
        assert result.section("A").score == 75
        assert result.section("B").score == Fraction(100, 3)
        assert result.overall.score == (2 * 75 + Fraction(100, 3)) / 3

    def test_indicator_values(self) -> None:
        result = scored(two_sections(), {"a1": 3, "a2": "?"})
        assert result.indicator("a1").value == Fraction(200, 3)
        assert result.indicator("a2").value is None
        assert [found.code for found in result.indicators()] == ["a1", "a2", "b1"]

    def test_points_instead_of_percent(self) -> None:
        result = scored(two_sections(percent=False), {"a1": 4, "a2": 2, "b1": 1})
        assert result.section("A").score == Fraction(7, 2)
        assert result.indicator("a2").value == 2

    def test_unweighted_mean(self) -> None:
        instrument = build(section("A", indicator("a1", 3), indicator("a2", 1), aggregate="mean"), scale=(0, 1))
        assert scored(instrument, {"a1": 1, "a2": 0}).overall.score == 50

    def test_sum_in_percent_is_the_share_of_what_could_be_reached(self) -> None:
        instrument = build(
            section("A", indicator("a1", scale={"min": 0, "max": 30}), aggregate="sum"),
            section("B", indicator("b1", scale={"min": 0, "max": 10}), aggregate="sum"),
            aggregate="sum",
        )
        result = scored(instrument, {"a1": 15, "b1": 0})
        assert result.section("A").score == 50
        assert result.overall.score == Fraction(100 * 15, 40)

    def test_a_mean_of_sums_compares_percentages(self) -> None:
        instrument = build(
            section("A", indicator("a1", scale={"min": 0, "max": 30}), aggregate="sum"),
            section("B", indicator("b1", scale={"min": 0, "max": 10}), aggregate="sum"),
            aggregate="mean",
        )
        assert scored(instrument, {"a1": 15, "b1": 0}).overall.score == 25

    def test_fractional_weights(self) -> None:
        instrument = build(section("A", indicator("a1", "1/3"), indicator("a2", 0.5), aggregate="sum"), percent=False)
        assert scored(instrument, {"a1": 3, "a2": 4}).overall.score == 3


class TestWhatCounts:
    @pytest.mark.parametrize("value", [None, "?", "n/a:"])
    def test_the_unknown_is_not_zero(self, value: object) -> None:
        """Later, don't know, and a "not applicable" without its reason: the score is that of the rest."""
        result = scored(two_sections(), {"a1": 4, "a2": value, "b1": 4})
        assert result.section("A").score == 100
        assert result.section("A").completeness == Fraction(3, 4)

    def test_dont_know_and_unanswered_are_told_apart(self) -> None:
        counts = scored(two_sections(), {"a1": "?"}).overall.counts
        assert (counts.total, counts.dont_know, counts.unanswered, counts.applicable) == (3, 1, 2, 3)

    def test_not_applicable_leaves_numerator_and_denominator(self) -> None:
        result = scored(two_sections(), {"a1": "n/a: no bank here", "a2": 2, "b1": 4})
        assert result.section("A").score == Fraction(100, 3)
        assert result.section("A").completeness == 1
        assert result.section("A").counts.not_applicable == 1

    def test_a_section_that_does_not_apply_drops_out_with_its_weight(self) -> None:
        result = scored(two_sections(), {"a1": "n/a: x", "a2": "n/a: y", "b1": 4})
        node = result.section("A")
        assert (node.score, node.completeness, node.published, node.provisional) == (None, None, False, ())
        assert result.overall.score == 100
        assert result.overall.completeness == 1
        assert not result.overall.is_provisional

    def test_nothing_applies_at_all(self) -> None:
        result = scored(two_sections(), dict.fromkeys(("a1", "a2", "b1"), "n/a: x"))
        assert (result.overall.score, result.overall.completeness, result.overall.label) == (None, None, None)
        assert result.overall.not_applicable_share == 1

    def test_nothing_answered(self) -> None:
        result = scored(two_sections(bands=BANDS), {})
        assert (result.overall.score, result.overall.band, result.overall.completeness) == (None, None, 0)
        assert {reason.code for reason in result.overall.provisional} == {
            ProvisionalCode.SECTION_INCOMPLETE,
            ProvisionalCode.BELOW_COMPLETENESS,
        }

    def test_declared_not_applicable_over_a_fifth_is_flagged(self) -> None:
        instrument = build(section("A", *(indicator(f"a{n}") for n in range(5))))
        given = {f"a{n}": 4 for n in range(5)}
        at_a_fifth = scored(instrument, given | {"a0": "n/a: x"}).section("A")
        assert (at_a_fifth.not_applicable_share, at_a_fifth.needs_review) == (Fraction(1, 5), False)
        above = scored(instrument, given | {"a0": "n/a: x", "a1": "n/a: y"})
        assert above.section("A").needs_review
        assert above.overall.needs_review


class TestProfile:
    def instrument(self, **more: object):
        return build(
            section("A", indicator("a1"), indicator("a2", 3, applies_if="staff", critical=True)),
            profile=("staff",),
            bands=BANDS,
            caps=[CAP],
            **more,
        )

    def test_no_drops_the_indicator(self) -> None:
        result = scored(self.instrument(), {"a1": 4, "a2": 1}, staff=False)
        assert result.overall.score == 100
        assert result.indicator("a2").status is Status.NOT_CONCERNED
        assert result.overall.caps == ()
        assert result.overall.not_applicable_share == 0

    def test_yes_keeps_it(self) -> None:
        result = scored(self.instrument(), {"a1": 4, "a2": 1}, staff=True)
        assert result.overall.score == 25
        assert result.overall.caps[0].indicators == ("a2",)

    def test_unanswered_counts_as_yes(self) -> None:
        result = scored(self.instrument(), {"a1": 4})
        assert result.indicator("a2").status is Status.UNANSWERED
        assert result.overall.completeness == Fraction(1, 4)
        assert result.overall.provisional[0].codes == ("a2",)

    def test_a_critical_conditional_one_may_be_not_applicable_with_a_reason(self) -> None:
        result = scored(self.instrument(), {"a1": 4, "a2": "n/a: staff of another body"}, staff=True)
        assert result.overall.score == 100
        assert result.overall.needs_review


class TestPublication:
    def test_completeness_threshold_is_included(self) -> None:
        instrument = build(section("A", *(indicator(f"a{n}") for n in range(5))), completeness="4/5", bands=BANDS)
        four = scored(instrument, {f"a{n}": 4 for n in range(4)}).section("A")
        assert (four.published, four.label) == (True, 4)
        three = scored(instrument, {f"a{n}": 4 for n in range(3)}).section("A")
        assert (three.published, three.label, three.score) == (False, None, 100)
        assert three.provisional[0].codes == ("a3", "a4")

    def test_an_unpublished_section_does_not_weigh_on_the_whole(self) -> None:
        result = scored(two_sections(completeness="4/5", bands=BANDS), {"a2": 1, "b1": 4})
        assert not result.section("A").published
        assert result.overall.score == 100
        assert not result.overall.published
        assert result.overall.label is None

    def test_nested_sections(self) -> None:
        instrument = build(
            section("A", section("A1", indicator("x", 2)), section("A2", indicator("y"), weight=3)), bands=BANDS
        )
        result = scored(instrument, {"x": 4, "y": 1})
        assert result.section("A").score == 25
        assert result.section("A2").label == 1
        with pytest.raises(KeyError):
            result.section("")
        with pytest.raises(KeyError):
            result.indicator("z")


class TestLabels:
    @pytest.mark.parametrize("level, label", [(0, 1), (24, 1), (25, 2), (49, 2), (50, 3), (74, 3), (75, 4), (100, 4)])
    def test_bands_are_half_open(self, level: int, label: int) -> None:
        instrument = build(section("A", indicator("a1")), scale=(0, 100), bands=BANDS)
        assert scored(instrument, {"a1": level}).overall.label == label

    def test_band_of_the_exact_number(self) -> None:
        """74.96 shows as 75.0 and is still in the third band."""
        instrument = build(section("A", *(indicator(f"a{n}", w) for n, w in enumerate((1874, 626)))), bands=BANDS)
        node = scored(instrument, {"a0": 4, "a1": 1}).overall
        assert node.score == Fraction("74.96")
        assert result_to_data(scored(instrument, {"a0": 4, "a1": 1}))["overall"]["score_display"] == "75.0"
        assert node.label == 3

    def test_without_bands_no_label(self) -> None:
        overall = scored(two_sections(), {"a1": 4, "a2": 4, "b1": 4}).overall
        assert (overall.band, overall.label, overall.published) == (None, None, True)

    def capped(self, *caps: dict[str, object]):
        return build(
            section("A", indicator("a1", critical=True), indicator("a2", 9)),
            section("B", indicator("b1", critical=True), indicator("b2", 9)),
            bands=BANDS,
            caps=list(caps),
        )

    ALL = dict.fromkeys(("a1", "a2", "b1", "b2"), 4)

    def test_scope(self) -> None:
        for scope, section_label, overall_label in (
            ("section", 2, 4),
            ("overall", 4, 2),
            ("section_and_overall", 2, 2),
        ):
            result = scored(self.capped(CAP | {"scope": scope}), self.ALL | {"a1": 1})
            assert (result.section("A").label, result.overall.label) == (section_label, overall_label), scope
            assert result.section("B").label == 4
            assert result.overall.score == 95, "a cap never touches the number"

    def test_count_is_within_the_node(self) -> None:
        cap = CAP | {"when": {"critical_at": 1, "count": 2}}
        one = scored(self.capped(cap), self.ALL | {"a1": 1})
        assert one.overall.label == 4
        two = scored(self.capped(cap), self.ALL | {"a1": 1, "b1": 1})
        assert two.overall.label == 2
        assert two.section("A").label == 4

    def test_named_indicators_at_or_below(self) -> None:
        cap = {
            "code": "x",
            "when": {"indicators": ["a2", "b2"], "at": 2, "count": 2},
            "label_max": 1,
            "scope": "overall",
        }
        assert scored(self.capped(cap), self.ALL | {"a2": 2, "b2": 3}).overall.label == 3
        assert scored(self.capped(cap), self.ALL | {"a2": 2, "b2": 1}).overall.label == 1

    def test_a_cap_that_changes_nothing_is_still_told(self) -> None:
        overall = scored(self.capped(CAP), dict.fromkeys(self.ALL, 1)).overall
        assert overall.label == 1
        assert [(cap.code, cap.lowers) for cap in overall.caps] == [("low", False)]

    def test_critical_unanswered_withholds_the_label_where_it_matters(self) -> None:
        result = scored(self.capped(CAP), self.ALL | {"a1": "?"})
        assert result.section("A").label is None
        assert result.section("A").published
        assert result.section("B").label == 4
        assert (result.overall.label, result.overall.band) == (None, 4)

    def test_unless_the_instrument_says_otherwise(self) -> None:
        instrument = build(
            section("A", indicator("a1", critical=True), indicator("a2", 9)),
            bands=BANDS,
            provisional_when_critical_unanswered=False,
        )
        assert scored(instrument, {"a2": 4}).overall.label == 4


class TestExpress:
    def test_only_express_indicators(self) -> None:
        instrument = build(
            section("A", indicator("a1", express=True), indicator("a2")),
            section("B", section("B1", indicator("b1"))),
            section("C", section("C1", indicator("c1", express=True, critical=True)), section("C2", indicator("c2"))),
            bands=BANDS,
            caps=[
                CAP,
                CAP | {"code": "gone", "when": {"indicators": ["a2"], "at": 1}},
                CAP | {"code": "part", "when": {"indicators": ["a1", "a2"], "at": 1}},
                CAP | {"code": "few", "when": {"indicators": ["a1", "a2"], "at": 1, "count": 2}},
            ],
        )
        express = instrument.express()
        assert [found.code for found in express.all_indicators()] == ["a1", "c1"]
        assert [found.code for found in express.all_sections()] == ["A", "C", "C1"]
        assert [cap.code for cap in express.scoring.caps] == ["low", "part"]
        assert express.is_express
        assert express != instrument
        full = answers({"a1": 4, "a2": 1, "b1": 1, "c1": 4, "c2": 1})
        result = score(express, full.restricted_to(express))
        assert (result.overall.score, result.is_express) == (100, True)


class TestRefused:
    @pytest.mark.parametrize(
        "given, code",
        [
            ({"zz": 1}, ProblemCode.UNKNOWN_INDICATOR),
            ({"a1": 5}, ProblemCode.LEVEL_OUT_OF_SCALE),
            ({"a1": 0}, ProblemCode.LEVEL_OUT_OF_SCALE),
        ],
    )
    def test_answers_that_do_not_fit(self, given: dict[str, int], code: ProblemCode) -> None:
        with pytest.raises(InvalidAnswers) as refused:
            scored(two_sections(), given)
        assert [problem.code for problem in refused.value.problems] == [code]

    def test_not_applicable_cannot_hide_a_critical_one(self) -> None:
        instrument = build(section("A", indicator("a1", critical=True)))
        with pytest.raises(InvalidAnswers):
            scored(instrument, {"a1": "n/a: we do not like it"})


def test_result_as_data() -> None:
    """JSON-ready, exact, and complete enough to be frozen in a snapshot."""
    instrument = build(
        section("A", indicator("a1", critical=True), indicator("a2")), bands=BANDS, caps=[CAP], profile=("staff",)
    )
    given = AnswerSet({"a1": Answer.of_level(1), "a2": Answer.of_level(3)})
    data = json.loads(json.dumps(result_to_data(score(instrument, given))))
    assert data["engine"] == ENGINE_VERSION
    assert data["instrument"] == {"slug": "small", "version": "1.0.0", "express": False}
    overall = data["overall"]
    assert (overall["score"], overall["score_display"], overall["completeness"]) == ("100/3", "33.3", "1")
    assert overall["caps"] == [{"code": "low", "label_max": 2, "indicators": ["a1"], "lowers": False}]
    assert overall["counts"]["answered"] == 2
    assert overall["sections"][0]["indicators"][1] == {
        "code": "a2",
        "status": "answered",
        "level": 3,
        "value": "200/3",
        "value_display": "66.7",
    }
    unanswered = result_to_data(score(instrument, AnswerSet()))["overall"]
    assert unanswered["score"] is None
    assert unanswered["provisional"][0] == {"code": "critical_unanswered", "codes": ["a1"]}
