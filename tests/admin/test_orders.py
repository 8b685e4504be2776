"""Orders in the back office: placed, moved, paid and refunded."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from customers.services.customers import restore_customer, update_customer
from orders.models import Order
from orders.services.customers import delete_customer
from orders.services.paying import pay_order
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.models import Event
from tests.admin.pages import messages_of, open_page, save, send
from tests.factories import CustomerFactory, LineFields

LIST = reverse("admin:orders_order_changelist")


@pytest.fixture
def customer(store) -> Customer:
    return CustomerFactory(
        store=store, name="Ann Lee", is_account_enabled=True, credit_limit=Decimal(100)
    )


@pytest.fixture
def order(customer: Customer) -> Order:
    return Order.objects.get(pk=place_order(customer.as_queryset(), SYSTEM, [LineFields()])["id"])


def place(client: Client, customer: Customer, **changes: Any):
    line = {"product_name": "Rye loaf", "quantity": "4", "unit_price": "12.50"}
    lines = {f"lines-0-{name}": value for name, value in line.items()}
    page = open_page(client, "orders_order")
    return save(client, page, customer=customer.pk, **{**lines, **changes})


def press(client: Client, order: Order, button: str, **data: Any):
    url = reverse(f"admin:orders_order_{button}", args=[order.pk])
    return client.post(url, data, follow=True)


def book(client: Client, order: Order, button: str, **data: Any):
    page = client.get(reverse(f"admin:orders_order_{button}", args=[order.pk]))
    return send(client, page, **data)


def test_order_is_placed_with_lines_and_totals(owner: Client, customer) -> None:
    place(owner, customer, shipping_amount="5", external_id="POS-9")
    order = Order.objects.get()
    assert (order.total, order.external_id, order.customer) == (55, "POS-9", customer)
    line = order.lines.get()
    assert (line.product_name, line.product_id, line.total) == ("Rye loaf", "Rye loaf", 50)
    event = Event.objects.latest("id")
    assert (event.type, event.actor_name) == ("order.created", "owner")
    customer.refresh_from_db()
    assert (customer.order_count, customer.total_spent) == (1, 55)


@pytest.mark.parametrize("text", ["ann", "LEE", "an"])
def test_search_finds_orders_of_deleted_customers(
    owner: Client, store, customer, order, text: str
) -> None:
    other = CustomerFactory(store=store, name="Bo Ray")
    place_order(other.as_queryset(), SYSTEM, [LineFields()])
    for change in (delete_customer, restore_customer):
        page = owner.get(LIST, {"q": text})
        assert list(page.context["cl"].result_list) == [order]
        change(customer.as_queryset(), SYSTEM)


def test_order_over_the_credit_limit_is_refused(owner: Client, customer) -> None:
    place(owner, customer, is_on_account="on")
    place(owner, customer, is_on_account="on")
    assert Customer.objects.get(pk=customer.pk).account_balance == 100
    page = place(owner, customer, is_on_account="on")
    assert "available 0.00" in page.content.decode()
    assert Order.objects.count() == 2


def test_order_needs_lines_and_an_allowed_customer(owner: Client, customer) -> None:
    page = place(owner, customer, **{"lines-0-product_name": "", "lines-0-quantity": ""})
    assert "Please correct" in page.content.decode()
    empty = {f"lines-0-{name}": "" for name in ("product_name", "quantity", "unit_price")}
    assert "Enter at least one line" in place(owner, customer, **empty).content.decode()
    update_customer(customer.as_queryset(), SYSTEM, {"is_blacklisted": True})
    assert "barred and may not order" in place(owner, customer).content.decode()
    assert not Order.objects.exists()


def test_order_offers_only_allowed_status_changes(owner: Client, order: Order) -> None:
    page = owner.get(reverse("admin:orders_order_change", args=[order.pk]))
    assert [str(move) for move in page.context["moves"]] == ["confirmed"]
    assert page.context["may_cancel"]
    assert messages_of(press(owner, order, "move", status="confirmed")) == [
        "The order is confirmed now."
    ]
    page = press(owner, order, "move", status="delivered")
    assert messages_of(page) == ["An order that is confirmed cannot be changed to delivered."]
    assert press(owner, order, "move", status="eaten").status_code == 403
    order.refresh_from_db()
    assert order.status == "confirmed"


def test_an_order_is_paid_and_refunded_but_never_too_much(owner: Client, order: Order) -> None:
    assert (
        "more than is still to be paid"
        in book(owner, order, "pay", amount="25.01").content.decode()
    )
    book(owner, order, "pay", amount="25", method="card")
    page = book(owner, order, "refund", amount="30", reason="Stale")
    assert "more than was paid" in page.content.decode()
    book(owner, order, "refund", amount="5", reason="Stale")
    order.refresh_from_db()
    assert (order.paid_amount, order.refunded_amount) == (25, 5)
    kinds = order.payments.order_by("id").values_list("kind", "actor_name", "reason")
    assert list(kinds) == [("payment", "owner", ""), ("refund", "owner", "Stale")]


def test_clerk_takes_payments_but_refunds_nothing(sign_in, store, order: Order) -> None:
    clerk = sign_in("Clerk", store)
    book(clerk, order, "pay", amount="25")
    assert press(clerk, order, "refund", amount="5", reason="x").status_code == 403
    order.refresh_from_db()
    assert (order.paid_amount, order.refunded_amount) == (25, 0)


def test_viewer_sees_an_order_but_changes_nothing(sign_in, store, order: Order) -> None:
    viewer = sign_in("Viewer", store)
    page = viewer.get(reverse("admin:orders_order_change", args=[order.pk]))
    assert "Loaf" in page.content.decode()
    assert not page.context["moves"]
    assert press(viewer, order, "move", status="confirmed").status_code == 403
    assert press(viewer, order, "pay", amount="1").status_code == 403


def test_only_an_orders_note_is_editable(owner: Client, order: Order) -> None:
    page = open_page(owner, "orders_order", order.pk)
    save(owner, page, merchant_note="Leave at the door", total="1", status="delivered")
    order.refresh_from_db()
    assert (order.merchant_note, order.total, order.status) == ("Leave at the door", 25, "pending")


@pytest.mark.parametrize("words", ["{number}", "{bare}", "ann l", "ANN"])
def test_search_finds_order_by_number_or_customer(owner: Client, order: Order, words: str) -> None:
    text = words.format(number=order.number.lower(), bare=order.number.removeprefix("SO-"))
    assert list(owner.get(LIST, {"q": text}).context["cl"].result_list) == [order]
    assert not owner.get(LIST, {"q": "SO-1999-1"}).context["cl"].result_list


@pytest.mark.parametrize("words", ["SO-{year}-1", "{year}-0001", "so{year}-01"])
def test_search_finds_order_number_without_zeros(owner: Client, order: Order, words: str) -> None:
    assert order.sequence == 1
    for _ in range(9):
        place_order(order.customer.as_queryset(), SYSTEM, [LineFields()])
    text = words.format(year=order.year)
    assert list(owner.get(LIST, {"q": text}).context["cl"].result_list) == [order]


@pytest.mark.parametrize("words", ["SO-2025-" + "9" * 30, "SO-9999-1", "2025-٣"])
def test_search_for_impossible_number_finds_nothing(owner: Client, order, words: str) -> None:
    page = owner.get(LIST, {"q": words})
    assert page.status_code == 200
    assert not page.context["cl"].result_list


def test_orders_are_filtered_by_status_and_amount_due(owner: Client, customer, order) -> None:
    paid = Order.objects.get(pk=place_order(customer.as_queryset(), SYSTEM, [LineFields()])["id"])
    pay_order(Order.objects.filter(pk=paid.pk), SYSTEM, paid.total)
    press(owner, paid, "move", status="cancelled")

    def list_orders(**query: str) -> list[Order]:
        return list(owner.get(LIST, query).context["cl"].result_list)

    assert list_orders(state="counting") == [order]
    assert list_orders(state="cancelled") == [paid]
    assert list_orders(due="unpaid") == [order]
    assert list_orders(due="current") == [order]
    assert list_orders(due="1-30") == []
