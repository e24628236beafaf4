"""Fixtures: the published instrument, an association with its people, an open round."""

import pytest

from governance_assessment import api
from governance_assessment.instruments.library import parsed
from governance_assessment.instruments.lineage import equal_indicators
from nassij.associations.api import Role
from tests.governance_assessment.helpers import ALL_FALSE, fill, publish_instrument, set_profile
from tests.nassij.associations import factories


@pytest.fixture(autouse=True)
def forget_parsed():
    """Each test begins as a fresh process: instruments are read from its own database."""
    parsed.cache_clear()
    equal_indicators.cache_clear()


@pytest.fixture
def instrument(db):
    """The suite's own instrument, published."""
    return publish_instrument()


@pytest.fixture
def association(db):
    return factories.make_association("جمعية الأمل")


@pytest.fixture
def president(association):
    return factories.make_member(association, role=Role.PRESIDENT)


@pytest.fixture
def member(association):
    return factories.make_member(association)


@pytest.fixture
def full_round(instrument, association, president):
    return api.open_round(user_id=president.pk, association_id=association.id, kind="full")


@pytest.fixture
def express_round(instrument, association, president):
    return api.open_round(user_id=president.pk, association_id=association.id, kind="express")


@pytest.fixture
def coach(association):
    return factories.make_coach(association)


@pytest.fixture
def submitted(full_round, instrument, president):
    """Everything at level 3, nothing conditional applies, one document named; submitted."""
    opened = set_profile(president, full_round, ALL_FALSE)
    answers = {"*": 3, "1.1": {"kind": "level", "level": 3, "evidence": "declared"}}
    fill(president, opened, instrument, answers)
    return api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
