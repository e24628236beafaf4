"""Fields of the pages' forms: what people type is understood, in any digits."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from nassij.common.forms import MoneyField, read_amount
from nassij.common.numbers import format_money


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("30000", "30000"),
        ("50.000", "50000"),
        ("50 000", "50000"),
        ("50\u202f000,50", "50000.50"),
        ("1.234.567,8", "1234567.8"),
        ("1,234,567.80", "1234567.80"),
        ("30,50", "30.50"),
        ("30.5", "30.5"),
        ("٣٠٬٠٠٠", "30000"),
        ("٣٠٠٠٠٫٥٠ درهم", "30000.50"),
        ("50.000 درهم", "50000"),
        ("MAD 1,000", "1000"),
        ("1000 Dhs", "1000"),
        ("\u200e1000\u200f", "1000"),
    ],
)
def test_an_amount_is_read_as_it_is_meant(typed: str, meant: str) -> None:
    assert MoneyField().clean(typed) == Decimal(meant)


@pytest.mark.parametrize(
    "typed", ["x", "1.2.3", "1,23,4", "1.0000", "--5", "1e5", "=1+1", "1 000.000.00", "inf", "٫", "5 euros"]
)
def test_what_is_no_amount_is_asked_again(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MoneyField().clean(typed)
    assert refused.value.code == "invalid"


@settings(deadline=None)
@given(st.decimals(0, 10**9, places=2), st.sampled_from(["ar", "fr", "en"]))
def test_what_the_pages_write_can_be_typed_in_again(amount: Decimal, language: str) -> None:
    assert read_amount(format_money(amount, language)) == amount
