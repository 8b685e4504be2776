"""Manual postings of money and points, and credit checks."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from customers.admin.ledger import entry_kind
from customers.models import Customer
from orders.models import CreditCheck
from tests.admin.pages import open_page, read_customer, send
from tests.factories import CustomerFactory, OrderFactory

PAGE = "customers_customer"


def post(client: Client, customer: Customer, what: str, amount: str, reason: str = "why"):
    url = reverse("admin:customers_customer_post", args=[customer.pk])
    return send(client, client.get(url), what=what, amount=amount, reason=reason)


def test_charge_and_settle_keep_their_reasons(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, is_account_enabled=True, credit_limit=Decimal(100))
    post(owner, customer, "charge", "80", "Catering")
    post(owner, customer, "settle", "30")
    entries = customer.ledger_entries.order_by("id")
    assert [(e.amount, e.balance_after, e.actor_name) for e in entries] == [
        (80, 80, "owner"),
        (-30, 50, "owner"),
    ]
    assert entries[0].notes == "Catering"
    statement = read_customer(owner, customer.pk).context["entries"]
    assert [entry.amount for entry in statement] == [-30, 80]


def test_statement_names_the_kind_of_each_entry(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, is_account_enabled=True, is_loyalty_enabled=True)
    OrderFactory(customer=customer, on_account=True)
    for what in ("charge", "settle", "grant", "redeem"):
        post(owner, customer, what, "5")
    kinds = ["Order", "Charge", "Payment", "Points given", "Points taken"]
    assert [entry_kind(entry) for entry in customer.ledger_entries.order_by("id")] == kinds
    pages = [
        read_customer(owner, customer.pk).content.decode(),
        owner.get(reverse("admin:customers_ledgerentry_changelist")).content.decode(),
        open_page(
            owner, "customers_ledgerentry", customer.ledger_entries.last().pk
        ).content.decode(),
    ]
    assert all("Points taken" in page for page in pages)
    assert all(kind in page for kind in kinds for page in pages[:2])
    assert not any(">adjustment" in page for page in pages)


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({}, "AUD 0.00 (no house account)"),
        ({"is_account_enabled": True}, "AUD 0.00 (no limit)"),
        ({"is_account_enabled": True, "credit_limit": Decimal(1200)}, "AUD 0.00 (of AUD 1,200.00)"),
    ],
)
def test_posting_page_shows_the_balance_and_limit(owner: Client, store, terms, said: str) -> None:
    customer = CustomerFactory(store=store, **terms)
    url = reverse("admin:customers_customer_post", args=[customer.pk])
    assert f"Owed on account: {said}." in owner.get(url).content.decode()


def test_statement_and_checks_are_searched_by_customer(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, name="Ann Lee", is_loyalty_enabled=True)
    post(owner, customer, "grant", "10")
    owner.post(reverse("admin:customers_customer_check", args=[customer.pk]))
    for model in ("customers_ledgerentry", "orders_creditcheck"):
        url = reverse(f"admin:{model}_changelist")
        assert len(owner.get(url, {"q": "ann l"}).context["cl"].result_list) == 1
        assert not owner.get(url, {"q": "bob"}).context["cl"].result_list


def test_charge_over_the_limit_is_refused(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, is_account_enabled=True, credit_limit=Decimal(1200))
    page = post(owner, customer, "charge", "1200.01")
    text = page.content.decode()
    assert "over the credit limit: limit 1,200.00" in text
    assert "requested 1,200.01" in text
    assert not customer.ledger_entries.exists()


def test_points_never_fall_below_zero(owner: Client, customer) -> None:
    post(owner, customer, "grant", "10")
    assert "Not enough points" in post(owner, customer, "redeem", "11").content.decode()
    post(owner, customer, "redeem", "4")
    assert Customer.objects.get(pk=customer.pk).loyalty_balance == 6


def test_posting_needs_a_reason_and_a_positive_amount(owner: Client, customer) -> None:
    post(owner, customer, "grant", "10", "")
    post(owner, customer, "grant", "0")
    post(owner, customer, "grant", "-5")
    assert not customer.ledger_entries.exists()


def test_credit_check_is_saved_with_its_factors(owner: Client, customer) -> None:
    url = reverse("admin:customers_customer_check", args=[customer.pk])
    page = owner.post(url, follow=True)
    check = CreditCheck.objects.get(customer=customer)
    assert (check.score, check.actor_name) == (650, "owner")
    assert page.context["credit"] == check
    assert "payment days" in page.content.decode()
    assert owner.get(url).status_code == 405
