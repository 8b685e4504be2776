"""Clients read a customer, change one value and send back the whole, across dialects."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from customers.models import Customer
from customers.reads import full_customer_row
from customers.services.customers import create_customer, update_customer
from stores.actors import SYSTEM
from tests.conformance.conftest import Caller, customer_in, key_of, make_store
from tests.conformance.probes import PROBES
from tests.factories import AddressFields, parsed_fields

DIALECTS = [probe.name for probe in PROBES]


@pytest.fixture
def shop(db):
    store = make_store("Echoes")
    key = key_of(store)
    return {probe.name: Caller(probe, store, key) for probe in PROBES}


class Reader:
    """Client of one dialect for the only customer."""

    def __init__(self, caller: Caller) -> None:
        self.caller, self.customer = caller, Customer.objects.get()
        self.path = caller.path_of(self.customer)

    def read(self) -> dict[str, Any]:
        return customer_in(self.caller.call("GET", self.path), self.caller.probe)

    def send(self, body: dict[str, Any]) -> Any:
        return self.caller.call(self.caller.probe.update[0], self.path, body)

    def row(self) -> dict[str, Any]:
        return full_customer_row(self.customer.store_id, self.customer.pk)


@pytest.mark.parametrize("reader", DIALECTS)
@pytest.mark.parametrize("writer", DIALECTS)
def test_unchanged_body_changes_nothing(shop, writer, reader):
    shop[writer].create()
    client = Reader(shop[reader])
    before = client.row()
    answer = client.send(client.read())
    assert answer.status_code == 200, answer.content
    assert client.row() == before


@pytest.mark.parametrize("reader", DIALECTS)
def test_address_without_country_stays_for_billing(shop, reader):
    place = AddressFields(country="", label=None, phone="02 9000 1234")
    person = {"name": "Ann Lee", "email": "ann@example.com", "phone": "02 9000 1234"}
    create_customer(shop[reader].store, SYSTEM, parsed_fields({**person, "addresses": [place]}))
    client = Reader(shop[reader])
    before = client.row()
    answer = client.send(client.read())
    assert answer.status_code == 200, answer.content
    assert client.row() == before


# some dialect would refuse, complete or change each of these values
SPARSE = {
    "first_name": "Ann Marie",
    "credit_limit": 250,
    "is_account_enabled": False,
    "tags": ["VIP"],
    "addresses": [AddressFields(country="", city="", postcode="", label=None, line2="Unit 1")],
}
FULL = {
    **SPARSE,
    "last_name": "Lee",
    "email": "ann@example.com",
    "phone": "02 9000 1234",
    "is_account_enabled": True,
    "addresses": [AddressFields()],
    "billing_address": AddressFields(),
}


@pytest.mark.parametrize("reader", DIALECTS)
def test_pairs_of_unchanged_values_change_nothing(shop, reader):
    create_customer(shop[reader].store, SYSTEM, parsed_fields(SPARSE))
    client = Reader(shop[reader])
    before, shown = client.row(), client.read()
    for name, value in shown.items():
        answer = client.send({"id": shown["id"], name: value})
        assert (name, answer.status_code) == (name, 200), answer.content
        assert client.row() == before


@pytest.mark.parametrize("reader", DIALECTS)
def test_each_shown_value_can_be_sent_alone(shop, reader):
    create_customer(shop[reader].store, SYSTEM, parsed_fields(FULL))
    client = Reader(shop[reader])
    before = client.row()
    for name, value in client.read().items():
        answer = client.send({name: value})
        assert (name, answer.status_code) == (name, 200), answer.content
        assert client.row() == before


@pytest.mark.parametrize("dialect", ["bakery", "erp", "manufacturing"])
def test_null_name_sent_alone_is_refused(shop, dialect):
    create_customer(shop[dialect].store, SYSTEM, {"notes": "Nobody knows the name"})
    client = Reader(shop[dialect])
    name = client.caller.probe.name_field
    assert client.read()[name] is None
    assert client.send({name: None}).status_code == client.caller.probe.invalid
    assert client.send(client.read() | {name: None}).status_code == 200


def test_unchanged_values_keep_concurrent_changes(shop, monkeypatch):
    """The read before the lock only finds the values that the client left unchanged."""
    shop["erp"].create()
    client = Reader(shop["erp"])
    body = client.read() | {"notes": "Call first"}

    def update_meanwhile(target, *args, **options):
        Customer.objects.update(website="https://example.com")
        return update_customer(target, *args, **options)

    monkeypatch.setattr("customers.dialects.erp.views.update_customer", update_meanwhile)
    answer = client.send(body).json()["data"]
    assert (answer["notes"], answer["website"]) == ("Call first", "https://example.com")


@pytest.mark.parametrize("reader", DIALECTS)
@pytest.mark.parametrize("writer", DIALECTS)
def test_changed_value_in_a_whole_body_is_saved(shop, writer, reader):
    shop[writer].create()
    client = Reader(shop[reader])
    changes = client.caller.probe.update[1]
    answer = client.send(client.read() | changes)
    assert answer.status_code == 200, answer.content
    assert {name: client.read()[name] for name in changes} == changes


@pytest.mark.parametrize("reader", DIALECTS)
def test_incomplete_address_does_not_block_an_update(shop, reader):
    shop["pos"].create()
    client = Reader(shop[reader])
    place = {
        "name": "Home",
        "description": "Behind the mill",
        "customer_id": str(client.customer.uid),
    }
    made = Client().post(
        "/addresses",
        place,
        "application/json",
        headers={"Authorization": f"Bearer {client.caller.key}"},
    )
    assert made.status_code == 200, made.content
    answer = client.send(client.read() | client.caller.probe.update[1])
    assert answer.status_code == 200, answer.content
    assert [one["line1"] for one in client.row()["addresses"]][:1] == ["Behind the mill"]


@pytest.mark.parametrize("dialect", ["bakery", "erp", "manufacturing", "pos"])
def test_existing_name_cannot_be_cleared(shop, dialect):
    shop["bakery"].create()
    client = Reader(shop[dialect])
    answer = client.send(client.read() | {client.caller.probe.name_field: None})
    assert answer.status_code == client.caller.probe.invalid
    assert client.row()["name"] == "Emma"


def test_changed_invalid_value_is_refused(shop):
    shop["bakery"].create()
    client = Reader(shop["storefront"])
    answer = client.send(client.read() | {"phone": "x"})
    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["error"]["details"]] == ["phone"]


def test_number_does_not_equal_a_boolean(shop):
    shop["bakery"].create()
    client = Reader(shop["bakery"])
    assert client.send({"is_blacklisted": 0}).status_code == 400
    assert client.send(client.read() | {"is_blacklisted": 0}).status_code == 400


@pytest.mark.parametrize("sent", ["250", "250.0", "250.00", "2.5E2"])
def test_amount_is_equal_in_any_notation(shop, sent):
    create_customer(shop["erp"].store, SYSTEM, parsed_fields({**SPARSE, "name": "Ann"}))
    client = Reader(shop["erp"])
    before = client.row()
    raw = f'{{"id": "{client.read()["id"]}", "credit_limit": {sent}}}'.encode()
    assert client.caller.call("PUT", client.path, raw=raw).status_code == 200
    assert client.row() == before
