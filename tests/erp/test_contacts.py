from __future__ import annotations

import pytest

from customers.models import Contact
from customers.services.contacts import MAX_CONTACTS
from stores.models import Event
from tests.erp.conftest import customer_of

SARAH = {
    "name": "Sarah Davis",
    "title": "Finance Manager",
    "email": "sarah.davis@example.com",
    "phone": "+1-555-1100",
    "is_primary": False,
}


@pytest.fixture
def one(desk):
    return desk.make(contacts=[{"name": "Alice Johnson", "is_primary": True}])


@pytest.fixture
def people(one):
    return f"/{one['id']}/contacts"


@pytest.mark.parametrize("call", ["GET contacts", "POST contacts", "PUT contact", "DELETE contact"])
def test_contacts_of_another_store_are_not_there(desk, stranger, one, people, call):
    method, what = call.split()
    path = people if what == "contacts" else f"{people}/{one['contacts'][0]['id']}"
    body = SARAH if method in ("POST", "PUT") else None
    assert stranger.call(method, path, body).status_code == 404
    assert desk.data("GET", f"/{one['id']}") == one


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_contact_is_found_under_its_own_customer_only(desk, one, method):
    other = desk.make(name="Other")
    contact = one["contacts"][0]["id"]
    answer = desk.call(method, f"/{other['id']}/contacts/{contact}", {"name": "Stolen"})
    assert answer.status_code == 404
    assert desk.data("GET", f"/{one['id']}") == one


@pytest.mark.parametrize(
    "contact", ["1", "cont_", "cust_" + "0" * 32, "cont_" + "A" * 32, "é", "%00"]
)
def test_an_id_that_is_none_is_not_found(desk, people, contact):
    assert desk.call("PUT", f"{people}/{contact}", {"name": "X"}).status_code == 404
    assert desk.call("DELETE", f"{people}/{contact}").status_code == 404


def test_contacts_of_a_deleted_customer_are_not_there(desk, one, people):
    customer = customer_of(one)
    customer.deleted_at = customer.created_at
    customer.save()
    assert desk.call("GET", people).status_code == 404
    assert desk.call("POST", people, SARAH).status_code == 404
    assert desk.call("PUT", f"{people}/{one['contacts'][0]['id']}", SARAH).status_code == 404
    assert desk.call("DELETE", f"{people}/{one['contacts'][0]['id']}").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 256),
        ("name", None),
        ("title", "x" * 256),
        ("email", "no at"),
        ("phone", "1" * 61),
        ("phone", "call me"),
        ("is_primary", None),
        ("is_primary", "yes"),
    ],
)
def test_a_bad_value_is_named_and_changes_nothing(desk, one, people, field, value):
    contact = one["contacts"][0]["id"]
    assert desk.refused(desk.call("POST", people, {**SARAH, field: value})) == [field]
    assert desk.refused(desk.call("PUT", f"{people}/{contact}", {"title": "T", field: value})) == [
        field
    ]
    assert desk.data("GET", f"/{one['id']}") == one


def test_optional_parts_are_cleared_with_null_or_blank(desk, people):
    contact = desk.data("POST", people, SARAH)
    cleared = {"title": None, "email": "", "phone": None}
    changed = desk.data("PUT", f"{people}/{contact['id']}", cleared)
    assert changed == {**contact, "title": None, "email": None, "phone": None}


def test_a_demoted_primary_leaves_nobody_primary(desk, one, people):
    contact = one["contacts"][0]["id"]
    changed = desk.data("PUT", f"{people}/{contact}", {"is_primary": False})
    assert changed["is_primary"] is False
    assert [c["is_primary"] for c in desk.data("GET", people)] == [False]


def test_the_primary_moves_with_every_door(desk, people):
    def primaries():
        return [c["name"] for c in desk.data("GET", people) if c["is_primary"]]

    first = desk.data("POST", people, {"name": "First", "is_primary": True})
    assert primaries() == ["First"]
    desk.data("POST", people, {"name": "Second", "is_primary": True})
    assert primaries() == ["Second"]
    desk.data("PUT", f"{people}/{first['id']}", {"is_primary": True})
    assert primaries() == ["First"]
    desk.call("DELETE", f"{people}/{first['id']}")
    assert primaries() == []


def test_each_change_is_a_version_of_the_customer_with_its_event(desk, one, people):
    contact = desk.data("POST", people, SARAH)["id"]
    desk.data("PUT", f"{people}/{contact}", {"title": "CFO"})
    desk.data("PUT", f"{people}/{contact}", {"title": "CFO"})  # nothing new
    desk.call("DELETE", f"{people}/{contact}")
    assert customer_of(one).version == 4
    told = list(Event.objects.order_by("id").values_list("version", "changed"))
    assert told[1:] == [(2, ["contacts"]), (3, ["contacts"]), (4, ["contacts"])]


def test_a_stale_customer_stops_changes_of_its_contacts(desk, one, people):
    stale = desk.call("GET", f"/{one['id']}")["ETag"]
    contact = one["contacts"][0]["id"]
    desk.data("PUT", f"/{one['id']}", {"notes": "Moved on"})
    before = desk.data("GET", people)
    for method, path in (("POST", people), ("PUT", f"{people}/{contact}")):
        assert desk.call(method, path, SARAH, **{"If-Match": stale}).status_code == 412
    assert desk.call("DELETE", f"{people}/{contact}", **{"If-Match": stale}).status_code == 412
    assert desk.data("GET", people) == before
    fresh = desk.call("GET", f"/{one['id']}")["ETag"]
    desk.data("POST", people, SARAH, **{"If-Match": fresh})


def test_there_is_an_end_to_contacts(desk):
    crowd = [{"name": f"Person {number}"} for number in range(MAX_CONTACTS)]
    assert desk.refused(desk.call("POST", "", {"name": "Crowd", "contacts": [*crowd, SARAH]})) == [
        "contacts"
    ]
    one = desk.make(contacts=crowd)
    assert desk.refused(desk.call("POST", f"/{one['id']}/contacts", SARAH)) == ["contacts"]
    assert Contact.objects.count() == MAX_CONTACTS
