"""Attaching a document from a phone, in Arabic and without script; the coach reads it, in French at a desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
UNIT = "/courses/course-v1:Nassij+GOV2+ar/units/gov2-s1-u6/"
NAME = "محضر الجمع العام العادي لسنة 2026 مع لائحة الحاضرين.pdf"


def test_a_member_attaches_a_document_and_the_coach_reads_it(visitor: Callable[..., Visitor]) -> None:
    member = visitor("amal.treasurer", javascript=False)
    page = member.go(UNIT)
    start = page.locator(".nassij-governance .act .go")
    if start.count() and not page.locator("form.sheet").count():
        start.click()
    page.locator('.nassij-governance a[href$="/evidence/"]').first.click()
    document = page.pdf(format="A4")
    member.picture("evidence-overview-ar")
    page.locator('ul.documents a[href$="/evidence/1.1/"]').click()
    page.set_input_files("input[type=file]", {"name": NAME, "mimeType": "application/pdf", "buffer": document})
    page.locator("form.card.next button.go").click()
    expect(page.locator(".messages .done")).to_be_visible()
    expect(page.locator("ul.documents li")).to_have_count(1)
    member.picture("evidence-added-ar")
    address = page.url

    page.set_input_files("input[type=file]", {"name": "صورة.png", "mimeType": "image/png", "buffer": b"GIF89a;"})
    page.locator("form.card.next button.go").click()
    expect(page.locator('input[type=file][aria-invalid="true"]')).to_be_visible()
    member.picture("evidence-refused-ar")

    phone = visitor("amal.member")
    phone.page.goto(address)
    phone.check("the documents of a question")
    assert phone.page.locator("ul.documents details").count() == 0, "not theirs to remove"
    phone.page.goto(address.replace("1.1/", ""))
    phone.check("all documents")

    coach = visitor("coach", language="fr", width=DESK)
    coach.page.goto(address)
    coach.check("the documents as the coach sees them")
    coach.picture("evidence-coach-fr")
    expect(coach.page.locator("form.card.next")).to_have_count(0)
    with coach.page.expect_download() as downloading:
        coach.page.locator("ul.documents a").first.click()
    assert downloading.value.suggested_filename == NAME
    assert downloading.value.path().read_bytes() == document

    page.goto(address)
    page.locator("ul.documents details summary").click()
    page.locator("ul.documents details button").click()
    expect(page.locator("ul.documents li")).to_have_count(0)
