"""The form of a new order: added up before it is placed, with tax by rate and the customer's discount."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from customers.models import Customer
from orders.models import Order
from stores.models import Store
from tests.admin.conftest import SignIn
from tests.admin.pages import open_page, save
from tests.factories import AddressFields, CustomerFactory


@pytest.fixture
def customer(store) -> Customer:
    return CustomerFactory(
        store=store,
        name="Ann Lee",
        discount_rate=Decimal(10),
        addresses=[AddressFields(label="Shop"), AddressFields(label="Stall", city="Manly")],
    )


def send(client: Client, customer: Customer, **changes: Any):
    lines = [("Rye loaf", "0.125", "12.50", ""), ("Cake", "2", "25", "10.44")]
    values = {}
    for number, line in enumerate(lines):
        names = ("product_name", "quantity", "unit_price", "discount_amount")
        values |= {f"lines-{number}-{name}": v for name, v in zip(names, line, strict=True)}
    page = open_page(client, "orders_order")
    return save(client, page, customer=customer.pk, **values, **changes)


def sums(page) -> list[str]:
    section = page.content.decode().partition('<div id="sums"')[2].partition("</section>")[0]
    return re.findall(r'<dd class="num">(?:<strong>)?([^<]*)', section)


# goods 1.56 + 39.56 = 41.12, discount 4.11, shipping 5, tax 10 % of 42.01
SUMS = ["41.12", "4.11", "5.00", "4.20", "AUD 46.21"]


def test_order_is_added_up_and_not_placed(owner: Client, customer) -> None:
    page = send(owner, customer, tax_rate="10", shipping_amount="5", _add_up="Add up")
    assert sums(page) == SUMS
    assert "Please correct" not in page.content.decode()
    assert not Order.objects.exists()


def test_order_is_placed_as_it_was_added_up_and_shown(owner: Client, customer) -> None:
    page = send(owner, customer, tax_rate="10", shipping_amount="5")
    order = Order.objects.get()
    assert page.wsgi_request.path.endswith(f"/{order.pk}/change/")
    assert f"Order {order.number} is placed." in page.content.decode()
    amounts = (order.subtotal, order.discount_amount, order.shipping_amount, order.tax_amount)
    assert [str(round(amount, 2)) for amount in amounts] == SUMS[:4]
    assert order.total == Decimal("46.21")


def test_typed_amounts_win_over_rates(owner: Client, customer) -> None:
    page = send(owner, customer, discount_amount="0", tax_amount="1", _add_up="Add up")
    assert sums(page) == ["41.12", "0.00", "0.00", "1.00", "AUD 42.12"]
    both = send(owner, customer, tax_amount="1", tax_rate="10")
    assert "not both" in both.content.decode()
    assert not Order.objects.exists()


def test_order_goes_to_the_chosen_address_of_its_own_customer(owner: Client, customer) -> None:
    stall = customer.addresses.get(city="Manly")
    chosen = open_page(owner, "orders_order").wsgi_request.path
    assert "Manly" in owner.get(chosen, {"customer": customer.pk}).content.decode()
    send(owner, customer, deliver_to=str(stall.uid))
    assert Order.objects.get().shipping_address["uid"] == str(stall.uid)
    other = CustomerFactory(store=customer.store)
    refused = send(owner, other, deliver_to=str(stall.uid))
    assert "Select a valid choice" in refused.content.decode()
    assert Order.objects.count() == 1


def test_refusals_show_instead_of_the_sums(owner: Client, customer) -> None:
    page = send(owner, customer, discount_amount="99", _add_up="Add up")
    assert sums(page) == []
    assert "The total must not be negative." in page.content.decode()


def test_enter_saves_and_does_not_add_up(owner: Client) -> None:
    form = open_page(owner, "orders_order").content.decode().partition('id="order_form"')[2]
    buttons = re.findall(r'<(?:input|button)[^>]*type="submit"[^>]*name="([^"]*)"', form)
    assert buttons[0] == "_save"
    assert buttons[-1] == "_add_up"


def test_clerk_places_an_order_for_a_customer_of_the_own_store(
    sign_in: SignIn, store: Store, other_store: Store, customer
) -> None:
    clerk = sign_in("Clerk", store)
    page = open_page(clerk, "orders_order").wsgi_request.path
    assert "Manly" in clerk.get(page, {"customer": customer.pk}).content.decode()
    foreign = CustomerFactory(store=other_store, addresses=[AddressFields(city="Fremantle")])
    assert "Fremantle" not in clerk.get(page, {"customer": foreign.pk}).content.decode()
    send(clerk, customer)
    send(clerk, foreign)
    assert Order.objects.get().customer == customer
