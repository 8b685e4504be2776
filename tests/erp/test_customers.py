from __future__ import annotations

import pytest

from customers.models import Address, Contact, Customer
from customers.services.customers import update_customer
from stores.actors import SYSTEM
from stores.models import Event
from tests.erp.conftest import customer_of

PLACE = {
    "line1": "123 New Customer St",
    "line2": "Floor 3",
    "city": "Business City",
    "state": "CA",
    "postal_code": "90210",
    "country": "US",
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 255),
        ("name", "x" * 255 + " " + "y" * 255),
        ("website", "w" * 500),
        ("tax_id", "t" * 100),
        ("preferred_shipping", "s" * 100),
        ("notes", "n" * 10_000),
        ("payment_terms", "net_0"),
        ("payment_terms", "net_999"),
        ("currency", "JPY"),
        ("discount_rate", 0.01),
        ("discount_rate", 100),
        ("credit_limit", 999_999_999_999.99),
        ("is_active", False),
    ],
)
def test_a_value_at_the_edge_is_kept(desk, field, value):
    one = desk.make(**{field: value})
    assert one[field] == value
    assert desk.data("PUT", f"/{one['id']}", {field: value}) == one


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 256),
        ("name", "x " + "y" * 256),
        ("name", 5),
        ("website", "w" * 501),
        ("tax_id", "t" * 101),
        ("fax", "f" * 61),
        ("fax", "no number"),
        ("preferred_shipping", "s" * 101),
        ("notes", "n" * 10_001),
        ("payment_terms", "net_1000"),
        ("payment_terms", "net_030"),
        ("payment_terms", "net_-1"),
        ("payment_terms", "net_٣"),
        ("payment_terms", "NET_30"),
        ("currency", "usd"),
        ("currency", "US"),
        ("currency", ["USD"]),
        ("discount_rate", 100.01),
        ("discount_rate", 0.001),
        ("discount_rate", "1e1"),
        ("credit_limit", 10**12),
        ("credit_limit", True),
        ("is_active", None),
        ("is_active", 1),
        ("billing_address", []),
    ],
)
def test_a_value_past_the_edge_is_refused_and_named(desk, field, value):
    assert desk.refused(desk.call("POST", "", {"name": "Trade Pty", field: value})) == [field]
    assert not Customer.objects.exists()
    one = desk.make()
    assert desk.refused(desk.call("PUT", f"/{one['id']}", {field: value})) == [field]
    assert desk.data("GET", f"/{one['id']}") == one


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ({"line1": "x" * 501}, "line1"),
        ({"city": "x" * 256}, "city"),
        ({"state": "x" * 101}, "state"),
        ({"postal_code": "x" * 31}, "postal_code"),
        ({"postal_code": 90210}, "postal_code"),
        ({"country": "x" * 101}, "country"),
    ],
)
@pytest.mark.parametrize("which", ["billing_address", "shipping_address"])
def test_a_bad_part_of_an_address_is_named(desk, which, address, field):
    answer = desk.call("POST", "", {"name": "Trade Pty", which: address})
    assert desk.refused(answer) == [f"{which}.{field}"]


def test_every_bad_value_is_named_at_once(desk):
    body = {"name": "", "currency": "ZZZ", "contacts": [{"name": "A"}, {"email": "no"}]}
    fields = desk.refused(desk.call("POST", "", body))
    assert sorted(fields) == ["contacts[1].email", "contacts[1].name", "currency", "name"]


def test_null_on_create_is_as_good_as_absent(desk):
    bare = desk.make()
    nulls = [name for name in bare if name not in ("name", "is_active")]
    same = desk.make(**dict.fromkeys(nulls))
    differing = ("id", "customer_since", "created_at", "updated_at")
    assert {k: v for k, v in same.items() if k not in differing} == {
        k: v for k, v in bare.items() if k not in differing
    }


def test_null_brings_back_the_defaults_of_terms_currency_and_discount(desk):
    one = desk.make(payment_terms="cod", currency="EUR", discount_rate=5)
    nulls = {"payment_terms": None, "currency": None, "discount_rate": None}
    shown = desk.data("PUT", f"/{one['id']}", nulls)
    assert [shown[name] for name in nulls] == ["net_30", "AUD", 0]


@pytest.mark.parametrize(("limit", "enabled"), [(0, True), ("250.50", True), (None, False)])
def test_a_credit_limit_opens_the_account(desk, limit, enabled):
    assert customer_of(desk.make(credit_limit=limit)).is_account_enabled is enabled
    one = desk.make()
    assert customer_of(one).is_account_enabled is False
    desk.data("PUT", f"/{one['id']}", {"credit_limit": limit})
    assert customer_of(one).is_account_enabled is enabled


def test_a_limit_that_comes_back_as_it_was_shown_opens_no_closed_account(desk):
    one = desk.make(credit_limit="250.50")
    update_customer(customer_of(one).as_queryset(), SYSTEM, {"is_account_enabled": False})
    renamed = desk.data("PUT", f"/{one['id']}", {**one, "name": "Renamed"})
    assert (renamed["name"], renamed["credit_limit"]) == ("Renamed", 250.5)
    assert customer_of(one).is_account_enabled is False


def test_a_limit_that_is_given_by_itself_opens_a_closed_account(desk):
    one = desk.make(credit_limit="250.50")
    update_customer(customer_of(one).as_queryset(), SYSTEM, {"is_account_enabled": False})
    desk.data("PUT", f"/{one['id']}", {"credit_limit": 250.5})
    assert customer_of(one).is_account_enabled is True


def test_where_goods_go_to_another_place_bills_stay_at_the_one_that_was_shown(desk):
    one = desk.make(shipping_address=PLACE)
    moved = {**one, "shipping_address": {**PLACE, "line1": "1 Dock Rd"}}
    after = desk.data("PUT", f"/{one['id']}", moved)
    assert after["billing_address"] == one["billing_address"]
    assert after["shipping_address"]["line1"] == "1 Dock Rd"


def test_a_billing_address_that_is_given_by_itself_is_one(desk):
    one = desk.make(shipping_address=PLACE)
    desk.data("PUT", f"/{one['id']}", {"billing_address": one["billing_address"]})
    moved = {"shipping_address": {**PLACE, "line1": "1 Dock Rd"}}
    assert desk.data("PUT", f"/{one['id']}", moved)["billing_address"] == one["billing_address"]


def test_taking_the_limit_away_leaves_the_account_open(desk):
    one = desk.make(credit_limit=100)
    assert desk.data("PUT", f"/{one['id']}", {"credit_limit": None})["credit_limit"] is None
    assert customer_of(one).is_account_enabled is True


def test_amounts_keep_their_cents(desk):
    answer = desk.call("POST", "", {"name": "Exact", "credit_limit": "0.10", "discount_rate": 2.5})
    assert b'"credit_limit":0.10,' in answer.content
    assert b'"discount_rate":2.50,' in answer.content


def test_an_address_is_merged_and_null_removes_it(desk):
    one = desk.make(billing_address=PLACE, shipping_address={"line1": "1 Dock Rd"})
    path = f"/{one['id']}"
    moved = desk.data("PUT", path, {"billing_address": {"line1": "9 New St", "line2": None}})
    kept = {key: value for key, value in PLACE.items() if key != "line2"}
    assert moved["billing_address"] == {**kept, "line1": "9 New St"}
    assert moved["shipping_address"] == one["shipping_address"]
    gone = desk.data("PUT", path, {"billing_address": None})
    assert gone["billing_address"] == gone["shipping_address"] == one["shipping_address"]
    bare = desk.data("PUT", path, {"shipping_address": None})
    assert bare["billing_address"] is bare["shipping_address"] is None
    assert not Address.objects.exists()


@pytest.mark.parametrize("empty", [{}, {"line1": None}, {"line1": " ", "country": ""}])
def test_an_address_that_says_nothing_is_not_made(desk, empty):
    one = desk.make(billing_address=empty, shipping_address=empty)
    desk.data("PUT", f"/{one['id']}", {"billing_address": empty, "shipping_address": empty})
    assert not Address.objects.exists()
    assert customer_of(one).version == 1


def test_an_explicit_null_ships_to_the_billing_address(desk):
    one = desk.make(billing_address=PLACE, shipping_address=None)
    assert one["shipping_address"] == PLACE


def test_the_copy_for_shipping_has_a_life_of_its_own(desk):
    one = desk.make(billing_address=PLACE)
    moved = desk.data("PUT", f"/{one['id']}", {"billing_address": {"line1": "9 New St"}})
    assert moved["shipping_address"] == PLACE


def test_a_place_that_iso_does_not_know_is_shown_as_sent(desk):
    shown = desk.make(billing_address={"state": "Middle Shire", "country": "Narnia"})
    assert shown["billing_address"] == {
        "line1": None,
        "city": None,
        "state": "Middle Shire",
        "postal_code": None,
        "country": "Narnia",
    }


def test_a_name_that_has_not_changed_is_not_split_again(desk):
    one = desk.make(name="Mary Ann Smith")
    assert (customer_of(one).first_name, customer_of(one).last_name) == ("Mary", "Ann Smith")
    Customer.objects.update(first_name="Mary Ann", last_name="Smith")
    desk.data("PUT", f"/{one['id']}", {"name": "Mary Ann Smith", "notes": "Same"})
    assert customer_of(one).first_name == "Mary Ann"


def test_two_primaries_are_refused_naming_contacts(desk):
    people = [{"name": name, "is_primary": True} for name in "AB"]
    answer = desk.call("POST", "", {"name": "Two Heads", "contacts": people})
    assert desk.refused(answer) == ["contacts"]


@pytest.mark.parametrize("nobody", [None, "Alice", ["Alice"]])
def test_a_contact_that_is_no_object_is_refused_by_its_place(desk, nobody):
    people = [{"name": "Alice"}, nobody]
    answer = desk.call("POST", "", {"name": "Trade Pty", "contacts": people})
    assert desk.refused(answer) == ["contacts[1]"]


def test_nothing_is_half_done_when_a_part_is_refused(desk):
    desk.make(email="taken@example.com")
    events = Event.objects.count()
    body = {"name": "B", "email": "TAKEN@example.com", "contacts": [{"name": "C"}]}
    answer = desk.call("POST", "", {**body, "billing_address": PLACE})
    assert desk.refused(answer, 409) == ["email"]
    assert (Customer.objects.count(), Event.objects.count()) == (1, events)
    assert not Contact.objects.exists()
    assert not Address.objects.exists()
    one = desk.make(name="Second")
    change = {"name": "Renamed", "billing_address": PLACE, "email": "taken@example.com"}
    desk.refused(desk.call("PUT", f"/{one['id']}", change), 409)
    assert desk.data("GET", f"/{one['id']}") == one


def test_a_put_that_changes_nothing_tells_nobody(desk):
    one = desk.make(billing_address=PLACE, credit_limit=100)
    events = Event.objects.count()
    assert desk.data("PUT", f"/{one['id']}", one) == one
    assert desk.data("PUT", f"/{one['id']}", {}) == one
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=1000000000",
        "page=",
        "page=1&page=2",
        "page=%D9%A1",
        "limit=1e2",
        "limit=101",
        "is_active=",
        "is_active=yes",
        "is_active=true&is_active=true",
        "search=" + "x" * 1001,
    ],
)
def test_an_unusable_parameter_is_refused_and_named(desk, query):
    assert desk.refused(desk.call("GET", f"?{query}")) == [query.partition("=")[0]]


def test_the_last_page_that_can_be_asked_for_is_empty(desk):
    desk.make()
    answer = desk.call("GET", "?page=999999999&limit=100").json()
    assert answer["data"] == []
    assert answer["meta"] == {"total": 1, "page": 999_999_999, "limit": 100, "hasMore": False}


@pytest.mark.parametrize(("word", "names"), [("TRUE", ["On"]), ("False", ["Off"]), ("1", ["On"])])
def test_filters_and_search_work_together(desk, word, names):
    desk.make(name="On", email="on@example.com")
    desk.make(name="Off", email="off@example.com", is_active=False)
    desk.make(name="Elsewhere")
    rows = desk.data("GET", f"?search=example.com&is_active={word}")
    assert [row["name"] for row in rows] == names


def test_a_blank_search_finds_everybody(desk):
    desk.make()
    assert len(desk.data("GET", "?search=")) == 1


def test_a_page_costs_the_same_queries_however_long_it_is(desk, django_assert_max_num_queries):
    for number in range(12):
        desk.make(name=f"Firm {number}", billing_address=PLACE)
    with django_assert_max_num_queries(3):  # the key, the count, the rows
        assert len(desk.data("GET", "?limit=100")) == 12
