"""Two customers of a store with history, and what a test compares of a book."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO
from typing import Any

from django.core.management import CommandError, call_command
from django.db.models import Sum

from customers.merging.models import Merge
from customers.merging.services.merging import merge_customers
from customers.merging.services.unmerging import unmerge_customers
from customers.models import Charge, Customer, LedgerEntry
from customers.models.ledger import Account
from orders.models import DailySales, Order
from orders.services.accounts import post_entry
from stores.actors import Actor
from stores.models import Store

CLERK = Actor("staff", 7, "Clara Clerk")
VOLATILE = ("version", "updated_at", "marketing_opt_in_at")


def run(name: str, *arguments: str) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def refusal(name: str, *arguments: str) -> str:
    try:
        run(name, *arguments)
    except CommandError as error:
        return str(error)
    raise AssertionError(f"{name} was not refused")


def merge(survivor: Customer, loser: Customer, **choices: str) -> Merge:
    return merge_customers(survivor.as_queryset(), loser.as_queryset(), CLERK, choices)


def unmerge(merged: Merge) -> Merge:
    return unmerge_customers(merged.as_queryset(), CLERK)


def post(customer: Customer, amount: str, account: Account = Account.HOUSE, **more: Any) -> Any:
    return post_entry(customer.as_queryset(), CLERK, account, Decimal(amount), **more)


def full_row(customer: Customer) -> dict[str, Any]:
    """Return all columns of a customer but those that every change changes."""
    [row] = Customer.objects.filter(store=customer.store_id, pk=customer.pk).values()
    return {name: value for name, value in row.items() if name not in VOLATILE}


def children_of(customer: Customer) -> dict[str, list[Any]]:
    def rows(related: Any, *columns: str) -> list[Any]:
        return sorted(related.values_list("pk", *columns))

    return {
        "addresses": rows(customer.addresses, "role", "position", "is_default", "external_id"),
        "contacts": rows(customer.contacts, "is_primary"),
        "tags": rows(customer.customer_tags),
        "orders": rows(
            customer.orders, "payment_status", "paid_amount", "charged_amount", "paid_at"
        ),
    }


def open_charges(customer: Customer) -> list[Any]:
    """Return due day and open amount of what the customer owes."""
    charges = Charge.objects.filter(customer=customer, open_amount__gt=0)
    return sorted(charges.values_list("due_on", "open_amount", "is_of_order"))


def sums(store: Store) -> dict[str, Any]:
    """Return what a merge must not change of a store."""
    customers = Customer.objects.for_store(store)
    orders = Order.objects.for_store(store)
    return {
        **customers.aggregate(
            owed=Sum("account_balance"), points=Sum("loyalty_balance"), spent=Sum("total_spent"),
            orders=Sum("orders_ever"),
        ),
        **orders.aggregate(total=Sum("total"), paid=Sum("paid_amount"), open=Sum("charged_amount")),
        "days": sorted(DailySales.objects.for_store(store).values_list("day", "orders", "revenue")),
    }  # fmt: skip


def entries(store: Store) -> list[dict[str, Any]]:
    return list(LedgerEntry.objects.for_store(store).order_by("pk").values())
