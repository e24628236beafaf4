"""Typing mistakes and changes of meaning, told apart without a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance_assessment.domain.wording import same_but_for_typos
from tests.governance_assessment.domain.builders import few

SAME = [
    ("Le bureau se réunit chaque trimestre", "le bureau se reunit chaque trimestre."),
    ("Le bureau se réunit chaque trimestre", "Le bureau se réunit chaque trimetre"),
    ("Le bureau se réunit chaque trimestre", "Le bureau se réunit chaque trimsetre"),
    ("Le bureau se réunit chaque trimestre", "Le bureau se réunit chaque trimestree"),
    ("يجتمع المكتب مرة في كل أشهر", "يجتمع المكتب مرة في كل اشهر"),
    ("تُعقد الجموع العامة", "تعقد الجمــوع العامة"),
    ("l’association", "l'association"),
    ("within ٣٠ days", "within 30 days"),
    ("", ""),
]
OTHER = [
    ("Le bureau se réunit", "Le bureau ne se réunit pas"),
    ("within 30 days", "within 60 days"),
    ("all members", "any members"),
    ("يوجد محضر", "لا يوجد محضر"),
    ("two thirds or more", "two thirds and more"),
    ("regular meetings", "irregular meetings"),
    ("une norme normale", "une norme anormale"),
    ("at least 3 documents", "at least 13 documents"),
    ("more than 50 %", "more than 50"),
    ("> 3", "< 3"),
    ("president", "resident"),
    ("alphas bravos charlie deltas", "alphis brivos chirlie diltas"),
    ("accounts kept", "accounts kept and published"),
    ("possible", "impossible"),
]


@pytest.mark.parametrize("before, after", SAME)
def test_typing_mistakes(before: str, after: str) -> None:
    assert same_but_for_typos(before, after)
    assert same_but_for_typos(after, before)


@pytest.mark.parametrize("before, after", OTHER)
def test_other_meanings(before: str, after: str) -> None:
    assert not same_but_for_typos(before, after)
    assert not same_but_for_typos(after, before)


@few
@given(st.text(max_size=60), st.text(max_size=60))
def test_the_rule_is_fair(before: str, after: str) -> None:
    assert same_but_for_typos(before, before)
    assert same_but_for_typos(before, after) == same_but_for_typos(after, before)
