"""A round's page in its later states, in Arabic and French, on a phone and on a desk."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, ROOT, Visitor, demo_site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site whose rounds were closed, validated and reopened before."""
    data = tmp_path_factory.mktemp("states")
    environment = {**os.environ, "NASSIJ_DEMO_DATA": str(data), "DJANGO_SETTINGS_MODULE": "demo.settings"}
    with demo_site(data) as address:
        subprocess.run([sys.executable, "-m", "tests.browser.rounds"], cwd=ROOT, env=environment, check=True)
        yield address


@pytest.mark.parametrize(("language", "width"), [("ar", PHONE), ("ar", DESK), ("fr", PHONE), ("fr", DESK)])
@pytest.mark.parametrize("username", ["amal.president", "tiwizi.president"])
def test_every_state_is_right(visitor: Callable[..., Visitor], username: str, language: str, width: int) -> None:
    person = visitor(username, language=language, width=width)
    page = person.go("/nassij/governance/")
    person.check(f"list of {username} in {language} at {width}")
    person.picture(f"states-list-{username}-{language}-{width}")
    paths = {link.get_attribute("href") or "" for link in page.locator("main article a[href*='/rounds/']").all()}
    assert len(paths) == 2
    for number, path in enumerate(sorted(paths)):
        person.go(path)
        person.check(f"{path} of {username} in {language} at {width}")
        person.picture(f"states-{username}-{number}-{language}-{width}")


def test_the_coachs_word_and_the_round_before_stand_on_the_page(visitor: Callable[..., Visitor]) -> None:
    page = visitor("amal.member", width=320, dark=True).go("/nassij/governance/")
    page.locator("main article a[href*='/rounds/']").first.click()

    expect(page.locator(".nassij-radar-before")).to_be_visible()
    expect(page.locator("blockquote").first).to_contain_text("تقدم واضح")
    expect(page.locator("details.card li")).to_have_count(2)
    expect(page.locator("thead th")).to_have_count(4)
