"""Refused and concurrent requests are all or nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from customers.models import Customer
from stores.models import Event

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    "change",
    [
        {"tags": [{"id": NOBODY}]},
        {"email": "taken@example.org"},
        {"email": "ＴＡＫＥＮ@example.org"},
        {"house_account_limit": -0.01},
    ],
    ids=str,
)
def test_one_invalid_value_stops_the_whole_update(till, change):
    till.customer(email="taken@example.org")
    made = till.customer(email="simona@example.org")
    events = Event.objects.count()
    till.errors("PUT", f"/customers/{made['id']}", {"name": "After", "phone": "99999"} | change)
    till.errors("POST", "/customers", {"name": "New", "dial_code": 1, "phone": "99999"} | change)
    assert till.get(f"/customers/{made['id']}") == made
    assert (Customer.objects.count(), Event.objects.count()) == (2, events)


def test_invalid_include_stops_the_whole_request(till):
    made = till.customer()
    both = "include=tags&include=addresses"
    till.errors("POST", f"/customers?{both}", {"name": "New", "dial_code": 1, "phone": "99999"})
    till.errors("PUT", f"/customers/{made['id']}?{both}", {"name": "After"})
    till.errors("DELETE", f"/customers/{made['id']}?{both}")
    assert till.get("/customers") == [made]


def test_stale_if_match_stops_every_write(till):
    made = till.customer()
    path, stale = f"/customers/{made['id']}", {"If-Match": '"7"'}
    assert till.call("PUT", path, {"name": "After"}, **stale).status_code == 412
    assert till.call("DELETE", path, **stale).status_code == 412
    assert till.get(path) == made
    till.delete(path)
    assert till.call("PUT", f"{path}/restore", **stale).status_code == 412
    assert till.call("GET", path).status_code == 404


def test_restore_with_a_taken_email_changes_nothing(till):
    first = till.customer(email="one@example.org")
    till.delete(f"/customers/{first['id']}")
    second = till.customer(email="ONE@example.org")
    path = f"/customers/{first['id']}/restore"
    assert list(till.errors("PUT", path)) == ["email"]
    assert till.get("/customers") == [second]


def test_restore_of_a_live_customer_makes_no_event(till):
    made = till.customer()
    events = Event.objects.count()
    assert till.put(f"/customers/{made['id']}/restore", None) == made
    assert Event.objects.count() == events


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_parallel_updates_of_different_fields_are_kept(till):
    path = f"/customers/{till.customer()['id']}"
    changes = [{"name": f"Name {n}"} for n in range(6)] + [
        {"gender": 2},
        {"birth_date": "1986-09-17"},
    ]
    changes += [{"email": "simona@example.net"}, {"is_blacklisted": True}, {"phone": "12345"}]

    def change(body):
        try:
            return till.call("PUT", path, body).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(changes)) as pool:
        assert set(pool.map(change, changes)) == {200}
    now = till.get(path)
    assert now["name"].startswith("Name ")
    wanted = {name: value for body in changes[6:] for name, value in body.items()}
    assert {name: now[name] for name in wanted} == wanted


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_zone_deleted_during_assignment_leaves_no_rows(till):
    zone = till.post("/delivery_zones", {"name": "North"})
    owners = [till.customer() for _ in range(6)]

    def call(step):
        try:
            return till.call(*step).status_code
        finally:
            connection.close()

    place = {"name": "Home", "description": "1 Way", "delivery_zone_id": zone["id"]}
    steps = [("POST", "/addresses", {**place, "customer_id": owner["id"]}) for owner in owners]
    steps.insert(3, ("DELETE", f"/delivery_zones/{zone['id']}"))
    with ThreadPoolExecutor(len(steps)) as pool:
        statuses = list(pool.map(call, steps))
    assert statuses[3] == 200
    assert set(statuses) <= {200, 409, 422}
    assert all(row["delivery_zone"] is None for row in till.get("/addresses"))
