"""The application file: states of documents, what blocks, and that adding never hurts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding_guide.domain import DocumentState, Held, readiness
from tests.funding_guide.domain.builders import call, document, few

TODAY = date(2027, 1, 10)
FILE = call(
    documents=[
        document("receipt"),
        document("bank", valid_months=3),
        document("letter", kind="sign"),
        document("plan", kind="write", required=False),
    ]
)


@pytest.mark.parametrize(
    "code, held, state",
    [
        ("receipt", None, DocumentState.MISSING),
        ("receipt", Held(), DocumentState.READY),
        # The call closes on 15 February 2027.
        ("receipt", Held(expires_on=date(2027, 2, 15)), DocumentState.READY),
        ("receipt", Held(expires_on=date(2027, 2, 14)), DocumentState.EXPIRES),
        ("bank", Held(issued_on=date(2026, 11, 15)), DocumentState.READY),
        ("bank", Held(issued_on=date(2026, 11, 14)), DocumentState.EXPIRES),
        ("bank", Held(issued_on=date(2026, 12, 31), expires_on=date(2027, 1, 31)), DocumentState.EXPIRES),
        ("bank", Held(), DocumentState.READY),
        ("letter", Held(), DocumentState.TO_BE_SIGNED),
        ("letter", Held(is_signed=True), DocumentState.READY),
        ("letter", Held(is_signed=False, expires_on=date(2027, 1, 1)), DocumentState.EXPIRES),
    ],
)
def test_states(code: str, held: Held | None, state: DocumentState) -> None:
    found = readiness(FILE, {code: held} if held else {}, TODAY)
    assert next(standing.state for standing in found.standings if standing.document.code == code) is state


def test_what_blocks_and_how_much_is_ready() -> None:
    found = readiness(FILE, {"receipt": Held()}, TODAY)
    assert [standing.document.code for standing in found.blocking] == ["bank", "letter"]
    assert (found.done, found.needed, found.percent) == (1, 3, 33)


def test_only_what_is_optional_can_be_set_aside() -> None:
    found = readiness(FILE, {}, TODAY, not_needed=frozenset({"plan", "receipt"}))
    states = {standing.document.code: standing.state for standing in found.standings}
    assert states["plan"] is DocumentState.NOT_NEEDED and states["receipt"] is DocumentState.MISSING


def test_a_call_without_documents_is_ready() -> None:
    assert readiness(call(), {}, TODAY).percent == 100


days = st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1))
helds = st.builds(Held, is_signed=st.booleans(), issued_on=days, expires_on=days)
CODES = ("receipt", "bank", "letter", "plan")


@few
@given(st.dictionaries(st.sampled_from(CODES), helds), st.sampled_from(CODES), helds, st.booleans())
def test_adding_a_document_never_lowers_readiness(held: dict[str, Held], code: str, more: Held, aside: bool) -> None:
    not_needed = frozenset({"plan"}) if aside else frozenset()
    before = readiness(FILE, {key: value for key, value in held.items() if key != code}, TODAY, not_needed)
    after = readiness(FILE, {**held, code: more}, TODAY, not_needed)
    assert after.percent >= before.percent
    assert {standing.document.code for standing in after.blocking} <= {
        standing.document.code for standing in before.blocking
    }


@few
@given(st.dictionaries(st.sampled_from(CODES), helds))
def test_a_hundred_percent_means_that_nothing_blocks(held: dict[str, Held]) -> None:
    found = readiness(FILE, held, TODAY)
    assert (found.percent == 100) == (not found.blocking)


@pytest.mark.parametrize(
    "day, months, later",
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
    ],
)
def test_months_later(day: date, months: int, later: date) -> None:
    from funding_guide.domain.readiness import months_after

    assert months_after(day, months) == later
