"""Small counts stay hidden, also from someone who subtracts."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance_assessment.domain import suppress
from tests.governance_assessment.domain.builders import few, vectors

tables = st.dictionaries(st.integers(0, 20), st.integers(0, 40), max_size=12)


def test_published_counter_example() -> None:
    """KANON-1: 12, 7 and 2 must not become 12, 7 and "other: 2"."""
    vector = vectors()["KANON-1"]
    assert suppress(vector["counts"], vector["k"]) == vector["ours"]


@pytest.mark.parametrize(
    "counts, shown",
    [
        ({}, {}),
        ({"a": 9, "b": 0}, {"a": 9, "b": 0}),
        ({"a": 2}, {"a": None}),
        ({"a": 2, "b": 0}, {"a": None, "b": None}),
        ({"a": 9, "b": 0, "c": 3}, {"a": None, "b": 0, "c": None}),
        ({"a": 9, "b": 9, "c": 3}, {"a": None, "b": None, "c": None}),
        ({"a": 1, "b": 1, "c": 0, "d": 0}, {"a": None, "b": None, "c": None, "d": None}),
    ],
)
def test_cases(counts: dict[str, int], shown: dict[str, int | None]) -> None:
    assert suppress(counts) == shown


@few
@given(tables, st.integers(3, 8))
def test_what_is_shown_and_what_is_left(counts: dict[int, int], k: int) -> None:
    shown = suppress(counts, k)
    assert shown.keys() == counts.keys()
    assert all(value in (None, counts[key]) for key, value in shown.items())
    assert all(value is None or value == 0 or value >= k for value in shown.values())
    hidden = [counts[key] for key, value in shown.items() if value is None]
    is_everything = len(hidden) == len(counts)
    assert not hidden or is_everything or (len(hidden) > 1 and sum(hidden) >= k)


@pytest.mark.parametrize("k, size, top", [(3, 2, 9), (3, 3, 8), (3, 4, 6), (4, 3, 9), (5, 3, 12)])
def test_nobody_can_work_out_a_hidden_count(k: int, size: int, top: int) -> None:
    """Every table up to ``top``: the same picture with the same total leaves two values or more for each hidden count.

    So even knowing the rule does not help. A total under k is not published at all.
    """
    pictures = defaultdict(list)
    for counts in product(range(top + 1), repeat=size):
        shown = suppress(dict(enumerate(counts)), k)
        pictures[sum(counts), tuple(shown.values())].append(counts)
    for (total, shown), tables_behind in pictures.items():
        if total < k:
            continue
        for place, value in enumerate(shown):
            assert value is not None or len({table[place] for table in tables_behind}) > 1, (shown, tables_behind)


def test_k_must_leave_a_doubt() -> None:
    with pytest.raises(ValueError, match="3"):
        suppress({"a": 1}, 2)
