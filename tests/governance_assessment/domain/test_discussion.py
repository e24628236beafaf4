"""What several answers to one indicator say before people talk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance_assessment.domain import Answer, Scale, spread

SCALE = Scale(1, 4)
NA, DK, LATER = Answer.not_applicable("why"), Answer.dont_know(), Answer.skipped()


def of(*levels_and_others):
    return spread([Answer.of_level(item) if isinstance(item, int) else item for item in levels_and_others], SCALE)


@pytest.mark.parametrize(
    ("answers", "differs", "to_discuss", "suggested"),
    [
        ((), False, False, None),
        ((LATER,), False, False, None),
        ((3,), False, False, None),
        ((3, 3, LATER), False, False, None),
        ((2, 3), True, False, 2),
        ((3, 2, 3), True, False, 2),
        ((2, 4), True, True, None),
        ((1, 1, 4), True, True, None),
        ((DK, DK), False, False, None),
        ((3, DK), True, True, None),
        ((3, NA), True, True, None),
        ((NA, DK), True, True, None),
        ((NA, Answer.not_applicable("another reason")), False, False, None),
    ],
)
def test_what_is_talked_about(answers, differs, to_discuss, suggested):
    found = of(*answers)

    assert (found.differs, found.to_discuss, found.suggested_level) == (differs, to_discuss, suggested)


def test_every_level_is_counted_also_those_nobody_chose():
    found = of(2, 2, 4, NA, DK, LATER)

    assert found.levels == ((1, 0), (2, 2), (3, 0), (4, 1))
    assert (found.not_applicable, found.dont_know, found.voices) == (1, 1, 5)
    assert (found.agreement.count, found.agreement.range) == (3, 2)


@given(st.lists(st.one_of(st.integers(1, 4), st.sampled_from([NA, DK, LATER]))), st.randoms())
def test_the_order_of_people_says_nothing(answers, random):
    mixed = list(answers)
    random.shuffle(mixed)

    found = of(*answers)
    assert found == of(*mixed)
    assert found.differs or not found.to_discuss
    assert found.voices == sum(answer is not LATER for answer in answers)
