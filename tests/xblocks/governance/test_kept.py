"""The questionnaire's page is kept for everyone: it tells nothing of anyone, and follows the questionnaire at once."""

import re
from dataclasses import replace

import pytest
from django.utils import translation

from governance_assessment import api
from governance_assessment.domain.instrument import LocalizedText
from tests.governance_assessment.helpers import level, save, set_profile
from tests.xblocks.governance.runtimes import in_library
from xblocks.governance import sheet

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_process():
    sheet.pattern.cache_clear()


def shown(user) -> str:
    return in_library(user, round_kind="full").student_view({"csrf_token": f"TOKEN-{user.pk}"}).content


def chosen(html: str) -> int:
    """How many choices are ticked; the word itself stands in texts of the questionnaire."""
    return len(re.findall(r"<input[^>]* checked\b", html))


def test_a_kept_page_tells_a_member_nothing_of_another(full_round, president, member):
    save(president, full_round, "2.1", level(4, comment="OF-THE-PRESIDENT"))
    set_profile(president, full_round, {"has_employees": False})  # what the association said together is on both pages
    first = shown(president)
    other = shown(member)
    assert sheet.pattern.cache_info().currsize == 1  # one page for both, so it is the very one

    assert "OF-THE-PRESIDENT" in first and "value=4 checked" in first
    assert "OF-THE-PRESIDENT" not in other and f"TOKEN-{president.pk}" not in other
    assert chosen(other) == 1 and f"TOKEN-{member.pk}" in other

    save(member, full_round, "2.2", level(1, comment="OF-THE-MEMBER"))
    again = shown(president)
    assert "OF-THE-MEMBER" not in again and chosen(again) == chosen(first) == 2


def found(member, association):
    return api.sheet(user_id=member.pk, association_id=association.id, kind="full", language="ar")


def test_a_changed_questionnaire_shows_at_once(full_round, association, member):
    """Even under the same name and version: the page is kept by all that it says."""
    stored = found(member, association)
    place = sheet.Place("uid")
    before = sheet.fill_in(stored, place)
    title = LocalizedText((("ar", "عنوان آخر"), ("en", "Another"), ("fr", "Un autre")))
    changed = replace(stored, instrument=replace(stored.instrument, title=title))

    assert "عنوان آخر" in sheet.fill_in(changed, place)
    assert sheet.fill_in(stored, place) == before


def test_the_page_is_kept_for_each_language(full_round, association, member):
    stored = found(member, association)
    pages = {}
    for active in ("ar", "fr"):
        for language in ("ar", "fr"):
            with translation.override(active):
                html = sheet.pattern(stored.instrument, language).fill({})
            assert f'lang="{language}"' in html
            assert pages.setdefault(language, html) == html  # whatever language the site speaks meanwhile
    assert pages["ar"] != pages["fr"]
