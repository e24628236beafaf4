"""A coordinator imports associations and people: a dry run first, a real worker does it, and it can be undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
TABLE = """اسم الجمعية;الإقليم أو العمالة;سنة التأسيس;رمز الفوج;البريد الإلكتروني;الصفة
جمعية الواحة;youssoufia;2011;msf-1;oasis@example.org;رئيسة
جمعية الواحة;youssoufia;2011;msf-1;oasis2@example.org;أمين المال
جمعية بلا إقليم;atlantis;2011;msf-1;lost@example.org;رئيس
"""


def test_import_with_a_dry_run_a_worker_and_an_undo(visitor: Callable[..., Visitor]) -> None:
    coordinator = visitor("coordinator")
    page = coordinator.go("/nassij/import/")
    page.set_input_files(
        "input[type=file]", {"name": "جمعيات.csv", "mimeType": "text/csv", "buffer": TABLE.encode("utf-8-sig")}
    )
    page.locator("main form button.go").first.click()
    page.wait_for_load_state()
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator("tbody tr .chip.critical")).to_have_count(1)
    coordinator.check("the dry run")
    coordinator.picture("import-dry-run")
    listed = coordinator.context.request.get(coordinator.site + "/nassij/associations/").text()
    assert "جمعية الواحة" not in listed, "a dry run writes nothing"

    page.locator(".act form button.go").click()
    # The import's own page: progress while the worker works, then what was done.
    expect(page.locator("main .card.next a.go")).to_be_visible(timeout=60_000)
    expect(page.locator("main .card.next li")).to_have_count(3)  # created, invited, refused
    result = page.url
    coordinator.check("the import is done")
    coordinator.picture("import-done")
    coordinator.go("/nassij/associations/")
    expect(page.get_by_text("جمعية الواحة").first).to_be_visible()
    assert page.get_by_text("جمعية بلا إقليم").count() == 0

    page.goto(result)
    page.locator("main details summary").last.click()
    with page.expect_navigation():
        page.locator("main button.critical").click()
    expect(page.locator("main .card.next a.go")).to_be_visible(timeout=60_000)
    coordinator.check("the import is undone")
    coordinator.go("/nassij/associations/")
    assert page.get_by_text("جمعية الواحة").count() == 0
