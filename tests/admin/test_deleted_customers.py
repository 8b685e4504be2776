"""What is left to settle of deleted customers, and the orders that were deleted with one."""

from __future__ import annotations

from decimal import Decimal

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from customers.models.ledger import Account
from orders.services.accounts import post_entry
from orders.services.withdrawing import delete_customer_with_orders
from stores.actors import SYSTEM
from tests.admin.pages import open_page, read_customer, send
from tests.factories import CustomerFactory, OrderFactory


def deleted(store, amount: str) -> Customer:
    """Create a deleted customer who owes this amount: today only a bounced payment leaves one."""
    customer = CustomerFactory(store=store, is_account_enabled=True)
    post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, Decimal(amount))
    Customer.objects.filter(pk=customer.pk).update(deleted_at=timezone.now())
    return customer


def owed(customer: Customer) -> Decimal:
    return Customer.objects.get(pk=customer.pk).account_balance


def test_deleted_customer_settles(owner: Client, store) -> None:
    customer = deleted(store, "80")
    url = reverse("admin:customers_customer_settle", args=[customer.pk])
    page = read_customer(owner, customer.pk).content.decode()
    assert url in page
    assert reverse("admin:customers_customer_post", args=[customer.pk]) not in page
    send(owner, owner.get(url), amount="80", notes="At last")
    assert owed(customer) == 0


def test_deleted_customers_credit_is_paid_out(owner: Client, store) -> None:
    customer = deleted(store, "-80")
    url = reverse("admin:customers_customer_post", args=[customer.pk])
    assert url in read_customer(owner, customer.pk).content.decode()
    assert "grant" not in owner.get(url).content.decode()
    refused = send(owner, owner.get(url), what="pay_out", amount="81", reason="Too much")
    assert "Only 80.00 of credit is left" in refused.content.decode()
    send(owner, owner.get(url), what="pay_out", amount="80", reason="By bank")
    assert owed(customer) == 0
    assert owner.get(url).status_code == 403


def test_order_deleted_with_its_customer_can_be_read_but_not_changed(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, name="Ann Lee")
    order = OrderFactory(customer=customer)
    delete_customer_with_orders(customer.as_queryset(), SYSTEM)
    assert order.number in owner.get(reverse("admin:orders_order_changelist")).content.decode()
    unpaid = owner.get(reverse("admin:orders_order_changelist"), {"due": "unpaid"})
    assert order.number not in unpaid.content.decode()
    page = open_page(owner, "orders_order", order.pk).content.decode()
    assert "Ann Lee" in page
    assert "deleted with its customer" in page
    assert reverse("admin:customers_customer_change", args=[customer.pk]) not in page
    assert reverse("admin:orders_order_move", args=[order.pk]) not in page
    assert 'name="merchant_note"' not in page
