"""Evidence that a postcode's format gives about its country."""

from __future__ import annotations

import pytest

from customers.geocoding.postal import (
    contradicts_format,
    has_format,
    split_prefix,
    territories_of,
)
from customers.geocoding.postcodes import is_distinctive, postcode_in_street


@pytest.mark.parametrize(
    ("country", "postcode"),
    [("GB", "NW1 6XE"), ("NL", "1012 JS"), ("US", "00901"), ("PL", "00-590"), ("JP", "104-0061")],
)
def test_postcode_has_only_its_countrys_format(country, postcode):
    assert has_format(country, postcode)
    assert not contradicts_format(country, postcode)
    assert contradicts_format("AU", postcode)


@pytest.mark.parametrize("country", ["HK", "AE", "XX", ""])
def test_unknown_format_contradicts_nothing(country):
    assert not contradicts_format(country, "anything")
    assert not has_format(country, "anything")


@pytest.mark.parametrize(
    ("written", "country", "postcode"),
    [
        ("D-10117", "DE", "10117"),
        ("A-8010", "AT", "8010"),
        ("CH-4001", "CH", "4001"),
        ("L-1660", "LU", "1660"),
        ("SE-111 21", "SE", "111 21"),
        ("NL-1012 JS", "NL", "1012 JS"),
        ("LV-1050", "LV", "LV-1050"),
        ("LT-01103", "LT", "01103"),
        ("10117", "", "10117"),
        ("Q-1234", "", "Q-1234"),
        ("D-1", "", "D-1"),
        ("US-12", "", "US-12"),
    ],
)
def test_country_prefix_is_split_off(written, country, postcode):
    assert split_prefix(written) == (country, postcode)


@pytest.mark.parametrize(
    ("country", "postcode", "territories"),
    [
        ("US", "00901", ("PR",)),
        ("US", "00802", ("VI",)),
        ("US", "96910", ("GU",)),
        ("US", "96950", ("MP",)),
        ("US", "96799", ("AS",)),
        ("US", "78701", ()),
        ("FR", "97400", ("RE",)),
        ("FR", "98800", ("NC",)),
        ("FR", "75001", ()),
        ("GB", "IM1 2LN", ("IM",)),
        ("GB", "JE2 4WE", ("JE",)),
        ("GB", "NW1 6XE", ()),
        ("AU", "3000", ()),
        ("DE", "10117", ()),
    ],
)
def test_postcode_identifies_a_territory(country, postcode, territories):
    assert territories_of(country, postcode) == territories


@pytest.mark.parametrize(
    ("street", "postcode"),
    [
        ("221B Baker Street, London NW1 6XE", "NW1 6XE"),
        ("Bloor St, M4W 1A5", "M4W 1A5"),
        ("Dam 3, 1012 JS", "1012 JS"),
        ("Friedrichstraße 43, 10117", "10117"),
        ("Calle Mayor, 10", ""),
        ("Rua Augusta, 1000", ""),
        ("Suite 5, 1234 NE Broadway", ""),
        ("1234 NE Broadway", ""),
        ("Level 5, 100 Collins St", ""),
    ],
)
def test_postcode_is_found_in_the_street(street, postcode):
    assert postcode_in_street(street) == postcode


def test_digits_alone_identify_no_country():
    assert [is_distinctive(code) for code in ("NW1 6XE", "1012 JS", "00-590", "10117", "")] == [
        True,
        True,
        True,
        False,
        False,
    ]
