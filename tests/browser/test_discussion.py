"""Three members of an association on their phones: two differ, the lead settles and submits; with a script and without."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Visitor, demo_site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
UNITS = {
    "ar": "/courses/course-v1:Nassij+GOV2+ar/units/gov2-s1-u5/",
    "fr": "/courses/course-v1:Nassij+GOV2+fr/units/gov2-s1-u5/",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of its own: these rounds end submitted, which the other journeys do not expect."""
    with demo_site(tmp_path_factory.mktemp("discussion")) as address:
        yield address


def answer(visitor: Callable[..., Visitor], who: str, language: str, levels: Mapping[str, str]) -> None:
    """The whole express sheet as one form; `levels` names the answers that are not 3."""
    person = visitor(who, language=language, javascript=False)
    page = person.go(UNITS[language])
    start = page.locator(".nassij-governance .act .go")
    if not page.locator("form.sheet").count():
        start.click()
        page.wait_for_selector("form.sheet")
    for choice in page.locator('input[type=radio][value="no"]').all():
        choice.check()
    for choice in page.locator('input[type=radio][value="3"]').all():
        if not choice.is_visible():  # the profile says that it does not concern the association
            continue
        code = (choice.get_attribute("name") or "").removeprefix("a-")
        page.locator(f'input[name="a-{code}"][value="{levels.get(code, "3")}"]').check()
    page.locator("form.sheet .act .go").click()
    expect(page.locator(".governance-result").first).to_be_visible()


def to_round(person: Visitor) -> Page:
    """From the list to the round's page."""
    page = person.go("/nassij/governance/")
    page.locator("main a[href*='/rounds/']").last.click()
    page.wait_for_url(re.compile("/rounds/"))
    return page


def settle(page: Page, code: str, level: str) -> None:
    """Store the common answer to a point; the address of the page that follows says that it was stored."""
    card = page.locator(f'[id="q-{code}"]')
    card.locator(f'input[name="answer"][value="{level}"]').check()
    card.get_by_role("button").last.click()
    page.wait_for_url(re.compile(rf"\?saved={re.escape(code)}#"))


def test_two_differ_the_lead_settles_and_submits(visitor: Callable[..., Visitor]) -> None:
    answer(visitor, "amal.president", "ar", {"1.1": "3"})
    answer(visitor, "amal.treasurer", "ar", {"2.2": "1", "2.1": "2"})
    answer(visitor, "amal.member", "ar", {"2.2": "3", "4.1": "dont_know"})
    lead = visitor("amal.president")
    page = to_round(lead)
    lead.check("round while members answer")
    lead.picture("discussion-1-round")
    page.locator("form[action$='/discuss/'] button").click()

    expect(page.locator(".point").first).to_have_attribute("id", "q-2.2")
    lead.check("discussion")
    lead.picture("discussion-2-lead")
    save = page.locator('[id="q-2.2"] .act button')
    for choice in page.locator('[id="q-2.2"] input[name="answer"]').all():
        choice.scroll_into_view_if_needed()
        expect(save).to_be_in_viewport(ratio=1)
        expect(page.locator(".bar-of-points")).not_to_be_in_viewport()
    for language in ("ar", "fr"):
        for width in (PHONE, DESK):
            member = visitor("amal.member", language=language, width=width)
            to_round(member)
            member.check(f"round while discussed in {language} at {width}")
            member.picture(f"discussion-3-round-{language}-{width}")
            seen = member.go(page.url.removeprefix(member.site).split("#")[0])
            assert seen.locator("form[action*='/settle/']").count() == 0
            member.check(f"discussion of a member in {language} at {width}")
            member.picture(f"discussion-3-member-{language}-{width}")
    small = visitor("amal.president", width=320, dark=True)
    small.go(page.url.removeprefix(small.site).split("#")[0])
    small.check("discussion at 320, dark")
    small.picture("discussion-3-dark-320")

    # Nothing chosen yet: it is said at its point, with nothing lost.
    page.locator('[id="q-2.2"] textarea').fill("انعقد الجمع متأخرا")
    page.locator('[id="q-2.2"]').get_by_role("button").last.click()
    expect(page.locator('[id="q-2.2"] [role=alert]')).to_be_in_viewport()
    expect(page.locator('[id="q-2.2"] textarea')).to_have_value("انعقد الجمع متأخرا")
    lead.faults.clear()  # the refusal is the point
    lead.check("a refused answer")
    lead.picture("discussion-4-refused")

    settle(page, "2.2", "2")
    following = page.url.rsplit("#", 1)[1]
    expect(page.locator(f'[id="{following}"] h3')).to_be_in_viewport()
    lead.check("after the first point")
    lead.picture("discussion-5-next")
    while "#settled" not in page.url:
        following = page.url.rsplit("#q-", 1)[1]
        settle(page, following, "2")
    lead.check("all settled")
    lead.picture("discussion-6-settled")
    page.locator(".bar-of-points .go").click()
    expect(page.locator("form#submit")).to_be_visible()
    lead.check("ready to submit")
    lead.picture("discussion-7-submit")
    page.locator("form#submit button").click()
    expect(page.locator("form#submit")).to_have_count(0)
    for language in ("ar", "fr"):
        for width in (PHONE, DESK):
            member = visitor("amal.treasurer", language=language, width=width)
            to_round(member)
            member.check(f"submitted round in {language} at {width}")
            member.picture(f"discussion-8-result-{language}-{width}")
    lead.check("submitted")


def test_the_same_without_a_script(visitor: Callable[..., Visitor]) -> None:
    answer(visitor, "tiwizi.president", "fr", {})
    answer(visitor, "tiwizi.member", "fr", {"2.2": "1"})
    lead = visitor("tiwizi.president", language="fr", javascript=False)
    page = to_round(lead)
    page.locator("form[action$='/discuss/'] button").click()
    settle(page, "2.2", "2")
    assert page.url.endswith("?saved=2.2#settled")
    page.locator(".bar-of-points .go").click()
    page.locator("form#submit button").click()
    expect(page.locator("form#submit")).to_have_count(0)
    expect(page.locator(".governance-result")).to_be_visible()
    # The block shows the same result, and how far the discussion was before.
    block = lead.go(UNITS["fr"])
    expect(block.locator(".governance-result")).to_be_visible()


def test_the_block_leads_to_the_discussion(visitor: Callable[..., Visitor]) -> None:
    """A further round of the second association, being discussed."""
    president = visitor("tiwizi.president", language="fr")
    page = president.go(UNITS["fr"])
    page.locator(".nassij-governance form button.ghost").last.click()
    answer(visitor, "tiwizi.president", "fr", {})
    answer(visitor, "tiwizi.member", "fr", {"2.2": "1"})
    to_first = president.go("/nassij/governance/")
    to_first.locator("main article a[href*='/rounds/']").first.click()
    page.locator("form[action$='/discuss/'] button").click()
    president.go(UNITS["fr"])
    president.check("block while discussed")
    president.picture("discussion-9-block")
    page.locator(".nassij-governance .act .go").click()
    expect(page.locator('[id="q-2.2"]')).to_be_visible()
