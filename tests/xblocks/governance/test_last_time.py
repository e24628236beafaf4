"""What was said in the round before stands beside its question, chooses nothing, and goes once it is answered."""

import gzip
import re

import pytest
from django.utils import translation

from governance_assessment import api
from tests.governance_assessment.helpers import ALL_FALSE, ALL_TRUE, fill, level, save, set_profile
from tests.xblocks.governance.runtimes import in_library

pytestmark = pytest.mark.django_db


@pytest.fixture
def following(full_round, instrument, association, president):
    opened = set_profile(president, full_round, ALL_TRUE)
    fill(president, opened, instrument, {"*": 3, "8.5": {"kind": "not_applicable", "reason": "x"}})
    api.submit_round(user_id=president.pk, round_uuid=opened.uuid)
    opened = api.open_round(user_id=president.pk, association_id=association.id, kind="full")
    return set_profile(president, opened, ALL_TRUE)


def shown(user, language="ar"):
    with translation.override(language):
        return in_library(user, round_kind="full").student_view().content


def test_last_times_answers_are_a_hint_and_a_link(following, president, member):
    html = shown(president, "fr")
    assert html.count("<p class=quiet>Comme la dernière fois") == 48
    assert "Comme la dernière fois : Structuré<" in html
    assert "Comme la dernière fois : Ne s’applique pas à nous<" in html
    assert f"/nassij/governance/rounds/{following.uuid}/last-time/" in html
    assert not re.search(r"<input type=radio name=a-[^>]* checked", html)
    save(president, following, "1.1", level(2))
    assert shown(president, "fr").count("<p class=quiet>Comme la dernière fois") == 47
    assert "Comme la dernière fois" not in shown(member, "fr")


def test_only_what_concerns_the_association(following, president):
    set_profile(president, following, ALL_FALSE)
    assert shown(president, "fr").count("<p class=quiet>Comme la dernière fois") == 43


def test_what_it_weighs(following, president, member):
    """A kilobyte at most, in a next round only."""
    hinted, plain = (len(gzip.compress(shown(user).encode(), 6)) for user in (president, member))
    assert hinted - plain < 1024
