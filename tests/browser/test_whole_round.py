"""One round from the first answer to the validated report: two members and their lead in Arabic, their coach in French.

The lead's phone loses the line in the middle, and its page is killed while answers wait on it.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import page as pdf_validation
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, SCREENSHOTS, Visitor, demo_site
from tests.browser.test_discussion import settle
from tests.browser.test_member_journey import CARDS, answer_card
from tests.browser.test_offline import kill, saved, says_saved
from tests.pdf_text import text_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
UNIT = "/courses/course-v1:Nassij+GOV2+ar/units/gov2-s1-u5/"
REMARK = "Un bon travail collectif. Commencez par l’assemblée générale."
NOTE = "انعقد الجمع العام متأخرا بشهرين"
WAITING = "main article:has-text('Al Amal') a[href*='/validation/']"  # the demo has another round that waits
LEVELS = {
    "amal.treasurer": {"2.1": "2", "2.2": "3", "4.1": "4"},
    "amal.member": {"2.1": "4", "2.2": "2", "4.1": "4"},
    "amal.president": {"2.1": "3", "2.2": "2", "4.1": "4"},
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of its own: this round ends validated, which the other journeys do not expect."""
    with demo_site(tmp_path_factory.mktemp("whole-round")) as address:
        yield address


def begin(person: Visitor) -> Page:
    """The express questionnaire, its first card in view."""
    page = person.go(UNIT)
    if not page.locator("form.sheet").count():
        page.locator(".nassij-governance .act .go").click()
    page.wait_for_selector(f"{CARDS}:visible")
    return page


def answer_cards(page: Page, levels: dict[str, str], until: Callable[[int], bool] = lambda number: False) -> int:
    """Answer card after card until the result, or until the given number says so; how many were answered."""
    number = 0
    while page.locator(f"{CARDS}:visible").count() and not until(number):
        answer_card(page, lambda code: levels.get(code, "3"))
        number += 1
        assert number < 40
    return number


def own_round(person: Visitor) -> Page:
    page = person.go("/nassij/governance/")
    page.locator("main a[href*='/rounds/']").last.click()
    page.wait_for_url(re.compile("/rounds/"))
    return page


def test_from_the_first_answer_to_the_validated_report(visitor: Callable[..., Visitor], tmp_path: Path) -> None:
    for name in ("amal.treasurer", "amal.member"):
        member = visitor(name)
        answer_cards(begin(member), LEVELS[name])
        expect(member.page.locator(".governance-result").first).to_be_visible()
        member.check(f"{name} has answered")

    lead = visitor("amal.president")
    lose_the_line_and_the_page(lead)

    page = own_round(lead)
    page.locator("form[action$='/discuss/'] button").click()
    settle_everything(lead)
    page.locator(".bar-of-points .go").click()
    page.locator("form#submit button").click()
    expect(page.locator("form#submit")).to_have_count(0)
    lead.check("submitted")

    validate(visitor("coach", language="fr", width=DESK))

    page = own_round(lead)
    expect(page.get_by_text(REMARK).first).to_be_visible()
    lead.check("validated")
    lead.picture("whole-1-validated")
    look_at_the_report(lead, tmp_path)


def lose_the_line_and_the_page(lead: Visitor) -> None:
    """The lead answers; offline from the fifth card on; the page is killed with answers waiting, and opened again later."""
    levels = LEVELS["amal.president"]
    page = begin(lead)
    answer_cards(page, levels, until=lambda number: number == 4)
    says_saved(page)
    lead.context.set_offline(True)
    answer_cards(page, levels, until=lambda number: number == 4)
    expect(page.locator(".state")).to_have_attribute("data-state", "waiting")
    kill(lead)
    lead.context.set_offline(False)
    lead.faults.clear()  # the requests that found no line are the point
    page = begin(lead)
    saved(page)
    answer_cards(page, levels)
    expect(page.locator(".governance-result").first).to_be_visible()
    for code, level in (*levels.items(), ("1.1", "3"), ("1.2", "3")):
        expect(page.locator(f'input[name="a-{code}"][value="{level}"]')).to_be_checked()


def settle_everything(lead: Visitor) -> None:
    """Every point on which the three differ gets its common answer; the first with the reason why."""
    page = lead.page
    first = page.locator(".point").first
    expect(first).to_have_attribute("id", "q-2.1")  # two levels apart: to discuss before the others
    first.locator("textarea").fill(NOTE)
    settle(page, "2.1", "2")
    for _number in range(20):
        if "#settled" in page.url:
            break
        settle(page, page.url.rsplit("#q-", 1)[1], "2")
    assert "#settled" in page.url


def validate(coach: Visitor) -> None:
    """The coach finds one thing otherwise, and confirms the rest."""
    page = coach.go("/nassij/governance/desk/")
    coach.check("the desk")
    coach.picture("whole-2-desk")
    page.locator(WAITING).click()
    coach.check("the round on the desk")
    page.locator("main .both a[href*='/4.1']").first.click()
    page.locator('input[name="answer"][value="3"]').check()
    page.locator("select[name=evidence]").select_option("seen")
    page.locator("textarea[name=comment]").fill("Une seule signature sur la carte.")
    page.locator("main .word form button.go").click()
    coach.check("after the first word")
    page = coach.go("/nassij/governance/desk/")
    page.locator(WAITING).click()
    page.locator("#confirm_rest").check()
    page.locator("#remark").fill(REMARK)
    page.locator("form[action$='/validation/done/'] button.go").click()
    expect(page.locator("form[action$='/validation/done/']")).to_have_count(0)
    coach.check("validated by the coach")
    coach.picture("whole-3-coach")


def look_at_the_report(lead: Visitor, folder: Path) -> None:
    """The PDF is there after a moment, says what was said, and is readable by those who cannot see it."""
    page = lead.page
    page.locator("main a[href$='/reports/']").first.click()
    lead.check("reports")
    page.locator("#report-ar form button").click()
    link = page.locator("#report-ar a[href$='/ar.pdf']")
    expect(link).to_be_visible(timeout=90_000)
    lead.check("the report is there")
    lead.picture("whole-4-reports")
    with page.expect_download() as coming:
        link.click()
    path = folder / "report.pdf"
    coming.value.save_as(path)
    assert coming.value.suggested_filename.endswith(".pdf")

    report = pdf_validation.validate_pdf_bytes(path.read_bytes(), profile="ua1")
    assert report.is_compliant, report
    text = text_of(path.read_bytes())
    for expected in (
        "جمعية الأمل للتنمية",
        "انعقاد الجمع العام وفق النظام الأساسي",
        NOTE,
        REMARK,
        "Une seule signature",
    ):
        assert " ".join(expected.split()) in text, expected
    if os.environ.get("NASSIJ_SCREENSHOTS"):
        subprocess.run(["pdftoppm", "-r", "60", "-png", path, SCREENSHOTS / "whole-5-report"], check=True)
