"""The page of an order for reading: what is to be paid, what was paid and by what, what is late."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from orders.models import Order
from orders.services.accounts import post_entry
from orders.services.crediting import NewCreditNote, credit_order
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.models import Store
from tests.admin.pages import messages_of, send
from tests.factories import CustomerFactory, LineFields

LIST = reverse("admin:orders_order_changelist")


@pytest.fixture
def buyer(store: Store) -> Customer:
    customer: Customer = CustomerFactory(
        store=store, name="Ann Lee", is_account_enabled=True, payment_terms="due_on_receipt"
    )
    return customer


def order_of(customer: Customer, amount: str = "30", days: int = 0, **options: Any) -> Order:
    line = LineFields(quantity=3, unit_price=Decimal(amount) / 3)
    placed = timezone.now() - timedelta(days=days)
    row = place_order(customer.as_queryset(), SYSTEM, [line], placed_at=placed, **options)
    return Order.objects.get(pk=row["id"])


def page_of(client: Client, order: Order) -> Any:
    return client.get(reverse("admin:orders_order_change", args=[order.pk]))


def sums(page: Any) -> dict[str, str]:
    return {label: amount for label, amount, _ in page.context["sums"]}


def payments(page: Any) -> list[tuple[str, str, str]]:
    return [(one.what, one.second, one.amount) for one in page.context["payments"]]


def test_the_sum_ends_in_what_is_still_to_be_paid(owner: Client, buyer: Customer) -> None:
    order = order_of(buyer, shipping_amount=Decimal(5), discount_amount=Decimal(2))
    pay_order(order.as_queryset(), SYSTEM, Decimal(10), "card")
    credit_order(order.as_queryset(), SYSTEM, NewCreditNote(Decimal(3), {}, "Stale", False))
    page = page_of(owner, order)
    assert sums(page) == {
        "Goods": "30.00",
        "Discount": "−2.00",
        "Shipping": "5.00",
        "Total": "33.00",
        "Credited": "−3.00",
        "Paid": "−10.00",
        "Still to be paid": "20.00",
    }
    assert payments(page) == [
        ("Payment, card", "all of it to this order", "10.00"),
        ("Credit note", "Stale", "3.00"),
    ]


def test_a_refund_is_taken_from_the_payments(owner: Client, buyer: Customer) -> None:
    order = order_of(buyer)
    pay_order(order.as_queryset(), SYSTEM, Decimal(30), "card")
    refund_order(order.as_queryset(), SYSTEM, Decimal(4), "Stale")
    page = page_of(owner, order)
    assert payments(page)[1] == ("Refund", "Stale", "−4.00")
    assert (sums(page)["Given back"], sums(page)["Still to be paid"]) == ("4.00", "0.00")


def test_money_from_the_account_says_so(owner: Client, buyer: Customer) -> None:
    order = order_of(buyer, on_account=True)
    post_entry(buyer.as_queryset(), SYSTEM, "house", Decimal(-12))
    page = page_of(owner, order)
    assert ("From the house account", "of 12.00 paid or credited there", "12.00") in payments(page)
    assert sums(page)["Still to be paid"] == sums(page)["On the house account"] == "18.00"


def test_a_late_order_says_so_here_and_in_the_list(owner: Client, buyer: Customer) -> None:
    late, paid = order_of(buyer, days=11), order_of(buyer, days=11)
    pay_order(paid.as_queryset(), SYSTEM, Decimal(30))
    assert "11 days overdue" in page_of(owner, late).content.decode()
    assert "overdue" not in page_of(owner, paid).content.decode()
    assert owner.get(LIST).content.decode().count("11 days overdue") == 1


def test_one_button_is_primary(owner: Client, buyer: Customer) -> None:
    order = order_of(buyer)
    assert page_of(owner, order).content.decode().count('class="primary"') == 1
    pay_order(order.as_queryset(), SYSTEM, Decimal(30))
    text = page_of(owner, order).content.decode()
    assert text.count('class="primary"') == 1
    assert "Record a payment" not in text


def test_cancelling_asks_with_the_consequence(owner: Client, buyer: Customer) -> None:
    order = order_of(buyer, on_account=True)
    pay_order(order.as_queryset(), SYSTEM, Decimal(10), "card")
    page = owner.get(reverse("admin:orders_order_cancel", args=[order.pk]))
    text = page.content.decode()
    assert "AUD 20.00 that is owed for it comes off the house account." in text
    assert "AUD 10.00 that was paid stays until you refund it." in text
    done = send(owner, page)
    assert messages_of(done) == [f"{order} is cancelled."]
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_a_shipped_order_is_not_cancelled(owner: Client, buyer: Customer) -> None:
    order = order_of(buyer)
    for status in ("confirmed", "processing", "shipped"):
        move_order(order.as_queryset(), SYSTEM, status)
    assert "Cancel the order" not in page_of(owner, order).content.decode()
    page = send(owner, owner.get(reverse("admin:orders_order_cancel", args=[order.pk])))
    assert "An order that is shipped cannot be changed to cancelled." in page.content.decode()


def test_changes_of_this_order_alone_stand_beside_it(owner: Client, buyer: Customer) -> None:
    order, other = order_of(buyer), order_of(buyer)
    pay_order(other.as_queryset(), SYSTEM, Decimal(30), "card")
    text = page_of(owner, order).content.decode()
    assert f"Order placed: {order}" in text
    assert str(other) not in text
