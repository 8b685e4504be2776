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
def company(desk):
    return desk.create(contacts=[{"name": "Alice Johnson", "is_primary": True}])


@pytest.fixture
def contacts_path(company):
    return f"/{company['id']}/contacts"


@pytest.mark.parametrize("call", ["GET contacts", "POST contacts", "PUT contact", "DELETE contact"])
def test_contacts_of_another_store_are_404(desk, stranger, company, contacts_path, call):
    method, what = call.split()
    path = (
        contacts_path if what == "contacts" else f"{contacts_path}/{company['contacts'][0]['id']}"
    )
    body = SARAH if method in ("POST", "PUT") else None
    assert stranger.call(method, path, body).status_code == 404
    assert desk.data("GET", f"/{company['id']}") == company


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_contact_of_another_customer_is_404(desk, company, method):
    other = desk.create(name="Other")
    contact = company["contacts"][0]["id"]
    answer = desk.call(method, f"/{other['id']}/contacts/{contact}", {"name": "Stolen"})
    assert answer.status_code == 404
    assert desk.data("GET", f"/{company['id']}") == company


@pytest.mark.parametrize(
    "contact", ["1", "cont_", "cust_" + "0" * 32, "cont_" + "A" * 32, "é", "%00"]
)
def test_malformed_contact_id_is_404(desk, contacts_path, contact):
    assert desk.call("PUT", f"{contacts_path}/{contact}", {"name": "X"}).status_code == 404
    assert desk.call("DELETE", f"{contacts_path}/{contact}").status_code == 404


def test_contacts_of_a_deleted_customer_are_404(desk, company, contacts_path):
    customer = customer_of(company)
    customer.deleted_at = customer.created_at
    customer.save()
    assert desk.call("GET", contacts_path).status_code == 404
    assert desk.call("POST", contacts_path, SARAH).status_code == 404
    assert (
        desk.call("PUT", f"{contacts_path}/{company['contacts'][0]['id']}", SARAH).status_code
        == 404
    )
    assert desk.call("DELETE", f"{contacts_path}/{company['contacts'][0]['id']}").status_code == 404


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
def test_invalid_value_is_named_and_changes_nothing(desk, company, contacts_path, field, value):
    contact = company["contacts"][0]["id"]
    assert desk.refused(desk.call("POST", contacts_path, {**SARAH, field: value})) == [field]
    assert desk.refused(
        desk.call("PUT", f"{contacts_path}/{contact}", {"title": "T", field: value})
    ) == [field]
    assert desk.data("GET", f"/{company['id']}") == company


def test_null_or_blank_clears_optional_fields(desk, contacts_path):
    contact = desk.data("POST", contacts_path, SARAH)
    cleared = {"title": None, "email": "", "phone": None}
    changed = desk.data("PUT", f"{contacts_path}/{contact['id']}", cleared)
    assert changed == {**contact, "title": None, "email": None, "phone": None}


def test_demoted_primary_has_no_successor(desk, company, contacts_path):
    contact = company["contacts"][0]["id"]
    changed = desk.data("PUT", f"{contacts_path}/{contact}", {"is_primary": False})
    assert changed["is_primary"] is False
    assert [c["is_primary"] for c in desk.data("GET", contacts_path)] == [False]


def test_primary_moves_with_every_endpoint(desk, contacts_path):
    def primaries():
        return [c["name"] for c in desk.data("GET", contacts_path) if c["is_primary"]]

    first = desk.data("POST", contacts_path, {"name": "First", "is_primary": True})
    assert primaries() == ["First"]
    desk.data("POST", contacts_path, {"name": "Second", "is_primary": True})
    assert primaries() == ["Second"]
    desk.data("PUT", f"{contacts_path}/{first['id']}", {"is_primary": True})
    assert primaries() == ["First"]
    desk.call("DELETE", f"{contacts_path}/{first['id']}")
    assert primaries() == []


def test_each_change_makes_a_version_and_an_event(desk, company, contacts_path):
    contact = desk.data("POST", contacts_path, SARAH)["id"]
    desk.data("PUT", f"{contacts_path}/{contact}", {"title": "CFO"})
    desk.data("PUT", f"{contacts_path}/{contact}", {"title": "CFO"})  # no change
    desk.call("DELETE", f"{contacts_path}/{contact}")
    assert customer_of(company).version == 4
    events = list(Event.objects.order_by("id").values_list("version", "changed"))
    assert events[1:] == [(2, ["contacts"]), (3, ["contacts"]), (4, ["contacts"])]


def test_stale_etag_stops_contact_changes(desk, company, contacts_path):
    stale = desk.call("GET", f"/{company['id']}")["ETag"]
    contact = company["contacts"][0]["id"]
    desk.data("PUT", f"/{company['id']}", {"notes": "Moved on"})
    before = desk.data("GET", contacts_path)
    for method, path in (("POST", contacts_path), ("PUT", f"{contacts_path}/{contact}")):
        assert desk.call(method, path, SARAH, **{"If-Match": stale}).status_code == 412
    assert (
        desk.call("DELETE", f"{contacts_path}/{contact}", **{"If-Match": stale}).status_code == 412
    )
    assert desk.data("GET", contacts_path) == before
    fresh = desk.call("GET", f"/{company['id']}")["ETag"]
    desk.data("POST", contacts_path, SARAH, **{"If-Match": fresh})


def test_number_of_contacts_is_limited(desk):
    crowd = [{"name": f"Person {number}"} for number in range(MAX_CONTACTS)]
    assert desk.refused(desk.call("POST", "", {"name": "Crowd", "contacts": [*crowd, SARAH]})) == [
        "contacts"
    ]
    company = desk.create(contacts=crowd)
    assert desk.refused(desk.call("POST", f"/{company['id']}/contacts", SARAH)) == ["contacts"]
    assert Contact.objects.count() == MAX_CONTACTS
