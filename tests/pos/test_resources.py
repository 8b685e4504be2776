"""Tags, delivery zones and addresses."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.api.auth import keys
from customers.models import Address, Customer, Tag
from orders.services.customers import delete_customer_with_orders
from stores.actors import SYSTEM
from stores.models import DeliveryZone, Event
from stores.webhooks.endpoints import create_endpoint
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


def test_a_tag_that_is_sent_back_as_shown_has_not_changed(till):
    tag = till.post("/tags", {"name": "VIP"})
    Tag.objects.update(updated_at="2024-01-01T00:00:00Z")
    shown = till.get(f"/tags/{tag['id']}")
    assert till.put(f"/tags/{tag['id']}", shown) == shown
    assert till.get("/tags?updated_after=2024-01-02") == []


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
    for name in ("North", "South", "ÉCOLE"):
        till.post("/delivery_zones", {"name": name})
    assert [row["name"] for row in till.get("/delivery_zones?name=OUT")] == ["South"]
    for part in ("école", "ecole", "Éc"):
        assert [row["name"] for row in till.get(f"/delivery_zones?name={part}")] == ["ÉCOLE"]
    assert till.get("/delivery_zones?name=%E2%80%8B") == []


# --- what many customers show


CHANGES = pytest.mark.parametrize(
    ("method", "body"),
    [("PUT", {"name": "Far North"}), ("DELETE", None)],
    ids=["renamed", "deleted"],
)


@pytest.fixture(params=["/tags", "/delivery_zones"])
def shared(till, request):
    """The path of something that the customers of `showing` show."""
    return request.param + "/" + till.post(request.param, {"name": "North"})["id"]


def showing(till, path, count=1):
    """So many customers with the tag, or with an address in the zone."""
    uid = path.rpartition("/")[2]
    if path.startswith("/tags"):
        return [till.customer(tags=[{"id": uid}]) for _ in range(count)]
    owners = [till.customer() for _ in range(count)]
    for owner in owners:
        home(till, owner, delivery_zone_id=uid)
    return owners


def told(customer) -> list[Event]:
    return list(Event.objects.filter(customer_uid=customer["id"]).order_by("id"))


@CHANGES
def test_of_who_is_deleted_nothing_more_is_told(till, shared, method, body):
    live, deleted, withdrawn = showing(till, shared, 3)
    till.delete(f"/customers/{deleted['id']}")
    delete_customer_with_orders(Customer.objects.filter(uid=withdrawn["id"]), SYSTEM)
    till.data(method, shared, body)
    assert told(live)[-1].type == "customer.updated"
    assert [told(one)[-1].type for one in (deleted, withdrawn)] == ["customer.deleted"] * 2
    back = till.put(f"/customers/{deleted['id']}/restore", {})
    (row,) = [one for one in till.get("/customers?include=tags") if one["id"] == back["id"]]
    names = [tag["name"] for tag in row["tags"]]
    assert names == (["Far North"] if body and "tags" in shared else [])


@CHANGES
def test_many_are_told_of_in_as_many_statements_as_few(till, shared, method, body, monkeypatch):
    monkeypatch.setattr("customers.api.auth.CACHE_SECONDS", 3600)
    keys.forget()

    def statements(count):
        path = shared.rpartition("/")[0]
        path += "/" + till.post(path, {"name": f"Shown by {count}"})["id"]
        owners = showing(till, path, count)
        with CaptureQueriesContext(connection) as queries:
            till.data(method, path, body and {"name": f"Now of {count}"})
        assert all(told(owner)[-1].changed in (["tags"], ["addresses"]) for owner in owners)
        return len(queries)

    assert statements(20) == statements(40)


@CHANGES
def test_each_of_many_gets_its_next_version_and_a_delivery(till, shared, method, body, store):
    create_endpoint(store, {"url": "https://example.com/hook", "events": ["customer.*"]})
    owners = showing(till, shared, 3)
    before = [told(owner)[-1] for owner in owners]
    till.data(method, shared, body)
    for owner, former in zip(owners, before, strict=True):
        *_, event = told(owner)
        shown = till.call("GET", f"/customers/{owner['id']}")
        assert event.version == former.version + 1
        assert shown["ETag"] == f'"{event.version}"'
        row = Customer.objects.get(uid=owner["id"])
        assert (row.version, row.updated_at) == (event.version, event.created_at)
        assert event.snapshot["version"] == event.version
        assert event.deliveries.count() == 1
    ids = [told(owner)[-1].id for owner in owners]
    assert ids == sorted(ids)


@CHANGES
def test_what_too_many_show_stays_as_it_is(till, shared, method, body, settings):
    settings.MOST_TOLD_AT_ONCE = 2
    _, *others = showing(till, shared, 3)
    before = till.get(shared)
    answer = till.call(method, shared, body)
    assert (answer.status_code, answer.json()["message"]) == (
        409,
        "More than 2 customers show it, too many to tell of at once.",
    )
    assert till.get(shared) == before
    till.delete(f"/customers/{others[0]['id']}")
    assert till.call(method, shared, body).status_code == 200


def test_the_timeline_knows_what_a_tag_was_called(till):
    first, tag, last = (till.post("/tags", {"name": name}) for name in ("A", "B", "C"))
    made = till.customer(tags=[{"id": one["id"]} for one in (first, tag, last)])
    till.put(f"/tags/{tag['id']}", {"name": "Bee"})
    till.delete(f"/tags/{tag['id']}")
    renamed, deleted = told(made)[-2:]
    assert renamed.before == {"tags": ["A", "B", "C"]}
    assert [shown["name"] for shown in renamed.snapshot["tags"]] == ["A", "Bee", "C"]
    assert deleted.before == {"tags": ["A", "Bee", "C"]}
    assert [shown["name"] for shown in deleted.snapshot["tags"]] == ["A", "C"]


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


def test_an_address_of_another_dialect_without_a_name_is_sent_back(till, store):
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


def test_an_address_that_no_geocoder_found_is_sent_back_as_shown(till):
    new = {"first_name": "Emma", "address": "Invalid Address String"}
    path = f"/api/v1/customers/{till.call('POST', '/api/v1/customers', new).json()['data']['id']}"
    before = till.call("GET", path)
    assert before.json()["data"]["address"]["geocode_failed"]
    (shown,) = till.get("/addresses")
    assert till.put(f"/addresses/{shown['id']}", shown) == shown
    after = till.call("GET", path)
    assert (after.content, after["ETag"]) == (before.content, before["ETag"])


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
