"""Search that forgives: misspelt queries in Arabic and French find what they should, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding_guide.guides.library import search_key
from funding_guide.guides.spelling import folded, matches
from tests.funding_guide.guides.samples import ours

FOUND = [
    # misspelt, guide
    ("محضر", "G6"),
    ("المحضر", "G6"),
    ("مَحْضَر", "G6"),
    ("محـــضر", "G6"),
    ("الاستدعاء", "G6"),
    ("الإستدعاء", "G6"),
    ("استدعا", "G6"),
    ("الإجتماع", "G6"),
    ("بالاجتماع", "G6"),
    ("للاجتماع", "G6"),
    ("التقرير المالى", "G6"),
    ("السلطه الاداريه", "G6"),
    ("الجمعيه", "G6"),
    ("الأعضاء المنتخبين", "G6"),
    ("ميزانيه", "G2"),
    ("الميزانيّة", "G2"),
    ("ميزانية المشروع", "G2"),
    ("بيان الاثمان", "G2"),
    ("المساهمة الذاتيه", "G2"),
    ("السقف المخصّص للتسيير", "G2"),
    ("٦ أيام", "G2"),
    ("g2", "G2"),
    ("proces verbal", "G6"),
    ("PROCÈS-VERBAL", "G6"),
    ("procès verbaux", None),
    ("proces-verb", "G6"),
    ("convocation reunion", "G6"),
    ("assemblee generale", "G6"),
    ("secretaire de seance", "G6"),
    ("quorum", "G6"),
    ("budget", "G2"),
    ("devis manquant", "G2"),
    ("depenses", None),
    ("benevolat", "G2"),
    ("benevolât", "G2"),
    ("apport en nature evalue", "G2"),
    ("minutes signature", "G6"),
    ("zzz", None),
]


def found(query: str) -> set[str]:
    keys = {code: search_key(ours(code)) for code in ("G2", "G6")}
    return {code for code, key in keys.items() if matches(key, folded(query))}


@pytest.mark.parametrize(("query", "code"), FOUND)
def test_misspelt_words_find_what_they_should(query: str, code: str | None) -> None:
    assert code in found(query) if code else found(query) == set()


def test_words_that_are_not_all_there_find_nothing() -> None:
    assert found("محضر قنصلية") == set()
    assert found("erbal") == set(), "a word is found by its beginning, not by its end"


@given(st.text(max_size=80))
def test_folding_is_done_once_and_for_all(text: str) -> None:
    once = folded(text)
    assert once == once.casefold() and not any(each in once for each in "أإآةىـéèç٣")
    assert matches(folded(f"{text} {text}"), once)


@given(st.text(alphabet="ابتجمعيه", min_size=3, max_size=8), st.text(alphabet="َُِّْـ", max_size=5))
def test_marks_and_joins_change_nothing(word: str, marks: str) -> None:
    assert folded("".join(letter + marks for letter in word)) == folded(word)


def test_the_one_among_many_is_found() -> None:
    key, query = search_key(ours("G6")), folded("الجمعيه محضر n1499")
    assert [number for number in range(1500) if matches(f"{key} n{number}", query)] == [1499]
