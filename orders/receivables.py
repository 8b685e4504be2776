"""Sum up what customers owe on their house accounts, by its age.

What is open of a charge is what payments are not allocated to (see `orders.services.allocating`).
Therefore the buckets of a customer always add up to its balance, and those of a store to its ledger.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, Min, OuterRef, QuerySet, Sum

from customers.models import Charge, Customer
from orders.ageing import AgingBucket, due_within, in_buckets
from stores.models import Store


def aging_buckets(store: Store, today: date) -> list[AgingBucket]:
    """Return what the store's customers owe, by age. It adds up to the positive balances of its accounts."""
    return in_buckets(open_by_due_day(store), today)


def open_by_due_day(store: Store) -> QuerySet[Charge, Any]:
    days = Charge.objects.for_store(store).filter(open_amount__gt=0).order_by().values("due_on")
    return days.annotate(amount=Sum("open_amount")).values_list("due_on", "amount")


def overdue(customer: Customer, today: date) -> tuple[Decimal, date | None]:
    """Return what a customer owes past its due day, and the oldest of these days."""
    charges = Charge.objects.filter(store=customer.store_id, customer=customer, open_amount__gt=0)
    late = charges.filter(due_on__lt=today).aggregate(sum=Sum("open_amount"), oldest=Min("due_on"))
    return late["sum"] or Decimal(0), late["oldest"]


def owes_in_bucket(age: str, today: date) -> Exists:
    """Return the condition for customers who owe money in this bucket, or overdue money of ANY_AGE."""
    open_charges = Charge.objects.filter(
        store=OuterRef("store"), customer=OuterRef("pk"), open_amount__gt=0
    )
    return Exists(open_charges.filter(due_within(age, today)))


def prepaid_balance(store: Store) -> Decimal:
    """Return the money of customers who paid more than they owe."""
    accounts = Customer.objects.for_store(store).filter(account_balance__lt=0)
    return -(accounts.aggregate(sum=Sum("account_balance"))["sum"] or Decimal(0))
