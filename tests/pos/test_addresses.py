"""Addresses as a separate resource."""

import pytest

from customers.models import Address
from tests.factories import AddressFields, CustomerFactory

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("customer_id", None),
        ("customer_id", 5),
        ("customer_id", "8d831"),
        ("customer_id", NOBODY),
        ("name", ""),
        ("name", "x" * 256),
        ("description", None),
        ("description", "x" * 501),
        ("latitude", 90.1),
        ("latitude", "north"),
        ("latitude", True),
        ("latitude", "1e1"),
        ("longitude", -180.0000001),
        ("longitude", 10**17),
        ("delivery_zone_id", "N1"),
        ("delivery_zone_id", NOBODY),
    ],
)
def test_invalid_address_is_refused(till, field, value):
    made = till.customer()
    body = {"customer_id": made["id"], "name": "Home", "description": "1 Way", field: value}
    assert list(till.errors("POST", "/addresses", body)) == [field]
    assert till.get("/addresses") == []


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (90, 90),
        (-90, -90),
        ("24.7136", 24.7136),
        (24.71355555555555, 24.7135556),
        (0, 0),
        (None, None),
    ],
)
def test_coordinates_have_seven_decimals(till, sent, shown):
    place = till.address(till.customer(), latitude=sent, longitude=46)
    assert till.get(f"/addresses/{place['id']}")["latitude"] == shown


def test_update_keeps_fields_not_sent(till):
    zone = till.post("/delivery_zones", {"name": "North", "reference": "N1"})
    place = till.address(till.customer(), latitude=1.5, longitude=2, delivery_zone_id=zone["id"])
    changed = till.put(f"/addresses/{place['id']}", {"name": "Work"})
    assert changed | {"name": "Home", "updated_at": ""} == place | {"updated_at": ""}
    cleared = till.put(f"/addresses/{place['id']}", {"latitude": None, "delivery_zone_id": None})
    assert (cleared["latitude"], cleared["delivery_zone"]) == (None, None)


def test_moved_address_keeps_coordinates_sent_back(till):
    place = till.address(till.customer(), latitude=1.5, longitude=2)
    moved = till.put(f"/addresses/{place['id']}", {**place, "description": "2 Pitt St"})
    assert (moved["latitude"], moved["longitude"]) == (1.5, 2)
    lost = till.put(f"/addresses/{place['id']}", {"description": "3 Pitt St"})
    assert (lost["latitude"], lost["longitude"]) == (None, None)


def test_nameless_address_can_be_sent_back(till, store):
    customer = CustomerFactory(
        store=store, addresses=[AddressFields(line1="1 Pitt St", label=None)]
    )
    (shown,) = till.get(f"/addresses?filter[customer_id]={customer.uid}")
    assert shown["name"] is None
    changed = till.put(f"/addresses/{shown['id']}", {**shown, "description": "2 Pitt St"})
    assert (changed["name"], changed["description"]) == (None, "2 Pitt St")
    assert list(till.errors("PUT", f"/addresses/{shown['id']}", {"description": None})) == [
        "description"
    ]


def test_failed_geocode_address_can_be_sent_back(till):
    new = {"first_name": "Emma", "address": "Invalid Address String"}
    path = f"/api/v1/customers/{till.call('POST', '/api/v1/customers', new).json()['data']['id']}"
    before = till.call("GET", path)
    assert before.json()["data"]["address"]["geocode_failed"]
    (shown,) = till.get("/addresses")
    assert till.put(f"/addresses/{shown['id']}", shown) == shown
    after = till.call("GET", path)
    assert (after.content, after["ETag"]) == (before.content, before["ETag"])


def test_address_keeps_its_customer(till):
    owner, other = till.customer(), till.customer()
    place = till.address(owner)
    moved = till.put(f"/addresses/{place['id']}", {"customer_id": other["id"], "name": "Work"})
    assert (moved["customer"], moved["name"]) == ({"id": owner["id"]}, "Work")


def test_refused_update_changes_no_address(till, other_till):
    foreign = other_till.post("/delivery_zones", {"name": "Elsewhere"})
    place = till.address(till.customer())
    errors = till.errors(
        "PUT", f"/addresses/{place['id']}", {"name": "Work", "delivery_zone_id": foreign["id"]}
    )
    assert list(errors) == ["delivery_zone_id"]
    assert till.get(f"/addresses/{place['id']}") == place


def test_address_changes_the_customers_etag(till):
    made = till.customer()
    seen = [till.etag(made)]
    place = till.address(made)
    seen.append(till.etag(made))
    till.put(f"/addresses/{place['id']}", {"description": "13 King Road"})
    seen.append(till.etag(made))
    till.delete(f"/addresses/{place['id']}")
    seen.append(till.etag(made))
    assert len(set(seen)) == 4


def test_next_address_becomes_the_default(till):
    made = till.customer()
    first, second = till.address(made), till.address(made, name="Work")
    assert Address.objects.get(is_default=True).label == "Home"
    till.delete(f"/addresses/{first['id']}")
    assert Address.objects.get(is_default=True).label == "Work"
    assert till.get(f"/customers/{made['id']}")["addresses"] == [
        {"id": second["id"], "delivery_zone": None}
    ]


def test_addresses_of_deleted_customers_are_hidden(till):
    made = till.customer()
    place = till.address(made)
    till.delete(f"/customers/{made['id']}")
    assert till.get("/addresses") == []
    for method, body in (("GET", None), ("PUT", {"name": "Work"}), ("DELETE", None)):
        assert till.call(method, f"/addresses/{place['id']}", body).status_code == 404
    body = {"customer_id": made["id"], "name": "Home", "description": "1 Way"}
    assert list(till.errors("POST", "/addresses", body)) == ["customer_id"]
    till.put(f"/customers/{made['id']}/restore", None)
    assert till.get(f"/addresses/{place['id']}") == place


def test_billing_address_is_not_listed(till, store):
    bill = AddressFields(line1="1 Bank Street")
    CustomerFactory(
        store=store, billing_address=bill, addresses=[AddressFields(line1="2 Home Street")]
    )
    assert [row["description"] for row in till.get("/addresses")] == ["2 Home Street"]
    billing = Address.objects.get(role="billing")
    assert till.call("GET", f"/addresses/{billing.uid}").status_code == 404


def test_customer_has_at_most_a_hundred_addresses(till, store):
    made = CustomerFactory(store=store, addresses=[AddressFields() for _ in range(100)])
    body = {"customer_id": str(made.uid), "name": "Home", "description": "1 Way"}
    assert list(till.errors("POST", "/addresses", body)) == ["addresses"]
    assert Address.objects.count() == 100
