"""The change since the round before, through the database."""

from fractions import Fraction

import pytest

from governance_assessment import api
from tests.governance_assessment.helpers import ALL_FALSE, fill, level, next_version, save, set_profile

pytestmark = pytest.mark.django_db


def comparison(user, opened):
    return api.comparison(user_id=user.pk, round_uuid=opened.uuid)


def result(user, opened):
    return api.result(user_id=user.pk, round_uuid=opened.uuid, language="ar")


@pytest.fixture
def following(submitted, association, president):
    """The second round, open; the first one has every level at 3."""
    opened = api.open_round(user_id=president.pk, association_id=association.id, kind="full")
    return set_profile(president, opened, ALL_FALSE)


def test_a_first_round_has_nothing_before_it(submitted, president):
    assert comparison(president, submitted) is None
    assert result(president, submitted).previous is None


def test_a_round_nobody_has_answered_yet_is_not_compared(following, president):
    assert comparison(president, following) is None


def test_the_change_is_live_and_then_frozen(submitted, following, instrument, president):
    save(president, following, "1.1", level(4))
    save(president, following, "1.2", level(2))
    live = comparison(president, following)

    assert (live.previous_uuid, live.previous_number, live.previous_kind) == (submitted.uuid, 1, "full")
    assert live.previous_at == submitted.submitted_at
    assert (live.compared, live.left_out) == (2, 41)
    assert [(change.code, change.before, change.now) for change in live.raised] == [("1.1", 3, 4)]
    assert [change.code for change in live.lowered] == ["1.2"]
    assert live.section("D1").difference == 0
    assert live.section("D2") is None
    assert result(president, following).previous == live
    fill(president, following, instrument, {"*": 4, "1.1": None, "1.2": None})
    api.submit_round(user_id=president.pk, round_uuid=following.uuid)
    frozen = comparison(president, following)
    assert (frozen.compared, frozen.left_out) == (43, 0)
    assert frozen.overall.before == Fraction(200, 3)
    assert result(president, following).previous == frozen


def test_an_express_round_is_compared_on_what_it_asks(submitted, association, president, coach):
    opened = api.open_round(user_id=president.pk, association_id=association.id, kind="express")
    save(president, opened, "1.1", level(1))

    assert comparison(coach, opened) is None  # closed while members answer
    found = comparison(president, opened)

    assert (found.compared, found.left_out) == (1, 17)
    assert (found.overall.before, found.overall.now) == (Fraction(200, 3), 0)


def test_questions_that_changed_are_left_out(submitted, instrument, association, president, tmp_path):
    def edit(document):
        third = document["sections"][0]["indicators"][2]
        third["levels"][4]["fr"], third["code"] = "Autre chose", "1.9"

    api.load_instrument_file(next_version(tmp_path, edit), publish=True)
    opened = api.open_round(user_id=president.pk, association_id=association.id, kind="full")
    save(president, opened, "1.9", level(4))
    save(president, opened, "1.2", level(4))

    found = comparison(president, opened)

    assert (found.compared, [change.code for change in found.raised]) == (1, ["1.2"])


def test_what_it_costs(following, president, django_assert_num_queries):
    save(president, following, "1.1", level(4))
    comparison(president, following)
    with django_assert_num_queries(4):
        comparison(president, following)
