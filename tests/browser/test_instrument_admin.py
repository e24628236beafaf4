"""The admin's own pages of instrument versions, in both directions, on a phone and on a desk."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESK, OVERFLOW, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
ADMIN = "/admin/nassij_governance/instrumentversion/"
#: What is ours on the page; the frame is Django's.
OURS = ".instrument"


def check(person: Visitor, name: str) -> None:
    # Django's frame asks for an icon that a site may not have.
    faults = [fault for fault in person.faults if "Failed to load resource" not in fault]
    assert faults == [], f"{name}: {faults}"
    found = Axe().run(person.page, context=OURS, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    assert person.page.evaluate(OVERFLOW) <= 0, f"{name}: wider than the screen"
    person.picture(f"instrument-admin-{name}")


@pytest.mark.parametrize(("language", "width", "number"), [("ar", PHONE, 1), ("fr", DESK, 2), ("ar", DESK, 3)])
def test_from_a_version_to_the_next(visitor: Callable[..., Visitor], language: str, width: int, number: int) -> None:
    """A draft from what is published, its words changed, looked at, and the confirmation of its publication."""
    person = visitor("operator", language=language, width=width)
    page = person.go(ADMIN)
    name = f"{language}-{width}"
    person.picture(f"instrument-admin-list-{name}")
    page.click('#result_list th a:has-text("gov-ma 0.1.0")')
    check(person, f"published-{name}")
    published = page.url
    page.click('.doors a[href$="/next/"]')
    page.fill("#number", f"0.1.{number}")
    check(person, f"next-{name}")
    page.click(".submit-row input")
    page.wait_for_url(re.compile(r"/change/$"))
    check(person, f"draft-{name}")
    draft = page.url.removeprefix(person.site)

    page.click(".parts a >> nth=6")
    check(person, f"part-{name}")
    titles = page.locator("fieldset.line >> nth=0").locator("textarea")
    assert titles.evaluate_all("all => all.map(e => getComputedStyle(e).direction)") == ["rtl", "ltr", "ltr"]
    titles.nth(1).fill("")
    page.click('.submit-row input:not([name="next"])')
    page.wait_for_selector(".messagelist .success")
    person.go(draft)
    assert page.locator(".meter ul a").count() == 1
    check(person, f"gap-{name}")
    page.click(".meter ul a")
    page.locator("fieldset.line >> nth=0").locator("textarea").nth(1).fill("Récépissé de la déclaration")
    page.click('.submit-row input:not([name="next"])')
    page.wait_for_selector(".messagelist .success")

    person.go(draft.replace("/change/", "/publish/"))
    check(person, f"publish-{name}")
    person.go(draft.replace("/change/", "/source/"))
    check(person, f"source-{name}")
    source = page.input_value("#source")
    wrong = source.replace("level: 2", "level: 9", 1)
    page.evaluate("text => { document.querySelector('#source').value = text }", wrong)  # typing 100 KB takes a minute
    page.click(".submit-row input")
    page.wait_for_selector(".errornote")
    check(person, f"source-wrong-{name}")

    person.go(f"{ADMIN}add/")
    check(person, f"upload-{name}")
    page.set_input_files("#file", {"name": "x.yaml", "mimeType": "text/yaml", "buffer": source.encode()})
    page.click(".submit-row input")
    page.wait_for_selector('input[name="content"]', state="attached")
    check(person, f"dry-run-{name}")
    person.go(draft.replace("/change/", "/preview/ar/"))
    assert page.locator("html").get_attribute("dir") == "rtl"
    person.go(published.removeprefix(person.site).replace("/change/", "/retire/"))
    check(person, f"retire-{name}")
