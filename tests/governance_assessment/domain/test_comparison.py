"""Two rounds side by side: on equal questions only, whatever else each of them holds."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance_assessment.domain import Answer, AnswerSet, compare, score
from tests.governance_assessment.domain.builders import few, gov_ma

INSTRUMENT = gov_ma()
CODES = tuple(INSTRUMENT.by_code)


def at(level, *codes):
    return {code: Answer.of_level(level) for code in codes or CODES}


def test_everything_one_level_up():
    found = compare(INSTRUMENT, at(2), at(3))

    assert (found.overall.before, found.overall.now, found.overall.count) == (Fraction(100, 3), Fraction(200, 3), 48)
    assert found.overall.difference == Fraction(100, 3)
    assert [change.code for change in found.sections] == ["D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8"]
    assert len(found.raised) == 48
    assert found.lowered == ()


def test_only_what_got_a_level_both_times_counts():
    before = {**at(1, "1.1", "1.2"), "1.3": Answer.dont_know(), "2.1": Answer.of_level(4)}
    now = {**at(3, "1.1", "1.3"), "1.2": Answer.not_applicable("why"), "2.2": Answer.of_level(1)}

    found = compare(INSTRUMENT, before, now)

    assert [(change.code, change.before, change.now) for change in found.levels] == [("1.1", 1, 3)]
    assert [(change.code, change.count) for change in found.sections] == [("D1", 1)]
    assert (found.overall.before, found.overall.now) == (0, Fraction(200, 3))


def test_a_question_more_does_not_look_like_a_change():
    """The mean of the dimension falls, and nothing has changed."""
    now = {**at(4, "1.1", "1.2"), "1.3": Answer.of_level(1)}

    found = compare(INSTRUMENT, at(4, "1.1", "1.2"), now)

    assert found.overall.difference == 0
    assert score(INSTRUMENT, AnswerSet(now)).section("D1").score < 100


@pytest.mark.parametrize(("before", "now"), [({}, at(3)), (at(3), {}), (at(3, "1.1"), at(3, "1.2")), (at(9), at(3))])
def test_nothing_to_compare(before, now):
    assert compare(INSTRUMENT, before, now) is None


levels = st.dictionaries(st.sampled_from(CODES), st.integers(1, 4).map(Answer.of_level))


@few
@given(levels, levels)
def test_the_other_way_round_is_the_opposite(before, now):
    there, back = compare(INSTRUMENT, before, now), compare(INSTRUMENT, now, before)

    if there is None:
        assert back is None
        return
    assert there.overall.difference == -back.overall.difference
    assert [change.difference for change in there.sections] == [-change.difference for change in back.sections]
    assert len(there.raised) == len(back.lowered)
    assert sum(change.count for change in there.sections) == there.overall.count == len(there.levels)


@few
@given(levels, levels)
def test_what_went_up_only_never_lowers_anything(before, more):
    now = {
        code: max(answer, before[code], key=lambda one: one.level) for code, answer in more.items() if code in before
    }
    found = compare(INSTRUMENT, before, now)

    if found is not None:
        assert found.overall.difference >= 0
        assert all(change.difference >= 0 for change in found.sections)
