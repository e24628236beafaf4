"""Funding calls found by words that are misspelt, on the page and at once among a thousand."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from django.test import Client

from funding_guide.calls import library, loading
from funding_guide.calls_search import looked_for
from funding_guide.data import PublishedCall
from tests.funding_guide.domain.builders import call, document

FIRST = call(
    slug="first",
    title={"fr": "Appel à projets culturels"},
    summary={"fr": "Éducation et bénévolat"},
    documents=[document("budget", title={"fr": "Budget prévisionnel"})],
)
OTHER = call(slug="other", title={"fr": "INDH"}, summary={"fr": "Santé"}, documents=[])
ARABIC = replace(
    FIRST,
    title={"ar": "دعوة إلى تقديم المشاريع الثقافية", "fr": "Appel à projets culturels"},
    summary={"ar": "دعم الأنشطة المدرسية", "fr": "Éducation et bénévolat"},
    documents=(replace(FIRST.documents[0], title={"ar": "الميزانية التوقعية", "fr": "Budget prévisionnel"}),),
)
OTHER_ARABIC = replace(OTHER, title={"ar": "المبادرة الوطنية", "fr": "INDH"}, summary={"ar": "صحة", "fr": "Santé"})
CALLS = (PublishedCall("a", ARABIC), PublishedCall("b", OTHER_ARABIC))


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ["first", "other"]),
        ("الثقافيه", ["first"]),
        ("المشَاريع ثقافية", ["first"]),
        ("الانشطه المدرسيّة", ["first"]),
        ("ميزانيه", ["first"]),
        ("benevolat", ["first"]),
        ("EDUCATION", ["first"]),
        ("المبادره الوطنيه", ["other"]),
        ("sante", ["other"]),
        ("sante culturels", []),
    ],
)
def test_misspelt_words_find_the_call(query: str, slugs: list[str]) -> None:
    assert [each.call.slug for each in looked_for(CALLS, query)] == slugs


def test_a_thousand_calls_are_looked_through_at_once() -> None:
    many = tuple(PublishedCall(f"{number}", replace(ARABIC, slug=f"call-{number}")) for number in range(1000))
    looked_for(many, "x")
    began = time.perf_counter()
    assert len(looked_for(many, "الثقافيه budget")) == 1000
    assert time.perf_counter() - began < 0.5, "the limit is for a machine that is busy"


@pytest.mark.django_db
def test_the_page_shows_what_was_looked_for_and_how_much() -> None:
    library._kept.clear()
    for each in (FIRST, OTHER):
        loading.store(each, publish=True)
    shown = Client(headers={"accept-language": "fr"}).get("/nassij/funding/", {"q": "culturel"}).content.decode()
    assert "/calls/first/" in shown and "/calls/other/" not in shown
    hostile = Client().get("/nassij/funding/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in hostile and "/calls/first/" not in hostile
