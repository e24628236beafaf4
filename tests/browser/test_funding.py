"""A treasurer on a phone, in Arabic: from a funding call to a verdict, one "not yet" mended, the file prepared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
CALL = "/nassij/funding/calls/commune-grant/"


def save(page: Page) -> None:
    with page.expect_navigation():
        page.locator(".act button.go").first.click()


@pytest.mark.parametrize("username, language", [("amal.treasurer", "ar"), ("ourika.treasurer", "fr")])
def test_from_a_call_to_a_file(visitor: Callable[..., Visitor], username: str, language: str) -> None:
    treasurer = visitor(username, language=language)
    page = treasurer.go("/nassij/funding/")
    treasurer.check("the calls")
    treasurer.picture(f"funding-{language}")
    page.locator(f"a[href^='{CALL}']").first.click()
    page.wait_for_load_state()
    treasurer.check("a call")
    treasurer.picture(f"funding-call-{language}")

    # What is unknown is asked for, and an answer that is a "not yet" says how to mend it.
    page.locator("section.next .remedy a").first.click()
    page.wait_for_load_state()
    treasurer.check("what the association says of itself")
    page.select_option("select[name=bank_account]", "no")
    page.select_option("select[name=receipt]", "final")
    save(page)
    assert page.url.split("?")[0].endswith(CALL)
    mended = page.locator("section.next ul.findings > li", has=page.locator("a[href*='/associations/']"))
    without_account = page.locator("section.next ul.findings").first.locator("> li")
    expect(without_account).to_have_count(1)  # the bank account is the one thing to mend
    before = mended.count()
    page.locator("details + .card a.ghost, .card a.ghost").first.click()
    page.wait_for_load_state()
    page.select_option("select[name=bank_account]", "yes")
    save(page)
    expect(page.locator("section.next .chip.attention")).to_have_count(0)
    assert mended.count() <= before

    # The file: every document has its place, one is there, one has somebody who sees to it.
    page.locator("form[action$='/prepare/'] button").click()
    page.wait_for_load_state()
    treasurer.check("a new file")
    treasurer.picture(f"funding-file-{language}")
    rows = page.locator("ul.rows > li")
    total = rows.count()
    assert total >= 10 and page.locator("ul.rows .chip.done").count() == 0
    page.locator("#document-request_letter a").first.click()
    page.wait_for_load_state()
    treasurer.check("a document")
    treasurer.picture(f"funding-document-{language}")
    page.check("input[name=is_held]")
    page.select_option("select[name=owner_id]", index=1)
    page.fill("input[name=due_on]", (date.today() + timedelta(days=9)).isoformat())
    save(page)
    expect(page.locator("#document-request_letter .chip.attention")).to_be_visible()  # there, to be signed
    page.locator("#document-request_letter a").first.click()
    page.check("input[name=is_signed]")
    save(page)
    expect(page.locator("#document-request_letter .chip.done")).to_be_visible()
    assert page.locator("ul.rows > li").count() == total
    treasurer.check("the file with a document")
    with page.expect_download() as started:
        page.locator("a[href$='calendar.ics']").click()
    assert started.value.suggested_filename.endswith(".ics")


def test_without_script_the_file_is_prepared_all_the_same(visitor: Callable[..., Visitor]) -> None:
    treasurer = visitor("tiwizi.treasurer", javascript=False)
    page = treasurer.go(CALL)
    page.locator("form[action$='/prepare/'] button").click()
    page.wait_for_load_state()
    page.locator("#document-receipt_copy a").first.click()
    page.check("input[name=is_held]")
    page.locator(".act button.go").first.click()
    page.wait_for_load_state()
    assert page.locator("#document-receipt_copy .chip.done").count() == 1
