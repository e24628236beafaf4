"""The pages only the demo has, as people meet them in a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LESSON = "/courses/course-v1:Nassij+GOV2+fr/"


@pytest.mark.parametrize("javascript", [True, False])
def test_the_contact_centre_stands_once_on_a_lesson(visitor: Callable[..., Visitor], javascript: bool) -> None:
    learner = visitor("amal.member", language="fr", javascript=javascript)
    page = learner.go(LESSON)
    page.locator("main .go").first.click()
    page.wait_for_load_state()
    contact = page.locator(".contact:visible")
    expect(contact).to_have_count(1)
    end = page.locator("[data-end]")
    if not javascript:
        expect(end).to_be_visible()
        return
    expect(end).to_be_hidden()
    for _step in range(30):
        if end.is_visible():
            break
        page.locator("[data-skip]:visible, [data-go]:visible").first.click()
    expect(end).to_be_visible()
    expect(contact).to_have_count(1)
    learner.check("the end of a lesson")


def test_the_operator_finds_the_programme_in_the_admin_and_nothing_of_the_workbench(
    visitor: Callable[..., Visitor],
) -> None:
    page = visitor("operator", language="en", width=DESK).go("/admin/")
    expect(page.get_by_role("link", name="Associations", exact=True).first).to_be_visible()
    expect(page.get_by_text("Workbench")).to_have_count(0)
    expect(page.get_by_text("XBlock", exact=False)).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "name"), [("ar", "جمعية الأمل للتنمية"), ("fr", "Association Al Amal pour le développement")]
)
def test_associations_are_called_as_the_reader_reads(visitor: Callable[..., Visitor], language: str, name: str) -> None:
    learner = visitor("amal.president", language=language, width=PHONE)
    page = learner.go("/")
    expect(page.get_by_role("heading", name=name)).to_have_count(2)  # one's own, and the invented people's
    learner.check("home")
