"""A workshop's answer sheet, in Arabic on a phone and without script: downloaded, filled in, corrected, applied."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor, demo_site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
UNIT = "/courses/course-v1:Nassij+GOV2+ar/units/gov2-s1-u6/"
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of its own: other journeys submit this association's round."""
    with demo_site(tmp_path_factory.mktemp("sheets")) as address:
        yield address


def test_a_sheet_is_filled_in_at_a_workshop(visitor: Callable[..., Visitor]) -> None:
    member = visitor("tiwizi.treasurer", javascript=False)
    page = member.go(UNIT)
    start = page.locator(".nassij-governance .act .go")
    if start.count() and not page.locator("form.sheet").count():
        start.click()
    page.wait_for_selector("form.sheet")
    member.go("/nassij/governance/")
    page.locator('main a[href*="/rounds/"]').first.click()
    page.locator('a[href$="/sheet/"]').click()
    member.picture("sheet-ar")
    with page.expect_download() as downloading:
        page.locator('a[href$="ar.xlsx"]').click()
    book = openpyxl.load_workbook(io.BytesIO(downloading.value.path().read_bytes()))
    sheet = book.worksheets[0]
    rows = {row[0].value: row[0].row for row in sheet.iter_rows(min_row=6) if row[0].value}

    def send(first: object) -> None:
        sheet.cell(rows["1.1"], 4).value = first
        sheet.cell(rows["1.2"], 4).value = 3
        sheet.cell(rows["1.2"], 6).value = "حسب محضر الجمع العام"
        sheet.cell(rows["2.1"], 4).value = "؟"
        buffer = io.BytesIO()
        book.save(buffer)
        page.set_input_files("input[type=file]", {"name": "ورشة.xlsx", "mimeType": MIME, "buffer": buffer.getvalue()})
        page.locator("form.card.next button.go").click()

    send("جيد")
    expect(page.locator(".card.critical tbody tr")).to_have_count(1)
    member.picture("sheet-wrong-ar")
    wrong = page.url
    send(4)
    expect(page.locator("tbody tr")).to_have_count(3)
    member.picture("sheet-plan-ar")

    # The same pages with a script, for axe.
    phone = visitor("tiwizi.treasurer")
    phone.page.goto(page.url)
    phone.check("the dry run")
    phone.page.goto(wrong)
    phone.check("the sheet")
    phone.page.set_input_files("input[type=file]", {"name": "x.xlsx", "mimeType": MIME, "buffer": b"no workbook"})
    phone.page.locator("form.card.next button.go").click()
    expect(phone.page.locator('input[type=file][aria-invalid="true"]')).to_be_visible()
    phone.faults.clear()  # the browser notes the 400 it was meant to get
    phone.check("a file that is none")

    page.locator(".act button.go").click()
    expect(page.locator(".messages .done")).to_be_visible()
    member.picture("sheet-applied-ar")
    member.go(UNIT)
    expect(page.locator('input[name="a-1.1"][value="4"]')).to_be_checked()
    expect(page.locator('input[name="a-2.1"][value="dont_know"]')).to_be_checked()
