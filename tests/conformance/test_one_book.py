"""A customer written through any dialect is shown by every dialect."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from customers.models import Customer
from customers.models.ledger import Account
from orders.models import Order
from orders.services.accounts import post_entry
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from orders.services.placing import place_order
from stores.actors import SYSTEM
from tests.conformance.conftest import Caller, customer_in, dig, key_of, make_store
from tests.conformance.probes import EMAIL, PROBES

WRITES = {probe.name: probe.ana for probe in PROBES}


@pytest.fixture
def shop(db):
    store = make_store("One Book")
    key = key_of(store)
    return {probe.name: Caller(probe, store, key) for probe in PROBES}


def read_ana(shop: dict[str, Caller], dialect: str) -> dict[str, Any]:
    """Return Ana, the only customer, in one dialect's form."""
    ana = shop[dialect].path_of(Customer.objects.get())
    answer = shop[dialect].call("GET", f"{ana}?includeOrders=true")
    assert answer.status_code == 200, answer.content
    return customer_in(answer, shop[dialect].probe)


def write(shop: dict[str, Caller], dialect: str, body: dict[str, Any] | None = None) -> None:
    answer = shop[dialect].call("POST", "", body or WRITES[dialect])
    assert answer.status_code in (200, 201), answer.content


@pytest.mark.parametrize("writer", WRITES)
def test_name_email_and_phone_agree_in_all_dialects(shop, writer):
    write(shop, writer)
    for probe in PROBES:
        seen = read_ana(shop, probe.name)
        assert dig(seen, probe.full_name_at) == "Ana Maria Lopez"
        assert dig(seen, probe.email_at) == EMAIL
        if "dial_code" in seen:
            assert (seen["dial_code"], seen["phone"]) == (61, "412345678")
        else:
            assert dig(seen, probe.phone_at).replace(" ", "") == "+61412345678"
    parts = read_ana(shop, "bakery")
    assert (parts["first_name"], parts["last_name"]) == ("Ana", "Maria Lopez")


@pytest.mark.parametrize("writer", [name for name in WRITES if name != "pos"])
def test_delivery_address_agrees_in_all_dialects(shop, writer):
    write(shop, writer)
    bakery = read_ana(shop, "bakery")["address"]
    assert {**bakery, **WRITES["bakery"]["address"]} == bakery
    web = read_ana(shop, "storefront")["addresses"][0]
    assert {
        **web,
        **WRITES["storefront"]["addresses"][0],
        "country": "AU",
        "isDefault": True,
    } == web
    trade = read_ana(shop, "erp")
    assert trade["shipping_address"] == {**WRITES["erp"]["shipping_address"], "state": "NSW"}
    assert trade["billing_address"] == trade["shipping_address"]
    portal = read_ana(shop, "manufacturing")
    for place in (portal["contact_address"], portal["delivery_address"][0]):
        assert place["street"] == ["Level 3", "42 George Street"]
        assert (place["state"], place["state_code"]) == ("New South Wales", "NSW")
        assert (place["country"], place["country_code"]) == ("Australia", "AU")
        assert (place["suburb"], place["postcode"]) == ("Sydney", "2000")
    assert len(read_ana(shop, "pos")["addresses"]) == 1


def test_pos_address_shows_in_all_dialects(shop):
    write(shop, "pos")
    ana = Customer.objects.get()
    body = {"customer_id": str(ana.uid), "name": "Home", "description": "12 King Road"}
    made = Client().post(
        "/addresses",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {shop['pos'].key}"},
    )
    assert made.status_code == 200
    assert read_ana(shop, "bakery")["address"]["street"] == "12 King Road"
    assert read_ana(shop, "storefront")["addresses"][0]["address1"] == "12 King Road"
    assert read_ana(shop, "erp")["shipping_address"]["line1"] == "12 King Road"
    assert read_ana(shop, "manufacturing")["delivery_address"][0]["name"] == "Home"


def test_tags_show_as_names_or_ids(shop):
    write(shop, "bakery", {**WRITES["bakery"], "tags": ["vip", "trade"]})
    labels = read_ana(shop, "manufacturing")["customer_labels"]
    assert labels == read_ana(shop, "bakery")["tags"] == ["vip", "trade"]
    assert len(read_ana(shop, "pos")["tags"]) == 2
    assert (
        shop["pos"].call("PUT", f"/{Customer.objects.get().uid}", {"tags": []}).status_code == 200
    )
    assert read_ana(shop, "bakery")["tags"] == []


def test_blacklisted_and_suspended_show_in_all_dialects(shop):
    write(shop, "pos", {**WRITES["pos"], "is_blacklisted": True})
    assert read_ana(shop, "bakery")["is_blacklisted"] is True
    ident = f"/cust_{Customer.objects.get().uid.hex}"
    assert shop["erp"].call("PUT", ident, {"is_active": False}).status_code == 200
    assert read_ana(shop, "manufacturing")["settings"]["is_suspended"] is True


def test_erp_credit_limit_is_the_pos_house_account(shop):
    write(shop, "erp", {**WRITES["erp"], "credit_limit": "100.00"})
    till = read_ana(shop, "pos")
    assert (till["is_house_account_enabled"], till["house_account_limit"]) == (True, 100)
    ana = Customer.objects.all()
    post_entry(ana, SYSTEM, Account.HOUSE, Decimal("33.30"))
    assert read_ana(shop, "pos")["house_account_balance"] == 33.3
    assert read_ana(shop, "erp")["current_balance"] == 33.3


def test_order_counts_agree_in_all_dialects(shop):
    write(shop, "storefront")
    ana = Customer.objects.all()
    items = [
        {"product_id": "p", "product_name": "Pie", "quantity": 2, "unit_price": Decimal("10.00")}
    ]
    kept, dropped = (place_order(ana, SYSTEM, items) for _ in "ab")
    move_order(Order.objects.filter(uid=dropped["uid"]), SYSTEM, "cancelled")
    pay_order(Order.objects.filter(uid=kept["uid"]), SYSTEM, Decimal("20.00"), "card")
    refund_order(Order.objects.filter(uid=kept["uid"]), SYSTEM, Decimal("5.00"))
    bakery, trade = read_ana(shop, "bakery"), read_ana(shop, "erp")
    web, till = read_ana(shop, "storefront"), read_ana(shop, "pos")
    assert (bakery["total_orders"], bakery["total_spent"]) == (1, 15)
    assert (trade["total_orders"], trade["lifetime_value"]) == (1, 15)
    assert (web["orderCount"], web["totalSpent"]) == (1, "15.00")
    assert till["order_count"] == 1
    assert till["last_order_at"]


@pytest.mark.parametrize(
    "display", ["Ana", "Ana Maria de la Cruz", "Ana  Maria", "Ana M.  van  Dyck"]
)
def test_display_name_is_returned_as_sent(shop, display):
    write(shop, "storefront", {"email": EMAIL, "name": display})
    assert read_ana(shop, "erp")["name"] == display
    seen = read_ana(shop, "bakery")
    joined = seen["first_name"] + (f" {seen['last_name']}" if seen["last_name"] else "")
    assert joined == display


def test_name_parts_survive_an_unchanged_full_name(shop):
    """A client of full names sends the name back: its first and last name must not move."""
    write(
        shop,
        "bakery",
        {"first_name": "Ana Maria", "last_name": "Lopez", "contact": {"email": EMAIL}},
    )
    uid = Customer.objects.get().uid
    assert (
        shop["storefront"].call("PUT", f"/{uid}", read_ana(shop, "storefront")).status_code == 200
    )
    seen = read_ana(shop, "bakery")
    assert (seen["first_name"], seen["last_name"]) == ("Ana Maria", "Lopez")


def test_unchanged_body_changes_no_dialects_view(shop):
    write(shop, "manufacturing")
    before = {name: read_ana(shop, name) for name in WRITES}
    ana = Customer.objects.get()
    shop["storefront"].call("PUT", f"/{ana.uid}", before["storefront"]["item"])
    shop["pos"].call("PUT", f"/{ana.uid}", before["pos"])
    shop["erp"].call("PUT", f"/cust_{ana.uid.hex}", before["erp"])
    shop["manufacturing"].call("PUT", f"/{ana.pk}", before["manufacturing"])
    assert {name: read_ana(shop, name) for name in WRITES} == before
    assert Customer.objects.get().version == ana.version
