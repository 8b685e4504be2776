"""Administrator keys: they reach every manufacturer's customers."""

from __future__ import annotations

import pytest

from customers.models import Customer, Depot
from stores.models import Event
from tests.factories import ApiKeyFactory, StoreFactory
from tests.manufacturing.conftest import VICTORIA, Portal, messages, required_fields


@pytest.mark.parametrize(
    ("named", "message"),
    [
        (..., "A manufacturer must be specified"),
        (None, "A manufacturer must be specified"),
        (987654321, "Manufacturer id: There is no such manufacturer"),
        ("x", "Manufacturer id: There is no such manufacturer"),
        (0, "Manufacturer id: There is no such manufacturer"),
        ({}, "Manufacturer id: There is no such manufacturer"),
        (True, "Manufacturer id: There is no such manufacturer"),
    ],
    ids=str,
)
def test_new_customer_needs_an_existing_manufacturer(administrator, store, named, message):
    answer = administrator.call("POST", body=required_fields(manufacturer_id=named, name=""))
    assert messages(answer) == [message, "A name must be specified"]
    assert not Customer.objects.exists()


def test_manufacturers_country_and_depots_apply(administrator, other_store):
    states = StoreFactory(country="US", currency="USD")
    depot = Depot.objects.create(store=states, name="Depot")
    Depot.objects.create(store=other_store, name="Elsewhere")
    made = administrator.create(
        manufacturer_id=str(states.pk), contact_address={"state": "WA"}, default_depot_id=depot.pk
    )
    assert made["manufacturer_id"] == states.pk
    assert made["contact_address"]["state"] == "Washington"
    assert made["default_depot_id"] == depot.pk
    moved = {"contact_address": {"state": "VI"}, "manufacturer_id": other_store.pk}
    changed = administrator.put(made, moved)
    assert changed["contact_address"]["country_code"] == "US"
    assert changed["manufacturer_id"] == states.pk
    foreign = {"default_depot_id": Depot.objects.get(store=other_store).pk}
    assert messages(administrator.call("PUT", f"/{made['id']}", foreign))


def test_list_holds_all_manufacturers(administrator, portal, rival, other_store):
    portal.create(name="Mine", settings={"is_beta": True})
    rival.create(name="Theirs")
    assert administrator.letters("") == "MT"
    assert administrator.letters(f"manufacturer_id={other_store.pk}") == "T"
    assert administrator.letters("settings.is_beta=1") == "M"
    assert administrator.letters("sort=-manufacturer_id") == "TM"
    assert portal.letters(f"filter[manufacturer_id]={other_store.pk}") == ""
    assert (
        portal.letters(
            "filter_groups[0][filters][0][field]=id&"
            "filter_groups[0][filters][0][condition_type]=notnull"
        )
        == "M"
    )


def test_unknown_customer_is_404_before_validation(administrator):
    assert messages(administrator.call("PUT", "/987654321", {"name": ""}), 404)


def test_administrators_writes_make_store_events(administrator, portal, store):
    made = administrator.create(manufacturer_id=store.pk)
    administrator.put(made, {"contact_address": VICTORIA, "name": "Renamed"})
    assert administrator.call("DELETE", f"/{made['id']}").status_code == 200
    event_types = Event.objects.filter(store=store).values_list("type", flat=True)
    assert list(event_types) == ["customer.created", "customer.updated", "customer.deleted"]
    assert messages(portal.call("GET", f"/{made['id']}"), 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_read_only_administrator_cannot_write(db, portal, method):
    reader = Portal(ApiKeyFactory(store=None, scopes=["customers:read"]).text)
    made = portal.create()
    path = "" if method == "POST" else f"/{made['id']}"
    assert messages(reader.call(method, path, {"name": "X"}), 403)
    assert reader.get(made) == made
