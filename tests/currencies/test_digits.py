"""Amounts have the decimal places of the store's currency, in every API."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.management import call_command

from customers.models import Customer
from customers.models.ledger import Account
from orders.models import Order, OrderLine
from orders.services.accounts import post_entry
from orders.services.crediting import NewCreditNote, credit_order
from orders.services.moving import move_order
from orders.services.paying import pay_order
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.errors import Invalid
from stores.models import Store
from tests.factories import CustomerFactory, LineFields, StoreFactory
from tests.former_rows import writing_former_rows


def test_order_in_yen_has_whole_amounts(tokyo):
    shopper = tokyo.shopper()
    order = tokyo.ok("POST", "{shop}/orders", tokyo.order_body(shopper, "1200"))["item"]
    assert [order[name] for name in ("total", "taxAmount", "currency")] == ["2400", "0", "JPY"]
    assert [order["items"][0][name] for name in ("unitPrice", "total")] == ["1200", "2400"]
    listed = tokyo.ok("GET", "{shop}/customers?includeOrders=true")["items"][0]
    assert listed["totalSpent"] == "2400"
    call_command("verify_ledger")


def test_etag_of_an_answer_with_statistics_allows_a_change_in_yen(tokyo):
    shopper = tokyo.shopper()
    tokyo.ok("POST", "{shop}/orders", tokyo.order_body(shopper, "1200"))
    path = f"{{shop}}/customers/{shopper['id']}"
    tag = tokyo.call("GET", f"{path}?includeOrders=true")["ETag"]
    tokyo.ok("PUT", path, {"name": "Jane"}, **{"If-Match": tag})


def test_order_in_dinars_has_three_places(kuwait):
    company = kuwait.company(email="jane@example.com", credit_limit="10.125")
    assert company["credit_limit"] == 10.125
    shopper = kuwait.ok("GET", "{shop}/customers")["items"][0]
    body = kuwait.order_body(shopper, "1.235", onAccount=True, taxAmount="0.005")
    order = kuwait.ok("POST", "{shop}/orders", body)["item"]
    assert [order[name] for name in ("subtotal", "total")] == ["2.470", "2.475"]
    paid = {"amount": "1.001", "method": "card"}
    kuwait.ok("POST", f"{{shop}}/orders/{order['id']}/payments", paid)
    detail = kuwait.ok("GET", f"/api/customers/{company['id']}")["data"]
    assert (detail["current_balance"], detail["lifetime_value"]) == (1.474, 2.475)
    call_command("verify_ledger")


@pytest.mark.parametrize("price", ["0.5", "10.01", 1.5])
def test_part_of_a_yen_is_refused(tokyo, price):
    answer = tokyo.call("POST", "{shop}/orders", tokyo.order_body(tokyo.shopper(), price))
    assert answer.status_code == 400
    details = answer.json()["error"]["details"]
    assert [(detail["field"], detail["reason"]) for detail in details] == [
        (
            "items[0].unitPrice",
            "Must be an amount with at most 0 decimals, below 1000000000000.",
        )
    ]


def test_thousandth_of_a_dollar_is_refused(sydney):
    assert (
        sydney.call("POST", "/api/customers", {"name": "A", "credit_limit": "1.005"}).status_code
        == 400
    )
    body = sydney.order_body(sydney.shopper(), "1.00", shippingAmount="0.001")
    assert sydney.call("POST", "{shop}/orders", body).status_code == 400


@pytest.mark.django_db
def test_services_refuse_what_the_currency_has_not():
    store = StoreFactory(currency="JPY")
    customer = CustomerFactory(store=store, is_account_enabled=True, is_loyalty_enabled=True)
    target = customer.as_queryset()
    with pytest.raises(Invalid, match="digits"):
        post_entry(target, SYSTEM, Account.HOUSE, Decimal("0.5"))
    with pytest.raises(Invalid, match="digits"):
        place_order(target, SYSTEM, [LineFields(unit_price=Decimal("9.5"))])
    row = place_order(target, SYSTEM, [LineFields(unit_price=Decimal(100), quantity=1)])
    with pytest.raises(Invalid, match="digits"):
        pay_order(customer.orders.filter(pk=row["id"]), SYSTEM, Decimal("0.5"))
    order = Order.objects.filter(store=store, pk=row["id"])
    with pytest.raises(Invalid, match="digits"):
        credit_order(order, SYSTEM, NewCreditNote(Decimal("0.5")))
    line = OrderLine.objects.get()
    with pytest.raises(Invalid, match="digits"):
        credit_order(order, SYSTEM, NewCreditNote(quantities={line.uid: Decimal("0.0001")}))
    charge = post_entry(target, SYSTEM, Account.HOUSE, Decimal(10))
    spread = {charge.uid: Decimal("0.5")}
    with pytest.raises(Invalid, match="digits"):
        post_entry(target, SYSTEM, Account.HOUSE, Decimal(-10), spread=spread)
    post_entry(target, SYSTEM, Account.LOYALTY, Decimal("0.25"))
    with pytest.raises(Invalid, match="digits"):
        post_entry(target, SYSTEM, Account.LOYALTY, Decimal("0.125"))
    assert Customer.objects.get().loyalty_balance == Decimal("0.25")


@pytest.mark.django_db
def test_amounts_of_former_releases_are_taken_off():
    """A former release took two decimal places in every currency."""
    customer = CustomerFactory(store=StoreFactory(currency="AUD"), is_account_enabled=True)
    target, line = customer.as_queryset(), LineFields(unit_price=Decimal("10.50"), quantity=1)
    row = place_order(target, SYSTEM, [line], on_account=True)
    Store.objects.update(currency="JPY")
    with writing_former_rows():
        Order.objects.update(currency="JPY")
    move_order(Order.objects.filter(store=customer.store, pk=row["id"]), SYSTEM, "cancelled")
    assert Customer.objects.get().account_balance == 0
    call_command("verify_ledger")


def test_averages_have_the_currencys_places(tokyo):
    company = tokyo.company(email="a@example.com")
    shopper = tokyo.ok("GET", "{shop}/customers")["items"][0]
    for price in ("100", "101", "101"):
        tokyo.ok("POST", "{shop}/orders", tokyo.order_body(shopper, price))
    figures = tokyo.ok("GET", f"/api/customers/{company['id']}/analytics")["data"]
    assert figures["overview"]["avg_order_value"] == 201
