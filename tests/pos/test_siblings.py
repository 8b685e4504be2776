"""Tags, delivery zones and addresses."""

import pytest

from customers.models import Address, Customer
from stores.models import DeliveryZone, Event
from tests.factories import AddressFields, CustomerFactory

NOBODY = "00000000-0000-4000-8000-000000000000"


def home(till, customer, **more):
    body = {"customer_id": customer["id"], "name": "Home", "description": "12 King Road", **more}
    return till.post("/addresses", body)


def etag(till, customer) -> str:
    return till.call("GET", f"/customers/{customer['id']}")["ETag"]


# --- tags


def test_a_tag_in_another_spelling_is_the_same_tag(till):
    tag = till.post("/tags", {"name": "Café"})
    other = till.post("/tags", {"name": "Bar"})
    assert list(till.errors("POST", "/tags", {"name": " CAFE "})) == ["name"]
    assert list(till.errors("PUT", f"/tags/{other['id']}", {"name": "cafe"})) == ["name"]
    assert till.put(f"/tags/{tag['id']}", {"name": "CAFE"})["name"] == "CAFE"
    assert [row["name"] for row in till.get("/tags?filter[name]=afé")] == ["CAFE"]


@pytest.mark.parametrize("name", ["", " ", None, 5, "x" * 101, "\u200b"])
def test_a_tag_needs_a_name(till, name):
    assert list(till.errors("POST", "/tags", {"name": name})) == ["name"]


def test_a_deleted_tag_comes_off_its_customers(till):
    tag = till.post("/tags", {"name": "VIP"})
    made = till.customer(tags=[{"id": tag["id"]}])
    before = etag(till, made)
    assert till.delete(f"/tags/{tag['id']}")["id"] == tag["id"]
    assert till.get(f"/customers/{made['id']}")["tags"] == []
    assert etag(till, made) != before


# --- delivery zones


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x" * 201}, "name"),
        ({"name": "North", "reference": "x" * 201}, "reference"),
        ({"name": None}, "name"),
        ({"name": "North", "reference": 5}, "reference"),
    ],
)
def test_an_unusable_zone_is_refused(till, body, field):
    assert list(till.errors("POST", "/delivery_zones", body)) == [field]
    assert till.get("/delivery_zones") == []


def test_a_zone_that_is_renamed_moves_the_etag_of_who_shows_it(till):
    zone = till.post("/delivery_zones", {"name": "North"})
    inside, outside = till.customer(), till.customer()
    home(till, inside, delivery_zone_id=zone["id"])
    before = etag(till, inside), etag(till, outside)
    assert till.put(f"/delivery_zones/{zone['id']}", {"name": "North"})["name"] == "North"
    assert (etag(till, inside), etag(till, outside)) == before
    till.put(f"/delivery_zones/{zone['id']}", {"name": "Far North", "reference": "FN"})
    assert etag(till, inside) != before[0]
    assert etag(till, outside) == before[1]
    shown = till.get(f"/customers/{inside['id']}?include=addresses.delivery_zone")
    assert shown["addresses"][0]["delivery_zone"]["name"] == "Far North"


def test_a_deleted_zone_leaves_its_addresses(till):
    zone = till.post("/delivery_zones", {"name": "North"})
    made = till.customer()
    place = home(till, made, delivery_zone_id=zone["id"])
    home(till, made, name="Work", delivery_zone_id=zone["id"])
    before = etag(till, made)
    assert till.delete(f"/delivery_zones/{zone['id']}")["id"] == zone["id"]
    assert not DeliveryZone.objects.exists()
    assert till.get(f"/addresses/{place['id']}")["delivery_zone"] is None
    assert [one["delivery_zone"] for one in till.get(f"/customers/{made['id']}")["addresses"]] == [
        None,
        None,
    ]
    assert etag(till, made) != before
    assert Event.objects.latest("id").changed == ["addresses"]


def test_a_zone_is_found_by_its_name(till):
    for name in ("North", "South"):
        till.post("/delivery_zones", {"name": name})
    assert [row["name"] for row in till.get("/delivery_zones?name=OUT")] == ["South"]


# --- addresses


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
def test_an_unusable_address_is_refused_and_not_kept(till, field, value):
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
def test_degrees_are_kept_to_seven_places(till, sent, shown):
    place = home(till, till.customer(), latitude=sent, longitude=46)
    assert till.get(f"/addresses/{place['id']}")["latitude"] == shown


def test_a_changed_address_keeps_what_was_not_sent(till):
    zone = till.post("/delivery_zones", {"name": "North", "reference": "N1"})
    place = home(till, till.customer(), latitude=1.5, longitude=2, delivery_zone_id=zone["id"])
    changed = till.put(f"/addresses/{place['id']}", {"name": "Work"})
    assert changed | {"name": "Home", "updated_at": ""} == place | {"updated_at": ""}
    cleared = till.put(f"/addresses/{place['id']}", {"latitude": None, "delivery_zone_id": None})
    assert (cleared["latitude"], cleared["delivery_zone"]) == (None, None)


def test_an_address_stays_with_its_customer(till):
    owner, other = till.customer(), till.customer()
    place = home(till, owner)
    moved = till.put(f"/addresses/{place['id']}", {"customer_id": other["id"], "name": "Work"})
    assert (moved["customer"], moved["name"]) == ({"id": owner["id"]}, "Work")


def test_a_failed_change_leaves_the_address_alone(till, other_till):
    foreign = other_till.post("/delivery_zones", {"name": "Elsewhere"})
    place = home(till, till.customer())
    errors = till.errors(
        "PUT", f"/addresses/{place['id']}", {"name": "Work", "delivery_zone_id": foreign["id"]}
    )
    assert list(errors) == ["delivery_zone_id"]
    assert till.get(f"/addresses/{place['id']}") == place


def test_an_address_moves_the_etag_of_its_customer(till):
    made = till.customer()
    seen = [etag(till, made)]
    place = home(till, made)
    seen.append(etag(till, made))
    till.put(f"/addresses/{place['id']}", {"description": "13 King Road"})
    seen.append(etag(till, made))
    till.delete(f"/addresses/{place['id']}")
    seen.append(etag(till, made))
    assert len(set(seen)) == 4


def test_the_first_address_is_the_default_and_the_next_inherits(till):
    made = till.customer()
    first, second = home(till, made), home(till, made, name="Work")
    assert Address.objects.get(is_default=True).label == "Home"
    till.delete(f"/addresses/{first['id']}")
    assert Address.objects.get(is_default=True).label == "Work"
    assert till.get(f"/customers/{made['id']}")["addresses"] == [
        {"id": second["id"], "delivery_zone": None}
    ]


def test_addresses_of_the_dead_are_gone_until_they_are_back(till):
    made = till.customer()
    place = home(till, made)
    till.delete(f"/customers/{made['id']}")
    assert till.get("/addresses") == []
    for method, body in (("GET", None), ("PUT", {"name": "Work"}), ("DELETE", None)):
        assert till.call(method, f"/addresses/{place['id']}", body).status_code == 404
    body = {"customer_id": made["id"], "name": "Home", "description": "1 Way"}
    assert list(till.errors("POST", "/addresses", body)) == ["customer_id"]
    till.put(f"/customers/{made['id']}/restore", None)
    assert till.get(f"/addresses/{place['id']}") == place


def test_a_billing_address_is_none_of_a_tills_addresses(till, store):
    bill = AddressFields(line1="1 Bank Street")
    CustomerFactory(
        store=store, billing_address=bill, addresses=[AddressFields(line1="2 Home Street")]
    )
    assert [row["description"] for row in till.get("/addresses")] == ["2 Home Street"]
    billing = Address.objects.get(role="billing")
    assert till.call("GET", f"/addresses/{billing.uid}").status_code == 404


def test_a_customer_has_no_more_than_a_hundred_addresses(till, store):
    made = CustomerFactory(store=store, addresses=[AddressFields() for _ in range(100)])
    body = {"customer_id": str(made.uid), "name": "Home", "description": "1 Way"}
    assert list(till.errors("POST", "/addresses", body)) == ["addresses"]
    assert Address.objects.count() == 100


@pytest.mark.parametrize("noun", ["tags", "delivery_zones", "addresses"])
@pytest.mark.parametrize("pk", [NOBODY, "8d831", "x" * 300, "0" * 32, "%00", "é"])
def test_an_unknown_thing_is_not_found(till, noun, pk):
    for method, body in (("GET", None), ("PUT", {"name": "x"}), ("DELETE", None)):
        answer = till.call(method, f"/{noun}/{pk}", body)
        assert answer.status_code == 404
        assert answer.json() == {"message": "Not found."}


def test_customers_made_at_a_till_say_so(till):
    till.customer()
    assert Customer.objects.get().source == "pos"
