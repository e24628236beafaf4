"""Signing out on a shared phone: what is not sent yet is asked about, what is kept is nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor, demo_site, sign_in
from tests.browser.test_member_journey import CARDS, answer_card
from tests.browser.test_offline import KEPT, SHEET, open_question, open_sheet, saved

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
STORED = "() => Object.keys(localStorage).filter(key => key.startsWith('nassij')).length"
PERSON = "tiwizi.member"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of these tests alone: in the shared one the round may be submitted by now."""
    with demo_site(tmp_path_factory.mktemp("signout")) as address:
        yield address


def press_sign_out(page: Page) -> None:
    if not page.locator(".who[open]").count():
        page.locator(".who summary").click()
    page.locator("[data-signout] button, a[data-signout]").click()


def answer_offline(member: Visitor, language: str = "ar") -> str:
    """One answer that is kept on the phone; its indicator."""
    page = open_question(member, language)
    member.context.set_offline(True)
    code = answer_card(page, lambda _code: "2")
    expect(page.locator(".state").first).to_have_attribute("data-state", "waiting")
    return code


def is_signed_out(member: Visitor) -> bool:
    return all(cookie["name"] != "sessionid" for cookie in member.context.cookies())


def test_with_nothing_unsent_it_clears_and_signs_out(visitor: Callable[..., Visitor]) -> None:
    member = visitor(PERSON)
    page = open_sheet(member)
    saved_state = page.evaluate(STORED)
    assert saved_state == 1  # where the sheet is found again
    press_sign_out(page)
    page.wait_for_url(member.site + "/")
    assert is_signed_out(member)
    assert page.evaluate(STORED) == 0
    assert member.faults == []


def test_without_script_signing_out_works(visitor: Callable[..., Visitor]) -> None:
    member = visitor(PERSON, javascript=False)
    press_sign_out(member.go("/nassij/"))
    assert is_signed_out(member)


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("fr", 1280), ("en", 320)])
def test_the_question_can_be_read_and_answered_by_keyboard(
    visitor: Callable[..., Visitor], language: str, width: int
) -> None:
    member = visitor(PERSON, width=width, language=language)
    answer_offline(member, "fr" if language == "fr" else "ar")
    page = member.page
    press_sign_out(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.locator("h2")).to_have_text(
        {
            "ar": "لم تُرسل كل أجوبتكم بعد",
            "fr": "Toutes vos réponses ne sont pas encore envoyées",
            "en": "Not everything you answered is sent yet",
        }[language]
    )
    expect(dialog.locator("li")).to_have_count(1)
    member.faults.clear()
    member.check(f"the question in {language}")
    member.picture(f"signout-{language}-{width}")
    expect(dialog.locator("[data-send]")).to_be_focused()
    page.keyboard.press("Enter")  # there is no line
    expect(dialog.get_by_role("status")).not_to_be_empty()
    member.picture(f"signout-{language}-{width}-no-line")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert page.evaluate(KEPT) == 1
    assert not is_signed_out(member)
    press_sign_out(page)
    dialog.locator("[data-stay]").click()
    expect(dialog).to_have_count(0)


def test_sent_now_then_signed_out(visitor: Callable[..., Visitor]) -> None:
    member = visitor(PERSON)
    code = answer_offline(member)
    page = member.page
    # On another page when the line is back: its queue is not there, so signing out passes by the page where one answered.
    member.context.route("**/handler/**", lambda route: route.abort())
    member.context.set_offline(False)
    page = member.go("/nassij/governance/")
    member.context.unroute("**/handler/**")
    assert page.evaluate(KEPT) == 1
    press_sign_out(page)
    page.get_by_role("dialog").locator("[data-send]").click()
    page.wait_for_url(member.site + "/", timeout=30_000)
    assert is_signed_out(member)
    assert page.evaluate(STORED) == 0
    again = visitor(PERSON)
    expect(again.go(SHEET["ar"]).locator(f'input[name="a-{code}"][value="2"]')).to_be_checked()


def test_sent_from_the_page_where_one_answered(visitor: Callable[..., Visitor]) -> None:
    member = visitor(PERSON)
    answer_offline(member)
    press_sign_out(member.page)
    expect(member.page.get_by_role("dialog")).to_be_visible()
    member.context.set_offline(False)
    member.page.get_by_role("dialog").locator("[data-send]").click()
    member.page.wait_for_url(member.site + "/", timeout=30_000)
    assert is_signed_out(member)
    assert member.page.evaluate(STORED) == 0


def test_kept_and_signed_out_it_waits_for_its_person_alone(visitor: Callable[..., Visitor]) -> None:
    member = visitor(PERSON)
    code = answer_offline(member)
    page = member.page
    member.context.route("**/handler/**", lambda route: route.abort())
    member.context.set_offline(False)
    press_sign_out(page)
    page.get_by_role("dialog").locator("[data-keep]").click()
    page.wait_for_url(member.site + "/")
    assert is_signed_out(member)
    assert page.evaluate(KEPT) == 1
    member.context.unroute("**/handler/**")

    # Somebody else on this phone: sees nothing of it, sends nothing of it, and signs out without a question.
    sign_in(member, "tiwizi.treasurer")
    page = member.go(SHEET["ar"])
    expect(page.locator(".nassij-governance")).to_be_visible()
    press_sign_out(page)
    page.wait_for_url(member.site + "/")
    assert is_signed_out(member)
    assert page.evaluate(KEPT) == 1

    sign_in(member, PERSON)
    page = member.go(SHEET["ar"])
    saved(page)
    expect(page.locator(f'input[name="a-{code}"][value="2"]')).to_be_checked()


def test_deleted_and_signed_out_nothing_is_left(visitor: Callable[..., Visitor]) -> None:
    member = visitor(PERSON)
    answer_offline(member)
    page = member.page
    # A card that was touched and not pressed on is stored when its page is left: deleted as well.
    page.locator(f'{CARDS}:visible input[value="3"]').check()
    member.context.route("**/handler/**", lambda route: route.abort())
    member.context.set_offline(False)
    press_sign_out(page)
    page.get_by_role("dialog").locator("[data-delete]").click()
    page.wait_for_url(member.site + "/")
    assert is_signed_out(member)
    assert page.evaluate(STORED) == 0
