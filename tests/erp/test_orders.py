from __future__ import annotations

from datetime import datetime

import pytest

from tests.erp.conftest import customer_of
from tests.factories import LineFields, OrderFactory, StoreFactory

# Sydney is ten hours ahead of UTC in winter, eleven in summer
BEFORE_MIDNIGHT = "2024-01-14T12:59:59.999999Z"
AT_MIDNIGHT = "2024-01-14T13:00:00Z"
NEXT_EVENING = "2024-01-15T12:59:59.999999Z"
NEXT_MIDNIGHT = "2024-01-15T13:00:00Z"


@pytest.fixture
def company(desk):
    return desk.create(shipping_address={"line1": "1 Dock Rd", "city": "Sydney", "country": "AU"})


@pytest.fixture
def place(company):
    """Return a function that places an order at a time; `units` identifies it."""

    def place(moment: str | None = None, units: int = 1, **wishes):
        placed_at = moment and datetime.fromisoformat(moment)
        items = [LineFields(quantity=units)]
        return OrderFactory(
            customer=customer_of(company), items=items, placed_at=placed_at, **wishes
        )

    return place


@pytest.fixture
def list_units(desk, company):
    """Return a function from a query to the units of its orders."""
    return lambda query: [
        row["items_count"] for row in desk.data("GET", f"/{company['id']}/orders?{query}")
    ]


@pytest.fixture
def around_midnight(place):
    for units, moment in enumerate(
        (BEFORE_MIDNIGHT, AT_MIDNIGHT, NEXT_EVENING, NEXT_MIDNIGHT), start=1
    ):
        place(moment, units)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("date_from=2024-01-15&date_to=2024-01-15", [3, 2]),
        ("date_from=2024-01-14&date_to=2024-01-14", [1]),
        ("date_from=2024-01-15", [4, 3, 2]),
        ("date_to=2024-01-15", [3, 2, 1]),
        ("date_from=2024-01-16&date_to=2024-01-15", []),
        # a time without a zone is in the store's zone, too
        ("date_from=2024-01-15T00:00:00", [4, 3, 2]),
        ("date_to=2024-01-14T23:59:59", [1]),
        ("date_from=2024-01-14T13:00:00Z", [4, 3, 2]),
        ("date_from=2024-01-14T23:00:00%2B10:00", [4, 3, 2]),
        # the end is inclusive at whole seconds
        ("date_to=2024-01-15T12:59:59Z", [3, 2, 1]),
        ("date_to=2024-01-15T12:59:58Z", [2, 1]),
        ("date_to=2024-01-15T13:00:00Z", [4, 3, 2, 1]),
    ],
)
def test_date_filter_covers_the_stores_whole_day(around_midnight, list_units, query, found):
    assert list_units(query) == found


def test_date_filters_use_each_stores_own_time_zone(create_desk):
    """In one process: a time zone cached for one store must not serve another."""
    for zone, found in (("Australia/Sydney", [2]), ("UTC", []), ("America/New_York", [])):
        desk = create_desk(StoreFactory(timezone=zone))
        company = desk.create()
        for units, moment in enumerate((BEFORE_MIDNIGHT, AT_MIDNIGHT), start=1):
            placed_at = datetime.fromisoformat(moment)
            items = [LineFields(quantity=units)]
            OrderFactory(customer=customer_of(company), items=items, placed_at=placed_at)
        rows = desk.data("GET", f"/{company['id']}/orders?date_from=2024-01-15")
        assert [row["items_count"] for row in rows] == found


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2024-10-06", "2024-10-05T14:00:00Z", "2024-10-06T12:59:59Z"),  # 23 hours
        ("2024-04-07", "2024-04-06T13:00:00Z", "2024-04-07T13:59:59Z"),  # 25 hours
    ],
)
def test_date_filter_covers_days_of_clock_change(place, list_units, day, first, last):
    place(first, 1)
    place(last, 2)
    assert list_units(f"date_from={day}&date_to={day}") == [2, 1]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (
            "date_from=0001-01-01",
            "date_from",
        ),  # that morning in Sydney is before the first day in UTC
        ("date_to=9999-12-31", "date_to"),
        ("date_to=9999-12-31T23:59:59Z", "date_to"),
        ("date_from=0000-01-01", "date_from"),
        ("date_from=2023-02-29", "date_from"),
        ("date_from=2024-01-15T24:01:00Z", "date_from"),
        ("date_from=2024-01-15T10:00:00 10:00", "date_from"),
        ("date_from=", "date_from"),
        ("date_to=20240115", "date_to"),
        ("date_to=1705276800", "date_to"),
        ("date_to=2024-01-15&date_to=2024-01-15", "date_to"),
        ("status=", "status"),
        ("status=Delivered", "status"),
        ("status=paid", "status"),
    ],
)
def test_invalid_filter_is_named(desk, company, query, field):
    answer = desk.call("GET", f"/{company['id']}/orders?{query.replace(' ', '%20')}")
    assert desk.refused(answer) == [field]


@pytest.mark.parametrize("query", ["date_to=0001-01-01", "date_from=9999-12-31"])
def test_ends_of_the_calendar_find_nothing(around_midnight, list_units, query):
    assert list_units(query) == []


def test_orders_at_the_same_time_sort_newest_first(place, list_units):
    for units in (1, 2, 3):
        place(AT_MIDNIGHT, units)
    assert list_units("") == [3, 2, 1]
    assert list_units("limit=2&page=2") == [1]


def test_order_keeps_its_shipping_address(desk, company, place):
    order = place()
    desk.data("PUT", f"/{company['id']}", {"shipping_address": {"line1": "9 New St"}})
    shown = desk.data("GET", f"/{company['id']}/orders")[0]
    assert shown == {
        "id": f"so_{order.uid.hex}",
        "order_number": order.number,
        "status": "pending",
        "order_date": f"{order.placed_at:%Y-%m-%dT%H:%M:%S}Z",
        "ship_date": None,
        "delivery_date": None,
        "total_amount": 2.5,
        "items_count": 1,
        "shipping_address": {
            "line1": "1 Dock Rd",
            "city": "Sydney",
            "state": None,
            "postal_code": None,
            "country": "AU",
        },
    }


def test_order_address_without_country_lacks_the_key(desk, company, place):
    desk.data(
        "PUT", f"/{company['id']}", {"shipping_address": {"country": None, "line2": "Gate 4"}}
    )
    place()
    shown = desk.data("GET", f"/{company['id']}/orders")[0]["shipping_address"]
    assert list(shown) == ["line1", "line2", "city", "state", "postal_code"]


def test_order_without_an_address_shows_null(desk):
    bare = desk.create()
    OrderFactory(customer=customer_of(bare))
    assert desk.data("GET", f"/{bare['id']}/orders")[0]["shipping_address"] is None


def test_orders_of_other_customers_are_not_shown(desk, stranger, company, place):
    place()
    assert desk.data("GET", f"/{desk.create()['id']}/orders") == []
    assert stranger.call("GET", f"/{company['id']}/orders").status_code == 404


def test_withdrawn_orders_are_not_shown(desk, company, place, list_units):
    order = place()
    order.withdrawn_at = order.placed_at
    order.save()
    assert list_units("") == []


def test_query_count_is_independent_of_page_size(
    desk, company, place, django_assert_max_num_queries
):
    for _ in range(8):
        place()
    with django_assert_max_num_queries(4):  # the key, the customer, the count, the rows
        assert len(desk.data("GET", f"/{company['id']}/orders")) == 8
