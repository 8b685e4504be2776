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
def one(desk):
    return desk.make(shipping_address={"line1": "1 Dock Rd", "city": "Sydney", "country": "AU"})


@pytest.fixture
def place(one):
    """Places an order of the customer at a time, with a number of units to know it by."""

    def place(moment: str | None = None, units: int = 1, **wishes):
        placed_at = moment and datetime.fromisoformat(moment)
        items = [LineFields(quantity=units)]
        return OrderFactory(customer=customer_of(one), items=items, placed_at=placed_at, **wishes)

    return place


@pytest.fixture
def listed(desk, one):
    """The units of the orders that a query finds, in their order."""
    return lambda query: [
        row["items_count"] for row in desk.data("GET", f"/{one['id']}/orders?{query}")
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
        # a time without a zone is the store's, too
        ("date_from=2024-01-15T00:00:00", [4, 3, 2]),
        ("date_to=2024-01-14T23:59:59", [1]),
        ("date_from=2024-01-14T13:00:00Z", [4, 3, 2]),
        ("date_from=2024-01-14T23:00:00%2B10:00", [4, 3, 2]),
        # the end is inclusive at the whole seconds that are shown
        ("date_to=2024-01-15T12:59:59Z", [3, 2, 1]),
        ("date_to=2024-01-15T12:59:58Z", [2, 1]),
        ("date_to=2024-01-15T13:00:00Z", [4, 3, 2, 1]),
    ],
)
def test_a_bare_date_is_the_whole_day_of_the_store(around_midnight, listed, query, found):
    assert listed(query) == found


def test_the_days_of_one_store_are_not_those_of_the_next(make_desk):
    """In the same process: what reads a request's times may not stay for another store's."""
    for zone, found in (("Australia/Sydney", [2]), ("UTC", []), ("America/New_York", [])):
        desk = make_desk(StoreFactory(timezone=zone))
        one = desk.make()
        for units, moment in enumerate((BEFORE_MIDNIGHT, AT_MIDNIGHT), start=1):
            placed_at = datetime.fromisoformat(moment)
            items = [LineFields(quantity=units)]
            OrderFactory(customer=customer_of(one), items=items, placed_at=placed_at)
        rows = desk.data("GET", f"/{one['id']}/orders?date_from=2024-01-15")
        assert [row["items_count"] for row in rows] == found


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2024-10-06", "2024-10-05T14:00:00Z", "2024-10-06T12:59:59Z"),  # 23 hours
        ("2024-04-07", "2024-04-06T13:00:00Z", "2024-04-07T13:59:59Z"),  # 25 hours
    ],
)
def test_a_day_on_which_clocks_change_is_whole(place, listed, day, first, last):
    place(first, 1)
    place(last, 2)
    assert listed(f"date_from={day}&date_to={day}") == [2, 1]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("date_from=0001-01-01", "date_from"),  # no UTC has that morning of Sydney
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
def test_an_unusable_filter_is_refused_and_named(desk, one, query, field):
    answer = desk.call("GET", f"/{one['id']}/orders?{query.replace(' ', '%20')}")
    assert desk.refused(answer) == [field]


@pytest.mark.parametrize("query", ["date_to=0001-01-01", "date_from=9999-12-31"])
def test_the_ends_of_the_calendar_find_nothing(around_midnight, listed, query):
    assert listed(query) == []


def test_orders_of_one_moment_come_the_later_one_first(place, listed):
    for units in (1, 2, 3):
        place(AT_MIDNIGHT, units)
    assert listed("") == [3, 2, 1]
    assert listed("limit=2&page=2") == [1]


def test_the_address_is_the_one_it_was_ordered_to(desk, one, place):
    order = place()
    desk.data("PUT", f"/{one['id']}", {"shipping_address": {"line1": "9 New St"}})
    shown = desk.data("GET", f"/{one['id']}/orders")[0]
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


def test_without_a_country_the_address_of_an_order_has_no_such_key(desk, one, place):
    desk.data("PUT", f"/{one['id']}", {"shipping_address": {"country": None, "line2": "Gate 4"}})
    place()
    shown = desk.data("GET", f"/{one['id']}/orders")[0]["shipping_address"]
    assert list(shown) == ["line1", "line2", "city", "state", "postal_code"]


def test_an_order_without_any_address_has_none(desk):
    bare = desk.make()
    OrderFactory(customer=customer_of(bare))
    assert desk.data("GET", f"/{bare['id']}/orders")[0]["shipping_address"] is None


def test_orders_of_others_are_not_shown(desk, stranger, one, place):
    place()
    assert desk.data("GET", f"/{desk.make()['id']}/orders") == []
    assert stranger.call("GET", f"/{one['id']}/orders").status_code == 404


def test_withdrawn_orders_are_not_shown(desk, one, place, listed):
    order = place()
    order.withdrawn_at = order.placed_at
    order.save()
    assert listed("") == []


def test_a_page_of_orders_costs_the_same_queries_however_long_it_is(
    desk, one, place, django_assert_max_num_queries
):
    for _ in range(8):
        place()
    with django_assert_max_num_queries(4):  # the key, the customer, the count, the rows
        assert len(desk.data("GET", f"/{one['id']}/orders")) == 8
