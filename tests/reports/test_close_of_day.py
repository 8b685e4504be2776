"""The close of day counts the money of every door by its method."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from customers.models.ledger import OPENING, Account
from orders.models import Order
from orders.reports.payments import close_of_day
from orders.reports.period import Period
from orders.services.accounts import post_entry
from orders.services.paying import pay_order
from orders.services.paying_out import pay_out
from orders.services.voiding import Void, void_entry
from orders.statements import periods
from orders.statements.statement import Line, statement_of
from stores.actors import SYSTEM
from stores.errors import Conflict, Invalid
from stores.models import Store
from tests.admin.pages import open_page, send
from tests.factories import ApiKeyFactory, CustomerFactory, LineFields, OrderFactory
from tests.orders.conftest import ledger_agrees

__all__ = ["ledger_agrees"]

pytestmark = pytest.mark.usefixtures("ledger_agrees")


@pytest.fixture
def customer(store: Store) -> Customer:
    return CustomerFactory(store=store, name="Ann Lee", is_account_enabled=True)


def closing(store: Store) -> list[tuple[Any, ...]]:
    """Return method, person, received, taken back and refunded of each line."""
    today = timezone.localdate(timezone=store.tzinfo)
    rows = close_of_day(Period(store, today, today)).rows(None)
    return [(*row[:2], *row[4:7]) for row in rows]


def post(client: Client, customer: Customer, what: str, amount: str, method: str = "") -> str:
    url = reverse("admin:customers_customer_post", args=[customer.pk])
    page = send(client, client.get(url), what=what, amount=amount, method=method, reason="why")
    return page.content.decode()


def press(client: Client, order: Order, button: str, **data: str) -> None:
    url = reverse(f"admin:orders_order_{button}", args=[order.pk])
    send(client, client.get(url), **data)


def lines_of(customer: Customer) -> list[Line]:
    today = timezone.localdate(timezone=customer.store.tzinfo)
    return statement_of(customer, periods.Period(today, today)).lines


def statement(customer: Customer) -> list[str]:
    return [line.title for line in lines_of(customer)]


def owed(customer: Customer) -> Decimal:
    return Customer.objects.get(pk=customer.pk).account_balance


def test_postings_by_hand_have_their_method(owner: Client, customer: Customer) -> None:
    post(owner, customer, "charge", "50")
    assert "has a method" in post(owner, customer, "charge", "50", "cash")
    post(owner, customer, "settle", "80", "card")
    post(owner, customer, "pay_out", "20", "cash")
    assert owed(customer) == -10
    assert closing(customer.store) == [
        ("card", "owner", 80, 0, 0),
        ("cash", "owner", 0, 0, -20),
    ]
    assert statement(customer) == ["Charge", "Payment by card", "Credit paid out by cash"]
    pages = [
        open_page(owner, "customers_ledgerentry", entry.pk).content.decode()
        for entry in customer.ledger_entries.order_by("-id")[:2]
    ]
    for page, words in zip(pages, (("cash", "Credit paid out"), ("card", "Payment")), strict=True):
        assert all(word in page for word in words)


def test_what_goes_back_of_an_order_has_its_method(owner: Client, customer: Customer) -> None:
    order = OrderFactory(customer=customer, items=[LineFields(quantity=1, unit_price=Decimal(50))])
    pay_order(order.as_queryset(), SYSTEM, Decimal(50), "card")
    press(owner, order, "refund", amount="5", method="bank transfer", reason="Stale")
    press(owner, order, "credit", amount="10", method="cash", reason="Stale")
    assert closing(customer.store) == [
        ("bank transfer", "owner", 0, 0, -5),
        ("card", SYSTEM.name, 50, 0, 0),
        ("cash", "owner", 0, 0, -10),
    ]


@pytest.mark.parametrize(
    ("amount", "notes", "said"),
    [
        (-30, "CASH", [("cash", 30)]),
        (-30, " Bank-transfer ", [("bank transfer", 30)]),
        (-30, "cash for the cakes", [("Not said", 30)]),
        (-30, None, [("Not said", 30)]),
        (30, "cash", []),
    ],
)
def test_notes_of_a_till_may_say_the_method(
    client: Client, customer: Customer, amount: int, notes: str | None, said: Any
) -> None:
    body = {"customer_id": str(customer.uid), "amount": amount, "notes": notes}
    key = ApiKeyFactory(store=customer.store)
    answer = client.post(
        "/v5/house_account_transactions",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {key.text}"},
    )
    assert answer.status_code in (200, 201)
    assert [(row[0], row[2]) for row in closing(customer.store)] == said
    if said == [("cash", 30)]:
        [line] = lines_of(customer)
        assert (line.title, line.reference) == ("Payment by cash", "")  # it is said once


def test_balances_from_before_the_book_are_no_money(customer: Customer) -> None:
    target = customer.as_queryset()
    credit = post_entry(target, SYSTEM, Account.HOUSE, Decimal(-40), reason=OPENING)
    void_entry(target, SYSTEM, credit.uid, Void(OPENING))
    post_entry(target, SYSTEM, Account.HOUSE, Decimal(40), reason=OPENING)
    assert closing(customer.store) == []


def test_no_more_than_the_credit_is_paid_out(customer: Customer) -> None:
    target = customer.as_queryset()
    with pytest.raises(Conflict, match="over_credit"):
        pay_out(target, SYSTEM, Decimal(1), "why")
    post_entry(target, SYSTEM, Account.HOUSE, Decimal(-40))
    for amount in ("0", "-1"):
        with pytest.raises(Invalid, match="positive"):
            pay_out(target, SYSTEM, Decimal(amount), "why")
    with pytest.raises(Conflict, match="over_credit") as refusal:
        pay_out(target, SYSTEM, Decimal("40.01"), "why")
    assert refusal.value.data["left"] == 40
    # Neither a limit nor a closed account keeps the customer's own money back.
    Customer.objects.filter(pk=customer.pk).update(is_account_enabled=False, credit_limit=0)
    pay_out(target, SYSTEM, Decimal(40), "why", "cash")
    assert owed(customer) == 0
