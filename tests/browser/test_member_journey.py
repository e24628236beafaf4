"""A member of an association, in Arabic on a phone: from login through a lesson and all 48 indicators to the result."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
COURSE = "/courses/course-v1:Nassij+GOV2+ar/"
CARDS = "form.sheet section"


def walk_through_lesson(page: Page) -> int:
    """Press the main action, answering what is asked, until the end is in view; the number of presses."""
    go = page.locator(".nassij .act .go:visible").first
    for presses in range(1, 60):
        unanswered = page.locator("[data-step]:visible fieldset:not(:has(input:checked)) label")
        if unanswered.count():
            unanswered.first.click()
        go.click()
        page.wait_for_timeout(60)
        if page.locator("[data-end]:visible").count():
            return presses
    raise AssertionError("the end of the lesson was not reached")


def send_card(page: Page, choose: Callable[[str], str]) -> str:
    """Answer the one card in view and press on; the card's id."""
    card = page.locator(f"{CARDS}:visible")
    expect(card).to_have_count(1)
    card_id = card.get_attribute("id") or ""
    code = card_id.rsplit("-", 1)[1]
    if code == "profile":
        for question in card.locator("fieldset").all():
            question.locator("label").nth(0).click()
    else:
        card.locator(f'input[value="{choose(code)}"]').check()
    page.locator("form.sheet .act .go").click()
    return card_id


def answer_card(page: Page, choose: Callable[[str], str]) -> str:
    """Answer the one card in view and wait for what follows; its code."""
    card_id = send_card(page, choose)
    # The next card, or the result after the last one: whatever the server takes, the next step begins when it is there.
    page.wait_for_function(
        """id => { const shown = [...document.querySelectorAll("form.sheet section")].filter(e => e.checkVisibility());
                   return shown.length ? shown[0].id !== id : document.querySelector(".governance-result"); }""",
        arg=card_id,
    )
    return card_id.rsplit("-", 1)[1]


def test_from_login_to_the_result(visitor: Callable[..., Visitor]) -> None:
    member = visitor("amal.member")
    page = member.go("/")
    member.check("home")
    member.picture("journey-1-home")

    page.locator(f'article.course a[href="{COURSE}"]').click()
    member.check("course")
    member.picture("journey-2-course")
    page.locator("ol.outline a").first.click()
    expect(page.locator(".nassij[dir=rtl][lang=ar]").first).to_be_visible()
    member.check("lesson")
    member.picture("journey-3-lesson")
    assert walk_through_lesson(page) >= 5
    member.check("end of the lesson")
    member.picture("journey-4-lesson-end")
    page.goto(member.site + COURSE)
    expect(page.locator("ol.outline .chip.done")).to_have_count(1)

    member.go(COURSE + "units/gov2-s1-u6/")
    member.check("start of the self-assessment")
    page.locator(".nassij-governance .act .go").click()
    page.wait_for_selector(f"{CARDS}:visible")
    seen = []
    while page.locator(f"{CARDS}:visible").count():
        seen.append(answer_card(page, lambda code: "1" if code == "2.2" else "3"))
        if len(seen) == 3:
            member.check("a card")
            member.picture("journey-5-card")
            # Leaves and comes back at the same card.
            page.wait_for_load_state("networkidle")
            here = page.locator(f"{CARDS}:visible").get_attribute("id")
            page.reload()
            expect(page.locator(f"{CARDS}:visible")).to_have_attribute("id", here or "")
        if seen.count(seen[-1]) > 1 or len(seen) > 60:
            break
    assert [code for code in dict.fromkeys(seen) if code != "profile"].__len__() == 48

    expect(page.locator(".governance-result").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    result = page.locator(".governance-result").first
    expect(result.locator("svg.nassij-radar")).to_be_visible()
    expect(result.locator("tbody tr")).to_have_count(8)
    # 2.2 is critical and at the lowest level: named first, and the reason of the label.
    expect(result.locator(".card.critical li")).to_have_count(1)
    member.check("result")
    member.picture("journey-6-result")


def test_without_script_the_whole_sheet_is_one_form(visitor: Callable[..., Visitor]) -> None:
    treasurer = visitor("amal.treasurer", javascript=False)
    page = treasurer.go(COURSE + "units/gov2-s1-u6/")
    start = page.locator(".nassij-governance .act .go")
    if start.count():
        start.click()
    expect(page.locator("form.sheet fieldset")).not_to_have_count(0)
    page.locator('input[name="a-1.1"][value="3"]').check()
    page.locator('input[name="a-4.2"][value="dont_know"]').check()
    page.locator("form.sheet .act .go").click()
    page.wait_for_load_state()
    treasurer.go(COURSE + "units/gov2-s1-u6/")
    expect(page.locator('input[name="a-1.1"][value="3"]')).to_be_checked()
    expect(page.locator('input[name="a-4.2"][value="dont_know"]')).to_be_checked()


def test_answers_given_offline_arrive_once(visitor: Callable[..., Visitor]) -> None:
    member = visitor("amal.president", language="fr")
    page = member.go("/courses/course-v1:Nassij+GOV2+fr/units/gov2-s1-u6/")
    start = page.locator(".nassij-governance .act .go")
    if start.count() and not page.locator("form.sheet").count():
        start.click()
    page.wait_for_selector(f"{CARDS}:visible")
    answer_card(page, lambda code: "2")
    page.wait_for_load_state("networkidle")
    member.context.set_offline(True)
    first = answer_card(page, lambda code: "2")
    second = answer_card(page, lambda code: "4")
    expect(page.locator(".state")).to_have_attribute("data-state", "waiting")
    member.faults.clear()  # the refused requests are the point
    member.context.set_offline(False)
    expect(page.locator(".state")).to_have_attribute("data-state", "saved", timeout=45_000)
    member.faults.clear()
    page.reload()
    for code, level in ((first, "2"), (second, "4")):
        if code != "profile":
            expect(page.locator(f'input[name="a-{code}"][value="{level}"]')).to_be_checked()


# Alone in her association so far: with others who differ she could not submit yet.
def test_a_president_submits_and_the_result_stays(visitor: Callable[..., Visitor]) -> None:
    president = visitor("tiwizi.president", language="fr")
    page = president.go("/courses/course-v1:Nassij+GOV2+fr/units/gov2-s1-u5/")
    page.locator(".nassij-governance .act .go").click()
    page.wait_for_selector(f"{CARDS}:visible")
    codes = []
    while page.locator(f"{CARDS}:visible").count() and len(codes) < 25:
        codes.append(answer_card(page, lambda code: "3"))
        if codes.count(codes[-1]) > 1:
            break
    assert len({code for code in codes if code != "profile"}) == 18
    page.wait_for_load_state("networkidle")
    president.go("/nassij/governance/")
    president.check("my rounds")
    page.locator("main a[href*='/rounds/']").first.click()
    president.check("round")
    president.picture("round-to-submit")
    page.locator("main form button.go").first.click()
    page.wait_for_load_state("networkidle")
    president.check("round submitted")
    president.picture("round-submitted")
    president.go("/courses/course-v1:Nassij+GOV2+fr/units/gov2-s1-u5/")
    expect(page.locator(".governance-result").first).to_be_visible()
    assert page.locator("form.sheet").count() == 0
