"""A coach validates the round that waits in the demo: on a phone without a script, at a desk with one; and who only looks on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Visitor, demo_site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of its own: here the round that waits is validated."""
    with demo_site(tmp_path_factory.mktemp("coach")) as address:
        yield address


def open_round(person: Visitor) -> Page:
    """From the desk to the round that waits."""
    page = person.go("/nassij/governance/desk/")
    page.locator("article.card.next a.go").first.click()
    return page


def say(page: Page, answer: str, **more: str) -> None:
    """Give a word on the question in view and go on."""
    page.locator(f'input[name="answer"][value="{answer}"]').check()
    for name, text in more.items():
        field = page.locator(f'[name="{name}"]')
        field.select_option(text) if name == "evidence" else field.fill(text)
    page.locator(".act button.go").click()


@pytest.mark.parametrize(("language", "width"), [("ar", PHONE), ("ar", DESK), ("fr", PHONE), ("fr", DESK)])
def test_every_page_is_right(visitor: Callable[..., Visitor], language: str, width: int) -> None:
    coach = visitor("coach", language=language, width=width)
    coach.go("/nassij/")
    coach.check("home")
    coach.picture(f"coach-home-{language}-{width}")
    page = open_round(coach)
    page.go_back()
    coach.check("desk")
    coach.picture(f"coach-desk-{language}-{width}")
    page.go_forward()
    coach.check("round")
    coach.picture(f"coach-round-{language}-{width}")
    page.locator("ul.both a").nth(7).click()
    coach.check("question")
    coach.picture(f"coach-question-{language}-{width}")
    page.go_back()
    page.locator("a[href$='/trail/']").click()
    coach.check("trail")
    coach.picture(f"coach-trail-{language}-{width}")


def test_nothing_is_too_wide_at_320_in_the_dark(visitor: Callable[..., Visitor]) -> None:
    coach = visitor("coach", width=320, dark=True)
    page = open_round(coach)
    coach.check("round at 320")
    page.locator("section.looked a.go").click()
    coach.check("question at 320")
    coach.picture("coach-question-dark-320")
    coach.go("/nassij/governance/desk/")
    coach.check("desk at 320")


def test_a_coach_validates_with_one_disagreement(visitor: Callable[..., Visitor]) -> None:
    phone = visitor("coach", language="fr", width=PHONE, javascript=False)
    page = open_round(phone)
    page.locator("section.looked a.go").click()
    say(page, "4", evidence="seen")
    expect(page.locator(".messages .done")).to_be_visible()
    say(page, "1", evidence="verified", comment="Le changement du trésorier n’est pas déclaré.")
    page.locator("p.back a.tall").first.click()
    expect(page.locator("ul.both .agrees")).to_have_count(1)
    expect(page.locator("ul.both .differs")).to_have_count(1)
    phone.picture("coach-round-begun-fr-360")
    # What the association does not know is not confirmed with the rest: it is named, and one press leads there.
    page.locator("#confirm_rest").check()
    page.locator("#remark").fill("Bon travail, à reprendre ensemble en janvier.")
    page.locator("form.card.next button.go").click()
    alert = page.locator("[role=alert]")
    expect(alert.locator("li")).to_have_count(1)
    expect(page.locator("#remark")).to_have_value("Bon travail, à reprendre ensemble en janvier.")
    phone.picture("coach-round-refused-fr-360")
    alert.locator("a").click()
    say(page, "no_evidence")

    desk = visitor("coach", language="fr", width=DESK)
    page = open_round(desk)
    desk.check("round begun")
    desk.picture("coach-round-begun-fr-1280")
    page.locator("ul.both .differs a").first.click()
    expect(page.locator("nav.all a[aria-current=page]")).to_be_visible()
    desk.check("question with a word")
    desk.picture("coach-question-word-fr-1280")
    desk.page.goto(page.locator("p.back a.tall").first.evaluate("link => link.href"))
    page.locator("#confirm_rest").check()
    page.locator("#remark").fill("Bon travail.")
    page.locator("form.card.next button.go").click()
    expect(page.locator(".messages .done")).to_be_visible()
    expect(page.locator("blockquote").first).to_contain_text("Bon travail.")
    desk.check("round validated")
    desk.picture("coach-round-validated-fr-1280")
    address = page.url
    page.locator("ul.both .differs a").first.click()
    expect(page.locator("input[type=radio]")).to_have_count(0)
    desk.check("question validated")
    desk.picture("coach-question-validated-fr-1280")

    coordinator = visitor("coordinator", width=PHONE)
    coordinator.page.goto(address)
    coordinator.check("round as the coordinator sees it")
    coordinator.picture("coach-round-coordinator-ar-360")
    coordinator.page.locator("ul.both .differs a").first.click()
    coordinator.check("question as the coordinator sees it")
    coordinator.picture("coach-question-coordinator-ar-360")

    president = visitor("ourika.president", width=PHONE)
    page = president.go("/nassij/governance/")
    page.locator("main a[href*='/rounds/']").first.click()
    expect(page.locator("main")).to_contain_text("Bon travail.")
    assert president.page.goto(address).status == 403
