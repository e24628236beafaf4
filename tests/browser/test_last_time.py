"""The next round: last time's answers beside their questions, and the page where they are confirmed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, ROOT, Visitor, demo_site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
UNIT = {
    "ar": "/courses/course-v1:Nassij+GOV2+ar/units/gov2-s1-u5/",
    "fr": "/courses/course-v1:Nassij+GOV2+fr/units/gov2-s1-u5/",
}
NEXT = """
import django; django.setup()
from django.contrib.auth import get_user_model
from governance_assessment import api
from nassij.associations.api import memberships
user = get_user_model().objects.get(username="amal.president")
own = memberships(user_id=user.pk)[0]
print(api.open_round(user_id=user.pk, association_id=own.association_id, kind="express").uuid)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site where one association has begun its next round."""
    data = tmp_path_factory.mktemp("last-time")
    environment = {**os.environ, "NASSIJ_DEMO_DATA": str(data), "DJANGO_SETTINGS_MODULE": "demo.settings"}
    with demo_site(data) as address:
        for command in (["-m", "tests.browser.rounds"], ["-c", NEXT]):
            subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True)
        yield address


@pytest.mark.parametrize(("language", "width"), [("ar", PHONE), ("fr", DESK)])
def test_confirming_what_is_still_true(visitor: Callable[..., Visitor], language: str, width: int) -> None:
    person = visitor("amal.president", language=language, width=width)
    page = person.go(UNIT[language])
    link = page.locator(".note a[href*='/last-time/']")
    expect(link).to_be_visible()
    before = int(re.search(r"\d+", page.locator(".note:has(a)").first.inner_text()).group())  # type: ignore[union-attr]
    page.click(".nassij-governance .go")  # from the questions about the association to the first one
    person.check(f"questions-{language}-{width}")
    person.picture(f"last-time-question-{language}-{width}")
    link.click()
    page.wait_for_url(re.compile("/last-time/"))
    expect(page.locator("input[name=code]")).to_have_count(before)
    expect(page.locator("input[name=code]:checked")).to_have_count(0)
    person.check(f"page-{language}-{width}")
    person.picture(f"last-time-page-{language}-{width}")
    for box in page.locator("input[name=code]").all()[:2]:
        box.check()
    page.click(".act .go")
    expect(page.locator("input[name=code]")).to_have_count(before - 2)
    person.check(f"confirmed-{language}-{width}")
