"""Boundary values, and refused requests that change nothing."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.test import Client

from customers.models import Customer, Depot, LoginEmail, Tag
from customers.services.customers import create_customer
from stores.actors import SYSTEM
from stores.models import Event
from tests.manufacturing.conftest import BASE, VICTORIA, messages, required_fields, stored

KEPT = [
    ("phone", "123456", "123456"),
    ("phone", "+61 (3) 5212-3456", "+61 (3) 5212-3456"),
    ("phone", 5212345678, "5212345678"),
    ("mobile", "", None),
    ("mobile", None, None),
    ("cc_email", None, None),
    ("cc_email", " a@example.com ", "a@example.com"),
    ("price_adjustment", -100, -100),
    ("price_adjustment", "12.50", 12.5),
    ("price_adjustment", 1000, 1000),
    ("price_adjustment", None, 0),
    ("minimum_charge_amount", "19.99", 19.99),
    ("minimum_charge_amount", 0.1, 0.1),
    ("minimum_charge_amount", 999999999999.99, 999999999999.99),
    ("minimum_freight_amount", None, 0),
    ("external_id", "", None),
    ("external_id", None, None),
    ("external_id", "x" * 4000, "x" * 4000),
    ("external_id", {}, "{}"),
    ("name", "  Plain  ", "Plain"),
]


@pytest.mark.parametrize(("field", "sent", "shown"), KEPT, ids=lambda value: str(value)[:20])
def test_value_is_saved(portal, field, sent, shown):
    made = portal.create(mobile="0480123456", cc_email="x@example.com", external_id="X")
    changed = portal.put(made, {field: sent})
    assert changed == portal.get(made) == {**made, field: shown}


REFUSED = [
    ("name", "", "A name must be specified"),
    ("name", None, "A name must be specified"),
    ("name", "x" * 512, "Name: "),
    ("name", 5, "Name: "),
    ("email", "", "An email address must be specified"),
    ("email", None, "An email address must be specified"),
    ("email", "a@b", "Invalid email address"),
    ("email", 5, "Invalid email address"),
    ("email", ["a@example.com"], "Invalid email address"),
    ("phone", "12345", "Phone: "),
    ("phone", "1-2-3-4-5", "Phone: "),
    ("phone", "123456x7", "Phone: "),
    ("phone", "123.456", "Phone: "),
    ("phone", "１２３４５６", "Phone: "),
    ("phone", "1" * 61, "Phone: "),
    ("phone", True, "Phone: "),
    ("mobile", "none", "Mobile: "),
    ("cc_email", "harry", "Cc email: Not an email address"),
    ("price_adjustment", -100.01, "Price adjustment: "),
    ("price_adjustment", 1000.01, "Price adjustment: "),
    ("price_adjustment", 1.005, "Price adjustment: "),
    ("minimum_charge_amount", -0.01, "Minimum charge amount: "),
    ("minimum_charge_amount", 1e12, "Minimum charge amount: "),
    ("minimum_freight_amount", "1e3", "Minimum freight amount: "),
    ("minimum_freight_amount", True, "Minimum freight amount: "),
    ("external_id", "x" * 4001, "External id: "),
    ("external_id", {"x": "y" * 4000}, "External id: "),
    ("external_id", ["x"], "External id: "),
    ("external_id", 5, "External id: "),
    ("settings", {"is_beta": 1}, "Settings is beta: "),
    ("settings", {"is_suspended": "true"}, "Settings is suspended: "),
    ("settings", {"is_suspended": None}, "Settings is suspended: "),
    ("settings", "x", "Settings: "),
    ("customer_labels", 7, "Customer labels: "),
    ("customer_labels", [7], "Customer labels 1: "),
    ("customer_labels", ["ok", ""], "Customer labels 2: "),
    ("customer_labels", ["x" * 101], "Customer labels 1: "),
    ("customer_labels", ["\u200b"], "Customer labels: "),
]


@pytest.mark.parametrize(("field", "sent", "message"), REFUSED, ids=lambda value: str(value)[:20])
def test_invalid_values_change_nothing(portal, field, sent, message):
    made = portal.create(customer_labels=["Trade"])
    before = Customer.objects.count(), Event.objects.count(), Tag.objects.count()
    body = {
        "delivery_address": [{**VICTORIA, "name": "New"}],
        "customer_labels": "New",
        field: sent,
    }
    for answer in (
        portal.call("PUT", f"/{made['id']}", body),
        portal.call("POST", body=required_fields(**body)),
    ):
        [refusals] = messages(answer)
        assert refusals.startswith(message)
    assert portal.get(made) == made
    assert (Customer.objects.count(), Event.objects.count(), Tag.objects.count()) == before
    assert LoginEmail.objects.count() == 1


def test_messages_follow_the_order_of_fields(portal):
    body = {
        "settings": {"is_beta": "x"},
        "external_id": 5,
        "delivery_address": [],
        "contact_address": {"suburb": "x"},
        "minimum_freight_amount": -1,
        "price_adjustment": "x",
        "cc_email": "x",
        "mobile": "x",
        "phone": "x",
        "email": "x",
    }
    refusals = messages(portal.call("POST", body=body))
    assert [message.split(":")[0] for message in refusals] == [
        "A name must be specified",
        "Invalid email address",
        "Phone",
        "Mobile",
        "Cc email",
        "Price adjustment",
        "Minimum freight amount",
        "Contact address state",
        "A delivery address must be specified",
        "External id",
        "Settings is beta",
    ]


def test_taken_email_is_reported_only_if_all_else_is_valid(portal):
    made = portal.create()
    assert messages(portal.call("POST", body=required_fields(email=made["email"], phone="x"))) == [
        "Phone: Only digits, spaces, + ( ) - are possible, and at least 6 digits"
    ]
    answer = portal.call("POST", body=required_fields(email=made["email"]))
    assert messages(answer, 409) == ["This email address is already in use"]


def test_object_as_external_id_keeps_its_digits(portal):
    body = (
        json.dumps(required_fields())[:-1]
        + ', "external_id": {"n": 1.50, "s": "ü", "l": [1, null, true]}}'
    )
    answer = Client().post(
        BASE, body, content_type="application/json", headers={"X-GC-API-KEY": portal.key}
    )
    shown = answer.json()["customer"]["external_id"]
    assert shown == '{"n":1.50,"s":"ü","l":[1,null,true]}'
    assert json.loads(shown, parse_float=Decimal)["n"] == Decimal("1.50")


def test_labels_in_any_spelling_are_one_tag(portal):
    made = portal.create(customer_labels=" Trade , trade,VIP,, ")
    assert made["customer_labels"] == ["Trade", "VIP"]
    assert portal.create(customer_labels=["TRADE"])["customer_labels"] == ["Trade"]
    for cleared in ([], "", None, " , "):
        portal.put(made, {"customer_labels": ["VIP"]})
        assert "customer_labels" not in portal.put(made, {"customer_labels": cleared})


def test_settings_are_merged_key_by_key(portal):
    made = portal.create(settings={"is_beta": True, "other": 1})
    for nothing in ({}, None):
        assert portal.put(made, {"settings": nothing})["settings"]["is_beta"] is True
    assert portal.put(made, {"settings": {"is_suspended": True}})["settings"] == {
        "is_beta": True,
        "is_assembly_enabled": False,
        "is_suspended": True,
    }
    assert stored(made).is_active is False


def test_customer_of_other_dialects_shows_nulls(portal, store):
    row = create_customer(store, SYSTEM, {"name": "Till"})
    shown = portal.get(row)
    assert shown["email"] is shown["phone"] is shown["contact_address"] is None
    assert shown["delivery_address"] == []
    assert portal.put(shown, {"price_adjustment": 5}) == {**shown, "price_adjustment": 5}


# --- depots


@pytest.mark.parametrize("sent", [12, "12", "x", None, {}], ids=str)
def test_depot_is_ignored_in_a_store_without_depots(portal, sent):
    made = portal.create(default_depot_id=sent)
    assert made["default_depot_id"] is None
    assert portal.put(made, {"default_depot_id": sent})["default_depot_id"] is None


def test_depot_must_be_one_of_the_manufacturers(portal, store, other_store):
    own, foreign = (Depot.objects.create(store=s, name="Depot") for s in (store, other_store))
    made = portal.create(default_depot_id=own.pk)
    assert made["default_depot_id"] == own.pk
    for wrong in (foreign.pk, 0, -1, 10**9, "x", "", True, 1.5, [own.pk]):
        body = {"default_depot_id": wrong, "name": "Other"}
        assert messages(portal.call("PUT", f"/{made['id']}", body)) == [
            "Default depot id: There is no such depot"
        ]
    assert portal.get(made) == made
    assert portal.put(made, {"name": "Same"})["default_depot_id"] == own.pk
    assert portal.put(made, {"default_depot_id": None})["default_depot_id"] is None
    assert portal.put(made, {"default_depot_id": str(own.pk)})["default_depot_id"] == own.pk
    own.delete()
    assert portal.get(made)["default_depot_id"] is None
