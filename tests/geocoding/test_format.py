from __future__ import annotations

import pytest

from customers.geocoding import Query, format_address


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        (
            ("100 Collins Street", "Melbourne", "VIC", "3000", "Australia"),
            "100 Collins Street, Melbourne VIC 3000, Australia",
        ),
        (("", "Melbourne", "VIC", "3000", "Australia"), "Melbourne VIC 3000, Australia"),
        (("100 Collins Street", "", "", "", "Australia"), "100 Collins Street, Australia"),
        (("100 Collins Street", "Melbourne", "", "3000", ""), "100 Collins Street, Melbourne 3000"),
        (("", "", "", "", ""), ""),
    ],
)
def test_parts_that_are_absent_leave_no_trace(parts, line):
    assert format_address(*parts) == line


def test_a_query_is_one_line_whichever_way_it_is_given():
    assert Query(text="1 High Street").line == "1 High Street"
    assert Query(street="1 High Street", state="Victoria", country_code="AU").line == (
        "1 High Street, Victoria, AU"
    )
