"""Every page, in Arabic and French, on a phone and on a desk: nothing for axe to find, nothing too small or too wide."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import DESK, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
AR, FR = "/courses/course-v1:Nassij+GOV2+ar/", "/courses/course-v1:Nassij+GOV2+fr/"
UNITS = ("gov2-s1-u1", "gov2-s1-u2", "gov2-s1-u3", "gov2-s1-u4", "gov2-s1-u5", "gov2-s1-u6")
PAGES: dict[str, tuple[str, ...]] = {
    "": (
        "/",
        "/login/",
        "/nassij/privacy/",
        "/nassij/governance/scoring/",
        "/nassij/guides/",
        "/nassij/guides/?q=zzz",
        "/nassij/guides/G6/",
        "/nassij/guides/G2/?lang=fr",
        "{course}",
        "{course}units/gov2-s1-u1/",
        "{course}units/gov2-s1-u5/",
    ),
    "amal.treasurer": (
        "/",
        "{course}",
        *(f"{{course}}units/{unit}/" for unit in UNITS),
        "/nassij/",
        "/nassij/join/",
        "/nassij/governance/",
        "/nassij/governance/instruments/gov-ma/",
        "{association}",
    ),
    "amal.president": (
        "{plan}",
        "/nassij/mail/",
        "{association}",
        "{association}edit/",
        "{association}members/",
        "{association}leave/",
    ),
    "coach": (
        "/nassij/",
        "/nassij/associations/",
        "/nassij/governance/desk/",
        "/nassij/courses/stopped/",
        "{waiting}",
        "{waiting}of/1.1/",
        "{trail}",
        "{association}",
        "{plan}",
    ),
    "coordinator": ("/nassij/", "/nassij/associations/", "/nassij/import/"),
    "trainer": ("/", "{course}units/gov2-s1-u2/", "/nassij/", "/nassij/courses/stopped/"),
    "operator": ("/nassij/",),
}


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("username", list(PAGES), ids=lambda name: name or "visitor")
def test_pages_are_right(visitor: Callable[..., Visitor], username: str, language: str, width: int) -> None:
    person = visitor(username or None, language=language, width=width)
    course = AR if language == "ar" else FR
    for pattern in PAGES[username]:
        path = pattern.replace("{course}", course).replace("{association}", association_of(person))
        path = path.replace("{plan}", association_of(person).replace("/associations/", "/governance/plan/"))
        if "{waiting}" in path or "{trail}" in path:
            path = path.replace("{waiting}", waiting_for(person)).replace("{trail}", trail_of(person))
        page = person.go(path)
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        assert page.locator("h1").count() + page.locator("h2").count() >= 1
        name = re.sub(r"\W+", "-", f"{username}-{pattern}-{language}-{width}").strip("-")
        person.check(f"{path} as {username or 'visitor'} in {language} at {width}")
        person.picture(name)


def association_of(person: Visitor) -> str:
    """The path of the first association on the person's home page; empty for who has none."""
    if not hasattr(person, "association"):
        found = re.search(
            r"/nassij/associations/[0-9a-f-]{36}/", person.context.request.get(person.site + "/nassij/").text()
        )
        person.association = found.group(0) if found else ""  # type: ignore[attr-defined]
    return person.association  # type: ignore[attr-defined]


def waiting_for(person: Visitor) -> str:
    """The path of the round that waits longest for this coach; empty for who is none."""
    desk = person.context.request.get(person.site + "/nassij/governance/desk/").text()
    found = re.search(r"/nassij/governance/rounds/[0-9a-f-]{36}/validation/", desk)
    return found.group(0) if found else ""


def trail_of(person: Visitor) -> str:
    return waiting_for(person).replace("/validation/", "/trail/")


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_pages_reflow_at_320_pixels_and_in_the_dark(visitor: Callable[..., Visitor], language: str) -> None:
    person = visitor("amal.treasurer", language=language, width=320, dark=True)
    course = AR if language == "ar" else FR
    for path in (
        "/",
        course,
        course + "units/gov2-s1-u3/",
        course + "units/gov2-s1-u6/",
        "/nassij/",
        "/nassij/governance/",
    ):
        person.go(path)
        person.check(f"{path} in {language} at 320, dark")


def test_the_layout_is_mirrored(visitor: Callable[..., Visitor]) -> None:
    """What starts at the right in Arabic starts at the left in French, at the same distance."""
    edges = {}
    for language in ("ar", "fr"):
        page = visitor("amal.treasurer", language=language, width=DESK).go("/nassij/")
        box = page.locator("main h1").bounding_box()
        assert box
        edges[language] = box["x"] if language == "fr" else DESK - box["x"] - box["width"]
    assert abs(edges["ar"] - edges["fr"]) < 1.5
