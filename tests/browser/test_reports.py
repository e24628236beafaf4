"""A president on a phone, in Arabic, gets the report of a submitted round; and what it looks like elsewhere."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import page as rules
import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, Visitor, demo_site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
PRESIDENT = "ourika.president"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of its own: here rounds get reports."""
    with demo_site(tmp_path_factory.mktemp("reports")) as address:
        yield address


def to_the_reports(visitor: Visitor) -> Page:
    """From the self-assessment's page over the round to its reports."""
    page = visitor.go("/nassij/governance/")
    page.locator('main a[href*="/governance/rounds/"]').first.click()
    page.locator('main a[href$="/reports/"]').click()
    expect(page.locator("#report")).to_be_visible()
    return page


def downloaded(page: Page, press: str) -> tuple[str, bytes]:
    """The name and the bytes of what `press` downloads."""
    with page.expect_download() as waiting:
        page.locator(press).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_president_gets_the_report_on_a_phone(visitor: Callable[..., Visitor], javascript: bool) -> None:
    president = visitor(PRESIDENT, javascript=javascript)
    language = "ar" if javascript else "en"  # one that nobody has asked for yet
    page = to_the_reports(president)
    if javascript:
        president.check("reports, none made")
        president.picture("reports-1-phone-none")
    page.locator(f"#report-{language} form button").click()
    expect(page.locator(f'#report-{language} a[href$="/{language}.pdf"]')).to_be_visible(timeout=60_000)
    assert "KB" in page.locator(f"#report-{language}").inner_text()
    if javascript:
        president.check("reports, one made")
        president.picture("reports-2-phone-made")
    name, content = downloaded(page, f'#report-{language} a[href$="/{language}.pdf"]')
    assert name.endswith(".pdf") and ("تقرير الحكامة" in name) is (language == "ar")
    assert rules.is_pdf_compliant_bytes(content, profile="ua1")
    assert pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]["/Lang"] == language


def test_its_own_data_and_the_wide_page(visitor: Callable[..., Visitor]) -> None:
    president = visitor(PRESIDENT, language="fr", width=DESK)
    page = to_the_reports(president)
    president.check("reports, wide")
    president.picture("reports-3-wide-fr")
    for ending, start in (("xlsx", b"PK"), ("json", b"{")):
        name, content = downloaded(page, f'a[href$="/data.{ending}"]')
        assert name.endswith(f".{ending}") and content.startswith(start)


def test_the_questionnaire_on_paper(visitor: Callable[..., Visitor]) -> None:
    anybody = visitor()
    page = anybody.go("/nassij/governance/instruments/gov-ma/")
    anybody.check("questionnaire")
    anybody.picture("reports-4-questionnaire")
    name, content = downloaded(page, 'a[href*="/questionnaire/express/"]')
    assert name.startswith("gov-ma-") and content.startswith(b"%PDF-")
