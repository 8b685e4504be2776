"""Payments and credit notes in the back office: spread, taken back, credited, and holds overridden."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from customers.models.ledger import Account
from customers.services.customers import update_customer
from orders.models import Order
from orders.services.accounts import post_entry
from orders.services.paying import pay_order
from orders.services.placing import place_order
from stores.actors import SYSTEM
from tests.admin.pages import messages_of, open_page, save, send
from tests.factories import CustomerFactory, LineFields


@pytest.fixture
def customer(store) -> Customer:
    return CustomerFactory(store=store, name="Ann Lee", is_account_enabled=True)


def order_of(customer: Customer) -> Order:
    row = place_order(customer.as_queryset(), SYSTEM, [LineFields()], on_account=True)
    return Order.objects.get(pk=row["id"])


def book(client: Client, row: Any, button: str, **data: Any):
    name = row._meta.label_lower.replace(".", "_")
    page = client.get(reverse(f"admin:{name}_{button}", args=[row.pk]))
    return send(client, page, **data)


def test_payment_is_spread_over_orders(owner: Client, customer) -> None:
    first, second = order_of(customer), order_of(customer)
    charge = customer.charges.get(uid=second.uid)
    yesterday = timezone.localdate(timezone.now(), customer.store.tzinfo) - timedelta(days=1)
    page = book(
        owner,
        customer,
        "settle",
        amount="30",
        notes="Transfer 7",
        paid_on=yesterday.isoformat(),
        **{f"charge_{charge.pk}": "20"},
    )
    assert "The payment is recorded. The balance is now AUD 20.00." in messages_of(page)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.paid_amount, second.paid_amount) == (10, 20)
    assert customer.ledger_entries.latest("id").paid_on == yesterday


def test_payment_to_the_account_is_taken_back(owner: Client, customer) -> None:
    order = order_of(customer)
    entry = post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, Decimal(-25))
    fields = {"entry": str(entry.uid), "cause": "bounced", "reason": "Cheque 17"}
    book(owner, customer, "void", **fields)
    order.refresh_from_db()
    assert (order.payment_status, order.charged_amount) == ("pending", 25)
    assert (
        not owner.get(reverse("admin:customers_customer_void", args=[customer.pk]))
        .context["form"]
        .fields["entry"]
        .choices
    )


def test_close_of_day_knows_the_method_of_a_payment_to_the_account(owner: Client, customer) -> None:
    order_of(customer)
    book(owner, customer, "settle", amount="20", method="cash", notes="At the counter")
    book(owner, customer, "settle", amount="5", method="", notes="By post")
    assert closing_rows(owner) == [
        ["Not said", "owner", "AUD", "1", "5.00", "0.00", "0.00", "5.00"],
        ["cash", "owner", "AUD", "1", "20.00", "0.00", "0.00", "20.00"],
    ]
    entry = customer.ledger_entries.get(method="cash")
    book(owner, customer, "void", entry=str(entry.uid), cause="bounced", reason="Forged note")
    assert closing_rows(owner)[1][3:] == ["2", "20.00", "-20.00", "0.00", "0.00"]


def closing_rows(client: Client) -> list[list[str]]:
    """Return the lines of today's close of day, without its heading and its sums."""
    url = reverse("admin:orders_report_page", args=["close"])
    file = b"".join(client.get(url, {"file": "csv"}).streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(file)))[1:-1]


def test_payment_of_an_order_is_taken_back(owner: Client, customer) -> None:
    order = order_of(customer)
    row = pay_order(order.as_queryset(), SYSTEM, Decimal(25), "cheque")
    payment = row["payments"][-1]["uid"]
    fields = {"payment": str(payment), "cause": "chargeback", "reason": "Bank"}
    book(owner, order, "void", **fields)
    order.refresh_from_db()
    assert (order.payment_status, order.paid_amount) == ("pending", 0)


def test_order_is_credited_by_lines(owner: Client, customer) -> None:
    order = order_of(customer)
    line = order.lines.get()
    book(owner, order, "credit", reason="Stale", **{f"line_{line.pk}": "4"})
    order.refresh_from_db()
    assert (order.credited_amount, order.charged_amount) == (10, 15)
    both = {f"line_{line.pk}": "1", "amount": "5"}
    assert "not both" in book(owner, order, "credit", reason="Stale", **both).content.decode()
    page = book(owner, order, "credit", reason="Stale", amount="15.01")
    assert "more than is left of the order: 15.00" in page.content.decode()
    book(owner, order, "credit", reason="Stale")
    order.refresh_from_db()
    assert order.payment_status == "refunded"


def test_clerk_corrects_nothing(sign_in, store, customer) -> None:
    order = order_of(customer)
    clerk = sign_in("Clerk", store)
    for button in ("credit", "void"):
        url = reverse(f"admin:orders_order_{button}", args=[order.pk])
        assert clerk.get(url).status_code == 403


def test_hold_is_overridden_with_a_reason(owner: Client, customer) -> None:
    update_customer(customer.as_queryset(), SYSTEM, {"hold_reason": "Lawyer"})
    line = {"product_name": "Rye loaf", "quantity": "4", "unit_price": "12.50"}
    lines = {f"lines-0-{name}": value for name, value in line.items()}
    fields = {"customer": customer.pk, "is_on_account": "on", **lines}
    page = save(owner, open_page(owner, "orders_order"), **fields)
    assert "on hold: Lawyer" in page.content.decode()
    save(owner, open_page(owner, "orders_order"), override="Paid by phone", **fields)
    assert Order.objects.get().merchant_note == "Paid by phone"
