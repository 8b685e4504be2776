"""The feed of a store's events."""

from __future__ import annotations


def types(feed):
    return [item["type"] for item in feed["items"]]


def test_feed_is_ordered_and_starts_anywhere(shop):
    jane = shop.customer(name="Jane")
    path = f"/customers/{jane['id']}"
    shop.ok("PUT", path, {"name": "Jane Smith", "phone": "+1-555-987-6543"})
    shop.call("DELETE", path)
    feed = shop.ok("GET", "/events")
    assert types(feed) == ["customer.created", "customer.updated", "customer.deleted"]
    assert [item["version"] for item in feed["items"]] == [1, 2, 3]
    assert feed["items"][1]["changed"] == ["name", "phone"]
    assert feed["items"][1]["data"]["name"] == "Jane Smith"
    assert {item["customerId"] for item in feed["items"]} == {jane["id"]}
    second = shop.ok("GET", f"/events?after={feed['items'][0]['id']}&limit=1")
    assert second["items"] == feed["items"][1:2]
    assert shop.ok("GET", f"/events?after={second['next']}")["items"] == feed["items"][2:]
    assert shop.ok("GET", f"/events?after={feed['next']}") == {"items": [], "next": feed["next"]}


def test_next_of_an_empty_feed_is_where_it_began(shop):
    assert shop.ok("GET", "/events") == {"items": [], "next": 0}
    assert shop.ok("GET", "/events?after=7") == {"items": [], "next": 7}
    assert shop.ok("GET", "/events?type=order.created&after=7") == {"items": [], "next": 7}


def test_feed_of_one_type_passes_the_others_by(shop):
    jane = shop.customer(name="Jane")
    for name in ("Jane S.", "Jane Smith"):
        shop.ok("PUT", f"/customers/{jane['id']}", {"name": name})
    shop.order(jane)
    last = shop.ok("GET", "/events")["items"][-1]["id"]
    updates = shop.ok("GET", "/events?type=customer.updated&limit=1")
    assert types(updates) == ["customer.updated"]
    assert updates["next"] == updates["items"][0]["id"]
    rest = shop.ok("GET", f"/events?type=customer.updated&after={updates['next']}")
    assert (types(rest), rest["next"]) == (["customer.updated"], last)
    nothing = shop.ok("GET", "/events?type=customer.deleted")
    assert nothing == {"items": [], "next": last}
    assert types(shop.ok("GET", "/events?type=order.*")) == ["order.created"]
    assert len(shop.ok("GET", "/events?type=customer.*")["items"]) == 3
    assert shop.refused(400, "GET", "/events?type=customer.lost") == ["type"]
    assert shop.refused(400, "GET", "/events?type=") == ["type"]


def test_event_data_is_the_object_at_that_time(shop):
    jane = shop.customer(name="Jane")
    (event,) = shop.ok("GET", "/events")["items"]
    assert event["data"] == {**jane, "version": 1}


def test_order_event_names_its_customer(shop):
    jane = shop.customer()
    order = shop.order(jane)
    event = shop.ok("GET", "/events")["items"][-1]
    assert (event["type"], event["customerId"], event["version"]) == (
        "order.created",
        jane["id"],
        2,
    )
    assert event["data"] == {**order, "version": 2}


def test_unchanged_update_makes_no_event(shop):
    jane = shop.customer(name="Jane")
    shop.ok("PUT", f"/customers/{jane['id']}", {"name": "Jane"})
    assert types(shop.ok("GET", "/events")) == ["customer.created"]


def test_refused_change_makes_no_event(shop):
    shop.customer()
    shop.refused(409, "POST", "/customers", {"email": "jane@example.com"})
    assert types(shop.ok("GET", "/events")) == ["customer.created"]


def test_feed_is_per_store_and_checks_parameters(shop, other_shop):
    other_shop.customer()
    assert shop.ok("GET", "/events")["items"] == []
    assert shop.refused(400, "GET", "/events?after=abc") == ["after"]
    assert shop.refused(400, "GET", "/events?limit=201") == ["limit"]
