"""Spread, Krippendorff's alpha and consensus."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance_assessment.domain import (
    Answer,
    Metric,
    OpenBecause,
    agreement,
    krippendorff_alpha,
    sole_consensus,
)
from tests.governance_assessment.domain.builders import answers, few, vectors

levels = st.lists(st.integers(1, 4), min_size=1, max_size=9)


class TestSpread:
    @pytest.mark.parametrize(
        "chosen, r_wg",
        [([2, 3, 3, 3, 4], "0.60"), ([2, 2, 3, 3, 3], "0.76"), ([1, 1, 4, 4, 4], "-1.16"), ([3, 3], "1")],
    )
    def test_r_wg(self, chosen: list[int], r_wg: str) -> None:
        """1 - s²/1.25 on four levels; figures of reference calculations (James, Demaree and Wolf 1984)."""
        assert agreement(chosen).r_wg == Fraction(r_wg)

    def test_r_wg_on_another_scale(self) -> None:
        """Five levels: uniform variance (25 - 1) / 12 = 2."""
        assert agreement([1, 3], level_count=5).r_wg == 0

    def test_figures(self) -> None:
        spread = agreement([4, 1, 2, 2])
        assert (spread.count, spread.median, spread.lowest, spread.highest, spread.range) == (4, 2, 1, 4, 3)
        assert spread.average_deviation == Fraction(3, 4)
        assert agreement([1, 2]).median == Fraction(3, 2)

    @pytest.mark.parametrize("chosen, discuss", [([3], False), ([2, 3], False), ([2, 4], True), ([1, 4, 4], True)])
    def test_to_discuss(self, chosen: list[int], discuss: bool) -> None:
        assert agreement(chosen).to_discuss is discuss

    def test_few(self) -> None:
        assert agreement([]) is None
        assert agreement([2]).r_wg is None
        assert agreement([2]).average_deviation == 0

    @few
    @given(levels)
    def test_bounds(self, chosen: list[int]) -> None:
        spread = agreement(chosen)
        assert spread.lowest <= spread.median <= spread.highest
        assert 0 <= spread.average_deviation <= spread.range
        assert spread.r_wg is None or spread.r_wg <= 1
        assert (spread.r_wg == 1) == (len(chosen) > 1 and len(set(chosen)) == 1)


class TestKrippendorff:
    VECTOR = vectors()["KRIPP-1"]

    @pytest.mark.parametrize("metric", list(Metric))
    def test_published(self, metric: Metric) -> None:
        """KRIPP-1: fifteen units, three coders, gaps."""
        alpha = krippendorff_alpha(self.VECTOR["coders"], metric)
        assert abs(alpha - Fraction(str(self.VECTOR["alpha"][metric]))) <= Fraction(self.VECTOR["within"])

    def test_perfect(self) -> None:
        assert krippendorff_alpha([[1, 2, 3], [1, 2, 3]]) == 1

    @pytest.mark.parametrize("coders", [[], [[1, 2]], [[1, None], [None, 2]], [[2, 2], [2, 2]]])
    def test_nothing_to_compare(self, coders: list[Any]) -> None:
        assert krippendorff_alpha(coders) is None

    def test_rows_of_different_length(self) -> None:
        with pytest.raises(ValueError, match="shorter"):
            krippendorff_alpha([[1, 2], [1]])

    @few
    @given(st.lists(st.lists(st.none() | st.integers(1, 4), min_size=5, max_size=5), min_size=2, max_size=4))
    def test_never_above_one_and_blind_to_who_is_who(self, coders: list[list[int | None]]) -> None:
        for metric in Metric:
            alpha = krippendorff_alpha(coders, metric)
            assert alpha is None or alpha <= 1
            assert krippendorff_alpha(coders[::-1], metric) == alpha


class TestConsensus:
    def test_one_person_is_enough(self) -> None:
        found = sole_consensus([answers({"a": 3, "b": "?", "c": None})])
        assert found["a"].answer == Answer.of_level(3)
        assert found["b"].answer == Answer.dont_know()
        assert (found["c"].answer, found["c"].reason, found["c"].respondents) == (None, OpenBecause.NOBODY_ANSWERED, 0)

    def test_all_agree(self) -> None:
        found = sole_consensus([answers({"a": 3}), answers({"a": 3, "b": 1}), answers({"a": None, "b": 1})])
        assert (found["a"].answer, found["a"].reason, found["a"].respondents) == (Answer.of_level(3), None, 2)
        assert found["b"].answer == Answer.of_level(1)

    @pytest.mark.parametrize("one, other", [(2, 3), (2, "?"), ("?", "n/a: x"), (4, "n/a: x")])
    def test_differs(self, one: Any, other: Any) -> None:
        found = sole_consensus([answers({"a": one}), answers({"a": other})])
        assert (found["a"].answer, found["a"].reason, found["a"].respondents) == (None, OpenBecause.DIFFERS, 2)

    def test_reasons_are_kept(self) -> None:
        sets = [answers({"a": value}) for value in ("n/a: no staff", "n/a: new", "n/a: no staff", "n/a:")]
        assert sole_consensus(sets)["a"].answer == Answer.not_applicable("no staff\nnew")

    def test_nobody(self) -> None:
        assert sole_consensus([]) == {}
