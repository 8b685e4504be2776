"""Tags and delivery zones, and rules common to all resources."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.api.auth import keys
from customers.models import Customer, DeliveryZone, Tag
from orders.services.withdrawing import delete_customer_with_orders
from stores.actors import SYSTEM
from stores.models import Event
from stores.webhooks.endpoints import create_endpoint

NOBODY = "00000000-0000-4000-8000-000000000000"


# --- tags


def test_tag_in_another_spelling_is_the_same_tag(till):
    tag = till.post("/tags", {"name": "Café"})
    other = till.post("/tags", {"name": "Bar"})
    assert list(till.errors("POST", "/tags", {"name": " CAFE "})) == ["name"]
    assert list(till.errors("PUT", f"/tags/{other['id']}", {"name": "cafe"})) == ["name"]
    assert till.put(f"/tags/{tag['id']}", {"name": "CAFE"})["name"] == "CAFE"
    assert [row["name"] for row in till.get("/tags?filter[name]=afé")] == ["CAFE"]


@pytest.mark.parametrize("name", ["", " ", None, 5, "x" * 101, "\u200b"])
def test_tag_needs_a_name(till, name):
    assert list(till.errors("POST", "/tags", {"name": name})) == ["name"]


def test_unchanged_tag_is_not_updated(till):
    tag = till.post("/tags", {"name": "VIP"})
    Tag.objects.update(updated_at="2024-01-01T00:00:00Z")
    shown = till.get(f"/tags/{tag['id']}")
    assert till.put(f"/tags/{tag['id']}", shown) == shown
    assert till.get("/tags?updated_after=2024-01-02") == []


def test_deleted_tag_is_removed_from_customers(till):
    tag = till.post("/tags", {"name": "VIP"})
    made = till.customer(tags=[{"id": tag["id"]}])
    before = till.etag(made)
    assert till.delete(f"/tags/{tag['id']}")["id"] == tag["id"]
    assert till.get(f"/customers/{made['id']}")["tags"] == []
    assert till.etag(made) != before


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
def test_invalid_zone_is_refused(till, body, field):
    assert list(till.errors("POST", "/delivery_zones", body)) == [field]
    assert till.get("/delivery_zones") == []


def test_renamed_zone_changes_its_customers_etag(till):
    zone = till.post("/delivery_zones", {"name": "North"})
    inside, outside = till.customer(), till.customer()
    till.address(inside, delivery_zone_id=zone["id"])
    before = till.etag(inside), till.etag(outside)
    assert till.put(f"/delivery_zones/{zone['id']}", {"name": "North"})["name"] == "North"
    assert (till.etag(inside), till.etag(outside)) == before
    till.put(f"/delivery_zones/{zone['id']}", {"name": "Far North", "reference": "FN"})
    assert till.etag(inside) != before[0]
    assert till.etag(outside) == before[1]
    shown = till.get(f"/customers/{inside['id']}?include=addresses.delivery_zone")
    assert shown["addresses"][0]["delivery_zone"]["name"] == "Far North"


def test_deleted_zone_is_removed_from_addresses(till):
    zone = till.post("/delivery_zones", {"name": "North"})
    made = till.customer()
    place = till.address(made, delivery_zone_id=zone["id"])
    till.address(made, name="Work", delivery_zone_id=zone["id"])
    before = till.etag(made)
    assert till.delete(f"/delivery_zones/{zone['id']}")["id"] == zone["id"]
    assert not DeliveryZone.objects.exists()
    assert till.get(f"/addresses/{place['id']}")["delivery_zone"] is None
    assert [one["delivery_zone"] for one in till.get(f"/customers/{made['id']}")["addresses"]] == [
        None,
        None,
    ]
    assert till.etag(made) != before
    assert Event.objects.latest("id").changed == ["addresses"]


def test_zones_are_filtered_by_name(till):
    for name in ("North", "South", "ÉCOLE"):
        till.post("/delivery_zones", {"name": name})
    assert [row["name"] for row in till.get("/delivery_zones?name=OUT")] == ["South"]
    for part in ("école", "ecole", "Éc"):
        assert [row["name"] for row in till.get(f"/delivery_zones?name={part}")] == ["ÉCOLE"]
    assert till.get("/delivery_zones?name=%E2%80%8B") == []


# --- rows that many customers share


CHANGES = pytest.mark.parametrize(
    ("method", "body"),
    [("PUT", {"name": "Far North"}), ("DELETE", None)],
    ids=["renamed", "deleted"],
)


@pytest.fixture(params=["/tags", "/delivery_zones"])
def shared_path(till, request):
    """Create a tag or zone, and return its path."""
    return request.param + "/" + till.post(request.param, {"name": "North"})["id"]


def create_customers(till, path, count=1):
    """Create `count` customers with the tag, or with an address in the zone."""
    uid = path.rpartition("/")[2]
    if path.startswith("/tags"):
        return [till.customer(tags=[{"id": uid}]) for _ in range(count)]
    owners = [till.customer() for _ in range(count)]
    for owner in owners:
        till.address(owner, delivery_zone_id=uid)
    return owners


def events_of(customer) -> list[Event]:
    return list(Event.objects.filter(customer_uid=customer["id"]).order_by("id"))


@CHANGES
def test_shared_change_skips_deleted_customers(till, shared_path, method, body):
    live, deleted, withdrawn = create_customers(till, shared_path, 3)
    till.delete(f"/customers/{deleted['id']}")
    delete_customer_with_orders(Customer.objects.filter(uid=withdrawn["id"]), SYSTEM)
    till.data(method, shared_path, body)
    assert events_of(live)[-1].type == "customer.updated"
    assert [events_of(one)[-1].type for one in (deleted, withdrawn)] == ["customer.deleted"] * 2
    back = till.put(f"/customers/{deleted['id']}/restore", {})
    (row,) = [one for one in till.get("/customers?include=tags") if one["id"] == back["id"]]
    names = [tag["name"] for tag in row["tags"]]
    assert names == (["Far North"] if body and "tags" in shared_path else [])


@CHANGES
def test_shared_change_has_constant_query_count(till, shared_path, method, body, monkeypatch):
    monkeypatch.setattr("customers.api.auth.CACHE_SECONDS", 3600)
    keys.forget()

    def statements(count):
        path = shared_path.rpartition("/")[0]
        path += "/" + till.post(path, {"name": f"Shown by {count}"})["id"]
        owners = create_customers(till, path, count)
        with CaptureQueriesContext(connection) as queries:
            till.data(method, path, body and {"name": f"Now of {count}"})
        assert all(events_of(owner)[-1].changed in (["tags"], ["addresses"]) for owner in owners)
        return len(queries)

    assert statements(20) == statements(40)


@CHANGES
def test_shared_change_makes_versions_and_deliveries(till, shared_path, method, body, store):
    create_endpoint(store, {"url": "https://example.com/hook", "events": ["customer.*"]})
    owners = create_customers(till, shared_path, 3)
    before = [events_of(owner)[-1] for owner in owners]
    till.data(method, shared_path, body)
    for owner, former in zip(owners, before, strict=True):
        *_, event = events_of(owner)
        shown = till.call("GET", f"/customers/{owner['id']}")
        assert event.version == former.version + 1
        assert shown["ETag"] == f'"{event.version}"'
        row = Customer.objects.get(uid=owner["id"])
        assert (row.version, row.updated_at) == (event.version, event.created_at)
        assert event.snapshot["version"] == event.version
        assert event.deliveries.count() == 1
    ids = [events_of(owner)[-1].id for owner in owners]
    assert ids == sorted(ids)


@CHANGES
def test_change_of_too_many_customers_is_refused(till, shared_path, method, body, settings):
    settings.MAX_EVENTS_PER_CHANGE = 2
    _, *others = create_customers(till, shared_path, 3)
    before = till.get(shared_path)
    answer = till.call(method, shared_path, body)
    assert (answer.status_code, answer.json()["message"]) == (
        409,
        "More than 2 customers have it: too many to change at once.",
    )
    assert till.get(shared_path) == before
    till.delete(f"/customers/{others[0]['id']}")
    assert till.call(method, shared_path, body).status_code == 200


def test_timeline_keeps_former_tag_names(till):
    first, tag, last = (till.post("/tags", {"name": name}) for name in ("A", "B", "C"))
    made = till.customer(tags=[{"id": one["id"]} for one in (first, tag, last)])
    till.put(f"/tags/{tag['id']}", {"name": "Bee"})
    till.delete(f"/tags/{tag['id']}")
    renamed, deleted = events_of(made)[-2:]
    assert renamed.before == {"tags": ["A", "B", "C"]}
    assert [shown["name"] for shown in renamed.snapshot["tags"]] == ["A", "Bee", "C"]
    assert deleted.before == {"tags": ["A", "Bee", "C"]}
    assert [shown["name"] for shown in deleted.snapshot["tags"]] == ["A", "C"]


@pytest.mark.parametrize("noun", ["tags", "delivery_zones", "addresses"])
@pytest.mark.parametrize("pk", [NOBODY, "8d831", "x" * 300, "0" * 32, "%00", "é"])
def test_unknown_id_is_not_found(till, noun, pk):
    for method, body in (("GET", None), ("PUT", {"name": "x"}), ("DELETE", None)):
        answer = till.call(method, f"/{noun}/{pk}", body)
        assert answer.status_code == 404
        assert answer.json() == {"message": "Not found."}


def test_new_customers_have_source_pos(till):
    till.customer()
    assert Customer.objects.get().source == "pos"
