"""Numbers are written, and read, as the country of the store writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores.admin.numbers import number_format

COUNTRIES = ["AU", "DE", "CH", "FR", "SE", "IN", "KW", "JP", "AQ"]
AMOUNTS = st.decimals(-(10**11), 10**11, places=2)


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("AU", "1,234,567.50"),
        ("DE", "1.234.567,50"),
        ("CH", "1'234'567.50"),
        ("FR", "1\u202f234\u202f567,50"),
        ("IN", "12,34,567.50"),
        ("AQ", "1,234,567.50"),
    ],
)
def test_number_is_written_as_in_the_country(country, text):
    assert number_format(country).write(Decimal("1234567.5"), 2) == text


@given(AMOUNTS, st.sampled_from(COUNTRIES))
def test_what_is_written_is_read_back(amount, country):
    numbers = number_format(country)
    assert numbers.read(numbers.write(amount, 2), 2) == amount


@pytest.mark.parametrize(
    ("country", "text", "number"),
    [
        ("AU", "3,000", "3000"),
        ("AU", "3000.5", "3000.5"),
        ("DE", "1.234", "1234"),
        ("DE", "1234,5", "1234.5"),
        ("FR", "1 234,50", "1234.5"),
        ("CH", "1’234.50", "1234.5"),
        ("KW", "١٢.500", "12.5"),
        ("SE", "−5", "-5"),
    ],
)
def test_spellings_of_the_country_are_read(country, text, number):
    assert number_format(country).read(text, 3 if country == "KW" else 2) == Decimal(number)


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("AU", "1.234,50"),
        ("AU", "1,23"),
        ("AU", "1,2345"),
        ("AU", "1.005"),
        ("AU", "1e5"),
        ("AU", "AUD 5"),
        ("AU", "9" * 50),
        ("DE", "3,000"),
        ("DE", "1234.50"),
        ("DE", "1,234.50"),
    ],
)
def test_other_spellings_are_refused(country, text):
    with pytest.raises(ValueError):
        number_format(country).read(text, 2)
