"""Tags and delivery zones, and what holds for each resource."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.api.auth import keys
from customers.models import Customer, DeliveryZone, Tag
from orders.services.customers import delete_customer_with_orders
from stores.actors import SYSTEM
from stores.models import Event
from stores.webhooks.endpoints import create_endpoint

NOBODY = "00000000-0000-4000-8000-000000000000"


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
def test_an_unusable_zone_is_refused(till, body, field):
    assert list(till.errors("POST", "/delivery_zones", body)) == [field]
    assert till.get("/delivery_zones") == []


def test_a_zone_that_is_renamed_moves_the_etag_of_who_shows_it(till):
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


def test_a_deleted_zone_leaves_its_addresses(till):
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
        till.address(owner, delivery_zone_id=uid)
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
    settings.MAX_EVENTS_PER_CHANGE = 2
    _, *others = showing(till, shared, 3)
    before = till.get(shared)
    answer = till.call(method, shared, body)
    assert (answer.status_code, answer.json()["message"]) == (
        409,
        "More than 2 customers have it: too many to change at once.",
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
